"""The chapters of the impact assessment by key, and the templates that choose among them.

Method, limits and what would have happened anyway are in every report. A chapter keeps its number,
so two reports can be laid side by side; what was left out is listed. Refuses an empty report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evidence.blocks import Block
from evidence.reports import (
    annexes,
    chapter_activity,
    chapter_summary,
    chapters_money,
    chapters_people,
    chapters_start,
    chapters_told,
    chapters_words,
)
from evidence.reports.view import View


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter: its key, its title as it is printed, what makes it."""

    key: str
    title: str
    make: Callable[[View], list[Block]]
    always: bool = False


SECTIONS = (
    Section("summary", "1. Summary", chapter_summary.summary, always=True),
    Section("programme", "2. The programme and its money", chapters_start.programme),
    Section("method", "3. Method and data quality", chapters_start.method, always=True),
    Section("activity", "4. Activity in the nine areas", chapter_activity.activity),
    Section("enterprises", "5. Enterprises and people", chapters_people.enterprises),
    Section("outcomes", "6. Outcomes for people", chapters_told.outcomes),
    Section("leaders", "7. Outcomes for leaders", chapters_told.leaders),
    Section("gaps", "8. Choice and market gaps", chapters_told.gaps),
    Section("money", "9. Financial value", chapters_money.financial),
    Section("economy", "10. Economy", chapters_money.economic),
    Section("culture", "11. Direct payments and choice", chapters_money.direct_payments),
    Section("equality", "12. Equality", chapters_people.equality),
    Section("stories", "13. Stories", chapters_words.stories),
    Section("anyway", "14. What would have happened anyway", chapters_words.counterfactual, True),
    Section("sustain", "15. Sustainability plan", chapters_words.sustainability),
    Section("assumptions", "Annex A. Assumptions", annexes.assumptions),
    Section("dictionary", "Annex B. Data dictionary", annexes.dictionary),
    Section("register", "Annex C. Register snapshot", annexes.register),
    Section("audit", "Annex D. Seed-fund audit", annexes.seed_fund),
)
BY_KEY = {section.key: section for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class Template:
    """A choice of chapters for one kind of reader."""

    key: str
    title: str  # on the cover
    about: str
    sections: tuple[str, ...]


TEMPLATES = (
    Template(
        "impact_assessment",
        "Impact assessment",
        "Everything: fifteen chapters and four annexes, for the record.",
        tuple(BY_KEY),
    ),
    Template(
        "committee_note",
        "Note for the committee",
        "A few pages: the summary, people, money and the limits.",
        ("summary", "method", "enterprises", "money", "gaps", "anyway"),
    ),
    Template(
        "quarter_note",
        "Progress note",
        "How work goes on: activity, enterprises, gaps, the register.",
        ("summary", "method", "activity", "enterprises", "gaps", "anyway", "register"),
    ),
    Template(
        "fund_audit",
        "Seed-fund audit",
        "Where the seed money went, line by line, and the budgets.",
        ("summary", "programme", "method", "anyway", "audit"),
    ),
)


def template(key: str) -> Template:
    """The template with this key. Raises KeyError."""
    return {each.key: each for each in TEMPLATES}[key]


def chosen(keys: Iterable[str]) -> tuple[Section, ...]:
    """The chapters with these keys and those that are always in, in their order; none = all."""
    wanted = frozenset(keys)
    if not wanted:
        return SECTIONS
    return tuple(each for each in SECTIONS if each.always or each.key in wanted)


def left_out(sections: Iterable[Section]) -> str:
    """What a reader does not find, in a sentence; "" when it is all there."""
    inside = {each.key for each in sections}
    missing = [each.title for each in SECTIONS if each.key not in inside]
    return f"Not in this report: {'; '.join(missing)}." if missing else ""
