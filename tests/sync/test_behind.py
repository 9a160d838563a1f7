"""Records that follow after the answer: nobody sees them behind, whoever writes them and however
the register ends. With the looking switched off, or with a log that is not read, it shows.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.change import Verb
from forms.facts.kinds import fields_of
from forms.facts.people import Enterprise
from sync.protocol import PushAsk, WireOp
from sync.register import admin, limits, sql_behind
from sync.register.push import Arrivals, push
from sync.register.service import Register
from sync.register.sql_behind import Kept
from sync.register.sql_store import SqlStore
from sync.register.store import open_store
from sync.register.tables import feed, record
from sync.register.verify import verify
from tests.sync.mutants import instead, records_are_believed_behind
from tests.sync.world import START, World, kent

MANY = 30


@pytest.fixture
def office(quick):
    """A register, and a laptop's pushes with nobody to write anything after them."""
    ann = quick.laptop("ann").identity().incarnation
    with instead(Register, "afterwards", lambda *_: None):
        office = Office(quick, ann)
        office.send([made(n) for n in range(MANY)])
        assert office.behind() == 0, "only edits follow"
        yield office


class Office:
    def __init__(self, world, inc):
        self.world, self.inc, self.dots, self.last = world, inc, {}, 0

    def send(self, drawn, store=None):
        """A batch, which is taken as it was written."""
        self.take(self.wires(drawn), store or self.world.store)

    def wires(self, drawn):
        """The next ops of the laptop, each over what it wrote before."""
        wires = []
        for verb, one, fields in drawn:
            self.last += 1
            base = {n: (self.dots[one, n],) for n in fields} if verb is Verb.SET else {}
            wires.append(
                WireOp(
                    seq=self.last, hlc=hlc(self.last), actor="ann", verb=verb, kind="enterprise",
                    record=one, fields=fields, base=base,
                )
            )  # fmt: skip
            self.dots |= {(one, n): f"{self.inc}.{self.last}" for n in fields}
        return wires

    def take(self, wires, store):
        def work(tx):
            person = tx.people.person("ann")
            return push(tx, person, PushAsk(inc=self.inc), Arrivals(wires), START)

        assert {ack.result for ack in store.write(work).acks()} == {"ok"}

    def behind(self):
        """How many ops the records on the disk do not have."""
        return self.on_disk("SELECT behind FROM feed")[0][0]

    def records(self):
        return self.on_disk("SELECT * FROM record ORDER BY id")

    def on_disk(self, text):
        with sqlite3.connect(self.world.url.removeprefix("sqlite:///")) as line:
            found = line.execute(text).fetchall()
        line.close()
        return found

    def forget(self):
        """As after a start of the program, or in another worker."""
        self.world.store._kept = Kept()


def hlc(minutes):
    return int((START + timedelta(minutes=minutes)).timestamp() * 1000) << 16


def made(n):
    return Verb.NEW, f"r{n:02}", fields_of(Enterprise(id="", name=f"Weald {n}", coach_id="ann"))


def edits(phone="1", count=MANY):
    return [(Verb.SET, f"r{n:02}", {"phone": f"{phone}{n}"}) for n in range(count)]


def phones(store):
    rows = store.read(lambda tx: tx.records.load([f"r{n:02}" for n in range(MANY)]))
    return [row.fields["phone"] for row in rows.values()]


def test_a_receipt_goes_before_the_records_and_whoever_reads_finds_them(office):
    before = office.records()
    office.send(edits())
    assert office.behind() == MANY
    assert office.records() == before
    assert office.world.store.owes
    assert phones(office.world.store) == [f"1{n}" for n in range(MANY)]
    assert (office.behind(), office.world.store.owes) == (0, False)


def test_few_ops_many_ops_and_more_than_edits_are_written_at_once(office):
    for batch in (
        edits("2", sql_behind.FEWEST - 1),
        [*edits("3"), made(MANY)],
        [edit for turn in range(17) for edit in edits(f"4{turn}-")],
    ):
        office.send(batch)
        assert office.behind() == 0
    assert sql_behind.MOST < 17 * MANY


def test_another_process_writes_them_from_the_log(office):
    office.send(edits())
    other = open_store(office.world.url)
    try:
        assert not other.owes
        assert phones(other) == [f"1{n}" for n in range(MANY)]
        office.send(edits("2"), store=other)  # what the first remembers is of another end now
    finally:
        other.close()
    assert office.world.store.owes
    office.world.store.catch_up()
    assert phones(office.world.store) == [f"2{n}" for n in range(MANY)]


FIELDS = st.dictionaries(
    st.sampled_from(["phone", "name", "facts", "district"]),
    st.integers(0, 3).map(str),
    min_size=1,
)
BATCHES = st.lists(
    st.lists(st.tuples(st.integers(0, 5), FIELDS), min_size=1, max_size=6), min_size=1, max_size=3
)


def drawn_edits(batch):
    return [
        (Verb.SET, f"r{n:02}", {k: {"a": v} if k == "facts" else v for k, v in fields.items()})
        for n, fields in batch
    ]


def test_memory_log_and_at_once_say_the_same(office, folder, monkeypatch):
    """To the last letter of every column, whoever comes between two batches."""
    office.on_disk("PRAGMA wal_checkpoint")
    stores = {}
    for way in ("at once", "memory", "log"):
        place = folder / f"{way}.db"
        place.write_bytes((folder / "register.db").read_bytes())
        stores[way] = open_store(f"sqlite:///{place}")
    went = dict.fromkeys(stores, 0)

    @settings(max_examples=25, deadline=None)
    @given(BATCHES)
    def each(batches):
        for batch in batches:
            wires = office.wires(drawn_edits(batch))
            for way, store in stores.items():
                monkeypatch.setattr(sql_behind, "FEWEST", 10**9 if way == "at once" else 1)
                office.take(wires, store)
                assert store.owes == (way != "at once")
                if way == "log":
                    store._kept = Kept()
                went[way] += 1
        tables = [
            store.read(
                lambda tx: tx.connection.execute(record.select().order_by(record.c.id)).all()
            )
            for store in stores.values()
        ]
        assert tables[0] == tables[1] == tables[2]

    try:
        each()
    finally:
        for store in stores.values():
            store.close()
    assert min(went.values()) > 25


def test_what_cannot_be_written_is_written_by_the_next(office):
    """The disk is full after the answer: nothing is forgotten."""
    office.send(edits())

    def full(*_):
        raise OSError("no room")

    with instead(sql_behind, "make_level", full), pytest.raises(OSError, match="no room"):
        office.world.store.catch_up()
    assert office.behind() == MANY
    assert office.world.store.owes
    assert phones(office.world.store) == [f"1{n}" for n in range(MANY)]


def test_who_asks_of_no_record_is_answered_while_none_can_be_written(office):
    """The disk is full: what tells of no record does not wait for it."""
    world = office.world
    asks = Register(
        world.store, world.clock, {"kent": kent()}, admin.signing_key(world.store), None
    )
    device = world.laptop("ben").identity().device_id
    office.send(edits())

    def full(*_):
        raise OSError("no room")

    with instead(sql_behind, "make_level", full):
        assert asks.device_key(device)
        assert asks.audit_head().size > 0
        with pytest.raises(OSError, match="no room"):
            world.store.read(lambda tx: tx.records.load([]))
    assert office.behind() == MANY


def test_a_batch_that_is_undone_leaves_nothing_to_follow(office):
    def work(tx):
        tx.let_follow([], 5)
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        office.world.store.write(work)
    assert (office.behind(), office.world.store.owes) == (0, False)


def test_whoever_goes_on_in_the_same_transaction_finds_them_written(office):
    def work(tx):
        person = tx.people.person("ann")
        push(tx, person, PushAsk(inc=office.inc), Arrivals(office.wires(edits())), START)
        return [row.fields["phone"] for row in tx.records.load(["r00", "r01"]).values()]

    assert office.world.store.write(work) == ["10", "11"]
    assert (office.behind(), office.world.store.owes) == (0, False)


def test_only_records_that_follow_do_not_wait_for_the_disk(office):
    seen = []
    real = sql_behind.count

    def count(connection):
        (how,) = connection.connection.driver_connection.execute("PRAGMA synchronous").fetchone()
        seen.append((connection.get_execution_options()["hedgerow"], how))
        return real(connection)

    with instead(sql_behind, "count", count):
        office.send(edits())
        office.world.store.catch_up()
        office.send(edits("2"))
        phones(office.world.store)
        office.send(edits("3"))
    waits = {kind: {how for one, how in seen if one == kind} for kind in ("write", "records")}
    assert waits == {"write": {2}, "records": {1}}


def test_the_app_writes_them_after_its_answer(quick):
    ann = quick.laptop("ann")
    cases = [ann.add(Enterprise(id=f"e{n:02}", name="Weald", coach_id="ann")) for n in range(MANY)]
    quick.settle_down()
    for case in cases:
        ann.set(case.id, phone="7")
    not_drawn = instead(limits, "drawn", lambda _limits: False)  # or counting writes them
    with after_answers() as seen, not_drawn:
        assert quick.round(ann).requests == 1
    assert seen == [MANY, 0]
    assert {row.fields["phone"] for row in quick.rows(*(c.id for c in cases)).values()} == {"7"}
    assert quick.store.read(lambda tx: verify(tx, admin.register_key(quick.store))).faults == []


@contextmanager
def after_answers():
    """How many ops records were behind by, before and after what came after an answer."""
    seen = []
    real = SqlStore.catch_up

    def catch_up(store):
        look = partial(store.read, lambda tx: sql_behind.count(tx._connection), of_records=False)
        seen.append(look())
        real(store)
        seen.append(look())

    with instead(SqlStore, "catch_up", catch_up):
        yield seen


def test_a_register_that_does_not_look_tells_old_values(office):
    """The proof: with the looking off, the first test here goes red."""
    with records_are_believed_behind():
        office.send(edits())
        assert phones(office.world.store) != [f"1{n}" for n in range(MANY)]


def test_a_log_that_is_not_read_would_be_noticed(office):
    office.send(edits())
    office.forget()
    with instead(sql_behind, "_from_log", lambda *_: []):
        assert phones(office.world.store) != [f"1{n}" for n in range(MANY)]


def test_without_the_end_of_the_log_memory_would_be_taken_for_another_end(office):
    """The proof that what one worker remembers is told from what another wrote since."""
    office.send(edits())
    mine = office.world.store._kept
    other = open_store(office.world.url)
    try:
        office.send(edits("2"), store=other)
    finally:
        other.close()
    end = office.on_disk("SELECT chain FROM feed")[0][0]
    assert mine.chain != end
    mine.chain = end
    assert phones(office.world.store) != [f"2{n}" for n in range(MANY)]


def test_an_older_copy_has_nothing_behind(quick, folder):
    """A copy without the number, as it was made before: level."""
    columns = {column.name for column in feed.columns}
    assert columns == {"id", "n", "chain", "behind"}
    with World(f"sqlite:///{folder / 'other.db'}") as other:
        other.store.write(
            lambda tx: (
                tx.connection.execute(feed.delete()),
                tx.connection.execute(feed.insert(), [{"id": 1, "n": 0, "chain": "genesis"}]),
            )
        )
        assert other.store.read(lambda tx: sql_behind.count(tx.connection)) == 0
