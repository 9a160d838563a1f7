"""The vault's own books: outbox, trail, things to check, decisions, drafts, steps, files.

Outbox and journal are one table: an op stays after the register has it, so that it can be sent
again to a register that was put back to an older day.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from storage.columns import NOT_TAKEN
from storage.tables.columns import Mapped, RecordRow, Texts, VaultRow, one_of


class MetaRow(VaultRow, table=True):
    """One fact about the vault itself: ids, schema, counters, bookmark, identity."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str


class OutboxRow(VaultRow, table=True):
    """One op: unsent until `acked_at`, journal for ever."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("verb", "new", "set", "delete", "settle"),
        CheckConstraint("seq > 0", name="seq_from_one"),
        Index("outbox_unsent", "hlc", "inc", "seq", sqlite_where=text("acked_at IS NULL")),
        Index("outbox_unsent_record", "record_id", sqlite_where=text("acked_at IS NULL")),
        Index("outbox_of_record", "record_id", "at"),
        Index("outbox_amiss", "hlc", "inc", "seq", sqlite_where=text(NOT_TAKEN)),
        Index("outbox_held", "record_id", sqlite_where=text("result = 'held:unknown_record'")),
    )

    inc: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    hlc: int
    at: str
    actor_id: str
    verb: str
    kind: str
    record_id: str
    fields: str
    base: str
    was: str
    note: str
    schema_no: int
    acked_at: str | None = None
    feed_seq: int | None = None
    result: str
    words: str


class TrailRow(VaultRow, table=True):
    """Who did what to which record, when, from what to what. Only ever added to."""

    __tablename__ = "trail"

    n: int | None = Field(default=None, primary_key=True)
    at: str
    by_id: str
    verb: str
    kind: str
    record_id: str
    before: str
    after: str
    note: str


class TrailOfRow(VaultRow, table=True):
    """Which entries of the trail are about a record, up to a place: see `storage.story_places`."""

    __tablename__ = "trail_of"
    __table_args__ = ({"sqlite_with_rowid": False},)

    record_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)


class TakenRunRow(VaultRow, table=True):
    """A receipt of ops in a row that are not marked yet: see `storage.late_receipts`."""

    __tablename__ = "taken_run"

    inc: int = Field(primary_key=True)
    first: int = Field(primary_key=True)
    last: int
    ahead: int
    at: str


class ShadowRow(VaultRow, table=True):
    """The register's value of a field that has an unsent edit here."""

    __tablename__ = "shadow"

    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    value: str
    versions: str
    heads: str
    before: str
    touched: bool


class ClashRow(VaultRow, table=True):
    """A field with two values: a thing to check."""

    __tablename__ = "clash"
    __table_args__ = (
        Index("clash_open", "record_id", "field", sqlite_where=text("settled_at IS NULL")),
    )

    id: str = Field(primary_key=True)
    kind: str
    record_id: str = Field(index=True)
    field: str
    before: str
    heads: str
    in_use: str
    opened_at: str
    settled_at: str | None = None
    settled_by_id: str
    note: str


class DecisionRequestRow(RecordRow, table=True):
    """A decision asked for; it waits beside the outbox, never in it."""

    __tablename__ = "decision_request"
    __table_args__ = (one_of("state", "waiting", "granted", "refused"),)

    name: str
    subject_id: str = Field(index=True)
    asked_by_id: str
    asked_at: datetime
    payload: dict[str, Any] = Field(sa_type=Mapped)
    state: str = Field(index=True)
    answered_at: datetime | None = None
    codes: tuple[str, ...] = Field(sa_type=Texts)
    words: str


class ParkedRow(VaultRow, table=True):
    """What the register sent and this version does not understand: kept, not dropped."""

    __tablename__ = "parked"

    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    state: str
    why: str
    at: str


class AtticRow(VaultRow, table=True):
    """A record that left this laptop's caseload, for thirty days."""

    __tablename__ = "attic"

    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    body: str
    left_at: str


class LeavingRow(VaultRow, table=True):
    """A record that left the caseload while it had unsent edits: it goes when they are sent."""

    __tablename__ = "leaving"

    record_id: str = Field(primary_key=True)


class HeldBackRow(VaultRow, table=True):
    """A record that would have left together with very many others: a person looks first."""

    __tablename__ = "held_back"

    record_id: str = Field(primary_key=True)
    at: str


class ReceiptRow(VaultRow, table=True):
    """What the register signed for a batch: the proof behind the word Sent."""

    __tablename__ = "receipt"

    n: int | None = Field(default=None, primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)
    at: str


class DraftRow(VaultRow, table=True):
    """Half-typed text, this laptop only."""

    __tablename__ = "draft"

    key: str = Field(primary_key=True)
    text: str
    at: str


class StepRow(VaultRow, table=True):
    """One thing a person did, by the trail rows it left: what undo takes back. This laptop only."""

    __tablename__ = "step"
    __table_args__ = (Index("step_enterprise", "enterprise_id", "n"),)

    n: int | None = Field(default=None, primary_key=True)
    at: str
    by_id: str
    name: str
    enterprise_id: str
    trail: str
    fixed: str
    undone: int


class DeskRow(VaultRow, table=True):
    """What the desk remembers: where the person was, views of lists. This laptop only."""

    __tablename__ = "desk"

    key: str = Field(primary_key=True)
    text: str


class StoredFileRow(VaultRow, table=True):
    """Where a file's encrypted bytes lie, under which key, and whether the register has them."""

    __tablename__ = "stored_file"

    sha256: str = Field(primary_key=True)
    file_name: str = Field(unique=True)
    size: int
    mime: str
    key: bytes = Field(sa_type=LargeBinary)
    stored_at: str
    sent_at: str | None = None


class FileRefusedRow(VaultRow, table=True):
    """Why the register did not take a file's bytes, in its words."""

    __tablename__ = "file_refused"

    sha256: str = Field(primary_key=True)
    words: str
    at: str


class CaseloadSummaryRow(VaultRow, table=True):
    """One line of the caseload, kept in step with the records in the same transaction."""

    __tablename__ = "caseload"

    n: int | None = Field(default=None, primary_key=True)
    enterprise_id: str = Field(unique=True)
    name: str
    leader: str
    place: str
    district: str
    entity_form: str
    stage: str
    done: int
    of: int
    next_action: str
    next_due: str
    waiting_on: str
    last_contact: str
    words: str


class FindTermRow(VaultRow, table=True):
    """A word that search knows. One that is gone from the records may stay until an erasure."""

    __tablename__ = "find_term"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: str = Field(primary_key=True)


class FindRow(VaultRow, table=True):
    """What the search box looks through: one row a record that has words."""

    __tablename__ = "find"

    n: int | None = Field(default=None, primary_key=True)
    kind: str
    record_id: str = Field(unique=True)
    enterprise_id: str
    title: str
    people: str  # words of an enterprise, a leader or an enquiry
    notes: str  # words of anything else
