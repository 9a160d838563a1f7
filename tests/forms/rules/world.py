"""Records on which decisions are carried out as the register does, for the tests of decisions."""

from dataclasses import replace
from datetime import date

from forms.facts.casework import StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.money import SeedClaim
from forms.facts.people import Consent
from forms.rules.decisions import Granted, Refused, decide
from forms.rules.records import RecordsInHand
from tests.forms.rules.making import KENT, NOTICE, SIGNED, done_item, enterprise, request

ON = date(2022, 3, 1)


class World:
    """Records, and decisions carried out on them as the register does."""

    def __init__(self, *records):
        self.records = RecordsInHand([SIGNED, NOTICE, enterprise(), *records])
        for code in ("C07", "C10"):
            self.records.put(done_item(code))

    def ask(self, name, actor, subject="c1", on=ON, also=None, **payload):
        payload |= also or {}  # a payload may have an "on" of its own
        asked = request(name, subject, actor, **payload)
        self.asked = getattr(self, "asked", 0) + 1  # each request has a number of its own
        asked = replace(asked, id=f"{asked.id}-{self.asked}")
        answer = decide(KENT, asked, self.records, actor, on)
        if isinstance(answer, Granted):
            for change in answer.sets:
                record = self.records.get(change.kind, change.record_id)
                self.records.put(replace(record, **change.fields))
            for record in answer.adds:
                self.records.put(record)
            for drop in answer.drops:
                self.records.drop(drop.kind, drop.record_id)
        return answer

    def granted(self, *args, **kwargs):
        answer = self.ask(*args, **kwargs)
        assert isinstance(answer, Granted), answer.words
        return answer

    def refused(self, *args, **kwargs):
        answer = self.ask(*args, **kwargs)
        assert isinstance(answer, Refused), answer.words
        assert answer.words
        return answer.codes

    @property
    def state(self):
        return self.records.get(SeedClaim, "c1").state


def entry(**changes):
    whole = RegisterEntry(
        id="r1",
        enterprise_id="e1",
        trading_name="Weald Walks",
        contact="01233 000000",
        services=("befr",),
        status="ready_for_review",
    )
    return replace(whole, **changes)


def checks(**changes):
    return [
        replace(
            QACheck(id=f"q-{kind}", enterprise_id="e1", kind=kind, seen_on=date(2022, 2, 20)),
            **changes,
        )
        for kind in ("identity", "insurance", "safeguarding", "declaration")
    ]


LISTING = Consent(id="yes", enterprise_id="e1", purpose="listing", given_on=date(2022, 2, 20))
READY = StageEvent(id="s1", enterprise_id="e1", stage="READY", on=date(2022, 2, 25))
