"""Health: what "check my data" and the doctor say about a vault. Counts and verdicts, no names.

Refuses to print anything from a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from forms.facts.kinds import KINDS
from storage import meta as m
from storage import migrations, outbox, rebuild, story_places
from storage.database import Database
from storage.errors import VaultDamaged, VaultFault
from storage.meta import Meta
from storage.place import Place

STALE_DAYS = 7
_LOOKING_KB = 65_536  # each row is looked for in each index: with less, pages are read many times


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Health:
    """The whole vault, as far as a helper may know it."""

    checks: tuple[Check, ...]
    counts: dict[str, int] = field(default_factory=dict)
    schema: int = 0
    unsent: int = 0
    oldest_unsent_days: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return all(check.ok for check in self.checks)

    def text(self) -> str:
        """Plain lines to read out on the telephone."""
        lines = [f"{'fine ' if c.ok else 'LOOK '} {c.name}: {c.words}" for c in self.checks]
        lines += [f"      {name}: {number}" for name, number in self.counts.items() if number]
        return "\n".join(lines)


def check(db: Database, place: Place, now: datetime) -> Health:
    """Look at everything; what is too damaged to be looked at is said, not raised."""
    looks: dict[str, Callable[[], tuple[bool, str]]] = {
        "every page": lambda: _pages(db),
        "records file": lambda: _structure(db),
        "ties between records": lambda: _ties(db),
        "version of the records": lambda: _schema(db),
        "vault id": lambda: _identity(db),
        "files": lambda: _files(db, place),
        "changes to send": lambda: _outbox(db, now),
        "story of the records": lambda: _story(db),
        "records of a newer version": lambda: _parked(db),
    }
    checks = tuple(_looked(name, look) for name, look in looks.items())
    try:
        return Health(
            checks=checks,
            counts=_counts(db),
            schema=db.schema(),
            unsent=outbox.unsent_count(db),
            oldest_unsent_days=_waiting_days(db, now),
        )
    except VaultFault as fault:
        return Health(checks=(*checks, Check("counts", ok=False, words=str(fault))))


def problems(db: Database) -> list[str]:
    """What is wrong with the file itself; [] when it is sound. For copies.

    Raises VaultFull or VaultUnwell when the disk does not let it be looked at: that is no damage.
    """
    found = []
    for look in (_pages, _structure):
        try:
            ok, words = look(db)
        except VaultDamaged as fault:
            ok, words = False, str(fault)
        if not ok:
            found.append(words)
    return found


def _looked(name: str, look: Callable[[], tuple[bool, str]]) -> Check:
    try:
        return Check(name, *look())
    except VaultFault as fault:
        return Check(name, ok=False, words=str(fault))


def _pages(db: Database) -> tuple[bool, str]:
    # The cipher looks at the file alone. A page that a power cut tore while the log was folded is
    # whole in the log: it is folded again first, so that nobody is told of damage that is none.
    db.checkpoint()
    bad = db.rows("PRAGMA cipher_integrity_check")
    return not bad, f"{len(bad)} pages are damaged" if bad else "each page is as it was written"


def _structure(db: Database) -> tuple[bool, str]:
    with _remembering(db, _LOOKING_KB):
        said = [str(row[0]) for row in db.rows("PRAGMA integrity_check")]
    sound = said == ["ok"]
    return sound, "whole" if sound else f"{len(said)} faults in its structure"


@contextmanager
def _remembering(db: Database, kilobytes: int) -> Iterator[None]:
    """Keep up to this much of the file's pages in memory inside, and as before after it."""
    before = int(db.row("PRAGMA cache_size")[0])
    db.rows(f"PRAGMA cache_size = -{kilobytes:d}")
    try:
        yield
    finally:
        db.rows(f"PRAGMA cache_size = {before:d}")
        db.rows("PRAGMA shrink_memory")


def _ties(db: Database) -> tuple[bool, str]:
    loose = sum(
        int(
            db.row(
                f"SELECT count(*) FROM \"{kind.name}\" WHERE deleted = 0 AND enterprise_id <> '' "  # noqa: S608
                "AND enterprise_id NOT IN (SELECT id FROM enterprise)"
            )[0]
        )
        for kind in KINDS.values()
        if kind.parent_field
    )
    return not loose, f"{loose} records without their enterprise"


def _schema(db: Database) -> tuple[bool, str]:
    have, want = db.schema(), migrations.newest()
    return have == want, f"{have} (this program: {want})"


def _identity(db: Database) -> tuple[bool, str]:
    known = bool(Meta(db).text(m.VAULT_ID))
    return known, "known" if known else "missing"


def _files(db: Database, place: Place) -> tuple[bool, str]:
    names = [row[0] for row in db.rows("SELECT file_name FROM stored_file")]
    lost = sum(not (place.files / name).exists() for name in names)
    return not lost, f"{len(names)} kept, {lost} missing on this laptop"


def _outbox(db: Database, now: datetime) -> tuple[bool, str]:
    waiting, days = outbox.unsent_count(db), _waiting_days(db, now)
    return days < STALE_DAYS, f"{waiting} waiting, the oldest {days} days old"


def _story(db: Database) -> tuple[bool, str]:
    odd = rebuild.differences(db)
    if odd:
        return False, f"{len(odd)} records differ from their own story"
    lost = story_places.lost(db)
    if lost:
        return False, f"{lost} entries are not found by their record"
    return True, "agrees with the records"


def _parked(db: Database) -> tuple[bool, str]:
    parked = int(db.row("SELECT count(*) FROM parked")[0])
    return not parked, f"{parked} kept aside until this program is updated"


def _waiting_days(db: Database, now: datetime) -> int:
    oldest = outbox.oldest_unsent_at(db)
    return max(0, (now - oldest).days) if oldest else 0


def _counts(db: Database) -> dict[str, int]:
    return {
        name: int(db.row(f'SELECT count(*) FROM "{name}" WHERE deleted = 0')[0])  # noqa: S608
        for name in KINDS
    }
