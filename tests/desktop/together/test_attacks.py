"""Ways by which somebody else could still come onto a shared screen, each tried on purpose."""

import os

import pytest
from PySide6.QtGui import QAccessible, QClipboard, QGuiApplication
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrinter
from PySide6.QtWidgets import QComboBox, QPushButton, QRadioButton

from desktop.operations import new_files, whole_files
from desktop.operations.errors import NotPrinted
from desktop.operations.files import LIMIT
from desktop.presenters.together_pages import OTHER_KIND
from desktop.views.kit.bars import announce
from desktop.views.together import printing
from forms.facts.casework import Attachment, ChecklistItem
from tests.desktop.together.people import MARY, names
from tests.desktop.together.reading import photo, texts

SOMEBODY = names()[0]
BROKEN = {
    "no picture at all": (b"just words of a letter", "png"),
    "a picture cut off in the middle": (photo()[: len(photo()) // 2], "png"),
    "a letter with the first bytes of a picture": (b"\xff\xd8\xff" + b"words " * 40, "jpg"),
    "a paper that is cut off": (b"%PDF-1.7\n1 0 obj\n<<", "pdf"),
    "nothing": (b"", "png"),
}


@pytest.fixture
def offer(share, settle, tmp_path, clock):
    """Put one file beside the camera and press what keeps it."""

    def go(data, ending):
        window = share()
        window.turn.ready.emit()
        window.ways.picked("item.C07")
        folder = tmp_path / "card"
        folder.mkdir()
        path = folder / f"{SOMEBODY} certificate.{ending}"
        path.write_bytes(data or b"x")
        stamp = clock.moment.timestamp() + 60
        os.utime(path, (stamp, stamp))
        window.ways._files._folders = lambda: [folder]
        window.ways.files_wanted()
        settle()
        path.write_bytes(data)
        (keep,) = [b for b in window.files.findChildren(QPushButton) if "Keep: " in b.text()]
        keep.click()
        settle()
        return window

    return go


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_cannot_be_opened_is_not_kept_and_its_name_is_not_said(offer, program, what):
    window = offer(*BROKEN[what])
    assert "not" in window.files.status.text()
    assert window.files.status.isVisible()
    assert SOMEBODY not in "\n".join(texts(window))
    reader = program.desk.context.session.vault.reader
    assert reader.all(ChecklistItem, enterprise_id=MARY, code="C07") == []
    assert not [f for f in reader.all(Attachment, enterprise_id=MARY) if SOMEBODY in f.name]


def nothing_is_kept(program):
    reader = program.desk.context.session.vault.reader
    assert reader.all(ChecklistItem, enterprise_id=MARY, code="C07") == []
    assert not [f for f in reader.all(Attachment, enterprise_id=MARY) if SOMEBODY in f.name]
    return True


@pytest.fixture
def came_in(share, settle, tmp_path, clock):
    """A file beside the camera, offered or not: the window and the path."""

    def go(data, ending):
        window = share()
        window.turn.ready.emit()
        window.ways.picked("item.C07")
        path = tmp_path / "card" / f"{SOMEBODY} certificate.{ending}"
        path.parent.mkdir()
        path.write_bytes(data)
        stamp = clock.moment.timestamp() + 60
        os.utime(path, (stamp, stamp))
        window.ways._files._folders = lambda: [path.parent]
        window.ways.files_wanted()
        settle()
        return window, path

    return go


def offers(window):
    return [b for b in window.files.findChildren(QPushButton) if b.text().startswith("Keep: ")]


@pytest.mark.parametrize("ending", ["heic", "HEIC", "webp"])
def test_a_photo_of_a_kind_that_is_not_kept_is_told_and_not_passed_over(came_in, program, ending):
    window, _ = came_in(b"\0\0\0\x18ftypheic", ending)
    assert offers(window) == []
    assert OTHER_KIND in texts(window)
    assert "Nothing new has come in yet." not in texts(window)
    assert SOMEBODY not in "\n".join(texts(window))
    assert nothing_is_kept(program)


def test_without_the_other_kinds_it_would_look_as_if_nothing_came(came_in, monkeypatch):
    monkeypatch.setattr(new_files, "OTHER_PICTURES", frozenset())
    window, _ = came_in(b"\0\0\0\x18ftypheic", "heic")
    assert "Nothing new has come in yet." in texts(window)


def test_a_card_that_is_pulled_out_before_it_is_kept_is_told(came_in, settle, program):
    window, path = came_in(photo(), "png")
    path.unlink()
    path.parent.rmdir()
    offers(window)[0].click()
    settle()
    assert "not" in window.files.status.text()
    assert window.files.status.isVisible()
    assert SOMEBODY not in "\n".join(texts(window))
    assert nothing_is_kept(program)
    window.files.look_again.emit()  # and the page goes on
    settle()
    assert offers(window) == []


def test_a_photo_that_is_too_large_is_told_before_it_is_read(came_in, settle, program, monkeypatch):
    window, path = came_in(photo(), "png")
    os.truncate(path, LIMIT + 1)
    monkeypatch.setattr(type(path), "read_bytes", lambda _path: pytest.fail("it was read"))
    offers(window)[0].click()
    settle()
    assert "larger than 20 MB" in window.files.status.text()
    assert nothing_is_kept(program)


def test_without_the_look_inside_a_cut_off_photo_would_be_kept(offer, program, monkeypatch):
    monkeypatch.setattr(whole_files, "_picture", lambda _data: True)
    offer(*BROKEN["a picture cut off in the middle"])
    reader = program.desk.context.session.vault.reader
    assert reader.all(ChecklistItem, enterprise_id=MARY, code="C07") != []


def test_a_kept_paper_that_got_damaged_is_told_without_its_name(offer, program, settle):
    vault = program.desk.context.session.vault
    stored = vault.files.store(b"%PDF-1.7\n", name="a.pdf", mime="application/pdf")
    window = offer(photo(), "png")
    (item,) = vault.reader.all(ChecklistItem, enterprise_id=MARY, code="C07")
    with vault.change(by="coach-1", at=program.clock.now()) as unit:
        unit.add(
            Attachment(
                id="bad", enterprise_id=MARY, sha256=stored.sha256, size=9,
                mime="application/pdf", name=f"{SOMEBODY}.pdf",
            )
        )  # fmt: skip
        unit.set(ChecklistItem, item.id, files=(*item.files, "bad"))
    window.ways._paper_wanted("bad")
    settle()
    assert "damaged" in window.files.status.text()
    assert SOMEBODY not in "\n".join(texts(window))


def test_the_print_window_offers_no_file_to_print_to(share, qtbot):
    window = share()
    made = printing.dialog(QPrinter(QPrinter.PrinterMode.HighResolution), window)
    qtbot.addWidget(made)
    option = QAbstractPrintDialog.PrintDialogOption.PrintToFile
    assert not made.testOption(option)
    offered = [b.itemText(n) for b in made.findChildren(QComboBox) for n in range(b.count())]
    offered += [b.text() for kind in (QPushButton, QRadioButton) for b in made.findChildren(kind)]
    assert not [words for words in offered if "file" in words.lower()]


def test_no_printer_and_a_printer_that_takes_nothing_are_told_and_not_called_printed(
    share, settle, monkeypatch, tmp_path
):
    window = share()
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", list)
    window.sheet._print_pressed()
    assert window.sheet.status.text() == printing.NO_PRINTER
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no such folder" / "page.pdf"))
    with pytest.raises(NotPrinted, match="Send it later"):
        printing.print_on(printer, window.sheet._page)


def test_what_the_coach_copied_of_somebody_else_cannot_be_pasted(program, share):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(SOMEBODY)
    share()
    assert SOMEBODY not in clipboard.text()
    assert SOMEBODY not in clipboard.text(QClipboard.Mode.Selection)


def test_the_covered_window_is_not_read_aloud(program, share, monkeypatch):
    said = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", said.append)
    window = share()
    said.clear()
    program.desk.context.tell.say(f"Call with {SOMEBODY} added")
    program.desk.context.tell.problem(f"{SOMEBODY} was not saved")
    announce(program.desk.view.chip, "2 things to check")
    assert said == []
    announce(window, "Saved 14:05")
    assert len(said) == 1
    program.desk.together.end()
    announce(program.desk.view.chip, "2 things to check")
    assert len(said) == 2
