"""The timeline of an enterprise: what happened, who said so, and what was changed.

Visits, calls, notes, files, stages and promises are entries; edits of fields come from the
history and are folded by day and person. Refuses to show a private note of another coach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework
from desktop.presenters import words
from desktop.presenters.field_words import FIELD_WORDS
from desktop.presenters.people import Names
from desktop.presenters.saving import FieldSaver, ShowsFields, rest_of, when_seen
from desktop.presenters.step_words import added_words
from desktop.presenters.typed_length import read_minutes
from desktop.presenters.typed_when import read_day_or_moment
from forms.facts.casework import (
    Action,
    Attachment,
    ChecklistItem,
    CoachingSession,
    Signature,
    StageEvent,
)
from forms.facts.people import Leader
from forms.rules import signatures
from forms.rules.pack import Pack
from forms.values import Actor, london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

GROUPS = ("visits", "calls", "notes", "documents", "stages", "edits")
GROUP_WORDS = {
    "visits": "Visits",
    "calls": "Calls",
    "notes": "Notes",
    "documents": "Documents",
    "stages": "Stages and promises",
    "edits": "Edits",
}
KIND_WORDS = {
    "visit": "Visit",
    "call": "Call",
    "event": "Event",
    "note": "Note",
    "message": "Message",
}
_KIND_GROUP = {"visit": "visits", "event": "visits", "call": "calls"}
EDITS = ("set", "settle", "received")  # a record that arrives whole has nothing before it
_KINDS = (
    "session",
    "action",
    "stage_event",
    "attachment",
    "signature",
    "enterprise",
    "leader",
    "checklist_item",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline."""

    on: date
    at: datetime | None
    group: str
    head: str  # "Visit, 50 min"
    body: str
    source: str  # "you", "told us", "document"
    record_id: str = ""

    @property
    def when(self) -> str:
        """The time of day, or nothing."""
        return words.clock_time(self.at) if self.at else ""

    @property
    def spoken(self) -> str:
        """The whole entry as one sentence for a screen reader."""
        parts = [words.weekday(self.on), self.when, self.head, self.source, self.body]
        return ". ".join(part for part in parts if part)


def is_to_come(entry: Entry, now: datetime) -> bool:
    """Whether it is planned only: for a later day, or for later today."""
    today = london_day(now)
    return entry.on > today or (entry.on == today and entry.at is not None and entry.at > now)


def timeline(
    reader: Any, pack: Pack, actor: Actor, enterprise_id: str, *, edits: bool = True
) -> tuple[Entry, ...]:
    """Every entry, newest first; without `edits` the history is not read."""
    names = Names(reader, actor)
    entries = [
        *_sessions(reader, names, actor, enterprise_id),
        *_actions(reader, names, enterprise_id),
        *_stages(reader, pack, names, enterprise_id),
        *_files(reader, enterprise_id),
        *_signatures(reader, names, enterprise_id),
    ]
    if edits:
        entries += _edits(reader, pack, names, enterprise_id)
    return tuple(sorted(entries, key=_newest, reverse=True))


def _newest(entry: Entry) -> tuple[date, str, str]:
    return entry.on, entry.at.isoformat() if entry.at else "", entry.record_id


def _sessions(reader: Any, names: Names, actor: Actor, enterprise_id: str) -> Iterable[Entry]:
    for each in reader.all(CoachingSession, enterprise_id=enterprise_id):
        head = KIND_WORDS.get(each.kind, "Note")
        if each.minutes:
            head += f", {each.minutes} min"
        body = each.note
        if each.private_note and each.by_id == actor.id:
            body += f"\nOnly you see this: {each.private_note}"
        yield Entry(
            on=each.on,
            at=each.at,
            group=_KIND_GROUP.get(each.kind, "notes"),
            head=head,
            body=body,
            source=names.who(each.by_id),
            record_id=each.id,
        )


def _actions(reader: Any, names: Names, enterprise_id: str) -> Iterable[Entry]:
    for each in reader.all(Action, enterprise_id=enterprise_id):
        if each.done_on is not None:
            yield Entry(
                on=each.done_on,
                at=None,
                group="stages",
                head="Promise kept",
                body=each.text,
                source=names.who(each.by_id),
                record_id=each.id,
            )


def _stages(reader: Any, pack: Pack, names: Names, enterprise_id: str) -> Iterable[Entry]:
    labels = {each.code: each.label for each in pack.stages}
    reasons = {each.code: each.label for each in pack.closing_reasons}
    for each in reader.all(StageEvent, enterprise_id=enterprise_id):
        reason = reasons.get(each.reason, each.reason)
        body = ". ".join(part for part in (reason, each.note) if part)
        yield Entry(
            on=each.on,
            at=None,
            group="stages",
            head=f"Stage: {labels.get(each.stage, each.stage)}",
            body=body,
            source=names.who(each.by_id),
            record_id=each.id,
        )


def _files(reader: Any, enterprise_id: str) -> Iterable[Entry]:
    for each in reader.all(Attachment, enterprise_id=enterprise_id):
        if each.added_on is not None:
            source = f"{each.given_by} gave it" if each.given_by else "document"
            yield Entry(
                on=each.added_on,
                at=None,
                group="documents",
                head=f"Document: {each.name}",
                body=each.caption,
                source=source,
                record_id=each.id,
            )


def _signatures(reader: Any, names: Names, enterprise_id: str) -> Iterable[Entry]:
    for each in reader.all(Signature, enterprise_id=enterprise_id):
        if each.signed_at is None or not each.name:
            continue  # erased at the person's wish
        faults = signatures.faults(each)
        how = "drawn by hand" if each.way == "drawn" else "typed name and tick"
        body = "\n".join((f"“{each.wording}”", *faults))
        yield Entry(
            on=london_day(each.signed_at),
            at=each.signed_at,
            group="documents",
            head=f"Signed by {each.name}, {how}",
            body=body,
            source=f"{names.who(each.witness_id)} saw it" if each.witness_id else "",
            record_id=each.id,
        )


def _edits(reader: Any, pack: Pack, names: Names, enterprise_id: str) -> Iterable[Entry]:
    about: dict[str, str] = {enterprise_id: ""}
    for leader in reader.all(Leader, enterprise_id=enterprise_id):
        about[leader.id] = "leader's "
    for item in reader.all(ChecklistItem, enterprise_id=enterprise_id):
        rule = pack.checklist_rule(item.code)
        about[item.id] = f"{rule.title if rule else item.code}: "
    folded: dict[tuple[date, str], list[tuple[datetime, str]]] = defaultdict(list)
    for record_id, prefix in about.items():
        for edit in reader.history(record_id):
            for field, (before, after) in edit_fields(edit).items():
                if field in FIELD_WORDS:
                    line = f"{prefix}{FIELD_WORDS[field]}: {_was(before)}{words.plain(after)}"
                    folded[london_day(edit.at), edit.by_id].append((edit.at, line))
    for (on, actor_id), lines in folded.items():
        lines.sort()
        head = words.counted(len(lines), "edit")
        yield Entry(
            on=on,
            at=lines[-1][0],
            group="edits",
            head=head,
            body="\n".join(line for _, line in lines),
            source=names.who(actor_id),
        )


def _was(before: object) -> str:
    return f"{words.plain(before)} → " if before not in (None, "", (), [], {}) else ""


def edit_fields(edit: Any) -> dict[str, tuple[object, object]]:
    """Field → (before, after) of one history entry; a new record is not an edit."""
    if edit.verb not in EDITS or not edit.before:
        return {}
    return {field: (edit.before.get(field), value) for field, value in edit.after.items()}


class TimelineView(ShowsFields, Protocol):
    """What the presenter asks of the timeline page."""

    def show_entries(self, entries: tuple[Entry, ...], left_out: int) -> None:
        """Show these, newest first; `left_out` are hidden by the filter."""
        ...

    def note_added(self) -> None:
        """The note is on disk: empty the box."""
        ...


class TimelinePresenter:
    """Reads the timeline, filters it, adds notes."""

    _wrong = object()

    def __init__(self, context: Context, view: TimelineView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._entries: tuple[Entry, ...] = ()
        self._shown = set(GROUPS) - {"edits"}
        self._saver = FieldSaver(context, view, f"timeline/{enterprise_id}")
        context.broadcast.listen(view, self._hear, *_KINDS)

    def load(self) -> None:
        """Read everything again."""
        pack, actor = self._context.pack, self._context.actor
        self._context.read(
            lambda reader: timeline(reader, pack, actor, self._enterprise_id),
            owner=self._view,
            on_done=self._arrived,
        )

    def restore_draft(self, show: Any) -> None:
        """Give half-typed text back to the box."""
        self._saver.read_draft("note", show)

    def keep_draft(self, text: str) -> None:
        """Keep half-typed text."""
        self._saver.keep_draft("note", text, rest_of)

    def restore_rest(self, show: Callable[[str, str, str], None]) -> None:
        """Give back the kind, the minutes and the day that were put beside half-typed text."""

        def arrived(kept: str) -> None:
            kind, minutes, on = _parts(kept)
            if kind in KIND_WORDS:
                show(kind, minutes, on)

        self._saver.read_draft("rest", arrived)

    def keep_rest(self, kind: str, minutes: str, on: str) -> None:
        """Keep what is put beside the text."""
        self._saver.keep_draft("rest", "\n".join((kind, minutes, on)), _rest_beside)

    def show_groups(self, groups: Iterable[str]) -> None:
        """Filter: show only these groups."""
        self._shown = set(groups)
        self._show()

    @property
    def is_adding(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("note")

    def add_note(self, text: str, kind: str, minutes: str, on: str) -> None:
        """Add what happened. A wrong number or day is said at once; the text stays."""
        length = self._read("minutes", partial(read_minutes, minutes))
        when = self._read("on", partial(read_day_or_moment, on, self._context.today))
        if length is self._wrong or when is self._wrong:
            return
        day, at = when
        told = {"text": text, "kind": kind, "minutes": length, "on": day, "at": at}
        operation = partial(_add, enterprise_id=self._enterprise_id, **told)
        name, drops = added_words(text), (self._saver.draft("rest"),)
        self._saver.commit("note", operation, self._added, name=name, once=True, drops=drops)

    def _read(self, key: str, read: Callable[[], Any]) -> Any:
        """What was typed, or `_wrong` when the field has been told what to do."""
        try:
            return read()
        except words.NotThat as error:
            self._view.field_failed(key, str(error))
            return self._wrong

    def _added(self, _note_id: object) -> None:
        self._view.note_added()

    def _arrived(self, entries: tuple[Entry, ...]) -> None:
        now = self._context.clock.now()
        self._entries = tuple(
            replace(each, head=f"{each.head}, planned") if is_to_come(each, now) else each
            for each in entries
        )
        self._show()

    def _show(self) -> None:
        shown = tuple(each for each in self._entries if each.group in self._shown)
        self._view.show_entries(shown, len(self._entries) - len(shown))

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _parts(kept: str) -> list[str]:
    """Kind, minutes and day as they were kept."""
    return [*kept.split("\n", 2), "", ""][:3]


def _rest_beside(text: str, taken: str) -> str:
    """What was put beside the next note: a kind chosen since, what was typed behind the others."""
    kind, *typed = _parts(text)
    was, *before = _parts(taken)
    left = tuple(map(rest_of, typed, before))
    return "\n".join((kind, *left)) if any(left) or kind != was else ""


def _add(writing: Any, *, enterprise_id: str, **fields: Any) -> str:
    return casework.add_note(writing, enterprise_id, **fields)
