"""The vault: create it, open it, change it, read it, check it, close it.

One vault is one encrypted file, one process, one writer; one thread at a time. Importing this is
cheap: the cipher is loaded when a vault is made or opened, or early by `warm`. Refuses to make a
new vault where an old one should be, and to open without a proof of the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from forms.values import Clock, SystemClock
from storage.errors import PracticeVault, VaultBug, VaultReadOnly
from storage.hearing import Tell, nobody

if TYPE_CHECKING:
    from storage.access import Access
    from storage.backup import Backup, Copy
    from storage.check import Health
    from storage.database import Database
    from storage.desk import Desk
    from storage.drafts import Drafts
    from storage.erasures import Erasures
    from storage.exchange import Exchange
    from storage.export import Exported, Selection
    from storage.files import Files
    from storage.forms import Forms
    from storage.keys import Cost, SecretKey
    from storage.leaving_pin import LeavingPin
    from storage.ledger import Ledger, LedgerCounts
    from storage.lock import WriterLock
    from storage.one_case import OneCase
    from storage.place import Place
    from storage.reader import Reader
    from storage.rebuild import Mended
    from storage.rekey import ReKeyed
    from storage.restore import PutBack
    from storage.slots import Header
    from storage.steps import Steps
    from storage.subject_access import SubjectCase
    from storage.unit import Unit


def warm() -> None:
    """Load what opening needs, on a worker thread, while the passphrase is being typed."""
    import storage.desk
    import storage.opening
    import storage.reader
    import storage.steps  # noqa: F401 - the point is the loading


class Vault:
    """An open vault. Made by `create` or `open`."""

    def __init__(
        self,
        place: Place,
        header: Header,
        key: SecretKey,
        db: Database,
        lock: WriterLock | None,
        clock: Clock,
    ) -> None:
        from storage import late_receipts
        from storage.desk import Desk
        from storage.drafts import Drafts
        from storage.files import Files
        from storage.forms import Forms
        from storage.reader import Reader
        from storage.steps import Steps

        self.place = place
        self.clock = clock
        self._header, self._key, self._db, self._lock = header, key, db, lock
        self._unit: Unit | None = None
        self._exchange: Exchange | None = None
        self._closed = False
        late_receipts.watch(db)
        self.reader: Reader = Reader(db, clock, self._before_read, practice=header.practice)
        self.drafts: Drafts = Drafts(db, clock, key)
        self.desk: Desk = Desk(db)
        self.steps: Steps = Steps(db)
        self.files: Files = Files(db, place, clock)
        self.forms: Forms = Forms(db, clock)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        passphrase: str = "",
        clock: Clock | None = None,
        practice: bool = False,
        cost: Cost | None = None,
    ) -> tuple[Vault, tuple[str, ...]]:
        """A new vault and its recovery words, which are shown once. A practice vault needs neither.

        Raises VaultExists, VaultPlaceRefused, VaultFull.
        """
        from storage import opening

        made = opening.create(folder, passphrase, practice=practice, cost=cost)
        return cls(*made.parts, clock or SystemClock()), made.sheet

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: str | None = None,
        recovery: str | None = None,
        keyring: bool = False,
        council: bytes | None = None,
        clock: Clock | None = None,
        read_only: bool = False,
        tell: Callable[[str, int, int], None] | None = None,
    ) -> Vault:
        """Open with one secret; a practice vault opens without any.

        Records of an older version are made ready first, which takes a while where they are many:
        `tell` hears what is done now, its number, and how many steps there are.

        Raises WrongPassphrase, VaultDamaged, VaultTooNew (open again with `read_only=True`),
        VaultMissing, VaultInUse, VaultPlaceRefused, KeyringRefused.
        """
        from storage import opening

        way = opening.Way(
            passphrase=passphrase, recovery=recovery, keyring=keyring, council=council
        )
        clock = clock or SystemClock()
        opened = opening.open_vault(
            folder, way, clock, read_only=read_only, tell=tell or opening.nobody
        )
        return cls(*opened.parts, clock)

    @classmethod
    def put_back(
        cls,
        folder: Path,
        *,
        passphrase: str | None = None,
        recovery: str | None = None,
        keyring: bool = False,
        clock: Clock | None = None,
        tell: Tell = nobody,
    ) -> PutBack:
        """Put the newest good copy back in the place of a damaged file, with later changes.

        Sound records that have lost their vault.json get a copy's, and stay as they are.

        `tell` hears how far it is and may stop it: all is as it was then. Raises WrongPassphrase,
        VaultMissing (no good copy), VaultInUse, VaultFull.
        """
        from storage import opening, restore

        way = opening.Way(passphrase=passphrase, recovery=recovery, keyring=keyring)
        return restore.put_back(folder, way, (clock or SystemClock()).now(), tell)

    @classmethod
    def what_can_be_put_back(
        cls,
        folder: Path,
        *,
        passphrase: str | None = None,
        recovery: str | None = None,
        keyring: bool = False,
        clock: Clock | None = None,
        tell: Tell = nobody,
    ) -> PutBack:
        """What `put_back` would bring back, with nothing changed. Raises as `put_back` does."""
        from storage import opening, restore

        way = opening.Way(passphrase=passphrase, recovery=recovery, keyring=keyring)
        return restore.look(folder, way, (clock or SystemClock()).now(), tell)

    @classmethod
    def re_key(
        cls,
        folder: Path,
        *,
        new_passphrase: str,
        passphrase: str | None = None,
        recovery: str | None = None,
        clock: Clock | None = None,
        cost: Cost | None = None,
    ) -> ReKeyed:
        """Lock records, files and copies with a new key; the old one opens nothing afterwards.

        The vault must be closed. Raises WrongPassphrase, VaultInUse, VaultDamaged, VaultFull.
        """
        from storage import opening, rekey

        way = opening.Way(passphrase=passphrase, recovery=recovery)
        now = (clock or SystemClock()).now()
        return rekey.re_key(folder, way, now, new_passphrase, cost)

    @property
    def vault_id(self) -> str:
        """The vault's own id."""
        return self._header.vault_id

    @property
    def is_practice(self) -> bool:
        """Whether this holds practice records only."""
        return self._header.practice

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened for looking."""
        return self._db.read_only

    @property
    def is_open(self) -> bool:
        """Whether the key is still held."""
        return not self._closed

    @contextmanager
    def change(self, by: str, at: datetime, name: str | None = None) -> Iterator[Unit]:
        """Record, outbox and trail in one FULL commit. `unit.changes` is there afterwards.

        With a `name` ("" lets the reader of the list find words) it is a step that undo takes back.
        """
        from storage.unit import Unit

        if self.is_read_only:
            raise VaultReadOnly
        if self._unit is not None:
            raise VaultBug("a change inside a change")
        if at.tzinfo is None:
            raise VaultBug("a moment without a time zone")
        with self._db.transaction():
            self._unit = unit = Unit(self._db, by, at, practice=self.is_practice, name=name)
            try:
                yield unit
                unit.finish()
            finally:
                self._unit = None
        unit.committed()

    @property
    def exchange(self) -> Exchange:
        """What sync.client uses. Raises PracticeVault: practice records are never sent."""
        if self.is_practice:
            raise PracticeVault
        if self._exchange is None:  # a round asks for it a dozen times
            from storage.enrolment import Enrolment
            from storage.exchange import Exchange

            enrolment = Enrolment(self.place, self._key)
            self._exchange = Exchange(self._db, self.files, self.erasures, enrolment)
        return self._exchange

    def beside(self) -> bytes:
        """A ticket for a process of ours that reads along: `storage.beside.reading`.

        It carries the key: through a pipe, nowhere else.
        """
        from storage.beside import ticket

        return ticket(self.place, self._key, self._header.cipher, practice=self.is_practice)

    @property
    def erasures(self) -> Erasures:
        """Receipts of who was erased."""
        from storage.erasures import Erasures

        return Erasures(self.place, self._key)

    @property
    def access(self) -> Access:
        """The ways in: change the passphrase, a new recovery sheet, the laptop's key store."""
        from storage.access import Access

        return Access(self.place, self._key)

    @property
    def leaving_pin(self) -> LeavingPin:
        """The PIN that leads from a shared screen back to the caseload."""
        from storage.leaving_pin import LeavingPin

        return LeavingPin(self._db, self.place, self._key, self.clock)

    def one_case(self, enterprise_id: str) -> OneCase:
        """The vault narrowed to one enterprise, for a screen that two people share."""
        from storage.one_case import OneCase

        return OneCase(self, enterprise_id)

    def catch_up(self) -> bool:
        """Let search take in the words of the next few records from the register.

        One short transaction; whether more may wait. A vault that is only looked at stays behind.
        """
        from storage import late_words, story_places

        if self.is_read_only:
            return False
        if self._db.owes_outbox:
            with self._db.transaction():  # its first step marks what the last push brought
                pass
        self._db.make_sure()  # while nobody waits for it
        return late_words.catch_up(self._db) or story_places.catch_up(self._db)

    def checkpoint(self) -> None:
        """Fold what is saved beside the records file into it. Saved it is either way."""
        self._db.checkpoint()

    def check(self, tell: Tell = nobody) -> Health:
        """Look at the whole vault; no personal data in the answer. `tell` may stop it."""
        from storage.check import check

        return check(self._db, self.place, self.clock.now(), tell)

    def ledger(
        self, view: str = "all", limit: int = 200, known: LedgerCounts | None = None
    ) -> Ledger:
        """Where every record and file is; `view`: all, waiting, refused, no_copy.

        With a limit of 0 the counts alone; `known`: counts read just before, not read again.
        """
        from storage.backup import taken_at
        from storage.ledger import ledger

        copies = self._backup().good()
        self._before_read()
        return ledger(self._db, taken_at(copies[0]) if copies else None, view, limit, known)

    def mend(self, tell: Tell = nobody) -> Mended:
        """Records, lists and search made again from the trail; a copy is taken first.

        `tell` hears how far it is, and may stop it: the records are as they were then.
        """
        from storage.rebuild import mend

        if self.is_read_only:
            raise VaultReadOnly
        self.back_up(tell)
        return mend(self._db, tell)

    def back_up(self, tell: Tell = nobody, *, known_well: bool = False) -> Path:
        """A verified copy on the ladder of copies. `tell` may stop it: nothing is left of it.

        `known_well`: `check` found nothing just before, and nothing was written since.
        """
        return self._backup().take(tell, known_well=known_well)

    def back_up_if_due(self) -> Path | None:
        """A copy when half an hour has gone since the last one."""
        backup = self._backup()
        return backup.take() if backup.is_due() else None

    def export_to(
        self,
        target: Path,
        selection: Selection | None = None,
        pages: Mapping[str, bytes] | None = None,
        tell: Tell = nobody,
    ) -> Exported:
        """Everything, or what a selection names, in open formats: a folder, or a `.zip`.

        `pages` go in beside it by file name; `tell` hears how far it is, and stops it by raising.
        Raises ChangeRefused, ConsentMissing, VaultFull.
        """
        from storage.export import export

        return export(self._db, self.files, target, self.clock.now(), selection, pages, tell)

    def case_of(self, subject_id: str) -> SubjectCase:
        """All that is held about an enterprise and its enquiry. Raises RecordUnknown."""
        from storage.subject_access import gather, ids_of

        return gather(self._db, self.files, self.drafts, ids_of(self.reader, subject_id))

    def copies(self) -> list[Copy]:
        """The good copies on this laptop, newest first."""
        return self._backup().listed()

    def close(self) -> None:
        """Drop the key and the connection. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self._db.close()
        finally:
            self._key.wipe()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _backup(self) -> Backup:
        from storage.backup import Backup

        return Backup(self._db, self.place, self._key, self.clock)

    def _before_read(self) -> None:
        """A read inside a change sees what the change has done so far."""
        if self._unit is not None:
            self._unit.flush()
