"""Carry by hand: work to the council and back on a stick, for weeks without a line.

Says what a file holds and what came back, in counts. Refuses to call anything sent before the
council's answer has been read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.operations import carry
from desktop.presenters.saving import unread
from desktop.presenters.words import size as words_of_size
from desktop.trouble import in_words

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.context import Context
    from forms.change import Changes
    from storage.vault import Vault


class CarryView(Protocol):
    """The page, as the presenter sees it."""

    def show_waiting(self, words: str, *, able: bool) -> None:
        """What a file would hold; `able`: whether one can be made or read at all."""
        ...

    def show_done(self, words: str, lines: tuple[str, ...]) -> None:
        """A file was made or read."""
        ...

    def show_problem(self, words: str) -> None:
        """It could not be, or not whole; the words say what is safe."""
        ...


class CarryPresenter:
    """Makes files and reads them."""

    def __init__(self, view: CarryView, context: Context) -> None:
        self._view, self._context = view, context

    @property
    def offered_name(self) -> str:
        """A name for the file that says what it is and from which day, and nothing of anybody."""
        return f"for-the-council-{self._context.clock.now():%Y-%m-%d}.hedgerow"

    def load(self) -> None:
        """What waits now."""
        if self._context.session.practice:
            words = "Practice records are never sent, so there is nothing to carry."
            self._view.show_waiting(words, able=False)
            return
        self._context.with_vault(
            carry.waiting,
            owner=self._view,
            on_done=self._waiting,
            on_failed=unread(self._context, self._not_seen, self.load),
        )

    def write(self, path: Path) -> None:
        """Write a file for the council."""
        clock = self._context.clock

        def work(vault: Vault) -> carry.Waiting:
            return carry.write_file(vault, path, clock)

        self._context.with_vault(
            work,
            owner=self._view,
            on_done=lambda made: self._written(path.name, made),
            on_failed=self._failed,
        )

    def read(self, path: Path) -> None:
        """Read the file that came back."""
        clock = self._context.clock

        put_away: list[Changes] = []

        def work(vault: Vault) -> carry.CameBack:
            return carry.read_file(vault, path, clock, put_away)

        def failed(error: Exception) -> None:
            for changes in put_away:  # of a file that was read in part, or that asks for another
                self._context.broadcast.announce(changes, self._view)
            self._failed(error)

        self._context.with_vault(work, owner=self._view, on_done=self._read, on_failed=failed)

    def _waiting(self, found: carry.Waiting) -> None:
        if not found.joined:
            words = "This laptop has not joined a council yet. It has to, once, over a line."
            self._view.show_waiting(words, able=False)
            return
        size = f", about {words_of_size(found.size)}" if found.size else ""
        self._view.show_waiting(f"Waiting here: {_counts(found)}{size}.", able=True)

    def _not_seen(self, words: str) -> None:
        self._view.show_waiting(words, able=False)

    def _written(self, name: str, made: carry.Waiting) -> None:
        self._view.show_done(
            f"{name} holds {_counts(made)}. Only the council can read it.",
            (
                "Nothing counts as sent until you have read the council's answer here.",
                *_no_room(made),
            ),
        )
        self.load()

    def _read(self, back: carry.CameBack) -> None:
        for changes in back.changes:
            self._context.broadcast.announce(changes, self._view)
        lines = [
            f"Came in: {_many(back.records, 'record')}.",
            f"Answered: {_many(back.answers, 'question')}.",
            f"Still waiting here: {_many(back.waiting, 'change')} and "
            f"{_many(back.files_waiting, 'file')}.",
            *back.said,
        ]
        said = f"Sent: {_many(back.sent, 'change')} and {_many(back.files, 'file')}."
        if not (back.sent or back.files or back.records or back.answers or back.said):
            said = "Nothing in that answer was new. It had been read before, or came by the line."
        self._view.show_done(said, tuple(lines))
        self.load()

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(in_words(error).words)
        self.load()


def _no_room(made: carry.Waiting) -> tuple[str, ...]:
    """What a stick that was too small leaves for the next file."""
    if not made.left:
        return ()
    wait = "It waits" if made.left == 1 else "They wait"
    if made.begun:
        others = f" {_many(made.left - 1, 'more file')} waited for room." if made.left > 1 else ""
        return (
            "There was room for a part of one file. Read the answer to this one, then make another "
            f"file: it goes on from there.{others}",
        )
    if not made.needs:
        words = f"{_many(made.left, 'file')} could not be read on this laptop and did not go in."
        return (f"{words} “Where everything is” says which.",)
    return (
        f"There was no room for {_many(made.left, 'file')}. {wait} here. Make another file when "
        "the answer to this one has been read, or use a larger stick: the next one needs "
        f"{words_of_size(made.needs)} free.",
    )


def _counts(found: carry.Waiting) -> str:
    return (
        f"{_many(found.changes, 'change')}, {_many(found.questions, 'question')} and "
        f"{_many(found.files, 'file')}"
    )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
