"""The small language of conditions in a pack: `ent = "SOLE" and (svc has "pc" or emp > 0)`.

Three-valued: met, unmet, or unknown when a fact that decides is missing (it says which). Own
parser; it can only compare facts with written values. Refuses calls, arithmetic and loops.

    always · never · NAME · NAME = VALUE · NAME != VALUE · NAME < <= > >= NUMBER
    NAME in (VALUE, VALUE) · NAME has VALUE · NAME has (VALUE, VALUE)   (has: any of them)
    not X · X and Y · X or Y · ( X ) · known NAME
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from forms.rules.finding import Verdict

Value = str | Decimal | bool
Facts = Mapping[str, object]


class ConditionError(ValueError):
    """A condition that cannot be read. Says at which word."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a condition came to, and which missing facts kept it from an answer."""

    verdict: Verdict
    missing: frozenset[str] = frozenset()


_MET, _UNMET = Judged(Verdict.MET), Judged(Verdict.UNMET)


@dataclass(frozen=True, slots=True)
class Constant:
    """`always` or `never`."""

    holds: bool

    def judge(self, facts: Facts) -> Judged:  # noqa: ARG002  (same shape as its siblings)
        """Met or unmet, whatever the facts."""
        return _MET if self.holds else _UNMET


@dataclass(frozen=True, slots=True)
class Known:
    """`known NAME`: whether anybody has answered."""

    name: str

    def judge(self, facts: Facts) -> Judged:
        """Met when the fact is there."""
        return _MET if facts.get(self.name) is not None else _UNMET


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact against written values."""

    name: str
    op: str
    values: tuple[Value, ...]

    def judge(self, facts: Facts) -> Judged:
        """Unknown when the fact is missing or is not the kind of thing that can be compared."""
        fact = facts.get(self.name)
        holds = None if fact is None else _compare(fact, self.op, self.values)
        if holds is None:
            return Judged(Verdict.UNKNOWN, frozenset({self.name}))
        return _MET if holds else _UNMET


@dataclass(frozen=True, slots=True)
class Not:
    """`not X`."""

    of: Node

    def judge(self, facts: Facts) -> Judged:
        """The other way round; unknown stays unknown."""
        inner = self.of.judge(facts)
        return {Verdict.MET: _UNMET, Verdict.UNMET: _MET}.get(inner.verdict, inner)


@dataclass(frozen=True, slots=True)
class Joined:
    """`X and Y` or `X or Y`: one side can decide even when the other is unknown."""

    parts: tuple[Node, ...]
    every: bool

    def judge(self, facts: Facts) -> Judged:
        """Kleene's three-valued and, or."""
        judged = [part.judge(facts) for part in self.parts]
        decides = Verdict.UNMET if self.every else Verdict.MET
        if any(one.verdict is decides for one in judged):
            return Judged(decides)
        missing = frozenset().union(*(one.missing for one in judged))
        if any(one.verdict is Verdict.UNKNOWN for one in judged):
            return Judged(Verdict.UNKNOWN, missing)
        return _MET if self.every else _UNMET


Node = Constant | Known | Compare | Not | Joined


def judge(text: str, facts: Facts) -> Judged:
    """What a condition comes to. Raises ConditionError when it cannot be read."""
    return parse(text).judge(facts)


def _compare(fact: object, op: str, values: tuple[Value, ...]) -> bool | None:
    if op == "has":
        items = fact if isinstance(fact, list | tuple | set | frozenset) else None
        return None if items is None else any(value in items for value in values)
    if op == "in":
        return any(_same(fact, value) for value in values)
    if op in ("=", "!="):
        if isinstance(values[0], bool) and not isinstance(fact, bool):
            return None  # "perhaps" is neither yes nor no
        return _same(fact, values[0]) is (op == "=")
    left, right = _number(fact), values[0]
    if left is None or not isinstance(right, Decimal):
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]


def _same(fact: object, value: Value) -> bool:
    if isinstance(value, Decimal):
        number = _number(fact)
        return number is not None and number == value
    return type(fact) is type(value) and fact == value


def _number(fact: object) -> Decimal | None:
    if isinstance(fact, bool) or not isinstance(fact, int | Decimal):
        return None
    return Decimal(fact)


_WORD = re.compile(
    r"""\s*(?:(?P<text>"[^"]*")|(?P<number>\d+(?:\.\d+)?)|(?P<op><=|>=|!=|=|<|>|\(|\)|,)
        |(?P<word>[A-Za-z_][A-Za-z0-9_.]*))""",
    re.VERBOSE,
)
_RESERVED = {"and", "or", "not", "in", "has", "always", "never", "true", "false", "known"}
_LONGEST, _DEEPEST = 2000, 40


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """A condition as a tree. Raises ConditionError in plain words."""
    if len(text) > _LONGEST:
        raise ConditionError(f"The condition is longer than {_LONGEST} characters.")
    parser = _Parser(list(_split(text)))
    node = parser.either(0)
    if parser.peek():
        raise ConditionError(f"“{parser.peek()}” is not expected there.")
    return node


def names_in(text: str) -> frozenset[str]:
    """The facts that a condition looks at."""
    return frozenset(_names(parse(text)))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Compare | Known):
        yield node.name
    elif isinstance(node, Not):
        yield from _names(node.of)
    elif isinstance(node, Joined):
        for part in node.parts:
            yield from _names(part)


def _split(text: str) -> Iterator[str]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            raise ConditionError(f"“{text[at : at + 12]}” cannot be read.")
        yield match.group().strip()
        at = match.end()


class _Parser:
    """Recursive descent over the words of one condition."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def peek(self) -> str:
        """The next word, or nothing."""
        return self._words[self._at] if self._at < len(self._words) else ""

    def take(self, wanted: str = "") -> str:
        """The next word, which must be `wanted` when given."""
        word = self.peek()
        if not word or (wanted and word != wanted):
            expected = f"“{wanted}”" if wanted else "something more"
            raise ConditionError(f"{expected} is expected where “{word or 'the end'}” stands.")
        self._at += 1
        return word

    def either(self, depth: int) -> Node:
        """X or Y or Z."""
        if depth > _DEEPEST:
            raise ConditionError("The brackets are nested too deeply.")
        parts = [self.both(depth)]
        while self.peek() == "or":
            self.take()
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=False)

    def both(self, depth: int) -> Node:
        """X and Y and Z."""
        parts = [self.one(depth)]
        while self.peek() == "and":
            self.take()
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=True)

    def one(self, depth: int) -> Node:
        """Not, brackets, a constant or a comparison."""
        if depth > _DEEPEST:
            raise ConditionError("The condition is nested too deeply.")
        word = self.take()
        if word == "not":
            return Not(self.one(depth + 1))
        if word == "(":
            inner = self.either(depth + 1)
            self.take(")")
            return inner
        if word in ("always", "never"):
            return Constant(word == "always")
        if word == "known":
            return Known(_name(self.take()))
        return self.comparison(_name(word))

    def comparison(self, name: str) -> Node:
        """NAME alone (is it true?) or NAME op VALUE."""
        op = self.peek()
        if op in ("=", "!=", "<", "<=", ">", ">="):
            self.take()
            return Compare(name, op, (self.value(),))
        if op in ("in", "has"):
            self.take()
            several = self.peek() == "("
            return Compare(name, op, self.values() if several else (self.value(),))
        return Compare(name, "=", (True,))

    def values(self) -> tuple[Value, ...]:
        """( VALUE, VALUE )."""
        self.take("(")
        out = [self.value()]
        while self.peek() == ",":
            self.take()
            out.append(self.value())
        self.take(")")
        return tuple(out)

    def value(self) -> Value:
        """A quoted text, a number, true or false."""
        word = self.take()
        if word.startswith('"'):
            return word[1:-1]
        if word in ("true", "false"):
            return word == "true"
        if word[0].isdigit():
            return Decimal(word)
        raise ConditionError(f"“{word}” is not a value: put words in quotes.")


def _name(word: str) -> str:
    if word in _RESERVED or not (word[0].isalpha() or word[0] == "_"):
        raise ConditionError(f"a name is expected where “{word}” stands.")
    return word
