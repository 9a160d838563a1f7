"""A note in ten seconds from anywhere: for whom, what happened, Add.

Finds the enterprise by typed words; a route may name it already. Refuses to guess between two.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework
from desktop.presenters.claims import who_of
from desktop.presenters.saving import FieldSaver, ShowsFields, rest_of
from desktop.presenters.step_words import added_words
from desktop.presenters.timeline import KIND_WORDS
from forms.facts.people import Enterprise

if TYPE_CHECKING:
    from desktop.context import Context

LIMIT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An enterprise the note could be for."""

    id: str
    words: str


def find(reader: Any, typed: str) -> tuple[Found, ...]:
    """Enterprises that match what was typed; nothing typed gives the first few."""
    ids = list(reader.caseload(words=typed, view="all", limit=LIMIT).ids)
    return tuple(Found(id=each, words=who_of(reader, each)) for each in ids)


class QuickNoteView(ShowsFields, Protocol):
    """What the presenter asks of the page."""

    def show_found(self, found: tuple[Found, ...], chosen: str, *, looked: bool) -> None:
        """Show whom the note could be for; `looked`: words were typed to find somebody."""
        ...

    def restore(self, text: str) -> None:
        """Give back half-typed text."""
        ...

    def restore_kind(self, kind: str) -> None:
        """The kind that was chosen for the half-typed text."""
        ...

    def note_added(self) -> bool:
        """It is on disk. Whether more was typed since."""
        ...


class QuickNotePresenter:
    """Finds whom, writes the note."""

    def __init__(self, context: Context, view: QuickNoteView, enterprise_id: str = "") -> None:
        self._context = context
        self._view = view
        self._chosen = enterprise_id
        self._typed = self._kept = ""
        self._text = ""  # of the half-typed note, as far as it is kept
        self._pressed = ""  # of it, what is being added
        self._more = False  # whether there is more of it than that, as far as it is kept
        # each person's half-typed note is their own: it never comes up under another name
        scope = f"quick_note/{enterprise_id}" if enterprise_id else "quick_note"
        self._saver = FieldSaver(context, view, scope)

    def load(self) -> None:
        """The enterprise of the route, or the first few; and what was half typed."""
        if self._chosen:
            self._look_up(self._chosen)
        else:
            self.find("")
        self._saver.read_together(("note", "chosen"), self._give_back)

    def keep_chosen(self, enterprise_id: str, kind: str) -> None:
        """For whom and what kind, beside the half-typed text; without a text it is nothing."""
        self._chosen = enterprise_id or self._chosen
        kept = f"{kind} {enterprise_id}" if self._text.strip() else ""
        more = bool(rest_of(self._text, self._pressed))
        if (kept, more) != (self._kept, self._more):
            self._kept, self._more = kept, more
            self._saver.keep_draft("chosen", kept, partial(_beside, more))

    def _give_back(self, half: dict[str, str]) -> None:
        self._text = half.get("note", "")
        if not self._text.strip():
            return
        self._kept = half.get("chosen", "")
        kind, _, enterprise_id = self._kept.partition(" ")
        self._view.restore(self._text)
        if kind in KIND_WORDS:
            self._view.restore_kind(kind)
        if enterprise_id and enterprise_id != self._chosen:
            self._chosen = enterprise_id  # whom it was written for, wherever it was begun
            self._look_up(enterprise_id)

    def _look_up(self, enterprise_id: str) -> None:
        self._context.read(
            lambda reader: (
                (Found(id=enterprise_id, words=who_of(reader, enterprise_id)),)
                if reader.get(Enterprise, enterprise_id) is not None
                else find(reader, "")
            ),
            owner=self._view,
            on_done=self._found,
        )

    def find(self, typed: str) -> None:
        """Look for whom it is."""
        self._typed = typed.strip()
        self._context.read(partial(find, typed=typed), owner=self._view, on_done=self._found)

    def keep_draft(self, text: str) -> None:
        """Keep half-typed text."""
        self._text = text
        self._saver.keep_draft("note", text, rest_of)

    @property
    def is_adding(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("note")

    def add(self, enterprise_id: str, text: str, kind: str) -> None:
        """Add the note and go back to where the person was."""
        if not enterprise_id:
            self._view.field_failed("who", "Choose whom the note is for.")
            return
        self._kept, self._pressed = "", text  # it goes with the note: with more it is kept again
        operation = partial(_add, enterprise_id=enterprise_id, text=text, kind=kind)
        name, drops = added_words(text), (self._saver.draft("chosen"),)
        self._saver.commit("note", operation, self._added, name=name, once=True, drops=drops)

    def _found(self, found: tuple[Found, ...]) -> None:
        ids = [each.id for each in found]
        alone = ids[0] if len(ids) == 1 else ""
        chosen = self._chosen if self._chosen in ids else alone
        self._view.show_found(found, chosen, looked=bool(self._typed))

    def _added(self, _note_id: object) -> None:
        self._kept = self._text = self._pressed = ""
        if not self._view.note_added():
            self._context.goes.back()


def _beside(more: bool, text: str, _taken: str) -> str:  # noqa: FBT001 -- bound where it is kept
    """For whom it is, while there are more words than the note that was added."""
    return text if more else ""


def _add(writing: Any, *, enterprise_id: str, text: str, kind: str) -> str:
    return casework.add_note(writing, enterprise_id, text=text, kind=kind)
