"""A rate as of a day. Refuses to give a rate outside its days: an old one is never today's."""

from __future__ import annotations

from datetime import date

from forms.rules.pack import Dated, Pack


def rate_on(pack: Pack, name: str, on: date) -> Dated | None:
    """The rate of this name that holds on that day, or None."""
    holding = [
        rate
        for rate in pack.rates
        if rate.name == name
        and rate.valid_from <= on
        and (rate.valid_to is None or on <= rate.valid_to)
    ]
    return max(holding, key=lambda rate: rate.valid_from, default=None)


def stale_rates(pack: Pack, on: date, months: int = 12) -> list[Dated]:
    """Rates that hold on a day but were last checked longer ago than that many months."""
    return [
        rate
        for rate in pack.rates
        if rate.valid_from <= on
        and (rate.valid_to is None or on <= rate.valid_to)
        and (rate.last_checked is None or (on - rate.last_checked).days > months * 31)
    ]
