"""A played journey seen through the product's own parts: vaults, rules, register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from typing import Any, TypeVar

from desktop.journey.plan import Step, load_case
from desktop.journey.play import play, play_step, stage, steps_of
from desktop.journey.scene import Scene
from forms.facts.casework import ChecklistItem, EntityDecision, StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Consent, Dpia, Enquiry, Enterprise, Leader
from forms.rules import checklist, legal_entity, savings, seed_fund
from forms.values import pounds
from storage.keys import Cost
from storage.reader import Reader

T = TypeVar("T")
QUICK = Cost(memory=8, passes=1)  # throw-away vaults with random keys
END = date(2023, 3, 31)


class Story:
    """One played journey; `at` says on whose laptop we look (the lead's unless said)."""

    def __init__(self, scene: Scene, at: str = "lead") -> None:
        self.scene = scene
        self.device = at
        self.pack = scene.pack

    def on(self, device: str) -> Story:
        """The same journey, seen on another laptop."""
        return Story(self.scene, device)

    @property
    def reader(self) -> Reader:
        """What this laptop knows."""
        return self.scene.crew.laptop(self.device).vault.reader

    def key(self, *name: str) -> str:
        """The record id of a name in a case file: key("K06", "enterprise", "K06a")."""
        return self.scene.id_of(load_case(name[0]), *name[1:])

    def one(self, kind: type[T], record_id: str) -> T:
        """A record that has to be there."""
        found = self.reader.get(kind, record_id)
        assert found is not None, (kind.__name__, self.device)
        return found

    def enterprise(self, key: str) -> Enterprise:
        return self.one(Enterprise, self.key(key[:3], "enterprise", key))

    def enquiry(self, code: str) -> Enquiry:
        return self.one(Enquiry, self.key(code, "enquiry"))

    def all(self, kind: type[T], key: str) -> list[T]:
        """Records of a kind that belong to an enterprise."""
        return self.reader.all(kind, enterprise_id=self.key(key[:3], "enterprise", key))

    def leaders(self, key: str) -> list[Leader]:
        return self.all(Leader, key)

    def stages(self, key: str) -> list[tuple[str, date]]:
        return [(e.stage, e.on) for e in sorted(self.all(StageEvent, key), key=lambda e: e.on)]

    def claim(self, key: str, name: str) -> SeedClaim:
        return self.one(SeedClaim, self.key(key[:3], "claim", name))

    def line(self, key: str, claim: str, name: str) -> ClaimLine:
        return self.one(ClaimLine, self.key(key[:3], "line", claim, name))

    def lines(self, key: str) -> list[ClaimLine]:
        return self.all(ClaimLine, key)

    def events(self, key: str) -> list[ClaimEvent]:
        return self.all(ClaimEvent, key)

    def paid(self, key: str) -> list[tuple[date, str]]:
        """What was paid to an enterprise: day and pounds, in order."""
        return sorted((x.paid_on, pounds(x.pence)) for x in self.lines(key) if x.paid_on)

    def paid_in(self, key: str, envelope_id: str) -> str:
        """Pounds paid to an enterprise out of one envelope."""
        envelope = next(e for e in self.pack.envelopes if e.id == envelope_id)
        return pounds(
            sum(
                x.pence
                for x in self.lines(key)
                if x.paid_on and envelope.starts <= x.paid_on <= envelope.ends
            )
        )

    def refused(self, key: str) -> list[tuple[str, str]]:
        """Lines that were turned down: pounds and code."""
        return [(pounds(x.pence), x.code) for x in self.lines(key) if x.outcome == "rejected"]

    def returned(self, key: str) -> ActivityReturn:
        """The latest return of an enterprise."""
        return max(self.all(ActivityReturn, key), key=lambda r: r.period_to)

    def ranked(self, key: str, code: str, **answers: str) -> legal_entity.Ranked:
        """One legal form in the guide's ranking for an enterprise, some answers changed."""
        enterprise = self.enterprise(key)
        told = {**self.decision(key).answers, **answers}
        found = legal_entity.rank(self.pack, told, enterprise.employee_count).find(code)
        assert found is not None, code
        return found

    def first_form(self, key: str) -> str:
        """The form that comes first in the guide's ranking."""
        return legal_entity.rank(self.pack, self.decision(key).answers).ranked[0].code

    def b2(self, key: str) -> str | None:
        """B2 of one enterprise in pounds a year; None when it is not comparable."""
        enterprise = self.enterprise(key)
        assumption = self.pack.assumption_set(self.pack.default_assumptions)
        result = savings.b2(assumption, [savings.trade_of(enterprise, self.returned(key))])
        return None if result is None or not result.counted else pounds(result.central_pence)

    def entry(self, key: str) -> RegisterEntry:
        return self.all(RegisterEntry, key)[0]

    def checks(self, key: str) -> list[QACheck]:
        return self.all(QACheck, key)

    def consents(self, key: str) -> list[Consent]:
        return self.all(Consent, key)

    def decision(self, key: str) -> EntityDecision:
        return self.all(EntityDecision, key)[0]

    def items(self, key: str) -> dict[str, ChecklistItem]:
        return {item.code: item for item in self.all(ChecklistItem, key)}

    def status(self, key: str, on: date, **changed: Any) -> dict[str, checklist.ItemStatus]:
        """The checklist on a day, for the enterprise as it is or with some fields changed."""
        enterprise = replace(self.enterprise(key), **changed)
        items = self.all(ChecklistItem, key)
        return {s.code: s for s in checklist.checklist(self.pack, enterprise, items, on)}

    def judged(self, key: str, line: ClaimLine, on: date) -> str:
        """The code a line would be turned down with on a day, or nothing."""
        claim = self.one(SeedClaim, line.claim_id)
        around = seed_fund.SeedContext(
            dpias=tuple(self.reader.all(Dpia)),
            consents=tuple(self.consents(key)),
            items=tuple(self.all(ChecklistItem, key)),
        )
        fresh = replace(line, paid_on=None, outcome="")
        found = seed_fund.judge(self.pack, claim, [fresh], self.enterprise(key), around, on)
        return seed_fund.code_for(found, line.id)

    def told(self, code: str) -> str:
        """Everything the story says of a case."""
        return "\n".join(line.words for line in self.scene.story if line.case == code)


@contextmanager
def played(*codes: str, until: date | None = None, database: str = "") -> Iterator[Story]:
    """These cases played on fresh laptops, up to a day."""
    with stage(database, cost=QUICK) as scene:
        play(scene, codes, until)
        yield Story(scene)


def steps(story: Story, code: str, do: str) -> list[Step]:
    """The steps of a case of one kind, in order."""
    return [s for s in steps_of(story.scene, [code]) if s.case.code == code and s.do == do]


def play_on(story: Story, step: Step) -> None:
    """Play one more step by hand."""
    play_step(story.scene, step)


def moved(step: Step, *, on: date | None = None, at: time | None = None, **data: object) -> Step:
    """A step on another day or laptop, or with other data."""
    device = str(data.pop("device", step.device))
    return replace(
        step,
        on=on or step.on,
        at=at or step.at,
        device=device,
        data={**step.data, **data},
    )
