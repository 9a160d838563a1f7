"""Impact: tiles, the line against the target, and the rows behind each number.

A count equals its rows; what was left out stands beside it with the reason. A figure that nothing
was collected for says so, never zero. Refuses to work anything out itself: evidence does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.saving import Seen, when_seen, words_for
from evidence.dossier import Dossier, gather
from evidence.figures import indicators
from forms.rules.indicators import Figure, Indicator
from forms.rules.pack import Pack
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

TILES = ("I-06", "I-07", "I-05", "I-11", "I-13", "I-16", "I-20", "I-25")
ROW_WORDS = {
    "enterprise": "Enterprise",
    "activity_return": "Activity return",
    "claim_line": "Claim line",
    "seed_claim": "Claim",
    "enquiry": "Enquiry",
    "stage_event": "Stage",
    "register_entry": "Listing",
    "concern": "Concern",
    "qa_check": "Check",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number to look at first."""

    id: str
    title: str
    shown: str
    note: str
    collected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One month on the line: how many were active at its end."""

    on: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of the target line."""

    starts: date
    ends: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactPicture:
    """Everything the impact page shows."""

    as_at: str
    tiles: tuple[Tile, ...]
    all: tuple[Tile, ...]
    line: tuple[Point, ...]
    target: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One record behind a number, or left out of it."""

    id: str
    name: str
    what: str
    value: str
    why: str
    enterprise_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePicture:
    """One figure with its rows."""

    key: str
    label: str
    shown: str
    heading: str  # "10 records behind this number"
    note: str
    rows: tuple[Behind, ...]
    denominator: tuple[Behind, ...]
    left_out: tuple[Behind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPicture:
    """An indicator explained: definition, formula, and its figures."""

    id: str
    title: str
    definition: str
    formula: str
    breaks_by: str
    compare_with: str
    as_at: str
    figures: tuple[FigurePicture, ...]


def impact(reader: Any, pack: Pack, as_of: date, *, practice: bool = False) -> ImpactPicture:
    """The impact page on a day."""
    dossier = gather(reader, pack, as_of, practice=practice)
    found = {each.id: each for each in indicators(dossier)}
    return ImpactPicture(
        as_at=_as_at(dossier),
        tiles=tuple(_tile(found[each]) for each in TILES if each in found),
        all=tuple(_tile(each) for each in found.values()),
        line=_line(dossier, pack, as_of),
        target=tuple(
            Step(starts=t.starts, ends=t.ends, count=t.enterprises)
            for t in pack.targets
            if t.enterprises is not None
        ),
    )


def explain(
    reader: Any, pack: Pack, indicator_id: str, as_of: date, *, practice: bool = False
) -> IndicatorPicture:
    """One indicator with every row behind it."""
    dossier = gather(reader, pack, as_of, practice=practice)
    found = next((each for each in indicators(dossier) if each.id == indicator_id), None)
    if found is None:
        raise NothingWritten("There is no such figure. Go back and choose one from the list.")
    return IndicatorPicture(
        id=found.id,
        title=found.title,
        definition=found.definition,
        formula=found.formula,
        breaks_by=", ".join(found.breaks_by),
        compare_with=found.compare_with,
        as_at=_as_at(dossier),
        figures=tuple(_figure(dossier, each) for each in found.figures),
    )


def _as_at(dossier: Dossier) -> str:
    return f"As at {words.day(dossier.as_of)}. {dossier.provenance.in_words}"


def _tile(found: Indicator) -> Tile:
    return Tile(
        id=found.id,
        title=found.title,
        shown=_sentence(found.shown),
        note=found.note,
        collected=found.collected,
    )


def _sentence(shown: str) -> str:
    return shown[:1].upper() + shown[1:]


def _line(dossier: Dossier, pack: Pack, as_of: date) -> tuple[Point, ...]:
    began = [each for each in dossier.enterprises if each.first_delivery_on is not None]
    ends = _month_ends(pack.programme_starts, as_of)
    return tuple(
        Point(on=on, count=sum(dossier.is_active(each, on) for each in began)) for on in ends
    )


def _month_ends(first: date, last: date) -> list[date]:
    ends: list[date] = []
    month = first.replace(day=1)
    while True:
        after = (month + timedelta(days=32)).replace(day=1)
        end = after - timedelta(days=1)
        if end >= last:
            return [*ends, last] if last >= first else ends
        ends.append(end)
        month = after


def _figure(dossier: Dossier, figure: Figure) -> FigurePicture:
    rows = tuple(_behind(dossier, n, each) for n, each in enumerate(figure.rows))
    return FigurePicture(
        key=figure.key,
        label=figure.label,
        shown=_sentence(figure.shown),
        heading=f"{words.counted(len(rows), 'record')} behind this number",
        note=figure.note,
        rows=rows,
        denominator=tuple(_behind(dossier, n, each) for n, each in enumerate(figure.denominator)),
        left_out=tuple(_left_out(dossier, n, each) for n, each in enumerate(figure.left_out)),
    )


def _behind(dossier: Dossier, number: int, row: Any) -> Behind:
    return Behind(
        id=f"{number}/{row.record_id}",
        name=_name(dossier, row),
        what=ROW_WORDS.get(row.kind, "Record"),
        value=f"{row.value.normalize():f}",
        why=row.note,
        enterprise_id=row.enterprise_id,
    )


def _left_out(dossier: Dossier, number: int, row: Any) -> Behind:
    return Behind(
        id=f"{number}/{row.record_id}",
        name=_name(dossier, row),
        what=ROW_WORDS.get(row.kind, "Record"),
        value="",
        why=row.reason,
        enterprise_id=row.enterprise_id,
    )


def _name(dossier: Dossier, row: Any) -> str:
    if not row.enterprise_id:
        return ROW_WORDS.get(row.kind, "Record")
    return dossier.name_of(row.enterprise_id) or "No name yet"


class ImpactView(Seen, Protocol):
    """What the presenter asks of the impact page."""

    def show_impact(self, picture: ImpactPicture) -> None:
        """Show the tiles, the line and the list."""
        ...

    def show_problem(self, words: str) -> None:
        """Say what is wrong with the day, or why there are no figures."""
        ...


class ImpactPresenter:
    """Works the figures out as at a day that a person chooses."""

    def __init__(self, context: Context, view: ImpactView, on: str = "") -> None:
        self._context = context
        self._view = view
        today = london_day(context.clock.now())
        self.as_of = date.fromisoformat(on) if on else today
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Work everything out again."""
        pack, as_of, practice = self._context.pack, self.as_of, self._context.session.practice
        self._context.read(
            lambda reader: impact(reader, pack, as_of, practice=practice),
            owner=self._view,
            on_done=self._view.show_impact,
            on_failed=self._failed,
        )

    def set_day(self, text: str) -> None:
        """As at another day."""
        try:
            on = words.read_day(text, self._context.today, ahead=False)
        except words.NotThat as error:
            self._view.show_problem(str(error))
            return
        if on is None or on < self._context.pack.programme_starts:
            start = words.day(self._context.pack.programme_starts)
            self._view.show_problem(f"Write a day on or after {start}, when the programme began.")
            return
        self.as_of = on
        self.load()

    def open(self, indicator_id: str) -> None:
        """Go to the rows behind a number."""
        self._context.open_route("figure", id=indicator_id, on=self.as_of.isoformat())

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(words_for(error))
        self._context.tell.failed(error)

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


class FigureView(Protocol):
    """What the presenter asks of the page of one figure."""

    def show_indicator(self, picture: IndicatorPicture) -> None:
        """Show it explained."""
        ...

    def show_problem(self, words: str) -> None:
        """Say why there is nothing to show."""
        ...


class FigurePresenter:
    """Explains one number."""

    def __init__(self, context: Context, view: FigureView, indicator_id: str, on: str) -> None:
        self._context = context
        self._view = view
        self._id = indicator_id
        self._as_of = date.fromisoformat(on) if on else london_day(context.clock.now())

    def load(self) -> None:
        """Read the rows again."""
        practice = self._context.session.practice
        self._context.read(
            partial(
                explain,
                pack=self._context.pack,
                indicator_id=self._id,
                as_of=self._as_of,
                practice=practice,
            ),
            owner=self._view,
            on_done=self._view.show_indicator,
            on_failed=self._failed,
        )

    def open_enterprise(self, behind: Behind) -> None:
        """Go to the record behind a row."""
        if behind.enterprise_id:
            self._context.open_route("enterprise", id=behind.enterprise_id)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(words_for(error))
