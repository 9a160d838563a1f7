"""Text of a formula into tokens with their positions, operators told from names by XPath's rule."""

from __future__ import annotations

import re
from typing import NamedTuple

from forms.engine.xpath.errors import FormulaSyntax

MAX_TEXT = 100_000
NAME = r"[^\W\d][\w\-.]*"
_TOKEN = re.compile(
    rf"""
    (?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<axis>[a-z\-]+)(?=\s*::)
  | (?P<name>{NAME}(?::(?!:)(?:{NAME}|\*))?)
  | (?P<sign>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*$]))\s*
    """,
    re.VERBOSE,
)
# names one below the other and nothing else: most of what formulas read, taken in one go
_PLAIN_PATH = re.compile(
    rf"((?:/|(?:\.\./)+){NAME}(?:/{NAME})*)(?![\w\-.:]|\s*[/\[(:])\s*", re.UNICODE
)
_MID_PATH = frozenset({"/", "//", "::", "@"})
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
_OPENERS = frozenset(
    {"@", "::", "(", "[", ",", "and", "or", "mod", "div", "*op", "/", "//", "|", "+", "-"}
    | {"=", "!=", "<", "<=", ">", ">="}
)


class Token(NamedTuple):
    """A piece of a formula: kind number | text | name | axis | op | path (a plain one) | end."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(formula: str) -> list[Token]:
    """The tokens of a formula, closed by an `end` token. Raises FormulaSyntax."""
    size = len(formula)
    if size > MAX_TEXT:
        raise FormulaSyntax("this formula is far too long", 0, size)
    found: list[Token] = []
    at = size - len(formula.lstrip())
    operand = False  # whether what stands before is one: then a name may be an operator
    before = ""
    token_at, plain_at = _TOKEN.match, _PLAIN_PATH.match
    while at < size:
        if not operand and formula[at] in "/." and before not in _MID_PATH:
            plain = plain_at(formula, at)
            if plain is not None:
                before = plain.group(1)
                found.append(Token("path", before, at, plain.end(1)))
                at, operand = plain.end(), True
                continue
        match = token_at(formula, at)
        if match is None:
            raise _unreadable(formula, at)
        kind = match.lastgroup or ""
        token = _token(kind, match.group(kind), at, match.end(kind), operand=operand)
        found.append(token)
        before = token.text
        operand = token.kind != "op" or before not in _OPENERS
        at = match.end()
    found.append(Token("end", "", size, size))
    return found


def _token(kind: str, text: str, start: int, end: int, *, operand: bool) -> Token:
    if kind == "sign":
        if text != "*":
            return Token("op", text, start, end)
        return Token("op", "*op", start, end) if operand else Token("name", "*", start, end)
    if kind == "text":
        return Token("text", text[1:-1], start, end)
    if operand and kind == "name" and text in _OPERATOR_NAMES:
        return Token("op", text, start, end)
    return Token(kind, text, start, end)


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
