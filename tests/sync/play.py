"""Laptops and a register under faults, and what must hold when all is quiet again.

Four laptops: a and b of one coach, d of another, c of the lead, each with a clock of its own.
The register is real, on SQLite in memory; lines drop requests, drop answers, deliver
twice and late; the register is put back from copies and laptops come back from old images.
"""

from __future__ import annotations

import copy
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
from sqlalchemy.exc import OperationalError

from forms.change import DELETED, Verb
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS
from forms.values import SetClock, new_id
from sync import envelope, errors
from sync.client.enrol import enrol
from sync.client.exchange import run_round
from sync.protocol import PullReply, WireOp
from sync.register import admin, app, feed, service, sql_behind, sums
from sync.register.sql_log import GENESIS, link
from sync.register.store import open_store
from sync.signing import op_hash
from tests.sync import papers
from tests.sync.in_memory import Memory, Straight, without_a_clock
from tests.sync.laptop import Laptop
from tests.sync.wire import Wire
from tests.sync.world import REGISTER_LOG, Faults, World, enterprise, kent, take_in

MEMORY = Memory()  # one for the process: a play opens it anew
_MOVES = ("case.transfer", "case.accept")
_NOT_ON_DISK = {"clock": None, "files": None}
_template = {}


def where():
    shm = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a name of its own
    return shm if shm.is_dir() else None


def template():
    """A register, four enrolled laptops and a case, level with it: made once, copied for a play."""
    if not _template:
        folder = Path(tempfile.mkdtemp(prefix="hedgerow-", dir=where()))
        with World(f"sqlite:///{folder / 'r.db'}") as world:
            for who, name in (("ann", "a"), ("ann", "b"), ("lee", "c"), ("ben", "d")):
                world.laptop(who, name)
            case = enterprise(phone="0", place="p", facts={"vol": 0})
            _template["case"] = world.laptops["a"].add(case).id
            _template["beside"] = world.laptops["a"].add(enterprise(name="Beside")).id
            world.settle_down()
            _template["laptops"] = {n: x.__dict__ for n, x in world.laptops.items()}
            _template["moment"] = world.clock.now()
        connection = open_store(f"sqlite:///{folder / 'r.db'}")
        connection.close()
        _template["db"] = (folder / "r.db").read_bytes()
        shutil.rmtree(folder)
    return _template


@contextmanager
def one_thread():
    """The register works in the thread that asks: the same work, without handing it over."""

    async def here(work, *args):
        return work(*args)

    kept, app.in_a_thread = app.in_a_thread, here
    try:
        with without_a_clock():  # a straight line has its body at once
            yield
    finally:
        app.in_a_thread = kept


@contextmanager
def records_follow():
    """One plain edit is enough for its record to follow, and only whoever comes next writes it."""
    fewest, sql_behind.FEWEST = sql_behind.FEWEST, 1
    after, service.Register.afterwards = service.Register.afterwards, lambda *_: None
    try:
        yield
    finally:
        sql_behind.FEWEST, service.Register.afterwards = fewest, after


class Died(RuntimeError):
    """The register dies before the commit: the only fault its log may call a bug in a play."""


class Play:
    def __init__(self):
        made = template()
        self.quick = ExitStack()
        self.quick.enter_context(one_thread())
        self.quick.enter_context(records_follow())
        self.clock = SetClock(made["moment"])
        self.clocks = {}
        self.pushes = 0
        self.full = False  # the register's disk
        self.crash, self.copies, self.images, self.lost_epoch = False, [], {}, False
        self.sticks, self.answers = {}, {}  # files on sticks, by laptop
        self.laptops, self.wires = {}, {}
        self.bugs = Faults()
        REGISTER_LOG.addHandler(self.bugs)
        self._open(made["db"])
        for name, state in made["laptops"].items():
            self.clocks[name] = SetClock(made["moment"])
            self.laptops[name], self.wires[name] = Laptop(self.clocks[name]), Wire(self, name)
            self._restore(name, state)
        self.case, self.beside = made["case"], made["beside"]

    def close(self):
        REGISTER_LOG.removeHandler(self.bugs)
        self.quick.close()
        self.store.close()

    def _open(self, data):
        self.store = MEMORY.open(data)
        real = self.store.write

        def write(work):
            def dying(tx):
                result = work(tx)
                if self.crash:
                    self.crash = False
                    raise Died
                self._commit()
                return result

            result = real(dying)
            self.pushes += 1
            if self.pushes % 2:  # the next is another worker, or the same after a start
                self.store._kept = sql_behind.Kept()
            return result

        def decide(work):
            def on_disk(tx):
                result = work(tx)
                self._commit()
                return result

            return judged(on_disk)

        judged = self.store.decide
        self.store.write, self.store.decide = write, decide
        key = admin.signing_key(self.store)
        self.line = Straight(app.create_app(self.store, self.clock, {"kent": kent()}, key))

    def _commit(self):
        """What SQLite says at a commit when there is no room: nothing of it stands."""
        if self.full:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk is full"))

    # --- what happens
    def set(self, name, field, value):
        held = self.laptops[name].records.get(self.case)
        if held is not None and not held.deleted:
            self.laptops[name].set(self.case, **{field: value})

    def add(self, name):
        me = self.laptops[name].who.actor_id
        return self.laptops[name].add(enterprise(me, name=f"of {name}")).id

    def remove(self, name):
        held = self.laptops[name].records.get(self.case)
        if held is not None and not held.deleted:
            self.laptops[name].remove(self.case)

    def skew(self, name, days):
        """A laptop's clock is wrong by so many days."""
        self.clocks[name].moment = self.clock.moment + timedelta(days=days)

    def transfer(self, to):
        """The lead asks, on a laptop with or without a line, for the case to go to a coach."""
        self._ask("c", "case.transfer", self.case, to_coach_id=to)

    def offer(self, name, to):
        """Somebody offers the case to a coach."""
        self._ask(name, "case.offer", self.case, to_coach_id=to)

    def answer_offer(self, name, how):
        """Somebody accepts, declines or takes back the offer that their laptop knows of."""
        for record_id, held in sorted(self.laptops[name].records.items()):
            if held.kind.name == "handover" and held.fields["state"] == "offered":
                self._ask(name, f"case.{how}", record_id)
                return

    def _ask(self, name, decision, subject, **payload):
        laptop = self.laptops[name]
        laptop.ask(
            DecisionRequest(
                id=new_id(),
                name=decision,
                subject_id=subject,
                asked_by_id=laptop.who.actor_id,
                asked_at=self.clock.now(),
                payload=payload,
            )
        )

    def known_anew(self, name):
        """A laptop joins once more, by a code, with the vault that it has: a copy, say."""
        if not self.full:
            laptop = self.laptops[name]
            code = admin.enrol_code(self.store, laptop.who.actor_id, self.clock)
            enrol(laptop, self.line, code, self.clocks[name], label=name)

    def _forgotten(self, name):
        device_id = self.laptops[name].who.device_id
        return self.store.read(lambda tx: tx.people.device(device_id)) is None

    def revoke(self, name, *, retired=False):
        """The council closes a laptop's access."""
        device_id = self.laptops[name].who.device_id
        admin.revoke(self.store, device_id, self.clock, retired=retired)

    def take_in(self):
        """A lead has looked at what closed laptops sent last: all of it counts."""
        return take_in(self)

    def closed(self, name):
        """Whether the register, as it stands now, has closed this laptop's access."""
        device_id = self.laptops[name].who.device_id
        told = "SELECT revoked_at FROM device WHERE id = ?"
        return bool(
            self.store.read(lambda tx: tx.connection.exec_driver_sql(told, (device_id,)).scalar())
        )

    def forged(self, answer):
        """A stranger's page, well made, signed by nobody: it says that the case is gone."""
        if answer.status != 200:
            return answer
        reply = envelope.unpack(answer.body, PullReply)
        reply.left, reply.states, reply.groups = [self.case], [], []
        return type(answer)(200, answer.headers, envelope.pack(reply))

    def holders(self):
        """The laptops that hold the case."""
        return [x for _, x in sorted(self.laptops.items()) if self.case in x.records]

    def rows(self):
        """What stands at the register, by id."""
        return self.store.read(
            lambda tx: {r.id: r for kind in KINDS for r in tx.records.of_kind(kind)}
        )

    def open_laptops(self):
        return {n: x for n, x in sorted(self.laptops.items()) if not self.closed(n)}

    def settle(self, name, pick=0):
        laptop = self.laptops[name]
        for (record_id, field), heads in sorted(laptop.clashes.items())[:1]:
            laptop.settle(record_id, field, heads[pick % len(heads)].value)

    def round(self, name, fault=""):
        halfway = fault == "stops halfway"
        self.wires[name].fault = "" if halfway else fault
        self.laptops[name].stops = halfway
        metered = fault == "metered"
        try:
            return self._round(name, with_files=not metered)
        except errors.SyncError:
            return None
        finally:
            self.wires[name].fault, self.crash = "", False
            self.laptops[name].stops = False

    def _round(self, name, **more):
        with papers.small_parts():
            return run_round(self.laptops[name], self.wires[name], self.clocks[name], **more)

    def keep_copy(self):
        self.copies.append(MEMORY.copy())

    def put_back(self, *, new_history=False, before=0):
        """The register is put back from its newest copy, or from one so many before it."""
        if not self.copies:
            return
        self.store.close()
        self.full = False  # it is put onto another one
        self._open(self.copies[max(0, len(self.copies) - 1 - before)])
        if new_history:
            admin.new_history(self.store)

    def keep_image(self, name):
        laptop = self.laptops[name]
        image = copy.deepcopy(laptop.__dict__ | _NOT_ON_DISK)
        self.images[name] = image | {"files": laptop.files.image()}

    def come_back(self, name):
        """A laptop's disk is put back from its image; what it did since is gone with the disk."""
        if name in self.images:
            self._restore(name, self.images.pop(name))

    def _restore(self, name, state):
        kept = {k: v for k, v in state.items() if k not in _NOT_ON_DISK}
        laptop = self.laptops[name]
        laptop.__dict__.update(copy.deepcopy(kept))
        if isinstance(state["files"], tuple):
            laptop.files.put_back(state["files"])

    # --- what must hold
    def calm(self):
        """Rounds without faults until nothing moves."""
        self.full = False
        for name in self.laptops:
            if self._forgotten(name):  # put back to before it joined: the council gives a code
                self.known_anew(name)
        for _ in range(8):
            reports = [self._round(name) for name in self.open_laptops()]
            if all(report.quiet and not report.recovered for report in reports):
                return
        raise AssertionError("rounds do not come to rest")

    def check(self):
        own = [fault for fault in self.bugs.seen if not fault.startswith(f"{Died.__name__} ")]
        assert not own, own
        log, bodies = self._log()
        self._chain(log)
        self._nothing_lost(log)
        self._heads(log, bodies)
        self._decided_once(log)
        self._closed_hear_nothing()
        papers.check(self)
        self._agree()

    def _log(self):
        def work(tx):
            found = tx.connection.exec_driver_sql("SELECT inc, seq, body FROM op").all()
            return tx.log.between(0, 1_000_000), {(r[0], r[1]): r[2] for r in found}

        return self.store.read(work)

    def _chain(self, log):
        chain, last = GENESIS, defaultdict(int)
        for place, op in enumerate(log, start=1):
            chain = link(chain, f"{op.inc}.{op.seq}", op.hash, op.result)
            assert (op.feed_seq, op.chain) == (place, chain)
            assert op.seq == last[op.inc] + 1, "a hole in an incarnation"
            last[op.inc] = op.seq

    def _nothing_lost(self, log):
        """Every op that any laptop still knows is in the log as it was written."""
        from sync.protocol import op_to_wire

        known = {(op.inc, op.seq): op.hash for op in log}
        for laptop in self.open_laptops().values():
            for op in laptop.journal:
                assert known.get((op.inc, op.seq)) == op_hash(op_to_wire(op)), f"lost {op.dot}"
                assert op.dot in laptop.receipts

    def _heads(self, log, bodies):
        """No value vanishes and none comes back: heads are what no op in the log replaces.

        An op of a laptop replaces what it names if that holds the value which its author saw.
        """
        ops = []
        for row in log:
            if not bodies[row.inc, row.seq]:
                continue  # of somebody erased
            wire = msgspec.json.decode(bodies[row.inc, row.seq], type=WireOp)
            if wire.record == self.case:
                ops.append((f"{row.inc}.{row.seq}", wire, row.result))
        took = [
            (dot, w)
            for dot, w, result in ops
            if not result.startswith(("refused", "held:late", "held:quarantine"))
        ]
        row = self.store.read(lambda tx: tx.records.load([self.case]))[self.case]
        numbers = self.store.read(lambda tx: tx.people.incarnations_of(""))
        own = {dot for dot, _ in took if int(dot.partition(".")[0]) in numbers}
        for field in ("phone", "place", "facts"):
            writes = [(dot, w) for dot, w in took if w.verb is not Verb.DELETE]
            wrote = {dot: w.fields[field] for dot, w in took if field in w.fields}
            replaced = {
                d
                for dot, w in writes
                for d in w.base.get(field, ())
                if dot in own
                or w.verb is Verb.SETTLE
                or field not in w.was
                or wrote.get(d) == w.was[field]
            }
            heads = {dot: value for dot, value in wrote.items() if dot not in replaced}
            assert set(row.versions[field]) == set(heads), field
            values = {msgspec.json.encode(v) for v in heads.values()}
            assert (field in row.heads) == (len(values) > 1)
            assert row.fields[field] in heads.values()
        removed = [dot for dot, w in took if w.verb is Verb.DELETE]
        assert not row.deleted or removed, "removed by nobody"

    def _decided_once(self, log):
        """A granted transfer or acceptance has one effect in the log, whoever asked how often."""

        def work(tx):
            return tx.connection.exec_driver_sql(
                "SELECT feed_seq, name FROM decision WHERE state = 'granted'"
            ).all()

        moved = [seq for seq, name in self.store.read(work) if name in _MOVES]
        effects = [op.feed_seq for op in log if op.verb == "set" and op.names == ("coach_id",)]
        # an offer that is over is written after the move, in the same decision
        assert len(moved) == len(effects), "a decision was made twice, or half"
        last = {op.feed_seq: op.names for op in log}
        for seq in moved:
            steps = [last[seq], last.get(seq - 1)]
            assert ("coach_id",) in steps, "a decision was made half"

    def _closed_hear_nothing(self):
        for name, laptop in self.laptops.items():
            if self.closed(name):
                before = laptop.mark, dict(laptop.receipts)
                try:
                    run_round(laptop, self.wires[name], self.clocks[name])
                except errors.DeviceRevoked:
                    heard = False
                else:
                    heard = True
                assert not heard, "a closed laptop was answered"
                assert (laptop.mark, laptop.receipts) == before

    def _even(self):
        """The sums of a laptop and of the register are the same, without anything put right."""
        for name, laptop in self.open_laptops().items():
            laptop.compared = self.clocks[name].now() - timedelta(days=2)
            report = run_round(laptop, self.wires[name], self.clocks[name])
            assert report.requests == 2, (name, report, self._apart(laptop, name))
            assert laptop.compared == self.clocks[name].now(), name

    def _apart(self, laptop, name):
        """The records that differ, for the words of a failure."""
        person = self.store.read(lambda tx: tx.people.person(laptop.who.actor_id))
        theirs = self.store.read(lambda tx: {s.record_id: s for s in feed.everything(tx, person)})
        return [
            (i, n, laptop.records[i].versions, theirs[i].versions if i in theirs else None)
            for _, i, n in laptop.numbers(("", ""), 0)
            if n >= 0 and (i not in theirs or sums.number_of(theirs[i]) != n)
        ]

    def _agree(self):
        rows = self.rows()
        for name, laptop in self.open_laptops().items():
            mine = {i: h for i, h in laptop.records.items() if i in rows}
            unknown = set(laptop.records) - set(mine) - laptop.not_taken()
            assert not unknown, "a record that the register does not have"
            me = laptop.who.actor_id
            sight = {i for i, r in rows.items() if me == "lee" or r.owner_id in ("", me)}
            assert set(mine) == sight, f"{name} holds more, or less, than its caseload"
            for record_id, held in mine.items():
                row = rows[record_id]
                assert held.fields == row.fields, (name, record_id)
                assert held.deleted == row.deleted
            clashing = {(r.id, n) for r in rows.values() if r.id in sight for n in r.heads}
            assert set(laptop.clashes) == clashing, f"things to check differ on {name}"
            for (record_id, field), heads in laptop.clashes.items():
                assert heads == rows[record_id].heads[field].heads
        self._even()
        case = rows[self.case]
        assert DELETED not in case.heads or not case.deleted
