"""What buttons were pressed for and is being written: a draft that is kept meanwhile is the rest.

A commit takes the drafts of what it writes with it. Whoever types on keeps a draft again before the
page hears of it, and the laptop may lock in between: what is on disk by then must not come back.
Refuses to take anything off a draft while the commit is not on disk: it may fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.operations.writing import Vault


Rest = Callable[[str, str], str]  # what stays of a draft where this much of it was written


@dataclass(slots=True, eq=False)
class Press:
    """One commit with the drafts it takes along."""

    owner: object  # whose page it is: what stands on another page was never pressed for
    typed: dict[str, str]  # by name of the draft: what was to be kept last, "" where nobody knows
    took: dict[str, str] | None = None  # by name: what was written; None until it is on disk
    again: Mapping[str, Rest] | None = None  # "Try again": how the rest of each draft is found

    def drop(self, vault: Vault) -> dict[str, str]:
        """Within the commit: the drafts go. Gives what was written of them.

        That is not always what stood there: a full disk may have kept no draft. And what was typed
        after a press that failed is not written by its "Try again": it stays.
        """
        took = {name: text or vault.drafts.read(name) for name, text in self.typed.items()}
        for name, text in took.items():
            left = self._left(vault, name, text)
            if left:
                vault.drafts.keep(name, left)
            else:
                vault.drafts.drop(name)
        return took

    def _left(self, vault: Vault, name: str, taken: str) -> str:
        kept = vault.drafts.read(name) if self.again is not None else ""
        if self.again is None or not kept or kept == taken:
            return ""
        rest = self.again.get(name)
        return rest(kept, taken) if rest is not None else kept


class Pressed:
    """Those of which the page has not heard how they ended."""

    def __init__(self) -> None:
        self._open: list[Press] = []
        self._typed: dict[str, str] = {}
        self._rests: dict[str, Rest] = {}  # by name: of what buttons save

    def keeps(self, name: str, text: str, rest: Rest | None = None) -> None:
        """What is to be kept as the draft of this name; "" for nothing."""
        self._typed[name] = text
        if rest is not None:
            self._rests[name] = rest

    def found(self, name: str, text: str) -> None:
        """What was kept before is given back to its field."""
        self._typed.setdefault(name, text)

    def now(self, names: Iterable[str]) -> dict[str, str]:
        """What a press takes along now; "Try again" takes the same."""
        return {name: self._typed.get(name, "") for name in names}

    def begin(self, owner: object, names: Iterable[str] | Mapping[str, str]) -> Press:
        """A button is pressed; `names` are the drafts that go with it.

        "Try again" gives them with what it was pressed for at first.
        """
        if isinstance(names, Mapping):
            press = Press(owner, dict(names), again=self._rests)
        else:
            press = Press(owner, self.now(names))
        if press.typed:
            self._open.append(press)
        return press

    def over(self, press: Press) -> None:
        """It is told: from now on the fields hold the rest alone, or all of it is unsaved."""
        if press not in self._open:
            return
        self._open.remove(press)
        for name, text in press.typed.items() if press.took is not None else ():
            if self._typed.get(name) == text:
                self._typed.pop(name)

    def of(self, owner: object, name: str) -> tuple[Press, ...]:
        """Those of this page that take the draft of this name."""
        return tuple(e for e in self._open if e.owner is owner and name in e.typed)
