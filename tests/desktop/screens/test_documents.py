"""Files of an enterprise: small pictures in memory only, kinds and order, dragged, pasted, kept."""

import sys
from contextlib import contextmanager
from datetime import date

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter

from desktop.models.sorting import Order
from desktop.operations.preview import Preview, preview
from desktop.presenters.documents import Document, arranged
from desktop.views.documents.panel import DocumentsPanel
from desktop.views.documents.pictures import as_png, decoded
from forms.facts.casework import Attachment
from storage.errors import FileMissing
from tests.desktop.screens.desk import BusyLane, context
from tests.desktop.screens.people import MARY, full_vault

WRITTEN: list[str] = []
WATCHING: list[bool] = []


def _seen(event, args):
    if WATCHING and event == "open" and set(str(args[1] or "")) & set("wax+"):
        WRITTEN.append(str(args[0]))


sys.addaudithook(_seen)


@contextmanager
def watched_disk(folder):
    """What Python opens for writing, and what appears in the folder for temporary files."""
    before = set(folder.rglob("*"))
    WATCHING.append(True)
    try:
        yield WRITTEN
    finally:
        WATCHING.clear()
        WRITTEN.extend(str(path) for path in set(folder.rglob("*")) - before)


def png(colour="#208040", side=300):
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return as_png(image)


def panel_of(qtbot, made):
    panel = DocumentsPanel(made, MARY)
    qtbot.addWidget(panel)
    panel.resize(920, 420)
    panel.show()
    return panel


@pytest.fixture
def made():
    return context(full_vault())


@pytest.fixture
def files(tmp_path):
    picture, text = tmp_path / "policy.png", tmp_path / "letter.txt"
    picture.write_bytes(png())
    text.write_text("Dear Mary", encoding="utf-8")
    return picture, text


def of_mary(made):
    return made.session.vault.reader.all(Attachment, enterprise_id=MARY)


def drop(panel, mime):
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.dropEvent(event)


def test_a_small_picture_stands_before_the_name_and_never_on_the_disk(
    made, files, qtbot, tmp_path, monkeypatch
):
    panel = panel_of(qtbot, made)
    panel._presenter.add(files, "", "")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    again = DocumentsPanel(made, MARY)
    qtbot.addWidget(again)
    WRITTEN.clear()
    with watched_disk(tmp_path / "scratch") as written:
        again._presenter.load()
        picture = next(row for row in again._table.rows if row.group == "picture")
        again._table.choose(picture.id)
    small = again._picture_of(picture).toImage()
    assert small.pixelColor(10, 10).name() == "#208040"
    assert again.look.image.pixelColor(10, 10).name() == "#208040"
    assert written == []


def test_the_watch_over_the_disk_sees_a_picture_that_is_written(tmp_path):
    """The proof above would go red: a picture put in a file is seen."""
    WRITTEN.clear()
    with watched_disk(tmp_path) as written:
        (tmp_path / "small.png").write_bytes(png())
    assert any("small.png" in name for name in written)
    WRITTEN.clear()
    with watched_disk(tmp_path) as written:
        QImage.fromData(png()).save(str(tmp_path / "qt.png"))  # Qt writes past Python
    assert any("qt.png" in name for name in written)
    WRITTEN.clear()


def test_a_text_keeps_the_drawing_of_its_kind(made, files, qtbot):
    panel = panel_of(qtbot, made)
    panel._presenter.add(files, "", "")
    text = next(row for row in panel._table.rows if row.name == "letter.txt")
    assert text.id not in panel.small
    assert not panel._picture_of(text).isNull()


def test_files_are_dragged_in_each_by_itself(made, files, qtbot, tmp_path):
    panel = panel_of(qtbot, made)
    bad = tmp_path / "run.exe"
    bad.write_bytes(b"MZ")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(each)) for each in (files[0], bad, files[1])])
    enters = QDragEnterEvent(
        QPointF(5, 5).toPoint(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.dragEnterEvent(enters)
    assert enters.isAccepted()
    assert "Let go" in panel.let_go.words
    drop(panel, mime)
    assert panel.let_go.words == ""
    assert {each.name for each in of_mary(made)} >= {"policy.png", "letter.txt"}
    assert "run.exe" not in {each.name for each in of_mary(made)}


def offered(kind, mime, possible, proposed_by=Qt.KeyboardModifier.ShiftModifier):
    """A drag or a drop from a program that offers these actions, with Shift held: move."""
    at = QPointF(5, 5) if kind is QDropEvent else QPointF(5, 5).toPoint()
    made = kind(at, possible, mime, Qt.MouseButton.LeftButton, proposed_by)
    made.setDropAction(Qt.DropAction.MoveAction)
    made.ignore()
    return made


def test_what_is_dropped_is_copied_and_never_answered_as_moved(made, files, qtbot):
    panel = panel_of(qtbot, made)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(files[0]))])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    enters, drops = offered(QDragEnterEvent, mime, both), offered(QDropEvent, mime, both)
    panel.dragEnterEvent(enters)
    panel.dropEvent(drops)
    for each in (enters, drops):
        assert each.isAccepted()
        assert each.dropAction() == Qt.DropAction.CopyAction
    count = len(of_mary(made))
    only = Qt.DropAction.MoveAction
    enters, drops = offered(QDragEnterEvent, mime, only), offered(QDropEvent, mime, only)
    panel.dragEnterEvent(enters)
    panel.dropEvent(drops)
    assert not enters.isAccepted()
    assert not drops.isAccepted()
    assert len(of_mary(made)) == count


def test_of_several_files_a_refusal_stays_in_sight(made, files, qtbot, tmp_path):
    panel = panel_of(qtbot, made)
    bad = tmp_path / "run.exe"
    bad.write_bytes(b"MZ")
    panel._add_these([files[0], bad, files[1]])
    words = panel.adding.status.text()
    assert "run.exe" in words
    assert "2 files added. Saved" in words
    assert panel.adding.status.property("role") == "problem"
    panel._add_these([files[0]])
    assert panel.adding.status.text().startswith("File added. Saved")
    assert panel.adding.status.property("role") == "small"


ABOUT = "Her certificate"


@pytest.mark.parametrize("is_busy", [True, False])
@pytest.mark.parametrize("order", ["good bad", "bad good", "good bad good"])
def test_what_was_typed_stays_for_the_file_that_was_refused(
    made, files, qtbot, tmp_path, order, is_busy
):
    bad = tmp_path / "run.exe"
    bad.write_bytes(b"MZ")
    came = [bad if each == "bad" else files[0] for each in order.split()]
    panel = panel_of(qtbot, made)
    lane = BusyLane()
    if is_busy:
        made.jobs = lane
    panel.adding._caption.editor.setText(ABOUT)
    panel._add_these(came)
    lane.catch_up()
    added = [each.caption for each in of_mary(made) if each.name == "policy.png"]
    assert added == [ABOUT] * order.split().count("good")
    assert panel.adding._caption.text == ABOUT
    again = panel_of(qtbot, made)  # as after a power cut
    lane.catch_up()
    assert again.adding._caption.text == ABOUT
    panel._add_these([files[1]])  # another in place of the refused one
    lane.catch_up()
    assert panel.adding._caption.text == ""
    assert not any("documents" in name for name in made.session.vault.half_typed)


def test_a_refusal_stays_when_more_files_come_meanwhile(made, files, qtbot, tmp_path):
    bad = tmp_path / "run.exe"
    bad.write_bytes(b"MZ")
    panel, lane = panel_of(qtbot, made), BusyLane()
    made.jobs = lane
    panel.adding._caption.editor.setText(ABOUT)
    panel._add_these([bad])
    panel._add_these([files[0]])
    panel._add_picture(QImage.fromData(png()))
    lane.catch_up()
    assert "run.exe" in panel.adding.status.text()
    assert "2 files added. Saved" in panel.adding.status.text()
    assert panel.adding.status.property("role") == "problem"
    assert panel.adding._caption.text == ABOUT
    again = panel_of(qtbot, made)
    lane.catch_up()
    assert again.adding._caption.text == ABOUT


def test_what_was_typed_goes_when_the_last_of_several_is_there(made, files, qtbot):
    panel, lane = panel_of(qtbot, made), BusyLane()
    made.jobs = lane
    panel.adding._caption.editor.setText(ABOUT)
    panel._add_these(list(files))
    panel._add_these([files[0]])  # one more while they are written
    seen = []
    panel.adding._caption.editor.textChanged.connect(
        lambda _text: seen.append([each.name for each in of_mary(made)])
    )
    lane.catch_up()
    assert panel.adding._caption.text == ""
    ((*names,),) = seen
    assert (names.count("policy.png"), names.count("letter.txt")) == (2, 1)
    assert panel.adding.status.text().startswith("3 files added. Saved")


PAGES = b"""%%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R %d 0 R 3 0 R] /Count 3>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 100]>> endobj
trailer <</Root 1 0 R>>
"""


class NotHere(dict):
    """The bytes of some files are not on this laptop yet."""

    def get(self, key, default=None):
        if key == "0" * 64:
            raise FileMissing
        return super().get(key, default)


@pytest.fixture
def not_all_here(made, files, tmp_path):
    """A photo that has not come yet, a PDF with a broken page, and a picture, in this order."""
    vault = made.session.vault
    vault.blobs = NotHere(vault.blobs)
    with vault.change(by="coach-1", at=made.clock.now()) as unit:
        unit.add(
            Attachment(
                id="zzz", enterprise_id=MARY, name="kitchen.png", mime="image/png", size=9,
                sha256="0" * 64,
            )
        )  # fmt: skip
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(PAGES % 9)
    return files[0], paper


def test_a_picture_that_is_not_here_yet_or_broken_stops_no_other(made, not_all_here, qtbot):
    picture, paper = not_all_here
    filling = DocumentsPanel(made, MARY)
    qtbot.addWidget(filling)
    filling._presenter.add([picture, paper], "", "")
    panel = panel_of(qtbot, made)
    row = next(row for row in panel._table.rows if row.name == "policy.png")
    assert row.id in panel.small
    assert "zzz" not in panel.small
    assert not panel._presenter.small._waiting
    assert (made.tell.failures, made.tell.problems) == ([], [])
    made.session.vault.blobs = {"0" * 64: png(), **made.session.vault.blobs}
    panel._presenter.load()  # it came
    assert "zzz" in panel.small


def test_what_cannot_be_shown_stands_under_its_own_name_with_its_own_pages(
    made, not_all_here, qtbot
):
    panel = panel_of(qtbot, made)
    panel._presenter.add(not_all_here, "", "")
    paper = next(row for row in panel._table.rows if row.name == "paper.pdf")
    look = panel.look
    panel._table.choose(paper.id)
    assert (look._name.text(), look._page.text()) == ("paper.pdf", "Page 1 of 3")
    look._next.click()
    assert look.words.startswith("Page 2 of paper.pdf cannot be shown: it is damaged.")
    assert look._page.text() == "Page 2 of 3"
    look._next.click()
    assert (look.words, look._page.text()) == ("", "Page 3 of 3")
    panel._table.choose("zzz")
    assert "This file is not on this laptop yet" in look.words
    assert (look._name.text(), look._page.text()) == ("kitchen.png", "")
    assert not look._back.isVisible()
    assert not look._next.isVisible()
    panel._presenter._not_seen(paper.id, 2, FileMissing())  # a late answer about the one before
    assert "cannot be shown" not in look.words


def test_what_is_no_file_and_no_picture_is_not_taken(made, qtbot):
    panel = panel_of(qtbot, made)
    before = len(of_mary(made))
    mime = QMimeData()
    mime.setText("only words")
    mime.setUrls([QUrl("https://example.org/policy.png")])
    enters = QDragEnterEvent(
        QPointF(5, 5).toPoint(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enters.ignore()
    panel.dragEnterEvent(enters)
    assert not enters.isAccepted()
    drop(panel, mime)
    assert len(of_mary(made)) == before


def test_a_picture_is_pasted_named_by_day_and_described(made, qtbot):
    panel = panel_of(qtbot, made)
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#a02040"))
    QGuiApplication.clipboard().setImage(image)
    panel.adding._caption.editor.setText("Her certificate")
    panel._paste_pressed()
    pasted = next(each for each in of_mary(made) if each.name.startswith("Pasted picture"))
    assert (pasted.mime, pasted.caption) == ("image/png", "Her certificate")
    seen = preview(made.session.vault, pasted.id)
    assert decoded(seen).pixelColor(3, 3).name() == "#a02040"
    assert panel.adding._caption.text == ""
    assert made.tell.undos[-1][0] == "A pasted picture added"


def test_an_empty_clipboard_says_what_to_do_and_keeps_what_was_typed(made, qtbot):
    panel = panel_of(qtbot, made)
    QGuiApplication.clipboard().clear()
    panel.adding._caption.editor.setText("Her certificate")
    panel._paste_pressed()
    assert panel.adding.status.text() == "There is no picture to paste. Copy one first."
    assert panel.adding._caption.text == "Her certificate"


def document(number, **fields):
    usual = {
        "id": f"d{number}", "name": f"file {number}", "kind": "PDF", "size": "1 KB", "added": "",
        "given_by": "", "proves": "", "in_date": "", "group": "pdf", "bytes": number,
    }  # fmt: skip
    return Document(**(usual | fields))


def test_kinds_and_orders():
    rows = (
        document(3, name="b", bytes=5),
        document(2, name="A", bytes=9, ends_on=date(2027, 1, 1), group="picture"),
        document(1, name="c", bytes=1, ends_on=date(2026, 12, 1)),
    )
    ids = lambda kind, sort: [row.id for row in arranged(rows, kind, sort)]  # noqa: E731
    assert ids("all", "newest") == ["d3", "d2", "d1"]
    assert ids("all", "name") == ["d2", "d3", "d1"]
    assert ids("all", "ends") == ["d1", "d2", "d3"]
    assert ids("all", "largest") == ["d2", "d3", "d1"]
    assert ids("picture", "name") == ["d2"]
    assert ids("all", "unknown") == ["d3", "d2", "d1"]


def test_the_kind_the_order_and_the_chosen_file_come_back(made, files, qtbot):
    panel = panel_of(qtbot, made)
    panel._presenter.add(files, "", "")
    kept = {"kind": "picture", "sort": "name"}
    panel.restore_state(kept)
    assert panel.keep_state() == kept
    assert {row.group for row in panel._table.rows} == {"picture"}
    assert "of" in panel._count.text()


def test_a_picture_far_too_large_is_kept_and_not_decoded(monkeypatch, made, files, qtbot):
    monkeypatch.setattr("desktop.views.documents.pictures.MOST_DOTS", 100)
    panel = panel_of(qtbot, made)
    panel._presenter.add(files[:1], "", "")
    panel._table.choose(panel._table.rows[0].id)
    assert panel.look.image.isNull()
    assert "far too large" in panel.look.words


def test_a_photo_is_turned_the_way_its_camera_held_it():
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"jpg")).write(image)
    data = bytes(held.data())
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    turned = data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + data[2:]

    seen = decoded(Preview(name="photo.jpg", picture=turned))
    assert (seen.width(), seen.height()) == (20, 40)


def test_the_box_for_the_order_speaks_for_the_list_after_a_heading_was_pressed(made, files, qtbot):
    panel = panel_of(qtbot, made)
    table = panel._table
    heading = table.model().headings[-1]  # the size
    panel._presenter.add(files, "", "")
    table.sort_by(Order(heading, down=True))
    panel._sort.set_value("name")
    panel._sort.committed.emit("name")
    assert table.order is None
    names = [row.name for row in table.rows]
    assert len(names) > 1
    assert names == sorted(names, key=str.casefold)
