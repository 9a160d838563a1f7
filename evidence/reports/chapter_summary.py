"""Chapter 1: one page with what a committee member needs who reads no further."""

from __future__ import annotations

from evidence.blocks import (
    Block,
    Caveat,
    Contents,
    Fact,
    Facts,
    Heading,
    PageBreak,
    Para,
    long_date,
)
from evidence.reports.pictures import money_words
from evidence.reports.view import View
from evidence.suppress import small
from forms.rules.indicators.seed import money_of, money_outside

LIMITS = (
    "Hours, people and prices are told by the enterprises themselves.",
    "Enterprises chose to take part: others might do better or worse.",
    "Part of the period falls in the pandemic and the months after it.",
    "A part of a year is made into a whole year by multiplying.",
    "Rates are those of the year they were published in, not today's prices.",
    "Enterprises that stopped stop reporting, so those that do well weigh more.",
    "People are counted within each enterprise; somebody helped by two counts twice.",
)


def summary(view: View) -> list[Block]:
    """One page: what a committee member needs if they read no further."""
    dossier = view.dossier
    bases = {key: view.figure("I-20", key) for key in ("B2", "B3")}
    rates = " Chapter 9 gives the rates, the ranges and what could be cashable."
    rates = rates if view.has("money") else ""
    return [
        Heading(1, "1. Summary"),
        Facts(
            (
                Fact("Active enterprises", _short(view, "I-06"), _target_words(view)),
                Fact(
                    "Established so far",
                    _short(view, "I-05", "any_origin"),
                    "Came into being in their chosen form",
                ),
                Fact("Hours of support a week", _short(view, "I-11"), coverage_words(view)),
                Fact("People supported", _short(view, "I-13"), "Counted within each enterprise"),
                Fact(
                    "Paid by direct payment",
                    view.shown(view.figure("I-16")),
                    _paid_hours(view),
                ),
                Fact("Seed fund paid", view.shown(view.figure("I-25")), _claims_words(view)),
            )
        ),
        Para(
            f"In a year, on basis B2 (price gap to the commissioned rate): "
            f"{view.shown(bases['B2'])}. On basis B3 (council-funded hours only): "
            f"{view.shown(bases['B3'])}. These value the same hours in two ways and are not added "
            f"together.{rates}",
            lead="What it is worth.",
        ),
        Para(_seed_words(view), lead="The seed fund."),
        Para(_missing_words(view), lead="What is not known yet."),
        Caveat("Read with care", LIMITS),
        Para(
            f"All figures are as at {long_date(dossier.as_of)}. Each one is worked out from "
            f"records{_where_listed(view)}.",
            small=True,
        ),
        PageBreak(),
        Para("", lead="Contents"),
        Contents(),
    ]


def _where_listed(view: View) -> str:
    """Where the records are; the published workbook lists none, so it is not spoken of."""
    if view.published:
        return ", which the programme keeps and does not publish"
    return ", and the records behind it are listed in the workbook that belongs to this report"


MOST_NAMED = 8  # on the first page


def _seed_words(view: View) -> str:
    """Paid and lapsed, envelope by envelope: public money, shown in full."""
    dossier = view.dossier
    if not dossier.pack.envelopes:
        return "This programme has none."
    if not dossier.lines:
        return "No claim is recorded yet."
    parts = []
    for envelope in dossier.pack.envelopes:
        money = money_of(dossier, envelope)
        parts.append(f"{envelope.id} ({envelope.title}): {money_words(money)}")
    stray = money_outside(dossier)
    if stray.paid:
        parts.append(f"on days outside every envelope: {money_words(stray)}")
    whose = " Paid in this district; the budgets are for the whole programme."
    return "; ".join(parts) + "." + (whose if dossier.area else "")


def _short(view: View, number: str, key: str = "") -> str:
    """A figure without its unit's words: the panel's label has them."""
    words = view.shown(view.figure(number, key))
    for unit in (
        " enterprises",
        " enterprise",
        " hours a week",
        " hour a week",
        " people",
        " person",
    ):
        words = words.removesuffix(unit)
    return words


def _paid_hours(view: View) -> str:
    hours = view.figure("I-11", "dp")
    if hours.value is None or view.is_hidden(hours):
        return f"Hours a week: {view.shown(hours)}"
    return f"{_short(view, 'I-11', 'dp')} hours a week"


def _target_words(view: View) -> str:
    share = view.figure("I-07")
    if view.dossier.area:
        return "The target is for the whole programme"
    if share.value is None:
        return "No target applies on this day"
    target = int(share.denominator[0].value)
    if view.is_hidden(share):
        return f"The target is {target}"
    return f"{view.shown(share)} of the target of {target}"


def coverage_words(view: View) -> str:
    """How many of the active enterprises the figures come from."""
    told, active = len(view.dossier.reporting), len(view.dossier.active)
    if view.published and any(small(n, view.below) for n in (told, active, active - told)):
        return "From the enterprises that made a return"
    return f"From {told} of {active} active enterprises"


def _claims_words(view: View) -> str:
    lines = len(view.dossier.paid_lines)
    if view.published and small(lines, view.below):
        return "Public money, shown in full"
    return f"In {lines} payments" if lines != 1 else "In one payment"


def _missing_words(view: View) -> str:
    unknown = [item for item in view.indicators.values() if not item.collected]
    if not unknown:
        return "Every indicator has records behind it."
    first = [_inside(item.title) for item in unknown[:MOST_NAMED]]
    more = len(unknown) - len(first)
    names = "; ".join(first) + (f"; and {more} more, named in chapter 3" if more else "")
    return f"{len(unknown)} of 42 indicators have no records behind them yet: {names}."


def all_missing(view: View) -> str:
    """Every indicator without records, for chapter 3; "" where the summary names them all."""
    unknown = [item for item in view.indicators.values() if not item.collected]
    if len(unknown) <= MOST_NAMED:
        return ""
    return "; ".join(f"{_inside(item.title)} ({item.id})" for item in unknown) + "."


def _inside(title: str) -> str:
    return title[0].lower() + title[1:]
