"""What the rules say in the journey: the one door between its steps and `forms.rules`.

Refuses to answer itself: each function gathers the records that a rule wants and asks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from desktop.journey.plan import Step
from desktop.journey.scene import Scene
from forms.facts.casework import ChecklistItem, StageEvent
from forms.facts.listing import RegisterEntry
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Consent, Dpia, Enterprise, Leader
from forms.rules import checklist, gate, legal_entity, pathway, scope, seed_fund
from forms.rules.calendar import add_calendar_months
from forms.rules.finding import Finding, Verdict, blocking
from forms.rules.legal_entity import Ranking

QUARTER = 92  # days


def gate_open(scene: Scene, step: Step) -> bool:
    """Whether a personal record may be kept on this laptop today."""
    signed = scene.reader(step).all(Dpia)
    return gate.may_record(signed, "enquiry", scene.today).verdict is Verdict.MET


def idea_words(scene: Scene, step: Step, enterprise: Enterprise) -> str:
    """Size, permission and the CQC line, in the words of the rules."""
    leaders = scene.reader(step).all(Leader, enterprise_id=enterprise.id)
    size = scope.size_test(scene.pack, enterprise.employee_count, scene.today)
    permission = [scope.permission_screen(leader, scene.today) for leader in leaders]
    stops = [found.because for found in permission if found.verdict is not Verdict.MET]
    return " ".join((size.because, *stops, cqc_words(scene, step, enterprise)))


def cqc_words(scene: Scene, step: Step, enterprise: Enterprise) -> str:
    """The CQC screen: light, facts, what to do."""
    leaders = scene.reader(step).all(Leader, enterprise_id=enterprise.id)
    screen = scope.cqc_screen(scope.care_facts(enterprise, leaders))
    return f"CQC screen {screen.light}: {' '.join(screen.facts)} {screen.advice}"


def statuses(scene: Scene, step: Step, enterprise: Enterprise) -> list[checklist.ItemStatus]:
    """Every item of the checklist for this enterprise today."""
    items = scene.reader(step).all(ChecklistItem, enterprise_id=enterprise.id)
    return checklist.checklist(scene.pack, enterprise, items, scene.today)


def applicable(scene: Scene, step: Step, enterprise: Enterprise) -> list[str]:
    """The codes of the items that apply today."""
    return [status.code for status in statuses(scene, step, enterprise) if status.applies]


def running_out(scene: Scene, step: Step, enterprise: Enterprise, days: int) -> list[str]:
    """The codes of the items whose evidence has run out or will within so many days."""
    return [
        status.code
        for status in statuses(scene, step, enterprise)
        if status.days_left is not None and status.days_left <= days
    ]


def not_ready(scene: Scene, step: Step, enterprise: Enterprise) -> list[Finding]:
    """What keeps a case from READY."""
    return checklist.readiness(statuses(scene, step, enterprise))


def stops_move(
    scene: Scene,
    step: Step,
    enterprise: Enterprise,
    stage: str,
    *,
    on: date | None = None,
    reason: str = "",
    note: str = "",
) -> list[Finding]:
    """What stands in the way of moving an enterprise to a stage today."""
    reader = scene.reader(step)
    entries = reader.all(RegisterEntry, enterprise_id=enterprise.id)
    around = pathway.Around(
        enterprise=enterprise,
        leaders=tuple(reader.all(Leader, enterprise_id=enterprise.id)),
        readiness=tuple(not_ready(scene, step, enterprise)),
        published=any(entry.status == "published" for entry in entries),
        return_in_last_quarter=any(
            (scene.today - told.period_to).days <= QUARTER
            for told in reader.all(ActivityReturn, enterprise_id=enterprise.id)
        ),
    )
    wanted = StageEvent(
        id="",
        enterprise_id=enterprise.id,
        stage=stage,
        on=on or scene.today,
        reason=reason,
        note=note,
    )
    events = reader.all(StageEvent, enterprise_id=enterprise.id)
    return blocking(pathway.may_move(scene.pack, events, wanted, around))


def line_codes(scene: Scene, step: Step, claim_id: str) -> dict[str, str]:
    """For each line the code it is turned down with, or nothing: what the seed policy finds."""
    reader = scene.reader(step)
    claim: SeedClaim = reader.get(SeedClaim, claim_id)
    lines: Sequence[ClaimLine] = reader.all(ClaimLine, claim_id=claim_id)
    enterprise: Enterprise = reader.get(Enterprise, claim.enterprise_id)
    around = seed_fund.SeedContext(
        dpias=tuple(reader.all(Dpia)),
        consents=tuple(reader.all(Consent, enterprise_id=enterprise.id)),
        items=tuple(reader.all(ChecklistItem, enterprise_id=enterprise.id)),
        lines=tuple(reader.all(ClaimLine)),
        claims=tuple(reader.all(SeedClaim)),
        events=tuple(reader.all(ClaimEvent)),
    )
    found = seed_fund.judge(scene.pack, claim, lines, enterprise, around, scene.today)
    return {line.id: seed_fund.code_for(found, line.id) for line in lines}


def rank(scene: Scene, answers: Mapping[str, object], employees: int | None) -> Ranking:
    """Rank the legal forms for these answers."""
    return legal_entity.rank(scene.pack, answers, employees)


def months_later(day: date, months: int) -> date:
    """The last day that evidence of so many months holds."""
    return add_calendar_months(day, months)


def number(told: str) -> Decimal:
    """A number as a case file writes it."""
    return Decimal(told)
