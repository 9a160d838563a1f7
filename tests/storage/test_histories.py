"""Random lives of one laptop beside a register: typed, sent, lost, refused, pulled, settled.

At every step an unsent field shows what was typed; at rest laptop and register agree, every clash
included; and the trail alone tells the same records as the tables.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from forms.change import Verb
from forms.facts.kinds import fields_of
from forms.facts.people import Enterprise
from forms.values import SetClock
from storage import absorb, rebuild, summary
from storage.vault import Vault
from tests.storage.model_register import ModelRegister
from tests.storage.register_pages import IDENTITY
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, reopen

NAMES = ("name", "phone", "place")
VALUES = st.sampled_from(["", "one", "two", "three"])
FIELD = st.sampled_from(NAMES)
ANY = st.integers(min_value=0, max_value=1_000)


class Life(RuleBasedStateMachine):
    """One vault and one model register."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.vault = Vault.create(
            self.folder / "v", passphrase=PASSPHRASE, clock=SetClock(NOON), cost=TINY
        )[0]
        self.vault.exchange.adopt(IDENTITY)
        self.register = ModelRegister("enterprise")
        self.made = 0
        self.refused: set[str] = set()

    @initialize()
    def somebody_is_known(self) -> None:
        for _ in range(2):
            self.add("one")
        self.push(limit=1000, lose_receipts=False, refuse=False)
        self.pull()

    def pick(self, choice: int) -> str:
        ids = [one.id for one in self.vault.reader.all(Enterprise)]
        return ids[choice % len(ids)]

    @rule(name=VALUES)
    def add(self, name: str) -> None:
        self.made += 1
        with self.vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=f"e{self.made:04d}", name=name))

    @rule(choice=ANY, field=FIELD, value=VALUES)
    def edit(self, choice: int, field: str, value: str) -> None:
        with self.vault.change(by=COACH, at=NOON) as unit:
            unit.set(Enterprise, self.pick(choice), **{field: value})

    @rule(choice=ANY, field=FIELD, value=VALUES)
    def somebody_else_edits(self, choice: int, field: str, value: str) -> None:
        ids = sorted({one for one, _ in self.register.heads})
        self.register.other_edit(ids[choice % len(ids)], field, value, NOON)

    @rule(choice=ANY, field=FIELD, mine=VALUES, theirs=VALUES)
    def both_edit(self, choice: int, field: str, mine: str, theirs: str) -> None:
        record_id = self.pick(choice)
        if (record_id, field) in self.register.heads:
            self.register.other_edit(record_id, field, theirs, NOON)
        with self.vault.change(by=COACH, at=NOON) as unit:
            unit.set(Enterprise, record_id, **{field: mine})

    @rule(limit=st.sampled_from([1, 2, 1000]), lose_receipts=st.booleans(), refuse=st.booleans())
    def push(self, *, limit: int, lose_receipts: bool, refuse: bool) -> None:
        acks = []
        for op in self.vault.exchange.unsent(limit):
            deny = refuse and op.verb is Verb.SET and op.dot not in self.register.receipts
            if deny:
                self.refused.add(op.dot)
            acks.append(self.register.push(op, refuse=deny))
        if not lose_receipts:
            self.vault.exchange.acknowledge(acks, NOON)

    @rule()
    def pull(self) -> None:
        since = self.vault.exchange.bookmark().seq
        self.vault.exchange.absorb(self.register.page(since), NOON + timedelta(minutes=5))

    @rule()
    def pull_an_old_page_again(self) -> None:
        bookmark = self.vault.exchange.bookmark()
        page = self.register.page(bookmark.seq)
        self.vault.exchange.absorb(page, NOON)
        assert self.vault.exchange.absorb(page, NOON).records == ()

    @precondition(lambda self: self.vault.reader.conflicts())
    @rule(choice=ANY, value=VALUES)
    def settle(self, choice: int, value: str) -> None:
        open_ones = self.vault.reader.conflicts()
        with self.vault.change(by=COACH, at=NOON) as unit:
            unit.settle(open_ones[choice % len(open_ones)].id, value)

    @rule()
    def close_and_open(self) -> None:
        self.vault.close()
        self.vault = reopen(self.folder / "v")

    @invariant()
    def an_unsent_field_shows_what_was_typed(self) -> None:
        newest: dict[tuple[str, str], tuple[str, Any]] = {}
        for op in self.vault.exchange.unsent():
            for name, value in op.fields.items():
                newest[op.record_id, name] = (op.dot, value)
        for (record_id, name), (dot, value) in newest.items():
            if dot in self.register.receipts:
                continue  # only its receipt was lost: the register's word may be here already
            record = self.vault.reader.get(Enterprise, record_id)
            assert record is not None
            assert fields_of(record)[name] == value

    @invariant()
    def the_trail_tells_the_same_records(self) -> None:
        assert rebuild.differences(self.vault._db) == []

    def teardown(self) -> None:
        try:
            self.come_to_rest()
        finally:
            self.vault.close()
            shutil.rmtree(self.folder)

    def come_to_rest(self) -> None:
        for _ in range(3):
            self.push(limit=1000, lose_receipts=False, refuse=False)
            self.pull()
        here = {one.id: fields_of(one) for one in self.vault.reader.all(Enterprise)}
        for (record_id, name), heads in self.register.heads.items():
            assert here[record_id][name] == heads[0].value, (record_id, name)
        clashing = {place for place in self.register.heads if self.register.is_clash(place)}
        told = {(one.record_id, one.field) for one in self.vault.reader.conflicts()}
        assert told == clashing
        with self.vault._db.transaction():
            lists = self.vault._db.rows("SELECT * FROM caseload ORDER BY enterprise_id")
            summary.rebuild(self.vault._db)
            again = self.vault._db.rows("SELECT * FROM caseload ORDER BY enterprise_id")
        assert [row[1:] for row in lists] == [row[1:] for row in again]
        self.lose_and_mend(lists)

    def lose_and_mend(self, lists: list[Any]) -> None:
        """What the tables lose, the trail alone tells again: state, lists and search."""
        db = self.vault._db
        before = rebuild.kept(db)
        with db.transaction():
            db.do("DELETE FROM enterprise WHERE rowid % 2 = 0")
            db.do("UPDATE enterprise SET name = 'wrong', deleted = 1 - deleted")
            db.do("DELETE FROM caseload")
            db.do("DELETE FROM find")
        assert rebuild.differences(db)
        done = rebuild.mend(db)
        assert rebuild.kept(db) == before
        assert rebuild.differences(db) == []
        assert (sum(done.counts.values()), done.unknown) == (len(before), 0)
        again = db.rows("SELECT * FROM caseload ORDER BY enterprise_id")
        assert [row[1:] for row in lists] == [row[1:] for row in again]


def lives(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a failure prints its steps; shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )


def test_laptop_and_register_agree_at_rest() -> None:
    run_state_machine_as_test(Life, settings=lives(30, 15))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_laptop_and_register_agree_at_rest_in_many_lives() -> None:
    run_state_machine_as_test(Life, settings=lives(2000, 30))


def test_without_the_rule_for_unsent_fields_it_goes_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absorb, "_is_pending", lambda *_: False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Life, settings=settings(lives(100, 15), derandomize=True))
