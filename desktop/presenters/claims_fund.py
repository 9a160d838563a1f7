"""The seed fund of a day in one or two sentences: what it held, was paid, is promised, is left.

Every amount is whole pence and they add up: budget = paid - come back + promised + left (or
lapsed). Refuses to speak for the whole programme: another laptop may hold claims that are not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from desktop.presenters import words
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.calendar import funding_period
from forms.rules.envelopes import available_pence, envelope_report
from forms.rules.pack import Pack

NO_FUND = "No fund is open on this day."
_STILL_ASKS = ("DRAFT", "SUBMITTED", "CHECKED", "RETURNED", "RECOMMENDED", "REFERRED")
NEARLY = 10  # per cent of the budget: less than this is nearly nothing


def fund_words(
    pack: Pack,
    lines: Sequence[ClaimLine],
    claims: Iterable[SeedClaim],
    events: Iterable[ClaimEvent],
    today: date,
) -> str:
    """The envelope of this day, for whoever answers for the money."""
    envelope = funding_period(pack, today)
    if envelope is None:
        return NO_FUND
    report = envelope_report(pack, lines, today, claims, events)
    one = next(each for each in report if each.envelope == envelope)
    promised = one.approved + one.committed
    parts = [f"{words.money(one.paid)} paid", f"{words.money(promised)} promised"]
    if one.returned:
        parts.append(f"{words.money(one.returned)} came back")
    said = f"Seed fund, {envelope.title}: of {words.money(one.budget)}, {', '.join(parts)}, "
    if one.lapsed is not None and envelope.spend_by is not None:
        said += f"{words.money(one.lapsed)} lapsed after {words.day(envelope.spend_by)}."
    elif one.available < 0:
        said += f"{words.money(-one.available)} more than it holds."
    else:
        nearly = one.available * 100 < one.budget * NEARLY
        said += f"{'only ' if nearly else ''}{words.money(one.available)} left."
    if one.at_risk:
        by = words.day(envelope.spend_by or envelope.ends)
        said += f" {words.money(one.at_risk)} has to be paid by {by}."
    return f"{said} As far as known on this laptop."


def left_words(
    pack: Pack,
    claim: SeedClaim,
    own: Sequence[ClaimLine],
    lines: Sequence[ClaimLine],
    claims: Iterable[SeedClaim],
    events: Iterable[ClaimEvent],
    today: date,
) -> str:
    """What is left for one claim, and what would be left after it."""
    envelope = funding_period(pack, today)
    if envelope is None:
        return NO_FUND
    left = available_pence(pack, lines, claims, today, events=events)
    said = f"{words.money(left)} is left in the fund for this period, as far as known here."
    # a cost that was turned down is asked for again only where the claim came back to be mended
    again = claim.state == "RETURNED"
    asked = sum(
        line.pence for line in own if line.paid_on is None and (again or line.outcome != "rejected")
    )
    if asked and claim.state in _STILL_ASKS:
        after = left - asked
        if after < 0:
            said += f" This claim asks {words.money(-after)} more than that."
        else:
            said += f" After this claim it would be {words.money(after)}."
    if envelope.spend_by is not None:
        said += f" It has to be spent by {words.day(envelope.spend_by)}."
    return said
