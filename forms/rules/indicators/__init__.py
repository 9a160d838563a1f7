"""Indicators I-01 to I-42 over the facts of a day. Pure: records in, figures with rows out.

Refuses storage, clocks and formatting beyond the unit of a number.
"""

from __future__ import annotations

from collections.abc import Callable

from forms.rules.indicators import activity, market, pathway_counts, quality, seed, survey, value
from forms.rules.indicators.answered import Answered
from forms.rules.indicators.catalogue import DEFINITIONS, NOT_KEPT
from forms.rules.indicators.model import (
    NOT_COLLECTED,
    Definition,
    Figure,
    Indicator,
    LeftOut,
    Row,
    Shape,
    Timing,
    Unit,
    indicator,
    missing,
    show,
    work_out,
)
from forms.rules.indicators.survey import anyway
from forms.rules.indicators.world import World

__all__ = [
    "DEFINITIONS",
    "NOT_COLLECTED",
    "Answered",
    "Definition",
    "Figure",
    "Indicator",
    "LeftOut",
    "Row",
    "Shape",
    "Timing",
    "Unit",
    "World",
    "anyway",
    "indicator_of",
    "indicators_of",
    "show",
    "work_out",
]

_FIGURES: dict[str, Callable[[World], tuple[Figure, ...]]] = {
    "I-01": pathway_counts.enquiries,
    "I-02": pathway_counts.conversation_share,
    "I-03": pathway_counts.ready_share,
    "I-04": pathway_counts.days_to_ready,
    "I-05": pathway_counts.established,
    "I-06": pathway_counts.active,
    "I-07": pathway_counts.target_share,
    "I-08": pathway_counts.sustained,
    "I-09": pathway_counts.closures,
    "I-10": pathway_counts.adapted,
    "I-11": activity.hours,
    "I-12": activity.coverage,
    "I-13": activity.people,
    "I-14": activity.means,
    "I-15": activity.hours_target,
    "I-16": activity.dp_share,
    "I-17": activity.dp_enterprises,
    "I-18": activity.self_funders,
    "I-19": activity.weighted_price,
    "I-20": value.gross_value,
    "I-22": pathway_counts.assistants,
    "I-25": seed.paid,
    "I-26": seed.per_sustained,
    "I-27": seed.turnaround,
    "I-28": activity.jobs,
    "I-29": survey.care_otherwise,
    "I-30": survey.leaders_better,
    "I-31": activity.close_to_home,
    "I-33": quality.register,
    "I-34": quality.checks_in_date,
    "I-35": quality.concerns,
    "I-36": market.gaps,
    "I-37": market.signposts,
    "I-39": quality.non_digital,
    "I-40": quality.reach,
    "I-41": survey.outcomes,
    "I-42": market.training,
}


def indicators_of(world: World) -> tuple[Indicator, ...]:
    """All 42 in order; those without records say 'not collected yet' and why."""
    return tuple(_one(world, definition) for definition in DEFINITIONS.values())


def indicator_of(world: World, indicator_id: str) -> Indicator:
    """One of the 42. Raises KeyError for another id."""
    return _one(world, DEFINITIONS[indicator_id])


def _one(world: World, definition: Definition) -> Indicator:
    work = _FIGURES.get(definition.id)
    if work is not None:
        return indicator(definition, *work(world))
    why = NOT_KEPT[definition.id]
    return indicator(definition, missing(definition.title, Unit.NUMBER, why))
