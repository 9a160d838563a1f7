"""Messages of the office side of the wire: devices, the audit log, sign-in. See `sync.protocol`.

Apart from the messages of a round, so that each file is read in one go. Refuses to know either
end, as the rest of the wire does.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from sync.protocol import Message, Name, WireTreeHead

Size = Annotated[int, Meta(ge=0, le=1 << 53)]


class WireDevice(Struct, kw_only=True, omit_defaults=True):
    """A laptop or a login, whose it is and when it was last heard."""

    id: str
    person: str
    label: str = ""
    enrolled_at: str = ""
    seen_at: str = ""
    revoked_at: str = ""


class DevicesAsk(Message, kw_only=True):
    """Which devices are there? A coach is told of their own, a lead of everybody's."""

    person: str = ""  # only this person's


class DevicesReply(Message, kw_only=True):
    """The devices, oldest first."""

    devices: list[WireDevice] = field(default_factory=list)


class CloseDeviceAsk(Message, kw_only=True):
    """Close a device's access from its next request on."""

    device: Name


class CloseDeviceReply(Message, kw_only=True):
    """Whether it was open until now."""

    closed: bool


class AuditProofAsk(Message, kw_only=True):
    """Show that the audit log of `new` entries (0 = all) begins with the log of `old`."""

    old: Size
    new: Size = 0


class AuditProofReply(Message, kw_only=True):
    """The signed head, and the hashes that show it."""

    head: WireTreeHead
    proof: list[bytes] = field(default_factory=list)


class AuditEntriesAsk(Message, kw_only=True):
    """The next entries after a number."""

    after: Size = 0
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 200


class AuditEntriesReply(Message, kw_only=True):
    """Entries as they are hashed, byte for byte."""

    entries: list[str] = field(default_factory=list)
    more: bool = False
