"""I-29, I-30, I-41 and what would have happened anyway: from the questionnaires that were finished.

Two answers are set side by side only where the same questions were asked twice. People who are
supported are not named, so their answers are compared for an enterprise, never for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from forms.rules.indicators.answered import Answered
from forms.rules.indicators.model import (
    Figure,
    LeftOut,
    Row,
    Shape,
    Unit,
    figure,
    missing,
)
from forms.rules.indicators.rows import out, row
from forms.rules.indicators.world import World

FORM = "outcome_questionnaire"
DOMAINS = {
    "p_control": "Choosing what help, and when",
    "p_company": "Seeing people",
    "p_out": "Getting out",
    "p_safe": "Feeling safe",
    "p_home": "A clean and warm home",
}
_CALM, _SURE = "l_calm", "l_confident"
_WEIGHT = {"same": Decimal(0), "smaller": Decimal("0.5"), "no": Decimal(1)}
_NONE = "No questionnaire has been finished by a leader."
_NOBODY = "No questionnaire has been finished by people who get support."


def care_otherwise(world: World) -> tuple[Figure, ...]:
    """I-29."""
    label = "Would not work in care otherwise"
    latest, left = _latest(world, "leader", "care_otherwise")
    if not latest:
        return (missing(label, Unit.PERCENT, _NONE),)
    above = [row(a) for a in latest if a.values["care_otherwise"] == "no"]
    below = [row(a) for a in latest]
    return (figure(label, Shape.SHARE, Unit.PERCENT, above, denominator=below, left_out=left),)


def leaders_better(world: World) -> tuple[Figure, ...]:
    """I-30: calmer and surer together, then each."""
    return (
        _better(world, (_CALM, _SURE), "Feel calmer or surer of their work", "main"),
        _better(world, (_CALM,), "Feel calmer", "calm"),
        _better(world, (_SURE,), "Know better what to do", "sure"),
    )


def _better(world: World, questions: tuple[str, ...], label: str, key: str) -> Figure:
    pairs, left = _pairs(world, "leader", questions)
    if not pairs:
        return missing(label, Unit.PERCENT, f"{_NONE[:-1]} twice, at the start and later.", key)
    above, below = [], []
    for start, later in pairs:
        was, now = _sum(start, questions), _sum(later, questions)
        below.append(row(later))
        if now > was:
            above.append(row(later, note=f"From {was} to {now} points."))
    note = "The first answer at the start beside the newest later one. More points are better."
    return figure(
        label,
        Shape.SHARE,
        Unit.PERCENT,
        above,
        denominator=below,
        left_out=left,
        note=note,
        key=key,
    )


def outcomes(world: World) -> tuple[Figure, ...]:
    """I-41: enterprises where some domain rose, then each domain at the start and later."""
    label = "Enterprises whose people do better in a domain"
    starts, laters, left = _by_time(world)
    both = sorted(set(starts) & set(laters))
    left += [
        out(a, "Nothing was asked later." if e in starts else "Nothing was asked at the start.")
        for e in sorted(set(starts) ^ set(laters))
        for a in (starts.get(e) or laters[e])
    ]
    if not both:
        why = _NOBODY if not (starts or laters) else "No enterprise's people were asked twice."
        return (missing(label, Unit.PERCENT, why), *_domains(starts, laters))
    above, below = [], []
    for enterprise_id in both:
        risen = [
            words
            for name, words in DOMAINS.items()
            if _mean(laters[enterprise_id], name) > _mean(starts[enterprise_id], name) >= 0
        ]
        below.append(_of(enterprise_id))
        if risen:
            above.append(_of(enterprise_id, "; ".join(risen)))
    note = "People are not named, so averages are compared for an enterprise and not for a person."
    main = figure(
        label, Shape.SHARE, Unit.PERCENT, above, denominator=below, left_out=left, note=note
    )
    return (main, *_domains(starts, laters))


def anyway(world: World) -> Figure:
    """What leaders say would not have begun without the programme: 0, a half or 1 each."""
    label = "Would not have started, or later or smaller"
    latest, left = _latest(world, "leader", "would_have")
    if not latest:
        return missing(label, Unit.PERCENT, _NONE, "anyway")
    words = {"same": "Just the same", "smaller": "Later or smaller", "no": "Would not have begun"}
    above = [
        row(
            a,
            _WEIGHT.get(a.values["would_have"], Decimal(0)),
            words.get(a.values["would_have"], ""),
        )
        for a in latest
    ]
    return figure(
        label,
        Shape.SHARE,
        Unit.PERCENT,
        above,
        denominator=[row(a) for a in latest],
        left_out=left,
        note="Their own word: 1 for no, a half for later or smaller, 0 for just the same.",
        key="anyway",
    )


def _finished(world: World, who: str) -> tuple[list[Answered], list[LeftOut]]:
    kept, left = [], []
    for item in world.answers:
        if item.form_id != FORM or item.values.get("answered_by") not in (who, None):
            continue
        if item.state != "final":
            reason = "Not finished." if item.state == "draft" else "A newer version counts."
            left.append(out(item, reason))
        elif not item.values:
            left.append(out(item, "Its answers cannot be read."))
        elif item.on is None:
            left.append(out(item, "It does not say on which day it was answered."))
        elif item.on > world.as_of:
            left.append(out(item, "Answered after the date."))
        elif item.values.get("answered_by") == who:
            kept.append(item)
    kept.sort(key=lambda a: (a.on or date.min, a.id))
    return kept, left


def _latest(world: World, who: str, question: str) -> tuple[list[Answered], list[LeftOut]]:
    kept, left = _finished(world, who)
    newest: dict[str, Answered] = {}
    for item in kept:
        if not item.values.get(question):
            left.append(out(item, "This question was not answered."))
            continue
        before = newest.get(item.enterprise_id)
        if before is not None:
            left.append(out(before, "A later answer counts."))
        newest[item.enterprise_id] = item
    return [newest[key] for key in sorted(newest)], left


def _pairs(
    world: World, who: str, questions: tuple[str, ...]
) -> tuple[list[tuple[Answered, Answered]], list[LeftOut]]:
    kept, left = _finished(world, who)
    start: dict[str, Answered] = {}
    later: dict[str, Answered] = {}
    for item in kept:
        if any(item.points(q) is None for q in questions):
            left.append(out(item, "This question was not answered."))
        elif item.values.get("asked_when") == "start":
            if item.enterprise_id in start:
                left.append(out(item, "An earlier answer at the start counts."))
            else:
                start[item.enterprise_id] = item
        else:
            if item.enterprise_id in later:
                left.append(out(later[item.enterprise_id], "A later answer counts."))
            later[item.enterprise_id] = item
    alone = sorted(set(start) ^ set(later))
    left += [
        out(
            start.get(e) or later[e],
            "Not asked later." if e in start else "Not asked at the start.",
        )
        for e in alone
    ]
    return [(start[e], later[e]) for e in sorted(set(start) & set(later))], left


def _by_time(
    world: World,
) -> tuple[dict[str, list[Answered]], dict[str, list[Answered]], list[LeftOut]]:
    kept, left = _finished(world, "person")
    starts: dict[str, list[Answered]] = {}
    laters: dict[str, list[Answered]] = {}
    for item in kept:
        if all(item.points(name) is None for name in DOMAINS):
            left.append(out(item, "No question was answered."))
            continue
        side = starts if item.values.get("asked_when") == "start" else laters
        side.setdefault(item.enterprise_id, []).append(item)
    return starts, laters, left


def _domains(
    starts: Mapping[str, list[Answered]], laters: Mapping[str, list[Answered]]
) -> list[Figure]:
    figures = []
    for name, words in DOMAINS.items():
        for when, key, groups in (("at the start", "start", starts), ("later", "later", laters)):
            told = [a for group in groups.values() for a in group if a.points(name) is not None]
            if told:
                figures.append(_average(f"{words}, {when}", told, name, f"{name}_{key}"))
    return figures


def _average(label: str, told: list[Answered], name: str, key: str) -> Figure:
    return figure(
        label,
        Shape.RATE,
        Unit.NUMBER,
        [row(a, a.points(name) or 0) for a in told],
        denominator=[row(a) for a in told],
        note="Average of 1 (hardly ever) to 4 (always).",
        key=key,
    )


def _sum(item: Answered, questions: Iterable[str]) -> int:
    return sum(item.points(q) or 0 for q in questions)


def _mean(items: list[Answered], name: str) -> Decimal:
    """The average, or -1 when nobody answered."""
    told = [p for a in items if (p := a.points(name)) is not None]
    return Decimal(sum(told)) / len(told) if told else Decimal(-1)


def _of(enterprise_id: str, note: str = "") -> Row:
    return Row(kind="enterprise", record_id=enterprise_id, enterprise_id=enterprise_id, note=note)
