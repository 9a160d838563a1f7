"""Messages of the office side of the wire: devices, the audit log, sign-in. See `sync.protocol`.

Apart from the messages of a round, so that each file is read in one go. Refuses to know either
end, as the rest of the wire does.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from sync.protocol import EnrolReply, Message, Name, WireTreeHead

Size = Annotated[int, Meta(ge=0, le=1 << 53)]


class WireDevice(Struct, kw_only=True, omit_defaults=True):
    """A laptop or a login, whose it is and when it was last heard."""

    id: str
    person: str
    label: str = ""
    enrolled_at: str = ""
    seen_at: str = ""
    revoked_at: str = ""
    waiting: int = -1  # changes and files that it said it had not sent; -1: it never said
    waiting_since: str = ""  # the day of the oldest
    waiting_at: str = ""  # when that was so: it has said nothing else since


class DevicesAsk(Message, kw_only=True):
    """Which devices are there? A coach is told of their own, a lead of everybody's."""

    person: str = ""  # only this person's


class DevicesReply(Message, kw_only=True):
    """The devices, oldest first."""

    devices: list[WireDevice] = field(default_factory=list)


class WireNotTaken(Struct, kw_only=True, omit_defaults=True):
    """One change of a laptop that the register did not take as it was, and why."""

    at: str
    kind: str
    record: str
    result: str  # refused:<why> | partly:<fields> | held:<why>
    words: str = ""


class DeviceLedgerAsk(Message, kw_only=True):
    """What has come from this device, and what of it was not taken?"""

    device: Name


class DeviceLedgerReply(Message, kw_only=True):
    """What the register knows of one device, what it said of its unsent work among it."""

    device: WireDevice
    changes: int = 0  # ops with a receipt
    last_at: str = ""  # when the newest of them came
    records: int = -1  # how many records it should hold; -1: sees by what is brought before it
    files_missing: int = 0  # photos and papers that it named and has not sent
    kept_apart: int = 0  # held: waits for a record, for an update, or for a lead to look
    not_taken: list[WireNotTaken] = field(default_factory=list)  # newest first, at most 100


class CloseDeviceAsk(Message, kw_only=True):
    """Close a device's access from its next request on.

    One that is `retired`, not lost, may still send what it had not sent, into quarantine.
    """

    device: Name
    retired: bool = False


class CloseDeviceReply(Message, kw_only=True):
    """Whether that changed anything: it was open until now, or was closed otherwise."""

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


class SignInBeginAsk(Message, kw_only=True):
    """How does one sign in here?"""


class SignInBeginReply(Message, kw_only=True):
    """The council's own sign-in, and what makes this one try different from all others."""

    issuer: str
    client_id: str
    scope: str
    ticket: str  # shown again with the token; works once
    nonce: str  # has to stand in the token


class SignInAsk(Message, kw_only=True):
    """The token of the council's sign-in. With a key, a laptop is made known; else a login."""

    ticket: Annotated[str, Meta(max_length=200)]
    token: Annotated[str, Meta(max_length=20_000)]
    public_key: bytes = b""
    proof: bytes = b""  # the key's signature over the ticket
    label: str = ""


class TokenReply(Message, kw_only=True):
    """A login: a short key for requests, and another that gets the next pair, once."""

    access: str
    seconds: int
    refresh: str
    person: str
    role: str


class SignInReply(Message, kw_only=True):
    """Who it turned out to be: a laptop that is known now, or a login."""

    device: EnrolReply | None = None
    login: TokenReply | None = None


class TokenAsk(Message, kw_only=True):
    """The next pair, please; or the end of the login."""

    refresh: Annotated[str, Meta(max_length=200)]
    end: bool = False


class TokenEnded(Message, kw_only=True):
    """The login has ended."""

    ended: bool = True
