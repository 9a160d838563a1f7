"""A seed-fund claim from draft to closed: drafted without signal, decided by the register.

The checker's answer on each line is what the seed policy finds, not what a case file says.
Refuses to let one person do two jobs: each step is on the laptop of somebody else.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from desktop.journey.plan import Step, Table
from desktop.journey.scene import Scene
from desktop.operations import claims, files
from forms.facts.money import ClaimLine, SeedClaim
from forms.values import pence, pounds

_LINE = (
    "what",
    "category",
    "cost_kind",
    "cost_on",
    "supplier",
    "invoice_no",
    "months",
    "quotes",
    "already_funded_by",
    "justification",
)


def draft(scene: Scene, step: Step) -> None:
    """Write a claim and its lines, with the papers beside each line. Nothing is sent."""
    told = _told(step)
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    applicant = step.case.enterprise(step.of("enterprise"))["leaders"][0]["name"]
    claim_id = scene.write(
        step,
        lambda w: claims.start_claim(
            w, key, policy_version=scene.pack.seed_policy.version, applicant=applicant
        ),
    )
    scene.remember(step.case, claim_id, "claim", told["key"])
    scene.write(step, lambda w: claims.set_claim(w, claim_id, barrier=told["barrier"]))
    for number, line in enumerate(told["line"]):
        if number == 0:
            line_id = scene.reader(step).all(ClaimLine, claim_id=claim_id)[0].id
        else:
            line_id = scene.write(step, lambda w: claims.add_line(w, claim_id))
        scene.remember(step.case, line_id, "line", told["key"], line["key"])
        _fill(scene, step, line_id, line)
    asked = ", ".join(f"{line['what']} £{line['pounds']}" for line in told["line"])
    scene.tell(step, f"Claim drafted with no signal: {asked}")


def _fill(scene: Scene, step: Step, line_id: str, line: Table) -> None:
    known = {name: line[name] for name in _LINE if name in line}
    scene.write(step, lambda w: claims.set_line(w, line_id, pence=pence(line["pounds"]), **known))
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    for name in line.get("papers", [f"Price from {line['supplier']}"]):
        path = _paper(scene, step, name, line)
        kept = scene.write(
            step, partial(files.add_file, enterprise_id=key, path=path, caption=name)
        )
        scene.write(step, partial(claims.attach_to_line, line_id=line_id, attachment_id=kept))


def _paper(scene: Scene, step: Step, name: str, line: Table) -> Path:
    words = f"{name}\n{line['supplier']}\n{line['what']}\n£{line['pounds']}\n"
    path = scene.papers / f"{step.case.code} {line['key']} {name}.txt"
    path.write_text(f"Practice paper, {step.case.code}\n{words}", encoding="utf-8")
    return path


def submit(scene: Scene, step: Step) -> None:
    """The coach sends the claim in."""
    scene.ask(step, "claim.submit", _claim_id(scene, step))


def check(scene: Scene, step: Step) -> None:
    """Somebody else checks each line by the seed policy."""
    from desktop.journey.rulings import line_codes

    claim_id = _claim_id(scene, step)
    codes = line_codes(scene, step, claim_id)
    said = scene.ask(step, "claim.check", claim_id, lines=dict(codes), note="Checked by policy")
    for line in scene.reader(step).all(ClaimLine, claim_id=claim_id):
        if codes[line.id]:
            words = f"{line.what}, £{pounds(line.pence)}: not paid ({codes[line.id]})"
            scene.tell(step, words)
    if not any(codes.values()):
        scene.tell(step, said.words)


def recommend(scene: Scene, step: Step) -> None:
    """The checker recommends it."""
    scene.ask(step, "claim.recommend", _claim_id(scene, step))


def approve(scene: Scene, step: Step) -> None:
    """The budget holder approves, online, against the envelope as it stands."""
    scene.ask_now(step, "claim.approve", _claim_id(scene, step))
    scene.tell(step, "Approved by the budget holder")


def agree(scene: Scene, step: Step) -> None:
    """The applicant has signed the offer."""
    scene.ask(step, "claim.agree", _claim_id(scene, step))


def commit(scene: Scene, step: Step) -> None:
    """The money is set aside."""
    scene.ask(step, "claim.commit", _claim_id(scene, step))


def pay(scene: Scene, step: Step) -> None:
    """Finance pays one line and types its own reference back."""
    line_id = scene.id_of(step.case, "line", step.of("claim"), step.of("line"))
    line = scene.reader(step).get(ClaimLine, line_id)
    scene.ask_now(
        step,
        "claim.pay",
        _claim_id(scene, step),
        line_id=line_id,
        paid_on=step.on.isoformat(),
        reference=f"KF-{step.on:%y%m%d}-{step.case.code}",
    )
    scene.tell(step, f"Finance pays £{pounds(line.pence)} for {line.what}")


def spent(scene: Scene, step: Step) -> None:
    """Somebody other than the coach has seen how each paid line was spent."""
    claim_id = _claim_id(scene, step)
    for line in scene.reader(step).all(ClaimLine, claim_id=claim_id):
        if line.paid_on is not None:
            scene.ask(step, "claim.evidence", claim_id, line_id=line.id, on=step.on.isoformat())


def finish(scene: Scene, step: Step) -> None:
    """The claim is closed."""
    claim_id = _claim_id(scene, step)
    scene.ask(step, "claim.close", claim_id)
    claim: SeedClaim = scene.reader(step).get(SeedClaim, claim_id)
    scene.tell(step, f"The claim is {claim.state.lower()}")


def _told(step: Step) -> Table:
    return step.case.claim(step.of("claim"))


def _claim_id(scene: Scene, step: Step) -> str:
    return scene.id_of(step.case, "claim", step.of("claim"))
