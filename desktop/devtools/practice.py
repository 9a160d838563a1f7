"""Practice data: forty invented enterprises at every stage, told by the rules like real ones.

Days hang on the clock, so that Today always has something in it. The same records come out for
the same day. Refuses vaults that are not practice vaults: storage turns such records down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from desktop.devtools import practice_claims, practice_market, practice_papers, practice_work
from desktop.devtools.cast import Idea, cast, words
from forms.facts.casework import StageEvent
from forms.facts.people import Colleague, Consent, Dpia, Enquiry, Enterprise, Leader
from forms.rules.pack import load_pack
from forms.values import Actor, Role, london_day

if TYPE_CHECKING:
    from forms.rules.pack import Pack
    from forms.values import Clock
    from storage.vault import Vault

COACH = Actor("practice-coach", "Robin Aldous", Role.COACH)
QA = Actor("practice-qa", "Sam Wetherby", Role.QA)
LEAD = Actor("practice-lead", "Frances Oduya", Role.LEAD)
FINANCE = Actor("practice-finance", "Noor Haddad", Role.FINANCE)

# how a case goes, and how many days before today each stage began; None in days = long ago
_TO_READY = ("ENQUIRY", "FIRST_CONVERSATION", "IDEA_CHECK", "SET_UP", "READY", "LISTED", "TRADING")
_SPREAD = (0, 6, 13, 20, 62, 66, 70)  # days from the enquiry to each of these stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far one enterprise has come, and when it rang."""

    stages: tuple[str, ...]
    rang_ago: int = 0  # days before today
    in_programme: bool = False  # years ago, while the seed fund was open
    ended: str = ""  # PAUSED | CLOSED
    reason: str = ""


def _courses() -> Iterator[Course]:
    """Forty courses: every stage, some stuck, some quiet, some long established."""
    for ago in (1, 2, 4, 11):
        yield Course(stages=_TO_READY[:1], rang_ago=ago)
    for ago in (8, 15, 24, 40):
        yield Course(stages=_TO_READY[:2], rang_ago=ago)
    for ago in (18, 26, 39, 52):
        yield Course(stages=_TO_READY[:3], rang_ago=ago)
    for ago in (25, 31, 38, 45, 52, 59, 75, 110, 190):
        yield Course(stages=_TO_READY[:4], rang_ago=ago)
    for ago in (64, 71):
        yield Course(stages=_TO_READY[:5], rang_ago=ago)
    for ago in (67, 74):
        yield Course(stages=_TO_READY[:6], rang_ago=ago)
    for ago in (80, 96, 120, 150):
        yield Course(stages=_TO_READY, rang_ago=ago)
    for _ in range(3):
        yield Course(stages=_TO_READY, in_programme=True)
    for _ in range(4):
        yield Course(stages=(*_TO_READY, "SUSTAINED"), in_programme=True)
    yield Course(stages=_TO_READY, rang_ago=140, ended="PAUSED", reason="Looking after her father")
    yield Course(stages=_TO_READY[:4], rang_ago=90, ended="PAUSED", reason="Waiting for surgery")
    yield Course(stages=_TO_READY[:3], rang_ago=70, ended="CLOSED", reason="TOOK_A_JOB")
    yield Course(stages=_TO_READY, in_programme=True, ended="CLOSED", reason="MOVED")


def fill(vault: Vault, clock: Clock) -> None:
    """Put the practice records and their papers into a fresh practice vault."""
    fill_records(vault, clock)
    practice_papers.store_missing(vault)


def fill_records(vault: Vault, clock: Clock) -> None:
    """The records alone, in one commit: all are there, or none where the power went.

    The papers are for later: a few dozen are a few dozen files on the disk.
    """
    now = clock.now()
    with vault.change(by=COACH.id, at=now) as unit:
        unit.add_all(list(practice_records(now)))


def practice_records(now: datetime) -> Iterator[Any]:
    """Every practice record as of a moment."""
    pack, today = load_pack(words()["pack"]), london_day(now)
    yield from _programme(pack)
    yield from practice_market.market(pack, today, COACH.id)
    courses = list(_courses())
    for idea, course in zip(cast(len(courses)), courses, strict=True):
        yield from _one(pack, idea, course, now, today)


def _programme(pack: Pack) -> Iterator[Any]:
    starts = pack.programme_starts
    yield Dpia(
        id="dpia-1.0",
        version="1.0",
        dpo_comments="Counts only for the people supported.",
        signed_by="Practice Director of Adult Social Care",
        signed_on=starts,
        review_on=date(starts.year + 20, 1, 1),
    )
    for person in (COACH, QA, LEAD, FINANCE):
        yield Colleague(id=person.id, name=person.name, role=person.role.value)


def _one(pack: Pack, idea: Idea, course: Course, now: datetime, today: date) -> Iterator[Any]:
    rang = _rang_on(pack, idea, course, today)
    enterprise = _enterprise(idea, course, rang)
    events = list(_stages(idea, course, rang, today))
    work = practice_work.Work(
        pack=pack,
        idea=idea,
        enterprise=enterprise,
        events=tuple(events),
        rang=rang,
        now=now,
        today=today,
        coach=COACH,
        qa=QA,
    )
    yield from _people(idea, course, rang, enterprise, today)
    yield from events
    yield from practice_work.timeline(work)
    if "SET_UP" in course.stages:
        yield from practice_work.setting_up(work)
        yield from practice_claims.claims(work, LEAD, FINANCE)
        yield from practice_work.things_to_show(work)
    if "LISTED" in course.stages:
        yield from practice_work.listing(work)
    if "TRADING" in course.stages:
        yield from practice_work.returns(work)
        yield from practice_market.questionnaires(work)


def _rang_on(pack: Pack, idea: Idea, course: Course, today: date) -> date:
    if not course.in_programme:
        return today - timedelta(days=course.rang_ago)
    latest = min(pack.programme_ends, today) - timedelta(days=400)
    return max(latest, pack.programme_starts) + timedelta(days=5 + 11 * (idea.number % 7))


def _enterprise(idea: Idea, course: Course, rang: date) -> Enterprise:
    told = idea.told
    known = "IDEA_CHECK" in course.stages
    form = "SOLE" if told["strand"] == "home_support" else "UNI"
    return Enterprise(
        id=idea.id("enterprise"),
        name=idea.name if known else "",
        coach_id=COACH.id,
        enquiry_id=idea.id("enquiry"),
        district=idea.district,
        place=idea.place,
        strand=told["strand"],
        entity_form=form if "SET_UP" in course.stages else "",
        employee_count=0 if known else None,
        service_types=tuple(told["services"]) if known else (),
        target_groups=tuple(told["groups"]) if known else (),
        established_on=_day(rang, "READY") if "READY" in course.stages else None,
        first_delivery_on=_day(rang, "TRADING") if "TRADING" in course.stages else None,
        comparable_to_homecare=bool(told["comparable"]),
        price_pence=told["price_pence"] if known else None,
        phone=idea.phone,
        email=idea.email,
        facts=_answers(idea, course) if known else {},
        access_needs="Hard of hearing: face them when you speak" if idea.number % 9 == 0 else "",
    )


def _answers(idea: Idea, course: Course) -> dict[str, object]:
    """The answers so far: while things are set up, some questions are still open."""
    answers = idea.facts
    if course.stages[-1] == "SET_UP":
        for name in ("keys", "money", "music") if idea.number % 2 else ("drives",):
            answers.pop(name, None)
    return answers


def _day(rang: date, stage: str) -> date:
    if stage == "SUSTAINED":
        return rang + timedelta(days=_SPREAD[-1] + 200)
    return rang + timedelta(days=_SPREAD[_TO_READY.index(stage)])


def _stages(idea: Idea, course: Course, rang: date, today: date) -> Iterator[StageEvent]:
    key = idea.id("enterprise")
    for stage in course.stages:
        yield StageEvent(
            id=idea.id("stage", stage),
            enterprise_id=key,
            stage=stage,
            on=_day(rang, stage),
            by_id=COACH.id,
        )
    if course.ended:
        yield StageEvent(
            id=idea.id("stage", course.ended),
            enterprise_id=key,
            stage=course.ended,
            on=max(_day(rang, course.stages[-1]), today - timedelta(days=12)),
            reason=course.reason,
            review_on=today + timedelta(days=30) if course.ended == "PAUSED" else None,
            by_id=COACH.id,
        )


def _people(
    idea: Idea, course: Course, rang: date, enterprise: Enterprise, today: date
) -> Iterator[Any]:
    closed = course.ended == "CLOSED"
    channels = ("phone", "web_form", "event", "leaflet", "navigator", "word_of_mouth")
    yield Enquiry(
        id=enterprise.enquiry_id,
        created_on=rang,
        coach_id=COACH.id,
        channel=channels[idea.number % len(channels)],
        district=idea.district,
        name=idea.leader,
        phone=idea.phone,
        email=idea.email,
        idea=idea.told["idea"],
        privacy_notice_on=rang,
        enterprise_id=enterprise.id,
        closed_on=today - timedelta(days=12) if closed else None,
        closed_reason=course.reason if closed else "",
    )
    yield enterprise
    yield Leader(
        id=idea.id("leader"),
        enterprise_id=enterprise.id,
        name=idea.leader,
        phone=idea.phone,
        email=idea.email,
        self_employment_permission="not needed",
    )
    yield Consent(
        id=idea.id("notice"),
        enterprise_id=enterprise.id,
        purpose="privacy_notice",
        wording_version="1",
        given_by=idea.leader,
        given_on=rang,
        channel="phone",
    )
