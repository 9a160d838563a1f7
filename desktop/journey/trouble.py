"""What goes wrong, and is safe: no signal, one field changed twice, a concern, a suspension.

Refuses to settle anything by itself: a person of the case chooses, and the register decides.
"""

from __future__ import annotations

from desktop.journey.errors import StepRefusedError
from desktop.journey.plan import Step
from desktop.journey.scene import Scene
from desktop.operations import casework, decisions
from forms.change import Conflict
from forms.facts.listing import Concern, RegisterEntry
from forms.values import new_id


def lose_signal(scene: Scene, step: Step) -> None:
    """From now on this laptop hears nothing and is heard by nobody."""
    laptop = scene.laptop(step)
    scene.crew.bring_level(laptop)
    laptop.online = False
    if step.tell:
        scene.tell(step, step.tell)


def find_signal(scene: Scene, step: Step) -> None:
    """Back in range: everything that waited is sent and everything new is fetched."""
    laptop = scene.laptop(step)
    waiting = laptop.vault.reader.unsent_count()
    laptop.online = True
    scene.crew.bring_level(laptop)
    words = step.tell or "Back in range"
    scene.tell(step, f"{words} ({waiting} changes sent)")


def change_fields(scene: Scene, step: Step) -> None:
    """Change fields of an enterprise."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    scene.write(step, lambda w: casework.set_enterprise(w, key, **step.of("fields")))
    scene.tell(step, step.tell)


def settle(scene: Scene, step: Step) -> None:
    """Choose between two values, and say why."""
    found = _thing_to_check(scene, step)
    scene.write(
        step, lambda w: decisions.settle(w, found.id, step.of("value"), note=step.of("note"))
    )
    scene.crew.bring_level(scene.laptop(step))
    scene.tell(step, step.tell)


def _thing_to_check(scene: Scene, step: Step) -> Conflict:
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    for conflict in scene.reader(step).conflicts():
        if conflict.record_id == key and conflict.field == step.of("field"):
            found: Conflict = conflict
            return found
    raise StepRefusedError(f"{step.case.code}, {step.on}: there is nothing to check.")


def raise_concern(scene: Scene, step: Step) -> None:
    """Keep the reference of a concern, never its story. The numbers to ring need no signal."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    names = ("kind", "told_whom", "reference", "immediate_action")
    scene.write(
        step,
        lambda w: w.unit.add(
            Concern(
                id=new_id(),
                enterprise_id=key,
                raised_on=w.today,
                by_id=w.actor.id,
                **{name: step.of(name) for name in names},
            )
        ),
    )
    numbers = "; ".join(f"{who}: {number}" for who, number in scene.pack.safeguarding_numbers)
    scene.tell(step, f"{step.tell}. {numbers}")


def suspend(scene: Scene, step: Step) -> None:
    """Take a listing down at once, by a named officer."""
    entry = entry_of(scene, step)
    scene.ask(step, "listing.suspend", entry.id, reason=step.of("reason"))
    scene.tell(step, step.tell)


def change_listing(scene: Scene, step: Step) -> None:
    """Change the words of a listing."""
    entry = entry_of(scene, step)
    scene.write(step, lambda w: w.unit.set(RegisterEntry, entry.id, **step.of("fields")))
    scene.tell(step, step.tell)


def ask_to_list_again(scene: Scene, step: Step) -> None:
    """Ask for a listing to go back to review, not knowing that it was suspended."""
    entry = entry_of(scene, step)
    scene.ask(step, "listing.submit", entry.id)
    scene.tell(step, step.tell)


def entry_of(scene: Scene, step: Step) -> RegisterEntry:
    """The listing of the step's enterprise as this laptop knows it."""
    key = scene.id_of(step.case, "enterprise", step.of("enterprise"))
    entries: list[RegisterEntry] = scene.reader(step).all(RegisterEntry, enterprise_id=key)
    if not entries:
        raise StepRefusedError(f"{step.case.code}, {step.on}: there is no listing yet.")
    return entries[0]
