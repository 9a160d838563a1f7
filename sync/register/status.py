"""How a register is, in one look, and what wants looking at: for whoever is woken by it.

Reads only. Refuses to say a word of anybody, so that the answer may go into a ticket as it is.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from forms.values import Clock
from sync.register import keys
from sync.register.oidc import SETTING, Issuer
from sync.register.packs import published
from sync.register.sql_status import StatusTable
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

COPY_DAYS = 2  # the daily copy, and a night that went wrong
ROOM = 1 << 30  # bytes that a disk should have left
SILENT = timedelta(days=30)


class Status(msgspec.Struct, kw_only=True):
    """Counts, sizes in bytes and moments in UTC; None where there is nothing or nobody can say."""

    at: datetime
    database: str
    step: int
    started_at: str
    pack: str
    pack_version: str
    sign_in: str
    people: int
    people_left: int
    laptops: int
    laptops_closed: int
    laptops_silent: int
    last_heard: datetime | None
    unsent_told: int
    ops: int
    audit_entries: int
    quarantined: int
    bytes: int
    files: int
    file_bytes: int
    free_bytes: int | None
    last_copy: datetime | None
    key_begun: bool  # a change of the signing key that has not ended
    look_at: list[str]


def status(store: RegisterStore, clock: Clock, *, copy_days: int = COPY_DAYS) -> Status:
    """Look at everything in one snapshot. `copy_days` 0: copies are made by other means."""
    now = clock.now()
    told = {one.pack_id: one.version for one in published(store) if one.in_use}
    found = store.read(lambda tx: _read(tx, store.dialect, now))
    found.pack_version = told.get(found.pack, "")
    found.look_at = _to_look_at(found, now, copy_days)
    return found


def _read(tx: Tx, dialect: str, now: datetime) -> Status:
    table = StatusTable(tx.connection)
    people, devices = tx.people.people(), tx.people.devices()
    open_ones = [one for one in devices if not one.revoked_at]
    heard = [datetime.fromisoformat(one.seen_at) for one in open_ones if one.seen_at]
    account = tx.people.setting(SETTING)
    file = table.file()
    return Status(
        at=now,
        database=dialect,
        step=table.step(),
        started_at=table.started(),
        pack=tx.people.setting("pack"),
        pack_version="",
        sign_in=msgspec.json.decode(account, type=Issuer).issuer if account else "",
        people=sum(one.active for one in people),
        people_left=sum(not one.active for one in people),
        laptops=len(open_ones),
        laptops_closed=len(devices) - len(open_ones),
        laptops_silent=sum(now - moment > SILENT for moment in heard),
        last_heard=max(heard, default=None),
        unsent_told=sum(one.count for one in tx.people.waiting().values()),
        ops=tx.log.top()[0],
        audit_entries=tx.audit.size(),
        quarantined=table.quarantined(),
        bytes=table.size(),
        files=table.files()[0],
        file_bytes=table.files()[1],
        free_bytes=shutil.disk_usage(Path(file).parent).free if file else None,
        last_copy=table.last_copy(),
        key_begun=keys.waiting(tx) is not None,
        look_at=[],
    )


def _to_look_at(found: Status, now: datetime, copy_days: int) -> list[str]:
    out = []
    if not found.pack:
        out.append("No programme is chosen: hedgerow register packs publish NAME.")
    if not found.people:
        out.append("Nobody is in the programme: hedgerow register users add.")
    if copy_days and found.last_copy is None and found.ops:
        out.append("No copy was ever made: hedgerow register backups daily FOLDER.")
    elif copy_days and found.last_copy and now - found.last_copy > timedelta(days=copy_days):
        days = (now - found.last_copy).days
        out.append(f"The last good copy is {days} days old: does the daily one run?")
    if found.free_bytes is not None and found.free_bytes < max(ROOM, 2 * found.bytes):
        out.append(
            "The disk has little room: a copy, and the look at it, need as much as the database "
            "twice over, and at least 1 GB should be free."
        )
    if found.key_begun:
        out.append("A change of keys did not end: hedgerow register keys rotate FOLDER.")
    if found.quarantined:
        out.append(
            f"Changes of closed laptops that nobody has looked at: {found.quarantined} "
            "(hedgerow register devices unsent)."
        )
    return out
