"""Making and opening: slot, lock, key, schema, in that order, each refusal in its own words.

A slot that opens proves the secret; only then can "the file is damaged" be said. Refuses to write
over anything: a file left by a creation that never ended is put aside, not deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms.values import Clock, new_id
from storage import connection as encrypted
from storage import keys, keystore, migrations, recovery, reserve, slots, swap, torn_log, tries
from storage import meta as m
from storage.atomic import make_folder, write_whole
from storage.backup import Backup
from storage.cipher import NOW
from storage.database import Database
from storage.enrolment import Enrolment
from storage.errors import (
    ChangeRefused,
    VaultDamaged,
    VaultExists,
    VaultFull,
    VaultMissing,
    VaultTooNew,
    VaultUnwell,
    WrongPassphrase,
    classified,
)
from storage.keys import Cost, SecretKey
from storage.lock import WriterLock
from storage.meta import Meta
from storage.place import Place, refuse_copied_folders
from storage.slots import Header

LEAST_BYTES = 4096  # of a records file: the cipher would take an empty one for a new one
COPYING = "copying them as they are, and checking the copy"
BRINGING_UP = "bringing them up to this version"
READY = "opening them"
STEPS = 3
Tell = Callable[[str, int, int], None]  # what is done now, its number, how many there are


def nobody(_words: str, _number: int, _of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a person opens: one of these. With none, only a practice vault opens."""

    passphrase: str | None = None
    recovery: str | None = None
    keyring: bool = False
    council: bytes | None = None  # the private half of the escrow key, for two people together


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database with what belongs to it."""

    place: Place
    header: Header
    key: SecretKey
    db: Database
    lock: WriterLock | None
    sheet: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Place, Header, SecretKey, Database, WriterLock | None]:
        """What a Vault is made of."""
        return self.place, self.header, self.key, self.db, self.lock


def create(folder: Path, passphrase: str, *, practice: bool, cost: Cost | None) -> Opened:
    """A new vault. vault.json is written last: where it is, there is a whole vault."""
    refuse_copied_folders(folder)
    if not passphrase and not practice:
        raise ChangeRefused("A passphrase is needed. Nothing was made. Type one and try again.")
    place = Place(folder)
    try:
        make_folder(folder)
        make_folder(place.files)
    except OSError as error:
        raise classified(error) from error
    lock = WriterLock(place.lock)
    try:
        return _made(place, passphrase, lock, practice=practice, cost=cost)
    except BaseException:
        lock.release()
        raise


def _made(
    place: Place, passphrase: str, lock: WriterLock, *, practice: bool, cost: Cost | None
) -> Opened:
    if place.header.exists():
        raise VaultExists
    _put_aside(place)
    key = SecretKey.fresh()
    header = Header(new_id(), practice, ())
    sheet: tuple[str, ...] = ()
    if practice:
        header = header.sealed(slots.PRACTICE, key, slots.practice_secret(header.vault_id))
    if passphrase:
        header = header.sealed(slots.PASSPHRASE, key, passphrase, cost or keys.calibrated())
        sheet = recovery.fresh_sheet()
        header = header.sealed(slots.RECOVERY, key, recovery.secret_of(" ".join(sheet)))
    _first_records(place, key, header)
    try:
        write_whole(place.header, slots.to_bytes(header))
    except OSError as error:
        raise classified(error) from error
    db = Database(place.records, key, header.cipher)
    return Opened(place, header, key, db, lock, sheet)


def _first_records(place: Place, key: SecretKey, header: Header) -> None:
    encrypted.create(place.records, key, header.cipher).close()
    db = Database(place.records, key, header.cipher)
    try:
        db.bring_up()
        with db.transaction():
            Meta(db).put(m.VAULT_ID, header.vault_id)
            Meta(db).put(m.PRACTICE, int(header.practice))
    finally:
        db.close()


def open_vault(
    folder: Path, way: Way, clock: Clock, *, read_only: bool, tell: Tell = nobody
) -> Opened:
    """Open with one secret. `tell` hears the steps when an older version made the records."""
    if not read_only:
        refuse_copied_folders(folder)
    try:
        return _opened(Place(folder), way, clock, read_only=read_only, tell=tell)
    except OSError as error:  # a disk that refuses a name: said in words like all else
        raise classified(error) from error


def _opened(place: Place, way: Way, clock: Clock, *, read_only: bool, tell: Tell) -> Opened:
    header = swap.settled(place)
    if not place.records.exists():
        raise VaultMissing
    if place.records.stat().st_size < LEAST_BYTES:
        raise VaultDamaged
    key = tried(place, header, way, clock.now())
    lock = None if read_only else WriterLock(place.lock)
    db: Database | None = None
    log = None
    try:
        log = torn_log.keep(place) if lock is not None else None
        db = Database(place.records, key, header.cipher, read_only=read_only)
        _prove(db, header, read_only=read_only)
        if log is not None:
            _read_whole(db, log)
            log = None
        if lock is not None:
            swap.forget_unfinished(place, header)
            header, db = _made_ready(db, place, header, key, clock, tell)
            Enrolment(place, key).follow(db)
    except BaseException:
        if db is not None:
            db.close()
        if log is not None:
            log.give_back()
        if lock is not None:
            lock.release()
        raise
    return Opened(place, header, key, db, lock)


def _read_whole(db: Database, log: torn_log.KeptLog) -> None:
    """Fold in the log of a vault that was not closed. Raises VaultDamaged: it stays as it is."""
    if log.is_damaged(db):
        raise VaultDamaged
    with suppress(VaultFull, VaultUnwell):  # it is folded later; reading goes on
        db.checkpoint()
    log.forget()


def tried(place: Place, header: Header, way: Way, now: datetime) -> SecretKey:
    """The data key; a wrong secret is counted and the next one has to wait."""
    if way.keyring or (way.passphrase is None and way.recovery is None):
        return unlock(header, way)
    tries.refuse_too_soon(header, now)
    if way.recovery is not None:
        recovery.secret_of(way.recovery)  # a misread sheet is no guess: it is said, not counted
    try:
        return unlock(header, way)
    except WrongPassphrase:
        tries.count_wrong(place, now)
        raise


def unlock(header: Header, way: Way) -> SecretKey:
    """The data key that one secret gives."""
    if way.passphrase is not None:
        return header.opened(slots.PASSPHRASE, way.passphrase)
    if way.recovery is not None:
        return header.opened(slots.RECOVERY, recovery.secret_of(way.recovery))
    if way.council is not None:
        return header.opened_by_council(way.council)
    if way.keyring:
        return header.opened(slots.KEYRING, keystore.read(header.vault_id))
    if header.practice and header.slot(slots.PRACTICE):
        return header.opened(slots.PRACTICE, slots.practice_secret(header.vault_id))
    raise WrongPassphrase


def _prove(db: Database, header: Header, *, read_only: bool) -> None:
    have = db.schema()
    if have == 0:
        raise VaultDamaged
    if have > migrations.newest() and not read_only:
        raise VaultTooNew
    if Meta(db).text(m.VAULT_ID) != header.vault_id:
        raise VaultDamaged


def _made_ready(
    db: Database, place: Place, header: Header, key: SecretKey, clock: Clock, tell: Tell
) -> tuple[Header, Database]:
    """To this version's schema and cipher; what came of header and database."""
    old = db.schema() < migrations.newest() or header.cipher != NOW
    try:
        if old:
            tell(COPYING, 1, STEPS)
            db = _with_copy(db, place, header, key, clock)
            tell(BRINGING_UP, 2, STEPS)
            db.bring_up()
        header = tries.forget_wrong(place, header)
        if header.cipher != NOW:
            db.close()
            header = _newest_cipher(place, header, key)
            db = Database(place.records, key, header.cipher)
    except BaseException:
        db.close()
        raise
    if old:
        tell(READY, 3, STEPS)
    return header, db


def _with_copy(
    db: Database, place: Place, header: Header, key: SecretKey, clock: Clock
) -> Database:
    """A copy of the vault as it was: a step back is always there. The database, open again.

    The file is let go of meanwhile: a look at its bytes from beside would end SQLite's own hold
    of it. Where somebody reads along, its log stays; then the copy is made through the database.
    """
    db.checkpoint()
    db.close()
    log = place.records.with_name(f"{place.records.name}-wal")
    alone = not log.exists() or not log.stat().st_size
    if alone:
        Backup(db, place, key, clock).take_whole()
    db = Database(place.records, key, header.cipher)
    if not alone:
        Backup(db, place, key, clock).take()
    return db


def _newest_cipher(place: Place, header: Header, key: SecretKey) -> Header:
    """Under today's cipher, when there is room for it; a full disk leaves that for another day.

    Once vault.json names the swap there is no way back to the old cipher: the reserve makes room.
    """
    try:
        return swap.to_newest_cipher(place, header, key)
    except VaultFull:
        if slots.read(place).swap is None:
            return header
        reserve.give_up(place.folder)
        return swap.finish(place, slots.read(place))


def _put_aside(place: Place) -> None:
    """Files of a creation that never ended: kept under another name, never written over."""
    for path in place.folder.glob("records.db*"):
        number = 1
        while (aside := path.with_name(f"unfinished-{number}-{path.name}")).exists():
            number += 1
        path.rename(aside)
