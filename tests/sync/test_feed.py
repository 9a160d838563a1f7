"""What comes down: everything a person may see, nothing else, and no hole. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Event

import pytest

from forms.change import Bookmark
from forms.facts.casework import ChecklistItem, CoachingSession
from forms.facts.kinds import KINDS
from forms.facts.people import Enquiry, Enterprise, Tally
from forms.values import Role, derived_id, new_id
from sync.client.transport import in_process
from sync.client.wire import Line, Told
from sync.protocol import PullAsk, PullReply
from sync.register import sql_postgres, sql_steps
from sync.register.people import sees_fields
from sync.register.sql_said import listed
from tests.sync.world import PEOPLE, START, World, claim, enterprise, leader, line_of


def ask(world, laptop, line=None, **asked):
    wire = Line(line or world.line, laptop.identity(), world.clock)
    return wire.ask("/v1/pull", PullAsk(inc=laptop.identity().incarnation, **asked), PullReply)


def everything(world, laptop, line=None, limit=1000):
    """Every page from the start: what a new laptop would be given."""
    seen, mark = {}, {"seq": 0, "chain": "", "epoch": ""}
    while True:
        reply = ask(world, laptop, line, limit=limit, **mark)
        for state in reply.states:
            seen.setdefault(state.record, {}).update(state.fields)
        for gone in reply.left:
            seen.pop(gone, None)
        mark = {"seq": reply.seq, "chain": reply.chain, "epoch": reply.epoch}
        if not reply.more:
            return seen


def full_case(world, coach):
    case = coach.add(enterprise(coach.identity().actor_id))
    made = {
        "enterprise": case,
        "leader": coach.add(leader(case, private_note="Worries")),
        "session": coach.add(
            CoachingSession(
                id=new_id(), enterprise_id=case.id, on=START.date(), private_note="Only mine"
            )
        ),
        "seed_claim": coach.add(claim(case, coach.identity().actor_id)),
        "enquiry": coach.add(
            Enquiry(
                id=new_id(), created_on=START.date(), coach_id=coach.identity().actor_id, name="M"
            )
        ),
        "tally": coach.add(Tally(id=new_id(), on=START.date())),
    }
    made["claim_line"] = coach.add(line_of(made["seed_claim"]))
    world.round(coach)
    return made


PROGRAMME = {"enterprise", "leader", "session", "seed_claim", "claim_line", "enquiry", "tally"}
SEES = {
    # person: kinds of another coach's case before and after its claim was submitted
    "ben": ({"tally"}, {"tally"}),
    "lee": (PROGRAMME, PROGRAMME),
    "abe": (PROGRAMME, PROGRAMME),
    "quin": ({"tally"}, {"enterprise", "leader", "seed_claim", "claim_line", "tally"}),
    "fay": ({"tally"}, {"enterprise", "seed_claim", "claim_line", "tally"}),
}  # fmt: skip


@pytest.mark.parametrize("who", ["ben", "lee", "abe", "quin", "fay"])
def test_who_sees_what(world, who):
    made = full_case(world, world.laptop("ann"))
    reader = world.laptop(who)
    before, after = SEES[who]
    seen = everything(world, reader)
    assert {kind for kind, record in made.items() if record.id in seen} == before
    world.system("seed_claim", made["seed_claim"].id, {"state": "SUBMITTED"})
    seen = everything(world, reader)
    assert {kind for kind, record in made.items() if record.id in seen} == after
    world.settle_down()
    assert {kind for kind, record in made.items() if record.id in reader.records} == after
    text = str(list(seen.values()))
    assert "Worries" not in text
    assert "Only mine" not in text


def test_finance_sees_no_phone_number_and_no_story(world):
    made = full_case(world, world.laptop("ann"))
    world.system("seed_claim", made["seed_claim"].id, {"state": "SUBMITTED"})
    fields = everything(world, world.laptop("fay"))[made["enterprise"].id]
    assert set(fields) == {
        "name", "coach_id", "district", "entity_form", "established_on", "suspended_on"
    }  # fmt: skip


def test_every_kind_has_its_row_for_every_role():
    """A new kind is seen by lead, auditor and coach; QA and finance only when a table says so."""
    for role in Role:
        for kind, known in KINDS.items():
            fields = sees_fields(role, kind)
            names = {spec.name for spec in known.specs}
            assert fields in (frozenset(), frozenset({"*"})) or fields <= names
    assert not sees_fields(Role.FINANCE, "session")
    assert not sees_fields(Role.QA, "enquiry")
    assert {role.value for _, role in PEOPLE.values()} == {role.value for role in Role}


def test_pages_small_or_large_hold_the_same(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    for _ in range(4):
        full_case(world, ann)
    whole = everything(world, lee)
    assert everything(world, lee, limit=3) == whole
    assert everything(world, lee, limit=1) == whole
    assert len(whole) > 28


def test_a_bookmark_of_another_history_is_refused(world):
    ann = world.laptop("ann")
    world.round(ann)
    mark = ann.bookmark()
    for asked in (
        {"seq": mark.seq, "chain": "0" * 32, "epoch": mark.epoch},
        {"seq": mark.seq + 9, "chain": mark.chain, "epoch": mark.epoch},
        {"seq": mark.seq, "chain": mark.chain, "epoch": mark.epoch, "acked": 99},
    ):
        with pytest.raises(Told) as told:
            ask(world, ann, **asked)
        assert told.value.trouble.trouble == "forked"
    with pytest.raises(Told) as told:
        ask(world, ann, seq=mark.seq, chain=mark.chain, epoch="another")
    assert told.value.trouble.trouble == "epoch"


def test_no_row_is_missed_while_many_push_at_once(world):
    """Four laptops push small batches while a lead pulls all the time by bookmark."""
    laptops = [world.laptop("ann", f"ann-{i}") for i in range(4)]
    lee = world.laptop("lee")
    lines = [in_process(world.app) for _ in range(5)]
    done = Event()
    made = []

    def write(place):
        laptop = laptops[place]
        for _ in range(6):
            for _ in range(3):
                made.append(laptop.add(enterprise()).id)
            world.round(laptop, lines[place])

    def read():
        rounds = 0
        while not done.is_set() or not rounds:
            world.round(lee, lines[4])
            rounds += 1
        world.round(lee, lines[4])
        return rounds

    try:
        with ThreadPoolExecutor(5) as pool:
            reading = pool.submit(read)
            for writing in [pool.submit(write, place) for place in range(4)]:
                writing.result()
            done.set()
            assert reading.result() >= 1
    finally:
        done.set()
        for line in lines:
            line.close()
    assert len(made) == 72
    assert {i for i in made if i in lee.records} == set(made)
    assert [op.feed_seq for op in world.log()] == list(range(1, len(world.log()) + 1))


def test_many_make_and_change_the_same_records_at_once(world):
    """Four laptops of one coach make the same items and edit the same case at the same moment."""
    first = world.laptop("ann", "ann-0")
    case = first.add(enterprise(phone="0"))
    world.settle_down()
    laptops = [world.laptop("ann", f"ann-{i}") for i in range(4)]
    lines = [in_process(world.app) for _ in laptops]
    world.settle_down()

    def work(place):
        laptop = laptops[place]
        codes = [f"C{n:02}" for n in range(10)]
        for code in codes if place % 2 else reversed(codes):
            laptop.add(
                ChecklistItem(
                    id=derived_id(case.id, code), enterprise_id=case.id, code=code, state="doing"
                )
            )
        laptop.set(case.id, phone=str(place + 1))
        return world.round(laptop, lines[place])

    try:
        with ThreadPoolExecutor(4) as pool:
            reports = list(pool.map(work, range(4)))
    finally:
        for line in lines:
            line.close()
    assert [report.pushed for report in reports] == [11] * 4
    world.settle_down()
    row = world.row(case.id)
    assert {head.value for head in row.heads["phone"].heads} == {"1", "2", "3", "4"}
    for laptop in laptops:
        assert len(laptop.all(ChecklistItem)) == 10
        assert set(laptop.clashes) == {(case.id, "phone")}


def test_a_reset_bookmark_takes_one_whole_page_and_drops_what_is_not_there(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.settle_down()
    ann.records["ghost"] = ann.records[case.id]
    ann.reset_bookmark()
    world.round(ann)
    assert "ghost" not in ann.records
    assert ann.get(Enterprise, case.id) is not None
    assert ann.bookmark() != Bookmark()


def way_of(world, owners, met):
    """How SQLite goes through the log for a pull of these owners' records."""
    asked = []

    def work(tx):
        line = tx.connection.connection.driver_connection
        line.set_trace_callback(asked.append)
        sql_steps.steps(tx.connection, 0, 1, owners, 10, met)
        line.set_trace_callback(None)
        found = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}")
        return [row[3] for row in found]

    return world.store.read(work)


def test_a_pull_goes_through_the_log_from_its_bookmark_and_sorts_nothing(quick):
    for owners, met in product((None, ["", "ann"]), (None, {})):
        way = way_of(quick, owners, met)
        assert "SEARCH op" in way[0]
        assert "feed_seq>?" in way[0]
        assert not any("TEMP B-TREE" in step for step in way)


@pytest.mark.postgres
def test_nor_does_postgresql_go_through_a_caseload(postgres_url):
    """Whatever it believes of its tables: it asks for the owner of each op of the log."""

    def way(tx):
        asked = sql_steps._STEPS_OF
        asked.make_ready(tx.connection)
        text, order, _ = asked._texts["postgresql"]
        at = {"after": 0, "upto": 20_000, "most": 101, "some": listed(tx.connection, ["", "ann"])}
        told = sql_postgres.say(tx.connection, f"EXPLAIN {text}", *[at[name] for name in order])
        return [row[0] for row in told.fetchall()]

    with World(postgres_url) as world:
        told = "\n".join(world.store.read(way))
        jit = world.store.read(lambda tx: tx.connection.exec_driver_sql("SHOW jit").scalar())
    assert jit == "off"
    assert "Join" not in told
    assert "Index Cond: (id = op.record_id)" in told


@pytest.mark.parametrize("window", [1, 2, 7])
def test_windows_leave_out_nothing_and_end_where_they_should(world, monkeypatch, window):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    for number in range(6):
        ann.add(enterprise(name=f"of ann {number}"))
        world.round(ann)
        ben.add(enterprise("ben", name=f"of ben {number}"))
        world.round(ben)

    def steps(after, limit, owners):
        def work(tx):
            met, top = {}, tx.log.top()[0]
            found = sql_steps.steps(tx.connection, after, top, owners, limit, met)
            assert tx.log.steps(after, top, owners, limit) == found
            assert sorted(met.values()) == tx.records.kept(met)
            if tx.connection.dialect.name == "sqlite":
                assert met.keys() == {step.record_id for step in found}
            return found

        return world.store.read(work)

    places = [(after, limit, owners) for after in (0, 3, 99) for limit in (1, 4, 99)
              for owners in (None, ["", "ann"])]  # fmt: skip
    whole = [steps(*place) for place in places]
    assert any(len(found) > 4 for found in whole)
    monkeypatch.setattr(sql_steps, "WINDOW", window)
    assert [steps(*place) for place in places] == whole
