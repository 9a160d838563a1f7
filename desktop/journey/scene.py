"""What a step works with: its laptop, the clock, the pack, and the ids of its case.

Refuses to judge: rules say what is so, the register decides, a scene only asks them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from desktop.journey.errors import StepRefusedError
from forms.facts.decisions import DecisionRequest
from forms.values import derived_id

if TYPE_CHECKING:
    from desktop.journey.crew import Crew, Laptop
    from desktop.journey.plan import Case, Programme, Step
    from forms.rules.pack import Pack
    from forms.values import SetClock
    from storage.reader import Reader


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
    story: list[Told] = field(default_factory=list)
    refusals: list[DecisionRequest] = field(default_factory=list)

    def laptop(self, step: Step) -> Laptop:
        """The laptop that a step happens on."""
        return self.crew.laptop(step.device)

    def reader(self, step: Step) -> Reader:
        """What that laptop knows."""
        return self.laptop(step).vault.reader

    def tell(self, step: Step, words: str) -> None:
        """Add a line to the story."""
        self.story.append(Told(step.on, step.case.code, step.device, words))

    def ask(self, step: Step, name: str, subject: str, **payload: object) -> DecisionRequest:
        """Ask for a decision that may wait, and send it if there is signal."""
        laptop = self.laptop(step)
        request = self._request(step, name, subject, payload)
        with laptop.vault.change(by=laptop.person.id, at=self.clock.now()) as unit:
            unit.ask(request)
        self.crew.bring_level(laptop)
        answers = {found.id: found for found in laptop.vault.reader.decisions()}
        return self._must(step, answers[request.id])

    def ask_now(self, step: Step, name: str, subject: str, **payload: object) -> DecisionRequest:
        """Ask for a decision that only exists online."""
        from sync.client.decide import ask_now  # noqa: PLC0415

        laptop = self.laptop(step)
        request = self._request(step, name, subject, payload)
        answer = ask_now(laptop.vault, laptop.transport, request)
        self.crew.tide += 1
        self.crew.bring_level(laptop)
        return self._must(step, answer)

    def _request(
        self, step: Step, name: str, subject: str, payload: dict[str, object]
    ) -> DecisionRequest:
        return DecisionRequest(
            id=self.record_id(step.case, name, subject, str(step.on), str(payload)),
            name=name,
            subject_id=subject,
            asked_by_id=self.laptop(step).person.id,
            asked_at=self.clock.now(),
            payload=payload,
        )

    def _must(self, step: Step, answer: DecisionRequest) -> DecisionRequest:
        if answer.state == "refused":
            self.refusals.append(answer)
            if not step.data.get("refused_is_right"):
                raise StepRefusedError(
                    f"{step.case.code}, {step.on}, {answer.name}: {answer.words} "
                    f"({', '.join(answer.codes)})"
                )
        return answer

    @staticmethod
    def record_id(case: Case, *parts: str) -> str:
        """The id of a record of a case: the same on every laptop and in every run."""
        return derived_id("journey", case.code, *parts)


def enterprise_id(case: Case, key: str) -> str:
    """The id of an enterprise of a case."""
    return Scene.record_id(case, "enterprise", key)


def claim_id(case: Case, key: str) -> str:
    """The id of a claim of a case."""
    return Scene.record_id(case, "claim", key)


def line_id(case: Case, claim: str, key: str) -> str:
    """The id of a claim line of a case."""
    return Scene.record_id(case, "line", claim, key)
