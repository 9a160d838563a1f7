"""I-33 to I-35, I-39 and I-40: register, checks, concerns, channels, reach.

Refuses to read an empty list as good news: nothing recorded is 'not collected yet'.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from forms.facts.listing import QACheck, RegisterEntry
from forms.rules.indicators.model import Figure, Shape, Unit, figure, missing
from forms.rules.indicators.rows import out, row, rows
from forms.rules.indicators.world import World, grouped
from forms.rules.listing import Status, effective_status

_DATED = frozenset({Status.PUBLISHED, Status.HIDDEN, Status.SUSPENDED})
UNDATED = (
    "A draft, a review and a removal have no day of their own: these entries stand here as they "
    "are known now, and one that was drafted after this day may be among them."
)
NOT_YET = "Its enterprise had not come to the programme by the date."


def register(world: World) -> tuple[Figure, ...]:
    """I-33: published first, then each other status. Entries of who came later are not there."""
    there = entries_on(world)
    here = {entry.id for entry in there}
    later = [out(entry, NOT_YET) for entry in world.entries if entry.id not in here]
    if not there:
        why = (
            "No register entry is recorded by the date."
            if later
            else "No register entry is recorded."
        )
        return (replace(missing("Listed", Unit.NUMBER, why), left_out=tuple(later)),)
    by_status = grouped(there, lambda entry: status_on(world, entry))
    left = [
        out(entry, f"Its status is {status}.")
        for status, entries in by_status.items()
        if status != "published"
        for entry in entries
    ]
    listed = rows(by_status.get("published", ()))
    note = UNDATED if set(by_status) - _DATED else ""
    first = figure("Listed", Shape.COUNT, Unit.NUMBER, listed, left_out=[*left, *later], note=note)
    others = [
        figure(status_words(status).capitalize(), Shape.COUNT, Unit.NUMBER, rows(x), key=status)
        for status, x in sorted(by_status.items())
        if status != "published"
    ]
    return (first, *others)


def entries_on(world: World) -> tuple[RegisterEntry, ...]:
    """The entries that can have been there by the date.

    An entry keeps no day on which it was drafted. One that was published or suspended by then was
    there; another only if its enterprise had come: it has no stage before its first day.
    """
    return tuple(
        entry
        for entry in world.entries
        if world.stages.get(entry.enterprise_id) or decided_on(world, entry) in _DATED
    )


def status_words(status: str) -> str:
    """A status as people read it."""
    if status == Status.HIDDEN:
        return "not shown, a check has run out"
    return status.replace("_", " ")


def decided_on(world: World, entry: RegisterEntry) -> str:
    """What had been decided about an entry by the date; a suspension always wins."""
    for day in (entry.suspended_on, _suspended(world, entry)):
        if day is not None and day <= world.as_of and entry.status != Status.REMOVED:
            return Status.SUSPENDED.value
    if entry.published_on is not None and entry.published_on > world.as_of:
        return Status.DRAFT.value
    if entry.status == Status.SUSPENDED:  # suspended later than the date
        return (Status.PUBLISHED if entry.published_on else Status.DRAFT).value
    return entry.status


def status_on(world: World, entry: RegisterEntry) -> str:
    """The status that counts on the date: what was decided, hidden where a check has lapsed."""
    decided = decided_on(world, entry)
    if decided != Status.PUBLISHED:
        return decided
    alone = replace(entry, status=decided, suspended_on=None)
    checks = world.checks_of.get(entry.enterprise_id, ())
    return effective_status(alone, None, checks, world.as_of).value


def _suspended(world: World, entry: RegisterEntry) -> date | None:
    enterprise = world.by_id.get(entry.enterprise_id)
    return enterprise.suspended_on if enterprise else None


def checks_in_date(world: World) -> tuple[Figure, ...]:
    """I-34: entries without any check recorded are left out, not counted as good."""
    label = "Published entries with every check in date"
    published = [e for e in world.entries if decided_on(world, e) == Status.PUBLISHED]
    checks = world.checks_of
    known = [entry for entry in published if entry.enterprise_id in checks]
    if not known:
        return (missing(label, Unit.PERCENT, "No published entry has checks recorded."),)
    good = [e for e in known if not _expired(world, checks[e.enterprise_id])]
    left = [out(e, "No check recorded.") for e in published if e.enterprise_id not in checks]
    share = figure(
        label, Shape.SHARE, Unit.PERCENT, rows(good), denominator=rows(known), left_out=left
    )
    return (share,)


def _expired(world: World, checks: tuple[QACheck, ...]) -> bool:
    """Whether the newest check of some kind has run out."""
    newest: dict[str, QACheck] = {}
    for check in sorted(checks, key=lambda c: (c.expires_on or world.as_of, c.id)):
        newest[check.kind] = check
    return any(c.expires_on is not None and c.expires_on < world.as_of for c in newest.values())


def concerns(world: World) -> tuple[Figure, ...]:
    """I-35: per 100 active, then each kind, then days to close."""
    label = "Concerns and complaints per 100 active"
    seen = [c for c in world.concerns if world.in_period(c.raised_on)]
    left = [out(c, why) for c in world.concerns if (why := world.outside(c.raised_on))]
    if not seen:
        why = "No concern is recorded. That is not the same as none raised."
        return (missing(label, Unit.NUMBER, why),)
    per = figure(
        label,
        Shape.RATE,
        Unit.NUMBER,
        rows(seen),
        denominator=rows(world.active),
        left_out=left,
        scale=Decimal(100),
    )
    kinds = [
        figure(kind.capitalize(), Shape.COUNT, Unit.NUMBER, rows(members), key=kind)
        for kind, members in sorted(grouped(seen, lambda c: c.kind).items())
    ]
    closed, still = [], []
    for concern in seen:
        if concern.raised_on and concern.closed_on and concern.closed_on <= world.as_of:
            closed.append(row(concern, (concern.closed_on - concern.raised_on).days))
        else:
            still.append(out(concern, "Not closed by the date."))
    days = "Median days to close"
    last = (
        figure(days, Shape.MEDIAN, Unit.DAYS, closed, left_out=still, key="days")
        if closed
        else missing(days, Unit.DAYS, "None is closed.", "days")
    )
    return (per, *kinds, last)


def non_digital(world: World) -> tuple[Figure, ...]:
    """I-39."""
    digital = {choice.code: choice.digital for choice in world.pack.channels}
    inside = [e for e in world.enquiries if world.in_period(e.created_on)]
    known = [e for e in inside if digital.get(e.channel) is not None]
    label = "Non-digital share of enquiries"
    if not known:
        return (missing(label, Unit.PERCENT, "No enquiry has a known channel."),)
    left = [out(e, "Channel not known.") for e in inside if digital.get(e.channel) is None]
    left += [out(e, why) for e in world.enquiries if (why := world.outside(e.created_on))]
    above = rows(e for e in known if digital[e.channel] is False)
    return (
        figure(label, Shape.SHARE, Unit.PERCENT, above, denominator=rows(known), left_out=left),
    )


def reach(world: World) -> tuple[Figure, ...]:
    """I-40: any group, then each group."""
    label = "Serve a priority group"
    known = [e for e in world.enterprises if e.established_on and e.established_on <= world.as_of]
    if not any(enterprise.target_groups for enterprise in known):
        return (missing(label, Unit.PERCENT, "No enterprise is tagged with a group."),)
    below = rows(known)
    tagged = rows(e for e in known if e.target_groups)
    left = [out(e, "No group tagged.") for e in known if not e.target_groups]
    words = {choice.code: choice.label for choice in world.pack.target_groups}
    codes = sorted({code for e in known for code in e.target_groups})
    parts = [
        figure(
            words.get(code, code),
            Shape.SHARE,
            Unit.PERCENT,
            rows(e for e in known if code in e.target_groups),
            denominator=below,
            key=code,
        )
        for code in codes
    ]
    main = figure(label, Shape.SHARE, Unit.PERCENT, tagged, denominator=below, left_out=left)
    return (main, *parts)
