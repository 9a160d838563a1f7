"""What was read since the last change, so that a second look at a page asks the vault nothing.

Any commit, and the end of any round with the register, throws all of it away: a page is never older
than its records. Refuses to write anything down; it is forgotten when the laptop locks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.alive import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from desktop.broadcast import News
    from desktop.context import Context
    from storage.vault import Vault

MOST = 12  # answers at hand


@dataclass(frozen=True, slots=True)
class _Waits:
    owner: object
    on_done: Callable[[Any], None]
    on_failed: Callable[[Exception], None]


class Known:
    """Made before the first screen, so that it hears of a change before any of them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._answers: dict[Hashable, Any] = {}
        self._asked: dict[Hashable, list[_Waits]] = {}  # on their way, by who waits
        context.broadcast.listen(self, self._hear)

    def read(
        self,
        key: Hashable,
        work: Callable[[Vault], Any],
        *,
        owner: object,
        on_done: Callable[[Any], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        """The answer at once when it is known; else as `with_vault`, once for all who ask."""
        if key in self._answers:
            answer = self._answers[key] = self._answers.pop(key)  # the last one to be let go
            on_done(answer)
            return
        waits = _Waits(owner, on_done, on_failed)
        if key in self._asked:
            self._asked[key].append(waits)
            return
        waiting = self._asked[key] = [waits]
        self._context.with_vault(
            work,
            owner=self,
            on_done=lambda answer: self._came(key, waiting, answer),
            on_failed=lambda error: self._failed(key, waiting, error),
        )

    def forget(self) -> None:
        """Something changed; what is on its way was asked before and is not kept."""
        self._answers.clear()
        self._asked.clear()

    def _hear(self, _news: News) -> None:
        self.forget()

    def _came(self, key: Hashable, waiting: list[_Waits], answer: Any) -> None:
        if self._is_newest(key, waiting):
            self._answers[key] = answer
            while len(self._answers) > MOST:
                del self._answers[next(iter(self._answers))]
        for each in waiting:
            if is_alive(each.owner):
                each.on_done(answer)

    def _failed(self, key: Hashable, waiting: list[_Waits], error: Exception) -> None:
        self._is_newest(key, waiting)
        for each in waiting:
            if is_alive(each.owner):
                each.on_failed(error)

    def _is_newest(self, key: Hashable, waiting: list[_Waits]) -> bool:
        """Whether nothing changed since it was asked; it is on its way no more."""
        if self._asked.get(key) is not waiting:
            return False
        del self._asked[key]
        return True
