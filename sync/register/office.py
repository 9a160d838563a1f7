"""What the office asks: devices and what came from them, closing one, the audit log and its proof.

Each function works inside the caller's transaction. Refuses to show one coach another coach's
devices, and to close a device for somebody whose it is not, a lead aside.
"""

from __future__ import annotations

from datetime import datetime

from forms.values import Role
from sync.office import (
    AuditEntriesAsk,
    AuditEntriesReply,
    AuditProofAsk,
    AuditProofReply,
    CloseDeviceAsk,
    CloseDeviceReply,
    DeviceLedgerAsk,
    DeviceLedgerReply,
    DevicesAsk,
    DevicesReply,
    WireDevice,
    WireNotTaken,
)
from sync.protocol import Trouble
from sync.register import audit, auth
from sync.register.auth import Caller
from sync.register.errors import Troubled
from sync.register.people import sight
from sync.register.rows import Device, Person, Waiting
from sync.register.sql_store import Tx

_SEES_ALL = frozenset({Role.LEAD, Role.AUDITOR})
_MOST = 100  # of what was not taken, newest first


def devices(tx: Tx, who: Caller, ask: DevicesAsk) -> DevicesReply:
    """Devices of the caller, or of everybody for a lead or an auditor."""
    everybody = who.person.role in _SEES_ALL
    if ask.person and ask.person != who.person.id and not everybody:
        raise not_yours()
    found = tx.people.devices(ask.person if everybody else who.person.id)
    waiting = tx.people.waiting()
    return DevicesReply(devices=[_wire(one, waiting.get(one.id)) for one in found])


def device_ledger(tx: Tx, who: Caller, ask: DeviceLedgerAsk) -> DeviceLedgerReply:
    """What came from one device: the caller's own, or any for a lead or an auditor."""
    found = tx.people.device(ask.device)
    if found is None or (who.person.role not in _SEES_ALL and found.person_id != who.person.id):
        raise not_yours()
    owner = tx.people.person(found.person_id)
    numbers = tx.people.incarnations_at(found.id)
    came = tx.log.came_from(numbers)
    named = tx.log.made_by(numbers, "attachment")
    rows = tx.records.load(named).values()
    files = {str(row.fields.get("sha256")) for row in rows if not row.deleted}
    return DeviceLedgerReply(
        device=_wire(found, tx.people.waiting().get(found.id)),
        changes=came.count,
        last_at=came.last_at,
        records=-1 if owner is None else _holds(tx, owner),
        files_missing=len(files - tx.blobs.complete(files)),
        kept_apart=came.held,
        not_taken=[
            WireNotTaken(
                at=one.at, kind=one.kind, record=one.record_id, result=one.result, words=one.words
            )
            for one in tx.log.not_taken(numbers, _MOST)
        ],
    )


def _holds(tx: Tx, owner: Person) -> int:
    seen = sight(owner)
    if seen.everything:
        return tx.records.count(None)
    return tx.records.count(seen.owners) if owner.id in seen.owners else -1


def _wire(one: Device, waiting: Waiting | None) -> WireDevice:
    return WireDevice(
        id=one.id,
        person=one.person_id,
        label=one.label,
        enrolled_at=one.enrolled_at,
        seen_at=one.seen_at,
        revoked_at=one.revoked_at,
        waiting=-1 if waiting is None else waiting.count,
        waiting_since="" if waiting is None else waiting.since,
        waiting_at="" if waiting is None else max(waiting.at, one.seen_at),
    )


def close_device(tx: Tx, who: Caller, ask: CloseDeviceAsk, now: datetime) -> CloseDeviceReply:
    """Close a device: a lead any, everybody their own (it may be lost).

    One that was closed as lost may send its last work by a lead's leave alone.
    """
    found = tx.people.device(ask.device)
    if found is None or (who.person.role is not Role.LEAD and found.person_id != who.person.id):
        raise not_yours()
    lost = bool(found.revoked_at) and not tx.people.is_retired(found.id)
    if lost and who.person.role is not Role.LEAD:
        return CloseDeviceReply(closed=False)
    by, through = who.person.id, who.device.id
    closed = auth.close_device(tx, found, now, by=by, through=through, retired=ask.retired)
    return CloseDeviceReply(closed=closed)


def audit_proof(tx: Tx, ask: AuditProofAsk, key: bytes, epoch: str) -> AuditProofReply:
    """A head and what shows that the log has only grown to it."""
    size = tx.audit.size()
    new = ask.new or size
    if not ask.old <= new <= size:
        words = "The audit log does not have so many entries."
        raise Troubled(409, Trouble(trouble="no_such_head", words=words, last=size))
    head = audit.head(tx, key, epoch, new)
    return AuditProofReply(head=head, proof=tx.audit.proof(ask.old, new))


def audit_entries(tx: Tx, ask: AuditEntriesAsk) -> AuditEntriesReply:
    """The next entries, at most a page."""
    limit = min(ask.limit, audit.PAGE)
    found = tx.audit.entries(ask.after, limit)
    more = bool(found) and found[-1][0] < tx.audit.size()
    return AuditEntriesReply(entries=[text for _, text, _ in found], more=more)


def not_yours() -> Troubled:
    """The same words whether it is another's or is not there: nothing can be felt out."""
    words = "There is no such device among yours. A lead can see all of them."
    return Troubled(404, Trouble(trouble="not_yours", words=words))
