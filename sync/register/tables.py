"""The register's tables as SQLAlchemy Core sees them. The migrations make them; a test compares.

Refuses to create anything, and to know a dialect: the same statements run on both databases.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _bytes(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=key, nullable=False)


meta = Table("meta", metadata, _text("k", key=True), _text("v"))
feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    _number("n"),
    _text("chain"),
    Column("behind", BigInteger, nullable=False, server_default="0"),
)
person = Table(
    "person",
    metadata,
    _text("id", key=True),
    _text("name"),
    _text("role"),
    _flag("active"),
    _text("added_at"),
)
code = Table(
    "code",
    metadata,
    _text("locator", key=True),
    _bytes("secret"),
    _text("person_id"),
    _text("expires_at"),
    _flag("tries"),
    _text("used_at"),
)
device = Table(
    "device",
    metadata,
    _text("id", key=True),
    _text("person_id"),
    _bytes("public_key"),
    _text("label"),
    _text("enrolled_at"),
    _text("revoked_at"),
    _text("seen_at"),
)
retired_device = Table("retired_device", metadata, _text("device_id", key=True), _text("at"))
device_waiting = Table(
    "device_waiting",
    metadata,
    _text("device_id", key=True),
    _number("count"),
    _text("since"),
    _text("at"),
)
incarnation = Table(
    "incarnation",
    metadata,
    _number("inc", key=True),
    _text("device_id"),
    _text("person_id"),
    _number("last"),
)
record = Table(
    "record",
    metadata,
    _text("id", key=True),
    _text("kind"),
    _text("enterprise_id"),
    _text("owner_id"),
    _text("body"),
    _text("versions"),
    _text("heads"),
    _text("born"),
    _flag("deleted"),
    _flag("clashes"),
    _text("last_actor_id"),
    _text("last_at"),
)
op = Table(
    "op",
    metadata,
    _number("feed_seq", key=True),
    _number("inc"),
    _number("seq"),
    _number("hlc"),
    _text("received_at"),
    _text("actor_id"),
    _text("verb"),
    _text("kind"),
    _text("record_id"),
    _text("names"),
    _text("hash"),
    _text("body"),
    _text("result"),
    _text("words"),
    _text("later"),
    _text("chain"),
)
dangling = Table(
    "dangling",
    metadata,
    _text("record_id", key=True),
    _text("field", key=True),
    _text("dot", key=True),
    _text("seen"),
)
scope_log = Table(
    "scope_log",
    metadata,
    _number("feed_seq", key=True),
    _text("enterprise_id", key=True),
    _text("audience", key=True),
    _text("way", key=True),
)
decision = Table(
    "decision",
    metadata,
    _text("id", key=True),
    _text("name"),
    _text("subject_id"),
    _text("asked_by_id"),
    _text("asked_at"),
    _text("payload"),
    _text("state"),
    _text("codes"),
    _text("words"),
    _text("answered_at"),
    _number("feed_seq"),
)
blob = Table(  # whole files: `held` is their size, `parts` the name under which the bytes lie
    "blob",
    metadata,
    _text("sha256", key=True),
    _number("size"),
    _number("held"),
    _flag("complete"),
    Column("parts", Text, nullable=False, server_default=""),
    Column("person_id", Text, nullable=False, server_default=""),
)
blob_part = Table(  # `sha256`: the upload they came by, or in older rows the file itself
    "blob_part", metadata, _text("sha256", key=True), _number("start", key=True), _bytes("bytes")
)
upload = Table(
    "upload",
    metadata,
    _text("id", key=True),
    _text("sha256"),
    _text("record_id"),
    _text("device_id"),
    _text("person_id"),
    _number("size"),
    _number("held"),
    _text("at"),
)
blob_shown = Table(
    "blob_shown",
    metadata,
    _text("sha256", key=True),
    _text("record_id", key=True),
    _number("held"),
    _flag("good"),
)
directory = Table(
    "directory",
    metadata,
    _text("entry_id", key=True),
    _text("enterprise_id"),
    _text("fields"),
    _text("published_on"),
)

rate = Table("rate", metadata, _text("bucket", key=True), _number("n"), _text("until"))
quota = Table("quota", metadata, _text("person_id", key=True), _number("bytes"))
audit = Table("audit", metadata, _number("n", key=True), _text("entry"), _bytes("leaf"))
audit_node = Table(
    "audit_node", metadata, _number("level", key=True), _number("place", key=True), _bytes("hash")
)
audit_head = Table(
    "audit_head", metadata, Column("id", Integer, primary_key=True), _number("n"), _text("last")
)

identity = Table(
    "identity",
    metadata,
    _text("issuer", key=True),
    _text("subject", key=True),
    _text("person_id"),
)
sign_in = Table(
    "sign_in",
    metadata,
    _bytes("ticket", key=True),
    _text("nonce"),
    _text("expires_at"),
    _text("used_at"),
)
login = Table(
    "login",
    metadata,
    _text("id", key=True),
    _text("person_id"),
    _bytes("access"),
    _text("access_until"),
    _text("refresh_until"),
    _text("ends_at"),
    _text("started_at"),
    _text("ended_at"),
    _text("ended_why"),
)
login_refresh = Table(
    "login_refresh", metadata, _bytes("refresh", key=True), _text("login_id"), _text("used_at")
)
