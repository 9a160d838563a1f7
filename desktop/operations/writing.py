"""One change being written: the open unit, who writes it, when, and the vault around it.

An operation is a plain function whose first argument is a `Writing`; `write` runs one in the
vault lane inside one commit. Refuses to start a thread of its own: the context has the one door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from forms.values import Actor, london_day

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.pressed import Taken

T = TypeVar("T")


class Unit(Protocol):
    """What an operation may do inside one commit (storage.unit)."""

    def add(self, record: Any) -> Any:
        """A new record."""
        ...

    def set(self, cls: Any, record_id: str, **fields: Any) -> Any:
        """Other values of some fields."""
        ...

    def remove(self, cls: Any, record_id: str, *, why: str) -> Any:
        """A mark that it is gone."""
        ...

    def settle(self, conflict_id: str, value: Any, *, note: str = "") -> Any:
        """A choice between two values."""
        ...

    def ask(self, request: Any) -> Any:
        """A decision to ask for."""
        ...


class Vault(Protocol):
    """What operations and pictures use of the vault (storage.vault)."""

    @property
    def reader(self) -> Any:
        """The read side."""
        ...

    @property
    def files(self) -> Any:
        """The encrypted files."""
        ...

    @property
    def drafts(self) -> Any:
        """Half-typed text."""
        ...

    @property
    def forms(self) -> Any:
        """Form definitions, and the sheets being filled in."""
        ...


@dataclass(frozen=True, slots=True)
class Writing:
    """The unit of one change with its author and moment."""

    unit: Unit
    vault: Vault
    actor: Actor
    at: datetime
    small_copy: Callable[[bytes], bytes] | None = None  # of a photo; None where none are made

    @property
    def reader(self) -> Any:
        """The read side, as it was before this change."""
        return self.vault.reader

    @property
    def today(self) -> date:
        """The day of this change in London."""
        return london_day(self.at)


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """What a finished operation hands back: its own result, and when it was on disk."""

    result: T
    at: datetime


Operation = Callable[[Writing], T]


def write(
    context: Context,
    operation: Operation[T],
    *,
    owner: object,
    on_done: Callable[[Written[T]], None],
    on_failed: Callable[[Exception], None] | None = None,
    name: str = "",
    drops: Iterable[str] | Taken = (),
) -> None:
    """Run one operation in one commit in the vault lane; on any error nothing of it is kept.

    `name` says what was done, and has the undo bar offer it back (see `Context.change`).
    `drops` are the drafts of what is written: they go in the same commit, so that it is there once
    also when the page is gone by then.
    """
    vault, actor, clock = context.session.vault, context.actor, context.clock
    small = context.small_copy

    def work(unit: Unit) -> Written[T]:
        now = clock.now()
        return Written(operation(Writing(unit, vault, actor, now, small)), now)

    context.change(work, owner=owner, on_done=on_done, on_failed=on_failed, name=name, drops=drops)
