"""What can go wrong in the register, known faults and bugs told apart.

    RegisterError                    known: people or environment; its words can be shown
    ├── NotAllowed                   this person may not do that
    ├── RegisterTooNew               the database was written by a newer program
    ├── RegisterTooOld               the database was written by an older one, and this is no start
    ├── StoreUnreachable             the database cannot be opened
    │   ├── StoreFull                for want of room
    │   ├── StoreShut                by this account
    │   └── StoreDamaged             by anybody
    ├── StoreUnknown                 what was given is no address of a database
    ├── NoRegister                   the database holds no register yet, or is not there
    ├── KeyFault                     a change of the signing key that cannot go on
    ├── NotServed                    the register cannot answer as it was asked to
    ├── CodeRefused                  an enrolment code that is wrong, used or run out
    ├── PackRefused                  a file that is no signed pack, or that somebody else signed
    ├── CarriedRefused               a carried file that is damaged, or that nobody known signed
    ├── NotAnswered                  a carried file was looked through; its answer has no room
    └── Troubled                     an answer other than success, with its HTTP status

`AgainPlease` is no fault and leaves the store never: the work runs again.

Anything else is a bug: the app logs it without personal data and answers 500.
"""

from __future__ import annotations

from sync.protocol import Trouble


class RegisterError(Exception):
    """A known fault; str() is a plain sentence."""


class AgainPlease(Exception):
    """The work runs again: another transaction made the same record first, and it finds it now.

    Or a statement has to be prepared anew.
    """


class Behind(AgainPlease):
    """The work needs records that are to be written first: see `sql_behind`."""


class NotAllowed(RegisterError):
    """Not for this person to do."""


class PackRefused(RegisterError):
    """A pack's file that is not taken; the words say why."""


class CodeRefused(RegisterError):
    """The same words whatever was wrong with the code, so that it cannot be felt out."""

    def __init__(self) -> None:
        super().__init__(
            "That code did not work. It may have been used already or run out. "
            "Ask the council for a new one."
        )


class RegisterTooNew(RegisterError):
    """A newer program has changed this database."""

    def __init__(self, have: int, known: int) -> None:
        super().__init__(
            f"This register's records were written by a newer version (step {have}; this one knows "
            f"{known}). Nothing was changed. Update this program."
        )


class RegisterTooOld(RegisterError):
    """An older program wrote this database, and may be running on it."""

    def __init__(self) -> None:
        super().__init__(
            "This register was last run by an older version. Nothing was changed. Stop that one, "
            "make a copy with it, and start this one: it brings the register up to date. Then try "
            "again."
        )


class StoreUnreachable(RegisterError):
    """The database is not there, or will not have us."""

    words = (
        "The register's database could not be opened. Nothing was changed. "
        "Check its address, that it is running, and who may use it."
    )

    def __init__(self) -> None:
        super().__init__(self.words)


class StoreFull(StoreUnreachable):
    """No room is left where the database is."""

    words = (
        "The disk of the register's database is full: the database cannot even be read. Nothing "
        "was changed, and nothing is lost. Make room there, then try again."
    )


class StoreShut(StoreUnreachable):
    """The database is there, and this account may not write to it."""

    words = (
        "This account may not write to the register's database, or it is read-only; looking at it "
        "needs that too. Nothing was changed. Use the account that the register runs as."
    )


class StoreDamaged(StoreUnreachable):
    """The file is no database any more, or never was."""

    words = (
        "The register's database is damaged, or that file is no database. Nothing was changed. "
        "Keep the file as it is, and put the newest good copy into a new one: hedgerow register "
        "backups restore COPY --database URL."
    )


class StoreUnknown(RegisterError):
    """Words that are no address of a database. They are not repeated: they may hold a password."""

    def __init__(self) -> None:
        super().__init__(
            "That is not the address of a database. "
            "Use sqlite:///FILE or postgresql://PERSON@HOST/NAME."
        )


class NoRegister(RegisterError):
    """Nobody has made a register at that address: most often the address is wrong."""

    def __init__(self) -> None:
        super().__init__(
            "There is no register at that address, and none was made. "
            "Check --database; a new register is made by: hedgerow register init."
        )


class NotServed(RegisterError):
    """A certificate, a key or a proxy that the register cannot be served with."""


class KeyFault(RegisterError):
    """The signing key cannot be changed, or is not the one it should be; the words say why."""


class JournalFault(RegisterError):
    """The list of erasures is not what the register wrote."""

    def __init__(self) -> None:
        super().__init__(
            "The list of whom this register has erased does not fit itself, or is another "
            "register's. It was left as it is, and nothing was put back. Look for a good one "
            "beside another copy. To go on without one, move it elsewhere: the laptops then say "
            "whom they know to be erased."
        )


class CarriedRefused(RegisterError):
    """The same words whatever is wrong with a carried file."""

    def __init__(self) -> None:
        super().__init__(
            "That file is damaged, or was not made for this register by a laptop that it knows. "
            "Nothing was changed. Copy it to the stick once more, or ask for a new one."
        )


class NotAnswered(RegisterError):
    """The answer to a carried file could not be written where somebody wanted it."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"The answer could not be written there ({error.strerror or type(error).__name__}). "
            "What the file brought is taken in, but its laptop does not know that. Take the file "
            "again with another place for the answer: nothing counts twice."
        )


class Troubled(RegisterError):
    """An answer other than success."""

    def __init__(self, status: int, trouble: Trouble) -> None:
        super().__init__(trouble.words or trouble.trouble)
        self.status = status
        self.trouble = trouble
