"""What was read from a vault since the last write: few words that are asked again and again.

It stands until something is written: a connection is its file's one writer, and the driver counts
whatever it changes. A transaction that is undone is not counted, so its end is told (`forget`).
Refuses to remember anything of a vault that another process writes.
"""

from __future__ import annotations

from typing import Any

from sqlcipher3 import dbapi2


class Known:
    """Made for one connection."""

    def __init__(self, raw: Any, *, read_only: bool) -> None:
        self._raw, self._read_only = raw, read_only
        self._words: dict[str, Any] = {}
        self._at = -1

    def now(self) -> dict[str, Any]:
        """What is known at this moment, for the caller to add to."""
        try:
            changes = -1 if self._read_only else int(self._raw.total_changes)
        except dbapi2.Error:  # it is closed: whoever asks on hears so
            changes = -1
        if changes < 0 or changes != self._at:
            self._words, self._at = {}, changes
        return self._words

    def forget(self) -> None:
        """Something changed that the driver does not count."""
        self._words, self._at = {}, -1
