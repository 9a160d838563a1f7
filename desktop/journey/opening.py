"""The first steps of a case: a count, an enquiry, a conversation, an idea; and the last, closing.

Refuses to keep a name before the DPIA is signed: the gate of the rules is asked each time.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from desktop.journey import rulings
from desktop.journey.errors import StepRefusedError
from desktop.journey.plan import Step, Table
from desktop.journey.scene import Scene
from desktop.operations import casework
from desktop.operations.errors import GateShut
from desktop.operations.writing import Writing
from forms.facts.people import Enquiry, Enterprise, Leader
from forms.values import new_id

_LATER = {"established_on", "first_delivery_on", "entity_form"}  # set on their own days


def sign_dpia(scene: Scene, step: Step) -> None:
    """The lead has the DPIA signed off through the register."""
    told = step.data
    scene.ask(
        step,
        "dpia.sign",
        f"dpia-{told['version']}",
        version=told["version"],
        signed_by=told["signed_by"],
        signed_on=told["signed_on"].isoformat(),
        dpo_comments=told["dpo_comments"],
        review_on=told["review_on"].isoformat(),
    )
    scene.tell(step, f"The DPIA is signed by {told['signed_by']}. Records may be kept from now")


def too_early(scene: Scene, step: Step) -> None:
    """Try to take somebody on before the gate is open: the try must fail."""
    enquiry = step.case.tables["enquiry"]
    try:
        scene.write(
            step,
            lambda w: casework.new_enterprise(
                w,
                casework.Newcomer(leader=enquiry["name"]),
                gate_open=rulings.gate_open(scene, step),
            ),
        )
    except GateShut as shut:
        scene.tell(step, f"{step.tell}. The laptop says: {shut}")
        return
    raise StepRefusedError(f"{step.case.code}, {step.on}: a record was kept before the DPIA.")


def tally(scene: Scene, step: Step) -> None:
    """Count somebody without a name."""
    kept = scene.write(
        step,
        lambda w: casework.count_anonymously(
            w, channel=step.of("channel"), district=step.of("district")
        ),
    )
    scene.remember(step.case, kept, "tally")
    scene.tell(step, step.tell)


def enquiry(scene: Scene, step: Step) -> None:
    """Somebody gets in touch: enquiry, enterprise, leader and first stage in one commit."""
    told = step.data
    first = step.case.many("enterprise")[0]
    who = casework.Newcomer(
        leader=told["name"],
        name=first["name"],
        phone=told.get("phone", ""),
        district=told["district"],
        place=first["place"],
        channel=told["channel"],
        idea=told["idea"],
        notice_given=True,
    )
    open_now = rulings.gate_open(scene, step)
    kept = scene.write(step, lambda w: casework.new_enterprise(w, who, gate_open=open_now))
    scene.remember(step.case, kept, "enterprise", first["key"])
    enterprise = scene.enterprise_of(step, first["key"])
    scene.remember(step.case, enterprise.enquiry_id, "enquiry")
    more = {
        name: told[name]
        for name in ("email", "heard_via", "language_needs", "access_needs")
        if name in told
    }
    scene.write(step, lambda w: w.unit.set(Enquiry, enterprise.enquiry_id, **more))
    scene.tell(step, f"{told['name']} gets in touch ({told['channel'].replace('_', ' ')})")


def open_case(scene: Scene, step: Step) -> None:
    """What is known of the enterprise and everybody who leads it."""
    told = step.case.enterprise(step.of("enterprise"))
    scene.write(step, lambda w: _complete(scene, step, w, told))
    scene.tell(step, f"{told['name']}: the record is complete")


def _complete(scene: Scene, step: Step, writing: Writing, told: Table) -> None:
    known = _fields(Enterprise, told)
    if told is step.case.many("enterprise")[0]:
        key = scene.id_of(step.case, "enterprise", told["key"])
        casework.set_enterprise(writing, key, **known)
        there = {leader.name: leader for leader in scene.reader(step).all(Leader)}
    else:  # a second enterprise out of one enquiry
        key = new_id()
        enquiry_id = scene.id_of(step.case, "enquiry")
        writing.unit.add(
            Enterprise(id=key, enquiry_id=enquiry_id, coach_id=writing.actor.id, **known)
        )
        given_by = told["leaders"][0]["name"]
        casework.record_consent(writing, key, purpose="privacy_notice", given_by=given_by)
        casework.move_stage(writing, key, "ENQUIRY")
        scene.remember(step.case, key, "enterprise", told["key"])
        there = {}
    for leader in told["leaders"]:
        if leader["name"] in there:
            casework.set_leader(writing, there[leader["name"]].id, **leader)
        else:
            writing.unit.add(Leader(id=new_id(), enterprise_id=key, **leader))


def _fields(cls: type, told: Table) -> dict[str, Any]:
    names = {field.name for field in fields(cls)} - {"id"} - _LATER
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told.items()
        if name in names
    }


def session(scene: Scene, step: Step) -> None:
    """A visit, call or event on the timeline."""
    first = step.case.many("enterprise")[0]["key"]
    key = scene.id_of(step.case, "enterprise", step.data.get("enterprise", first))
    scene.write(
        step,
        lambda w: casework.add_note(
            w,
            key,
            text=step.of("note"),
            kind=step.of("kind"),
            minutes=step.of("minutes"),
        ),
    )
    if step.tell:
        scene.tell(step, step.tell)


def move(scene: Scene, step: Step, stage: str, **more: Any) -> None:
    """Move the step's enterprise along the pathway, if the rules have nothing against it."""
    enterprise = scene.enterprise_of(step, step.of("enterprise"))
    stops = rulings.stops_move(scene, step, enterprise, stage, **more)
    if stops:
        words = " ".join(finding.because for finding in stops)
        raise StepRefusedError(f"{step.case.code}, {step.on}: not {stage}. {words}")
    scene.write(step, lambda w: casework.move_stage(w, enterprise.id, stage, **more))


def conversation(scene: Scene, step: Step) -> None:
    """The first conversation has been had."""
    move(scene, step, "FIRST_CONVERSATION")


def close(scene: Scene, step: Step) -> None:
    """Close a case and its enquiry with a reason."""
    move(scene, step, "CLOSED", reason=step.of("reason"), note=step.data.get("note", ""))
    enquiry_id = scene.id_of(step.case, "enquiry")
    scene.write(
        step,
        lambda w: w.unit.set(
            Enquiry, enquiry_id, closed_on=w.today, closed_reason=step.of("reason")
        ),
    )
    scene.tell(step, step.tell)


def erase(scene: Scene, step: Step) -> None:
    """One asks for a person to be made nameless, or a second person agrees and it is done."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    scene.ask(step, "person.erase", key)
    scene.tell(step, step.tell)
