"""What stands on a screen is printed whole, offline, as a tagged PDF; nothing is left running."""

import io
import re
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from desktop.navigation import route
from desktop.presenters.printing import HEADING, TABLE, TITLE, Part, by_whom
from desktop.views import first_run_print
from desktop.views.impact.tile_card import TileCard
from desktop.views.kit.buttons import button, name_button
from desktop.views.kit.layout import column
from desktop.views.kit.sheet import SheetWords
from desktop.views.printing.scrape import parts_of
from desktop.views.printing.window import NOT_TAKEN, PrintWindow, paint
from desktop.views.screens import SCREENS
from evidence.pdf import render_pdf
from evidence.reports.on_screen import Paper, build
from tests.desktop.screens.desk import context
from tests.desktop.screens.gallery import PLACES, opened
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, full_vault

NASTY = "=1+1 <b>Ann</b> & \u202eO'Hara \x00 😀 " + "long " * 60


@pytest.fixture
def show(qtbot):
    def shown(place):
        screen, made = opened(place)
        qtbot.addWidget(screen)
        screen.resize(920, 556)
        screen.show()
        return screen, made

    return shown


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(p.get_textpage().get_text_range() for p in document)
    finally:
        document.close()


def column_page(*widgets) -> QWidget:
    page = QWidget()
    page.setLayout(column(*widgets))
    return page


def paper(*parts, practice=False) -> Paper:
    return Paper(title="Caseload", council="Kent", on=NOON.date(), parts=parts, practice=practice)


def test_a_figure_is_printed_with_every_row_and_its_course(show):
    screen, _ = show("figure")
    parts = parts_of(screen)
    assert parts[0] == Part(kind=TITLE, text="Active enterprises")
    tables = {part.text: part for part in parts if part.kind == TABLE}
    assert tables["Records behind this number"].rows[0][0] == "Mary's Helping Hands"
    assert any(text.startswith("Active enterprises: ") for text in tables)


def test_fields_say_their_name_and_what_stands_in_them(show):
    screen, _ = show("overview")
    words = "\n".join(part.text for part in parts_of(screen))
    assert "Village or town: Tenterden" in words
    assert "Mary Thorne" in words


@pytest.mark.parametrize(("place", "ready"), [("overview", "Who does it?"), ("timeline", "Kind: ")])
def test_what_stands_ready_for_something_new_is_no_fact_on_paper(show, place, ready):
    screen, _ = show(place)
    assert not [part.text for part in parts_of(screen) if ready in part.text]


def test_a_name_that_can_be_pressed_is_printed_and_what_is_done_with_it_is_not(qtbot):
    page = column_page(name_button("Ann & Co", lambda: None), button("Done", lambda: None))
    qtbot.addWidget(page)
    assert [part.text for part in parts_of(page)] == ["Ann & Co"]


def test_a_figure_on_a_card_stands_beside_what_it_counts(show):
    screen, _ = show("impact")
    lines = [part.text for part in parts_of(screen)]
    cards = [tile.property("said_on_paper") for tile in screen.findChildren(TileCard)]
    assert len(cards) == 8
    assert [card for card in cards if not any(card in line for line in lines)] == []
    assert all(": " in card for card in cards)


def test_paper_says_who_you_is(qtbot):
    made = context(full_vault())
    name = made.actor.name
    told = (Part(kind=TABLE, columns=("Who",), rows=(("you",), ("Ann",))),)
    assert by_whom(made, told)[-1].text == f"Printed by {name}. “You” is {name}."
    calm = (Part(kind=TITLE, text="Your listings"),)
    assert by_whom(made, calm) == (*calm, Part(kind="line", text=f"Printed by {name}."))


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("form", {"id": "outcome_questionnaire", "enterprise": MARY}),
        ("entity_guide", {"id": MARY}),
    ],
)
def test_a_printed_question_does_not_say_that_its_you_is_the_coach(
    qtbot, monkeypatch, name, params
):
    made = context(full_vault())
    screen = SCREENS[name].make(made, route(name, **params))
    qtbot.addWidget(screen)
    screen.show()
    drawn = []
    monkeypatch.setattr(PrintWindow, "draw", lambda _window, sheet: drawn.append(sheet))
    PrintWindow(made, screen.title(), screen)
    said = [part.text for part in drawn[0].parts]
    assert re.search(r"\byou\b", " ".join(said), re.IGNORECASE)
    assert said[-1] == f"Printed by {made.actor.name}."
    screen.asks_others = False  # the proof: a page of the coach's own would name them
    PrintWindow(made, screen.title(), screen)
    assert "“You” is" in drawn[1].parts[-1].text


@pytest.mark.parametrize("place", PLACES)
def test_every_screen_can_be_printed(show, place):
    screen, _ = show(place)
    parts = parts_of(screen)
    assert any(part.kind in (TITLE, HEADING, TABLE) for part in parts)
    assert not re.search(r"Press Enter|Enter opens", " ".join(part.text for part in parts))
    kinds = [part.kind for part in parts] + [HEADING]
    assert (HEADING, HEADING) not in set(pairwise(kinds)), "a heading over nothing"
    raw = render_pdf(build(paper(*parts)))
    assert raw.startswith(b"%PDF")
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"


def test_a_long_list_comes_whole_and_words_stay_words():
    rows = tuple((f"Name {n}", NASTY if n == 3 else "x") for n in range(300))
    part = Part(kind=TABLE, text="Enterprises", columns=("Name", "Note"), rows=rows)
    raw = render_pdf(build(paper(Part(kind=TITLE, text=NASTY), part, practice=True)))
    words = text_of(raw)
    assert all(f"Name {n}" in words for n in (0, 150, 299))
    assert "<b>Ann</b>" in words
    assert "Practice data" in words
    assert raw == render_pdf(build(paper(Part(kind=TITLE, text=NASTY), part, practice=True)))


def test_empty_parts_make_no_mark():
    document = build(paper(Part(kind=TITLE, text=" "), Part(kind=TABLE, columns=("a",))))
    assert document.blocks == ()


def test_the_window_shows_the_pages_saves_a_pdf_and_leaves_nothing(show, qtbot, tmp_path):
    screen, _ = show("claims")
    target = tmp_path / "claims.pdf"
    window = PrintWindow(
        context(full_vault()), "Claims", screen, choose=lambda _parent, _name: target
    )
    window.show()
    qtbot.waitUntil(window._paper.isEnabled, timeout=60_000)
    assert "Claims" in window._pages._picture.accessibleDescription()
    window._save.click()
    qtbot.waitUntil(lambda: bool(window._done.words), timeout=60_000)
    assert window._done.words == "Saved as claims.pdf."
    assert "Mary" in text_of(target.read_bytes())
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    paint(printer, window._presenter.pages)
    assert (tmp_path / "paper.pdf").stat().st_size > 2000
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window._timer.isActive()


@pytest.fixture
def dead_printer(monkeypatch, tmp_path):
    """Whatever printer is chosen, nothing can be written to it."""

    def chosen(made):
        printer = made.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "no such folder" / "page.pdf"))
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", chosen)


def test_what_the_printer_did_not_take_is_not_called_sent(show, qtbot, dead_printer):
    screen, _ = show("claims")
    window = PrintWindow(context(full_vault()), "Claims", screen)
    window.show()
    qtbot.waitUntil(window._paper.isEnabled, timeout=60_000)
    window._paper.click()
    assert window._done.words == ""
    assert window._problem.words == NOT_TAKEN
    window.reject()


def test_a_recovery_sheet_that_did_not_come_out_is_told(qtbot, dead_printer):
    sheet = SheetWords()
    qtbot.addWidget(sheet)
    sheet.show_words(("plum", "tree", "river"))
    sheet.print_out()
    assert sheet.problem.words == first_run_print.NOT_TAKEN


def test_closing_early_stops_the_drawing(show, qtbot):
    screen, _ = show("impact")
    window = PrintWindow(context(full_vault()), "Impact", screen)
    window.show()
    drawing = window._presenter._drawing
    window.reject()
    qtbot.waitUntil(lambda: drawing.is_over, timeout=60_000)
    assert window._presenter is None


def test_a_folder_that_is_gone_is_told(show, qtbot, tmp_path):
    screen, _ = show("claims")
    gone = tmp_path / "gone" / "x.pdf"
    window = PrintWindow(context(full_vault()), "Claims", screen, choose=lambda *_: gone)
    window.show()
    window._save.click()
    qtbot.waitUntil(lambda: bool(window._problem.words), timeout=60_000)
    assert "Choose another folder" in window._problem.words
    window.reject()
