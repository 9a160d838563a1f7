"""Things to check whose choice is being written: each once, with no key taken meanwhile.

Tells the page when the one on it is being written: what is typed then would go with it. Refuses to
let what became of one decide whether another can be tried again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.decisions import settle
from desktop.presenters.half_typed import HalfTyped, half_said
from desktop.presenters.saving import FieldSaver, ShowsFields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.context import Context
    from desktop.operations.writing import Operation, Writing
    from desktop.presenters.things_to_check import Thing

FOR_ALL = "choice"  # key of one answer for many


def key_of(thing: Thing) -> str:
    """Of its choice: one that could not be written is tried again whatever became of others."""
    return f"choice/{thing.id}"


class HoldsChoice(ShowsFields, Protocol):
    """A page with the choice of the thing on it."""

    def hold_choice(self, *, held: bool) -> None:
        """While the one on the page is written no key is taken: it would go with it."""
        ...


class Settling:
    """Writes choices in the vault lane."""

    def __init__(
        self, context: Context, view: HoldsChoice, current: Callable[[], Thing | None]
    ) -> None:
        """`current`: the thing on the page."""
        self._context, self._view, self._current = context, view, current
        self._under_way: set[str] = set()  # ids: pressed twice is once
        self._saver = FieldSaver(context, view, "things_to_check")

    def half_of(self, thing: Thing) -> HalfTyped:
        """What is chosen and typed for a thing and not used yet."""
        about = f"things_to_check/{thing.enterprise_id or thing.record_id}/{thing.id}"
        return HalfTyped(self._context, self._view, about)

    def free(self, things: Iterable[Thing]) -> tuple[Thing, ...]:
        """Those that are not being written."""
        return tuple(each for each in things if each.id not in self._under_way)

    def write(
        self,
        things: tuple[Thing, ...],
        operation: Operation[Any],
        then: Callable[[set[str]], None],
        *,
        key: str,
        name: str,
        again: Callable[[], None],
    ) -> None:
        """Write it with the drafts of these; `then` gets their ids once it is on disk."""
        ids = {each.id for each in things}
        self._under_way |= ids
        self.tell_hold()
        self._saver.commit(
            key,
            operation,
            partial(self._written, ids, then),
            name=name,
            again=again,
            if_not=partial(self._not_written, ids),
            drops=[self.half_of(each).name for each in things],
        )

    def is_gone(self, thing: Thing) -> None:
        """It is a thing to check no more: nothing of it comes back, nothing is tried again."""
        self.half_of(thing).drop()
        self._saver.is_settled(key_of(thing))

    def tell_hold(self) -> None:
        """Tell the page whether the thing on it is being written."""
        now = self._current()
        self._view.hold_choice(held=now is not None and now.id in self._under_way)

    def _written(self, ids: set[str], then: Callable[[set[str]], None], _result: object) -> None:
        self._under_way -= ids
        then(ids)

    def _not_written(self, ids: set[str]) -> None:
        self._under_way -= ids
        self.tell_hold()


def settle_all(writing: Writing, each_with: list[tuple[str, Any, str]]) -> int:
    """The same for all (id, value, draft); a reason that was typed for one of them goes with it."""
    for conflict_id, value, half in each_with:
        why = half_said(writing.vault, half).get("note", "")
        settle(writing, conflict_id, value, note=why or "the same choice for all")
    return len(each_with)
