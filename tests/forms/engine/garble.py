"""Random formulas and damaged workbooks, the same ones for the same seed."""

from __future__ import annotations

import io
import random
import zipfile

from forms.engine.xpath.registry import known_names

_PATHS = (
    "/data/a", "/data/b", "/data/line/q", "../a", ".", "..", "a", "line/q", "/data/line[1]/q",
    "/data/line[q > 2]/q", "//q", "/data/*", "@x", "instance('l')/root/item[name = /data/a]/label",
    "current()/../a", "/data/line[position() = last()]/q", "./b", "/", "/data/none",
)  # fmt: skip
_TEXTS = (
    "''", "'a'", "'yes no'", "'2026-11-20'", "'2026-02-30'", "'0'", "'-3.5'", "'1e9'", "'%Y-%m-%d'",
    "'^[a-z]+$'", "'(a+)+$'", "'[' ", '"x\'y"', "'51.2 0.7'", "'51 0;52 1;51 1'", "'é😀'",
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'", "'9999-12-31'", "'24:61'", "'x' ",
)  # fmt: skip
_NUMBERS = ("0", "1", "2", "-1", ".5", "3.25", "99999999999999999999", "1000000", "12", "308")
_OPERATORS = (
    "+", "-", "*", " div ", " mod ", "=", "!=", "<", "<=", ">", ">=", " and ", " or ", "|"
)  # fmt: skip
_PIECES = (
    "(", ")", "[", "]", ",", "'", '"', "$", "::", "/", "//", "..", "@", "*", " ", "\x00", "’",
    "ancestor::", "following-sibling::q", "${a}", "&", "!", "==", "div", "-", "é", "\t", "|", "{",
)  # fmt: skip
_NAMES = tuple(known_names())


def formula(dice: random.Random, depth: int = 4) -> str:
    """A formula that may well make no sense."""
    roll = dice.random()
    if depth == 0 or roll < 0.28:
        return dice.choice(dice.choice((_PATHS, _TEXTS, _NUMBERS)))
    if roll < 0.66:
        count = dice.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5))
        inside = ", ".join(formula(dice, depth - 1) for _ in range(count))
        return f"{dice.choice(_NAMES)}({inside})"
    if roll < 0.9:
        both = (formula(dice, depth - 1), formula(dice, depth - 1))
        return dice.choice(_OPERATORS).join(both)
    return dice.choice(("-{}", "({})", "({})[1]", "({})/q", "not({})")).format(
        formula(dice, depth - 1)
    )


def damaged(dice: random.Random, text: str, times: int = 3) -> str:
    """A text with pieces put in, taken out and turned round."""
    for _ in range(dice.randint(1, times)):
        at = dice.randrange(len(text) + 1)
        roll = dice.random()
        if roll < 0.4:
            text = text[:at] + dice.choice(_PIECES) + text[at:]
        elif roll < 0.75:
            text = text[:at] + text[at + dice.randint(1, 4) :]
        else:
            end = at + dice.randint(1, 12)
            text = text[:at] + text[at:end][::-1] + text[end:]
    return text


def damaged_table(dice: random.Random, text: str) -> str:
    """A workbook in Markdown with rows and cells changed as people (and worse) change them."""
    lines = text.splitlines()
    rows = [number for number, line in enumerate(lines) if line.strip().startswith("|")]
    for _ in range(dice.randint(1, 6)):
        number = dice.choice(rows)
        cells = lines[number].split("|")
        place = dice.randrange(len(cells))
        roll = dice.random()
        if roll < 0.2:
            cells[place] = f" {formula(dice, 2)} "
        elif roll < 0.35:
            cells[place] = damaged(dice, cells[place])
        elif roll < 0.5:
            cells[place] = lines[dice.choice(rows)].split("|")[-1:][0] or " "
        elif roll < 0.6:
            del cells[place]
        elif roll < 0.7:
            cells.insert(
                place, dice.choice((" end_group ", " begin_repeat ", " x ", " calculate "))
            )
        elif roll < 0.8:
            other = dice.choice(rows)
            lines[number], lines[other] = lines[other], lines[number]
            continue
        elif roll < 0.9:
            lines[number] = ""
            continue
        else:
            lines[number] += "\n" + lines[number]
            continue
        lines[number] = "|".join(cells)
    return "\n".join(lines)


def damaged_archive(dice: random.Random, data: bytes) -> bytes:
    """An Excel workbook with bytes of its file, or of one of its parts, changed."""
    if dice.random() < 0.3:
        return _bytes(dice, data)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        hurt = dice.choice(old.namelist())
        for part in old.namelist():
            body = old.read(part)
            if part != hurt:
                new.writestr(part, body)
            elif dice.random() < 0.8:
                new.writestr(part, _bytes(dice, body))
    return made.getvalue()


def _bytes(dice: random.Random, data: bytes) -> bytes:
    hurt = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(hurt))
        if dice.random() < 0.5:
            hurt[at] = dice.randrange(256)
        else:
            del hurt[at : at + dice.randint(1, 40)]
            hurt = hurt or bytearray(b"x")
    return bytes(hurt)
