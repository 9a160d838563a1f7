"""A report sends its reader only to what is in it, and stands where its tables have room."""

import pytest

from evidence.blocks import Bullets, Caveat, Document, Heading, Para, RowsBehind, Table, rows_words
from evidence.dossier import gather, within
from evidence.pdf import build as pdf_build
from evidence.pdf import fonts
from evidence.pdf.grid import Grid, GridPart
from evidence.reports.impact_assessment import build
from evidence.reports.sections import SECTIONS, TEMPLATES
from forms.rules.indicators import indicator_of
from tests.evidence.test_awkward_days import DOVER, facts, told, trading
from tests.evidence.test_page_ends import pages
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


@pytest.fixture(autouse=True)
def letters():
    fonts.register()


GROSS = "Gross value: every part"
NUMBERED = {section.key: section.title.split(".")[0] for section in SECTIONS}


def words_of(document: Document) -> str:
    said: list[str] = []
    for block in document.blocks:
        if isinstance(block, Para):
            said.append(f"{block.lead} {block.text}")
        elif isinstance(block, Bullets):
            said += block.items
        elif isinstance(block, Caveat):
            said += block.lines
        elif isinstance(block, RowsBehind):
            said.append(rows_words(block))
    said += [table.note for table in document.tables()]
    return " ".join(said).casefold()


def whole(**more):
    return build(gather(Listed(twelve_cases()), a_pack(), END), **more)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
@pytest.mark.parametrize("published", [False, True])
def test_no_report_sends_its_reader_to_a_chapter_that_is_not_in_it(template, published):
    document = whole(published=published, sections=template.sections)
    said = words_of(document).split("not in this report")[0]
    inside = {block.text.split(".")[0] for block in document.blocks if isinstance(block, Heading)}
    for number in NUMBERED.values():
        name = number.casefold() if number.startswith("Annex") else f"chapter {number} "
        if number not in inside:
            assert name not in f"{said} ".replace(".", " ").replace(")", " ")


def test_the_whole_report_does_send_there():
    assert "annex b gives each definition" in words_of(whole())
    assert "chapter 9 gives the rates" in words_of(whole())


def test_what_is_published_promises_no_list_of_records():
    assert "workbook" not in words_of(whole(published=True))
    assert "workbook" in words_of(whole())


def test_districts_without_anybody_are_named():
    said = words_of(build(facts(trading("a"), trading("d", DOVER), told("a", people=1))))
    assert "no active enterprise: canterbury" in said
    assert "dover," not in said


def test_options_that_are_too_few_to_show_are_not_said_to_be_shown_not_shown_times():
    for published in (False, True):
        assert "not shown times" not in words_of(whole(published=published))


def test_the_title_of_a_figure_in_front_stays_with_its_table():
    many = tuple(f"I-{n:02}" for n in (6, 11, 13, 25))
    for count in (1, 2, 4):
        told = pages(whole(figures=(*many[:count], "I-20"), sections=("summary",)))
        title = [at for at, page in enumerate(told) if any("(I-20)" in line for line in page)]
        table = [at for at, page in enumerate(told) if any(line.startswith(GROSS) for line in page)]
        assert title[0] == table[0]


def test_with_a_guessed_height_it_would_not(monkeypatch):
    """The test above can fail."""
    monkeypatch.setattr(pdf_build._Story, "_room_below", lambda _self, _heading: 60.0)
    with pytest.raises(AssertionError):
        test_the_title_of_a_figure_in_front_stays_with_its_table()


def test_no_column_of_words_is_a_strip_beside_empty_room():
    """A source or a note has a third of the page at least, where there is one."""
    document = whole(figures=("I-20",))
    for table in document.tables():
        grid = Grid(table, 9.0, 500.0)
        for at, column in enumerate(table.columns):
            if column.title in ("Source", "Note"):
                assert grid.widths[at] > 500 / 3, table.caption


def test_the_least_room_of_a_table_is_all_of_a_short_one_and_two_rows_of_a_long_one():
    tables = {table.key: table for table in whole().tables()}
    for key, short in (("targets", True), ("dictionary", False)):
        table: Table = tables[key]
        part = GridPart(Grid(table, 9.0, 500.0))
        assert (part.least >= part.wrap(0, 0)[1]) is short


def test_the_sources_of_a_figure_end_with_a_stop():
    dossier = within(gather(Listed(twelve_cases()), a_pack(), END))
    note = indicator_of(dossier, "I-20").main.note
    assert "paragraph 4.10. B1 to B4" in note
