"""The seam between the register and its database, and `open_store(url)`.

A store runs a piece of work in one transaction and runs it again when the database asks for
that, so work must not do anything outside the transaction. Refuses to know SQL: see `sql_store`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from sync.register.sql_store import Tx

T = TypeVar("T")
A = TypeVar("A")


class RegisterStore(Protocol):
    """What every store does."""

    @property
    def dialect(self) -> str:
        """The database's name: sqlite or postgresql."""
        ...

    def read(self, work: Callable[[Tx], T], *, of_records: bool = True) -> T:
        """Run in one read-only snapshot. What is hardly `of_records` may not wait for them."""
        ...

    def write(self, work: Callable[[Tx], T]) -> T:
        """Run in one transaction; the rows it will change are locked as it reads them."""
        ...

    def write_and(self, work: Callable[[Tx], T], beside: Callable[[T], A]) -> A:
        """The same, and what `beside` makes of it, perhaps while the disk takes what was done."""
        ...

    def decide(self, work: Callable[[Tx], T]) -> T:
        """Run in one serialisable transaction, one decision after the other."""
        ...

    @property
    def owes(self) -> bool:
        """Whether records wait here to be written after an answer: see `sql_behind`."""
        ...

    def catch_up(self) -> None:
        """Write the records that wait. Whoever reads or writes first does it as well."""
        ...

    def wipe(self) -> bool:
        """What was written over is gone from the disk, as far as the database can see to it."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


def open_store(
    url: str, *, query_seconds: float = 0.0, new: bool = True, up: bool = True
) -> RegisterStore:
    """The store at a URL: `sqlite:///file.db` or `postgresql://...`. Makes missing tables.

    A question to the database that takes longer than `query_seconds` (0 = no end) is given up.
    Where `new` is not allowed, a database without a register is left as it is: NoRegister. Where
    it is not to be brought `up` to date, one of an older program is, too: RegisterTooOld.
    """
    from sync.register.sql_store import SqlStore

    return SqlStore(url, query_seconds=query_seconds, new=new, up=up)
