"""Whom the register has erased, in a file outside its database: no copy brings them back.

A copy from before an erasure holds the person again, and nothing in it says so. One line for each:
ids, the moment, who agreed; never a name. Closed laptops and people who have left have theirs too
(`closings`). Lines are chained and signed with the register's key, and
what they say is done again on a copy that was put back. Refuses a list that was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from forms.rules.decision import Granted
from forms.rules.programme_decisions import erased_again
from forms.values import Role, london_day
from sync import keys as chain
from sync import signing
from sync.envelope import canonical
from sync.register import audit, keys
from sync.register.batch import Batch
from sync.register.decide import RegisterFacts, write_effects
from sync.register.errors import JournalFault
from sync.register.log import database_fault, log
from sync.register.rows import Person
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore
from sync.whole_file import written_whole

ERASES = frozenset({"person.erase", "claim.forget"})  # decisions that may
_PEOPLE = frozenset({"enquiry", "enterprise"})  # kinds of record
NAME = "erased.hedgerow-journal"  # beside copies


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """One erasure that was decided, or one closing: ids alone."""

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


def read(path: Path, *public: bytes) -> list[Erasure]:
    """What a file says; nothing when there is none. Raises JournalFault, OSError.

    `public`: the register's keys, old and new; each line is signed by one of them.
    """
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
        said = _said(line)
        if line.prev != prev or not any(signing.signed(k, line.signature, said) for k in public):
            raise JournalFault
        prev = _hash(line)
        out.append(line.erasure)
    return out


def keep(store: RegisterStore, path: Path) -> int:
    """Bring a file up to what the audit log says. How many it holds. Raises JournalFault, OSError.

    What it holds already stays: the log may be that of a copy, and know less. What another worker
    has just written may be lost to what is written here, so it is looked at until nothing misses.
    """

    def look(tx: Tx) -> tuple[bytes, tuple[bytes, ...], list[Erasure]]:
        tx.take_time()
        from sync.register import closings

        told = [*told_of(tx), *closings.told_of(tx)]
        return keys.ring(tx).private, chain.every(keys.told(tx)), told

    while True:
        key, public, told = store.read(look, of_records=False)
        known = read(path, *public)
        here = {one.decision for one in known}
        fresh = [one for one in told if one.decision not in here]
        if not fresh:
            return len(known)
        _write(path, [*known, *fresh], key)


def keep_or_log(store: RegisterStore, path: Path) -> None:
    """The same where something else is under way that may not fail by it: the log says so.

    What is missing comes with the next erasure, the next daily copy or the next start.
    """
    try:
        keep(store, path)
    except (OSError, JournalFault) as error:
        log.error("erasure not listed", extra={"fault": type(error).__name__})
    except OperationalError as error:
        database_fault(error)
        log.error("erasure not listed", extra={"fault": type(error).__name__})


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


def again(tx: Tx, erasures: Iterable[Erasure], now: datetime) -> list[str]:
    """Erase once more whom a copy has brought back. Their ids. Safe to call again."""
    found = {one.decision: one for one in erasures}
    done = {one.decision for one in told_of(tx)}  # a copy whose log has it is from after it
    gone = [
        one.subject
        for one in found.values()
        if one.decision not in done and _once_more(tx, one, now)
    ]
    return list(dict.fromkeys(gone))


def _once_more(tx: Tx, one: Erasure, now: datetime) -> bool:
    """One erasure that the copy does not know of; False where nothing of it stands."""
    outcome = _of_what_stands(tx, one)
    if outcome is None and not tx.log.with_bodies(one.records):
        return False
    who = tx.people.person(one.by) or Person(id=one.by, name="", role=Role.LEAD, active=False)
    batch = Batch(tx=tx, person=who, now=now, act="erase again", by=audit.SYSTEM_ACTOR)
    batch.about = {"again": one.decision, "name": one.name, "subject": one.subject}
    only_said = Granted(words="", erases=True)  # of records that were sent and never made
    place, _ = write_effects(tx, batch, outcome or only_said, also=one.records)
    if not place:  # no op says so, but whoever verifies the log has to know why words are gone
        audit.note(tx, audit.Act(act=batch.act, by=batch.by, about=batch.about), now)
    return True


def _of_what_stands(tx: Tx, one: Erasure) -> Granted | None:
    """What the erasure takes of this copy's records, by its subject or what was the same person's.

    A copy may be from before an enquiry became the enterprise that was erased.
    """
    on = london_day(datetime.fromisoformat(one.at))
    rows = tx.records.load((one.subject, *one.records), lock=True)
    people = [each for each in one.records if each in rows and rows[each].kind in _PEOPLE]
    for each in dict.fromkeys([one.subject] * (one.subject in rows) + people):
        tx.records.tree(each, lock=True)
        outcome = erased_again(RegisterFacts(tx), each, on)
        if outcome is not None:
            return outcome
    return None


def _write(path: Path, erasures: Sequence[Erasure], key: bytes) -> None:
    """The whole file, or the one before it."""
    prev, out = "", []
    for one in erasures:
        line = Line(erasure=one, prev=prev, signature=b"")
        line = Line(erasure=one, prev=prev, signature=signing.sign(key, _said(line)))
        prev = _hash(line)
        out.append(canonical(line) + b"\n")
    with written_whole(path, 0o600, apart=True) as raw:
        raw.writelines(out)


def _said(line: Line) -> bytes:
    return signing.erasure_bytes(line.prev, canonical(line.erasure))


def _hash(line: Line) -> str:
    return hashlib.sha256(_said(line)).hexdigest()
