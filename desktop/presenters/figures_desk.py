"""Where figures are worked out: records kept by kind, facts by day, and answers to questions.

Lives in a process of its own beside the window (desktop/figures_worker.py), or where it is made.
What a change does not touch is not read again. It says how far it is, in steps of a fraction of a
second, and stops at the next one. Refuses to write, and to mix two moments: a question
is answered by what stood at one moment, though a pull commits page by page meanwhile. What was kept
from before holds only if nothing of its kind has changed by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial, singledispatchmethod
from typing import Any

from desktop.operations.long_work import Tell, nobody
from desktop.operations.reports import (
    Check,
    Choice,
    of_facts,
    of_records,
    order_of,
    worked_out,
)
from desktop.presenters import figures_asked as q
from desktop.presenters.impact_picture import (
    About,
    Course,
    ImpactPicture,
    IndicatorPicture,
    course_of,
    explain,
    impact_of,
)
from desktop.presenters.impact_scope import Scope
from desktop.presenters.impact_tiles import Tile, tile_of
from evidence.dossier import Dossier, Provenance, gather, provenance_of, within
from evidence.making import parts
from forms.facts.kinds import KINDS, kind_of
from forms.rules.indicators import DEFINITIONS, Indicator, indicator_of
from forms.rules.pack import Pack

MOST_DAYS = 2  # days of which the facts are kept
MOST_SCOPES = 8
Hand = Callable[[bytes], None]


def to_nobody(_part: bytes) -> None:
    """Nobody draws it."""


class FiguresDesk:
    """Answers questions over a read side. One thread at a time."""

    def __init__(self, reader: Any, pack: Pack, *, practice: bool) -> None:
        self._reader, self._pack, self._practice = reader, pack, practice
        self._provenance = partial(provenance_of, reader, practice=practice)  # how things are now
        self._kinds = frozenset(kind_of(cls).name for cls in kinds_read(pack))
        self._records: dict[str, list[Any]] = {}
        self._wholes: dict[date, Dossier] = {}
        self._cut: tuple[Scope, Dossier] | None = None  # the last one: it holds much
        self._figures: tuple[Scope, tuple[Indicator, ...]] | None = None  # without their records
        self._tiles: dict[Scope, dict[str, Tile]] = {}
        self._courses: dict[tuple[Scope, str], Course] = {}
        self._checked: dict[Choice, tuple[Check, ...]] = {}
        self._moment: int | None = None  # the last change that all of this knows of
        self._tell: Tell = nobody  # who wants to know how far the question is
        self._hand: Hand = to_nobody  # who takes the parts of a report

    def all(self, cls: type[Any], **_equals: object) -> list[Any]:
        """Records of one kind, read once until something of that kind changes."""
        name = kind_of(cls).name
        if name not in self._records:
            read = sum(len(each) for each in self._records.values())
            self._tell(
                f"Reading the records: {read:,} so far", len(self._records), len(self._kinds)
            )
            self._records[name] = self._reader.all(cls)
        return self._records[name]

    def answer(self, asked: Any, tell: Tell = nobody, hand: Hand = to_nobody) -> Any:
        """Answer one question (figures_asked). Raises what reading and working out raise.

        Before each step `tell` hears of it; what it raises ends the question, and what was known
        by then stays known. `hand` takes each part of a report as it is ready.
        """
        self._tell, self._hand = tell, hand
        try:
            with self._reader.one_moment():
                # News of a commit may still be on its way to who asks.
                self._moment, changed = self._reader.changed_since(self._moment)
                self._forget_kinds(changed)
                return self._answer(asked)
        finally:
            self._tell, self._hand = nobody, to_nobody

    def _forget_kinds(self, changed: frozenset[str]) -> None:
        stale = self._kinds & changed
        if stale:
            for name in stale:
                self._records.pop(name, None)
            self._cut = self._figures = None
            for kept in (self._wholes, self._tiles, self._courses, self._checked):
                kept.clear()

    @singledispatchmethod
    def _answer(self, asked: Any) -> Any:
        raise TypeError(type(asked).__name__)

    @_answer.register
    def _forget(self, asked: q.Forget) -> None:
        self._forget_kinds(frozenset(asked.kinds))

    @_answer.register
    def _known(self, asked: q.Known) -> ImpactPicture | None:
        tiles, course = self._tiles.get(asked.scope), self._courses.get((asked.scope, asked.chosen))
        if course is None or tiles is None or len(tiles) < len(DEFINITIONS):
            return None
        return self._picture(asked.scope).with_course(course)

    @_answer.register
    def _read(self, asked: q.Read) -> int:
        return len(self.all(KINDS[asked.kind].cls))

    @_answer.register
    def _gather(self, asked: q.Gather) -> None:
        self._whole(asked.day)

    @_answer.register
    def _tile(self, asked: q.OneTile) -> Tile:
        tiles = self._tiles.setdefault(asked.scope, {})
        if asked.indicator_id not in tiles:
            found = indicator_of(self._facts(asked.scope), asked.indicator_id)
            tiles[asked.indicator_id] = tile_of(found)
        _drop_oldest(self._tiles, MOST_SCOPES)
        return tiles[asked.indicator_id]

    @_answer.register
    def _page(self, asked: q.Page) -> ImpactPicture:
        for each in DEFINITIONS:  # a change on the way may have thrown some away
            self._tile(q.OneTile(asked.scope, each))
        return self._picture(asked.scope)

    @_answer.register
    def _course(self, asked: q.OneCourse) -> Course:
        key = (asked.scope, asked.indicator_id)
        if key not in self._courses:
            facts = self._facts(asked.scope)
            self._courses[key] = course_of(facts, asked.indicator_id, self._tell)
        _drop_oldest(self._courses, MOST_SCOPES)
        return self._courses[key]

    @_answer.register
    def _explain(self, asked: q.Explain) -> IndicatorPicture:
        facts, known = partial(self._facts, asked.scope), self._provenance()
        course = partial(self._course, q.OneCourse(asked.scope, asked.indicator_id))
        about = About(asked.indicator_id, asked.scope, known)
        return explain(self._reader, about, facts, course, self._tell)

    @_answer.register
    def _checks(self, asked: q.Checks) -> tuple[Check, ...]:
        return self._checks_of(asked.choice, self._provenance())

    @_answer.register
    def _facts_of(self, asked: q.Facts) -> q.Found:
        known, choice = self._provenance(), asked.choice
        checks = self._checks_of(choice, known)
        facts = replace(self._facts(_scope_of(choice)), provenance=known)
        order = order_of(choice, "xlsx" if asked.sheets else "pdf")
        self._tell("Putting the report together", 0, 0)
        for number, part in enumerate(parts(order, facts, self._worked_out(choice))):
            self._hand(part)
            self._tell("Writing down the rows of each figure", number, len(DEFINITIONS))
        return q.Found(checks, sum(len(each) for each in self._records.values()))

    def _checks_of(self, choice: Choice, known: Provenance) -> tuple[Check, ...]:
        if choice not in self._checked:
            facts, figures = self._facts(_scope_of(choice)), self._worked_out(choice)
            self._checked[choice] = of_facts(facts, self._pack, choice, self._tell, figures)
            _drop_oldest(self._checked, MOST_SCOPES)
        return (*self._checked[choice], *of_records(known))

    def _worked_out(self, choice: Choice) -> tuple[Indicator, ...]:
        scope = _scope_of(choice)
        if self._figures is None or self._figures[0] != scope:
            self._figures = (scope, worked_out(self._facts(scope), self._tell))
        return self._figures[1]

    def _picture(self, scope: Scope) -> ImpactPicture:
        return impact_of(self._tiles.get(scope, {}), self._provenance(), scope, self._pack)

    def _whole(self, day: date) -> Dossier:
        if day not in self._wholes:
            for cls in kinds_read(self._pack):
                self.all(cls)
            self._tell("Putting the records together", 0, 0)
            self._wholes[day] = gather(self, self._pack, day, practice=self._practice)
            _drop_oldest(self._wholes, MOST_DAYS)
        return self._wholes[day]

    def _facts(self, scope: Scope) -> Dossier:
        if self._cut is None or self._cut[0] != scope:
            whole = self._whole(scope.as_of)
            self._cut = (scope, within(whole, since=scope.since, area=scope.area))
        return self._cut[1]


class _Asked:
    """Notes which kinds `gather` reads."""

    def __init__(self) -> None:
        self.kinds: list[type] = []

    def all(self, cls: type[Any], **_equals: object) -> list[Any]:
        """Nothing, and noted."""
        self.kinds.append(cls)
        return []


def kinds_read(pack: Pack) -> tuple[type, ...]:
    """The kinds of record that the figures rest on, in the order they are read."""
    asked = _Asked()
    gather(asked, pack, pack.programme_starts)
    return tuple(dict.fromkeys(asked.kinds))


def _scope_of(choice: Choice) -> Scope:
    return Scope(as_of=choice.as_of, since=choice.since, area=choice.area)


def _drop_oldest(kept: dict[Any, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]
