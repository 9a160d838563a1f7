"""What can go wrong with a report, in plain sentences.

    EvidenceFault            known: `str()` is the sentence to show
      ReportNotWritten       the disk, the folder or the file would not take it
      RenderStopped          a person stopped it
      RenderBroke            the rendering process ended by itself

Refuses to carry a name or a figure: a fault says what happened, what is safe, what to do.
"""

from __future__ import annotations

import errno


class EvidenceFault(Exception):
    """Something known went wrong. The records are untouched."""


class ReportNotWritten(EvidenceFault):
    """The file could not be put where it was asked for."""

    @classmethod
    def because(cls, error: OSError) -> ReportNotWritten:
        """The fault for what the disk said."""
        return cls(_WORDS.get(error.errno or 0, _OTHER))


class RenderStopped(EvidenceFault):
    """Somebody pressed Stop."""

    def __init__(self) -> None:
        super().__init__("The report was stopped. Nothing was written. Your records are safe.")


class RenderBroke(EvidenceFault):
    """The rendering process ended without a report."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words
            or "The report could not be made. Your records are safe. Try again; if it happens "
            "again, tell your project lead."
        )


_SAFE = "Your records are safe."
_WORDS = {
    errno.ENOSPC: f"The disk is full, so the report was not written. {_SAFE} Free some space, "
    "then try again.",
    errno.EACCES: f"This folder does not let you write in it. {_SAFE} Choose another folder.",
    errno.EPERM: f"This folder does not let you write in it. {_SAFE} Choose another folder.",
    errno.EROFS: f"This disk can only be read. {_SAFE} Choose another folder.",
    errno.ENOENT: f"The folder is not there any more. {_SAFE} Choose another folder.",
    errno.ENOTDIR: f"That place is not a folder. {_SAFE} Choose another folder.",
    errno.EISDIR: f"There is a folder with that name. {_SAFE} Choose another file name.",
    errno.ENAMETOOLONG: f"The file name is too long. {_SAFE} Choose a shorter one.",
}
_OTHER = f"The report could not be written there. {_SAFE} Choose another folder, then try again."
