"""A council's copies of its register: made in one snapshot, looked through, and put back.

What is put back is a history of its own: a new epoch, so that every laptop says again what the
copy does not have. Refuses to call a copy good that was not read back and verified.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from forms.values import Clock
from sync import keys as chain
from sync.register import admin, audit, closings, journal, keys
from sync.register.errors import JournalFault, KeyFault, StoreFull
from sync.register.log import fault_code
from sync.register.sql_copy import CopyFault, read_copy, write_copy
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore, open_store
from sync.register.verify import Report, verify
from sync.whole_file import keep_names

__all__ = ["CopyFault", "Daily", "PutBack", "check_copy", "make_copy", "make_daily", "put_back"]
SUFFIX = ".hedgerow-copy"
SCRATCH = "hedgerow-check-"
NOT_VERIFIED = "not-verified.new"
LEFT_OVER = timedelta(days=1)  # a copy that was never verified, and that nobody still makes


@dataclass(frozen=True, slots=True)
class Daily:
    """A copy of a row of them: where, how many rows, whether it is good, how many older went."""

    path: Path
    rows: int
    report: Report
    gone: int
    unlisted: str = ""  # why the list of erasures beside it was left as it is


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was read back: how many rows, and whether it is good."""

    rows: int
    report: Report


@dataclass(frozen=True, slots=True)
class PutBack:
    """A copy that was put back: how many rows, what was verified, who was erased once more."""

    rows: int
    report: Report
    erased_again: list[str]
    listed: bool  # there was a list to go by
    closed_again: tuple[str, ...] = ()  # laptops' numbers, and who has left


def make_copy(store: RegisterStore, path: Path, clock: Clock, beside: Path | None = None) -> Made:
    """Write a copy, read it back, and note which it is; one that was not looked through is none.

    It is unpacked in a folder `beside`, or where the machine keeps what is scratch. Raises
    CopyFault, OSError.
    """
    rows = store.read(lambda tx: write_copy(tx, path))
    try:
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=beside) as scratch:
            report = check_copy(path, Path(scratch))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    about = {"rows": rows} | ({} if report.ok else {"faults": len(report.faults)})
    _note(store, path, about, clock)
    return Made(rows, report)


def _note(store: RegisterStore, path: Path, about: dict[str, int], clock: Clock) -> None:
    act = audit.Act(act="copy", by=audit.SYSTEM_ACTOR, about=about)
    try:
        store.write(lambda tx: audit.note(tx, act, clock.now()))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def make_daily(store: RegisterStore, folder: Path, keep: int, clock: Clock) -> Daily:
    """Write a copy named by its moment, verify it, and let go of the oldest beyond `keep`.

    Beside them stands the list of whom the register has erased. Older copies go only when the new
    one is good. Raises CopyFault, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"register-{clock.now():%Y-%m-%dT%H%M%SZ}{SUFFIX}"
    if path.exists():
        raise CopyFault(f"{path.name} is there already. Nothing was changed.")
    _clear_left_over(folder, clock.now())
    known = set(folder.glob(f"register-*{SUFFIX}"))
    # never counted among the copies; a name of its own, since another may be made just now, and
    # one that was not good may be of this very second
    beside = folder / f"{path.stem}.{secrets.token_hex(4)}.{NOT_VERIFIED}"
    # Beside the copies, where there is room: /tmp may be a small part of the memory.
    made = make_copy(store, beside, clock, folder)
    if not made.report.ok:
        return Daily(beside, made.rows, made.report, 0)
    beside.rename(path)
    keep_names(folder)
    here = set(folder.glob(f"register-*{SUFFIX}"))
    # what came meanwhile may be of later than this one, with a key that this one does not hold
    gone = sorted(here & known)[: max(0, len(here) - max(1, keep))]
    for old in gone:
        old.unlink(missing_ok=True)  # another one may be letting go of it too
    unlisted = ""
    try:  # last, and told by itself: one that does not fit takes nothing from a good copy
        journal.keep(store, journal.beside_copy(path))
        keys.keep_beside(store, path)
    except (JournalFault, OSError) as error:
        unlisted = str(error)
    return Daily(path, made.rows, made.report, len(gone), unlisted)


def _clear_left_over(folder: Path, now: datetime) -> None:
    """What was cut off or was not good, once it is too old to be one that is being made."""
    lists = (f"{name}.*.new" for name in (journal.NAME, keys.BESIDE))
    ours = (f"*{NOT_VERIFIED}", f"{SCRATCH}*", *lists)
    for left in (one for name in ours for one in folder.glob(name)):
        # another one just gave it its name, or cleared it; and what stays keeps no copy from us
        with suppress(OSError):
            if now - datetime.fromtimestamp(left.stat().st_mtime, UTC) <= LEFT_OVER:
                continue
            if left.is_dir():  # a whole register, unpacked to be looked through
                shutil.rmtree(left)
            else:
                left.unlink()


def change_key(store: RegisterStore, folder: Path, clock: Clock) -> keys.Changed:
    """The register takes another signing key, once a copy in the folder holds it.

    The copies that are there stay. Begun and cut off, it goes on from there when it is called
    again. Raises KeyFault, CopyFault, OSError before anything is changed: the register then goes on
    with the key that it has. What fails after that is told in the answer.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder):
        pass  # a folder that takes nothing begins no change that would have to end first
    link = keys.prepare(store, clock)
    done = make_daily(store, folder, sys.maxsize, clock)
    if not done.report.ok:
        raise KeyFault(
            f"The copy with the new key is not good: {done.report.faults[0]} The register goes on "
            "with the key that it has. Mend that first, and change the key then."
        )
    if not done.path.is_file():
        raise KeyFault(
            "The copy with the new key was taken away just after it was made. The register goes on "
            "with the key that it has. Look who clears that folder, and change the key then."
        )
    changed = keys.go_over(store, clock, link.key)
    try:
        keys.keep_beside(store, done.path)
    except OSError as error:  # it is changed: to say otherwise would have it changed once more
        return replace(changed, unlisted=str(error))
    return replace(changed, unlisted=done.unlisted)


def check_copy(path: Path, scratch: Path) -> Report:
    """Put a copy back beside everything and verify all of it. `scratch` is an empty folder.

    Raises CopyFault, OSError: it is no fault of the register's database that there is no room here.
    """
    try:
        store = open_store(f"sqlite:///{scratch / 'check.db'}")
        try:
            store.write(lambda tx: read_copy(tx, path))
            return store.read(_verified)
        finally:
            store.close()
    except (StoreFull, OperationalError) as error:
        if isinstance(error, OperationalError) and fault_code(error) != "SQLITE_FULL":
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(scratch)) from error


def put_back(
    store: RegisterStore,
    path: Path,
    clock: Clock,
    erased: Iterable[Path] = (),
    *,
    old_key: bool = False,
) -> PutBack:
    """Put a copy into an empty database under a new epoch; all or nothing.

    Whom the list beside the copy, or one of `erased`, says to be erased is erased once more, in the
    same transaction: a copy that was half put back would have them stand, and could not be put
    back again. Who is shut out by such a list is shut out once more. A copy from before a change
    of the signing key is refused, unless an `old_key` is better than none. Raises CopyFault, also
    for one of `erased` that is not there; JournalFault; KeyFault.
    """
    named, beside, now = list(erased), journal.beside_copy(path), clock.now()
    for one in named:
        if not one.is_file():
            raise CopyFault(
                f"There is no list of erasures at {one}. Nothing was changed. "
                "Look whether its disk is there, or leave it out."
            )
    lists = [beside, *named] if beside.is_file() else named

    def work(tx: Tx) -> PutBack:
        rows = read_copy(tx, path)
        report = _verified(tx)
        if not report.ok:
            raise CopyFault(
                f"The copy does not fit itself: {report.faults[0]} Nothing was changed."
            )
        copy = keys.told(tx)
        newer = keys.beside(path, copy)
        if newer is not None and not old_key:
            raise KeyFault(_OLDER_KEY.format(day=f"{newer.links[len(copy.links)].at:%Y-%m-%d}"))
        public = chain.every(newer or copy)
        told = [one for each in lists for one in journal.read(each, *public)]
        keys.finish(tx, now)
        admin.begin_history(tx, now)
        gone, shut = journal.again(tx, told, now), closings.again(tx, told, now)
        return PutBack(rows, report, gone, bool(lists), tuple(shut))

    return store.decide(work)


def _verified(tx: Tx) -> Report:
    return verify(tx, keys.told(tx).key)


_OLDER_KEY = (
    "That copy was made before the register's signing key was changed on {day}. Nothing was "
    "changed. Laptops know the newer key and would believe nothing that this one signs: put back a "
    "copy of that day or a later one. If there is none, --old-key puts this one back, and every "
    "laptop then has to join again with a code."
)
