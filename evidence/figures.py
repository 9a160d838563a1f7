"""The figures people ask for first. Every one comes out of an indicator and keeps its rows there.

Refuses to add B1 to B4 together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evidence.dossier import Dossier
from forms.rules.indicators import Figure, Indicator, LeftOut, Row, indicators_of
from forms.rules.indicators.seed import money_of, paid_in
from forms.values import pounds


def indicators(dossier: Dossier) -> tuple[Indicator, ...]:
    """I-01 to I-42 in order."""
    return indicators_of(dossier)


def without_records(item: Indicator) -> Indicator:
    """The same figures, whose rows say what each adds and not which record it is.

    Equal ones are one: the rows of all 42 take as much memory as a county's records, these a
    fiftieth of it, and counts, sums and what must be hidden follow from them as from the others.
    """
    figures = (
        replace(
            each,
            rows=_bare(each.rows),
            denominator=_bare(each.denominator),
            left_out=_reasons(each.left_out),
        )
        for each in item.figures
    )
    return replace(item, figures=tuple(figures))


def _bare(rows: Iterable[Row]) -> tuple[Row, ...]:
    kinds = {(row.kind, row.value) for row in rows}
    one = {each: Row(kind=each[0], record_id="", value=each[1]) for each in kinds}
    return tuple(one[row.kind, row.value] for row in rows)


def _reasons(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    kinds = {(each.kind, each.reason) for each in left_out}
    one = {each: LeftOut(kind=each[0], record_id="", reason=each[1]) for each in kinds}
    return tuple(one[each.kind, each.reason] for each in left_out)


def headline(dossier: Dossier) -> dict[str, Any]:
    """The totals of a day as plain JSON values: pounds as text with two decimals.

    A figure that was not collected is None, never zero.
    """
    by_id = {item.id: item for item in indicators(dossier)}
    hours = {figure.key: figure for figure in by_id["I-11"].figures}
    bases = {figure.key: figure for figure in by_id["I-20"].figures}
    return {
        "as_of": dossier.as_of.isoformat(),
        "active_enterprises": by_id["I-06"].value,
        "established": _figure(by_id["I-05"], "any_origin"),
        "hours_per_week": _plain(hours["main"].value),
        "people_supported": _plain(by_id["I-13"].value),
        "dp_hours": _plain(_value(hours, "dp")),
        "dp_share_percent": _plain(by_id["I-16"].value),
        "comparable_hours": _plain(_value(hours, "comparable")),
        "weighted_price": _text(by_id["I-19"].value),
        "b2_pounds": _text(_value(bases, "B2")),
        "b3_pounds": _text(_value(bases, "B3")),
        "seed_paid": seed_paid(dossier),
        "seed_lapsed": seed_lapsed(dossier),
        "rejected_lines": rejected_lines(dossier),
        "target_share_percent": _plain(by_id["I-07"].value),
    }


def seed_paid(dossier: Dossier) -> dict[str, str]:
    """Pounds paid in each envelope."""
    return {
        envelope.id: pounds(sum(line.pence for line in paid_in(dossier, envelope)))
        for envelope in dossier.pack.envelopes
    }


def seed_lapsed(dossier: Dossier) -> dict[str, str]:
    """Pounds lapsed in the envelopes whose spend-by day is behind."""
    amounts = {e.id: money_of(dossier, e).lapsed for e in dossier.pack.envelopes}
    return {key: pounds(amount) for key, amount in amounts.items() if amount is not None}


def rejected_lines(dossier: Dossier) -> list[dict[str, str]]:
    """Rejected claim lines: the enterprise's id, pounds, code."""
    return [
        {"case": line.enterprise_id, "pounds": pounds(line.pence), "code": line.code}
        for line in dossier.rejected_lines
    ]


def _figure(item: Indicator, key: str) -> Decimal | int | None:
    return _value({figure.key: figure for figure in item.figures}, key)


def _value(figures: dict[str, Figure], key: str) -> Decimal | int | None:
    return figures[key].value if key in figures else None


def _plain(value: Decimal | int | None) -> int | float | None:
    """A count or share as a JSON number (money never comes here)."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else str(value)
