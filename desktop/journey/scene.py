"""What a step works with: its laptop, the clock, the pack, and the records of its case so far.

Writes go through `desktop.operations`, one commit each, as a click would. Refuses to judge:
rules say what is so, the register decides, a scene only asks them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.journey.errors import CaseError, StepRefusedError
from desktop.operations import decisions
from desktop.operations.writing import Writing
from forms.values import Actor, Role, london_day

if TYPE_CHECKING:
    from desktop.journey.crew import Crew, Laptop
    from desktop.journey.plan import Case, Programme, Step
    from forms.facts.decisions import DecisionRequest
    from forms.facts.people import Enterprise
    from forms.rules.pack import Pack
    from forms.values import SetClock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story: when, which case, on whose laptop, in what words."""

    on: date
    case: str
    device: str
    words: str


@dataclass(slots=True)
class Scene:
    """Everything the steps share while a journey is played."""

    crew: Crew
    pack: Pack
    programme: Programme
    clock: SetClock
    papers: Path
    story: list[Told] = field(default_factory=list)
    refusals: list[DecisionRequest] = field(default_factory=list)
    _ids: dict[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day the clock stands on."""
        return london_day(self.clock.now())

    def laptop(self, step: Step) -> Laptop:
        """The laptop that a step happens on."""
        return self.crew.laptop(step.device)

    def reader(self, step: Step) -> Any:
        """What that laptop knows."""
        return self.laptop(step).vault.reader

    def tell(self, step: Step, words: str) -> None:
        """Add a line to the story."""
        self.story.append(Told(step.on, step.case.code, step.device, words))

    def remember(self, case: Case, record_id: str, *name: str) -> None:
        """Which record a name in a case file stands for."""
        self._ids[(case.code, *name)] = record_id

    def id_of(self, case: Case, *name: str) -> str:
        """The record that a name in a case file stands for. Raises CaseError."""
        found = self._ids.get((case.code, *name))
        if found is None:
            raise CaseError(f"{case.code}: there is no {' '.join(name)} yet.")
        return found

    def enterprise_of(self, step: Step, key: str) -> Enterprise:
        """An enterprise as this laptop knows it. Raises CaseError."""
        from forms.facts.people import Enterprise

        found: Enterprise | None = self.reader(step).get(
            Enterprise, self.id_of(step.case, "enterprise", key)
        )
        if found is None:
            raise CaseError(f"{step.case.code}: {step.device} does not know {key}.")
        return found

    def case_code(self, enterprise_id: str) -> str:
        """The case that an enterprise belongs to."""
        for name, record_id in self._ids.items():
            if record_id == enterprise_id and name[1] == "enterprise":
                return name[0]
        raise CaseError("A figure names an enterprise of no case.")

    def write(self, step: Step, operation: Callable[[Writing], T]) -> T:
        """One operation in one commit on the step's laptop."""
        laptop = self.laptop(step)
        moment = self.clock.now()
        person = laptop.person
        actor = Actor(person.id, person.name, Role(person.role))
        with laptop.vault.change(by=person.id, at=moment) as unit:
            return operation(Writing(unit, laptop.vault, actor, moment))

    def ask(self, step: Step, name: str, subject: str, **payload: object) -> DecisionRequest:
        """Ask for a decision that may wait, and send it if there is signal."""
        asked = self.write(step, lambda w: decisions.ask(w, name, subject, payload))
        laptop = self.laptop(step)
        self.crew.bring_level(laptop)
        answers = {found.id: found for found in laptop.vault.reader.decisions()}
        return self.heard(step, answers[asked])

    def ask_now(self, step: Step, name: str, subject: str, **payload: object) -> DecisionRequest:
        """Ask for a decision that only exists online."""
        from sync.client.decide import ask_now

        laptop = self.laptop(step)
        request = self.write(step, lambda w: decisions.request(w, name, subject, payload))
        answer = ask_now(laptop.vault, laptop.transport, request, self.clock)
        self.crew.something_new()
        return self.heard(step, answer)

    def heard(self, step: Step, answer: DecisionRequest) -> DecisionRequest:
        """A refusal ends the journey, unless the case says that no is the right answer."""
        if answer.state == "refused":
            self.refusals.append(answer)
            if not step.data.get("refused_is_right"):
                codes = ", ".join(answer.codes)
                where = f"{step.case.code}, {step.on}, {answer.name}"
                raise StepRefusedError(f"{where}: {answer.words} ({codes})")
        return answer
