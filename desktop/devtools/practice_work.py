"""The work in practice data: visits, promises, checklist, legal form, listing, returns.

Which items apply is asked of the rules. Refuses a READY case whose must-items are not verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.devtools import practice_market, practice_papers
from desktop.devtools.cast import Idea, words
from forms.facts.casework import Action, ChecklistItem, CoachingSession, StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import ActivityReturn, Consent, Enterprise
from forms.rules.checklist import ItemStatus, checklist
from forms.values import LONDON, Actor, derived_id

if TYPE_CHECKING:
    from forms.rules.pack import Pack

_QA = {
    "C63": "identity",
    "C07": "insurance",
    "C10": "dbs",
    "C21": "safeguarding",
    "C37": "declaration",
    "C24": "moving_handling",
    "C20": "first_aid",
    "C19": "food",
    "C62": "references",
    "C35": "policies",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One enterprise with what the rest of its records hang on."""

    pack: Pack
    idea: Idea
    enterprise: Enterprise
    events: tuple[StageEvent, ...]
    rang: date
    now: datetime
    today: date
    coach: Actor
    qa: Actor

    @property
    def last_move(self) -> date:
        """The day of the last stage move."""
        return self.events[-1].on

    @property
    def over(self) -> bool:
        """Whether the case is closed."""
        return self.events[-1].stage == "CLOSED"

    def reached(self, stage: str) -> date | None:
        """The day a stage was reached, or None."""
        return next((event.on for event in self.events if event.stage == stage), None)


def timeline(work: Work) -> Iterator[Any]:
    """Notes since the first call, visits today, promises and what is waited for."""
    number = work.idea.number
    quiet = number % 6 == 3  # nobody has been in touch for a month
    last = work.today - timedelta(days=36 if quiet else 1 + number % 9)
    days = [work.rang + timedelta(days=step) for step in range(0, 70, 9)]
    told = [*days[:4], *([last] if last > work.rang else [])]
    for place, day in enumerate(sorted({day for day in told if day <= work.today})):
        yield _note(work, f"note {place}", day, "visit" if place % 2 else "call")
    if not work.over and number % 5 == 2:
        yield _visit_today(work)
    if not work.over:
        yield from _promises(work)


def _note(work: Work, name: str, day: date, kind: str) -> CoachingSession:
    said = words()["visit_notes" if kind == "visit" else "call_notes"]
    return CoachingSession(
        id=work.idea.id(name),
        enterprise_id=work.enterprise.id,
        on=day,
        at=_moment(day, 10 + work.idea.number % 6),
        kind=kind,
        minutes=45 if kind == "visit" else 15,
        note=said[(work.idea.number + day.toordinal()) % len(said)],
        by_id=work.coach.id,
    )


def _visit_today(work: Work) -> CoachingSession:
    return CoachingSession(
        id=work.idea.id("today"),
        enterprise_id=work.enterprise.id,
        on=work.today,
        at=_moment(work.today, 9 + work.idea.number % 8, 30),
        kind="visit",
        minutes=45,
        note="",
        by_id=work.coach.id,
    )


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def _promises(work: Work) -> Iterator[Action]:
    number, lists = work.idea.number, words()
    if number % 3 == 0:
        yield _action(work, "promise", lists["actions"], "coach", due=number % 7 - 1)
    if number % 4 == 1:
        yield _action(work, "theirs", lists["actions"], "leader", due=3 + number % 12)
    if number % 5 == 4:
        what, whom = lists["waiting"][number % len(lists["waiting"])]
        yield Action(
            id=work.idea.id("waiting"),
            enterprise_id=work.enterprise.id,
            text=what,
            owner="other",
            waiting_on=whom,
            start_on=max(work.rang, work.today - timedelta(days=6 + number)),
            by_id=work.coach.id,
        )


def _action(work: Work, name: str, said: list[str], owner: str, *, due: int) -> Action:
    return Action(
        id=work.idea.id(name),
        enterprise_id=work.enterprise.id,
        text=said[(work.idea.number + len(name)) % len(said)],
        owner=owner,
        start_on=max(work.rang, work.today - timedelta(days=5)),
        due_on=work.today + timedelta(days=due),
        by_id=work.coach.id,
    )


def setting_up(work: Work) -> Iterator[Any]:
    """The checklist as far as the case has come: all verified once it is ready."""
    ready = work.reached("READY")
    statuses = checklist(work.pack, work.enterprise, (), work.today)
    applying = [status for status in statuses if status.applies]
    for place, status in enumerate(applying):
        if ready is not None:
            yield from _with_paper(work, _verified(work, status, ready))
        else:
            for item in _begun(work, status, place, len(applying)):
                yield from _with_paper(work, item)
    if ready is not None:
        for code, kind in _QA.items():
            if any(status.code == code for status in applying):
                yield _check(work, kind, _seen_on(work, ready))


def _with_paper(work: Work, item: ChecklistItem) -> Iterator[Any]:
    """The item, and the certificate that shows it is done, where there is one."""
    paper = practice_papers.of_item(work.enterprise.id, item.code, item.id)
    if paper is None or item.state != "done" or not has_papers(work):
        yield item
        return
    yield replace(item, files=(paper.id,), said_by="document")
    yield paper.attachment(work.idea.leader, item.evidence_on)


def has_papers(work: Work) -> bool:
    """Whether the papers of this one are in the practice records."""
    on_its_way = work.events[-1].stage in ("SET_UP", "READY", "LISTED")
    return on_its_way and work.idea.number % practice_papers.WITH_PAPERS == 0


def things_to_show(work: Work) -> Iterator[Any]:
    """A leaflet and a price sheet."""
    if has_papers(work):
        for paper in practice_papers.loose(work.enterprise.id):
            yield paper.attachment(work.idea.leader, work.last_move)


def _seen_on(work: Work, ready: date) -> date:
    """Not so long ago that it has run out."""
    fresh = work.today - timedelta(days=20 + 7 * (work.idea.number % 10))
    return max(ready - timedelta(days=2), fresh)


def _verified(work: Work, status: ItemStatus, ready: date) -> ChecklistItem:
    seen = _seen_on(work, ready)
    return ChecklistItem(
        id=derived_id(work.enterprise.id, status.code),
        enterprise_id=work.enterprise.id,
        code=status.code,
        state="done",
        said_by="document" if status.must else "saw it",
        evidence_ref=status.rule.evidence,
        evidence_on=seen,
        expires_on=_runs_out(status, seen),
        checked_by_id=work.qa.id,
        checked_on=seen + timedelta(days=1),
    )


def _runs_out(status: ItemStatus, seen: date) -> date | None:
    from forms.rules.calendar import add_calendar_months

    months = status.rule.renew_months
    return add_calendar_months(seen, months) if months else None


def _begun(work: Work, status: ItemStatus, place: int, of: int) -> Iterator[ChecklistItem]:
    days = max((work.today - work.last_move).days, 1)
    done = place * 90 < days * of  # the longer ago it began, the more is done
    if not done and place % 4:
        return
    seen = work.last_move + timedelta(days=min(days, 1 + place))
    yield ChecklistItem(
        id=derived_id(work.enterprise.id, status.code),
        enterprise_id=work.enterprise.id,
        code=status.code,
        state="done" if done else "doing",
        said_by=("document", "saw it", "told us")[place % 3] if done else "",
        evidence_ref=status.rule.evidence if done else "",
        evidence_on=seen if done else None,
    )


def _check(work: Work, kind: str, seen: date) -> QACheck:
    return QACheck(
        id=work.idea.id("check", kind),
        enterprise_id=work.enterprise.id,
        kind=kind,
        seen_how="document",
        seen_by_id=work.qa.id,
        seen_on=seen + timedelta(days=1),
        expires_on=seen + timedelta(days=365),
    )


def listing(work: Work) -> Iterator[Any]:
    """Consent and entry: published by somebody who is not the coach."""
    told, enterprise = work.idea.told, work.enterprise
    ready, listed = work.reached("READY"), work.reached("LISTED")
    yield Consent(
        id=work.idea.id("consent"),
        enterprise_id=enterprise.id,
        purpose="listing",
        wording_version="1",
        given_by=work.idea.leader,
        given_on=ready,
        channel="in person",
    )
    pounds, pence = divmod(int(told["price_pence"]), 100)
    care = "pc" in told["services"]
    yield RegisterEntry(
        id=work.idea.id("entry"),
        enterprise_id=enterprise.id,
        trading_name=enterprise.name,
        contact=enterprise.phone,
        districts=(enterprise.district,),
        services=tuple(told["services"]),
        modes=("1:1",) if told["strand"] == "home_support" else ("group",),
        who_for="Adults in and around " + enterprise.place,
        times="Weekdays",
        languages=("English",),
        price_words=f"£{pounds}.{pence:02} an hour",
        payable_by=("private", "direct payment") if told["comparable"] else ("private",),
        cqc_words="Not registered: individual arrangement, directed by the person"
        if care
        else "Not registered: no personal care",
        capacity="Space for one more",
        words=told["idea"] + ".",
        consent_id=work.idea.id("consent"),
        status="withdrawn" if work.over else "published",
        published_on=listed,
        reviewed_by_id=work.qa.id,
    )


def returns(work: Work) -> Iterator[ActivityReturn]:
    """A return for the last whole quarter, if it was trading in it."""
    first = work.enterprise.first_delivery_on
    quarter_start = date(work.today.year, 3 * ((work.today.month - 1) // 3) + 1, 1)
    ended = quarter_start - timedelta(days=1)
    began = date(ended.year, ended.month - 2, 1)
    if first is None or first > ended or work.over:
        return
    told = work.idea.told
    hours = Decimal(int(told["hours"]) + work.idea.number % 4)
    paid = hours / 4 if told["comparable"] else Decimal(0)
    people = int(told["people"])
    alone = told["strand"] == "home_support"
    near, on_foot = practice_market.near_home(hours, work.idea.number)
    yield ActivityReturn(
        id=work.idea.id("return"),
        enterprise_id=work.enterprise.id,
        period_from=began,
        period_to=ended,
        received_on=min(work.today, ended + timedelta(days=6)),
        hours_week=hours,
        comparable_hours_week=hours if told["comparable"] else Decimal(0),
        dp_hours_week=paid,
        dp_comparable_hours_week=paid,
        people=people,
        people_self_funding=people - (1 if told["comparable"] else 0),
        price_pence=told["price_pence"],
        employees=0,
        paid_people=1 if alone else 0,
        paid_hours_week=hours if alone else Decimal(0),
        local_hours_week=near,
        on_foot_hours_week=on_foot,
    )
