"""What buttons were pressed for and is being written: a draft that is kept meanwhile is the rest.

A commit takes the drafts of what it writes with it. Whoever types on keeps a draft again before the
page hears of it, and the laptop may lock in between: what is on disk by then must not come back.
Refuses to take anything off a draft while the commit is not on disk: it may fail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.operations.writing import Vault


@dataclass(slots=True, eq=False)
class Press:
    """One commit with the drafts it takes along."""

    owner: object  # whose page it is: what stands on another page was never pressed for
    typed: dict[str, str]  # by name of the draft: what was to be kept last, "" where nobody knows
    took: dict[str, str] | None = None  # by name: what was written; None until it is on disk

    def drop(self, vault: Vault) -> dict[str, str]:
        """Within the commit: the drafts go. Gives what was written of them.

        That is not always what stood there: a full disk may have kept no draft.
        """
        took = {name: text or vault.drafts.read(name) for name, text in self.typed.items()}
        for name in self.typed:
            vault.drafts.drop(name)
        return took


class Pressed:
    """Those of which the page has not heard how they ended."""

    def __init__(self) -> None:
        self._open: list[Press] = []
        self._typed: dict[str, str] = {}

    def keeps(self, name: str, text: str) -> None:
        """What is to be kept as the draft of this name; "" for nothing."""
        self._typed[name] = text

    def begin(self, owner: object, names: Iterable[str]) -> Press:
        """A button is pressed; `names` are the drafts that go with it."""
        press = Press(owner, {name: self._typed.get(name, "") for name in names})
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
