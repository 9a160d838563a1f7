"""Two hundred people in the records, one at the table: nobody else's name is anywhere.

The mutation proof widens the narrowed reader: then the same walk finds other people.
"""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop.views.together.printing import print_on
from storage.one_case import Seen
from tests.desktop.together.people import MARY, OTHERS, PRIVATE, names
from tests.desktop.together.reading import pdf_text, photo, texts, tree


def everything(window, settle, printed, tmp_path):
    """Walk through every page and give back all that could be read on the way."""
    seen = []

    def look():
        settle()
        seen.extend(texts(window))
        seen.extend(tree(window))
        for other in QApplication.topLevelWidgets():
            seen.append(other.windowTitle())
            if other.isVisible() and other is not window:
                seen.extend(texts(other))

    look()
    window.turn.ready.emit()
    look()
    window.list._more_pressed()
    picture = window.table.picture
    for step in (*picture.questions, *picture.musts, *picture.others):
        window.ways.picked(step.key)
        look()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "saw it")
    look()
    _evidence(window, settle, tmp_path)
    look()
    window.presenter.promises.ask()
    look()
    window.home._keep_pressed()
    look()
    window.presenter.promises.not_sure()
    for open_page in (window.ways.sign_wanted, window.ways.to_sheet, window.show_end, window.pause):
        open_page()
        look()
    window.go_on()
    window.ways.sign_wanted()
    settle()
    _draw(window.sign._pad)
    window.sign._sign_pressed()
    look()
    for key in ("guide", "form"):
        window.ways.picked(key)
        look()
        page = window.front
        for _ in range(20):
            page.go(1)
            settle()
            seen.extend(texts(page))
    window.ways.to_sheet()
    look()
    window.sheet._large.setChecked(True)
    look()
    window.sheet._print_pressed()
    window.sheet._later_pressed()
    look()
    window.ask_to_leave()
    look()
    seen += [pdf_text(page) for page in printed]
    return seen


def _evidence(window, settle, tmp_path):
    """A photo comes in beside somebody else's older paper."""
    folder = tmp_path / "pictures"
    folder.mkdir(exist_ok=True)
    (folder / f"{names()[12]}.png").write_bytes(photo())
    window.ways._files._folders = lambda: [folder]
    window.ways.files_wanted()
    settle()
    window.ways._files.look()
    settle()


def _draw(pad):
    from PySide6.QtTest import QTest

    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    for at in range(30, 120, 10):
        QTest.mouseMove(pad, QPoint(at, 20 + at % 30))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(130, 40))


def leaked(seen):
    """The names of others, and the coach's own words, that were read."""
    whole = "\n".join(seen)
    return [word for word in (*names(), PRIVATE) if word in whole]


@pytest.fixture
def others():
    return OTHERS


@pytest.fixture
def walk(share, settle, tmp_path):
    def go():
        printed = []
        window = share(MARY)
        window.sheet._printing = lambda _parent, page: printed.append(page) is None
        seen = everything(window, settle, printed, tmp_path)
        assert printed
        return seen, printed

    return go


def test_no_other_name_on_any_page_print_title_or_accessibility_tree(walk, tmp_path):
    seen, printed = walk()
    whole = "\n".join(seen)
    assert len(seen) > 2000
    assert "Mary Thorne" in whole
    assert "Do you have public liability insurance?" in whole
    assert "Ring the bank" in pdf_text(printed[-1])
    assert leaked(seen) == []
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    print_on(printer, printed[-1])
    paper = (tmp_path / "paper.pdf").read_bytes()
    assert paper.startswith(b"%PDF")
    assert leaked([pdf_text(paper), paper.decode("latin-1")]) == []


def test_with_the_data_layer_widened_the_same_walk_finds_others(walk, monkeypatch):
    def every(self, cls, **equal):
        equal.pop("enterprise_id", None)
        return self._reader.all(cls, **equal)

    monkeypatch.setattr(Seen, "all", every)
    seen, _ = walk()
    assert len(leaked(seen)) > 50


def test_the_window_behind_is_out_of_sight_and_stays_there(share, program):
    window = share(MARY)
    assert window.isVisible()
    assert not program.frame.isVisible()
    program.frame.come_forward()  # a second copy of the program was started
    assert not program.frame.isVisible()
    assert window.windowTitle() == "Working together"
