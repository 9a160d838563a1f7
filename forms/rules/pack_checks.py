"""What must hold across the tables of a pack: sums, neighbours, codes, dates, conditions.

Refuses nothing itself: it returns every fault with its place and its remedy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from forms.rules.conditions import ConditionError, parse
from forms.rules.pack import Dated, Pack
from forms.rules.pack_table import Place, Problem
from forms.rules.sources import codes_in
from forms.values import pounds

CODES = {"M", "P", "A", "M/P", "M/A", "P/A", "A/P", "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """A total that a paper states; it is added up again and never simply taken."""

    name: str
    pence: int
    lines: tuple[str, ...] = ()  # budget lines it adds; none = all
    starts: date | None = None  # only the period that begins on this day
    source: str = ""


def check_pack(
    pack: Pack, totals: Sequence[StatedTotal], files: Mapping[str, str]
) -> list[Problem]:
    """Every fault across tables. `files` says which file each table came from."""
    found: list[Problem] = []
    for check in (
        _codes,
        _neighbours,
        _references,
        _conditions,
        _periods,
        _rates,
        _cost_kinds,
        _sources,
        _like_words,
    ):
        found += check(pack, files)
    found += _totals(pack, totals, files)
    return found


def _at(files: Mapping[str, str], table: str, row: str = "") -> Place:
    return Place(file=files.get(table, "pack.toml"), table=f"{table} {row}".strip())


def _totals(
    pack: Pack, totals: Sequence[StatedTotal], files: Mapping[str, str]
) -> Iterator[Problem]:
    for total in totals:
        parts = [
            line.pence
            for line in pack.budget
            if (not total.lines or line.line in total.lines)
            and (total.starts is None or line.starts == total.starts)
        ]
        added = sum(parts)
        if added != total.pence:
            what = (
                f"the stated total is £{pounds(total.pence)}, but its {len(parts)} part(s) add up "
                f"to £{pounds(added)}: £{pounds(abs(added - total.pence))} apart."
            )
            fix = "Correct the part that is wrong, or the total."
            yield _at(files, "stated_total", f"({total.name})").problem("pounds", what, fix)
    yield from _seed_lines(pack, files)


def _seed_lines(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    for envelope in pack.envelopes:
        in_budget = [
            b.pence for b in pack.budget if b.line == "seed" and b.starts == envelope.starts
        ]
        if in_budget and sum(in_budget) != envelope.pence:
            what = (
                f"holds £{pounds(envelope.pence)}, but the budget gives the seed fund "
                f"£{pounds(sum(in_budget))} for that period."
            )
            place = _at(files, "envelope", f"({envelope.id})")
            yield place.problem("pounds", what, "Make the two agree.")


def _codes(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    tables: dict[str, Iterable[str]] = {
        "place": (row.code for row in pack.places),
        "envelope": (row.id for row in pack.envelopes),
        "checklist": (row.code for row in pack.checklist),
        "entity_form": (row.code for row in pack.entity_forms),
        "entity_question": (row.id for row in pack.entity_questions),
        "entity_rule": (row.id for row in pack.entity_rules),
        "cost_kind": (row.id for row in pack.seed_policy.cost_kinds),
        "closing_reason": (row.code for row in pack.closing_reasons),
        "stage": (row.code for row in pack.stages),
        "channel": (row.code for row in pack.channels),
        "assumption_set": (row.id for row in pack.assumptions),
        "source": (row.id for row in pack.sources),
    }
    for table, codes in tables.items():
        for code, times in Counter(codes).items():
            if times > 1:
                what = f"{code} is there {times} times."
                yield _at(files, table, f"({code})").problem("", what, "Give each its own code.")


def _neighbours(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    by_code = {place.code: place for place in pack.places}
    groups = {group.code for group in pack.area_groups}
    for place in pack.places:
        at = _at(files, "place", f"({place.code} {place.name})")
        for code in place.neighbours:
            other = by_code.get(code)
            if other is None:
                what = f"names a neighbour {code} that is not a place of this pack."
                yield at.problem("neighbours", what, "Correct the code or add the place.")
            elif place.code not in other.neighbours:
                what = f"has {other.name} as a neighbour, but {other.name} does not have it."
                fix = f"Add {place.code} to the neighbours of {other.name}."
                yield at.problem("neighbours", what, fix)
        for group in place.groups:
            if group not in groups:
                what = f"belongs to a group {group} that is not there."
                yield at.problem("groups", what, "Add the area_group or correct its code.")


def _references(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    if pack.default_assumptions not in {a.id for a in pack.assumptions}:
        what = f"{pack.default_assumptions!r} is not an assumption set of this pack."
        yield _at(files, "default_assumptions").problem("", what, "Name one that is there.")
    forms = {form.code for form in pack.entity_forms}
    for rule in pack.entity_rules:
        at = _at(files, "entity_rule", f"({rule.id})")
        for code in (*rule.scores, *rule.excludes, *rule.warns):
            if code not in forms:
                yield at.problem("", f"{code} is not a legal form here.", "Correct the code.")
    items = {row.code for row in pack.checklist}
    for code in pack.seed_policy.checklist_minimum:
        if code not in items:
            what = f"{code} is not a checklist item."
            yield _at(files, "seed_policy").problem("checklist_minimum", what, "Correct the code.")


def _conditions(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    written = [
        ("checklist", row.code, field, text)
        for row in pack.checklist
        for field, text in (("applies_when", row.applies_when), ("must_when", row.must_when))
        if text
    ]
    written += [("entity_rule", rule.id, "when", rule.when) for rule in pack.entity_rules]
    for table, code, field, text in written:
        try:
            parse(text)
        except ConditionError as error:
            yield _at(files, table, f"({code})").problem(field, str(error), "Mend the condition.")
    for row in pack.checklist:
        if row.level not in CODES:
            what = f"{row.level!r} is not a level."
            fix = f"Use one of {', '.join(sorted(CODES))}."
            yield _at(files, "checklist", f"({row.code})").problem("level", what, fix)


def _periods(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    tables: dict[str, Sequence[Any]] = {"envelope": pack.envelopes, "target": pack.targets}
    for table, rows in tables.items():
        ordered = sorted(rows, key=lambda row: row.starts)
        for row in ordered:
            if row.ends < row.starts:
                at = _at(files, table, f"({row.starts})")
                yield at.problem("ends", "is before it starts.", "Put the days in order.")
        for first, second in pairwise(ordered):
            if second.starts <= first.ends:
                at = _at(files, table, f"({second.starts})")
                what = f"begins before the one before it ends ({first.ends})."
                yield at.problem("starts", what, "Let periods follow one another.")


def _rates(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    by_name: dict[str, list[Dated]] = {}
    for rate in pack.rates:
        by_name.setdefault(rate.name, []).append(rate)
    for name, rates in by_name.items():
        ordered = sorted(rates, key=lambda rate: rate.valid_from)
        for first, second in pairwise(ordered):
            if first.valid_to is None or first.valid_to >= second.valid_from:
                at = _at(files, "rate", f"({name} from {first.valid_from})")
                last = second.valid_from - timedelta(days=1)
                what = f"overlaps the one from {second.valid_from}."
                yield at.problem("valid_to", what, f"End it on {last}.")


def _cost_kinds(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    items = {row.code for row in pack.checklist}
    for kind in pack.seed_policy.cost_kinds:
        at = _at(files, "cost_kind", f"({kind.id})")
        if bool(kind.category) == bool(kind.code):
            what = "needs either a category (may be paid) or a code (may not), not both."
            yield at.problem("category", what, "Leave one of the two empty.")
        if kind.code and not kind.because:
            yield at.problem("because", "is empty.", "Say in plain words why it is not paid.")
        for code in kind.for_checklist:
            if code not in items:
                what = f"{code} is not a checklist item."
                yield at.problem("for_checklist", what, "Correct the code.")


def _sources(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    # a pack of before there were names has no such table; its codes are left out where they show
    if not pack.sources:
        return
    known = {source.id for source in pack.sources}
    written = [("checklist", row.code, row.source) for row in pack.checklist]
    written += [("rate", row.name, row.source) for row in pack.rates]
    written += [("assumption_set", row.id, row.source) for row in pack.assumptions]
    written += [("target", str(row.year), row.source) for row in pack.targets]
    for table, mark, text in written:
        for code in codes_in(text):
            if code not in known:
                what = f"names {code}, which is not in the table of sources."
                fix = "Add a [[source]] with its name, or write the name here."
                yield _at(files, table, f"({mark})").problem("source", what, fix)
    for source in pack.sources:
        if source.page and not source.page.startswith("https://"):
            what = "is not an address that begins with https://."
            yield _at(files, "source", f"({source.id})").problem("page", what, "Write it whole.")


def _like_words(pack: Pack, files: Mapping[str, str]) -> Iterator[Problem]:
    kinds = {choice.code for choice in pack.service_types}
    for row in pack.like_words:
        at = _at(files, "like_words", f"({row.service})")
        if row.service not in kinds:
            what = f"{row.service!r} is not a kind of support of this pack."
            yield at.problem("service", what, f"Name one of these: {', '.join(sorted(kinds))}.")
        for word in row.words:
            if not re.fullmatch(r"[^\W_]{2,}", word) or word != word.casefold():
                what = f"{word!r} is not one word in small letters."
                yield at.problem("words", what, "Write each word by itself.")
    for service, times in Counter(row.service for row in pack.like_words).items():
        if times > 1:
            what = f"is there {times} times."
            at = _at(files, "like_words", f"({service})")
            yield at.problem("service", what, "Put its words in one row.")
