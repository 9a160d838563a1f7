"""A dossier as one report may show it: in full, or published with small numbers hidden.

Every chapter asks here; none decides by itself what is small. Refuses names in what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from evidence.blocks import HIDDEN, Block, Column, Format, Para, RowsBehind, Table, Value
from evidence.dossier import Dossier
from evidence.figures import indicators
from evidence.suppress import hide, small
from forms.facts.people import Enterprise
from forms.rules.indicators import Figure, Indicator, Row, Shape, Unit
from forms.rules.pathway import is_established

_SETTINGS = {"target", "envelope", "setting"}  # denominators that are no records
WIDER = {"any_origin", "closed_then"}  # counts that hold more than the records of the main figure
TOO_FEW = "Not shown: so few enterprises are behind it that one could be recognised."


@dataclass(frozen=True)
class View:
    """One dossier, one audience."""

    dossier: Dossier
    published: bool
    known: tuple[Indicator, ...] = ()  # worked out from these very facts already
    chapters: frozenset[str] | None = None  # keys of those in this report; None = all

    def has(self, chapter: str) -> bool:
        """Whether a reader can be sent to this chapter."""
        return self.chapters is None or chapter in self.chapters

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {item.id: item for item in self.known or indicators(self.dossier)}

    @property
    def below(self) -> int:
        """Counts under this are hidden when published."""
        return self.dossier.pack.suppress_below

    def figure(self, number: str, key: str = "") -> Figure:
        """A figure of an indicator: the main one, or the one with this key."""
        figures = self.indicators[number].figures
        return next((f for f in figures if f.key == key), figures[0]) if key else figures[0]

    def is_hidden(self, figure: Figure) -> bool:
        """Whether this figure must not be shown to this audience."""
        if not self.published or figure.value is None or _is_public_money(figure):
            return False
        if any(small(count, self.below) for count in _counts(figure)):
            return True
        return self._given_away(figure)

    def _given_away(self, figure: Figure) -> bool:
        """Whether the difference from a sister figure would be small: all and the new ones.

        Of gaps: all that were closed in the period, and those of them opened in it.
        """
        if figure.key == "closed_then":
            closed = self.figure("I-36", "closed")
            return small(len(figure.rows) - len(closed.rows), self.below)
        if figure.key != "any_origin":
            return False
        new = self.figure("I-05")
        return small(len(figure.rows) - len(new.rows), self.below)

    def shown(self, figure: Figure) -> str:
        """The figure in words."""
        return HIDDEN.words if self.is_hidden(figure) else figure.shown

    def value(self, figure: Figure) -> Value:
        """The figure for a table cell."""
        return HIDDEN if self.is_hidden(figure) else figure.value

    def count(self, number: int) -> Value:
        """A lone count for a cell."""
        return HIDDEN if self.published and small(number, self.below) else number

    def rows_behind(self, number: str, key: str = "") -> RowsBehind:
        """Where the records behind a figure are."""
        figure = self.figure(number, key)
        words = f"{number}, {key}" if key else number
        if self.is_hidden(figure):
            return RowsBehind(words, HIDDEN.words, 0, 0)
        if self.published:  # its workbook lists no records
            return RowsBehind(words, figure.shown, len(figure.rows), 0, listed=False)
        return RowsBehind(words, figure.shown, len(figure.rows), len(figure.left_out))

    def parts(self, figures: Sequence[Figure]) -> list[Value]:
        """Counts that add up to a known total, hidden so that subtraction does not help."""
        counts = [len(figure.rows) for figure in figures]
        if not self.published:
            return list(counts)
        gone = hide([counts], self.below)
        if gone is None:
            return [HIDDEN for _ in counts]
        return [HIDDEN if at in gone else count for at, count in enumerate(counts)]

    def grouped(self, spec: Grouping) -> Block:
        """A table of enterprises by group, or the sentence that it cannot be shown."""
        return _grouped(self, spec)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How to group enterprises in a table."""

    key: str
    caption: str
    head: str
    group_of: Callable[[Enterprise], str]
    order: tuple[str, ...] = ()
    adults: Mapping[str, int] | None = None  # by group, for a rate per 10,000
    note: str = ""


def _is_public_money(figure: Figure) -> bool:
    """Seed money paid from public funds is public; so is money against a budget."""
    return (
        bool(figure.rows)
        and all(row.kind == "claim_line" for row in figure.rows)
        and figure.shape in (Shape.SUM, Shape.SHARE)
        and figure.key.startswith(("main", "paid_", "share_", "outside", "returned"))
    )


def _counts(figure: Figure) -> Iterable[int]:
    """The numbers of records that a reader could learn from the figure."""
    above = _weighing(figure.rows)
    yield above
    if figure.unit is Unit.PEOPLE and figure.shape is Shape.SUM:
        yield int(figure.value or 0)
    if figure.shape not in (Shape.SHARE, Shape.RATE):
        return
    below = [row for row in figure.denominator if row.kind not in _SETTINGS]
    if below:
        yield _weighing(below)
        ones = all(row.value == 1 for row in (*figure.rows, *below))
        if ones and {row.kind for row in figure.rows} <= {row.kind for row in below}:
            yield len(below) - above


def _weighing(rows: Iterable[Row]) -> int:
    """Records that add something."""
    return sum(1 for row in rows if row.value)


def _grouped(view: View, spec: Grouping) -> Block:
    groups = _groups(view.dossier, spec)
    if not groups:
        return Para("No enterprise has been established yet.")
    counts = [_counted(view.dossier, members) for members in groups.values()]
    totals = _counted(view.dossier, [one for members in groups.values() for one in members])
    hidden = _hidden(view, counts)
    if hidden is None or (
        view.published and any(small(n, view.below) for n in (totals.established, totals.active))
    ):
        return Para(TOO_FEW, lead=spec.caption + ".")
    rows = []
    for at, (name, row) in enumerate(zip(groups, counts, strict=True)):
        cells: list[Value] = [HIDDEN] * 4 if at in hidden else row.cells
        rows.append((name, *cells, *_rate(spec, name, row.active, gone=at in hidden)))
    seen = [row for at, row in enumerate(counts) if at not in hidden]
    rate: tuple[Value, ...] = (None,) if spec.adults is not None else ()
    if spec.adults:
        everyone = sum(spec.adults.values())
        rate = (_per_10000(totals.active, everyone),)
    return Table(
        key=spec.key,
        caption=spec.caption,
        columns=_columns(spec),
        rows=tuple(rows),
        total=("All", *totals.cells, *rate),
        note=_note(spec, hidden, _silent_words(view, seen, totals)),
    )


def _note(spec: Grouping, hidden: frozenset[int], silent: str) -> str:
    words = (
        f"Rows that say '{HIDDEN.words}' stand for so few enterprises that one could be "
        "recognised, or keep such a row from being worked out."
    )
    return " ".join(part for part in (spec.note, silent, words if hidden else "") if part)


def _silent_words(view: View, seen: Sequence[_Counted], totals: _Counted) -> str:
    """What hours and people are told of, and what a dash in their columns means."""
    if all(row.hours is not None and row.people is not None for row in (*seen, totals)):
        dash = ""
    else:
        dash = "A dash: no active enterprise told it; that is not the same as none."
    if view.published or totals.told == totals.active:
        return dash
    words = f"Hours and people are those of {totals.told} of {totals.active} active enterprises."
    return f"{words} {dash}".strip()


def _columns(spec: Grouping) -> tuple[Column, ...]:
    columns = [
        Column(spec.head, row_header=True),
        Column("Established", Format.COUNT),
        Column("Active", Format.COUNT),
        Column("Hours a week", Format.HOURS),
        Column("People supported", Format.COUNT),
    ]
    if spec.adults is not None:
        columns.append(Column("Active per 10,000 adults", Format.HOURS))
    return tuple(columns)


def _groups(dossier: Dossier, spec: Grouping) -> dict[str, list[Enterprise]]:
    groups: dict[str, list[Enterprise]] = {name: [] for name in spec.order}
    for enterprise in dossier.enterprises:
        if is_established(enterprise, dossier.as_of) or enterprise.id in dossier.active_ids:
            groups.setdefault(spec.group_of(enterprise), []).append(enterprise)
    return groups if any(groups.values()) else {}


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a row of such a table counts. None: nobody told."""

    established: int
    active: int
    told: int  # active enterprises with a return that counts on the day
    hours: Decimal | None
    people: int | None

    @property
    def cells(self) -> list[Value]:
        """As the row shows it."""
        return [self.established, self.active, self.hours, self.people]


def _counted(dossier: Dossier, members: Sequence[Enterprise]) -> _Counted:
    active = [e for e in members if e.id in dossier.active_ids]
    returns = [r for e in active if (r := dossier.latest_returns.get(e.id)) is not None]
    hours = [r.hours_week for r in returns if r.hours_week is not None]
    people = [r.people for r in returns if r.people is not None]
    return _Counted(
        established=sum(is_established(e, dossier.as_of) for e in members),
        active=len(active),
        told=len(returns),
        hours=sum(hours, Decimal(0)) if hours else None,
        people=sum(people) if people else None,
    )


def _hidden(view: View, counts: Sequence[_Counted]) -> frozenset[int] | None:
    if not view.published:
        return frozenset()
    columns = [
        [row.established for row in counts],
        [row.active for row in counts],
        [row.people or 0 for row in counts],
    ]
    return hide(columns, view.below)


def _rate(spec: Grouping, name: str, active: int, *, gone: bool) -> tuple[Value, ...]:
    if spec.adults is None:
        return ()
    if gone:
        return (HIDDEN,)
    return (_per_10000(active, spec.adults.get(name, 0)),)


def _per_10000(active: int, adults: int) -> Value:
    return (Decimal(active) * 10_000 / adults).quantize(Decimal("0.1")) if adults else None
