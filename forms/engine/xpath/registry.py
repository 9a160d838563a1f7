"""The one table of functions: name, what stands in its brackets, what comes out, words of help.

A parameter is one letter: s text, n number, b yes-no, N nodes, v any; `?` optional, `*` any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Kind = str  # one of s n b N v


@dataclass(frozen=True, slots=True)
class Function:
    """One function a formula may call."""

    name: str
    params: tuple[Kind, ...]
    low: int
    high: int | None  # None: as many as you like
    returns: Kind
    call: Callable[..., Any]
    help: str
    volatile: bool = False

    def kind_at(self, at: int) -> Kind:
        """What the argument at this place is turned into."""
        return self.params[min(at, len(self.params) - 1)]

    def counts(self) -> str:
        """How many values the brackets take, in words."""
        if self.high is None:
            return f"at least {self.low}"
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


FUNCTIONS: dict[str, Function] = {}
SPECIAL: dict[str, tuple[int, int | None, Kind, str]] = {
    "if": (3, 3, "v", "if(condition, when yes, when no)"),
    "position": (0, 1, "n", "position(..) is the number of this repeat"),
    "last": (0, 0, "n", "how many there are in this list"),
    "current": (0, 0, "N", "the question this formula belongs to"),
    "once": (1, 1, "s", "worked out once, then kept"),
    "indexed-repeat": (3, 7, "N", "a question in the repeat of that number"),
}


def function(
    name: str, params: str, returns: Kind, words: str, *, volatile: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function; it is called as call(here, *arguments)."""
    kinds: list[Kind] = []
    low, high = 0, 0
    endless = False
    for word in params.split():
        kinds.append(word[0])
        high += 1
        if word.endswith("*"):
            endless = True
        elif not word.endswith("?"):
            low += 1

    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = Function(
            name, tuple(kinds), low, None if endless else high, returns, call, words, volatile
        )
        return call

    return register


def known_names() -> list[str]:
    """Every name a formula may call."""
    return sorted({*FUNCTIONS, *SPECIAL})


def arity(name: str) -> tuple[int, int | None] | None:
    """How many values the brackets of a function take; None for a function nobody knows."""
    if name in SPECIAL:
        return SPECIAL[name][:2]
    found = FUNCTIONS.get(name)
    return None if found is None else (found.low, found.high)
