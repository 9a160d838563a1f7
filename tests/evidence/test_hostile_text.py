"""Names with markup, paths and formulas in them are only names, in every kind of report."""

import io
import re
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from openpyxl.cell import WriteOnlyCell

from evidence.blocks import (
    Bullets,
    Caveat,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Para,
    Table,
    apart,
    whole,
)
from evidence.dossier import gather
from evidence.html import render_html
from evidence.pdf import fonts, render_pdf, text
from evidence.reports import (
    enterprise_summary,
    impact_assessment,
    on_screen,
    own_copy,
    seed_letter,
)
from evidence.reports.on_screen import LINE, Paper, Part
from evidence.xlsx import render_xlsx
from forms.facts.people import Enterprise
from forms.rules.pack import Place
from storage.trail import TrailEntry
from tests.evidence.strategies import SLOW
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases

NASTY = (
    "<b>bold", "</para><para>", '<img src="/etc/hostname"/>', "<img src='file:///etc/hostname'>",
    '<font color="red">', "&amp;&lt;", "&#60;script&#62;", "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0", "+44 1303 000000", "-1+2", "@SUM(A1)", "%s{0}${x}", "<a href='x'>",
    '"><svg onload=x>', "\u202eevil\u202c", "a\x00b\x07c", "ਗੁਰਪ੍ਰੀਤ", "Łódź – Ærø", "\ud800",
    "x" * 4000, "](){}\\", "<onDraw name=x label=y/>",
)  # fmt: skip


STORED = [words for words in NASTY if "\ud800" not in words]  # a vault holds no half letters


def everywhere(words: str) -> Document:
    table = Table(
        key=words[:40] or "t",
        caption=words,
        columns=(Column(words, row_header=True), Column("Other")),
        rows=((words, words),),
        note=words,
    )
    return Document(
        title=words or "Title", subtitle=words, council=words, as_of=END, reference=words,
        provenance=words, published=False, mark=words,
        blocks=(
            Heading(1, words), Para(words, lead=words), Bullets((words,)), table,
            Facts((Fact(words, words, words),)), Caveat(words, (words,)),
        ),
    )  # fmt: skip


@pytest.fixture
def opened():
    """Paths that the process opened while the fixture was in use."""
    paths: list[str] = []
    armed = [True]

    def hook(event, args):
        if armed[0] and event == "open" and isinstance(args[0], str | bytes):
            name = args[0].decode() if isinstance(args[0], bytes) else args[0]
            paths.append(name)

    sys.addaudithook(hook)
    yield paths
    armed[0] = False


@pytest.mark.parametrize("words", NASTY)
def test_nasty_names_go_through_every_renderer_and_open_nothing(words, opened):
    document = everywhere(words)
    render_pdf(document)
    render_html(document)
    render_xlsx(document)
    assert not [path for path in opened if "hostname" in path]


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(st.text(max_size=120))
def test_any_text_renders(words):
    document = everywhere(words)
    assert render_pdf(document).startswith(b"%PDF-1.7")
    page = lxml_html.document_fromstring(render_html(document))
    assert not page.xpath("//script | //img | //iframe | //@onload | //@onclick")
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document)))
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=60))
def test_html_and_workbook_give_the_text_back_as_it_was(words):
    document = everywhere(words)
    page: Any = lxml_html.document_fromstring(render_html(document))
    kept = "".join(c for c in words if c >= " ")
    assert page.xpath("//td")[0].text_content() == kept
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document)))
    cell = book[book.sheetnames[1]].cell(row=4, column=1)
    assert (cell.value or "") == words
    assert cell.data_type in ("s", "n", "inlineStr")


# longer words are cut into lines by the page, so they cannot be looked up whole
ONE_LINE = [n for n in NASTY if n.isascii() and n.isprintable() and len(n) <= 200]


@pytest.mark.parametrize("words", ONE_LINE[:15])
def test_the_pdf_prints_markup_as_letters(words):
    pdf = pypdfium2.PdfDocument(render_pdf(everywhere(words)))
    page = pdf[0]
    content = page.get_textpage()
    printed = re.sub(r"\s+", "", content.get_text_range())
    content.close()
    page.close()
    pdf.close()
    assert re.sub(r"\s+", "", words) in printed


def test_without_the_escaping_markup_would_be_obeyed(monkeypatch):
    monkeypatch.setattr(text, "escape", lambda value, quote=True: value)
    with pytest.raises((ValueError, IndexError), match="para"):
        render_pdf(everywhere("</para><b>"))


def test_without_the_defusing_a_name_would_be_a_formula(monkeypatch):
    from evidence import xlsx

    monkeypatch.setattr(xlsx, "_text", WriteOnlyCell)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(everywhere("=1+1"))))
    assert any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_real_reports_with_nasty_records():
    import dataclasses

    records = [
        dataclasses.replace(r, name=STORED[n % len(STORED)]) if hasattr(r, "name") else r
        for n, r in enumerate(twelve_cases())
    ]
    records = [
        dataclasses.replace(r, what=STORED[n % len(STORED)]) if hasattr(r, "what") else r
        for n, r in enumerate(records)
    ]
    dossier = gather(Listed(records), a_pack(), END)
    for document in (
        impact_assessment.build(dossier),
        seed_letter.build(dossier, "claim-K07"),
        enterprise_summary.build(dossier, "K01"),
    ):
        render_pdf(document)
        render_html(document)
        render_xlsx(document)


def test_raw_paragraphs_are_made_in_one_place_only():
    root = Path(text.__file__).parents[1]
    for path in root.rglob("*.py"):
        made = re.findall(r"\b(?:Tagged)?Paragraph\(", path.read_text(encoding="utf-8"))
        allowed = 2 if path == Path(text.__file__) else 0  # the class and its one use in para()
        assert len(made) <= allowed, path.name


def test_no_letter_is_lost_for_want_of_a_glyph():
    for char in "£–—“”‘’…÷×≤≥→✓☐½ŁłŻżőŘşğ°²Ωжब":
        pieces = fonts.runs(char, fonts.REGULAR)
        drawn = "".join(piece for _, piece in pieces)
        assert drawn in (char, "\ufffd"), unicodedata.name(char)
    assert fonts.runs("ж", fonts.REGULAR) == [(fonts.SPARE, "ж")]


@pytest.mark.parametrize(
    ("logical", "drawn"),
    [
        ("Mary Thorne", "Mary Thorne"),
        ("Gofal Llŷn a'r Ŵyl", "Gofal Llŷn a'r Ŵyl"),
        ("بيت", "\ufe96\ufef4\ufe91"),  # joined, and the last letter stands at the left
        ("Care شمس & Co", "Care \ufeb2\ufee4\ufeb7 & Co"),
        ("שלום", "םולש"),
    ],
)
def test_a_name_that_reads_from_the_right_is_drawn_so(logical, drawn):
    shown = fonts.visual(logical)
    assert (shown, fonts.visual("")) == (drawn, "")
    pieces = fonts.runs(logical, fonts.REGULAR)
    assert "".join(piece for _, piece in pieces) == drawn
    assert "\ufffd" not in drawn


FROM_RIGHT = ("خياطة", "شمس", "محمد", "שלום", "عبد الله", "خياطة شمس")


@pytest.mark.parametrize("name", FROM_RIGHT)
@pytest.mark.parametrize(
    "rest", [", £400.00", "  ·  01303 000000", ", 3 Nov 2026", " & Co", " (12)"]
)
def test_numbers_and_words_beside_such_a_name_keep_their_place_and_order(name, rest):
    turned = fonts.visual(name)
    assert turned not in (name, "")
    assert fonts.visual(name + rest) == turned + rest
    assert fonts.visual("For " + name + rest) == "For " + turned + rest


@pytest.mark.parametrize(
    "number", ["01303 000000", "£400.00", "3-5%", "03/11/2026", "+44 1303 000"]
)
@pytest.mark.parametrize(("one", "two"), [("שלום", "עולם"), ("خياطة", "شمس")])
def test_a_number_between_such_words_stays_whole_and_the_words_change_places(one, two, number):
    drawn = fonts.visual(f"{one} {number} {two}")
    assert drawn == f"{fonts.visual(two)} {number} {fonts.visual(one)}"
    assert fonts.visual(f"{one} ({two})") == f"({fonts.visual(two)}) {fonts.visual(one)}"


MIRIAM, DAN, AMINA, SHAMS = "מרים כהן", "דן לוי", "أمينة حسن", "شمس"
APART = (", ", "; ", "  ·  ", " / ", " and ", " 3 · ")


@pytest.mark.parametrize("mark", APART)
@pytest.mark.parametrize(
    ("one", "two"),
    [(MIRIAM, AMINA), (AMINA, MIRIAM), (AMINA, SHAMS), ("Mary", AMINA), (MIRIAM, "01303 000000")],
)
def test_two_names_on_one_line_keep_their_places(one, two, mark):
    drawn = fonts.visual(f"Leaders: {one}{mark}{two}, 12 hours.")
    assert drawn == f"Leaders: {fonts.visual(one)}{mark}{fonts.visual(two)}, 12 hours."


@pytest.mark.parametrize("mark", APART)
def test_two_hebrew_names_that_were_set_apart_keep_their_places(mark):
    said = f"Dear {apart(MIRIAM)}{mark}{apart(DAN)} (2)"
    assert fonts.visual(fonts.clean(said)) == f"Dear {MIRIAM[::-1]}{mark}{DAN[::-1]} (2)"
    assert fonts.width(said, fonts.REGULAR, 10) == fonts.width(whole(said), fonts.REGULAR, 10), (
        "the marks themselves take no room"
    )
    assert (apart("Mary"), whole(said)) == ("Mary", f"Dear {MIRIAM}{mark}{DAN} (2)")


def said_in(document) -> str:
    return " ".join(
        f"{each.lead} {each.text}" for each in document.blocks if isinstance(each, Para)
    )


def test_whoever_joins_two_names_sets_them_apart():
    """Two that read from the right change places where nothing says that they are two."""
    both = f"{apart(MIRIAM)}, {apart(DAN)}"
    assert own_copy._shown("", [MIRIAM, DAN]) == both
    assert own_copy._shown("", {"a": MIRIAM, "b": DAN}) == f"A: {apart(MIRIAM)}; B: {apart(DAN)}"
    line = Part(kind=LINE, text=f"{MIRIAM}  ·  {DAN}  ·  12")
    paper = Paper(title="Today", council="Kent", on=END, parts=(line,))
    assert f"{apart(MIRIAM)}  ·  {apart(DAN)}  ·  12" in said_in(on_screen.build(paper))
    district = Place(code="X", name=DAN)
    homes = Enterprise(id="e", name="Homes", place=MIRIAM, district="X")
    dossier = gather(Listed([homes]), a_pack(places=(district,)), END)
    assert both in said_in(enterprise_summary.build(dossier, "e"))


def test_several_names_in_the_story_of_a_record_stay_apart():
    both = f"{apart(MIRIAM)}, {apart(DAN)}"
    names = {"languages": [MIRIAM, DAN]}
    told = {"at": datetime(2026, 11, 27, tzinfo=UTC), "by_id": "c", "kind": "leader"}
    told |= {"record_id": "l", "after": names}
    first = TrailEntry(verb="new", **told)
    assert own_copy._change(first) == f"Languages: “{both}”"
    changed = TrailEntry(verb="set", before={"languages": [DAN]}, **told)
    assert own_copy._change(changed) == f"Languages: “{apart(DAN)}” became “{both}”"


def test_a_sentence_from_the_right_stays_one_though_it_has_commas():
    said = "אמרה שהיא באה, אחר כך הלכה"
    assert fonts.visual(said) == said[::-1]
    said = "قالت إنها ستأتي يوم الثلاثاء بعد الظهر, ثم تذهب إلى البيت مع أمها"
    assert fonts.visual(said).endswith(fonts.visual("قالت"))


@given(st.text(st.characters(max_codepoint=0x58F, exclude_categories=["Cs"])))
def test_text_that_reads_from_the_left_is_never_touched(words):
    assert fonts.visual(words) == words
    assert not fonts.reads_from_right(words)


@given(st.text("אבגדהوعبداللهمحمدשםىلاإآأ ().,£12٣%[]<", max_size=60))
def test_turning_loses_no_letter_and_invents_none(words):
    drawn = fonts.visual(words)
    assert "\ufffd" not in "".join(piece for _, piece in fonts.runs(words, fonts.REGULAR))
    same = str.maketrans("()", "**")
    plain = unicodedata.normalize("NFKC", drawn).translate(same)
    assert sorted(plain) == sorted(unicodedata.normalize("NFKC", words).translate(same))


@pytest.mark.parametrize("name", ["عبد الله", "الله", "اللّٰه", "ﷲ"])
def test_the_name_of_abdullah_loses_no_letter(name):
    pieces = fonts.runs(fonts.clean(name), fonts.REGULAR)
    drawn = "".join(piece for _, piece in pieces)
    assert "\ufffd" not in drawn
    assert unicodedata.normalize("NFKC", drawn).count("ل") == 2


def of_blocks(*blocks):
    empty = dict.fromkeys(("subtitle", "council", "reference", "provenance"), "")
    return Document(title="T", as_of=END, published=False, blocks=blocks, cover=False, **empty)


def printed_lines(document):
    pages = pypdfium2.PdfDocument(render_pdf(document))
    content = [page.get_textpage().get_text_range() for page in pages]
    return [line.strip() for line in "\n".join(content).splitlines() if line.strip()]


@pytest.mark.parametrize("lead", ["", "What they said.", "מה אמרו", "Long words " * 14])
@pytest.mark.parametrize("times", [60, 1500])
def test_a_long_paragraph_from_the_right_is_read_from_the_top(lead, times):
    said = "ראשון " + "אמצע " * times + "אחרון"
    lines = printed_lines(of_blocks(Para(said, lead=lead)))
    at = {
        word: [n for n, line in enumerate(lines) if word in line or word[::-1] in line]
        for word in ("ראשון", "אמצע", "אחרון")
    }
    assert (len(at["ראשון"]), len(at["אחרון"])) == (1, 1)
    assert at["ראשון"][0] <= at["אמצע"][0]
    assert at["אחרון"][0] >= at["אמצע"][-1]
    assert at["ראשון"][0] < at["אחרון"][0]
    printed = " ".join(lines)
    assert max(printed.count("אמצע"), printed.count("אמצע"[::-1])) == times


def test_bullets_and_boxes_from_the_right_are_read_from_the_top_too():
    said = "ראשון " + "אמצע " * 60 + "אחרון"
    for block in (Bullets((said,)), Caveat("T", (said,))):
        lines = printed_lines(of_blocks(block))
        first, last = (
            next(n for n, line in enumerate(lines) if word in line or word[::-1] in line)
            for word in ("ראשון", "אחרון")
        )
        assert first < last
