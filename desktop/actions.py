"""The list of things a person can do: name, words, shortcut.

Menus, the Ctrl+K box and the shortcut sheet are all made from it, so an action cannot be in one
and missing in another.

Refuses two actions with one name or one shortcut, and an action without words. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEAR = 0.8  # how alike a typed word and a word of a name are, from 0 to 1


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `route` actions go somewhere; the others call `run`."""

    name: str  # "go.caseload"
    words: str  # "Caseload"
    run: Callable[[], None]
    shortcut: str = ""  # portable text: "Ctrl+2"
    help: str = ""  # more words that find it in the Ctrl+K box
    also: tuple[str, ...] = ()  # other shortcuts that do the same

    @property
    def all_shortcuts(self) -> tuple[str, ...]:
        """The shortcut and its others."""
        return tuple(keys for keys in (self.shortcut, *self.also) if keys)


class Actions:
    """All actions that can be taken now: the window's own and those of the open screen."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}
        # of the last screen that was about the work: its title, and (keys, words) of what it knows
        self.last_keys: tuple[str, tuple[tuple[str, str], ...]] = ("", ())

    def add(self, action: Action) -> Action:
        """Register one. Raises ValueError for a double name or shortcut, or for no words."""
        if not action.words.strip():
            raise ValueError(f"action {action.name} has no words")
        if action.name in self._actions:
            raise ValueError(f"action {action.name} is there twice")
        taken = {keys: a.name for a in self._actions.values() for keys in a.all_shortcuts}
        for keys in action.all_shortcuts:
            if keys in taken:
                raise ValueError(f"{keys} is {taken[keys]} and {action.name}")
        self._actions[action.name] = action
        return action

    def drop(self, *names: str) -> None:
        """Take actions out, e.g. those of a screen that was left."""
        for name in names:
            self._actions.pop(name, None)

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def __getitem__(self, name: str) -> Action:
        return self._actions[name]

    def matching(self, words: str) -> list[Action]:
        """The actions whose words contain every typed word; those that start with it first."""
        typed = words.casefold().split()
        if not typed:
            return []
        found = [a for a in self if all(t in f"{a.words} {a.help}".casefold() for t in typed)]
        return sorted(found, key=lambda a: (not a.words.casefold().startswith(typed[0]), a.words))

    def near(self, words: str) -> list[Action]:
        """The actions whose names have each typed word but for a slip of the fingers."""
        from difflib import get_close_matches  # not before somebody has slipped

        typed = words.casefold().split()
        names = [(each, each.words.casefold().split()) for each in self] if typed else []
        return [a for a, name in names if all(get_close_matches(t, name, 1, NEAR) for t in typed)]
