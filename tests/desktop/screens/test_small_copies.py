"""The small copy of a photo: what it holds, when it is made, what it stands for."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from desktop.operations import far_files
from desktop.operations.files import SMALL_ANYHOW, add_bytes
from desktop.operations.preview import preview
from desktop.presenters import documents as presenter
from desktop.presenters.documents import DocumentsPresenter
from desktop.views.documents.pictures import SMALL_EDGE, as_png, small_copy
from forms.facts.casework import Attachment
from storage.errors import FileMissing
from sync.errors import Refused
from tests.desktop.screens.desk import FakeView, context
from tests.desktop.screens.people import MARY, full_vault
from tests.storage.samples import new_vault

PLACE = b"GPS 51.1465 N 0.8750 E"


def photo(wide=3000, high=2000, quality=95):
    """A picture with enough in it to be large, as a JPEG that also says where it was taken."""
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor("#dfe8e0"))
    painter = QPainter(image)
    for n in range(1500):
        colour = QColor((n * 53) % 256, (n * 97) % 256, (n * 151) % 256)
        painter.fillRect((n * 613) % wide, (n * 389) % high, 90, 70, colour)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(quality)
    writer.write(image)
    return with_exif(bytes(held.data()))


def with_exif(jpeg, turned=1):
    """With an EXIF block: which way up, and words of the camera."""
    described = b"\x0e\x01\x02\x00" + len(PLACE).to_bytes(4, "little") + b"\x26\x00\x00\x00"
    way_up = b"\x12\x01\x03\x00\x01\x00\x00\x00" + bytes([turned, 0, 0, 0])
    tiff = b"II*\x00\x08\x00\x00\x00\x02\x00" + described + way_up + b"\x00\x00\x00\x00" + PLACE
    body = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


def test_a_small_copy_shows_the_same_and_says_nothing_of_place_or_camera(qapp):
    data = photo()
    assert PLACE in data
    made = small_copy(data)
    assert len(made) < len(data) / 2
    assert PLACE not in made
    assert b"Exif" not in made
    seen = QImage.fromData(made)
    assert (seen.width(), seen.height()) == (SMALL_EDGE, round(SMALL_EDGE * 2 / 3))
    assert seen.textKeys() == []


def test_a_photo_that_lies_on_its_side_is_put_upright(qapp):
    plain = photo()
    exif = len(with_exif(b"\xff\xd8")) - 2
    turned = with_exif(plain[:2] + plain[2 + exif :], turned=6)
    seen = QImage.fromData(small_copy(turned))
    assert (seen.width(), seen.height()) == (round(SMALL_EDGE * 2 / 3), SMALL_EDGE)


def test_what_can_be_seen_through_is_drawn_on_white(qapp):
    image = QImage(2600, 2600, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    for n in range(0, 2600 * 2600, 3):
        image.setPixel(n % 2600, n // 2600, (0xFF000000 | (n * 2654435761) & 0xFFFFFF))
    for x in range(200):
        for y in range(200):
            image.setPixelColor(x, y, QColor(0, 0, 0, 0))
    made = small_copy(as_png(image))
    assert QImage.fromData(made).pixelColor(20, 20).lightness() > 240


@pytest.mark.no_qt_log  # Qt says by itself that a picture is damaged
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xff\xd8\xff damaged"])
def test_of_what_is_no_picture_there_is_no_small_copy(qapp, data):
    assert small_copy(data) == b""


def test_of_a_picture_that_is_small_already_there_is_none(qapp):
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("#208040"))
    assert small_copy(as_png(image)) == b""


def writing_in(vault, unit, maker=small_copy):
    return SimpleNamespace(vault=vault, unit=unit, today=None, small_copy=maker)


@pytest.fixture
def vault(tmp_path, qapp):
    with new_vault(tmp_path / "v") as made:
        yield made


def add(vault, data, mime="image/jpeg", name="photo.jpg"):
    with vault.change(by="ann", at=vault.clock.now()) as unit:
        return add_bytes(writing_in(vault, unit), "e-1", data, name, mime)


def test_adding_a_photo_keeps_both_and_the_record_names_both(vault):
    data = photo()
    one = vault.reader.get(Attachment, add(vault, data))
    assert vault.files.read(one.sha256) == data
    small = vault.files.read(one.small_sha256)
    assert (len(small), small[:3]) == (one.small_size, b"\xff\xd8\xff")
    assert PLACE not in small


def test_a_text_and_a_small_photo_have_none(vault):
    paper = vault.reader.get(Attachment, add(vault, b"A letter.", "text/plain", "a.txt"))
    little = photo(400, 300, 60)
    assert len(little) < SMALL_ANYHOW
    one = vault.reader.get(Attachment, add(vault, little))
    assert (paper.small_sha256, one.small_sha256, one.small_size) == ("", "", 0)


def gone(vault, sha256):
    with vault._db.transaction():
        vault._db.do("DELETE FROM stored_file WHERE sha256 = ?", (sha256,))


def test_of_a_photo_that_is_elsewhere_the_small_copy_is_looked_at(vault):
    paper = add(vault, photo())
    one = vault.reader.get(Attachment, paper)
    assert not preview(vault, paper).is_small
    gone(vault, one.sha256)
    seen = preview(vault, paper)
    assert seen.is_small
    assert seen.picture == vault.files.read(one.small_sha256)
    gone(vault, one.small_sha256)
    with pytest.raises(FileMissing):
        preview(vault, paper)


class Far:
    """Brings what it is told to have, and remembers what was asked."""

    def __init__(self, monkeypatch, vault, **has):
        self.vault, self.has, self.asked = vault, has, []
        monkeypatch.setattr(far_files, "_fetch", self.fetch)
        monkeypatch.setattr(presenter, "over_the_line", self.over_the_line)

    def fetch(self, far, _clock, sha256):
        self.asked.append(sha256)
        if sha256 not in self.has:
            raise Refused("not at the council yet")
        far.files.store(self.has[sha256])

    def over_the_line(self, context, work, *, owner, on_done, on_failed):
        del owner
        try:
            done = work(self.vault, context.clock)
        except Refused as error:
            on_failed(error)
        else:
            on_done(done)


def looked(vault, *, joined=True):
    made = context(vault)
    made.session.register_name = "Kent County Council" if joined else ""
    view = FakeView()
    return DocumentsPresenter(made, view, "e-1"), view


def test_the_small_copy_comes_first_then_the_whole_photo(vault, monkeypatch):
    paper = add(vault, photo())
    one = vault.reader.get(Attachment, paper)
    held = {name: vault.files.read(name) for name in (one.sha256, one.small_sha256)}
    for name in held:
        gone(vault, name)
    far = Far(monkeypatch, vault, **held)
    made, view = looked(vault)
    made.look(paper)
    assert far.asked == [one.small_sha256, one.sha256]
    assert view.last["show_fetching"] == ""
    assert not view.last["show_preview"][0].is_small


def test_what_is_not_at_the_council_yet_is_said_beside_the_small_copy(vault, monkeypatch):
    paper = add(vault, photo())
    one = vault.reader.get(Attachment, paper)
    gone(vault, one.sha256)
    far = Far(monkeypatch, vault)
    made, view = looked(vault)
    made.look(paper)
    assert far.asked == [one.sha256]
    said = view.last["show_fetching"]
    assert said == (
        "This is a small copy. It is not at the council yet: its own laptop has not sent it."
    )
    made.load()
    assert view.last["show_documents"][0][0].size.endswith("not on this laptop")


def test_without_a_council_nothing_is_promised(vault, monkeypatch):
    paper = add(vault, photo())
    gone(vault, vault.reader.get(Attachment, paper).sha256)
    far = Far(monkeypatch, vault)
    made, view = looked(vault, joined=False)
    made.look(paper)
    assert far.asked == []
    assert view.last["show_fetching"] == (
        "This is a small copy. The whole one is not on this laptop."
    )


def test_a_file_that_is_all_here_asks_for_nothing(qapp, monkeypatch):
    held = full_vault()
    far = Far(monkeypatch, held)
    made = context(held)
    made.session.register_name = "Kent County Council"
    view = FakeView()
    shown = DocumentsPresenter(made, view, MARY)
    for one in held.reader.all(Attachment, enterprise_id=MARY):
        shown.look(one.id)
    assert far.asked == []
