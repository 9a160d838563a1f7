"""Every template, both audiences: any words, no socket, no file, same bytes, tagged, readable."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.dossier import gather, within
from evidence.html import render_html
from evidence.making import build
from evidence.names import names_in
from evidence.order import Order
from evidence.pdf import render_pdf
from evidence.reports.sections import SECTIONS, TEMPLATES
from evidence.xlsx import render_xlsx
from tests.evidence.strategies import DAYS, SLOW, whole_programmes
from tests.evidence.test_every_number import PACK
from tests.evidence.worlds import END, Listed, twelve_cases

FIGURES = ("I-06", "I-30", "I-36", "I-41", "I-42")
ORDERS = [
    Order(kind="pdf", target="", report=template.key, published=published, figures=FIGURES)
    for template in TEMPLATES
    for published in (False, True)
]
OTHERS = [
    Order(kind="pdf", target="", report="enterprise_summary", subject="K01"),
    Order(kind="pdf", target="", report="seed_letter", subject="claim-K07"),
    Order(kind="pdf", target="", report="leave_behind", subject="K01"),
]
# all that a vault can hold: it keeps no lone halves of letters (storage.text)
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
TEXT_PAINTS = frozenset(("Tj", "TJ", "'", '"'))
PAINTS = TEXT_PAINTS | {"Do", "sh", "f", "F", "f*", "S", "s", "B", "b", "B*", "b*"}


def name_of(order: Order) -> str:
    return f"{order.report}-{'published' if order.published else 'internal'}"


@pytest.fixture(scope="module")
def dossier():
    return gather(Listed(twelve_cases()), PACK, END, practice=True)


def named(records, words):
    """The same records with hostile words wherever people write words."""
    made = []
    for record in records:
        fields = {
            field: words
            for field in ("name", "trading_name", "place", "idea", "words", "what", "reason")
            if isinstance(getattr(record, field, None), str)
        }
        made.append(replace(record, **fields) if fields else record)
    return made


class Watch:
    """Counts sockets and files opened while it looks."""

    def __init__(self):
        self.seen, self.on = [], False
        sys.addaudithook(self._hear)

    def _hear(self, event, arguments):
        if self.on and event in ("open", "socket.connect", "socket.__new__", "subprocess.Popen"):
            self.seen.append((event, str(arguments[0])))


WATCH = Watch()


def drawn(order, dossier):
    document = build(order, dossier)
    return render_pdf(document), render_html(document), render_xlsx(document)


def check_words(order, words, records, since):
    found = within(gather(Listed(named(records, words)), PACK, END), since=since)
    first = drawn(order, found)  # fonts and modules are loaded by now
    WATCH.seen, WATCH.on = [], True
    try:
        again = drawn(order, found)
    finally:
        WATCH.on = False
    assert [s for s in WATCH.seen if not s[1].endswith((".ttf", ".py", ".pyc"))] == []
    assert again[:2] == first[:2]
    assert b"<script" not in first[1].lower()


@settings(max_examples=3, deadline=None, suppress_health_check=SLOW)
@given(st.sampled_from(ORDERS), ANY, whole_programmes(2), st.none() | DAYS)
def test_any_words_go_through_and_open_nothing(order, words, records, since):
    check_words(order, words, records, since)


@pytest.mark.long
@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(st.sampled_from(ORDERS), ANY, whole_programmes(), st.none() | DAYS)
def test_any_words_at_length(order, words, records, since):
    check_words(order, words, records, since)


@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
@given(whole_programmes(6), st.sampled_from(TEMPLATES))
def test_nothing_published_names_anybody(records, template):
    known = [
        replace(r, name=f"Zebedee Quux{r.id}") if hasattr(r, "target_groups") else r
        for r in records
    ]
    found = gather(Listed(known), PACK, END)
    order = Order(kind="pdf", target="", report=template.key, published=True, figures=FIGURES)
    document = build(order, found)
    assert names_in(document, found) == []
    assert b"Zebedee" not in render_html(document)


QUICK = {"committee_note-internal", "fund_audit-published", "leave_behind-internal"}
TAGGED = [
    pytest.param(order, id=name, marks=() if name in QUICK else pytest.mark.long)
    for order in (*ORDERS, *OTHERS)
    if (name := name_of(order))
]


@pytest.mark.parametrize("order", TAGGED)
def test_every_pdf_is_tagged_titled_and_paints_nothing_outside_its_tags(order, dossier):
    with pikepdf.open(io.BytesIO(render_pdf(build(order, dossier)))) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert root.Lang == "en-GB"
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as about:
            assert about.get("dc:title")
            assert about.get("pdfuaid:part")
        heads, figures = [], []
        walk(root.StructTreeRoot.K, heads, figures)
        assert all(figures), "a figure without words"
        assert all(after - before <= 1 for before, after in pairwise(heads))
        for page in pdf.pages:
            assert painted_outside(page) == 0


def walk(node, heads, figures):
    if isinstance(node, pikepdf.Array):
        for each in node:
            walk(each, heads, figures)
    elif isinstance(node, pikepdf.Dictionary):
        tag = str(node.get("/S", ""))
        if re.fullmatch(r"/H[1-6]", tag):
            heads.append(int(tag[2]))
        if tag == "/Figure":
            figures.append(str(node.get("/Alt", "")).strip())
        if "/K" in node:
            walk(node.K, heads, figures)


def painted_outside(page):
    depth = bad = 0
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        depth += (operator in ("BDC", "BMC")) - (operator == "EMC")
        bad += operator in PAINTS and depth == 0
    return bad


def axe() -> tuple[str, str]:
    """A browser and axe-core, or the reason there are none."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    script = Path(os.environ.get("AXE_CORE", ""))
    if browser is None:
        pytest.skip("no chromium on this machine")  # ./dev test installs it on Debian
    if not script.is_file():
        pytest.skip("AXE_CORE does not name axe.min.js of axe-core")  # an npm package
    return browser, script.read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("order", [*ORDERS, *OTHERS], ids=name_of)
def test_every_page_passes_axe(order, dossier, tmp_path):
    browser, script = axe()
    html = render_html(build(order, dossier)).decode()
    bare = re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", html, flags=re.IGNORECASE)
    look = (
        "axe.run(document).then(r=>{const p=document.createElement('pre');p.id='axe';"
        "p.textContent=JSON.stringify(r.violations.map(v=>[v.id,v.nodes[0].html]));"
        "document.body.appendChild(p)})"
    )
    page = tmp_path / "page.html"
    both = f"<script>{script}</script><script>{look}</script></body>"
    page.write_text(bare.replace("</body>", both), encoding="utf-8")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="axe">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None
    assert json.loads(found.group(1)) == []


def test_every_chapter_belongs_to_some_template():
    used = {key for template in TEMPLATES for key in template.sections}
    assert used == {section.key for section in SECTIONS}
