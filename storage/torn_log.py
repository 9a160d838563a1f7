"""A log whose saved edits can no longer be read: noticed when a vault is opened, kept, and said.

SQLite reads its log up to the first frame that does not check and takes the rest for an edit that
was cut short. After a power cut that is right. Where the disk damaged the log, edits that were
called saved would vanish without a word. Only the newest edit can have been cut short: whole edits
beyond the break are damage. Refuses to judge what it cannot know: a damaged newest edit and a
damaged head of the log look like a power cut.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.copied_files import link
from storage.database import Database
from storage.log_again import FRAME, HEAD
from storage.place import Place


@dataclass(frozen=True, slots=True)
class KeptLog:
    """The log as it was before anything read it, under a second name."""

    log: Path
    kept: Path
    ends: tuple[bool, ...]  # for each frame of this log, in order: whether an edit ends with it

    def is_damaged(self, db: Database) -> bool:
        """Whether whole edits lie beyond what the opened file could read of its log."""
        read = int(db.row("PRAGMA wal_checkpoint(NOOP)")[1])
        beyond = self.ends[max(0, read) :]
        return any(beyond[:-1])

    def give_back(self) -> None:
        """The log in its place again: SQLite has dropped it when the file was closed.

        What of it was folded in is folded in once more by the next reader: that changes nothing.
        """
        with suppress(OSError):  # why it could not be opened is said already
            self.kept.replace(self.log)

    def forget(self) -> None:
        """It was read whole."""
        with suppress(OSError):  # a second name is no harm; the next opening takes it away
            self.kept.unlink(missing_ok=True)


def keep(place: Place) -> KeptLog | None:
    """Keep the log of a vault that was not closed; None when it was. Raises OSError."""
    log = place.records.with_name(place.records.name + "-wal")
    kept = log.with_name(log.name + ".kept")
    if not log.exists() or not (ends := _ends(log)):
        return None
    kept.unlink(missing_ok=True)
    link(log, kept)
    return KeptLog(log, kept, ends)


def _ends(log: Path) -> tuple[bool, ...]:
    """Frames that belong to this log: frames of an older one carry other salts."""
    found: list[bool] = []
    ours = 0
    with log.open("rb") as file:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            return ()
        _, _, page, _, *salts = HEAD.unpack(head)[:6]
        while len(frame := file.read(FRAME.size)) == FRAME.size:
            _, pages, *mine = FRAME.unpack(frame)[:4]
            found.append(mine == salts and pages > 0)
            ours = len(found) if mine == salts else ours
            file.seek(page, 1)
    return tuple(found[:ours])
