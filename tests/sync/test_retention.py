"""Words that the schedule no longer keeps go out of the log too, and it still adds up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forms.facts.listing import QACheck
from forms.facts.money import ClaimLine, SeedClaim
from forms.values import new_id
from sync import errors
from sync.register import admin, retention
from sync.register.verify import verify
from tests.sync.world import claim, enterprise, line_of, take_in

SAID, SEEN = "Enhanced with barred lists", "The paper, at her kitchen table"
ON = date(2022, 3, 1)


def dbs(case, **fields):
    values = {"kind": "dbs", "level": SAID, "seen_how": SEEN, "seen_on": ON, "reference": "001"}
    return QACheck(id=new_id(), enterprise_id=case.id, **(values | fields))


def bodies(world):
    return world.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT body FROM op").scalars().all()
    )


def said_somewhere(world):
    return any(SAID in body or SEEN in body for body in bodies(world))


def assert_it_adds_up(world):
    key = admin.register_key(world.store)
    report = world.store.read(lambda tx: verify(tx, key, [admin.audit_head(world.store)]))
    assert report.ok, report.faults


@pytest.fixture
def check(world):
    """A DBS check on Ann's laptop and at the register."""
    ann = world.laptop("ann")
    one = ann.add(dbs(ann.add(enterprise())))
    world.round(ann)
    return one


def test_what_a_person_took_off_goes_out_of_the_log_when_its_day_has_come(world, check):
    ann = world.laptop("ann")
    world.later(days=30)
    ann.set(check.id, level="", seen_how="")
    world.round(ann)
    assert said_somewhere(world)
    assert retention.run(world.store, world.clock) == 0, "six months are not over"
    world.later(days=160)
    assert retention.run(world.store, world.clock) == 1
    assert not said_somewhere(world)
    assert retention.run(world.store, world.clock) == 0
    assert_it_adds_up(world)
    row = world.row(check.id)
    assert (row.fields["reference"], row.fields["seen_on"]) == ("001", "2022-03-01")
    ann.set(check.id, reference="002")
    world.settle_down(ann, world.laptop("lee"))
    assert world.laptop("lee").get(QACheck, check.id).reference == "002"


def test_what_still_says_something_waits_for_a_person(world, check):
    world.later(days=400)
    assert retention.run(world.store, world.clock) == 0
    world.laptop("ann").set(check.id, level="")
    world.round(world.laptop("ann"))
    assert retention.run(world.store, world.clock) == 0, "how it was seen still stands"
    assert said_somewhere(world)


def test_an_edit_that_nobody_has_looked_at_keeps_its_words(world, check):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    world.settle_down()
    ann.set(check.id, reference="002")
    (device,) = admin.devices(world.store, "ann")
    admin.revoke(world.store, device.id, world.clock, retired=True)
    with pytest.raises(errors.DeviceRevoked):
        world.round(ann)
    lee.set(check.id, level="", seen_how="")
    world.round(lee)
    world.later(days=400)
    assert retention.run(world.store, world.clock) == 0
    assert list(take_in(world).values()) == ["ok"]
    assert world.row(check.id).fields["reference"] == "002"
    assert retention.run(world.store, world.clock) == 1
    assert not said_somewhere(world)


@pytest.mark.parametrize(
    "fields", [{"kind": "insurance"}, {"seen_on": None}, {"level": "", "seen_how": "x"}]
)
def test_other_checks_are_left_alone(world, fields):
    ann = world.laptop("ann")
    one = ann.add(dbs(ann.add(enterprise()), **fields))
    world.round(ann)
    if fields.get("seen_how") != "x":
        ann.set(one.id, level="", seen_how="")
        world.round(ann)
    world.later(days=400)
    before = bodies(world)
    assert retention.run(world.store, world.clock) == 0
    assert bodies(world) == before


def test_bodies_that_go_without_an_entry_would_be_noticed(world, check):
    world.store.write(lambda tx: tx.log.erase_bodies([check.id]))
    key = admin.register_key(world.store)
    assert not world.store.read(lambda tx: verify(tx, key, [])).ok


def test_a_laptop_that_was_away_takes_in_what_is_left(world, check):
    kay = world.laptop("kay")
    ann = world.laptop("ann")
    ann.set(check.id, level="", seen_how="")
    world.round(ann)
    world.later(days=200)
    retention.run(world.store, world.clock)
    world.round(kay)
    assert kay.get(QACheck, check.id).level == ""
    assert kay.get(QACheck, check.id).reference == "001"


def test_words_of_a_cost_that_was_taken_off_go_though_nothing_else_is_left(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    one = ann.add(claim(case))
    ann.set(one.id, applicant="", barrier="")
    cost = ann.add(line_of(one, justification="Because of her knees"))
    ann.remove(cost.id)
    world.settle_down()
    day = world.clock.now().date().isoformat()
    world.system("seed_claim", one.id, {"state": "CLOSED", "submitted_on": day})
    world.clock.moment += timedelta(days=7 * 366)
    assert world.ask(lee, "claim.forget", one.id).state == "granted"
    assert world.row(cost.id).fields["justification"] == ""
    assert not any("knees" in body for body in bodies(world))
    assert world.ask(lee, "claim.forget", one.id).codes == ("GONE",)
    assert lee.get(SeedClaim, one.id) is not None
    assert lee.get(ClaimLine, cost.id) is None
