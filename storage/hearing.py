"""How far long work on the records is, for whoever waits, and Stop in the middle of a statement.

Whoever waits is told a step in words, and how much of how much is done (0 of 0 where nobody can
count it). What that raises ends the work and comes out of it. Refuses to tell of single items.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TypeVar

Tell = Callable[[str, int, int], None]
T = TypeVar("T")

EACH = 1_000
MB = 1_000_000


def nobody(_words: str, _done: int, _of: int) -> None:
    """Nobody waits, and nothing is stopped."""


def counted(items: Iterable[T], tell: Tell, words: str, of: int, done: int = 0) -> Iterator[T]:
    """The same items; `tell` hears before the first and after each thousand. `done`: before."""
    try:
        for number, item in enumerate(items, start=done):
            if not (number - done) % EACH:
                tell(words, number, of)
            yield item
    finally:
        if isinstance(items, Generator):  # a question left open would stand in a copy's way
            items.close()
