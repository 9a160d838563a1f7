"""The embedded font family, and a second font for letters the first does not have.

Refuses system fonts and font caches: the files lie beside the code, so pages look the same
everywhere.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, SPARE = "Atkinson", "Atkinson-Bold", "DejaVu"
_FOLDER = Path(__file__).parent.parent / "fonts"
_FILES = {
    REGULAR: "AtkinsonHyperlegible-Regular.ttf",
    BOLD: "AtkinsonHyperlegible-Bold.ttf",
    SPARE: "DejaVuSans.ttf",
}
_UNKNOWN = "\ufffd"
_FROM_RIGHT = ("R", "AL")


@cache
def register() -> None:
    """Make the fonts known to the PDF library, once per process."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file)))
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
    pdfmetrics.registerFontFamily(SPARE, normal=SPARE, bold=SPARE, italic=SPARE, boldItalic=SPARE)


@cache
def _covered(font: str) -> frozenset[int]:
    register()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


@cache
def _font_for(char: str, font: str) -> tuple[str, str]:
    """The font that can draw this character, and the character that stands for it."""
    if ord(char) in _covered(font):
        return font, char
    if ord(char) in _covered(SPARE):
        return SPARE, char
    return SPARE, _UNKNOWN


def clean(text: str) -> str:
    """Text that can be drawn: one line, no control or direction marks, composed letters."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        " " if char in "\t\r\n\u2028\u2029\x0b\x0c" else char
        for char in composed
        if char in "\t\r\n\x0b\x0c" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn")
    )


def visual(text: str) -> str:
    """One line as it is drawn: Arabic letters joined, and what reads from the right turned round.

    The PDF library draws letter after letter from the left. Anything else comes back as it is.
    """
    if text.isascii() or not any(unicodedata.bidirectional(char) in _FROM_RIGHT for char in text):
        return text
    from arabic_reshaper import reshape  # only where somebody is called so
    from bidi import get_display

    return str(get_display(reshape(text)))


def runs(text: str, font: str) -> list[tuple[str, str]]:
    """The text in pieces of (font, piece), from the left. Usually one."""
    if text.isascii() and text.isprintable():
        return [(font, text)]
    text = visual(text)
    drawn = [_font_for(char, font) for char in text]
    return [
        (name, "".join(char for _, char in part)) for name, part in groupby(drawn, lambda x: x[0])
    ]


def width(text: str, font: str, size: float) -> float:
    """How wide a line is, in points."""
    if text.isascii() and text.isprintable():
        return float(pdfmetrics.stringWidth(text, font, size))
    return float(sum(pdfmetrics.stringWidth(piece, name, size) for name, piece in runs(text, font)))


def wrap(text: str, font: str, size: float, room: float, most: int = 48) -> list[str]:
    """Lines that fit the room, broken at spaces, inside a word only when one is too long."""
    if width(text, font, size) <= room:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, font, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, font, size, room)
        lines += whole
        if len(lines) > most:
            break
    lines.append(line)
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + " …"]


def one_line(text: str, font: str, size: float, room: float) -> str:
    """The text cut to one line, with a mark where it was cut."""
    if width(text, font, size) <= room:
        return text
    kept = _pieces(text, font, size, room - width("…", font, size))[0]
    return kept.rstrip() + "…"


def _pieces(word: str, font: str, size: float, room: float) -> list[str]:
    """A word cut where it must be."""
    if width(word, font, size) <= room:
        return [word]
    pieces, piece = [], ""
    for char in word[:4000]:
        if piece and width(piece + char, font, size) > room:
            pieces.append(piece)
            piece = char
        else:
            piece += char
    return [*pieces, piece]
