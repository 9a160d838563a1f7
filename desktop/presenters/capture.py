"""One typed line understood: whom it is for, by when, and what. "Mary DBS chase tue".

What is understood is shown as chips before anything is written, and each can be taken out.
Refuses to guess between two people, and to hide what it made of the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework
from desktop.presenters import typed_day, words
from desktop.presenters.saving import FieldSaver, ShowsFields
from desktop.presenters.step_words import added_words

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.writing import Operation
    from storage.reader import Reader

LONGEST_NAME, LONGEST_DAY = 3, 4  # words
MOST = 6  # people offered when a name fits several
DOING = re.compile(
    r"ring|call|chase|send|ask|book|check|email|text|visit|bring|get|order|write|remind|fix|find|"
    r"help|print|show|arrange|follow|look|pay|apply",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the typed words say."""

    typed: str = ""
    who: tuple[tuple[str, str], ...] = ()  # (enterprise, name): one is sure, several ask
    due: date | None = None
    no_such_day: str = ""
    text: str = ""
    is_promise: bool = False

    @property
    def for_whom(self) -> str:
        """The enterprise, when there is exactly one."""
        return self.who[0][0] if len(self.who) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decided about the line: chips taken out or chosen."""

    who: str = ""  # an enterprise, chosen among several or known before
    no_day: bool = False
    promise: bool | None = None  # None: as understood


def understand(reader: Reader, typed: str, today: date, choices: Choices) -> Line:
    """The line in parts (vault lane)."""
    parts = typed.split()
    parts, due, wrong = (parts, None, "") if choices.no_day else _day_at_end(parts, today)
    who, rest = _name_at_start(reader, parts, choices.who)
    text = " ".join(rest)
    doing = bool(due) or any(DOING.fullmatch(part) for part in rest)
    promise = doing if choices.promise is None else choices.promise
    return Line(typed=typed, who=who, due=due, no_such_day=wrong, text=text, is_promise=promise)


def _day_at_end(parts: list[str], today: date) -> tuple[list[str], date | None, str]:
    """The longest run of last words that says a day."""
    for count in range(min(LONGEST_DAY, len(parts) - 1), 0, -1):
        try:
            day = typed_day.read(" ".join(parts[-count:]), today)
        except typed_day.NoSuchDay as error:
            return parts, None, error.said
        if day is not None:
            rest = parts[:-count]
            while rest and rest[-1].casefold() in ("by", "on", "due"):
                rest.pop()
            return rest, day, ""
    return parts, None, ""


def _name_at_start(
    reader: Reader, parts: list[str], chosen: str
) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The longest run of first words that fits somebody, and the words after it."""
    for count in range(min(LONGEST_NAME, len(parts)), 0, -1):
        name = " ".join(parts[:count])
        if not any(sign.isalpha() for sign in name):
            continue
        ids = reader.caseload(name, "all", MOST).ids
        if chosen and chosen in ids:
            ids = (chosen,)
        if ids:
            return _named(reader, list(ids)), parts[count:]
    return (_named(reader, [chosen]) if chosen else ()), parts


def _named(reader: Reader, ids: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((row.id, row.leader or row.name) for row in reader.caseload_rows(ids))


class CaptureView(ShowsFields, Protocol):
    """The line and its chips."""

    def show_line(self, line: Line) -> None:
        """Show what was understood."""
        ...

    def line_added(self, rest: str) -> None:
        """It is on disk; `rest` was typed since and stays."""
        ...


class CapturePresenter:
    """Understands as somebody types; writes when they say Add."""

    def __init__(self, view: CaptureView, context: Context, enterprise_id: str = "") -> None:
        self._view, self._context = view, context
        self._known = enterprise_id
        self._choices = Choices(who=enterprise_id)
        self._line = Line()
        self._text = ""  # the newest words; `_line` is of them once nothing is being read
        self._looks = self._understood_look = 0
        self._wants_adding = False
        # each person's half-typed line is their own: it never comes up on another's
        scope = f"capture/{enterprise_id}" if enterprise_id else "capture"
        self._saver = FieldSaver(context, view, scope)

    def typed(self, text: str) -> None:
        """The line changed. An Add that still waited was about other words: it is taken back."""
        self._wants_adding = False
        self._saver.keep_draft("line", text)
        if not text.strip():
            self._choices = Choices(who=self._known)
        self._look(text)

    def restore(self, show: Any) -> None:
        """Give back a line that was not finished."""
        self._saver.read_draft("line", show)

    def choose_who(self, enterprise_id: str) -> None:
        """One of several; '' asks again."""
        self._change(who=enterprise_id)

    def drop_day(self) -> None:
        """The last words are no day."""
        self._change(no_day=True)

    def turn_kind(self) -> None:
        """A promise and not a note, or the other way."""
        self._change(promise=not self._line.is_promise)

    def add(self) -> None:
        """Write it, or say what is missing. The line stays until it is on disk.

        Words that are not understood yet are waited for: never less is written than was typed.
        """
        self._wants_adding = self._understood_look != self._looks
        if self._wants_adding:
            return
        line = self._line
        problem = _missing(line)
        if problem:
            self._view.field_failed("line", problem)
            return
        written = partial(self._added, line.typed)
        self._saver.commit(
            "line", _operation(line), written, name=added_words(line.text), once=True
        )

    def _change(self, **fields: Any) -> None:
        self._choices = replace(self._choices, **fields)
        self._look(self._text)

    def _look(self, text: str) -> None:
        today, choices = self._context.today, self._choices
        self._text = text
        self._looks += 1
        self._context.read(
            lambda reader: understand(reader, text, today, choices),
            owner=self._view,
            on_done=partial(self._understood, self._looks),
        )

    def _understood(self, look: int, line: Line) -> None:
        if look < self._understood_look:
            return  # "Try again" of a look that a newer one has overtaken
        self._line, self._understood_look = line, look
        self._view.show_line(line)
        if self._wants_adding and look == self._looks:
            self.add()

    def _added(self, sent: str, _record_id: object) -> None:
        """What was typed while it was written is the beginning of the next line."""
        rest = self._text.removeprefix(sent).lstrip()
        self._line, self._choices = Line(), Choices(who=self._known)
        self._view.line_added(rest)
        if rest:
            self.typed(rest)
            return
        self._text = ""
        self._context.goes.back()


def _missing(line: Line) -> str:
    if line.no_such_day:
        return line.no_such_day
    if not line.who:
        return "Start with a name, so that it is clear whom this is for."
    if len(line.who) > 1:
        return "More than one person fits. Choose whom it is for."
    if not line.text:
        return "Write what happened, or what has to be done."
    return ""


def _operation(line: Line) -> Operation[str]:
    if line.is_promise:
        return partial(_promise, enterprise_id=line.for_whom, text=line.text, due_on=line.due)
    return partial(_note, enterprise_id=line.for_whom, text=line.text)


def _promise(writing: Any, *, enterprise_id: str, text: str, due_on: date | None) -> str:
    return casework.add_action(writing, enterprise_id, text=text, due_on=due_on)


def _note(writing: Any, *, enterprise_id: str, text: str) -> str:
    return casework.add_note(writing, enterprise_id, text=text)


def day_words(line: Line) -> str:
    """By Tue 24 Nov 2026."""
    return f"By {words.weekday(line.due)}" if line.due else ""
