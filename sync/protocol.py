"""Every message of the wire, version 1, and how it becomes `forms.change` types and back.

The two ends meet only here (and in `sync.envelope`, which says what a body looks like). Refuses to
know either end: no vault, no register, no network. Unknown fields from a newer peer are ignored
by msgspec; a message that does not fit raises `msgspec.ValidationError` and is never half read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from forms.change import Ack, Bookmark, Head, Op, RecordState, Verb
from forms.facts.decisions import DecisionRequest

VERSION = 1
SCHEMA = 1  # of the facts: ops above it are held until the register is upgraded
BATCH_OPS = 2_000
PAGE_RECORDS = 1_000
PLACES_AT_ONCE = 8  # of the sums whose records one question may ask for
CHUNK_BYTES = 1 << 20
MOST_SEQ = 1 << 53
Json = Any
MAX_FILE = 25 << 20  # bytes of one attachment
Name = Annotated[str, Meta(pattern=r"^[ -~]{1,100}$")]  # an id: printable, short, never words
Dot = Annotated[str, Meta(pattern=r"^[0-9]{1,10}\.[0-9]{1,16}$")]  # what a laptop may name again
Cursor = Annotated[str, Meta(max_length=250, pattern=r"^[^\x00]*$")]  # comes back as it was told

Moment = Annotated[datetime, Meta(tz=True)]  # one that says of which place it is
Day = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]  # or ""
Place = Annotated[int, Meta(ge=-1, le=1 << 53)]  # a number that a database and a browser can hold
Number = Annotated[int, Meta(ge=1, le=1 << 53)]  # of an incarnation that somebody can write in


class Message(Struct, kw_only=True, omit_defaults=True):
    """What every message carries: the version of this wire."""

    v: int = VERSION


class KeyLink(Struct, kw_only=True):
    """One step in the chain of the register's signing keys, signed by both: `sync.keys`."""

    number: Number  # the first key has none; the one that followed it is 1
    before: bytes  # Ed25519 public keys, raw 32 bytes
    key: bytes
    at: Moment
    by_before: bytes = b""
    by_key: bytes = b""


class KeysReply(Message, kw_only=True):
    """The register's key and how it follows from every key that it had before."""

    key: bytes
    links: list[KeyLink] = []  # the oldest first


class EnrolAsk(Message, kw_only=True):
    """A new device. `proof` shows that it knows the code without saying it."""

    locator: str  # first group of the code: finds it, opens nothing
    public_key: bytes
    proof: bytes  # HMAC(key of the code, public key)
    label: str = ""


class EnrolReply(Message, kw_only=True):
    """Who the device now is. `proof` shows that the register knows the code too."""

    device_id: Name
    incarnation: Number
    actor_id: str
    actor_name: str
    role: str
    register_key: bytes
    proof: bytes  # HMAC(key of the code, register key + device id)
    epoch: str
    pack: str = ""  # which programme pack the laptop works with
    keys: list[KeyLink] = []  # how `register_key` follows from those before it


class WireOp(Struct, kw_only=True, omit_defaults=True):
    """`forms.change.Op` without its incarnation, which the batch carries once."""

    seq: Annotated[int, Meta(ge=1, le=MOST_SEQ)]
    hlc: int
    actor: Name
    verb: Verb
    kind: Name
    record: Name
    fields: dict[str, Json] = {}
    base: dict[str, tuple[str, ...]] = {}
    was: dict[str, Json] = {}
    note: str = ""
    schema: int = 1


class OpGroup(Struct, kw_only=True, omit_defaults=True):
    """Ops that differ in their values only. Numbers are the steps from the one before."""

    verb: Verb
    kind: Name
    actor: Name
    schema: int = 1
    seqs: list[int]
    hlcs: list[int]
    records: list[Name]
    fields: dict[str, list[Json]] = {}  # field -> one value for each op
    base: dict[str, list[tuple[str, ...]]] = {}
    was: dict[str, list[Json]] = {}


class PushAsk(Message, kw_only=True):
    """Ops of one incarnation, in order, without gaps. Safe to send again."""

    inc: Place
    epoch: str = ""
    ops: list[WireOp] = []
    groups: list[OpGroup] = []  # like ops, in columns
    waiting: Place = -1  # how much was not sent before this; -1 = as it said before
    waiting_since: Day = ""  # when the oldest of it was written
    runs: bool = False  # the laptop reads `runs` of the receipt
    pull: PullAsk | None = None  # what it would ask next: the answer may come with the receipt


class WireAck(Struct, kw_only=True, omit_defaults=True):
    """`forms.change.Ack`."""

    seq: Place
    feed_seq: Place
    result: str = "ok"
    words: str = ""


class PushReply(Message, kw_only=True):
    """The receipt: one ack for each op of the batch, signed by the register."""

    inc: Place
    epoch: str
    acks: list[WireAck] = []
    runs: list[tuple[Place, Place, Place]] = []  # taken as written: first seq, its place, how many
    signature: bytes = b""  # over `receipt_bytes`
    hashes: list[str] = []  # carried by hand: of which op each ack is, in order of their numbers
    page: PullReply | None = None  # the answer to `pull`; without it the laptop asks by itself


class WireTreeHead(Struct, kw_only=True, omit_defaults=True):
    """The register's audit log as it stood: how many entries, their root, signed."""

    size: Place
    root: bytes
    signature: bytes
    epoch: str = ""
    last: str = ""  # the beginning of the newest entry's hash


class PullAsk(Message, kw_only=True):
    """What changed since the bookmark, please. `have`/`acked` show a disk or register put back."""

    inc: Place
    epoch: str = ""
    seq: Place = 0
    chain: str = ""
    have: Place = -1  # newest op this laptop wrote; -1 = does not say
    acked: Place = -1  # newest op it holds a receipt for
    limit: Place = PAGE_RECORDS
    pack_version: str = ""
    columns: bool = False  # the laptop reads `groups`
    snapshot: bool = False  # from the start, what stands will do: the laptop reads `after`
    after: Cursor = ""  # where such a pull goes on, as it was told
    own_too: bool = True  # False: not what this laptop wrote, has a receipt for, and nobody changed
    witnessed: Place = -1  # size of the audit log this laptop last saw; -1 = does not witness
    witnessed_last: str = ""  # the beginning of the hash of the newest entry it saw
    waiting: Place = -1  # changes and files not sent; -1 = as it said before
    waiting_since: Day = ""  # when the oldest of them was written
    shown: list[PushReply] = []  # carried by hand: a receipt of each incarnation, as with a hello


class SumsAsk(Message, kw_only=True):
    """Do we hold the same at this bookmark? `places` asks for the records of these sums."""

    inc: Place
    epoch: str
    seq: Place
    chain: str
    have: Place = -1
    acked: Place = -1
    total: Place = 0  # `forms.sums.total_of` what the laptop holds
    places: Annotated[
        list[Annotated[int, Meta(ge=0, le=255)]], Meta(max_length=PLACES_AT_ONCE)
    ] = []


class WireHead(Struct, kw_only=True, omit_defaults=True):
    """`forms.change.Head`."""

    dot: Dot
    value: Json
    actor: str = ""
    at: Moment


class WireState(Struct, kw_only=True, omit_defaults=True):
    """`forms.change.RecordState`: fields of one record that changed."""

    kind: Name
    record: Name
    fields: dict[str, Json] = {}
    versions: dict[str, tuple[Dot, ...]] = {}
    heads: dict[str, tuple[WireHead, ...]] = {}
    before: dict[str, Json] = {}
    deleted: bool = False
    actor: str = ""
    at: Moment | None = None


class StateGroup(Struct, kw_only=True, omit_defaults=True):
    """Records with the same fields, each field under the one name of its record."""

    kind: Name
    actor: str = ""
    records: list[Name]
    incs: list[int]
    seqs: list[int]
    ats: list[Moment | None]
    fields: dict[str, list[Json]]


class PullReply(Message, kw_only=True):
    """One page of the feed; `more` says that the next page is waiting."""

    epoch: str
    seq: Place
    chain: str
    states: list[WireState] = []
    groups: list[StateGroup] = []  # like states, in columns
    left: list[Name] = []
    more: bool = False
    after: Cursor = ""  # what stands is not told to its end: where it goes on; `seq` stays
    now: Moment
    pack_version: str = ""
    head: WireTreeHead | None = None  # of the audit log, when it is not as this laptop saw it
    proof: list[bytes] = []  # that it has only grown since
    unnoted: bool = False  # what the laptop said of what waits could not be kept: say it again


class SumsReply(Message, kw_only=True):
    """The same, or the register's sums, or every record of the places that were asked for."""

    same: bool = False
    later: bool = False  # something has changed since the bookmark: pull first
    sums: list[int] = []
    states: list[WireState] = []
    lacking: list[str] = []  # files that records in sight name and that are not here whole


class DecideAsk(Message, kw_only=True):
    """A decision asked for. `id` makes it safe to ask twice."""

    id: Name
    name: Name
    subject: Name
    asked_by: Name
    asked_at: Moment
    payload: dict[str, Json] = {}
    waited: bool = False  # asked without a line first; some decisions may not wait


class DecideReply(Message, kw_only=True):
    """The register's answer, with the place in the feed where its effects stand."""

    id: Name
    state: Annotated[str, Meta(pattern="^(granted|refused)$")]
    codes: tuple[str, ...] = ()
    words: str = ""
    answered_at: Moment
    feed_seq: int = 0


class BlobReply(Message, kw_only=True):
    """How much of a file the register holds."""

    sha256: str
    size: int
    held: Annotated[int, Meta(ge=0, le=1 << 53)]
    complete: bool = False


class HelloAsk(Message, kw_only=True):
    """Where do we stand? Asked only after trouble. `fresh` asks for a new incarnation."""

    inc: Place
    fresh: bool = False
    which: bool = False  # tell also which ops they are
    shown: PushReply | None = None  # a receipt of that incarnation: it was this laptop's


class HelloReply(Message, kw_only=True):
    """What the register holds of this device."""

    epoch: str
    inc: Place
    last: Place
    which: bytes = b""  # `signing.op_mark` of op 1, 2, 3 and so on: a copy may have written others


class Trouble(Message, kw_only=True):
    """Why the register did not do it. `trouble` is for the program, `words` for people."""

    trouble: str
    words: str = ""
    epoch: str = ""
    last: int = 0
    acks: list[WireAck] = []
    inc: Place = 0  # of the batch that the acks are of
    signature: bytes = b""  # over `receipt_bytes` of inc, epoch and acks: a receipt like any other
    now: Moment | None = None
    retry_after: int = 0


class DirectoryEntry(Struct, kw_only=True, omit_defaults=True):
    """What the public may read of one listed enterprise, as it was reviewed."""

    id: str
    fields: dict[str, Json]
    published_on: str = ""


class Directory(Message, kw_only=True):
    """The public listing, with the moment it was true."""

    checked_at: Moment
    entries: list[DirectoryEntry] = []


def op_to_wire(op: Op) -> WireOp:
    """An op as it travels."""
    return WireOp(
        seq=op.seq,
        hlc=op.hlc,
        actor=op.actor_id,
        verb=op.verb,
        kind=op.kind,
        record=op.record_id,
        fields=op.fields,
        base=op.base,
        was=op.was,
        note=op.note,
        schema=op.schema,
    )


def op_from_wire(inc: int, wire: WireOp) -> Op:
    """An op of incarnation `inc` as it arrived."""
    return Op(
        inc=inc,
        seq=wire.seq,
        hlc=wire.hlc,
        actor_id=wire.actor,
        verb=wire.verb,
        kind=wire.kind,
        record_id=wire.record,
        fields=wire.fields,
        base=wire.base,
        was=wire.was,
        note=wire.note,
        schema=wire.schema,
    )


def acks_to_wire(acks: Iterable[Ack]) -> list[WireAck]:
    """Receipts as they travel."""
    return [WireAck(seq=a.seq, feed_seq=a.feed_seq, result=a.result, words=a.words) for a in acks]


def acks_from_wire(wire: Iterable[WireAck]) -> tuple[Ack, ...]:
    """Receipts as they arrived."""
    return tuple(Ack(seq=a.seq, feed_seq=a.feed_seq, result=a.result, words=a.words) for a in wire)


def state_to_wire(state: RecordState) -> WireState:
    """A record's state as it travels."""
    return WireState(
        kind=state.kind,
        record=state.record_id,
        fields=state.fields,
        versions=state.versions,
        heads={
            name: tuple(
                WireHead(dot=h.dot, value=h.value, actor=h.actor_id, at=h.at) for h in heads
            )
            for name, heads in state.heads.items()
        },
        before=state.before,
        deleted=state.deleted,
        actor=state.last_actor_id,
        at=state.last_at,
    )


def state_from_wire(wire: WireState) -> RecordState:
    """A record's state as it arrived."""
    return RecordState(
        kind=wire.kind,
        record_id=wire.record,
        fields=wire.fields,
        versions=wire.versions,
        heads={
            name: tuple(Head(dot=h.dot, value=h.value, actor_id=h.actor, at=h.at) for h in heads)
            for name, heads in wire.heads.items()
        },
        before=wire.before,
        deleted=wire.deleted,
        last_actor_id=wire.actor,
        last_at=wire.at,
    )


def bookmark_of(reply: PullReply) -> Bookmark:
    """The place in the feed that a page ends at."""
    return Bookmark(epoch=reply.epoch, seq=reply.seq, chain=reply.chain, after=reply.after)


def decision_to_wire(request: DecisionRequest, *, waited: bool = False) -> DecideAsk:
    """A request as it travels."""
    return DecideAsk(
        id=request.id,
        name=request.name,
        subject=request.subject_id,
        asked_by=request.asked_by_id,
        asked_at=request.asked_at,
        payload=dict(request.payload),
        waited=waited,
    )


def decision_from_wire(wire: DecideAsk) -> DecisionRequest:
    """A request as it arrived."""
    return DecisionRequest(
        id=wire.id,
        name=wire.name,
        subject_id=wire.subject,
        asked_by_id=wire.asked_by,
        asked_at=wire.asked_at,
        payload=dict(wire.payload),
    )
