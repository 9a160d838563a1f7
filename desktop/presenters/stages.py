"""Moving a case along the pathway: where it is, where it may go, and what stands in the way.

The rules are asked before anything is written, with the day and reason as typed. Refuses to write
a move that a rule stops; warnings are shown and the person decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework
from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.checklist_picture import say_missing
from desktop.presenters.enterprise import stage_words
from desktop.presenters.people import Identity, identity
from desktop.presenters.saving import FieldSaver, ShowsFields, unread
from forms.facts.casework import ChecklistItem, StageEvent
from forms.facts.listing import RegisterEntry
from forms.facts.people import ActivityReturn, Enterprise, Leader
from forms.rules.checklist import checklist, readiness
from forms.rules.pack import Pack
from forms.rules.pathway import Around, may_move

if TYPE_CHECKING:
    from desktop.context import Context

QUARTER = timedelta(days=92)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePicture:
    """Where the case is and the stages there are."""

    identity: Identity
    now: str
    stages: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheWay:
    """One finding about a move."""

    words: str
    stops: bool


@dataclass(frozen=True, slots=True)
class _Case:
    events: tuple[StageEvent, ...]
    around: Around


def stage_picture(
    reader: Any, pack: Pack, enterprise_id: str, today: date
) -> tuple[StagePicture, _Case]:
    """Everything a move is judged by."""
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("This record is not on this laptop.")
    events = tuple(reader.all(StageEvent, enterprise_id=enterprise_id))
    items = reader.all(ChecklistItem, enterprise_id=enterprise_id)
    entries = reader.all(RegisterEntry, enterprise_id=enterprise_id)
    returns = reader.all(ActivityReturn, enterprise_id=enterprise_id)
    around = Around(
        enterprise=enterprise,
        leaders=tuple(reader.all(Leader, enterprise_id=enterprise_id)),
        readiness=tuple(readiness(checklist(pack, enterprise, items, today))),
        published=any(each.status == "published" for each in entries),
        return_in_last_quarter=any(each.period_to >= today - QUARTER for each in returns),
    )
    picture = StagePicture(
        identity=identity(reader, pack, enterprise, today),
        now=stage_words(pack, list(events)),
        stages=tuple((each.code, each.label) for each in pack.stages),
        reasons=tuple((each.code, each.label) for each in pack.closing_reasons),
    )
    return picture, _Case(events, around)


class StageView(ShowsFields, Protocol):
    """What the presenter asks of the page."""

    def show_stages(self, picture: StagePicture) -> None:
        """Show where the case is."""
        ...

    def show_findings(self, found: tuple[InTheWay, ...], *, may: bool) -> None:
        """What stands in the way of the move as it is typed now."""
        ...

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        ...


class StagePresenter:
    """Judges a move while it is typed, and writes it."""

    def __init__(self, context: Context, view: StageView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._case: _Case | None = None
        self._move: StageEvent | None = None
        self._saver = FieldSaver(context, view, f"stage/{enterprise_id}")

    @property
    def today(self) -> date:
        """The day it is: a page stays open over midnight."""
        return self._context.today

    def load(self) -> None:
        """Read the case."""
        self._context.read(
            partial(
                stage_picture,
                pack=self._context.pack,
                enterprise_id=self._enterprise_id,
                today=self.today,
            ),
            owner=self._view,
            on_done=self._arrived,
            on_failed=unread(self._context, self._view.show_missing, self.load),
        )

    def consider(self, stage: str, reason: str, on: str, review_on: str) -> None:
        """Judge a move as it is typed."""
        self._move = None
        if self._case is None or not stage:
            return
        try:
            day = words.read_day(on, self.today, ahead=False) or self.today
            review = words.read_day(review_on, self.today)
        except words.NotThat as error:
            self._view.show_findings((InTheWay(words=str(error), stops=True),), may=False)
            return
        move = StageEvent(
            id="",
            enterprise_id=self._enterprise_id,
            stage=stage,
            on=day,
            reason=reason,
            review_on=review,
        )
        found = may_move(self._context.pack, self._case.events, move, self._case.around)
        if day > self.today:
            said = [InTheWay(words="This day has not come yet.", stops=True)]
        else:
            said = []
        pack = self._context.pack
        said += [
            InTheWay(words=words.say_days(say_missing(f.because, pack)), stops=f.blocks)
            for f in found
        ]
        said.sort(key=lambda each: not each.stops)
        may = not any(each.stops for each in said)
        self._move = move if may else None
        self._view.show_findings(tuple(said), may=may)

    @property
    def is_moving(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("move")

    def move(self, note: str, drops: tuple[str, ...] = ()) -> None:
        """Write the move that was judged last; `drops` are the drafts of it."""
        if self._move is None:
            self._view.field_failed("move", "Nothing was moved: see what stands in the way.")
            return
        operation = partial(_move, move=replace(self._move, note=note))
        self._saver.commit("move", operation, self._moved, once=True, drops=drops)

    def open_enterprise(self) -> None:
        """Go back to the record."""
        self._context.open_route("enterprise", id=self._enterprise_id)

    def _moved(self, _event_id: object) -> None:
        self._context.tell.say("The stage was moved. It is on the timeline.")
        self.open_enterprise()

    def _arrived(self, loaded: tuple[StagePicture, _Case]) -> None:
        picture, self._case = loaded
        self._view.show_stages(picture)


def _move(writing: Any, *, move: StageEvent) -> str:
    return casework.move_stage(
        writing,
        move.enterprise_id,
        move.stage,
        reason=move.reason,
        note=move.note,
        review_on=move.review_on,
        on=move.on,
    )
