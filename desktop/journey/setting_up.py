"""From an idea to a listing: screen, legal form, checklist with evidence, ready, published.

Which items apply, which form ranks first and whether somebody is ready is what the rules say of
the record. Refuses to tick an item that does not apply.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from desktop.journey import rulings
from desktop.journey.errors import CaseError
from desktop.journey.opening import move
from desktop.journey.plan import Step, Table
from desktop.journey.scene import Scene
from desktop.operations import answers, casework
from desktop.operations.writing import Writing
from forms.facts.casework import ChecklistItem, EntityDecision
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import ActivityReturn
from forms.rules.legal_entity import Ranking
from forms.values import new_id

# checklist items that a listing rests on -> the kind of check that QA writes beside the listing
_QA = {
    "C63": "identity",
    "C07": "insurance",
    "C10": "dbs",
    "C21": "safeguarding",
    "C37": "declaration",
    "C24": "moving_handling",
    "C20": "first_aid",
    "C19": "food",
    "C18": "registration",
    "C62": "references",
    "C38": "agreement",
    "C35": "policies",
    "C16": "cqc",
}


def idea_check(scene: Scene, step: Step) -> None:
    """Size test and CQC screen: what they say of the record."""
    move(scene, step, "IDEA_CHECK")
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    scene.tell(step, f"{enterprise.name}: {rulings.idea_words(scene, step, enterprise)}")


def entity_guide(scene: Scene, step: Step) -> None:
    """Answer the guide together, see the ranking, and keep what the person decided."""
    told = step.data
    first = step.case.many("enterprise")[0]
    ranking = rulings.rank(scene, told["answers"], first["employee_count"])
    for table in step.case.many("enterprise"):
        key = scene.id_of(step.case, "enterprise", table["key"])
        scene.write(step, partial(_decide, key=key, told=told, ranking=ranking))
    chosen = f"{told['chosen']} is chosen" if told["chosen"] else "nothing is chosen yet"
    words = f"Legal form: {ranking.top[0].code} ranks first; {chosen}."
    if "pc" in first["service_types"]:  # the form decides the CQC line: look again
        enterprise = scene.enterprise_of(step, first["key"])
        words += f" {rulings.cqc_words(scene, step, enterprise)}"
    scene.tell(step, words)


def _decide(writing: Writing, key: str, told: Table, ranking: Ranking) -> None:
    record = ranking.as_record()
    if told["chosen"]:
        choosing = answers.Choosing(
            answers=dict(told["answers"]),
            ruleset_version=ranking.ruleset_version,
            ranked=record,
            chosen=told["chosen"],
            chosen_why=told["why"],
            advised_to_seek=ranking.seek_advice,
            information_not_advice=True,
        )
        answers.decide_entity(writing, key, choosing)
        return
    writing.unit.add(  # guided, nothing chosen
        EntityDecision(
            id=new_id(),
            enterprise_id=key,
            decided_on=writing.today,
            answers=dict(told["answers"]),
            ruleset_version=ranking.ruleset_version,
            ranked=record,
            chosen_why=told["why"],
            advised_to_seek=ranking.seek_advice,
            information_not_advice=True,
            by_id=writing.actor.id,
        )
    )


def set_up(scene: Scene, step: Step) -> None:
    """The plan is agreed; the checklist begins."""
    move(scene, step, "SET_UP")


def establish(scene: Scene, step: Step) -> None:
    """The enterprise comes into being in its chosen form."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    scene.write(step, lambda w: casework.set_enterprise(w, key, established_on=w.today))
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    scene.tell(step, f"{enterprise.name} is established as {enterprise.entity_form}")


def show(scene: Scene, step: Step) -> None:
    """Go through every item that applies; say what was shown for each that is not done yet."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    done = {
        item.code
        for item in scene.reader(step).all(ChecklistItem, enterprise_id=enterprise.id)
        if item.state == "done"
    }
    codes = [c for c in rulings.applicable(scene, step, enterprise) if c not in done]
    scene.write(step, lambda w: _show(scene, step, w, enterprise.id, codes))
    scene.tell(step, step.tell or f"{enterprise.name}: {len(codes)} items shown")


def renew(scene: Scene, step: Step) -> None:
    """What has run out or soon will is shown again, newer."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    codes = rulings.running_out(scene, step, enterprise, step.of("days"))
    scene.write(step, lambda w: _show(scene, step, w, enterprise.id, codes))
    scene.tell(step, f"{step.tell} ({len(codes)} items)")


def _show(scene: Scene, step: Step, writing: Writing, key: str, codes: list[str]) -> None:
    own = {**step.case.tables.get("evidence", {}), **step.data.get("evidence", {})}
    for code in codes:
        if code not in scene.programme.evidence:
            raise CaseError(f"{step.case.code}: nothing is told about item {code}.")
        told = {**scene.programme.evidence[code], **own.get(code, {})}
        seen: date = told.get("on", writing.today)
        months = told.get("months")
        last = rulings.months_later(seen, months) if months else None
        answers.set_item(
            writing,
            key,
            code,
            state="done",
            said_by=told["said_by"],
            evidence_ref=told["ref"],
            evidence_on=seen,
            expires_on=told.get("until", last),
        )


def check_evidence(scene: Scene, step: Step) -> None:
    """A second person looks at what was shown and writes the checks a listing rests on."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    items = scene.reader(step).all(ChecklistItem, enterprise_id=enterprise.id)
    scene.write(step, lambda w: _check(w, enterprise.id, items))
    scene.tell(step, f"{enterprise.name}: a second person has seen the evidence")


def _check(writing: Writing, key: str, items: list[ChecklistItem]) -> None:
    for item in items:
        if item.state != "done" or not _newer(item):
            continue
        answers.verify_item(writing, key, item.code)
        if item.code in _QA:
            writing.unit.add(
                QACheck(
                    id=new_id(),
                    enterprise_id=key,
                    kind=_QA[item.code],
                    seen_how=item.said_by,
                    seen_by_id=writing.actor.id,
                    seen_on=writing.today,
                    expires_on=item.expires_on,
                )
            )


def _newer(item: ChecklistItem) -> bool:
    seen, checked = item.evidence_on, item.checked_on
    return checked is None or (seen is not None and seen > checked)


def ready(scene: Scene, step: Step) -> None:
    """Every must-item is verified: the rules say so, or the journey stops."""
    move(scene, step, "READY")
    scene.tell(step, f"{step.case.enterprise(step.of('enterprise'))['name']} is ready")


def listing(scene: Scene, step: Step) -> None:
    """Draft the words of the listing with consent, and ask for a review."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    told = step.case.enterprise(step.of("enterprise"))
    scene.write(step, lambda w: _draft_listing(w, enterprise, told))
    entry = scene.reader(step).all(RegisterEntry, enterprise_id=enterprise.id)[0]
    scene.ask(step, "listing.submit", entry.id)


def _draft_listing(writing: Writing, enterprise: Any, told: Table) -> None:
    words: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told["listing"].items()
    }
    leader = told["leaders"][0]["name"]
    consent_id = casework.record_consent(
        writing, enterprise.id, purpose="listing", given_by=leader, channel="in person"
    )
    writing.unit.add(
        RegisterEntry(
            id=new_id(),
            enterprise_id=enterprise.id,
            trading_name=enterprise.name,
            districts=(enterprise.district,),
            consent_id=consent_id,
            **words,
        )
    )


def publish(scene: Scene, step: Step) -> None:
    """A reviewer who is not the coach publishes the listing."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    entry = scene.reader(step).all(RegisterEntry, enterprise_id=enterprise.id)[0]
    scene.ask(step, "listing.publish", entry.id)
    scene.tell(step, f"{enterprise.name} is listed; the reviewer is not the coach")


def deliver(scene: Scene, step: Step) -> None:
    """The first session has been given."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    entry = scene.reader(step).all(RegisterEntry, enterprise_id=enterprise.id)[0]
    scene.write(
        step, lambda w: casework.set_enterprise(w, enterprise.id, first_delivery_on=w.today)
    )
    move(scene, step, "LISTED", on=entry.published_on)
    move(scene, step, "TRADING")
    scene.tell(step, f"{enterprise.name} gives its first session")


def sustain(scene: Scene, step: Step) -> None:
    """Trading for six months or more, with a return for the last quarter."""
    move(scene, step, "SUSTAINED")
    name = step.case.enterprise(step.of("enterprise"))["name"]
    scene.tell(step, f"{name} has kept going for six months")


def change_facts(scene: Scene, step: Step) -> None:
    """Answer one of the facts that steer checklist and screen again."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    for name, value in step.of("facts").items():
        scene.write(step, partial(casework.set_fact, enterprise_id=key, key=name, value=value))
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    scene.tell(step, f"{step.tell}. {rulings.idea_words(scene, step, enterprise)}")


def activity_return(scene: Scene, step: Step) -> None:
    """What the enterprise did in the quarter, told by its leader."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    told: dict[str, Any] = {
        name: rulings.number(value) if name.endswith("hours_week") else value
        for name, value in step.data.items()
        if name not in ("enterprise", "received_on")
    }
    scene.write(
        step,
        lambda w: w.unit.add(
            ActivityReturn(id=new_id(), enterprise_id=key, received_on=w.today, **told)
        ),
    )
