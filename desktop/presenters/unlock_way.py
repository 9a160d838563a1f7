"""The three ways into the records: the passphrase, the recovery sheet, this computer's log-in.

Refuses to keep what was typed: it becomes a secret for one try.
"""

from __future__ import annotations

from enum import Enum

from desktop.operations.vault import Secret


class Way(Enum):
    """How somebody opens the records; the value is said when nothing was typed."""

    PASSPHRASE = "Type your passphrase."  # noqa: S105 -- a sentence
    SHEET = "Type the words of your recovery sheet."
    LOG_IN = ""  # nothing is typed

    def missing(self, typed: str) -> str:
        """What is still to be typed, as a sentence; "" when this can be tried."""
        return "" if typed.strip() else self.value

    def secret(self, typed: str) -> Secret:
        """For one try."""
        if self is Way.LOG_IN:
            return Secret(keyring=True)
        return Secret(recovery=typed) if self is Way.SHEET else Secret(passphrase=typed)
