"""Changes → whoever shows them, with who made the change.

A listener is a bound method and an owner; it is forgotten when its owner is gone. GUI thread
only. Refuses to carry anything but "something changed": data is read again from the vault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.alive import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms.change import Changes


@dataclass(frozen=True, slots=True)
class News:
    """What a commit changed, and the object that asked for it (None: it came from the register)."""

    changes: Changes
    initiator: object = None

    def touches(self, *kinds: str) -> bool:
        """Whether any record of these kinds changed."""
        return self.changes.touches(*kinds)


@dataclass(slots=True)
class _Listener:
    owner: object
    hear: Callable[[News], None]
    kinds: tuple[str, ...]


class Broadcast:
    """One list of listeners; no addresses, no topics beyond the kinds of record."""

    def __init__(self) -> None:
        self._listeners: list[_Listener] = []

    def listen(self, owner: object, hear: Callable[[News], None], *kinds: str) -> None:
        """Call `hear` after each commit that touches one of `kinds` (none given: each commit)."""
        self._prune()
        self._listeners.append(_Listener(owner, hear, kinds))

    def forget(self, owner: object) -> None:
        """Stop telling this owner."""
        self._listeners = [each for each in self._listeners if each.owner is not owner]

    def announce(self, changes: Changes, initiator: object = None) -> None:
        """Tell everyone who is still there."""
        self._prune()
        news = News(changes, initiator)
        for listener in list(self._listeners):
            if is_alive(listener.owner) and (not listener.kinds or news.touches(*listener.kinds)):
                listener.hear(news)

    def _prune(self) -> None:
        """A listener holds its presenter: those whose owner is gone are let go."""
        self._listeners = [each for each in self._listeners if is_alive(each.owner)]
