"""Functions on text and yes-no values."""

from __future__ import annotations

import base64
import hashlib

from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.patterns import fits
from forms.engine.xpath.registry import function
from forms.engine.xpath.tree import text_of
from forms.engine.xpath.types import Here, Value, number_of, text_of_value, truth_of, words_of

_LONGEST_ID = 256
_DIGESTS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


@function("string", "v?", "s", "the value as text")
def _string(here: Here, value: Value | None = None) -> str:
    return text_of(here.node) if value is None else text_of_value(value)


def _flat(values: tuple[Value, ...]) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            found.extend(text_of(node) for node in value)
        else:
            found.append(text_of_value(value))
    return found


@function("concat", "v*", "s", "joins texts together")
def _concat(_: Here, *values: Value) -> str:
    return "".join(_flat(values))


@function("join", "s v*", "s", "join(separator, texts...)")
def _join(_: Here, separator: str, *values: Value) -> str:
    return separator.join(_flat(values))


@function("substr", "s n n?", "s", "substr(text, start, end), counted from 0")
def _substr(_: Here, text: str, start: float, end: float | None = None) -> str:
    first = int(start) if start == start else 0  # noqa: PLR0124
    if end is None or end != end:  # noqa: PLR0124
        return text[first:]
    return text[first : int(end)]


@function("substring", "s n n?", "s", "substring(text, start, length), counted from 1")
def _substring(_: Here, text: str, start: float, length: float | None = None) -> str:
    first = _half_up(start)
    last = float("inf") if length is None else first + _half_up(length)
    return "".join(char for at, char in enumerate(text, 1) if first <= at < last)


def _half_up(number: float) -> float:
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124
        return number
    return float((number + 0.5) // 1)


@function("substring-before", "s s", "s", "the text before that piece")
def _before(_: Here, text: str, piece: str) -> str:
    return text.partition(piece)[0] if piece and piece in text else ""


@function("substring-after", "s s", "s", "the text after that piece")
def _after(_: Here, text: str, piece: str) -> str:
    if not piece:
        return text
    return text.partition(piece)[2]


@function("translate", "s s s", "s", "swaps letters one for one")
def _translate(_: Here, text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for at, char in enumerate(old):
        table.setdefault(ord(char), new[at] if at < len(new) else None)
    return text.translate(table)


@function("string-length", "s?", "n", "how many letters")
def _length(here: Here, text: str | None = None) -> float:
    return float(len(text_of(here.node) if text is None else text))


@function("normalize-space", "s?", "s", "without spaces at the ends, single spaces inside")
def _normalize(here: Here, text: str | None = None) -> str:
    return " ".join(words_of(text_of(here.node) if text is None else text))


@function("contains", "s s", "b", "whether the first text holds the second")
def _contains(_: Here, text: str, piece: str) -> bool:
    return piece in text


@function("starts-with", "s s", "b", "whether it starts with that")
def _starts(_: Here, text: str, piece: str) -> bool:
    return text.startswith(piece)


@function("ends-with", "s s", "b", "whether it ends with that")
def _ends(_: Here, text: str, piece: str) -> bool:
    return text.endswith(piece)


@function("uuid", "n?", "s", "a fresh id", volatile=True)
def _uuid(here: Here, length: float | None = None) -> str:
    if length is None:
        return here.around.new_id()
    if length != length:  # noqa: PLR0124
        raise FormulaFault("uuid( ) takes a number")
    wanted = min(max(0, int(length)), _LONGEST_ID)
    made = ""
    while len(made) < wanted:  # an id begins with its moment; its end is drawn by lot
        made += here.around.new_id()[-12:]
    return made[:wanted]


@function("digest", "s s s?", "s", "a fingerprint of a text")
def _digest(_: Here, text: str, method: str, form: str = "base64") -> str:
    if method not in _DIGESTS:
        raise FormulaFault("digest( ) knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512")
    if form not in {"base64", "hex"}:
        raise FormulaFault("digest( ) writes 'base64' or 'hex'")
    raw = hashlib.new(_DIGESTS[method], text.encode(), usedforsecurity=False)
    return raw.hexdigest() if form == "hex" else base64.b64encode(raw.digest()).decode()


@function("base64-decode", "s", "s", "text out of base64")
def _base64(_: Here, text: str) -> str:
    text = "".join(text.split()).rstrip("=")
    try:
        padded = text + "=" * (-len(text) % 4)  # whoever wrote it may have left the end out
        return base64.b64decode(padded, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


@function("regex", "s s", "b", "whether the text fits a pattern")
def _regex(_: Here, text: str, pattern: str) -> bool:
    return fits(text, pattern)


@function("true", "", "b", "yes")
def _true(_: Here) -> bool:
    return True


@function("false", "", "b", "no")
def _false(_: Here) -> bool:
    return False


@function("not", "b", "b", "the opposite")
def _not(_: Here, value: bool) -> bool:  # noqa: FBT001
    return not value


@function("boolean", "b", "b", "the value as yes or no")
def _boolean(_: Here, value: bool) -> bool:  # noqa: FBT001
    return value


@function("boolean-from-string", "s", "b", "yes for 'true' or '1'")
def _boolean_from(_: Here, text: str) -> bool:
    return text in {"true", "1"}


@function("coalesce", "v v v*", "v", "the first that is not empty")
def _coalesce(_: Here, *values: Value) -> Value:
    for value in values:
        if text_of_value(value) not in {"", "NaN"}:
            return value
    return values[-1]


def _yes_count(here: Here, values: tuple[Value, ...]) -> float:
    count = 0
    for value in values:
        if isinstance(value, list):
            count += sum(1 for node in value if truth_of(number_of(text_of(node), here)))
        else:
            count += truth_of(value)
    return float(count)


def _between(count: float, low: float, high: float) -> bool:
    return (low < 0 or count >= low) and (high < 0 or count <= high)


@function("checklist", "n n v*", "b", "checklist(least, most, answers...)")
def _checklist(here: Here, low: float, high: float, *values: Value) -> bool:
    return _between(_yes_count(here, values), low, high)


@function("weighted-checklist", "n n v*", "b", "weighted-checklist(least, most, answer, weight...)")
def _weighted(here: Here, low: float, high: float, *values: Value) -> bool:
    total = 0.0
    for answer, weight in zip(values[::2], values[1::2], strict=False):
        if isinstance(answer, list):
            weights = weight if isinstance(weight, list) else [None] * len(answer)
            for node, heavy in zip(answer, weights, strict=False):
                if truth_of(number_of(text_of(node), here)):
                    total += number_of(weight if heavy is None else text_of(heavy), here)
        elif truth_of(answer):
            total += number_of(weight, here)
    return _between(total, low, high)
