"""Files as pictures in memory: small ones for the list, one for the look, bytes for what is pasted.

Each function here is plain work that may run in a lane: none touches a widget or a QPixmap. Refuses
pictures so large that decoding them would fill the memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

if TYPE_CHECKING:
    from desktop.operations.preview import Preview

SIDE = 40  # pixels of a small picture in the list, at 100 %
WIDEST = 1600  # of a look at a picture
MOST_DOTS = 120_000_000  # a larger picture is kept, and not decoded
PNG = "image/png"


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
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(held.data())
