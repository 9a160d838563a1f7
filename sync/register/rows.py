"""What the register keeps, as plain values between the SQL and the rules of sync.

Refuses to know a database: `sql_*` modules fill these, `accept`, `decide` and `feed` read them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from forms.change import Head, Json
from forms.values import Role
from sync.protocol import WireOp

ERASED = "refused:ERASED"  # of whom it speaks has asked to be forgotten
LET_GO = (  # of what waited: it may have been of the person
    "This waited for a record that did not come, and went with the erasure of somebody whom it may "
    "have been about. If it was of somebody else, write it again."
)
BESIDE = "beside"  # an op that was taken and does not stand alone: another says the same
NOBODY = ""  # the person and the device of the register's own incarnations


@dataclass(slots=True)
class OwnNumber:
    """The incarnation under which one running register writes, and its newest op as remembered.

    A number of its own for each run: a register that was put back from a copy must not give the
    name of an op that it has forgotten to another op.
    """

    inc: int = -1
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the programme."""

    id: str
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A laptop or a login, and whose it is. Revoked is a fact read on each request."""

    id: str
    person_id: str
    public_key: bytes = field(repr=False)
    label: str = ""
    enrolled_at: str = ""
    revoked_at: str = ""
    seen_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a laptop last said that it had not sent: `since` the day of the oldest, or ""."""

    count: int
    since: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incarnation:
    """A device since its enrolment or since it came back from an old image."""

    inc: int
    device_id: str
    person_id: str
    last: int


@dataclass(slots=True, kw_only=True)
class OpenClash:
    """A field with different values: the first head is in use."""

    before: Json
    heads: tuple[Head, ...]


Place = tuple[str, str, str, int]


@dataclass(slots=True, kw_only=True)
class Row:
    """One record as it stands: values in use, the dots behind them, what is open."""

    id: str
    kind: str
    enterprise_id: str = ""
    owner_id: str = ""  # the coach whose caseload it is in; "" = everybody's or nobody's
    fields: dict[str, Json] = field(default_factory=dict)
    versions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    heads: dict[str, OpenClash] = field(default_factory=dict)
    born: tuple[str, ...] = ()
    deleted: bool = False
    last_actor_id: str = ""
    last_at: datetime | None = None
    touched: bool = False
    stored: Place | None = None  # how the database knows it; None = not at all

    @property
    def place(self) -> Place:
        """What the database finds a record by, beside its id."""
        return self.kind, self.enterprise_id, self.owner_id, len(self.heads)


class Arrived(NamedTuple):
    """One op as it came: its hash, and the text that the log keeps of it."""

    wire: WireOp
    hash: str
    body: str


class Entry(Struct):
    """One op on its way into the log."""

    inc: int
    dot: str
    wire: WireOp
    hash: str
    body: str  # the op as it travelled; "" where it may not be kept
    received_at: datetime
    result: str
    words: str = ""
    later: str = ""  # held | beside: what the log remembers of an op for later
    feed_seq: int = 0


@dataclass(frozen=True, slots=True)
class Logged:
    """One op that is in the log."""

    feed_seq: int
    inc: int
    seq: int
    verb: str
    kind: str
    record_id: str
    names: tuple[str, ...]
    hash: str
    result: str
    words: str
    actor_id: str
    later: str
    chain: str


class Step(NamedTuple):
    """What a pull has to know of one op."""

    feed_seq: int
    inc: int
    seq: int
    verb: str
    record_id: str
    names: frozenset[str]
    result: str
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An enterprise came into, or left, what an audience may see."""

    feed_seq: int
    enterprise_id: str
    audience: str  # a person's id, or "claims" | "listings"
    way: str  # enter | leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that was asked for, and its answer."""

    id: str
    name: str
    subject_id: str
    asked_by_id: str
    asked_at: str
    payload: str
    state: str
    codes: tuple[str, ...]
    words: str
    answered_at: str
    feed_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """The words of a listing as they were when somebody reviewed them."""

    entry_id: str
    enterprise_id: str
    fields: dict[str, Json]
    published_on: str  # ISO day, or ""
