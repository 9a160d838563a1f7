"""`/ready`: not only that the database answers, but that it can keep what it is sent."""

from __future__ import annotations

import json
import logging
import sqlite3

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from sync import errors
from sync.register import readiness
from sync.register.readiness import FULL, REMEMBERED, SHUT, Readiness
from sync.register.service import Register
from sync.register.sql_limits import LimitTable
from sync.register.tables import rate
from tests.sync.world import enterprise

READ_ONLY = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}
AGAIN = {
    "sqlite": "PRAGMA query_only=OFF",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
}


def said(world):
    answer = world.line.send("GET", "/ready", {}, b"")
    return answer.status, json.loads(answer.body)


def do(world, words):
    world.store.read(lambda tx: tx.connection.exec_driver_sql(words[world.store.dialect]))


def test_a_register_that_can_write_is_ready_and_keeps_nothing_of_the_question(world):
    assert said(world) == (200, {"ready": True})
    assert not world.store.read(lambda tx: tx.connection.execute(select(rate.c.bucket)).all())


def test_a_database_that_cannot_be_written_is_said(world):
    do(world, READ_ONLY)
    assert said(world) == (503, {"ready": False, "why": SHUT})
    do(world, AGAIN)
    world.app = world.new_app()
    assert Readiness(world.store).why_not() == ""


def test_what_is_sent_to_one_that_cannot_be_written_is_no_bug(world, caplog):
    """A standby that nobody named as such: the log says whose fault it is."""
    ann = world.laptop("ann")
    ann.add(enterprise())
    world.store.read(lambda _tx: None)
    do(world, READ_ONLY)
    with caplog.at_level(logging.ERROR, "hedgerow.register"), pytest.raises(errors.RegisterDown):
        world.round(ann)
    assert {record.msg for record in caplog.records} == {"database"}
    do(world, AGAIN)
    assert world.round(ann).pushed == 1


def test_a_file_that_was_damaged_meanwhile_is_no_bug_and_what_is_one_stays_one(quick, monkeypatch):
    ann = quick.laptop("ann")
    ann.add(enterprise())
    damaged = DatabaseError("SELECT secret", {}, sqlite3.DatabaseError("malformed"))
    for fault, seen in ((damaged, []), (IntegrityError("", {}, Exception()), ["bug"])):

        def fails(*_, fault=fault):
            raise fault

        monkeypatch.setattr(Register, "push", fails)
        with pytest.raises(errors.RegisterDown):
            quick.round(ann)
        assert len(quick.faults.seen) == len(seen)
    quick.expected_faults = list(quick.faults.seen)


def test_an_almost_full_disk_is_said_before_it_is_full(world, monkeypatch):
    monkeypatch.setattr(readiness, "FLOOR", 1 << 60)
    ann = world.laptop("ann")
    ann.add(enterprise())
    assert world.round(ann).pushed == 1  # nobody is turned away for it
    seen = said(world)
    assert (seen == (503, {"ready": False, "why": FULL})) == (world.store.dialect == "sqlite")


def test_a_disk_that_turned_a_request_away_is_remembered_for_a_minute(quick, monkeypatch):
    def full(*_):
        raise OperationalError("INSERT secret", {}, psycopg.errors.DiskFull("secret"))

    monkeypatch.setattr(Register, "push", full)
    ann = quick.laptop("ann")
    ann.add(enterprise())
    with pytest.raises(errors.RegisterDown):
        quick.round(ann)
    assert said(quick) == (503, {"ready": False, "why": FULL})


def test_the_minute_ends_and_other_faults_begin_none(quick):
    now = [1_000.0]
    one = Readiness(quick.store, lambda: now[0])
    one.met(OperationalError("", {}, psycopg.errors.AdminShutdown()))
    assert one.why_not() == ""
    one.met(OperationalError("", {}, psycopg.errors.DiskFull()))
    assert one.why_not() == FULL
    now[0] += REMEMBERED
    assert one.why_not() == ""


def test_whoever_asks_a_hundred_times_costs_one_look_and_nobody_waits_for_another(
    quick, monkeypatch
):
    looked, now = [], [50.0]
    monkeypatch.setattr(LimitTable, "try_out", lambda _self: looked.append(1))
    one = Readiness(quick.store, lambda: now[0])
    assert [one.why_not() for _ in range(100)] == [""] * 100
    assert len(looked) == 1
    now[0] += readiness.AGAIN
    with one._one:  # somebody else is looking, and it takes its time
        assert one.why_not() == ""
    assert len(looked) == 1
    one.why_not()
    assert len(looked) == 2


def test_a_database_without_a_register_is_no_ready_one(quick):
    quick.store.write(lambda tx: tx.people.set_setting("epoch", ""))
    assert said(quick) == (503, {"ready": False, "why": readiness.UNMADE})
