"""Text of a formula into tokens with their positions, operators told from names by XPath's rule."""

from __future__ import annotations

import re
from typing import NamedTuple

from forms.engine.xpath.errors import FormulaSyntax

MAX_TEXT = 100_000
_NAME = r"[^\W\d][\w\-.]*"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<axis>[a-z\-]+)(?=\s*::)
  | (?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
  | (?P<sign>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
    """,
    re.VERBOSE,
)
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
_OPENERS = frozenset(
    {"@", "::", "(", "[", ",", "and", "or", "mod", "div", "*op", "/", "//", "|", "+", "-"}
    | {"=", "!=", "<", "<=", ">", ">="}
)


class Token(NamedTuple):
    """A piece of a formula: kind number | text | name | axis | op | end."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(formula: str) -> list[Token]:
    """The tokens of a formula, closed by an `end` token. Raises FormulaSyntax."""
    if len(formula) > MAX_TEXT:
        raise FormulaSyntax("this formula is far too long", 0, len(formula))
    found: list[Token] = []
    at = 0
    while at < len(formula):
        match = _TOKEN.match(formula, at)
        if match is None:
            raise _unreadable(formula, at)
        at = match.end()
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(kind, match, found))
    found.append(Token("end", "", len(formula), len(formula)))
    return found


def _token(kind: str, match: re.Match[str], before: list[Token]) -> Token:
    text = match.group()
    follows_operand = bool(before) and not (before[-1].kind == "op" and before[-1].text in _OPENERS)
    if kind == "name" and follows_operand:
        word = _operator_prefix(text)
        if word is not None:
            return Token("op", word, match.start(), match.end())
    if kind == "sign":
        if text == "*":
            text = "*op" if follows_operand else "*"
            return Token("op" if follows_operand else "name", text, match.start(), match.end())
        return Token("op", text, match.start(), match.end())
    if kind == "text":
        text = text[1:-1]
    return Token(kind, text, match.start(), match.end())


def _operator_prefix(text: str) -> str | None:
    return text if text in _OPERATOR_NAMES else None


def _unreadable(formula: str, at: int) -> FormulaSyntax:
    char = formula[at]
    if char in "\"'":
        return FormulaSyntax(
            "a quote is opened and never closed", at, len(formula), "Close the quote."
        )
    if char in "‘’“”":
        return FormulaSyntax(
            "curly quotes are not quotes in a formula", at, at + 1, "Type straight quotes: '"
        )
    if char in "&!":
        return FormulaSyntax(
            f"{char!r} means nothing in a formula", at, at + 1, "Write and, or, not( ), !="
        )
    return FormulaSyntax(f"the character {char!r} does not belong here", at, at + 1)
