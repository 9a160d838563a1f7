"""The impact page as frozen words and numbers: tiles, a course over months, districts, rows.

A count equals its rows; what was left out stands beside it with the reason. A figure that nothing
was collected for says so, never zero. Refuses to work anything out itself: evidence does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.operations.long_work import Tell, nobody
from desktop.presenters import words
from desktop.presenters.impact_scope import Scope
from desktop.presenters.impact_tiles import Tile, sentence
from evidence.dossier import Dossier, Provenance
from evidence.explain import District, Moment, before, by_district, record_ids, strength, trend
from forms.rules.indicators import DEFINITIONS, Figure, Indicator, Timing, Unit, indicator_of, show
from forms.rules.indicators.model import Shape
from forms.rules.pack import Pack
from forms.values import LONDON

_NO_RECORDS = frozenset({"target", "envelope", "setting"})  # what a share may be divided by, too
_MONEY = frozenset({Unit.POUNDS, Unit.POUNDS_AN_HOUR})
MOST_REASONS = 5
ROWS_A_STEP = 1000
TILES = ("I-06", "I-07", "I-05", "I-11", "I-13", "I-16", "I-20", "I-25")
COURSES = ("I-06", "I-11", "I-13", "I-05", "I-01", "I-16", "I-25", "I-36")
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
    "form_response": "Questionnaire",
    "market_gap": "Gap",
    "signpost": "Signpost",
    "handover": "Offer of a case",
    "checklist_item": "Checklist item",
    "tally": "Anonymous count",
    "target": "Target",
    "setting": "Setting",
    "envelope": "Budget",
}
TIMING_WORDS = {
    Timing.PERIOD: "What happened in the period.",
    Timing.DAY: "As things stand on the last day; the first day of the period changes nothing.",
    Timing.SO_FAR: "From the beginning up to the last day.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure at the end of one month; `value` is None where nothing was collected."""

    on: date
    value: float | None
    shown: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of the target line."""

    starts: date
    ends: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiled:
    """One district of the map: where its tile stands, and its figure."""

    id: str  # place code
    name: str
    column: int
    row: int
    value: float | None
    shown: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One figure over months and over districts."""

    id: str
    title: str
    each: str  # what a point speaks of
    line: tuple[Point, ...]
    target: tuple[Step, ...]
    districts: tuple[Tiled, ...]
    elsewhere: str  # what no district has, in words; "" = nothing
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactPicture:
    """Everything the impact page shows."""

    as_at: str
    period: str
    tiles: tuple[Tile, ...]
    all: tuple[Tile, ...]
    course: Course | None = None  # worked out after the figures

    def with_course(self, course: Course) -> ImpactPicture:
        """The whole page."""
        return replace(self, course=course)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One record behind a number, or left out of it."""

    id: str
    name: str
    what: str
    value: str
    why: str
    enterprise_id: str
    adds: Decimal | None = None  # None for one that was left out


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePicture:
    """One figure with its rows."""

    key: str
    label: str
    shown: str
    heading: str  # "10 records behind this number"
    before: str  # what it was the time before, and how much that is apart
    note: str
    adds: str  # what the numbers of the rows are: "What it adds"
    rows: tuple[Behind, ...]
    denominator: tuple[Behind, ...]
    left_out: tuple[Behind, ...]
    left_heading: str  # "3 of 13 records looked at are left out"; "" when none is
    left_why: str  # every reason with how many it left out
    explained: tuple[tuple[str, str], ...]  # (question, answer), in the order people ask


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPicture:
    """An indicator explained: definition, formula, its figures, its course."""

    id: str
    title: str
    definition: str
    formula: str
    as_at: str
    figures: tuple[FigurePicture, ...]
    course: Course


def impact_of(
    tiles: Mapping[str, Tile], provenance: Provenance, scope: Scope, pack: Pack
) -> ImpactPicture:
    """The impact page of a period, a day and a district; the course comes after it."""
    return ImpactPicture(
        as_at=f"As at {words.day(scope.as_of)}. {provenance.in_words}",
        period=scope.words(pack),
        tiles=tuple(tiles[each] for each in TILES if each in tiles),
        all=tuple(tiles[each] for each in DEFINITIONS if each in tiles),
    )


@dataclass(frozen=True, slots=True)
class About:
    """Which figure is explained, over which days and district, and how complete the records are."""

    indicator_id: str
    scope: Scope
    provenance: Provenance


def explain(
    reader: Any,
    about: About,
    facts: Callable[[], Dossier],
    course: Callable[[], Course],
    tell: Tell = nobody,
) -> IndicatorPicture:
    """One indicator with every row behind it. Raises NothingWritten for one that is not there.

    `facts`: those of the period, the day and the district of the scope. `course`: the same figure
    over months and districts. `tell` hears how far it is, and may end it.
    """
    if about.indicator_id not in DEFINITIONS:
        raise NothingWritten("There is no such figure. Go back and choose one from the list.")
    dossier = facts()
    tell("Working out the figure", 0, 0)
    found = indicator_of(dossier, about.indicator_id)
    over_time = course()
    tell("Working out the time before", 0, 0)
    earlier = before(dossier)
    was = {each.key: each for each in indicator_of(earlier, about.indicator_id).figures}
    changed = getattr(reader, "last_change", None)
    behind = _Rows(dossier, found.figures, tell)
    return IndicatorPicture(
        id=found.id,
        title=found.title,
        definition=found.definition,
        formula=_formula(found),
        as_at=f"As at {words.day(dossier.as_of)}. {about.provenance.in_words}",
        figures=tuple(
            _figure(
                behind,
                each,
                _before(earlier, each, was.get(each.key)),
                _explained(dossier, found, each, changed, about.scope),
            )
            for each in found.figures
        ),
        course=over_time,
    )


def course_of(dossier: Dossier, indicator_id: str, tell: Tell = nobody) -> Course:
    """One figure over months and districts; `tell` hears how far it is, and may end it."""
    pack = dossier.pack
    definition = DEFINITIONS[indicator_id]
    first = dossier.since or pack.programme_starts
    if definition.timing is not Timing.PERIOD:
        first = pack.programme_starts
    months = trend(dossier, indicator_id, first, partial(tell, "Working out the months"))
    line = tuple(_point(each) for each in months)
    spread = []
    if not dossier.area:
        spread = by_district(dossier, indicator_id, partial(tell, "Working out the districts"))
    alone = definition.timing is Timing.PERIOD
    return Course(
        id=indicator_id,
        title=definition.title,
        each="in each month or quarter" if alone else "at the end of each month or quarter",
        line=line,
        target=_target(pack) if indicator_id == "I-06" and not dossier.area else (),
        districts=_tiled(pack, spread),
        elsewhere=_elsewhere(indicator_of(dossier, indicator_id).main, spread),
        choices=tuple((each, DEFINITIONS[each].title) for each in COURSES),
    )


def _point(moment: Moment) -> Point:
    value = moment.figure.value
    return Point(
        on=moment.on,
        value=None if value is None else float(value),
        shown=sentence(moment.figure.shown),
        rows=len(moment.figure.rows),
    )


def _target(pack: Pack) -> tuple[Step, ...]:
    return tuple(
        Step(starts=t.starts, ends=t.ends, count=t.enterprises)
        for t in pack.targets
        if t.enterprises is not None
    )


def _tiled(pack: Pack, spread: list[District]) -> tuple[Tiled, ...]:
    places = {place.code: place for place in pack.places}
    made = []
    for number, each in enumerate(spread):
        tile = places[each.code].tile
        column, row = tile if len(tile) == 2 else (number % 4, number // 4)
        value = each.figure.value
        made.append(
            Tiled(
                id=each.code,
                name=each.name,
                column=column,
                row=row,
                value=None if value is None else float(value),
                shown=sentence(each.figure.shown),
                rows=len(each.figure.rows),
            )
        )
    return tuple(made)


def _elsewhere(whole: Figure, spread: list[District]) -> str:
    """How many of the records behind the whole belong to no district of the map."""
    if not spread:
        return ""
    rest = len(whole.rows) - sum(len(each.figure.rows) for each in spread)
    return f"{words.counted(rest, 'record')} without a district." if rest > 0 else ""


def _formula(found: Indicator) -> str:
    said = f"{found.formula}."
    if found.breaks_by:
        said += f" Can be split by {', '.join(found.breaks_by)}."
    return said


def _explained(
    dossier: Dossier,
    found: Indicator,
    figure: Figure,
    changed: Callable[..., Any] | None,
    scope: Scope,
) -> tuple[tuple[str, str], ...]:
    definition, pack = DEFINITIONS[found.id], dossier.pack
    said = [
        ("What it means", found.definition),
        ("How it is worked out", _formula(found)),
        ("Which definition", _agreed(pack, definition.version)),
        ("Which time", f"{scope.words(pack)}. {TIMING_WORDS[definition.timing]}"),
        ("Which records", _counted(figure)),
        ("How well it is known", strength(dossier, figure)),
        ("Last changed", _changed(dossier, figure, changed)),
    ]
    if found.compare_with:
        said.append(("Elsewhere", f"{found.compare_with}. Another programme, another time."))
    return tuple(said)


def _agreed(pack: Pack, version: int) -> str:
    said = f"Version {version}, in the settings {pack.version} of {pack.title}."
    if pack.definitions_agreed_by:
        on = words.day(pack.definitions_agreed_on, "a day not written")
        return f"{said} Agreed by {pack.definitions_agreed_by} on {on}."
    return f"{said} Nobody has put their name to it yet."


def _counted(figure: Figure) -> str:
    said = f"{words.counted(len(figure.rows), 'record')} counted, {len(figure.left_out)} left out"
    below = [r for r in figure.denominator if r.kind not in _NO_RECORDS]
    if below:
        said += f", divided by {words.counted(len(below), 'record')}"
    return f"{said}."


def _changed(dossier: Dossier, figure: Figure, changed: Callable[..., Any] | None) -> str:
    last = changed(record_ids(figure)) if changed is not None else None
    if last is None:
        return "Nothing is told of these records' changes on this laptop."
    people = {c.id: c.name for c in dossier.colleagues}
    moment = last.at.astimezone(LONDON)
    who = people.get(last.by_id)
    said = f"{words.weekday(moment.date())} {words.clock_time(last.at)}"
    return f"{said}, by {who}." if who else f"{said}."


def _before(earlier: Dossier, now: Figure, was: Figure | None) -> str:
    """What it was, when, and how far that is from now; no difference where one is unknown."""
    if was is None:
        return "The time before: this figure was not there."
    if earlier.since is None:
        when = f"as at {words.day(earlier.as_of)}, three months earlier"
    else:
        when = f"from {words.day(earlier.since)} to {words.day(earlier.as_of)}"
    return f"The time before: {was.shown} {when}.{_apart(now, was)}"


def _apart(now: Figure, was: Figure) -> str:
    if now.value is None or was.value is None:
        return ""
    by = Decimal(now.value) - Decimal(was.value)
    if not by:
        return " Now it is the same."
    far = show(abs(by), now.unit).replace("%", " percentage points")
    return f" Now it is {far} {'more' if by > 0 else 'less'}."


class _Rows:
    """The rows behind the figures of one indicator, in words; says how many are done."""

    def __init__(self, dossier: Dossier, figures: Sequence[Figure], tell: Tell = nobody) -> None:
        self.dossier, self._tell = dossier, tell
        self._done = 0
        self._of = sum(len(f.rows) + len(f.denominator) + len(f.left_out) for f in figures)

    def of(
        self, rows: Sequence[Any], make: Callable[[Dossier, int, Any], Behind]
    ) -> tuple[Behind, ...]:
        """These rows, each made by `make`."""
        made = []
        for number, row in enumerate(rows):
            if self._done % ROWS_A_STEP == 0:
                said = f"Listing the records: {self._done:,} of {self._of:,}"
                self._tell(said, self._done, self._of)
            made.append(make(self.dossier, number, row))
            self._done += 1
        return tuple(made)


def _figure(
    behind: _Rows, figure: Figure, before: str, explained: tuple[tuple[str, str], ...]
) -> FigurePicture:
    left = behind.of(figure.left_out, _left_out)
    money = figure.unit in _MONEY or figure.key.startswith("share_")  # of a budget
    rows = behind.of(figure.rows, _worth if money else _behind)
    below = _worth if figure.key.startswith("share_") else _behind
    return FigurePicture(
        key=figure.key,
        label=figure.label,
        shown=sentence(figure.shown),
        heading=f"{words.counted(len(rows), 'record')} behind this number",
        before=before,
        note=figure.note,
        adds="Its value" if figure.shape is Shape.MEDIAN else "What it adds",
        rows=rows,
        denominator=behind.of(figure.denominator, below),
        left_out=left,
        left_heading=_looked_at(figure),
        left_why=_reasons(left),
        explained=explained,
    )


def _looked_at(figure: Figure) -> str:
    """Counted, divided by and left out are all that was looked at; each record once."""
    left = len(figure.left_out)
    if not left:
        return ""
    kept = [*figure.rows, *(row for row in figure.denominator if row.kind not in _NO_RECORDS)]
    gone = {row.record_id for row in figure.left_out}
    of = left + len({row.record_id for row in kept} - gone)
    those = "is" if left == 1 else "are"
    return f"{left:,} of {words.counted(of, 'record')} looked at {those} left out"


def _reasons(left: tuple[Behind, ...]) -> str:
    """The commonest first; all of them together are all that was left out."""
    counts = Counter(each.why for each in left).most_common()
    said = [f"{n:,}: {why}" for why, n in counts[:MOST_REASONS]]
    rest = sum(n for _, n in counts[MOST_REASONS:])
    if rest:
        said.append(f"{rest:,}: for other reasons, beside each in the list")
    return "\n".join(said)


def _behind(dossier: Dossier, number: int, row: Any) -> Behind:
    return Behind(
        id=f"{number}/{row.record_id}",
        name=_name(dossier, row),
        what=ROW_WORDS.get(row.kind, "Record"),
        value=f"{row.value.normalize():f}",
        why=row.note,
        enterprise_id=row.enterprise_id,
        adds=row.value,
    )


def _worth(dossier: Dossier, number: int, row: Any) -> Behind:
    """A row that adds money, written as money."""
    return replace(_behind(dossier, number, row), value=show(row.value, Unit.POUNDS))


def _left_out(dossier: Dossier, number: int, row: Any) -> Behind:
    return Behind(
        id=f"{number}/{row.record_id}",
        name=_name(dossier, row),
        what=ROW_WORDS.get(row.kind, "Record"),
        value="",
        why=words.say_days(row.reason),
        enterprise_id=row.enterprise_id,
    )


def _name(dossier: Dossier, row: Any) -> str:
    if not row.enterprise_id:
        return ROW_WORDS.get(row.kind, "Record")
    return dossier.name_of(row.enterprise_id) or "No name yet"
