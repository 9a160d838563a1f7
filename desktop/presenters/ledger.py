"""Where every record and file is: on this laptop, in a copy, sent, taken, or not and why.

Says "sent" only with the register's receipt. Refuses to hide what was not taken: it comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from desktop.presenters import words
from desktop.presenters.chip import day_words
from desktop.presenters.claims import who_of
from desktop.presenters.field_words import KIND_WORDS
from desktop.presenters.saving import Seen, unread, when_seen
from forms.facts.people import Colleague

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from desktop.broadcast import News
    from desktop.context import Context

VIEWS = (
    ("refused", "Not taken"),
    ("waiting", "To send"),
    ("no_copy", "Not in a copy yet"),
    ("all", "Everything"),
)
LIMIT = 200
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


def ledger_picture(
    vault: Any, view: str, now: datetime, items: Mapping[str, str], *, practice: bool
) -> LedgerPicture:
    """The ledger in words, in the vault lane. `items`: code of a checklist item -> its words."""
    found = vault.ledger(view, LIMIT)
    counts = found.counts
    reader = vault.reader
    whose: dict[str, str] = {}
    lines = tuple(
        _line(reader, f"{number}/{each.record_id}", each, whose, now, items)
        for number, each in enumerate(found.lines)
    )
    if practice:
        lines = tuple(replace(each, state="Never sent", look="laptop") for each in lines)
    shown = {
        "refused": counts.refused + counts.files_refused,
        "waiting": 0 if practice else counts.waiting + counts.files_waiting,
        "no_copy": counts.no_copy + counts.files_no_copy,
        "all": counts.written + counts.files,
    }
    said = (
        f"{counts.here:,} records and {words.counted(counts.files, 'file')} on this laptop. "
        f"{_copied(found.copied_at, now)}"
    )
    left_out = "" if shown[view] <= len(lines) else _newest(len(lines), shown[view])
    return LedgerPicture(
        view=view,
        lines=lines,
        counts=shown,
        says=f"{said} {left_out}".strip(),
        left_out=left_out,
        empty="" if lines else EMPTY[view],
    )


def _newest(shown: int, of: int) -> str:
    return f"The newest {shown:,} of {of:,} are listed."


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


class LedgerView(Seen, Protocol):
    """What the presenter asks of the page."""

    def show_ledger(self, picture: LedgerPicture) -> None:
        """Show it."""
        ...

    def show_problem(self, words: str) -> None:
        """Say why it cannot be shown."""
        ...


class LedgerPresenter:
    """Shows one view at a time; begins with what was not taken, when there is something."""

    def __init__(self, context: Context, view: LedgerView) -> None:
        self._context, self._view = context, view
        self._at = ""
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read it again."""
        at, now = self._at, self._context.clock.now()
        practice = self._context.session.practice
        items = {rule.code: rule.title for rule in self._context.pack.checklist}

        def work(vault: Any) -> LedgerPicture:
            wanted = at or ("all" if practice else _first(vault))
            return ledger_picture(vault, wanted, now, items, practice=practice)

        self._context.with_vault(
            work,
            owner=self._view,
            on_done=self._view.show_ledger,
            on_failed=unread(self._context, self._view.show_problem, self.load),
        )

    def choose(self, view: str) -> None:
        """Another view."""
        self._at = view
        self.load()

    def open(self, line: Line) -> None:
        """The record's enterprise."""
        if line.enterprise_id:
            self._context.open_route("enterprise", id=line.enterprise_id)

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _first(vault: Any) -> str:
    """What needs somebody first: not taken, else to send, else everything."""
    counts = vault.ledger("refused", 1).counts
    if counts.refused + counts.files_refused:
        return "refused"
    return "waiting" if counts.waiting + counts.files_waiting else "all"
