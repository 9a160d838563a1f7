"""Draws the papers of the practice records: `python build_spec/make_papers.py`.

Certificates, receipts and a leaflet that nobody issued, for nobody, each marked as made up. The
pictures lie in `desktop/devtools/papers/`. Refuses names, numbers and seals of real bodies.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPen, QPolygonF

from desktop.fonts import load

OUT = Path(__file__).resolve().parent.parent / "desktop" / "devtools" / "papers"
WIDE, HIGH = 620, 877  # A4 at 75 dots an inch
INK, FAINT = QColor("#22303a"), QColor("#c9d1d6")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: its file, the firm that does not exist, what it is, and its lines."""

    file: str
    firm: str
    title: str
    lines: tuple[str, ...]
    colour: str
    total: str = ""


SHEETS = (
    Sheet("insurance-certificate.png", "Oasthouse Small Trades Cover", "Certificate of insurance",
          ("Public liability, £5,000,000", "For one self-employed person",
           "Support at home, shopping, companionship", "Twelve months from the day it was paid"),
          "#0b5c8a"),
    Sheet("first-aid-certificate.png", "Weald Training Rooms", "Emergency first aid",
          ("One day, in a group of eight", "Passed", "Lasts three years"), "#7a3e00"),
    Sheet("safeguarding-certificate.png", "Weald Training Rooms", "Safeguarding adults, level 2",
          ("Half a day", "Passed", "Lasts two years"), "#5b3a82"),
    Sheet("food-hygiene-certificate.png", "Hop Kiln Kitchens", "Food hygiene, level 2",
          ("Course and test", "Passed", "Lasts three years"), "#1b6b3a"),
    Sheet("insurance-receipt.png", "Oasthouse Small Trades Cover", "Receipt",
          ("First year of public liability insurance", "Paid by card", "Thank you"),
          "#0b5c8a", "Paid in full"),
    Sheet("tablet-receipt.png", "High Street Computers", "Receipt",
          ("Tablet, 10 inch", "Cover for it", "Paid by card"), "#8a1f3d", "Paid in full"),
    Sheet("fuel-receipt.png", "Corner Garage", "Receipt",
          ("Fuel", "Pump 3", "Paid by card"), "#444444", "Paid in full"),
)  # fmt: skip


def main() -> None:
    """Draw them all."""
    app = QGuiApplication([])
    family = load().family()
    OUT.mkdir(exist_ok=True)
    for sheet in SHEETS:
        _save(_paper(sheet, family), OUT / sheet.file)
    _save(_leaflet(family), OUT / "leaflet.png")
    del app


def _save(image: QImage, target: Path) -> None:
    image.setText("Comment", "made up for the practice records")
    if not image.save(str(target), quality=0):  # 0 packs a PNG as small as it goes
        raise OSError(f"{target.name} could not be written")


def _font(family: str, points: int, *, bold: bool = False) -> QFont:
    font = QFont(family, points)
    font.setBold(bold)
    return font


def _paper(sheet: Sheet, family: str) -> QImage:
    image = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    image.fill(QColor("#fdfcf8"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(sheet.colour)
    painter.fillRect(0, 0, WIDE, 96, colour)
    painter.setPen(QColor("white"))
    painter.setFont(_font(family, 21, bold=True))
    painter.drawText(QRectF(40, 0, WIDE - 80, 96), int(Qt.AlignmentFlag.AlignVCenter), sheet.firm)
    painter.setPen(INK)
    painter.setFont(_font(family, 26, bold=True))
    painter.drawText(40, 190, sheet.title)
    painter.setFont(_font(family, 16))
    for number, line in enumerate(sheet.lines):
        top = 260 + number * 62
        painter.setPen(INK)
        painter.drawText(40, top, line)
        painter.setPen(QPen(FAINT, 2))
        painter.drawLine(40, top + 18, WIDE - 40, top + 18)
    if sheet.total:
        painter.setPen(colour)
        painter.setFont(_font(family, 20, bold=True))
        painter.drawText(40, 560, sheet.total)
    else:
        _seal(painter, colour)
    _made_up(painter, family)
    painter.end()
    return image


def _seal(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QPen(colour, 6))
    painter.drawEllipse(QPointF(WIDE - 120, 620), 62, 62)
    painter.setPen(QPen(colour, 8))
    tick = [QPointF(WIDE - 148, 622), QPointF(WIDE - 128, 644), QPointF(WIDE - 92, 596)]
    painter.drawPolyline(QPolygonF(tick))


def _made_up(painter: QPainter, family: str) -> None:
    painter.setPen(QColor("#6b3f9e"))
    painter.setFont(_font(family, 15, bold=True))
    where = QRectF(40, HIGH - 110, WIDE - 80, 60)
    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), "PRACTICE: this paper is made up")


def _leaflet(family: str) -> QImage:
    """A picture for the directory: a house, a garden, a path. Nobody is in it."""
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("#bfe0f2"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#f7d774"))
    painter.drawEllipse(QPointF(660, 110), 52, 52)
    for left, top, wide, colour in ((-120, 330, 700, "#9cc58a"), (300, 300, 760, "#7fb26c")):
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QRectF(left, top, wide, 420))
    painter.fillRect(250, 250, 220, 170, QColor("#f3e6d2"))
    painter.setBrush(QColor("#a5533b"))
    painter.drawPolygon(QPolygonF([QPointF(230, 255), QPointF(360, 165), QPointF(490, 255)]))
    painter.fillRect(338, 330, 46, 90, QColor("#3d6b8a"))
    for left in (272, 404):
        painter.fillRect(left, 285, 44, 44, QColor("#dff1fb"))
    painter.setBrush(QColor("#e8d9b5"))
    path = [QPointF(340, 420), QPointF(382, 420), QPointF(470, 600), QPointF(300, 600)]
    painter.drawPolygon(QPolygonF(path))
    painter.setPen(QColor("white"))
    painter.fillRect(0, 530, 800, 70, QColor("#22303a"))
    painter.setFont(_font(family, 22, bold=True))
    where = QRectF(0, 530, 800, 70)
    painter.drawText(
        where, int(Qt.AlignmentFlag.AlignCenter), "PRACTICE: a picture that is made up"
    )
    painter.end()
    return image


if __name__ == "__main__":
    main()
