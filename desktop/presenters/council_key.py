"""The council's public key as a person brings it: typed, pasted or in a file; compared by words.

First run and "Ways into my records" ask for it the same way. Refuses to let anybody in before the
words of the key were shown: a letter can be forged, eight words read out over a telephone less so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.operations import vault as vaults

if TYPE_CHECKING:
    from pathlib import Path


class CouncilKeyView(Protocol):
    """What is told about the key, on whatever page it is asked for."""

    def show_problem(self, words: str) -> None:
        """Something to mend; what was typed stays."""
        ...

    def show_council_key(self, typed: str, words: tuple[str, ...]) -> None:
        """The key as it was brought, and the words to compare with the letter."""
        ...


def look_at(view: CouncilKeyView, typed: str) -> None:
    """Show the words of a typed key, or what is wrong with it."""
    from storage.errors import ChangeRefused

    try:
        words = vaults.words_of_council_key(typed)
    except ChangeRefused as refused:
        view.show_problem(str(refused))
        return
    view.show_problem("")
    view.show_council_key(typed, words)


def look_into(view: CouncilKeyView, file: Path) -> None:
    """The same for a key in a file."""
    from storage.errors import ChangeRefused

    try:
        typed = vaults.council_key_in(file)
    except ChangeRefused as refused:
        view.show_problem(str(refused))
        return
    look_at(view, typed)
