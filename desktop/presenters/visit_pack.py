"""Sheets for visits: who is on the round, what stands on each sheet, and the pages of it all.

Reads each enterprise as its own page shows it. Refuses private notes until the coach ticks them,
and only ever the coach's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.printing import Sheet, Talk, VisitPack
from desktop.presenters import words
from desktop.presenters.checklist_picture import checklist_picture
from desktop.presenters.enterprise import frame
from desktop.presenters.overview_picture import promises
from desktop.presenters.timeline import timeline
from desktop.presenters.today import DIARY, was_planned
from desktop.trouble import in_words
from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise
from forms.values import LONDON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from desktop.context import Context
    from forms.rules.pack import Pack
    from forms.values import Actor
    from storage.caseload import CaseloadRow

MOST = 60  # enterprises to choose from: a round is a handful, a caseload is not a round
MOST_LINES = 8  # of a list on a sheet: with what was said last it is one page
TALKS = 3
LONGEST = 400  # characters of a note
NOBODY = "Tick at least one person first."
NO_ROUND = "Nobody is in the diary for this day. In Caseload, press Visit sheets to choose people."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody who can be on the round."""

    id: str
    words: str  # "Mary Thorne, Ashwick"
    ticked: bool


class PackView(Protocol):
    """What the presenter asks of the window."""

    def show_choices(self, choices: tuple[Choice, ...], left_out: int) -> None:
        """Who can be on the round; how many of the list are not offered."""
        ...

    def draw(self, sheet: VisitPack) -> None:
        """Draw the pages of this pack."""
        ...

    def show_wait(self, words: str) -> None:
        """No pages yet, and why."""
        ...

    def show_unread(self, words: str, again: Callable[[], None]) -> None:
        """No pages, because the records could not be read; a way to try `again`."""
        ...


class VisitPackPresenter:
    """Offers a round and gathers its sheets."""

    def __init__(
        self,
        context: Context,
        view: PackView,
        ids: tuple[str, ...],
        *,
        ticked: frozenset[str],
        on: date,
    ) -> None:
        """`ids` in the order of the round, or of the list it is chosen from."""
        self._context, self._view = context, view
        self._ids, self._ticked, self._on = ids, ticked, on
        self._turn = 0

    def load(self) -> None:
        """Read who they are."""
        first = [each for each in self._ids if each in self._ticked][:MOST]
        rest = [each for each in self._ids if each not in self._ticked][: MOST - len(first)]
        offered = [each for each in self._ids if each in {*first, *rest}]
        self._context.read(
            partial(_choices, ids=offered, ticked=self._ticked),
            owner=self._view,
            on_done=partial(self._offered, len(self._ids) - len(offered)),
            on_failed=partial(self._unread, self.load),
        )

    def ask(self, ids: tuple[str, ...], *, private: bool) -> None:
        """The pages for these people."""
        self._turn += 1
        if not ids:
            self._view.show_wait(NOBODY if self._ids else NO_ROUND)
            return
        self._view.show_wait("Reading the records")
        self._context.read(
            partial(
                visit_pack,
                ids=ids,
                pack=self._context.pack,
                actor=self._context.actor,
                on=self._on,
                private=private,
                practice=self._context.session.practice,
            ),
            owner=self._view,
            on_done=self._newest(self._turn),
            on_failed=partial(self._unread, partial(self.ask, ids, private=private)),
        )

    def _unread(self, again: Callable[[], None], error: Exception) -> None:
        """The window stands before the one that says why: its "Try again" must be in here."""
        self._context.tell.failed(error, again=again)
        self._view.show_unread(in_words(error).words, partial(self._once_more, again))

    def _once_more(self, again: Callable[[], None]) -> None:
        self._context.tell.solved(again)
        again()

    def _offered(self, left_out: int, choices: tuple[Choice, ...]) -> None:
        self._view.show_choices(choices, left_out)

    def _newest(self, turn: int) -> Callable[[VisitPack], None]:
        def came(pack: VisitPack) -> None:
            if turn == self._turn:
                self._view.draw(pack)

        return came


def _choices(reader: Any, *, ids: list[str], ticked: frozenset[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            id=row.id,
            words=", ".join(part for part in (_who(row), row.place) if part),
            ticked=row.id in ticked,
        )
        for row in reader.caseload_rows(ids)
    )


def _who(row: CaseloadRow) -> str:
    return row.leader or row.name or "No name yet"


def visit_pack(
    reader: Any,
    *,
    ids: tuple[str, ...],
    pack: Pack,
    actor: Actor,
    on: date,
    private: bool,
    practice: bool,
) -> VisitPack:
    """The sheets of these enterprises: who has a time first, by the clock (vault lane)."""
    planned = [each for each in reader.sessions_on(on) if _is_planned(reader, each) and _when(each)]
    planned.sort(key=lambda each: (each.at, each.id), reverse=True)
    diary = {each.enterprise_id: each for each in planned}  # the earliest of each
    in_order = sorted(ids, key=lambda one: _when(diary.get(one)) or "~")
    there = {each.id: each for each in reader.get_all(Enterprise, ids)}
    return VisitPack(
        on=on,
        coach=actor.name,
        council=pack.council,
        sheets=tuple(
            _sheet(reader, pack, actor, there[one], on, diary.get(one), private=private)
            for one in in_order
            if one in there
        ),
        practice=practice,
    )


def _sheet(
    reader: Any,
    pack: Pack,
    actor: Actor,
    enterprise: Enterprise,
    on: date,
    session: CoachingSession | None,
    *,
    private: bool,
) -> Sheet:
    who = frame(reader, pack, enterprise.id, on)
    items = checklist_picture(reader, pack, actor, enterprise.id, on).rows
    still = [(row.title, row.state_words) for row in items if row.section == "open" and row.must]
    still += [
        (row.title, row.state_words) for row in items if row.section == "open" and not row.must
    ]
    promised = [(each.text, each.who, each.when) for each in promises(reader, enterprise.id, on)]
    talked, own = _talks(reader, pack, actor, enterprise.id, on)
    return Sheet(
        who=who.identity.title,
        trading=who.identity.trading_name,
        when=_when(session),
        place=who.identity.place,
        phone=enterprise.phone,
        needs=enterprise.access_needs,
        stage=who.stage,
        progress=who.progress,
        next_due=", ".join(part for part in (promised[0][0], promised[0][2]) if part)
        if promised
        else "",
        still_to_do=tuple(still[:MOST_LINES]),
        more_to_do=max(len(still) - MOST_LINES, 0),
        promises=tuple(promised[:MOST_LINES]),
        more_promises=max(len(promised) - MOST_LINES, 0),
        talks=talked,
        private=own if private else (),
    )


def _talks(
    reader: Any,
    pack: Pack,
    actor: Actor,
    enterprise_id: str,
    on: date,
) -> tuple[tuple[Talk, ...], tuple[Talk, ...]]:
    """The last talks without what is private, and the coach's own private notes."""
    sessions = reader.all(CoachingSession, enterprise_id=enterprise_id)
    heads = {
        each.record_id: ", ".join(part for part in (each.head, each.source) if part)
        for each in timeline(reader, pack, actor, enterprise_id, edits=False)
    }
    had = [
        each
        for each in sorted(sessions, key=lambda s: (s.on, s.id), reverse=True)
        if each.on <= on
        and each.note.strip()
        and not (each.on == on and _is_planned(reader, each))  # to come, not had
    ]
    own = [
        each
        for each in sorted(sessions, key=lambda s: (s.on, s.id), reverse=True)
        if each.private_note.strip() and each.by_id == actor.id
    ]

    def said(each: CoachingSession, body: str) -> Talk:
        head = f"{words.weekday(each.on)}, {heads.get(each.id, 'Note')}"
        cut = body if len(body) <= LONGEST else f"{body[:LONGEST].rstrip()}…"
        return Talk(head=head, body=cut)

    return (
        tuple(said(each, each.note) for each in had[:TALKS]),
        tuple(said(each, each.private_note) for each in own[:TALKS]),
    )


def _is_planned(reader: Any, session: CoachingSession) -> bool:
    """An appointment, as Today has it: a call that was noted when it was over is none."""
    return session.kind in DIARY and was_planned(reader, session)


def _when(session: CoachingSession | None) -> str:
    if session is None or session.at is None:
        return ""
    return f"{session.at.astimezone(LONDON):%H:%M}, {session.kind}"
