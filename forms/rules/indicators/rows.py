"""Facts as the rows of a figure. Refuses to choose which facts count: the indicators do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from forms.facts.kinds import kind_of
from forms.facts.people import ActivityReturn, Enterprise
from forms.rules.indicators.answered import Answered
from forms.rules.indicators.model import LeftOut, Row
from forms.rules.indicators.world import World
from forms.values import pounds

NOT_ACTIVE = "Not active"


def row(record: object, value: Decimal | int = 1, note: str = "") -> Row:
    """One record as a row that adds `value`."""
    return Row(
        kind=_kind(record),
        record_id=_id(record),
        enterprise_id=_enterprise_of(record),
        value=Decimal(value),
        note=note,
    )


def rows(records: Iterable[object]) -> list[Row]:
    """Records that each count as one."""
    return [row(record) for record in records]


def out(record: object, reason: str) -> LeftOut:
    """One record that was not counted."""
    return LeftOut(
        kind=_kind(record),
        record_id=_id(record),
        enterprise_id=_enterprise_of(record),
        reason=reason,
    )


def from_returns(
    world: World, value: Callable[[ActivityReturn], Decimal | int | None], missing: str
) -> tuple[list[Row], list[LeftOut]]:
    """A value of each active enterprise's latest return, and who is left out and why."""
    kept: list[Row] = []
    left = not_reporting(world)
    for _, item in world.reporting:
        found = value(item)
        if found is None:
            left.append(out(item, missing))
        else:
            kept.append(row(item, found))
    return kept, left


def not_reporting(world: World) -> list[LeftOut]:
    """Enterprises whose returns do not count on the date: not active, or nothing fresh."""
    left = []
    for enterprise in world.enterprises:
        reason = why_no_return(world, enterprise)
        if reason:
            left.append(out(enterprise, reason))
    return left


def why_no_return(world: World, enterprise: Enterprise) -> str:
    """Why no return of this enterprise counts on the date, '' when one does."""
    inactive = world.why_not_active(enterprise, world.as_of)
    if inactive:
        return f"{NOT_ACTIVE}: {inactive}"
    if enterprise.id in world.latest_returns:
        return ""
    reasons = [world.why_not_usable(item) for item in world.returns_of.get(enterprise.id, ())]
    return f"No return that can be used: {reasons[-1]}." if reasons else "No return is recorded."


def money(amount: int) -> Decimal:
    """Whole pence as pounds for a row."""
    return Decimal(pounds(amount))


def _kind(record: object) -> str:
    return "form_response" if isinstance(record, Answered) else kind_of(record).name


def _id(record: object) -> str:
    return str(getattr(record, "id"))  # noqa: B009  every fact has one


def _enterprise_of(record: object) -> str:
    if isinstance(record, Enterprise):
        return record.id
    return str(getattr(record, "enterprise_id", ""))
