"""Health: what "check my data" and the doctor say about a vault. Counts and verdicts, no names.

Refuses to print anything from a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from forms.facts.kinds import KINDS
from storage import meta as m
from storage import migrations, outbox, rebuild
from storage.database import Database
from storage.errors import VaultDamaged, VaultFault
from storage.meta import Meta
from storage.place import Place


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
    """Look at everything."""
    checks = (
        _pages(db),
        _structure(db),
        _ties(db),
        _schema(db),
        _identity(db),
        _files(db, place),
        _outbox(db, now),
        _story(db),
        _parked(db),
    )
    return Health(
        checks=checks,
        counts=_counts(db),
        schema=db.schema(),
        unsent=outbox.unsent_count(db),
        oldest_unsent_days=_waiting_days(db, now),
    )


def problems(db: Database) -> list[str]:
    """What is wrong with the file itself; [] when it is sound. For copies."""
    found = [_pages(db), _structure(db), _ties(db)]
    return [one.words for one in found if not one.ok]


def _pages(db: Database) -> Check:
    try:
        bad = db.rows("PRAGMA cipher_integrity_check")
    except VaultFault as fault:
        return Check("every page", ok=False, words=str(fault))
    if bad:
        return Check("every page", ok=False, words=f"{len(bad)} pages are damaged")
    return Check("every page", ok=True, words="each page is as it was written")


def _structure(db: Database) -> Check:
    try:
        said = [str(row[0]) for row in db.rows("PRAGMA integrity_check")]
    except VaultFault as fault:
        return Check("records file", ok=False, words=str(fault))
    if said == ["ok"]:
        return Check("records file", ok=True, words="whole")
    return Check("records file", ok=False, words=f"{len(said)} faults in its structure")


def _ties(db: Database) -> Check:
    try:
        loose = db.rows("PRAGMA foreign_key_check")
    except VaultFault as fault:
        return Check("ties between records", ok=False, words=str(fault))
    return Check("ties between records", ok=not loose, words=f"{len(loose)} loose")


def _schema(db: Database) -> Check:
    have, want = db.schema(), migrations.newest()
    return Check("version of the records", ok=have == want, words=f"{have} (this program: {want})")


def _identity(db: Database) -> Check:
    known = bool(Meta(db).text(m.VAULT_ID))
    return Check("vault id", ok=known, words="known" if known else "missing")


def _files(db: Database, place: Place) -> Check:
    names = [row[0] for row in db.rows("SELECT file_name FROM stored_file")]
    lost = sum(not (place.files / name).exists() for name in names)
    return Check("files", ok=not lost, words=f"{len(names)} kept, {lost} missing on this laptop")


def _outbox(db: Database, now: datetime) -> Check:
    waiting, days = outbox.unsent_count(db), _waiting_days(db, now)
    return Check("changes to send", ok=days < 7, words=f"{waiting}, the oldest {days} days old")


def _story(db: Database) -> Check:
    try:
        odd = rebuild.differences(db)
    except VaultFault as fault:
        return Check("story of the records", ok=False, words=str(fault))
    words = f"{len(odd)} records differ from their own story" if odd else "agrees with the records"
    return Check("story of the records", ok=not odd, words=words)


def _parked(db: Database) -> Check:
    parked = int(db.row("SELECT count(*) FROM parked")[0])
    words = f"{parked} kept aside until this program is updated"
    return Check("records of a newer version", ok=not parked, words=words)


def _waiting_days(db: Database, now: datetime) -> int:
    oldest = outbox.oldest_unsent_at(db)
    return max(0, (now - oldest).days) if oldest else 0


def _counts(db: Database) -> dict[str, int]:
    try:
        return {
            name: int(db.row(f'SELECT count(*) FROM "{name}" WHERE deleted = 0')[0])  # noqa: S608
            for name in KINDS
        }
    except VaultDamaged:
        return {}
