"""A writer that is killed: forks a child that edits a vault, kills it -9, looks at what is left.

Run as `python -m tests.faults.writer FOLDER KILLS SEED [mutant]`; prints one JSON object. One
process imports, every child is a fork of it, so a thousand kills take seconds.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import rebuild
from storage.check import problems
from storage.database import Database
from storage.vault import Vault, warm
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, reopen

KILLS_A_VAULT = 25


def write_until_killed(folder: Path, report: int) -> None:
    """Edit after edit; each is reported only after its commit."""
    vault = reopen(folder)
    ids = [record.id for record in vault.reader.all(Enterprise)]
    number = vault.exchange.last_seq()
    while True:
        number += 1
        if number % 3 == 0 or not ids:
            record = Enterprise(id=new_id(), name=f"E{number}", phone=str(number))
            with vault.change(by=COACH, at=NOON) as unit:
                unit.add(record)
                unit.add(CoachingSession(id=new_id(), enterprise_id=record.id, on=NOON.date()))
            ids.append(record.id)
            number += 1
            said = (record.id, str(number - 1))
        else:
            said = (ids[number % len(ids)], str(number))
            with vault.change(by=COACH, at=NOON) as unit:
                unit.set(Enterprise, said[0], phone=said[1])
        os.write(report, f"{said[0]} {said[1]}\n".encode())


def kill_once(folder: Path, pause: float) -> list[tuple[str, str]]:
    """Fork a writer, kill it after a pause; the edits it was told are saved."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        write_until_killed(folder, into)
        os._exit(1)
    os.close(into)
    told = bytearray()
    deadline = None
    while deadline is None or time.monotonic() < deadline:
        wait = 5.0 if deadline is None else max(0.0, deadline - time.monotonic())
        if select.select([out], [], [], wait)[0]:
            told += os.read(out, 65536)
            deadline = deadline or time.monotonic() + pause
        elif deadline is None:
            break
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while chunk := os.read(out, 65536):
        told += chunk
    os.close(out)
    lines = bytes(told).decode().split("\n")[:-1]
    return [(line.split()[0], line.split()[1]) for line in lines]


def look(folder: Path, told: dict[str, str], *, story: bool) -> dict[str, int]:
    """What is lost, what is half there, what is damaged; the story too, every few kills."""
    with reopen(folder) as vault:
        now = {record.id: record.phone for record in vault.reader.all(Enterprise)}
        lost = sum(int(now.get(one, "0")) < int(value) for one, value in told.items())
        from_ops: dict[str, str] = {}
        for op in vault.exchange.unsent(10**9):
            from_ops[op.record_id] = op.fields.get("phone", from_ops.get(op.record_id, ""))
        half = sum(from_ops.get(one) != value for one, value in now.items())
        if story:
            half += len(rebuild.differences(vault._db))
        sessions = {s.enterprise_id for s in vault.reader.all(CoachingSession)}
        half += len(sessions ^ set(now))
        half += vault.reader.caseload(limit=10**6).count != len(now)
        bad = bool(problems(vault._db))
    return {"lost": lost, "half": half, "damaged": int(bad)}


@contextmanager
def _no_transaction(db: Database, **_: bool) -> Iterator[None]:
    """The mutant: every statement is its own commit."""
    db._depth = 1
    try:
        yield
    finally:
        db._depth = 0


def run(folder: Path, kills: int, seed: int, *, mutant: bool) -> dict[str, int]:
    """Kill, look, again."""
    chance = random.Random(seed)  # noqa: S311 - a seed, not a secret
    warm()
    if mutant:
        Database.transaction = _no_transaction  # type: ignore[method-assign, assignment]
    total = {"kills": 0, "edits": 0, "lost": 0, "half": 0, "damaged": 0}
    told: dict[str, str] = {}
    here = folder
    for number in range(kills):
        if number % KILLS_A_VAULT == 0:  # what is looked at after each kill stays small
            here, told = folder / str(number), {}
            Vault.create(here, passphrase=PASSPHRASE, cost=TINY)[0].close()
        edits = kill_once(here, chance.random() * 0.03)
        told |= dict(edits)
        total["kills"] += 1
        total["edits"] += len(edits)
        for name, found in look(here, told, story=number % 5 == 4).items():
            total[name] += found
        if mutant and total["half"]:
            break
    return total


if __name__ == "__main__":
    print(
        json.dumps(
            run(
                Path(sys.argv[1]),
                int(sys.argv[2]),
                int(sys.argv[3]),
                mutant="mutant" in sys.argv[4:],
            )
        )
    )
