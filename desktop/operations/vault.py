"""Making, opening, joining and closing a vault. Plain functions that run in the vault lane.

Refuses to import storage or sync before it is called: the unlock screen paints first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop.operations.long_work import nobody

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from desktop.context import Session
    from desktop.operations.exchange import Passes
    from desktop.operations.long_work import Progress, Tell
    from desktop.unkept import Held, Unkept
    from forms.values import Actor, Clock
    from storage.check import Health
    from storage.restore import PutBack
    from storage.vault import Vault


_KEY_FILE_BYTES = 1024
PLACE = "place"  # key of the desk's memory
SHARED = "shared-screen"  # as above: "2026-11-19 id", "" when no screen is shared


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a vault: typed words, or this computer's log-in. A practice vault needs none."""

    passphrase: str | None = field(default=None, repr=False)
    recovery: str | None = field(default=None, repr=False)
    keyring: bool = False

    def way(self) -> dict[str, Any]:
        """As storage takes it."""
        return {
            "passphrase": self.passphrase,
            "recovery": self.recovery,
            "keyring": self.keyring,
        }


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh vault and its recovery sheet: words shown once."""

    vault: Vault
    sheet: tuple[str, ...]
    has_council: bool = False  # whether the council opens it too


def exists(folder: Path) -> bool:
    """Whether there is a vault in this folder, whole or not (a look at names, no import).

    A records file alone is left by a first run that a full disk or a power cut ended: nothing can
    open it, and making a vault puts it aside. With a copy, a file or an enrolment beside it, it was
    in use and has lost its vault.json: that is said, and no second vault is made.
    """
    if (folder / "vault.json").exists():
        return True
    in_use = ("enrolment.sealed", "copies/*", "files/*")
    return (folder / "records.db").exists() and any(any(folder.glob(one)) for one in in_use)


def create(folder: Path, passphrase: str, clock: Clock) -> Made:
    """A new, empty vault with this passphrase."""
    from storage.vault import Vault

    vault, sheet = Vault.create(folder, passphrase=passphrase, clock=clock)
    return Made(vault, sheet)


def with_new_sheet(vault: Vault) -> Made:
    """New recovery words; the old sheet opens nothing any more."""
    sheet = vault.access.new_sheet()
    return Made(vault, sheet, has_council="escrow" in vault.access.ways())


def open_by(folder: Path, secret: Secret, clock: Clock, tell: Tell | None = None) -> Session:
    """Open by whatever the person has. Raises the faults of storage.errors.

    `tell` hears the steps in which the records of an older version are made ready.
    """
    from storage.vault import Vault

    return session_of(Vault.open(folder, clock=clock, tell=tell, **secret.way()))


def open_to_look(folder: Path, secret: Secret, clock: Clock) -> Session:
    """Open for looking only: a newer version made these records."""
    from storage.vault import Vault

    session = session_of(Vault.open(folder, clock=clock, read_only=True, **secret.way()))
    session.read_only = True
    return session


def what_can_be_put_back(
    folder: Path, secret: Secret, clock: Clock, tell: Tell | None = None
) -> PutBack:
    """The newest good copy and how many later changes; nothing is changed.

    Without `taken_at` the records are sound, and only the file that opens them is put back.

    `tell` hears how far it is, here and in `put_back`; what it raises ends it.
    """
    from storage.vault import Vault

    return Vault.what_can_be_put_back(folder, clock=clock, tell=tell or nobody, **secret.way())


def put_back(folder: Path, secret: Secret, clock: Clock, tell: Tell | None = None) -> Session:
    """Put the newest good copy back with what was typed since, or vault.json alone; then open."""
    from storage.vault import Vault

    came_back = Vault.put_back(folder, clock=clock, tell=tell or nobody, **secret.way())
    session = open_by(folder, secret, clock)
    if came_back.taken_at is None:
        session.greeting = "Your records open again. Nothing was deleted."
        return session
    later = came_back.later_changes
    changes = "1 later change" if later == 1 else f"{later:,} later changes"
    session.greeting = f"Your last good copy and {changes} are back. Nothing was deleted."
    return session


def words_of_council_key(typed: str) -> tuple[str, ...]:
    """The eight words that stand for a typed public key. Raises ChangeRefused."""
    from storage import escrow

    return escrow.words_of(escrow.public_of(typed))


def council_key_in(file: Path) -> str:
    """The public key in a small file of text, as `hedgerow escrow new` writes it.

    Raises ChangeRefused when the file cannot be read or is no such file.
    """
    from storage.errors import ChangeRefused

    try:
        with file.open("rb") as source:
            text = source.read(_KEY_FILE_BYTES).decode("ascii")
    except (OSError, ValueError) as error:
        raise ChangeRefused(
            "That file could not be read as the council's public key. Nothing was changed. "
            "Choose the file that your council sent, or type the key from its letter."
        ) from error
    return " ".join(text.split())


def let_council_in(vault: Vault, typed: str) -> tuple[str, ...]:
    """The council opens too, by this public key; the ways there are now. Raises ChangeRefused."""
    from storage.escrow import public_of

    vault.access.use_escrow(public_of(typed))
    return vault.access.ways()


def let_council_out(vault: Vault) -> tuple[str, ...]:
    """The council opens nothing any more; the ways there are now."""
    vault.access.stop_escrow()
    return vault.access.ways()


@dataclass(frozen=True, slots=True)
class NewKey:
    """Everything is under a new key: the sheet is shown once, `words` say what was done."""

    sheet: tuple[str, ...] = field(repr=False)
    words: tuple[str, ...]


def prove(vault: Vault, passphrase: str) -> None:
    """Whether this is the passphrase in use. Raises WrongPassphrase."""
    vault.access.prove(passphrase)


def re_key(folder: Path, old: str, new: str, clock: Clock) -> NewKey:
    """Lock everything with a new key; the vault is closed. Raises the faults of storage.errors."""
    from storage.vault import Vault

    done = Vault.re_key(folder, passphrase=old, new_passphrase=new, clock=clock)
    copies = "1 copy is" if done.copies == 1 else f"{done.copies} copies are"
    words = [f"Your records, their files and {copies} under it. The old key opens nothing here."]
    if done.removed:
        words.append(f"{len(done.removed)} damaged copies could not be kept and are gone.")
    if "keyring" in done.ended:
        words.append("This computer's log-in does not open them any more. Settings switches it on.")
    if "escrow" in done.ended:
        words.append("The council's way in has ended. Ask your lead to set it up again.")
    return NewKey(done.sheet, tuple(words))


def opens_with_log_in(folder: Path) -> bool:
    """Whether this computer's log-in may open the vault."""
    from storage import slots
    from storage.errors import StorageError
    from storage.place import Place

    try:
        return slots.read(Place(folder)).slot(slots.KEYRING) is not None
    except StorageError:
        return False  # opening says what is wrong with the file, in words


def begin_log_in(vault: Vault, pass_on: Passes) -> None:
    """Let this computer's log-in open the vault too. Runs in the network lane: it may ask."""
    from storage import keystore

    secret = keystore.keep(vault.vault_id)
    pass_on(lambda: _seal(vault, secret))


def end_log_in(vault: Vault, pass_on: Passes) -> None:
    """The log-in opens nothing any more; the slot goes first, then what the key store holds."""
    from storage import keystore

    if pass_on(vault.access.unseal_keyring):
        keystore.forget(vault.vault_id)


def _seal(vault: Vault, secret: str) -> None:
    if vault.is_open:  # locked meanwhile: the key is gone, nothing is changed
        vault.access.seal_for_keyring(secret)


def open_practice(folder: Path, clock: Clock, tell: Tell | None = None) -> Session:
    """The practice vault: made and filled the first time, opened without a secret afterwards.

    `tell` as in `open_by`.
    """
    from desktop.devtools import practice
    from storage.vault import Vault

    if exists(folder):
        vault = Vault.open(folder, clock=clock, tell=tell)
    else:
        vault, _no_sheet = Vault.create(folder, practice=True, clock=clock)
    if vault.reader.last_saved_at() is None:  # new, or the power went before it was filled
        practice.fill_records(vault, clock)  # the papers come after the first screen
    session = session_of(vault)
    session.actor = practice.COACH
    return session


def put_papers_in(vault: Vault) -> int:
    """The papers of the practice records that are not here yet: how many came.

    After the first screen; where the program ended before, at the next opening.
    """
    from desktop.devtools import practice_papers

    return practice_papers.store_missing(vault)


def put_practice_back(folder: Path, clock: Clock, tell: Tell | None = None) -> Session:
    """The same for practice records, which open without a secret."""
    from desktop.devtools import practice

    session = put_back(folder, Secret(), clock, tell)
    session.actor = practice.COACH
    return session


def warm() -> None:
    """Load what opening needs while the passphrase is being typed."""
    from forms.rules.pack import load_pack
    from storage import vault

    vault.warm()
    load_pack(usual_programme())  # read and checked once, then kept


def join(vault: Vault, url: str, code: str, pass_on: Passes, clock: Clock) -> Session:
    """Join a council with an enrolment code and fetch its records. Runs in the network lane."""
    from contextlib import suppress

    from desktop.operations.devices import computer_name
    from desktop.operations.exchange import from_afar, one_round
    from sync.client.enrol import enrol
    from sync.client.transport import open_transport
    from sync.errors import SyncError

    far = from_afar(vault, pass_on)
    transport = open_transport(url)
    try:
        enrol(far, transport, code, clock, label=computer_name())
    finally:
        transport.close()
    with suppress(SyncError):  # joined all the same: the window goes on fetching and says so
        one_round(vault, pass_on, clock)
    session: Session = pass_on(lambda: session_of(vault))
    return session


def session_of(vault: Vault) -> Session:
    """Who is using an open vault, and with which pack."""
    from desktop import context
    from desktop.operations.packs import in_use

    practice = vault.is_practice
    identity = None if practice else vault.exchange.identity()
    pack = in_use(vault, usual_programme()).pack
    actor = _actor(identity)
    return context.Session(
        vault=vault,
        actor=actor,
        pack=pack,
        practice=practice,
        register_name=pack.council if identity is not None else "",
        register_url=identity.register_url if identity is not None else "",
        place=vault.desk.read(PLACE),
        shared=shared_with(vault),
    )


def keep_place(vault: Vault, place: str) -> None:
    """Remember where the person is, for when the vault is open again."""
    if not vault.is_read_only:
        vault.desk.keep(PLACE, place)


def note_shared(vault: Vault, day: date | None = None, enterprise_id: str = "") -> None:
    """With whom the screen is shared since which day; nobody when it was left."""
    vault.desk.keep(SHARED, f"{day.isoformat()} {enterprise_id}" if day is not None else "")


def shared_with(vault: Vault) -> tuple[str, str]:
    """Day and enterprise of a shared screen that was never left; ("", "") when there is none."""
    from forms.facts.people import Enterprise

    day, _, enterprise_id = vault.desk.read(SHARED).partition(" ")
    if not enterprise_id or vault.reader.get(Enterprise, enterprise_id) is None:
        return "", ""
    return day, enterprise_id


def fold_in(vault: Vault) -> datetime | None:
    """Have everything saved in the one file now; when the last change was saved."""
    vault.checkpoint()
    return vault.reader.last_saved_at()


def back_up(vault: Vault, progress: Progress | None = None) -> datetime | None:
    """A copy, opened and checked; when it was taken.

    Raises WorkStopped when a person wants to stop: nothing is left of the copy.
    """
    from storage.backup import taken_at

    return taken_at(vault.back_up(progress.step) if progress is not None else vault.back_up())


def copies(vault: Vault) -> tuple[datetime, ...]:
    """When the copies on this laptop were taken, newest first."""
    from storage.backup import taken_at

    folder = vault.place.copies
    if not folder.is_dir():
        return ()
    taken = [at for path in folder.iterdir() if (at := taken_at(path)) is not None]
    return tuple(sorted(taken, reverse=True))


def copy_and_check(vault: Vault, progress: Progress) -> Health:
    """Look at every page and record; what is well is copied, what is damaged never is.

    Raises WorkStopped when a person wants to stop.
    """
    health = vault.check(progress.step)
    if health.ok:
        vault.back_up(progress.step, known_well=True)
    return health


def close(session: Session, unkept: Unkept) -> Held | None:
    """Drop the key and the connection. What the disk did not take of half-typed text, sealed."""
    try:
        return unkept.held(session.vault)
    finally:
        session.vault.close()


def three_words() -> str:
    """A passphrase to offer: three random words and a number (37 bits, and Argon2id on top)."""
    import secrets

    from storage.recovery import word_list

    words = word_list()
    number = secrets.randbelow(9000) + 1000
    return " ".join([*(secrets.choice(words) for _ in range(3)), str(number)])


def usual_programme() -> str:
    """The pack this installation starts with, as its data file says."""
    from pathlib import Path

    file = Path(__file__).resolve().parent.parent / "assets" / "programme.txt"
    return file.read_text(encoding="utf-8").strip()


def _actor(identity: Any) -> Actor:
    from forms.values import Actor, Role

    if identity is None:
        return Actor("coach-practice", "You", Role.COACH)
    return Actor(identity.actor_id, identity.actor_name, Role(identity.role))
