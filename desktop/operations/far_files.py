"""A file that another laptop added: its small copy first, then the whole, from the register.

Runs in the network lane. What came is kept in the vault like a file of one's own. Refuses bytes
that are not what the record names (`sync.client.files`), and to write anything outside the vault.
"""

from __future__ import annotations

from typing import Any

from forms.facts.casework import Attachment
from forms.values import Clock


def fetch_next(far: Any, clock: Clock, attachment_id: str) -> bool:
    """Fetch the small copy where there is one and neither is here, else the whole file.

    True when the whole one is here now. Raises SyncError.
    """
    from sync.errors import NotTheRegister, Refused, SyncError

    record = far.reader.get(Attachment, attachment_id)
    if record is None:
        raise Refused("This file is no longer on this laptop.")
    if record.small_sha256 and not far.files.has(record.small_sha256):
        try:
            _fetch(far, clock, record.small_sha256)
        except (Refused, NotTheRegister):
            pass  # only the whole one may be there, or the record misnames its small copy
        else:
            return False
    try:
        _fetch(far, clock, record.sha256)
    except SyncError as error:
        if isinstance(error, Refused):
            raise Refused(
                "It is not at the council yet: its own laptop has not sent it."
            ) from error
        raise
    return True


def is_elsewhere(error: Exception) -> bool:
    """Whether a file could not be looked at because its bytes are not on this laptop."""
    from storage.errors import FileMissing

    return isinstance(error, FileMissing)


def _fetch(far: Any, clock: Clock, sha256: str) -> None:
    from sync.client.files import fetch
    from sync.client.transport import open_transport
    from sync.errors import SignInNeeded

    identity = far.exchange.identity()
    if identity is None:
        raise SignInNeeded
    transport = open_transport(identity)
    try:
        fetch(far, transport, clock, sha256)
    finally:
        transport.close()
