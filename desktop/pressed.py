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
class Taken:
    """What a button was pressed for, by name of the draft. "Try again" takes the very same."""

    typed: dict[str, str]  # what was to be kept last, "" where nobody knows before the lane looks
    stood: dict[str, str] | None = None  # on disk at the press; None before the lane looks
    is_pressed: bool = False  # whoever gives it again tries again

    def look(self, vault: Vault) -> None:
        """In the lane, at the press: what is kept here by now was pressed for, and no more.

        That is not always what stood in the fields: a full disk may have kept no draft.
        """
        self.stood = {name: vault.drafts.read(name) or "" for name in self.typed}
        self.typed = {name: text or self.stood[name] for name, text in self.typed.items()}

    def left(self, name: str, kept: str, rest: Rest | None) -> str:
        """What stays of a draft: what was typed since the press."""
        taken = self.typed[name]
        is_older = self.stood is not None and kept == self.stood[name] != taken
        if not kept or is_older:
            return ""
        if rest is not None:
            return rest(kept, taken)
        return kept if kept != taken else ""


@dataclass(slots=True, eq=False)
class Press:
    """One commit with the drafts it takes along."""

    owner: object  # whose page it is: what stands on another page was never pressed for
    taken: Taken
    rests: Mapping[str, Rest]  # by name: how the rest of each draft is found
    again: bool  # "Try again"
    took: dict[str, str] | None = None  # by name: what was written; None until it is on disk

    def look(self, vault: Vault) -> None:
        """Before the commit, which may fail."""
        if not self.again:
            self.taken.look(vault)

    def drop(self, vault: Vault) -> dict[str, str]:
        """Within the commit: the drafts go. Gives what was written of them.

        What was typed after a press that failed is not written by its "Try again": it stays.
        """
        for name in self.taken.typed:
            kept = (vault.drafts.read(name) or "") if self.again else ""
            left = self.taken.left(name, kept, self.rests.get(name))
            if left:
                vault.drafts.keep(name, left)
            else:
                vault.drafts.drop(name)
        return dict(self.taken.typed)


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

    def now(self, names: Iterable[str]) -> Taken:
        """What a press takes along now."""
        return Taken({name: self._typed.get(name, "") for name in names})

    def begin(self, owner: object, drops: Iterable[str] | Taken) -> Press:
        """A button is pressed; `drops` names the drafts that go with it.

        Or it is what is taken along: by a press, and by "Try again" after it.
        """
        taken = drops if isinstance(drops, Taken) else self.now(drops)
        press = Press(owner, taken, self._rests, again=taken.is_pressed)
        taken.is_pressed = True
        if taken.typed:
            self._open.append(press)
        return press

    def over(self, press: Press) -> None:
        """It is told: from now on the fields hold the rest alone, or all of it is unsaved."""
        if press not in self._open:
            return
        self._open.remove(press)
        for name, text in press.taken.typed.items() if press.took is not None else ():
            if self._typed.get(name) == text:
                self._typed.pop(name)

    def of(self, owner: object, name: str) -> tuple[Press, ...]:
        """Those of this page that take the draft of this name."""
        return tuple(e for e in self._open if e.owner is owner and name in e.taken.typed)
