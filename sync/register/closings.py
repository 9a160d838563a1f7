"""Laptops that were closed and people who have left: no copy that is put back lets them in again.

A copy from before a closing has that laptop open, and nothing in it says so: whoever found it, or
left with it, would be heard again. So the list beside the database (`journal`) names closings too.
Refuses to open anything: who came back since a copy was made is let in by somebody who says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from sync.register import admin, audit, auth
from sync.register.journal import Erasure
from sync.register.sql_store import Tx

LAPTOP, PERSON = "device.close", "person.leave"
_BACK = "person.back"
_NAMES = frozenset({LAPTOP, PERSON, _BACK})
_RETIRED = "retired"


def told_of(tx: Tx) -> list[Erasure]:
    """Every closing in the audit log, oldest first; and who came back after one."""
    found = [_laptop(one) for one in _entries(tx, '"closed"') if one["act"] == "revoke"]
    left: set[str] = set()
    for entry in _entries(tx, '"active"'):
        if entry["act"] != "person":
            continue
        person, active = str(entry["person"]), bool(entry["active"])
        if not active or person in left:
            found.append(_line(_BACK if active else PERSON, person, entry))
        left = left - {person} if active else left | {person}
    return found


def again(tx: Tx, told: Iterable[Erasure], now: datetime) -> list[str]:
    """Close once more what a copy has open. Laptops' numbers and people's ids. Safe to repeat."""
    done = {one.decision for one in told_of(tx)}  # a copy whose log has it is from after it
    newest: dict[tuple[bool, str], Erasure] = {}
    for one in told:
        if one.name in _NAMES:
            newest[one.name == LAPTOP, one.subject] = one
    fresh = [one for one in newest.values() if one.decision not in done]
    return [one.subject for one in fresh if _close(tx, one, now)]


def _close(tx: Tx, one: Erasure, now: datetime) -> bool:
    """Whether it was open."""
    if one.name == _BACK:
        return False
    if one.name == PERSON:
        return _leaves(tx, one.subject, now)
    retired = _RETIRED in one.records
    known, by = tx.people.device(one.subject), audit.SYSTEM_ACTOR
    return known is not None and auth.close_device(tx, known, now, by=by, retired=retired)


def _leaves(tx: Tx, person_id: str, now: datetime) -> bool:
    known = tx.people.person(person_id)
    if known is None or not known.active:
        return False
    admin.write_person(tx, replace(known, active=False), now)
    return True


def _entries(tx: Tx, words: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(entry) for entry in tx.audit.that_say(words)]


def _laptop(entry: dict[str, Any]) -> Erasure:
    records = (_RETIRED,) if entry.get("retired") else ()
    return _line(LAPTOP, str(entry["closed"]), entry, records)


def _line(name: str, subject: str, entry: dict[str, Any], records: tuple[str, ...] = ()) -> Erasure:
    at, by = str(entry["at"]), str(entry["by"])
    return Erasure(
        decision=f"{name} {subject} {at}", name=name, subject=subject, by=by, at=at, records=records
    )
