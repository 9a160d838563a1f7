"""Who is asking: a device signs each request with its own key; revocation is read each time.

No session and no bearer secret. The time in a signature may be the register's own, learnt from an
earlier answer, so a laptop with a wrong clock is told the time and asks again. Refuses a request
that is older than ten minutes, from a device that is closed, or from somebody who has left.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sync import signing
from sync.protocol import EnrolAsk, EnrolReply, KeysReply, Trouble
from sync.register import audit, refused
from sync.register.errors import CodeRefused, Troubled
from sync.register.rows import Device, Person
from sync.register.sql_store import Tx

FRESH = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that asks and the person it belongs to."""

    device: Device
    person: Person
    retired: bool = False  # a closed laptop that sends its last work, into quarantine


def caller(
    tx: Tx, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Caller:
    """Who signed this request. Raises Troubled."""
    device_id, time = headers.get(signing.DEVICE, ""), headers.get(signing.TIME, "")
    device = tx.people.device(device_id) if device_id else None
    if device is None:
        raise Troubled(401, Trouble(trouble="unknown_device", now=now))
    message = signing.request_bytes(method, path, device_id, time, body)
    if not signing.signed(device.public_key, _signature(headers), message):
        raise Troubled(401, Trouble(trouble="bad_signature", now=now))
    last_work = _open(tx, device, now, sends=_sends(method, path))
    if not _fresh(time, now):
        raise Troubled(401, Trouble(trouble="clock", now=now))
    return _of(tx, device, now, last_work=last_work)


def carrier(tx: Tx, method: str, path: str, device_id: str, now: datetime) -> Caller:
    """Whose carried file it is, its signature having been checked. Raises Troubled."""
    device = tx.people.device(device_id)
    if device is None:
        raise Troubled(401, Trouble(trouble="unknown_device", now=now))
    return _of(tx, device, now, last_work=_open(tx, device, now, sends=_sends(method, path)))


def _sends(method: str, path: str) -> bool:
    """Whether a request only brings work: changes, or the bytes of a photo."""
    return path == "/v1/push" or (path.startswith("/v1/blob/") and method != "GET")


def _open(tx: Tx, device: Device, now: datetime, *, sends: bool) -> bool:
    """Whether a closed device may speak all the same: to send its last work, if it is retired."""
    if not device.revoked_at:
        return False
    if sends and tx.people.is_retired(device.id):
        return True
    raise closed(now)


def closed(now: datetime) -> Troubled:
    """The answer to a laptop that the council has closed."""
    words = "The council has closed this laptop's access."
    return Troubled(403, Trouble(trouble="revoked", words=words, now=now))


def _of(tx: Tx, device: Device, now: datetime, *, last_work: bool = False) -> Caller:
    person = tx.people.person(device.person_id)
    if person is None or not (person.active or last_work):
        words = "The council has closed this person's access."
        raise Troubled(403, Trouble(trouble="revoked", words=words, now=now))
    return Caller(device, person, last_work)


def close_device(
    tx: Tx, one: Device, now: datetime, *, by: str, through: str = "", retired: bool = False
) -> bool:
    """Close a device's access and note it. False when it was closed just so already.

    `by` a person, or whoever runs the register; `through` the device it was done on.
    """
    if not tx.people.revoke(one.id, now, retired=retired):
        return False
    about: dict[str, Any] = {"closed": one.id, "of": one.person_id}
    about |= {"retired": True} if retired else {}
    audit.note(tx, audit.Act(act="revoke", by=by, device=through, about=about), now)
    return True


def enrol(
    tx: Tx, ask: EnrolAsk, told: KeysReply, device_id: str, epoch: str, now: datetime
) -> EnrolReply | None:
    """Take a device in by a code, or None. The try is counted even when it fails."""
    found = tx.people.try_code(ask.locator) if ask.locator.isprintable() else None
    if found is None:
        refused.note(tx, "", now)
        return None
    secret, person_id, expires, tries, used = found
    right = (
        not used
        and tries <= TRIES
        and now <= expires
        and len(ask.public_key) == 32
        and signing.same(signing.code_proof(secret, b"device", ask.public_key), ask.proof)
    )
    person = tx.people.person(person_id, hold=True) if right else None
    if person is None or not person.active:
        refused.note(tx, person_id if tries <= TRIES else "", now)
        return None
    tx.people.use_code(ask.locator, now)
    device = Device(
        id=device_id,
        person_id=person.id,
        public_key=ask.public_key,
        label=label_of(ask.label),
        enrolled_at=now.isoformat(),
    )
    proof = signing.code_proof(secret, b"register", told.key, device_id.encode())
    return take_in(tx, device, person, told, epoch, proof, now)


def label_of(said: str) -> str:
    """What a new laptop calls itself, as a line of a list can show it."""
    return "".join(sign for sign in said[:200] if sign.isprintable())[:80]


def take_in(
    tx: Tx,
    device: Device,
    person: Person,
    told: KeysReply,
    epoch: str,
    proof: bytes,
    now: datetime,
) -> EnrolReply:
    """Keep a new device, with an incarnation of its own. `told`: the register's newest key."""
    tx.people.add_device(device)
    incarnation = tx.people.new_incarnation(device.id, person.id)
    about = {"inc": incarnation}
    audit.note(tx, audit.Act(act="enrol", by=person.id, device=device.id, about=about), now)
    return EnrolReply(
        device_id=device.id,
        incarnation=incarnation,
        actor_id=person.id,
        actor_name=person.name,
        role=person.role.value,
        register_key=told.key,
        proof=proof,
        epoch=epoch,
        pack=tx.people.setting("pack") or "",
        keys=told.links,
    )


def refuse_code() -> Troubled:
    """The answer to every code that does not work."""
    return Troubled(401, Trouble(trouble="code", words=str(CodeRefused())))


def _signature(headers: Mapping[str, str]) -> bytes:
    try:
        return base64.b64decode(headers.get(signing.SIGNATURE, ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fresh(time: str, now: datetime) -> bool:
    try:
        claimed = datetime.fromisoformat(time)
    except ValueError:
        return False
    return claimed.tzinfo is not None and abs(claimed - now) <= FRESH
