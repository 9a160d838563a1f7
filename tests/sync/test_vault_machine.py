"""Real vaults through stories of edits, broken lines and restores: all end as the register."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from forms.change import DELETED
from forms.facts.kinds import fields_of
from forms.facts.people import Enterprise
from storage import outbox
from sync import errors
from sync.client.exchange import run_round
from sync.client.transport import in_process
from sync.protocol import op_to_wire
from sync.register import admin
from sync.register.store import open_store
from sync.signing import op_hash
from tests.sync.play import where
from tests.sync.test_machine import run
from tests.sync.vaults import VaultLaptop
from tests.sync.world import World, enterprise

NAMES = st.sampled_from(["a", "b"])
FAULTS = st.sampled_from(
    ["", "", "drop request", "drop answer", "drop pull", "twice", "cut answer"]
)


class Vaults:
    """Two vaults, one of a coach and one of a lead, a register, and lines with faults."""

    def __init__(self):
        import shutil
        import tempfile

        self.folder = Path(tempfile.mkdtemp(prefix="hedgerow-", dir=where()))
        self._remove = lambda: shutil.rmtree(self.folder, ignore_errors=True)
        self.world = World(f"sqlite:///{self.folder / 'r.db'}", laptop=VaultLaptop)
        self.laptops = {"a": self.world.laptop("ann"), "b": self.world.laptop("lee")}
        self.case = self.laptops["a"].add(enterprise(phone="0", place="p")).id
        self.made = [self.case]
        self.world.settle_down()
        self.copy = None

    def close(self):
        logging.getLogger("hedgerow.register").removeHandler(self.world.faults)
        for laptop in self.laptops.values():
            laptop.close()
        self.world.line.close()
        self.world.store.close()
        self._remove()

    def here(self, name):
        return self.laptops[name].get(Enterprise, self.case) is not None

    def set(self, name, **values):
        if self.here(name):
            self.laptops[name].set(self.case, **values)

    def round(self, name, fault=""):
        world = self.world

        class Line:
            url = world.line.url

            def send(self, method, path, headers, body):
                if fault == "drop request" or (fault == "drop pull" and path == "/v1/pull"):
                    raise errors.Unreachable
                answer = world.line.send(method, path, headers, body)
                if fault == "twice":
                    answer = world.line.send(method, path, headers, body)
                if fault == "drop answer":
                    raise errors.Unreachable
                if fault == "cut answer":
                    half = answer.body[: len(answer.body) // 2]
                    answer = type(answer)(answer.status, answer.headers, half)
                return answer

        try:
            run_round(self.laptops[name], Line(), world.clock)
        except errors.SyncError:
            return

    def keep_copy(self):
        self.copy = self._bytes()

    def put_back(self):
        if self.copy is None:
            return
        self.world.line.close()
        self.world.store.close()
        for leftover in self.folder.glob("r.db-*"):
            leftover.unlink()
        (self.folder / "r.db").write_bytes(self.copy)
        self.world.store = open_store(self.world.url)
        self.world.app = self.world.new_app()
        self.world.line = in_process(self.world.app)

    def _bytes(self):
        import sqlite3

        target = self.folder / "copy"
        source, made = sqlite3.connect(self.folder / "r.db"), sqlite3.connect(target)
        source.backup(made)
        source.close()
        made.close()
        data = target.read_bytes()
        target.unlink()
        return data

    def check(self):
        self.world.settle_down(rounds=8)
        rows = self.world.rows(*self.made)
        known = {(op.inc, op.seq): op.hash for op in self.world.log()}
        for laptop in self.laptops.values():
            assert laptop.exchange.unsent_count() == 0
            for record_id, row in rows.items():
                mine = laptop.get(Enterprise, record_id)
                assert (mine is None) == row.deleted
                if mine is not None:
                    assert fields_of(mine) == row.fields
            clashing = {  # nobody is asked about a record that is removed
                (r.id, n) for r in rows.values() for n in r.heads if n == DELETED or not r.deleted
            }
            assert set(laptop.clashes) == clashing
            for (record_id, field), heads in laptop.clashes.items():
                kept = rows[record_id].heads[field].heads
                assert {(h.dot, str(h.value)) for h in heads} == {
                    (h.dot, str(h.value)) for h in kept
                }
            for op in outbox.journal(laptop.vault.exchange._db):
                assert known.get((op.inc, op.seq)) == op_hash(op_to_wire(op)), f"lost {op.dot}"
        self._even()

    def _even(self):
        """On the next day the sums are the same, and nothing had to be put right."""
        self.world.later(days=1, minutes=1)
        for name, laptop in self.laptops.items():
            report = self.world.round(laptop)
            assert (report.mended, report.uneven) == (0, ""), name
            assert laptop.exchange.compared_at() == self.world.clock.now(), name


class Stories(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.v = Vaults()

    @initialize(copied=st.booleans())
    def begin(self, copied):
        if copied:
            self.v.keep_copy()

    @rule(name=NAMES, field=st.sampled_from(["phone", "place"]), value=st.sampled_from("123"))
    def edit(self, name, field, value):
        self.v.set(name, **{field: value})

    @rule(value=st.sampled_from("123"), other=st.sampled_from("123"))
    def race(self, value, other):
        self.v.set("a", phone=value)
        self.v.set("b", phone=other)

    @rule(name=NAMES, key=st.sampled_from("xy"), value=st.integers(0, 1))
    def answer(self, name, key, value):
        if self.v.here(name):
            facts = self.v.laptops[name].get(Enterprise, self.v.case).facts
            self.v.set(name, facts=facts | {key: value})

    @rule()
    def make(self):
        self.v.made.append(self.v.laptops["a"].add(enterprise()).id)

    @rule(name=NAMES)
    def remove(self, name):
        if self.v.here(name):
            self.v.laptops[name].remove(self.v.case)

    @rule(name=NAMES, pick=st.integers(0, 1))
    def settle(self, name, pick):
        laptop = self.v.laptops[name]
        for (record_id, field), heads in sorted(laptop.clashes.items())[:1]:
            laptop.settle(record_id, field, heads[pick % len(heads)].value)

    @rule(name=NAMES, fault=FAULTS)
    def round(self, name, fault):
        self.v.round(name, fault)

    @rule()
    def copy(self):
        self.v.keep_copy()

    @rule()
    def put_back(self):
        self.v.put_back()

    def teardown(self):
        try:
            self.v.check()
        finally:
            self.v.close()


def test_vaults_end_equal_to_the_register():
    run(Stories, 6, 15)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_stories_of_vaults():
    run(Stories, 150, 30)


@pytest.fixture
def vaults():
    made = Vaults()
    yield made
    made.close()


def test_a_register_put_back_hears_the_vaults_again(vaults):
    vaults.keep_copy()
    vaults.set("a", phone="7")
    vaults.made.append(vaults.laptops["a"].add(enterprise()).id)
    vaults.round("a")
    vaults.put_back()
    vaults.check()
    assert vaults.laptops["b"].get(Enterprise, vaults.case).phone == "7"


def test_a_register_with_a_new_history_hears_the_vaults_again(vaults):
    vaults.keep_copy()
    vaults.set("a", phone="7")
    vaults.round("a")
    vaults.put_back()
    admin.new_history(vaults.world.store)
    vaults.check()
    assert vaults.laptops["b"].get(Enterprise, vaults.case).phone == "7"


def test_a_delete_settled_on_a_vault_is_settled_everywhere(vaults):
    vaults.set("a", place="Rye")
    vaults.laptops["b"].remove(vaults.case)
    vaults.round("a")
    vaults.check()
    assert (vaults.case, DELETED) in vaults.laptops["a"].clashes
    vaults.laptops["a"].settle(vaults.case, DELETED, value=True)
    vaults.check()
    assert vaults.laptops["b"].get(Enterprise, vaults.case) is None


def test_a_record_with_a_thing_to_check_is_removed_and_brought_back(vaults):
    """Nobody meets a thing that cannot be settled, and it is there again on every laptop."""
    vaults.set("a", phone="1")
    vaults.set("b", phone="2")
    vaults.check()
    before = {name: each.clashes for name, each in vaults.laptops.items()}
    vaults.laptops["a"].remove(vaults.case)
    assert not vaults.laptops["a"].clashes
    vaults.check()
    assert not vaults.laptops["b"].clashes
    vaults.laptops["b"].bring_back(Enterprise, vaults.case)
    vaults.check()
    assert {name: each.clashes for name, each in vaults.laptops.items()} == before
    vaults.laptops["b"].settle(vaults.case, "phone", "1")
    vaults.check()
    assert vaults.laptops["a"].get(Enterprise, vaults.case).phone == "1"


@pytest.mark.parametrize("first", ["a", "b"])
def test_a_choice_beside_a_removal_that_is_on_its_way_is_not_lost(vaults, first):
    vaults.set("a", phone="1")
    vaults.set("b", phone="2")
    vaults.check()
    vaults.laptops["a"].remove(vaults.case)
    vaults.laptops["b"].settle(vaults.case, "phone", "1")
    vaults.round(first)
    vaults.check()
    if first == "b":  # who removed it had not seen the choice
        assert set(vaults.laptops["a"].clashes) == {(vaults.case, DELETED)}
        vaults.laptops["a"].settle(vaults.case, DELETED, value=False)
    else:
        assert not vaults.laptops["b"].clashes
        vaults.laptops["b"].bring_back(Enterprise, vaults.case)
    vaults.check()
    for laptop in vaults.laptops.values():
        assert not laptop.clashes
        assert laptop.get(Enterprise, vaults.case).phone == "1"
