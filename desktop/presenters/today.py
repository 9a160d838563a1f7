"""Today: who am I seeing, what is due, who waits on whom, who has gone quiet.

What was not done rolls on to today without a word of blame. Refuses to load anybody who is not
on the page. Knows no Qt; `gather` runs in the vault lane.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.casework import (
    ask_for_return,
    chase_action,
    finish_action,
    put_off_action,
)
from desktop.operations.writing import Operation, write
from desktop.presenters.chase import Chase, to_chase
from desktop.presenters.chip import date_words
from desktop.presenters.counted import counted, done_words
from desktop.presenters.handovers import offers_to
from desktop.presenters.reminders import Reminder, reminders
from desktop.presenters.saving import Seen, when_seen
from desktop.presenters.today_doors import TodayDoors
from desktop.trouble import may_pass
from forms.facts.casework import Action, CoachingSession
from forms.facts.people import Enterprise
from forms.values import LONDON, london_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.checklist import Progress
    from forms.rules.pack import Pack
    from storage.caseload import CaseloadRow
    from storage.reader import Reader

KINDS = (
    "action", "session", "enterprise", "stage_event", "checklist_item", "form_response",
    "handover", "seed_claim", "claim_event", "activity_return",
)  # fmt: skip
A_MINUTE = timedelta(minutes=1)
DIARY = frozenset({"visit", "event", "call"})  # what one makes an appointment for
LONGEST_LIST = 100  # 25 are in sight, the rest a press away


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody to see today."""

    enterprise_id: str
    at: str  # "10:00", or "" when no time was set
    name: str
    place: str
    progress: str
    next_step: str
    phone: str = ""
    needs: str = ""  # what to know before one knocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something to do, by me."""

    action_id: str
    enterprise_id: str
    text: str
    name: str
    due: str  # "due tomorrow"
    due_on: date | None = None
    rolled: bool  # was for an earlier day; said calmly


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something somebody else is to do."""

    action_id: str
    enterprise_id: str
    name: str
    text: str
    with_whom: str
    since: str
    again: str = ""  # "by Thu 26 Nov", once a day was set


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """Everything on the page."""

    heading: str
    visits: tuple[Visit, ...]
    due: tuple[Promise, ...]
    more_due: int
    waits: tuple[Wait, ...]
    more_waits: int
    ends: tuple[Reminder, ...] = ()
    more_ends: int = 0
    chases: tuple[Chase, ...] = ()
    more_chases: int = 0
    quiet: int
    stuck: int
    enterprises: int
    to_check: int
    offered: int = 0  # cases that another coach offers to me
    is_today: bool = True
    on: date | None = None

    @property
    def is_calm(self) -> bool:
        """Nothing to see, do or wait for."""
        to_do = (self.visits, self.due, self.waits, self.ends, self.chases, self.offered)
        return not any(to_do)


class TodayView(Seen, Protocol):
    """The page, as the presenter sees it."""

    def show_page(self, page: TodayPage) -> None:
        """Show it all."""
        ...


class TodayPresenter:
    """Fills the page and does what its lines ask for; `doors` lead elsewhere."""

    def __init__(self, view: TodayView, context: Context, day: str = "") -> None:
        """`day`: another day to look at, 2026-11-28."""
        self._view, self._context = view, context
        self.doors = TodayDoors(context)
        self._day = date.fromisoformat(day) if day else None
        self._untried: dict[str, Callable[[], None]] = {}  # by what was pressed: "Try again"
        context.broadcast.listen(view, self._heard, *KINDS)

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self._context.clock.now())

    def load(self) -> None:
        """Read the page again."""
        pack, today, me = self._context.pack, self.today, self._context.actor.id
        day = self._day or today
        self._context.recall(
            ("today", day, today, me),
            lambda vault: replace(
                gather(vault.reader, pack, day),
                is_today=day == today,
                offered=offers_to(vault.reader, me),
            ),
            owner=self._view,
            on_done=self._view.show_page,
        )

    def done(self, promise: Promise) -> None:
        """Tick it off; can be taken back."""
        self._write(
            partial(finish_action, action_id=promise.action_id), f"“{promise.text}” is done"
        )

    def to_monday(self, promise: Promise) -> None:
        """Move it to next Monday; can be taken back."""
        monday = next_monday(self.today)
        said = f"“{promise.text}” moved to {date_words(monday, self.today)}"
        self._write(partial(put_off_action, action_id=promise.action_id, due_on=monday), said)

    def chase(self, wait: Wait) -> None:
        """Somebody was reminded: it goes on the timeline and comes back in a week."""
        operation = partial(chase_action, action_id=wait.action_id, with_whom=wait.with_whom)
        self._write(operation, f"“{wait.text}” chased")

    def ask_for_return(self, chase: Chase) -> None:
        """Ask for an overdue return; it waits on its leader from now on."""
        operation = partial(ask_for_return, enterprise_id=chase.enterprise_id)
        self._write(operation, f"{chase.name} asked for the return")

    def came(self, wait: Wait) -> None:
        """What somebody else owed is here; can be taken back."""
        self._write(partial(finish_action, action_id=wait.action_id), f"“{wait.text}” is done")

    def _write(self, operation: Operation[Any], name: str) -> None:
        write(
            self._context,
            operation,
            owner=self._view,
            on_done=partial(self._changed, name),
            on_failed=partial(self._not_changed, operation, name),
            name=name,
        )

    def _changed(self, name: str, _written: object) -> None:
        self._solved(name)
        self.load()

    def _not_changed(self, operation: Operation[Any], name: str, error: Exception) -> None:
        self._solved(name)
        again = partial(self._write, operation, name) if may_pass(error) else None
        if again is not None:
            self._untried[name] = again
        self._context.tell.failed(error, again=again)

    def _solved(self, name: str) -> None:
        again = self._untried.pop(name, None)
        if again is not None:
            self._context.tell.solved(again)

    def _heard(self, news: News) -> None:
        if news.initiator is not self._view:
            when_seen(self._view, self.load)


def gather(reader: Reader, pack: Pack, today: date) -> TodayPage:
    """Everything on the page, read in one go; only what is shown is loaded."""
    sunday = _sunday(today)
    due = reader.open_actions(mine=True, begun_by=today, due_by=sunday, limit=LONGEST_LIST)
    due_count = reader.count_open_actions(mine=True, begun_by=today, due_by=sunday)
    waits = reader.open_actions(mine=False, begun_by=today, limit=LONGEST_LIST)
    waits_count = reader.count_open_actions(mine=False, begun_by=today)
    met = (each for each in reader.sessions_on(today) if each.kind in DIARY)
    visits = sorted((each for each in met if was_planned(reader, each)), key=_by_time)
    ids = {each.enterprise_id for each in visits}
    ids |= {each.enterprise_id for each in (*due, *waits)}
    rows = {row.id: row for row in reader.caseload_rows(sorted(ids))}
    seen = {each.enterprise_id for each in visits}
    done = counted(reader, pack, seen, today)
    who = {each.id: each for each in reader.get_all(Enterprise, sorted(seen))}
    counts = reader.caseload_counts()
    ends, more_ends = reminders(reader, pack, today)
    chases, more_chases = to_chase(reader, today)
    return TodayPage(
        heading=f"{today:%A} {today.day} {today:%B}",
        visits=tuple(_visit(each, rows, done, who.get(each.enterprise_id)) for each in visits),
        due=tuple(_promise(each, rows, today) for each in due),
        more_due=due_count - len(due),
        waits=tuple(_wait(each, rows, today) for each in waits),
        more_waits=waits_count - len(waits),
        ends=ends,
        more_ends=more_ends,
        chases=chases,
        more_chases=more_chases,
        quiet=counts["quiet"],
        stuck=counts["stuck"],
        enterprises=counts["all"],
        to_check=reader.conflict_count(),
        on=today,
    )


def _by_time(session: CoachingSession) -> tuple[bool, str, str]:
    """By the clock; what was planned for the day without a time stands last."""
    at = session.at.astimezone(LONDON).isoformat() if session.at is not None else ""
    return not at, at, session.id


def was_planned(reader: Reader, session: CoachingSession) -> bool:
    """Whether it was put down before its time; a note of what was over is no appointment.

    Without a time in the text a call of today has the minute in which it was written. Where
    nobody has written a word yet nothing has taken place. What another laptop put down begins
    here as received, with the moment of its last change.
    """
    if session.at is None or not (session.note.strip() or session.private_note.strip()):
        return True
    put_down = (each.at for each in reader.history(session.id))
    return session.at > next(put_down, datetime.min.replace(tzinfo=UTC)) + A_MINUTE


def rail_counts(reader: Reader, today: date) -> dict[str, int]:
    """The small numbers in the left rail."""
    return {
        "today": reader.count_open_actions(mine=True, begun_by=today, due_by=_sunday(today)),
        "caseload": reader.caseload_counts()["all"],
    }


def next_monday(day: date) -> date:
    """The Monday after this day."""
    return day + timedelta(days=7 - day.weekday())


def _sunday(day: date) -> date:
    """The end of this week; what has no day counts as due now."""
    return day + timedelta(days=6 - day.weekday())


def _visit(
    session: CoachingSession,
    rows: dict[str, CaseloadRow],
    counts: dict[str, Progress],
    who: Enterprise | None,
) -> Visit:
    row = rows.get(session.enterprise_id)
    done = done_words(counts.get(session.enterprise_id))
    return Visit(
        enterprise_id=session.enterprise_id,
        at=f"{session.at.astimezone(LONDON):%H:%M}" if session.at is not None else "",
        name=_name(row),
        place=row.place if row else "",
        progress=f"{done} done" if done else "",
        next_step=row.next_action if row else "",
        phone=who.phone if who else "",
        needs=who.access_needs if who else "",
    )


def _promise(action: Action, rows: dict[str, CaseloadRow], today: date) -> Promise:
    due, rolled = "no date yet", False
    if action.due_on is not None:
        rolled = action.due_on < today
        said = date_words(action.due_on, today)
        due = f"from {said}" if rolled else f"due {said}"
    return Promise(
        action_id=action.id,
        enterprise_id=action.enterprise_id,
        text=action.text,
        name=_name(rows.get(action.enterprise_id)),
        due=due,
        due_on=action.due_on,
        rolled=rolled,
    )


def _wait(action: Action, rows: dict[str, CaseloadRow], today: date) -> Wait:
    row = rows.get(action.enterprise_id)
    other = row.leader if row is not None and action.owner == "leader" else "somebody else"
    whom = action.waiting_on or other
    days = (today - action.start_on).days if action.start_on is not None else 0
    return Wait(
        action_id=action.id,
        enterprise_id=action.enterprise_id,
        name=_name(row),
        text=action.text,
        with_whom=whom,
        since="1 day" if days == 1 else f"{days} days" if days else "",
        again=f"by {date_words(action.due_on, today)}" if action.due_on else "",
    )


def _name(row: CaseloadRow | None) -> str:
    if row is None:
        return ""
    return row.leader or row.name
