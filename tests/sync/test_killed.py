"""The register's process ends in the middle of a batch: it starts clean, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from sync import errors
from sync.client.transport import HttpTransport
from sync.register import admin, sql_behind
from sync.register.verify import verify
from tests.sync.dying_register import MOMENTS, NEVER
from tests.sync.world import enterprise

OFTEN = ("log written", "after the commit")  # of the ordinary run: before and after it counts


@contextmanager
def register(world, moment):
    """A line to a register of its own process over the world's database, and the process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sync.dying_register", world.url, moment],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    line = HttpTransport(f"http://127.0.0.1:{process.stdout.readline().strip()}")
    try:
        yield line, process
    finally:
        line.close()
        process.kill()
        process.wait(30)
        process.stdout.close()


def killed_in_a_push(world, moment):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.settle_down()
    ann.set(case.id, phone="2")
    other = ann.add(enterprise(name="Second"))
    with register(world, moment) as (line, process):
        with pytest.raises(errors.Unreachable):
            world.round(ann, line)
        assert process.wait(30) == 9
    here = world.row(other.id) is not None
    assert here == (moment == "after the commit"), "half a batch, or none where one was"
    assert ann.unsent(9), "nobody said that it was sent"
    with register(world, NEVER) as (line, _):
        world.round(ann, line)
        assert world.round(ann, line).quiet
    assert ann.unsent(9) == []
    assert world.row(case.id).fields["phone"] == "2"
    assert world.row(other.id) is not None
    log = [op.seq for op in world.log() if op.inc == ann.who.incarnation]
    assert log == list(range(1, len(ann.journal) + 1)), "lost or doubled"
    key = admin.register_key(world.store)
    assert world.store.read(lambda tx: verify(tx, key)).faults == []


@pytest.mark.parametrize("moment", OFTEN)
def test_a_register_that_dies_in_a_batch_starts_clean(quick, moment):
    killed_in_a_push(quick, moment)


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_register_that_dies_at_any_moment_starts_clean(world, moment):
    killed_in_a_push(world, moment)


def test_without_one_transaction_it_would_be_noticed(quick, monkeypatch):
    """The proof that the test above can fail: what is written goes in bit by bit."""
    monkeypatch.setenv("HEDGEROW_TEST_COMMITS", "each")
    with pytest.raises(AssertionError, match="half a batch"):
        killed_in_a_push(quick, "log written")


def test_a_register_that_dies_before_its_records_follow_has_them_from_the_log(quick):
    ann = quick.laptop("ann")
    cases = [ann.add(enterprise()) for _ in range(sql_behind.FEWEST)]
    quick.settle_down()
    for case in cases:
        ann.set(case.id, phone="2")
    with register(quick, "after the commit") as (line, process):
        with pytest.raises(errors.Unreachable):
            quick.round(ann, line)
        assert process.wait(30) == 9
    left = quick.store.read(lambda tx: sql_behind.count(tx._connection), of_records=False)
    assert left == len(cases), "nobody has written them"
    with register(quick, NEVER) as (line, _):
        quick.round(quick.laptop("lee"), line)
    known = quick.laptop("lee").records
    assert {known[case.id].fields["phone"] for case in cases} == {"2"}
