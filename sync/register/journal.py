"""Whom the register has erased, in a file outside its database: no copy brings them back.

A copy from before an erasure holds the person again, and nothing in it says so. One line for each:
ids, the moment, who agreed; never a name. Lines are chained and signed with the register's key, and
what they say is done again on a copy that was put back. Refuses a list that was changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import make_url

from forms.rules.programme_decisions import erased_again
from forms.values import Clock, Role, london_day
from sync import signing
from sync.envelope import canonical
from sync.register import audit
from sync.register.batch import Batch
from sync.register.decide import RegisterFacts, write_effects
from sync.register.errors import JournalFault
from sync.register.rows import Person
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

ERASES = frozenset({"person.erase", "claim.forget"})  # decisions that may
NAME = "erased.hedgerow-journal"  # beside copies


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """One erasure that was decided: ids alone."""

    decision: str
    name: str  # of the decision
    subject: str
    by: str
    at: str
    records: tuple[str, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure, what stood before it in the file, and the register's signature over both."""

    erasure: Erasure
    prev: str
    signature: bytes


def beside_database(url: str) -> Path | None:
    """Where a register on SQLite keeps its list; None where the database is no file here."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database or parts.database == ":memory:":
        return None
    return Path(f"{parts.database}.{NAME}")


def beside_copy(path: Path) -> Path:
    """The list that belongs to the copies of a folder."""
    return path.with_name(NAME)


def read(path: Path, public: bytes) -> list[Erasure]:
    """What a file says; nothing when there is none. Raises JournalFault, OSError."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    prev, out = "", []
    for one in text.splitlines():
        try:
            line = msgspec.json.decode(one, type=Line)
        except msgspec.DecodeError as error:
            raise JournalFault from error
        if line.prev != prev or not signing.signed(public, line.signature, _said(line)):
            raise JournalFault
        prev = _hash(line)
        out.append(line.erasure)
    return out


def keep(store: RegisterStore, path: Path) -> int:
    """Bring a file up to what the audit log says. How many it holds. Raises JournalFault, OSError.

    What it holds already stays: the log may be that of a copy, and know less.
    """
    key, told = store.read(
        lambda tx: (bytes.fromhex(tx.people.setting("signing_key")), told_of(tx))
    )
    known = read(path, signing.public_of(key))
    here = {one.decision for one in known}
    fresh = [one for one in told if one.decision not in here]
    if fresh:
        _write(path, [*known, *fresh], key)
    return len(known) + len(fresh)


def told_of(tx: Tx) -> list[Erasure]:
    """Every erasure in the audit log, oldest first."""
    return [
        Erasure(
            decision=str(entry.get("again") or entry["decision"]),
            name=str(entry["name"]),
            subject=str(entry["subject"]),
            by=str(entry["by"]),
            at=str(entry["at"]),
            records=tuple(map(str, entry["erased"])),
        )
        for entry in map(msgspec.json.decode, tx.audit.that_say('"erased"'))
        if entry.get("erased") and (entry.get("decision") or entry.get("again"))
    ]


def again(store: RegisterStore, erasures: Iterable[Erasure], clock: Clock) -> list[str]:
    """Erase once more whom a copy has brought back. Their ids. Safe to call again."""
    found = {one.subject: one for one in erasures}
    now = clock.now()
    return [
        subject for subject, one in found.items() if store.decide(partial(_once_more, one, now))
    ]


def _once_more(one: Erasure, now: datetime, tx: Tx) -> bool:
    """One person, in a transaction of its own; False where nothing of them stands."""
    tx.records.tree(one.subject, lock=True)
    on = london_day(datetime.fromisoformat(one.at))
    outcome = erased_again(RegisterFacts(tx), one.subject, on)
    if outcome is None:
        return False
    who = tx.people.person(one.by) or Person(id=one.by, name="", role=Role.LEAD, active=False)
    batch = Batch(tx=tx, person=who, now=now, act="erase again", by=audit.SYSTEM_ACTOR)
    batch.about = {"again": one.decision, "name": one.name, "subject": one.subject}
    write_effects(tx, batch, outcome, also=one.records)
    return True


def _write(path: Path, erasures: Sequence[Erasure], key: bytes) -> None:
    """The whole file, or the one before it."""
    prev, out = "", []
    for one in erasures:
        line = Line(erasure=one, prev=prev, signature=b"")
        line = Line(erasure=one, prev=prev, signature=signing.sign(key, _said(line)))
        prev = _hash(line)
        out.append(canonical(line) + b"\n")
    beside = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            raw.writelines(out)
            raw.flush()
            os.fsync(raw.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _said(line: Line) -> bytes:
    return signing.erasure_bytes(line.prev, canonical(line.erasure))


def _hash(line: Line) -> str:
    return hashlib.sha256(_said(line)).hexdigest()
