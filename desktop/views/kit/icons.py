"""The one icon family: own drawings on a 24 pixel grid with one stroke, in `desktop/assets/icons`.

A drawing names no colour of its own: `currentColor` becomes a token of the theme, white becomes
the ground it lies on. Painted at the size and scale asked for, so that it is sharp at 200 %.
Refuses letters and emoji as icons, and an icon that stands without words or an accessible name.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QImageReader, QPainter, QPixmap

from desktop.theme import CURRENT
from desktop.views.kit.decoding import first_look

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

FOLDER = Path(__file__).parents[2] / "assets" / "icons"
GROUND = b"#FFFFFF"  # in a drawing: whatever is behind it
GAP = 7  # pixels between an icon and its words, beside those that Qt leaves

_INK = {"primary": "on_accent", "quiet": "accent", "name": "accent", "danger": "error"}
_GROUND = {"primary": "accent"}


def pixmap(name: str, side: int, scale: float, ink: str, ground: str = "card") -> QPixmap:
    """A drawing `side` logical pixels wide, in the colours of two tokens.

    `scale`: device pixels to a logical one. Raises OSError when there is no such drawing.
    """
    tokens = CURRENT.tokens
    return _painted(name, side, scale, getattr(tokens, ink), getattr(tokens, ground))


def draw(painter: QPainter, rect: QRectF, name: str, ink: str, ground: str = "card") -> None:
    """Paint a drawing in the middle of `rect`, as large as fits."""
    side = int(min(rect.width(), rect.height()))
    if side < 1:
        return
    device = painter.device()
    made = pixmap(name, side, device.devicePixelRatioF(), ink, ground)
    box = QRectF(0, 0, side, side)
    box.moveCenter(rect.center())
    painter.drawPixmap(box.topLeft().toPoint(), made)


def dress(made: QAbstractButton, name: str) -> None:
    """Give a button its drawing, as large as its words and in their colours."""
    role = str(made.property("role") or "")
    ink = _INK.get(role, "text")
    side = made.fontMetrics().height()
    key = (name, side, made.devicePixelRatioF(), CURRENT.tokens.name, ink)
    if made.property("dressed") == repr(key):
        return
    made.setProperty("dressed", repr(key))
    chosen = "accent" if made.isCheckable() else ink
    ground = _GROUND.get(role, "card")
    colours = tuple(getattr(CURRENT.tokens, each) for each in (ink, chosen, "muted", ground))
    icon = _icon(name, side, made.devicePixelRatioF(), colours)
    made.setIconSize(QSize(side + GAP, side))
    made.setIcon(icon)


@lru_cache(maxsize=256)
def _icon(name: str, side: int, finest: float, colours: tuple[str, str, str, str]) -> QIcon:
    """One for all buttons that look alike: a page of cards has a hundred."""
    ink, chosen, off, ground = colours
    icon = QIcon()
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, ink),
        (QIcon.Mode.Normal, QIcon.State.On, chosen),
        (QIcon.Mode.Disabled, QIcon.State.Off, off),
    ):
        for scale in sorted({1.0, finest}):
            drawn = _painted(name, side, scale, colour, ground)
            icon.addPixmap(_with_gap(drawn, side, scale), mode, state)
    return icon


def _with_gap(drawn: QPixmap, side: int, scale: float) -> QPixmap:
    """The drawing with room at its right: Qt leaves hardly any before the words."""
    made = QPixmap(QSize(round((side + GAP) * scale), round(side * scale)))
    made.setDevicePixelRatio(scale)
    made.fill(QColor(0, 0, 0, 0))
    painter = QPainter(made)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return made


@cache
def names() -> frozenset[str]:
    """Every drawing there is."""
    return frozenset(file.stem for file in FOLDER.glob("*.svg"))


@cache
def _drawing(name: str) -> bytes:
    return (FOLDER / f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _painted(name: str, side: int, scale: float, ink: str, ground: str) -> QPixmap:
    drawn = _drawing(name).replace(GROUND, ground.encode()).replace(b"currentColor", ink.encode())
    buffer = QBuffer()
    buffer.setData(QByteArray(drawn))
    reader = QImageReader(buffer, QByteArray(b"svg"))
    pixels = max(1, round(side * scale))
    reader.setScaledSize(QSize(pixels, pixels))
    image = reader.read() if first_look(reader) else QImage()
    if image.isNull():
        raise OSError(f"the drawing {name} cannot be painted: {reader.errorString()}")
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(scale)
    return made
