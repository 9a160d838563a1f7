"""I-01 to I-10, I-22: from enquiry to enterprise. Counts records; judges nobody."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from forms.facts.people import Enquiry, Enterprise
from forms.rules.calendar import add_calendar_months
from forms.rules.indicators.model import Figure, LeftOut, Row, Shape, Unit, figure, missing
from forms.rules.indicators.rows import out, row, rows
from forms.rules.indicators.world import World
from forms.rules.pack import Target
from forms.rules.sources import as_sentence

_COHORT_DAYS = 26 * 7
ONE_DISTRICT = "The target is for the whole programme, not for one district."


def enquiries(world: World) -> tuple[Figure, ...]:
    """I-01, with the anonymous tallies beside it."""
    if not world.enquiries and not world.tallies:
        return (missing("Enquiries", Unit.NUMBER, "No enquiry is recorded."),)
    inside, left = _enquiries(world)
    main = figure("Enquiries", Shape.COUNT, Unit.NUMBER, rows(inside), left_out=left)
    if not world.tallies:
        return (main,)
    tallies = figure(
        "Anonymous tallies",
        Shape.SUM,
        Unit.NUMBER,
        [row(tally, tally.count) for tally in world.tallies if world.in_period(tally.on)],
        left_out=[out(t, why) for t in world.tallies if (why := world.outside(t.on))],
        key="tallies",
        note="Kept before the data protection sign-off. Not added to enquiries: "
        "some of the same people were recorded later.",
    )
    return main, tallies


def conversation_share(world: World) -> tuple[Figure, ...]:
    """I-02."""
    if not world.enquiries:
        return (missing("Had a first conversation", Unit.PERCENT, "No enquiry is recorded."),)
    inside, not_yet = _enquiries(world)
    spoke = []
    for item in inside:
        if item.enterprise_id and world.first(item.enterprise_id, "FIRST_CONVERSATION"):
            spoke.append(row(item))
        else:
            not_yet.append(out(item, "No first conversation recorded."))
    share = figure(
        "Had a first conversation",
        Shape.SHARE,
        Unit.PERCENT,
        spoke,
        denominator=rows(inside),
        left_out=not_yet,
    )
    return (share,)


def _enquiries(world: World) -> tuple[list[Enquiry], list[LeftOut]]:
    """Those of the period, and the others with the reason."""
    inside = [item for item in world.enquiries if world.in_period(item.created_on)]
    left = [out(i, why) for i in world.enquiries if (why := world.outside(i.created_on))]
    return inside, left


def ready_share(world: World) -> tuple[Figure, ...]:
    """I-03."""
    cohort, ready, left = [], [], []
    for enterprise in world.enterprises:
        event = world.first(enterprise.id, "FIRST_CONVERSATION")
        if event is None:
            left.append(out(enterprise, "No first conversation recorded."))
        elif event.on > world.as_of - timedelta(days=_COHORT_DAYS):
            left.append(out(enterprise, "First conversation less than 26 weeks ago."))
        else:
            cohort.append(row(enterprise))
            if world.first(enterprise.id, "READY"):
                ready.append(row(enterprise))
    if not cohort:
        return (missing("Became ready", Unit.PERCENT, "No case is 26 weeks old."),)
    label = "Became ready"
    return (figure(label, Shape.SHARE, Unit.PERCENT, ready, denominator=cohort, left_out=left),)


def days_to_ready(world: World) -> tuple[Figure, ...]:
    """I-04."""
    created: dict[str, date] = {}  # who asks a second time began with the first
    for item in world.enquiries:
        if item.enterprise_id:
            known = created.get(item.enterprise_id, item.created_on)
            created[item.enterprise_id] = min(known, item.created_on)
    kept, left, note = [], [], ""
    for enterprise in world.enterprises:
        event, start = world.first(enterprise.id, "READY"), created.get(enterprise.id)
        if event is None:
            left.append(out(enterprise, "Not ready yet."))
        elif start is None:
            left.append(out(enterprise, "No enquiry date."))
        elif start > event.on:
            left.append(out(enterprise, "Its enquiry is dated after it became ready."))
        else:
            kept.append(row(enterprise, (event.on - start).days))
    if not kept:
        ready = any(world.first(each.id, "READY") for each in world.enterprises)
        note = "No ready case has an enquiry before it." if ready else "No case has become ready."
    return (figure("Median days", Shape.MEDIAN, Unit.DAYS, kept, left_out=left, note=note),)


def established(world: World) -> tuple[Figure, ...]:
    """I-05: new ones, and all of any origin."""
    if not world.enterprises:
        return (missing("New enterprises", Unit.ENTERPRISES, "No enterprise is recorded."),)
    every, new, left_new, left = [], [], [], []
    for enterprise in world.enterprises:
        on = enterprise.established_on
        if on is None or on > world.as_of:
            left.append(out(enterprise, "Not established by the date."))
            continue
        every.append(row(enterprise))
        if enterprise.origin == "new":
            new.append(row(enterprise))
        else:
            left_new.append(out(enterprise, f"Its origin is {enterprise.origin}, not new."))
    label = "Established, of any origin"
    return (
        figure("New enterprises", Shape.COUNT, Unit.ENTERPRISES, new, left_out=left + left_new),
        figure(label, Shape.COUNT, Unit.ENTERPRISES, every, left_out=left, key="any_origin"),
    )


def active(world: World) -> tuple[Figure, ...]:
    """I-06."""
    if not world.enterprises:
        return (missing("Active", Unit.ENTERPRISES, "No enterprise is recorded."),)
    left = [
        out(e, reason)
        for e in world.enterprises
        if (reason := world.why_not_active(e, world.as_of))
    ]
    return (figure("Active", Shape.COUNT, Unit.ENTERPRISES, rows(world.active), left_out=left),)


def target_on(world: World) -> Target | None:
    """The target of the year the date falls in, or of the last year that has ended."""
    begun = [target for target in world.pack.targets if target.starts <= world.as_of]
    return max(begun, key=lambda target: target.starts, default=None)


def target_share(world: World) -> tuple[Figure, ...]:
    """I-07. The denominator is a target, not records: the note names it."""
    target = target_on(world)
    label = "Share of target"
    if world.area:
        return (missing(label, Unit.PERCENT, ONE_DISTRICT),)
    if target is None or not target.enterprises:
        return (missing(label, Unit.PERCENT, "No target year has begun by the date."),)
    if not world.enterprises:
        return (missing(label, Unit.PERCENT, "No enterprise is recorded."),)
    aim = row_of_target(target, target.enterprises)
    note = (
        f"Target for year {target.year} ({_day(target.starts)} to {_day(target.ends)}): "
        f"{target.enterprises} enterprises. {as_sentence(world.pack, target.source)}".strip()
    )
    share = figure(
        label,
        Shape.SHARE,
        Unit.PERCENT,
        rows(world.active),
        denominator=[aim],
        left_out=active(world)[0].left_out,
        note=note,
    )
    return (share,)


def row_of_target(target: Target, value: Decimal | int) -> Row:
    """A target as a denominator row: it is a setting of the programme, not a record."""
    return Row(kind="target", record_id=f"target-year-{target.year}", value=Decimal(value))


def sustained(world: World) -> tuple[Figure, ...]:
    """I-08, at 6 and at 12 months."""
    return tuple(_sustained(world, months) for months in (6, 12))


def _sustained(world: World, months: int) -> Figure:
    key, label = f"months_{months}", f"Still active after {months} months"
    old, kept, left = [], [], []
    for enterprise in world.enterprises:
        start = enterprise.first_delivery_on
        if start is None:
            left.append(out(enterprise, "No first delivery recorded."))
            continue
        day = add_calendar_months(start, months)
        if day > world.as_of:
            left.append(out(enterprise, f"First delivery less than {months} months ago."))
            continue
        old.append(row(enterprise))
        if world.is_active(enterprise, day):
            kept.append(row(enterprise))
    if not old:
        why = f"No enterprise first delivered {months} months before the date."
        return missing(label, Unit.PERCENT, why, key)
    return figure(label, Shape.SHARE, Unit.PERCENT, kept, denominator=old, left_out=left, key=key)


def closures(world: World) -> tuple[Figure, ...]:
    """I-09: all closures, then one figure a reason."""
    if not world.stage_events:
        return (missing("Closed", Unit.NUMBER, "No stage is recorded."),)
    every = [e for e in world.enterprises if world.stage_at(e.id, world.as_of) == "CLOSED"]
    closed, left = [], []
    for enterprise in every:
        if world.in_period(world.stages[enterprise.id][-1].on):
            closed.append(enterprise)
        else:
            left.append(out(enterprise, "Closed before the period."))
    left += _opened_again(world)
    words = {choice.code: choice.label for choice in world.pack.closing_reasons}
    reasons: dict[str, list[Enterprise]] = {}
    for enterprise in closed:
        code = world.stages[enterprise.id][-1].reason or "no reason given"
        reasons.setdefault(code, []).append(enterprise)
    parts = [
        figure(words.get(code, code), Shape.COUNT, Unit.NUMBER, rows(members), key=code)
        for code, members in sorted(reasons.items())
    ]
    main = figure("Closed", Shape.COUNT, Unit.NUMBER, rows(closed), left_out=left)
    return (main, *parts)


def _opened_again(world: World) -> list[LeftOut]:
    """Cases that closed in the period and are open on the date: they did not end."""
    left = []
    for enterprise in world.enterprises:
        events = world.stages.get(enterprise.id, ())
        ends = [e.on for e in events if e.stage == "CLOSED" and world.in_period(e.on)]
        if ends and events[-1].stage != "CLOSED":
            left.append(out(enterprise, f"Closed on {ends[-1]} and opened again since."))
    return left


def adapted(world: World) -> tuple[Figure, ...]:
    """I-10."""
    label = "Adapted"
    if not world.enterprises:
        return (missing(label, Unit.ENTERPRISES, "No enterprise is recorded."),)
    existing = [e for e in world.enterprises if e.origin == "existing_adapting"]
    ready = [e for e in existing if world.first(e.id, "READY")]
    left = [out(e, "Not ready yet.") for e in existing if not world.first(e.id, "READY")]
    return (figure(label, Shape.COUNT, Unit.ENTERPRISES, rows(ready), left_out=left),)


def assistants(world: World) -> tuple[Figure, ...]:
    """I-22."""
    label = "Personal assistants"
    if not world.enterprises:
        return (missing(label, Unit.ENTERPRISES, "No enterprise is recorded."),)
    found = rows(e for e in world.enterprises if e.is_pa)
    return (figure(label, Shape.COUNT, Unit.ENTERPRISES, found),)


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
