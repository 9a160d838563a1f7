"""What runs out soon, for Today: evidence of checklist items and of checklist forms.

Asks the indexes of the vault; opens no form and no checklist. Says calmly what ran out already.
Refuses to say that something "runs out" without a day that is written down or follows from a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.presenters import words
from forms.rules.calendar import add_calendar_months
from forms.rules.checklist import WARN_DAYS

if TYPE_CHECKING:
    from forms.rules.pack import Pack
    from storage.reader import Reader

MOST = 8
_SLACK = timedelta(days=3)  # months are not equally long; the day itself is worked out below


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One thing that runs out."""

    enterprise_id: str
    name: str
    text: str  # "Public liability insurance"
    when: str  # "runs out 3 Dec 2026, in 13 days"
    gone: bool
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    on: date
    enterprise_id: str
    text: str
    code: str


def reminders(reader: Reader, pack: Pack, today: date) -> tuple[tuple[Reminder, ...], int]:
    """The most pressing ones, and how many more there are."""
    found = sorted(
        {*_items(reader, pack, today), *_steps(reader, today)},
        key=lambda each: (each.on, each.text, each.enterprise_id),
    )
    rows = {row.id: row for row in reader.caseload_rows({each.enterprise_id for each in found})}
    live = [
        each
        for each in found
        if each.enterprise_id in rows and rows[each.enterprise_id].stage != "CLOSED"
    ]
    shown = tuple(
        Reminder(
            enterprise_id=each.enterprise_id,
            name=rows[each.enterprise_id].leader or rows[each.enterprise_id].name,
            text=each.text,
            when=_when(each.on, today),
            gone=each.on < today,
            code=each.code,
        )
        for each in live[:MOST]
    )
    return shown, len(live) - len(shown)


def _items(reader: Reader, pack: Pack, today: date) -> list[_Found]:
    soon = today + timedelta(days=WARN_DAYS[0])
    rules = {rule.code: rule for rule in pack.checklist}
    renewals = {
        rule.code: add_calendar_months(soon, -rule.renew_months) + _SLACK
        for rule in rules.values()
        if rule.renew_months
    }
    found: list[_Found] = []
    for item in reader.ending_items(soon, renewals):
        rule = rules.get(item.code)
        ends = item.expires_on
        if ends is None and rule is not None and rule.renew_months and item.evidence_on is not None:
            ends = add_calendar_months(item.evidence_on, rule.renew_months)
        if ends is not None and ends <= soon:
            title = rule.title if rule is not None else item.code
            found.append(
                _Found(on=ends, enterprise_id=item.enterprise_id, text=title, code=item.code)
            )
    return found


def _steps(reader: Reader, today: date) -> list[_Found]:
    return [
        _Found(
            on=step.expires_on, enterprise_id=step.enterprise_id, text=step.label, code=step.code
        )
        for step in reader.ending_steps(today)
    ]


def _when(on: date, today: date) -> str:
    days = (on - today).days
    if days < 0:
        return f"ran out {words.day(on)}"
    if days == 0:
        return f"runs out today, {words.day(on)}"
    return f"runs out {words.day(on)}, in {words.counted(days, 'day')}"
