"""A council's copies of its register: made in one snapshot, looked through, and put back.

What is put back is a history of its own: a new epoch, so that every laptop says again what the
copy does not have. Refuses to call a copy good that was not read back and verified.
"""

from __future__ import annotations

from pathlib import Path

from forms.values import Clock
from sync.register import admin, audit
from sync.register.sql_copy import CopyFault, read_copy, write_copy
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore, open_store
from sync.register.verify import Report, verify
from sync.signing import public_of

__all__ = ["CopyFault", "check_copy", "make_copy", "put_back"]


def make_copy(store: RegisterStore, path: Path, clock: Clock) -> int:
    """Write a copy and note it. Returns how many rows. Raises CopyFault."""
    rows = store.read(lambda tx: write_copy(tx, path))
    act = audit.Act(act="copy", by=audit.SYSTEM_ACTOR, about={"rows": rows})
    store.write(lambda tx: audit.note(tx, act, clock.now()))
    return rows


def check_copy(path: Path, scratch: Path) -> Report:
    """Put a copy back beside everything and verify all of it. `scratch` is an empty folder."""
    store = open_store(f"sqlite:///{scratch / 'check.db'}")
    try:
        store.write(lambda tx: read_copy(tx, path))
        return store.read(_verified)
    finally:
        store.close()


def put_back(store: RegisterStore, path: Path, clock: Clock) -> tuple[int, Report]:
    """Put a copy into an empty database under a new epoch. Raises CopyFault; all or nothing."""

    def work(tx: Tx) -> tuple[int, Report]:
        rows = read_copy(tx, path)
        report = _verified(tx)
        if not report.ok:
            raise CopyFault(
                f"The copy does not fit itself: {report.faults[0]} Nothing was changed."
            )
        return rows, report

    done = store.write(work)
    admin.new_history(store, clock)
    return done


def _verified(tx: Tx) -> Report:
    return verify(tx, public_of(bytes.fromhex(tx.people.setting("signing_key"))))
