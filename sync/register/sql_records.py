"""Records as they stand, in SQL: loaded, locked in order of id, written back once a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, bindparam, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from forms.change import Head
from sync.register.rows import OpenClash, Row
from sync.register.sql_many import execute_many
from sync.register.tables import dangling, record

_SLICE = 500  # ids in one statement
_REST = "*"  # in stored versions: every field that is not named
_AGAIN = update(record).where(record.c.id == bindparam("key"))
_OF_A_CLAIM = ("claim_line", "claim_event")
_encode = msgspec.json.Encoder().encode


class AgainPlease(Exception):
    """Another transaction made the same record first; the work runs again and finds it."""


class Kept(NamedTuple):
    """A record as its row holds it, nothing read yet: the columns, in the order of the table."""

    id: str
    kind: str
    enterprise_id: str
    owner_id: str
    body: str
    versions: str
    heads: str
    born: str
    deleted: int
    clashes: int
    last_actor_id: str
    last_at: str

    def row(self) -> Row:
        """The record read."""
        return _row(tuple(self))


class RecordTable:
    """Records and the dots they still wait for. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def load(self, ids: Iterable[str], *, lock: bool = False) -> dict[str, Row]:
        """Records by id; those unknown are left out. Locks in order of id."""
        wanted = sorted(set(ids))
        out: dict[str, Row] = {}
        for start in range(0, len(wanted), _SLICE):
            query = (
                select(record)
                .where(record.c.id.in_(wanted[start : start + _SLICE]))
                .order_by(record.c.id)
            )
            out.update((row.id, row) for row in self._rows(query, lock=lock))
        return out

    def leaned_on(self, ids: Iterable[str]) -> set[str]:
        """The enterprises and claims that these records hang on."""
        wanted = sorted(set(ids))
        out: set[str] = set()
        body = case((record.c.kind.in_(_OF_A_CLAIM), record.c.body), else_="")
        for start in range(0, len(wanted), _SLICE):
            query = select(record.c.enterprise_id, body).where(
                record.c.id.in_(wanted[start : start + _SLICE])
            )
            for enterprise_id, fields in self._c.execute(query):
                out.add(enterprise_id)
                if fields:
                    out.add(str(_decode_fields(fields).get("claim_id") or ""))
        return out - {""}

    def of_kind(self, kind: str, enterprise_id: str = "", *, lock: bool = False) -> list[Row]:
        """Records of a kind, by id, of one enterprise or of all."""
        query = select(record).where(record.c.kind == kind).order_by(record.c.id)
        if enterprise_id:
            query = query.where(record.c.enterprise_id == enterprise_id)
        return self._rows(query, lock=lock)

    def of_cases(self, kinds: Iterable[str], enterprise_ids: Iterable[str]) -> list[Row]:
        """Records of these kinds that hang on these enterprises, and the enterprises, by id."""
        wanted, named = sorted(set(enterprise_ids)), sorted(set(kinds))
        out: list[Row] = []
        for start in range(0, len(wanted), _SLICE):
            some = wanted[start : start + _SLICE]
            mine = record.c.enterprise_id.in_(some) | record.c.id.in_(some)
            query = select(record).where(mine, record.c.kind.in_(named)).order_by(record.c.id)
            out += self._rows(query)
        return out

    def tree(self, enterprise_id: str, *, lock: bool = False) -> list[Row]:
        """An enterprise and everything that hangs on it, by id."""
        query = (
            select(record)
            .where((record.c.enterprise_id == enterprise_id) | (record.c.id == enterprise_id))
            .order_by(record.c.id)
        )
        return self._rows(query, lock=lock)

    def kept_after(self, after: str, limit: int, owner: str | None = None) -> list[Kept]:
        """The next records by id, of one owner or of all."""
        query = select(record).where(record.c.id > after).order_by(record.c.id).limit(limit)
        if owner is not None:
            query = query.where(record.c.owner_id == owner)
        return [Kept._make(found) for found in self._c.execute(query)]

    def open_clashes(self) -> list[Row]:
        """Records with a thing to check."""
        return self._rows(select(record).where(record.c.clashes > 0).order_by(record.c.id))

    def save(self, rows: Sequence[Row]) -> None:
        """Write back what was touched. Raises AgainPlease when a new one exists already."""
        touched = sorted((r for r in rows if r.touched), key=lambda r: r.id)
        fresh = [_values(r) for r in touched if not r.stored]
        known = [{"key": v.pop("id")} | v for v in (_values(r) for r in touched if r.stored)]
        if fresh:
            try:
                execute_many(self._c, "record", insert(record), fresh)
            except IntegrityError as error:
                raise AgainPlease from error
        execute_many(self._c, "record again", _AGAIN, known)

    def await_dot(self, record_id: str, field: str, dot: str, seen: str = "") -> None:
        """Remember that an op named a dot this register has not heard of, and the value it saw."""
        if self._seen_at(record_id, field, dot) is None:
            self._c.execute(
                insert(dangling).values(record_id=record_id, field=field, dot=dot, seen=seen)
            )

    def awaited(self, record_id: str, field: str, dot: str, value: str = "") -> bool:
        """Whether a later op has already replaced this one, having seen this very value."""
        seen = self._seen_at(record_id, field, dot)
        return seen is not None and seen in ("", value)

    def _seen_at(self, record_id: str, field: str, dot: str) -> str | None:
        query = select(dangling.c.seen).where(
            dangling.c.record_id == record_id, dangling.c.field == field, dangling.c.dot == dot
        )
        found = self._c.execute(query).scalar()
        return None if found is None else str(found)

    def any_awaited(self) -> bool:
        """Whether any dot is waited for at all: nearly always not."""
        return self._c.execute(select(dangling.c.dot).limit(1)).first() is not None

    def forget_awaited(self, record_id: str) -> None:
        """An erased record waits for nothing."""
        self._c.execute(delete(dangling).where(dangling.c.record_id == record_id))

    def _rows(self, query: Select[Any], *, lock: bool = False) -> list[Row]:
        if lock:
            query = query.with_for_update()
        return [_row(tuple(found)) for found in self._c.execute(query)]


class _StoredHead(msgspec.Struct, array_like=True):
    dot: str
    value: Any
    actor: str
    at: datetime


class _StoredClash(msgspec.Struct, array_like=True):
    before: Any
    heads: list[_StoredHead]


_decode_fields = msgspec.json.Decoder(dict[str, Any]).decode
_decode_versions = msgspec.json.Decoder(dict[str, tuple[str, ...]]).decode
_decode_heads = msgspec.json.Decoder(dict[str, _StoredClash]).decode


def _row(found: tuple[Any, ...]) -> Row:
    """A record out of its columns, in the order of the table."""
    record_id, kind, enterprise_id, owner_id, body, versions, heads, *rest = found
    born, deleted, _clashes, last_actor_id, last_at = rest
    fields = _decode_fields(body)
    return Row(
        id=record_id,
        kind=kind,
        enterprise_id=enterprise_id,
        owner_id=owner_id,
        fields=fields,
        versions=_unfold(_decode_versions(versions), fields),
        heads=_heads(heads) if heads else {},
        born=tuple(born.split()),
        deleted=bool(deleted),
        last_actor_id=last_actor_id,
        last_at=datetime.fromisoformat(last_at) if last_at else None,
        stored=True,
    )


def _heads(text: str) -> dict[str, OpenClash]:
    return {
        name: OpenClash(
            before=clash.before,
            heads=tuple(
                Head(dot=h.dot, value=h.value, actor_id=h.actor, at=h.at) for h in clash.heads
            ),
        )
        for name, clash in _decode_heads(text).items()
    }


def _values(row: Row) -> dict[str, Any]:
    heads = {
        name: _StoredClash(
            clash.before, [_StoredHead(h.dot, h.value, h.actor_id, h.at) for h in clash.heads]
        )
        for name, clash in row.heads.items()
    }
    return {
        "id": row.id,
        "kind": row.kind,
        "enterprise_id": row.enterprise_id,
        "owner_id": row.owner_id,
        "body": _encode(row.fields).decode(),
        "versions": _encode(_fold(row)).decode(),
        "heads": _encode(heads).decode() if heads else "",
        "born": " ".join(row.born),
        "deleted": int(row.deleted),
        "clashes": len(row.heads),
        "last_actor_id": row.last_actor_id,
        "last_at": row.last_at.isoformat() if row.last_at else "",
    }


def _fold(row: Row) -> dict[str, tuple[str, ...]]:
    """Most fields of most records were last written by the op that made them: that is said once."""
    versions, born = row.versions, row.born[:1]
    if not born or not row.fields.keys() <= versions.keys():
        return versions
    rest = {name: dots for name, dots in versions.items() if dots != born}
    apart = [name for name in versions if name not in row.fields and name not in rest]
    return versions if apart else {_REST: born} | rest


def _unfold(
    folded: dict[str, tuple[str, ...]], fields: dict[str, Any]
) -> dict[str, tuple[str, ...]]:
    rest = folded.pop(_REST, None)
    return folded if rest is None else dict.fromkeys(fields, rest) | folded
