"""Records as they stand, in SQL: loaded, locked in order of id, written back once a transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, case, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from sync.register.errors import AgainPlease
from sync.register.rows import OpenClash, Row
from sync.register.sql_many import among, insert_many, update_many
from sync.register.sql_said import Rows, Said, is_one_of_many, listed
from sync.register.stored import REST, Kept, StoredClash, StoredHead, Unread, fields_in
from sync.register.tables import dangling, record

Meanwhile = Callable[[], object] | None  # a little to do while the database is busy
PART = 250  # records that are asked for at once
_OF_A_CLAIM = ("claim_line", "claim_event")
_ALL = tuple(record.columns)
_PLACE = (record.c.kind, record.c.enterprise_id, record.c.owner_id, record.c.clashes)
_WITHIN = tuple(c for c in _ALL if c not in _PLACE)  # what no index is over
_within = itemgetter(*(_ALL.index(c) for c in _WITHIN))
_EDITED = (
    record.c.id,
    record.c.body,
    record.c.versions,
    record.c.last_actor_id,
    record.c.last_at,
)
_ANY_AWAITED = Said(select(dangling.c.dot).limit(1))
_encode = msgspec.json.Encoder().encode


def _by_id(dialect: str) -> Select[Any]:
    return select(record).where(is_one_of_many(dialect, record.c.id)).order_by(record.c.id)


def _hanging(dialect: str) -> Select[Any]:
    of_a_claim = or_(*(record.c.kind == kind for kind in _OF_A_CLAIM))
    hang = or_(record.c.enterprise_id != "", of_a_claim)
    some = is_one_of_many(dialect, record.c.id)
    body = case((of_a_claim, record.c.body), else_="")
    return select(record.c.enterprise_id, body).where(some, hang)


_BODIES = Said(
    select(record.c.id, record.c.body)
    .where(record.c.kind == bindparam("kind"))
    .order_by(record.c.id)
)
_SOME = Said(_by_id)
_SOME_LOCKED = Said(lambda dialect: _by_id(dialect).with_for_update())
_HANGING = Said(_hanging)


class RecordTable:
    """Records and the dots they still wait for. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def load(
        self, ids: Iterable[str], *, lock: bool = False, meanwhile: Meanwhile = None
    ) -> dict[str, Row]:
        """Records by id; those unknown are left out. Locks in order of id.

        `meanwhile` is done after each part, while a database that is elsewhere looks for the next.
        """
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        said = _SOME_LOCKED if lock else _SOME
        parts = [wanted[n : n + PART] for n in range(0, len(wanted), PART)]
        rows: dict[str, Row] = {}

        def take(found: Rows) -> None:
            rows.update((one[0], Unread(one)) for one in found)
            if meanwhile is not None:
                meanwhile()

        said.in_parts(self._c, [{"some": listed(self._c, part)} for part in parts], take)
        return rows

    def kept(self, ids: Iterable[str]) -> list[Kept]:
        """Records by id, as their rows hold them; those unknown are left out."""
        wanted = sorted(set(ids))
        found = _SOME.rows(self._c, some=listed(self._c, wanted)) if wanted else []
        return [Kept._make(one) for one in found]

    def with_what_they_hang_on(
        self,
        ids: Iterable[str],
        cases: Collection[str] = (),
        meanwhile: Meanwhile = None,
    ) -> dict[str, Row]:
        """Records by id, and the enterprises and claims that they hang on: all of them locked.

        A writer of SQLite has the whole database to itself, so it reads them once; elsewhere all
        are named before the first is locked, or two writers could wait for each other. What is said
        to be one of the `cases` hangs on nothing, so that is not asked before.
        """
        wanted, lock = set(ids) - {""}, self._c.dialect.name != "sqlite"
        named = wanted | self.leaned_on(wanted.difference(cases)) if lock else wanted
        rows = self.load(named, lock=lock, meanwhile=meanwhile)
        further = {i for row in rows.values() for i in _leans_on(row)} - named - {""}
        return rows | self.load(further, lock=lock)

    def leaned_on(self, ids: Iterable[str]) -> set[str]:
        """The enterprises and claims that these records hang on."""
        wanted = sorted(set(ids))
        out: set[str] = set()
        if not wanted:
            return out
        for enterprise_id, fields in _HANGING.rows(self._c, some=listed(self._c, wanted)):
            out.add(enterprise_id)
            if fields:
                out.add(str(fields_in(fields).get("claim_id") or ""))
        return out - {""}

    def of_kind(self, kind: str, enterprise_id: str = "", *, lock: bool = False) -> list[Row]:
        """Records of a kind, by id, of one enterprise or of all."""
        query = select(record).where(record.c.kind == kind).order_by(record.c.id)
        if enterprise_id:
            query = query.where(record.c.enterprise_id == enterprise_id)
        return self._rows(query, lock=lock)

    def bodies_of(self, kind: str) -> Rows:
        """(id, fields as they are stored) of the records of a kind, by id: see `fields_in`."""
        return _BODIES.rows(self._c, kind=kind)

    def of_cases(self, kinds: Iterable[str], enterprise_ids: Iterable[str]) -> list[Row]:
        """Records of these kinds that hang on these enterprises, and the enterprises, by id."""
        wanted, named = sorted(set(enterprise_ids)), sorted(set(kinds))
        mine = or_(
            among(self._c, record.c.enterprise_id, wanted), among(self._c, record.c.id, wanted)
        )
        query = select(record).where(mine, record.c.kind.in_(named)).order_by(record.c.id)
        return self._rows(query)

    def tree(self, enterprise_id: str, *, lock: bool = False) -> list[Row]:
        """An enterprise and everything that hangs on it, by id."""
        query = (
            select(record)
            .where((record.c.enterprise_id == enterprise_id) | (record.c.id == enterprise_id))
            .order_by(record.c.id)
        )
        return self._rows(query, lock=lock)

    def count(self, owners: Sequence[str] | None) -> int:
        """How many records of these owners there are; None: of everybody."""
        query = select(func.count()).select_from(record)
        if owners is not None:
            query = query.where(record.c.owner_id.in_(owners))
        return int(self._c.execute(query).scalar_one())

    def pages(self, owners: Sequence[str] | None, size: int) -> Iterator[list[Row]]:
        """All records of these owners (None: of everybody), by id, so many at a time."""
        after = ""
        while True:
            query = select(record).where(record.c.id > after).order_by(record.c.id).limit(size)
            if owners is not None:
                query = query.where(record.c.owner_id.in_(owners))
            rows = self._rows(query)
            yield rows
            if len(rows) < size:
                return
            after = rows[-1].id

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
        try:
            insert_many(self._c, record, (_values(r) for r in touched if r.stored is None))
        except IntegrityError as error:
            raise AgainPlease from error
        moved = [r for r in touched if r.stored is not None and r.stored != r.place]
        changed: list[Row] = []
        stayed = (r for r in touched if r.stored == r.place)
        update_many(self._c, record, _EDITED, _edited(stayed, changed))
        update_many(self._c, record, _ALL, (_values(r) for r in moved))
        update_many(self._c, record, _WITHIN, (_within(_values(r)) for r in changed))

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
        return _ANY_AWAITED.one(self._c) is not None

    def forget_awaited(self, record_id: str) -> None:
        """An erased record waits for nothing."""
        self._c.execute(delete(dangling).where(dangling.c.record_id == record_id))

    def _rows(self, query: Select[Any], *, lock: bool = False) -> list[Row]:
        if lock:
            query = query.with_for_update()
        return [Unread(found) for found in self._c.execute(query)]


def _leans_on(row: Row) -> tuple[str, ...]:
    """The enterprise and the claim that a record hangs on."""
    if row.kind in _OF_A_CLAIM:
        return row.enterprise_id, str(row.fields.get("claim_id") or "")
    return (row.enterprise_id,)


def _values(row: Row) -> tuple[Any, ...]:
    """A record as its columns, in the order of the table."""
    said = row.written() if isinstance(row, Unread) else None
    body, versions = said or (_encode(row.fields).decode(), _encode(_fold(row)).decode())
    return (
        row.id,
        row.kind,
        row.enterprise_id,
        row.owner_id,
        body,
        versions,
        _encode(_stored(row.heads)).decode() if row.heads else "",
        " ".join(row.born),
        int(row.deleted),
        len(row.heads),
        row.last_actor_id,
        _text(row.last_at) if row.last_at else "",
    )


def _edited(rows: Iterable[Row], rest: list[Row]) -> Iterator[tuple[str, ...]]:
    """What edits that nobody has read change of a row; rows with more than that go to the rest."""
    for row in rows:
        said = row.written() if isinstance(row, Unread) else None
        if said is None or row.last_at is None:
            rest.append(row)
        else:
            yield (row.id, *said, row.last_actor_id, _text(row.last_at))


_text = lru_cache(maxsize=64)(datetime.isoformat)  # many records change at one moment


def _stored(heads: Mapping[str, OpenClash]) -> dict[str, StoredClash]:
    return {
        name: StoredClash(
            clash.before, [StoredHead(h.dot, h.value, h.actor_id, h.at) for h in clash.heads]
        )
        for name, clash in heads.items()
    }


def _fold(row: Row) -> dict[str, tuple[str, ...]]:
    """Most fields of most records were last written by the op that made them: that is said once."""
    versions, born = row.versions, row.born
    if len(born) != 1:
        born = born[:1]
    if not born or not row.fields.keys() <= versions.keys():
        return versions
    # nearly all are the very same tuple: see `Unread`
    rest = {name: dots for name, dots in versions.items() if dots is not born and dots != born}
    if len(versions) == len(row.fields):
        return {REST: born, **rest} if rest else {REST: born}
    apart = [name for name in versions if name not in row.fields and name not in rest]
    return versions if apart else {REST: born, **rest}
