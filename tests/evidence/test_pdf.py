"""The PDF: same bytes, tagged for people who do not see it, numbered, nothing half empty."""

import io
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from evidence.blocks import Heading
from evidence.dossier import gather
from evidence.pdf import render_pdf
from evidence.reports import impact_assessment
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


@pytest.fixture(scope="module")
def document():
    return impact_assessment.build(gather(Listed(twelve_cases()), a_pack(), END, practice=True))


@pytest.fixture(scope="module")
def raw(document):
    return render_pdf(document)


@pytest.fixture
def pdf(raw):
    with pikepdf.open(io.BytesIO(raw)) as opened:
        yield opened


def text_of(raw):
    opened = pypdfium2.PdfDocument(raw)
    try:
        pages = []
        for page in opened:
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
        return pages
    finally:
        opened.close()


def nodes(element):
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from nodes(kid)


def test_the_same_document_gives_the_same_bytes(document, raw):
    assert render_pdf(document) == raw


def test_other_figures_give_another_reference_and_other_bytes(raw):
    other = twelve_cases()[:-1]
    again = impact_assessment.build(gather(Listed(other), a_pack(), END, practice=True))
    assert render_pdf(again) != raw


def test_the_file_says_that_it_is_tagged_in_which_language_and_its_title(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as meta:
        assert meta["dc:title"] == "Impact assessment"
        assert meta["pdfuaid:part"] == "1"


def test_headings_step_down_one_by_one_and_tables_have_headers_with_scope(pdf):
    found = list(nodes(pdf.Root.StructTreeRoot.K[0]))
    levels = [int(str(n.S)[2:]) for n in found if str(n.S).startswith("/H")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    heads = [n for n in found if n.S == "/TH"]
    assert heads
    assert all(str(n.A.Scope) in ("/Column", "/Row") for n in heads)
    tables = [n for n in found if n.S == "/Table"]
    assert all(n.K[0].S == "/Caption" for n in tables)
    figures = [n for n in found if n.S == "/Figure"]
    assert len(figures) >= 4
    assert all(len(str(n.Alt)) > 30 and len(n.A.BBox) == 4 for n in figures)


def test_every_stroke_and_letter_is_content_or_decoration(pdf):
    painting = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "F", "f*", "S", "s", "B", "b", "B*", "b*"}
    for number, page in enumerate(pdf.pages, 1):
        depth = 0
        for step in pikepdf.parse_content_stream(page):
            name = str(step.operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            assert depth in (0, 1), f"marks inside marks on page {number}"
            assert name not in painting or depth == 1, f"untagged ink on page {number}"
        assert depth == 0


def test_the_parent_tree_leads_from_each_mark_to_its_element(pdf):
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    by_key = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for page in pdf.pages:
        marks = [
            int(step.operands[1].MCID)
            for step in pikepdf.parse_content_stream(page)
            if str(step.operator) == "BDC" and "/MCID" in step.operands[1]
        ]
        assert sorted(marks) == list(range(len(by_key[int(page.obj.StructParents)])))


def test_links_of_the_contents_belong_to_their_entries(pdf):
    links = [n for n in nodes(pdf.Root.StructTreeRoot.K[0]) if n.S == "/Link"]
    assert len(links) == 19
    for link in links:
        kinds = [str(kid.Type) for kid in link.K]
        assert kinds == ["/MCR", "/OBJR"]
        assert ", page " in str(link.K[1].Obj.Contents)


def test_all_fonts_are_embedded(pdf):
    fonts = [
        o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
    ]
    assert fonts
    assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_pages_are_numbered_and_none_is_nearly_empty(raw):
    pages = text_of(raw)
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Practice data" in text
        assert len(text) > 350, f"page {number} is nearly empty"


def test_the_summary_stands_on_the_first_page_with_its_figures(raw):
    first = text_of(raw)[0]
    for words in ("Active enterprises", "16.7% of the target of 60", "195", "127", "28.2%",
                  "£3,800.90", "£18,860.40", "£12,940.20", "Read with care"):  # fmt: skip
        assert words in first


def test_an_empty_programme_still_makes_a_report():
    document = impact_assessment.build(gather(Listed([]), a_pack(), END))
    pages = text_of(render_pdf(document))
    assert "not collected yet" in pages[0]
    assert "Nothing" not in pages[0]


@pytest.mark.parametrize("public", [False, True])
def test_a_programme_without_fund_targets_rates_or_places_makes_a_report(public):
    bare = a_pack(envelopes=(), budget=(), targets=(), assumptions=(), places=(), channels=())
    for records in ([], twelve_cases()):
        document = impact_assessment.build(gather(Listed(records), bare, END), published=public)
        pages = text_of(render_pdf(document))
        assert "This programme has none." in pages[0]
        assert "no set of rates" in " ".join(pages)


@pytest.mark.parametrize("public", [False, True])
def test_no_heading_stands_alone_at_the_foot_of_a_page(public):
    document = impact_assessment.build(
        gather(Listed(twelve_cases()), a_pack(), END), published=public
    )
    chapters = [block.text for block in document.blocks if isinstance(block, Heading)]
    for text in text_of(render_pdf(document)):
        lines = [line for line in text.splitlines() if line.strip()]
        body = [x for x in lines if not x.startswith(("As at 31 March 2023", "Page "))]
        assert body[-1].strip() not in chapters
