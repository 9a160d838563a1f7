"""The embedded font family, and a second font for letters the first does not have.

Refuses system fonts and font caches: the files lie beside the code, so pages look the same
everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, SPARE = "Atkinson", "Atkinson-Bold", "DejaVu"
_FOLDER = Path(__file__).parent.parent / "fonts"
_FILES = {
    REGULAR: "AtkinsonHyperlegible-Regular.ttf",
    BOLD: "AtkinsonHyperlegible-Bold.ttf",
    SPARE: "DejaVuSans.ttf",
}
_KEPT = "\t\r\n\x0b\x0c\u2068\u2069"
_UNKNOWN = "\ufffd"
# What reads from the right: its letters, what may stand between two of them, a number as a whole.
_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_BETWEEN = rf"(?!{_LETTER})(?:[^\w()\[\]{{}}<>«»]|\d)"
_ITEM = rf"(?:{_LETTER}|\((?=(?:{_BETWEEN})*{_LETTER})(?:{_BETWEEN}|{_LETTER})*\))"
_STRETCH = re.compile(rf"{_ITEM}(?:(?:{_BETWEEN}|\((?:{_BETWEEN})*\))*{_ITEM})*")
_NUMBER = re.compile(r"[+£$€#-]?\d(?:[\d.,:/ \u00a0-]*\d)?%?")
# Two texts beside one another, not one: our own marks between them, another script, and between
# short ones a comma that Arabic does not use. Hebrew writes that comma: there `blocks.apart` tells.
_ARABIC, _HEBREW = "[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc]", "[\u0590-\u05ff\ufb1d-\ufb4f]"
_OURS = rf"( *[·|;] +| +/ +|(?<={_ARABIC}),? +(?={_HEBREW})|(?<={_HEBREW}),? +(?={_ARABIC})"
_TWO = re.compile(f"{_OURS})")
_TWO_SHORT = re.compile(rf"{_OURS}|(?<={_ARABIC}), +|, +(?={_ARABIC}))")
_SHORT = 8  # words of a list of names; a sentence has more
_ISOLATES = re.compile("[\u2068\u2069]")
_SET_APART = "\u2066\\g<0>\u2069"  # the marks that keep what they hold as it stands
_MIRRORED = {0x2066: None, 0x2069: None, ord("("): ")", ord(")"): "("}
_MARKS_FIRST = re.compile("([\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]+)(.)")


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
    """Text that can be drawn: one line, no control marks, composed letters.

    Of the marks of direction those stay that hold a name together (`blocks.apart`).
    """
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        " " if char in "\t\r\n\u2028\u2029\x0b\x0c" else char
        for char in composed
        if char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn")
    )


def reads_from_right(text: str) -> bool:
    """Whether any letter of the text belongs to a script that reads from the right."""
    return not text.isascii() and _STRETCH.search(text) is not None


def visual(text: str) -> str:
    """One line as it is drawn: Arabic letters joined, and what reads from the right turned round.

    The PDF library draws letter after letter from the left. The pages read from the left, so only
    each stretch from its first such letter to its last is turned: Latin words and numbers keep
    their place and their order, and so do two names beside one another. Anything else comes back
    as it is.
    """
    if text.isascii():
        return text
    return "".join(_STRETCH.sub(_turned_apart, part) for part in _ISOLATES.split(text))


def _turned_apart(stretch: re.Match[str]) -> str:
    """Each text of a stretch turned by itself; brackets that hold two keep them together."""
    said = stretch.group()
    parts = (_TWO_SHORT if len(said.split()) <= _SHORT else _TWO).split(said)
    if any(part.count("(") != part.count(")") for part in parts):
        parts = [said]
    return "".join(_STRETCH.sub(_turned, part) for part in parts)


@cache
def _reshaper() -> Any:
    from arabic_reshaper import ArabicReshaper  # only where somebody is called so

    # The spare font has no single sign for the word Allah: its letters are drawn one by one.
    return ArabicReshaper(configuration={"ARABIC LIGATURE ALLAH": False})


def _turned(stretch: re.Match[str]) -> str:
    from bidi import get_display

    joined = "".join(
        char if ord(char) in _covered(SPARE) else unicodedata.normalize("NFKC", char)
        for char in _reshaper().reshape(stretch.group())
    )
    seen = str(get_display(_NUMBER.sub(_SET_APART, joined), base_dir="R"))
    seen = seen.translate(_MIRRORED)
    return _MARKS_FIRST.sub(r"\2\1", seen)  # a point is drawn over the letter before it


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


def wrap(
    text: str, font: str, size: float, room: float, most: int = 48, *, first: float | None = None
) -> list[str]:
    """Lines that fit the room, broken at spaces, inside a word only when one is too long.

    `first`: the room of the first line when it is another; that line is empty when no word fits it.
    """
    fits = room if first is None else first
    if width(text, font, size) <= fits:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, font, size) <= fits:
            line = longer
            continue
        if line or fits < room:
            lines.append(line)
        *whole, line = _pieces(word, font, size, room)
        lines += whole
        fits = room
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
