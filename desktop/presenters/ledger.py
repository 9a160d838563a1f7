"""Where every record and file is: on this laptop, in a copy, sent, taken, or not and why.

Says "sent" only with the register's receipt. Refuses to hide what was not taken: it comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desktop.presenters import words
from desktop.presenters.chip import day_words
from desktop.presenters.claims import who_of
from desktop.presenters.field_words import KIND_WORDS
from desktop.presenters.one_work import WorkView
from desktop.presenters.saving import Seen, unread, when_seen
from forms.facts.people import Colleague

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from desktop.broadcast import News
    from desktop.context import Context

VIEWS = (
    ("refused", "Not taken"),
    ("waiting", "To send"),
    ("no_copy", "Not in a copy yet"),
    ("all", "Written here and files"),
)
LIMIT = 200
COUNTING = "Counting what was written on this laptop"
STOPPED = "Stopped. What is listed here may be older than your records. Try again looks anew."
T = TypeVar("T")
_STATES = {
    "refused": ("Not taken", "stop"),
    "held": ("Waits at the register", "waiting"),
    "waiting": ("To send", "waiting"),
    "accepted": ("Sent and taken", "done"),
}
EMPTY = {
    "refused": "The register has taken everything that was sent.",
    "waiting": "Nothing waits to be sent.",
    "no_copy": "Everything is in the newest copy.",
    "all": "Nothing was written on this laptop yet.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record or file."""

    id: str
    what: str
    whose: str
    written: str
    copied: str
    sent: str
    state: str
    look: str
    because: str  # the register's words, "" when it took everything
    written_at: datetime | None
    sent_at: datetime | None
    enterprise_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPicture:
    """One view of it, with the counts of all."""

    view: str
    lines: tuple[Line, ...]
    counts: dict[str, int]
    says: str
    empty: str
    left_out: str = ""  # in words: how many more there are than lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many there are in each view: said before the lines are read."""

    view: str  # to be shown
    counts: dict[str, int]
    says: str
    found: Any  # storage.ledger.LedgerCounts


def counted(vault: Any, at: str, now: datetime, *, practice: bool) -> Counted:
    """The counts, in the vault lane. `at`: the view that was chosen, "" for what comes first."""
    found = vault.ledger("all", 0)
    counts = found.counts
    said = f"{_listed(counts)} {_copied(found.copied_at, now)}"
    shown = {
        "refused": counts.refused + counts.files_refused,
        "waiting": 0 if practice else counts.waiting + counts.files_waiting,
        "no_copy": counts.no_copy + counts.files_no_copy,
        "all": counts.written + counts.files,
    }
    first = "all" if practice else next((v for v in ("refused", "waiting") if shown[v]), "all")
    return Counted(view=at or first, counts=shown, says=said, found=counts)


def ledger_picture(
    vault: Any, known: Counted, now: datetime, items: Mapping[str, str], *, practice: bool
) -> LedgerPicture:
    """The ledger in words, in the vault lane. `items`: code of a checklist item -> its words."""
    found = vault.ledger(known.view, LIMIT, known.found)
    reader = vault.reader
    whose: dict[str, str] = {}
    lines = tuple(
        _line(reader, f"{number}/{each.record_id}", each, whose, now, items)
        for number, each in enumerate(found.lines)
    )
    if practice:
        lines = tuple(replace(each, state="Never sent", look="laptop") for each in lines)
    there = known.counts[known.view]
    left_out = "" if there <= len(lines) else _newest(len(lines), there)
    return LedgerPicture(
        view=known.view,
        lines=lines,
        counts=known.counts,
        says=f"{known.says} {left_out}".strip(),
        left_out=left_out,
        empty="" if lines else EMPTY[known.view],
    )


def _newest(shown: int, of: int) -> str:
    return f"The newest {shown:,} of {of:,} are listed."


def _listed(counts: Any) -> str:
    """What the number of the last view is made of; what others wrote is here and not in it."""
    written = words.counted(counts.written, "record")
    files = words.counted(counts.files, "file")
    if counts.here == counts.written:
        return f"{written} and {files} on this laptop."
    here = words.counted(counts.here, "record")
    return f"Listed: {written} written here, {files}. On this laptop now: {here}, whoever wrote."


def _copied(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "There is no copy yet."
    return f"The newest good copy is from {day_words(at, now)}."


def _line(
    reader: Any,
    line_id: str,
    each: Any,
    whose: dict[str, str],
    now: datetime,
    items: Mapping[str, str],
) -> Line:
    if each.enterprise_id and each.enterprise_id not in whose:
        whose[each.enterprise_id] = who_of(reader, each.enterprise_id)
    kind = "File" if each.kind == "file" else KIND_WORDS.get(each.kind, "Record")
    title = _title(reader, each, items)
    size = f", {words.size(each.size)}" if each.size else ""
    standing = str(each.standing)
    state, look = _STATES.get(standing, (standing, "info"))
    because = " ".join(words.say_days(said) for said in each.because)
    if standing == "waiting" and each.small_sent_at:
        because = "The council has a small copy; the whole photo follows."
    return Line(
        id=line_id,
        what=f"{kind}: {title}{size}" if title else f"{kind}{size}",
        whose=whose.get(each.enterprise_id, ""),
        written=day_words(each.written_at, now) if each.written_at else "",
        copied="in a copy" if each.in_copy else "not yet",
        sent=day_words(each.sent_at, now) if each.sent_at else "",
        state=state,
        look=look,
        because=because,
        written_at=each.written_at,
        sent_at=each.sent_at,
        enterprise_id=each.enterprise_id,
    )


def _title(reader: Any, each: Any, items: Mapping[str, str]) -> str:
    """What it is called by people: an item by its words and not its code, a colleague by name."""
    if each.kind == "checklist_item":
        return items.get(each.title, str(each.title))
    if each.kind == "colleague" and not each.title:
        colleague = reader.get(Colleague, each.record_id)
        return colleague.name if colleague is not None else ""
    return str(each.title)


class LedgerView(WorkView, Seen, Protocol):
    """What the presenter asks of the page."""

    def show_counts(self, counted: Counted) -> None:
        """How many each view has; the lines follow."""
        ...

    def show_ledger(self, picture: LedgerPicture) -> None:
        """Show it."""
        ...

    def show_problem(self, words: str) -> None:
        """Say why it cannot be shown."""
        ...


class LedgerPresenter:
    """Shows one view at a time; begins with what was not taken, when there is something.

    The counts come first, then the lines: two jobs, so that a save in between waits for one alone.
    """

    def __init__(self, context: Context, view: LedgerView) -> None:
        self._context, self._view = context, view
        self._at = ""
        self._step = ""  # what is under way, in words
        self._turn = 0  # a newer reading takes the place of an older one
        self._stopped = False
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read it again."""
        self._turn += 1
        self._stopped, self._step = False, COUNTING
        self._view.show_stopped("")
        self._view.watch()
        practice, now = self._context.session.practice, self._context.clock.now()
        self._read(
            partial(counted, at=self._at, now=now, practice=practice),
            partial(self._counted, self._turn),
        )

    def stop(self) -> None:
        """Go no further: what is asked already comes to nothing."""
        if self._step:
            self._turn += 1
            self._stopped = True
            self._over()
            self._view.show_stopped(STOPPED)

    def come_back(self) -> None:
        """Somebody opens the page again: what was stopped is wanted now."""
        if self._stopped:
            self.load()

    def tick(self) -> bool:
        """Say what is under way; False when nothing is."""
        if self._step:
            self._view.show_busy(self._step, 0, 0)
        return bool(self._step)

    def choose(self, view: str) -> None:
        """Another view."""
        self._at = view
        self.load()

    def open(self, line: Line) -> None:
        """The record's enterprise."""
        if line.enterprise_id:
            self._context.open_route("enterprise", id=line.enterprise_id)

    def _read(self, work: Callable[[Any], T], on_done: Callable[[T], None]) -> None:
        turn = self._turn
        say = unread(self._context, self._view.show_problem, self.load)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self._over()
                say(error)

        self._context.with_vault(work, owner=self._view, on_done=on_done, on_failed=failed)

    def _counted(self, turn: int, known: Counted) -> None:
        if turn != self._turn:
            return
        self._view.show_counts(known)
        there = known.counts[known.view]
        self._step = f"Listing the newest {min(LIMIT, there):,} of {there:,}"
        items = {rule.code: rule.title for rule in self._context.pack.checklist}
        practice, now = self._context.session.practice, self._context.clock.now()
        self._read(
            partial(ledger_picture, known=known, now=now, items=items, practice=practice),
            partial(self._listed, turn),
        )

    def _listed(self, turn: int, picture: LedgerPicture) -> None:
        if turn == self._turn:
            self._over()
            self._view.show_ledger(picture)

    def _over(self) -> None:
        self._step = ""
        self._view.show_busy("", 0, 0)

    def _hear(self, _news: News) -> None:
        if not self._stopped:  # a change is no reason to begin again against somebody's will
            when_seen(self._view, self.load)
