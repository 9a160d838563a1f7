"""One item of the checklist over every enterprise: who has it, who has not, and how far they are.

Reads the caseload piece by piece, so that saving never waits for it, and says how far it is.
Refuses to call an item open where nobody has answered what decides: that is "answer needed".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.presenters import words
from desktop.presenters.checklist_picture import SHOWN, STATE_WORDS, section_of
from desktop.presenters.saving import Seen, unread, when_seen
from forms.facts.casework import ChecklistItem
from forms.facts.people import Enterprise
from forms.rules.checklist import ItemState, checklist

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.pack import Pack

PIECE = 250  # enterprises read in one go: some 30 ms of the vault
MOST = 100_000
NO_ITEM = "There is no such item in this programme's checklist."
STOPPED = "Stopped before everybody was looked at. Open this page again to look."
NO_ONE = "No enterprises yet. The item is on the checklist of each one that it applies to."
_RANK = {"open": 0, "questions": 1, "done": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One enterprise and how far the item is there."""

    id: str
    who: str
    place: str
    state: str
    look: str
    runs_out: str
    runs_out_on: date | None
    section: str  # open | questions | done


@dataclass(frozen=True, slots=True, kw_only=True)
class EverybodyPicture:
    """The page: the lines of the view, and how many each view has."""

    title: str
    plain: str
    says: str
    counts: dict[str, int]
    view: str
    lines: tuple[Holder, ...]


class EverybodyView(Seen, Protocol):
    """What the presenter asks of the page."""

    def show_everybody(self, picture: EverybodyPicture) -> None:
        """Show these lines."""
        ...

    def show_step(self, words: str, done: int, of: int) -> None:
        """How far the reading is; "" when it is over."""
        ...

    def show_problem(self, words: str) -> None:
        """Why there is nothing to show; "" takes it away."""
        ...


class EverybodyPresenter:
    """Reads the caseload for one item."""

    def __init__(self, context: Context, view: EverybodyView, code: str) -> None:
        self._context, self._view = context, view
        self._rule = next((r for r in context.pack.checklist if r.code == code), None)
        self._code = code
        self._shown = "open"
        self._lines: list[Holder] | None = None  # until everybody was looked at
        self._looked = 0  # at how many enterprises
        self._stopped = False
        self._turn = 0  # a newer reading takes the place of an older one
        context.broadcast.listen(view, self._hear, "checklist_item", "enterprise", "leader")

    @property
    def title(self) -> str:
        """The item's words."""
        return self._rule.title if self._rule is not None else "An item"

    def load(self) -> None:
        """Read everybody again."""
        if self._rule is None:
            self._view.show_problem(NO_ITEM)
            return
        self._turn += 1
        self._stopped = False
        self._context.read(
            lambda reader: tuple(reader.caseload(limit=MOST).ids),
            owner=self._view,
            on_done=partial(self._begin, self._turn),
            on_failed=unread(self._context, self._not_read, self.load),
        )

    def show(self, view: str) -> None:
        """Another view: open, all, done or questions."""
        self._shown = view
        self._show()

    def stop(self) -> None:
        """Enough: what was read so far is not shown, it would say that nobody else has it."""
        self._turn += 1
        self._stopped = True
        self._view.show_step("", 0, 0)
        self._view.show_problem(STOPPED)

    def come_back(self) -> None:
        """Look again if it was stopped before."""
        if self._stopped:
            self.load()

    def open(self, holder: Holder) -> None:
        """The item in the record."""
        self._context.open_route("enterprise", id=holder.id, tab="checklist", item=self._code)

    def to_caseload(self) -> None:
        """Where enterprises are added."""
        self._context.open_route("caseload")

    def _begin(self, turn: int, ids: tuple[str, ...]) -> None:
        self._piece(turn, ids, 0, [])

    def _piece(self, turn: int, ids: tuple[str, ...], at: int, found: list[Holder]) -> None:
        if turn != self._turn or self._rule is None:
            return
        if at >= len(ids):
            self._view.show_step("", 0, 0)
            self._view.show_problem("")
            self._looked = len(ids)
            self._lines = sorted(found, key=lambda h: (_RANK[h.section], h.who.casefold(), h.id))
            self._show()
            return
        if at:
            self._view.show_step("Looking who has it", at, len(ids))
        only = replace(self._context.pack, checklist=(self._rule,))
        today = self._context.today

        def arrived(more: list[Holder]) -> None:
            self._piece(turn, ids, at + PIECE, found + more)

        self._context.read(
            partial(holders, pack=only, ids=ids[at : at + PIECE], on=today),
            owner=self._view,
            on_done=arrived,
            on_failed=unread(self._context, self._not_read, self.load),
        )

    def _not_read(self, said: str) -> None:
        self._view.show_step("", 0, 0)
        self._view.show_problem(said)

    def _show(self) -> None:
        if self._rule is None or self._lines is None:
            return
        counts = {code: 0 for code, _ in SHOWN}
        for line in self._lines:
            counts[line.section] += 1
        counts["all"] = counts["open"] + counts["done"]
        lines = tuple(line for line in self._lines if _in(self._shown, line.section))
        self._view.show_everybody(
            EverybodyPicture(
                title=self._rule.title,
                plain=words.say_days(self._rule.plain),
                says=_says(counts) if self._looked else NO_ONE,
                counts=counts,
                view=self._shown,
                lines=lines,
            )
        )

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def holders(reader: Any, *, pack: Pack, ids: tuple[str, ...], on: date) -> list[Holder]:
    """How far the one item of `pack` is in these enterprises; left out where it does not apply."""
    code = pack.checklist[0].code
    rows = {row.id: row for row in reader.caseload_rows(ids)}
    kept = reader.under(ChecklistItem, ids)
    out = []
    for one in reader.get_all(Enterprise, ids):
        items = [item for item in kept.get(one.id, ()) if item.code == code]
        status = next(iter(checklist(pack, one, items, on)), None)
        row = rows.get(one.id)
        if status is None or row is None or status.state is ItemState.DOES_NOT_APPLY:
            continue
        said, look = STATE_WORDS[status.state]
        out.append(
            Holder(
                id=one.id,
                who=row.leader or row.name or "No name yet",
                place=row.place,
                state=said,
                look=look,
                runs_out=words.day(status.expires_on),
                runs_out_on=status.expires_on,
                section=section_of(status),
            )
        )
    return out


def _in(view: str, section: str) -> bool:
    return section != "questions" if view == "all" else section == view


def _says(counts: dict[str, int]) -> str:
    if not counts["all"] and not counts["questions"]:
        return "It applies to no enterprise."
    said = f"Applies to {words.counted(counts['all'], 'enterprise')}: {counts['done']:,} done, "
    said += f"{counts['open']:,} still to do."
    if counts["questions"]:
        more = " more" if counts["all"] else ""
        said += f" For {counts['questions']:,}{more}, an answer is needed before anybody knows."
    return said
