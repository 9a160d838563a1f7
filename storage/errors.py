"""Everything that can go wrong with a vault, told apart in one place: known faults and bugs.

    StorageError
    ├── VaultFault                  the world or a person: said in plain words, never a traceback
    │   ├── WrongPassphrase         no slot opened with what was typed
    │   │   └── TriedTooSoon        after wrong ones, before the wait was over: not looked at
    │   ├── VaultMissing            there is no vault here, or half of one; none was made
    │   ├── VaultExists             there is one already; nothing was written over it
    │   ├── VaultInUse              another copy of the program holds it
    │   ├── VaultTooNew             a newer version made it; it can be read only
    │   ├── VaultDamaged            the key is right and the records file is not
    │   ├── VaultFull               the disk is full
    │   ├── VaultReadOnly           opened for looking, or the folder cannot be written
    │   ├── VaultUnwell             the disk did not answer as it should
    │   ├── VaultPlaceRefused       a folder that another program copies about
    │   ├── KeyringRefused          the laptop's key store cannot be trusted or does not answer
    │   ├── PracticeVault           practice records are never sent anywhere
    │   ├── FileRefused             a file that may not be kept
    │   ├── FileMissing             a file's bytes are not on this laptop, or are damaged
    │   ├── ExportDamaged           an export that is not as it was written
    │   └── ChangeRefused           a change that may not be made here
    │       ├── RegisterDecides     only the register writes this field
    │       ├── AppendOnly          this kind is added to, never changed
    │       ├── ValueRefused        a value that does not fit its field
    │       ├── FormVersionTaken    another form is kept under this name and version
    │       ├── ConsentMissing      somebody has not agreed that it goes out for this purpose
    │       ├── PersonErased        the register has erased whom it is about
    │       ├── CannotUndo          a step that was passed over since, or that stays for good
    │       ├── RecordUnknown       there is no such record on this laptop
    │       └── RecordExists        there is one with this id already
    └── VaultBug                    our own mistake: goes to the crash report

`classified` turns what the database library raises into one of these. Refuses to guess: what it
does not know is a bug.
"""

from __future__ import annotations

import errno
import re


class StorageError(Exception):
    """The root: everything that storage raises on purpose."""


class VaultFault(StorageError):
    """A known trouble. `str()` is a plain sentence: what happened, what is safe, what to do."""

    words = "Something stopped this. Your records are safe on this laptop."

    def __init__(self, words: str = "") -> None:
        super().__init__(words or self.words)


class WrongPassphrase(VaultFault):
    """What was typed opens no slot."""

    words = (
        "That passphrase did not open this laptop's records. Check Caps Lock. "
        "You can use your recovery sheet."
    )


class TriedTooSoon(WrongPassphrase):
    """A try before the wait after wrong ones was over."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        waiting = "1 second" if seconds == 1 else f"{seconds} seconds"
        super().__init__(
            f"That was tried too soon after a wrong one. Your records are safe. "
            f"Wait {waiting}, then try again."
        )


class VaultMissing(VaultFault):
    """No vault, or part of one."""

    words = (
        "There are no records in this folder, or part of them is missing. Nothing was made in "
        "their place. Look for the folder, or put back your last good copy."
    )


class VaultExists(VaultFault):
    """There is a vault here already."""

    words = (
        "This folder already holds records. They were left as they are. "
        "Open them, or choose another folder."
    )


class VaultInUse(VaultFault):
    """Another process holds the vault."""

    words = (
        "These records are already open in another window of this program. "
        "Nothing was changed. Use that window, or close it and try again."
    )


class VaultTooNew(VaultFault):
    """Made by a newer version."""

    words = "A newer version made these records. Update this program. You can look but not change."


class VaultDamaged(VaultFault):
    """The key is right; the file is not."""

    words = (
        "Part of the records file is damaged. Nothing has been deleted. "
        "Put back your last good copy; changes that the register has will come back too."
    )


class VaultFull(VaultFault):
    """No room on the disk."""

    words = (
        "This laptop is full. What you typed is still here and earlier work is safe. "
        "Free about 200 MB, then press Try again."
    )
    without_button = (  # where no "Try again" stands
        "This laptop is full. What you typed is still here and earlier work is safe. "
        "Free about 200 MB, then do it once more."
    )


class VaultReadOnly(VaultFault):
    """A write to a vault that is only open for looking."""

    words = "You can look at these records but not change them. Nothing was changed."


class VaultUnwell(VaultFault):
    """The disk answered with an error."""

    words = (
        "The disk of this laptop did not take the change. Earlier work is safe. Try again. "
        "If it happens again, make a copy of your records and ask for help."
    )


class VaultPlaceRefused(VaultFault):
    """A folder that must not hold a vault."""

    words = (
        "Records cannot be kept on a network drive or in a folder that another program copies to "
        "the internet, because that can damage them. Nothing was changed. "
        "Choose a folder on this laptop's own disk."
    )


class KeyringRefused(VaultFault):
    """The operating system's key store is absent, plain or silent."""

    words = (
        "This laptop has no safe place of its own for a key. "
        "Your records still open with your passphrase or your recovery sheet."
    )


class PracticeVault(VaultFault):
    """Practice records never leave."""

    words = "These are practice records. They are never sent to the council."


class FileRefused(VaultFault):
    """A file that may not be attached."""

    words = "This file cannot be kept. Use a PDF, a photo, a text file, or a Word or Excel file."


class FileMissing(VaultFault):
    """The bytes are not here or do not match their name."""

    words = (
        "This file is not on this laptop yet, or it is damaged here. "
        "With a line to the council it is fetched when you open it in Documents."
    )


class ExportDamaged(VaultFault):
    """An export with something missing or changed."""

    words = (
        "This export is not as it was written: something is missing or changed. "
        "Nothing was read in. Use another copy of it."
    )


class ChangeRefused(VaultFault):
    """A change that may not be made on this laptop."""

    words = "This cannot be changed here. Nothing was changed."


class RegisterDecides(ChangeRefused):
    """A field that only a decision of the register writes."""

    def __init__(self, kind: str, names: list[str]) -> None:
        self.kind, self.names = kind, names
        listed = ", ".join(name.replace("_", " ") for name in names)
        super().__init__(
            f"Only the council register can change this ({kind.replace('_', ' ')}: {listed}). "
            "Nothing was changed. You can ask for a decision."
        )


class AppendOnly(ChangeRefused):
    """A kind that is only ever added to."""

    words = "This entry stays as it was written. Nothing was changed. Add a new entry beside it."


class ValueRefused(ChangeRefused):
    """A value that does not fit its field."""


class ConsentMissing(ChangeRefused):
    """Somebody has not agreed to this purpose, or took it back."""

    def __init__(self, purpose: str, enterprise_ids: list[str]) -> None:
        self.purpose, self.enterprise_ids = purpose, enterprise_ids
        super().__init__(
            f"{len(enterprise_ids)} of them have not agreed to this ({purpose.replace('_', ' ')}). "
            "Nothing was written. Leave them out, or ask them first."
        )


class FormVersionTaken(ChangeRefused):
    """Another content is kept under this form and version."""

    words = (
        "This version of the form is kept already and says other things. "
        "Nothing was changed. Write a new version on the settings sheet."
    )


class PersonErased(ChangeRefused):
    """Words about somebody whom the register has erased."""

    words = (
        "This person was erased, so nothing more is written down about them. Nothing was changed. "
        "Clear what you typed."
    )


class CannotUndo(ChangeRefused):
    """A step that cannot be taken back, or done again, as things are now."""

    words = "This was changed again since. Nothing was undone. Undo the later change first."


class RecordUnknown(ChangeRefused):
    """There is no such record, or it was removed."""

    words = "This record is not on this laptop any more. Nothing was changed."


class RecordExists(ChangeRefused):
    """An id that is already taken."""

    words = "This is already in your records. Nothing was changed."


class VaultBug(StorageError):
    """Our own mistake. Never shown as words for a coach; goes to the crash report."""


_BY_CODE: dict[int, type[VaultFault]] = {
    5: VaultInUse,  # SQLITE_BUSY
    6: VaultInUse,  # SQLITE_LOCKED
    8: VaultReadOnly,  # SQLITE_READONLY
    10: VaultUnwell,  # SQLITE_IOERR
    11: VaultDamaged,  # SQLITE_CORRUPT
    13: VaultFull,  # SQLITE_FULL
    14: VaultUnwell,  # SQLITE_CANTOPEN
    26: VaultDamaged,  # SQLITE_NOTADB
}
_BY_WORDS: tuple[tuple[str, type[VaultFault]], ...] = (
    ("disk is full", VaultFull),
    ("is locked", VaultInUse),
    ("malformed", VaultDamaged),
    ("not a database", VaultDamaged),
    ("could not decode", VaultDamaged),
    ("readonly", VaultReadOnly),
    ("disk i/o", VaultUnwell),
    ("unable to open", VaultUnwell),
)
_QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)


def classified(error: BaseException) -> StorageError:
    """The known fault behind an error of the database library or the disk, or a VaultBug.

    Looks along `__cause__` and `__context__`: a full disk can hide behind "cannot
    rollback - no transaction is active".
    """
    for seen in _chain(error):
        if isinstance(seen, StorageError):
            return seen
        if isinstance(seen, OSError):
            return _of_disk(seen)
        fault = _fault_of(seen)
        if fault is not None:
            return fault()
    # A database message may quote a value, and a value may be a person's.
    return VaultBug(f"{type(error).__name__}: {_QUOTED.sub('...', str(error))[:200]}")


def _of_disk(error: OSError) -> VaultFault:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return VaultFull()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return VaultReadOnly(
            "This folder cannot be written, so the records can be looked at but not changed. "
            "Nothing was changed. Ask who looks after this laptop for the right to write there."
        )
    return VaultUnwell()


def _chain(error: BaseException) -> list[BaseException]:
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        item = waiting.pop(0)
        if item is None or item in seen:
            continue
        seen.append(item)
        waiting += [item.__cause__, item.__context__]
    return seen


def _fault_of(error: BaseException) -> type[VaultFault] | None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int) and (code & 0xFF) in _BY_CODE:
        return _BY_CODE[code & 0xFF]
    said = str(error).lower()
    return next((fault for words, fault in _BY_WORDS if words in said), None)
