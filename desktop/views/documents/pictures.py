"""Files as pictures in memory: small ones for the list, one for the look, bytes for what is pasted.

The small copy of a photo, which goes first on a slow line, is drawn anew: it holds what can be seen
and nothing else, no place, no camera, no moment.

Each function here is plain work that may run in a lane: none touches a widget or a QPixmap. Refuses
pictures so large that decoding them would fill the memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

from desktop.views.kit.decoding import first_look

if TYPE_CHECKING:
    from desktop.operations.preview import Preview

SIDE = 40  # pixels of a small picture in the list, at 100 %
WIDEST = 1600  # of a look at a picture
MOST_DOTS = 120_000_000  # a larger picture is kept, and not decoded
PNG = "image/png"
SMALL_EDGE = 1280  # pixels of the longest edge of a small copy: print on a certificate can be read
SMALL_QUALITY = 78  # of 100, of its JPEG
WORTH_IT = 2  # a copy that is not this many times smaller is none


def decoded(seen: Preview, widest: int = WIDEST) -> QImage:
    """The picture of a look, no wider or higher than `widest`; null when there is none."""
    if seen.pixels:
        made = QImage(seen.pixels, seen.width, seen.height, seen.stride, QImage.Format.Format_RGB32)
        return made.copy()
    return _smaller(seen.picture, widest) if seen.picture else QImage()


def _smaller(data: bytes, widest: int) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)  # a phone's photo says which way up it is
    if not first_look(reader):
        return QImage()
    size = reader.size()
    if size.width() * size.height() > MOST_DOTS:
        return QImage()
    if max(size.width(), size.height()) > widest:
        reader.setScaledSize(size.scaled(QSize(widest, widest), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def as_png(image: QImage) -> bytes:
    """A picture from the clipboard as the bytes of a PNG file."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if first_look(writer):
        writer.write(image)
    return bytes(held.data())


def small_copy(data: bytes) -> bytes:
    """A JPEG of the same picture that is easy on a slow line; b"" where none is worth making.

    Drawn anew on white in sRGB, the right way up: nothing that the camera wrote comes along.
    """
    picture = _smaller(data, SMALL_EDGE)
    if picture.isNull():
        return b""
    if picture.colorSpace().isValid():
        picture.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    drawn = QImage(picture.size(), QImage.Format.Format_RGB32)
    drawn.fill(Qt.GlobalColor.white)
    painter = QPainter(drawn)
    painter.drawImage(0, 0, picture)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(SMALL_QUALITY)
    if not (first_look(writer) and writer.write(drawn)) or held.size() * WORTH_IT > len(data):
        return b""
    return bytes(held.data())
