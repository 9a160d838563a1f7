"""What leaves the window beside the eye names nobody but the one at the table.

Clipboard, drags, files on the disk, the name a printer gets, what a screen reader is told, a crash
report, the coach's keys: with two hundred people in the records.
"""

import tempfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QPlainTextEdit

from desktop.presenters import undo
from desktop.presenters.together_leaving import CARD
from desktop.trouble import OUR_MISTAKE
from desktop.views.kit import bars
from desktop.views.together import printing
from forms.facts.people import Enterprise
from storage.one_case import Seen
from tests.desktop.together.people import MARY, OTHERS, names
from tests.desktop.together.reading import texts, tree
from tests.desktop.together.test_leaks import everything, leaked

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def others():
    return OTHERS


@pytest.fixture
def heard(monkeypatch):
    """Every word that a screen reader was told."""
    said = []
    real = bars.QAccessibleAnnouncementEvent

    def listen(widget, words):
        said.append(words)
        return real(widget, words)

    monkeypatch.setattr(bars, "QAccessibleAnnouncementEvent", listen)
    return said


def taken_along(window):
    """What could be copied or dragged out of the window by hand."""
    out = []
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        rows = [model.index(row, 0) for row in range(model.rowCount() if model else 0)]
        mime = model.mimeData(rows) if rows else None
        for form in mime.formats() if mime is not None else []:
            raw = bytes(mime.data(form).data())
            out += [raw.decode("utf-8", "replace"), raw.decode("utf-16-be", "replace")]
    for box in window.findChildren(QLineEdit) + window.findChildren(QPlainTextEdit):
        box.selectAll()
        box.copy()
        out.append(QGuiApplication.clipboard().text())
    out += [each.selectedText() for each in window.findChildren(QLabel)]
    return out


def on_disk(folder, but):
    """The names and bytes of every file below, as text; not those that the test put there."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and but not in p.parts]
    return [p.name for p in files] + [p.read_bytes().decode("latin-1") for p in files]


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    made = tmp_path / "scratch"
    made.mkdir()
    monkeypatch.setenv("TMPDIR", str(made))
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


@pytest.fixture
def walk(share, settle, tmp_path, heard, scratch, program):
    def go():
        QGuiApplication.clipboard().setText(names()[0])  # the coach copied a line before
        window = share(MARY)
        copied_before = QGuiApplication.clipboard().text()
        window.sheet._printing = lambda _parent, page: bool(page)
        seen = everything(window, settle, [], tmp_path)
        for page in (window.step, window.home, window.sign, window.sheet):
            window.open(page)
            settle()
            seen += taken_along(window)
        seen += on_disk(tmp_path, "pictures")
        seen += [*heard, str(vars(program.settings))]
        return copied_before, seen

    return go


def test_nothing_else_leaves_the_window(walk, heard, scratch):
    copied_before, seen = walk()
    assert copied_before == ""
    assert leaked(seen) == []
    assert any("Saved" in words for words in heard)
    assert list(scratch.rglob("*")) == []  # nothing was laid down for a while, either


def test_with_the_data_layer_widened_it_is_found(walk, monkeypatch):
    def every(self, cls, **equal):
        equal.pop("enterprise_id", None)
        return self._reader.all(cls, **equal)

    monkeypatch.setattr(Seen, "all", every)
    _, seen = walk()
    assert len(leaked(seen)) > 50


def test_a_mistake_in_the_middle_names_nobody_on_the_screen_or_in_the_report(
    share, settle, program, tmp_path, heard
):
    window = share(MARY)
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    window.sheet._reach.edit.setText("01632 960077, Friday")  # half typed
    error = KeyError(f"{names()[0]} at {names()[3]}")
    error.add_note(names()[4])
    program.complain(error)
    settle()
    assert OUR_MISTAKE in window.problem.words
    kept = program.desk.context.session.vault.drafts.read(CARD)
    assert kept == "01632 960077, Friday"
    reports = [p.read_text("utf-8") for p in tmp_path.rglob("*.txt")]
    assert any("KeyError" in text for text in reports)
    assert leaked([*texts(window), *tree(window), *reports, *heard]) == []


def test_the_coachs_keys_lead_nowhere_and_undo_nothing(share, settle, program):
    context = program.desk.context
    done = []
    context.change(
        lambda unit: unit.set(Enterprise, "e-000", phone="01632 960009"),
        owner=program.desk,
        on_done=done.append,
        name=f"{names()[0]}: phone changed",
    )
    settle()
    assert done
    window = share(MARY)
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    settle()
    for key in (Qt.Key.Key_K, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_N, Qt.Key.Key_F, Qt.Key.Key_1):
        QTest.keyClick(window, key, CTRL)
        QTest.keyClick(QApplication.focusWidget() or window, key, CTRL)
        settle()
    reader = context.session.vault.reader
    assert reader.get(Enterprise, "e-000").phone == "01632 960009"
    visible = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    assert visible == [window]
    assert leaked([*texts(window), *tree(window)]) == []
    program.desk.together.end()
    settle()
    undo.take_back(context)  # the same step, at the coach's own window
    settle()
    assert reader.get(Enterprise, "e-000").phone != "01632 960009"


def test_the_printer_is_told_no_name(share, settle, monkeypatch):
    told = []
    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", lambda: ["A printer"])
    monkeypatch.setattr(QPrinter, "setDocName", lambda _printer, name: told.append(name))
    monkeypatch.setattr(printing, "dialog", lambda *_: type("Never", (), {"exec": lambda _: 0})())
    window = share(MARY)
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    assert not printing.print_page(window, window.sheet._page)
    assert told == ["The page to take home"]
