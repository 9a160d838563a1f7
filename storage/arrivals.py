"""Records that are new to this laptop, taken in by columns: the bulk of a first pull.

What is plain (a kind we know, values as they should be, nothing of it here yet) is proven a column
at a time and written without a record being made of each. Everything else is handed back and goes
the long way, `storage.absorb`, where it is judged field by field. Refuses to be the only way: what
is written here is what the long way would have written, row for row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from types import NoneType
from typing import Any

from forms.change import Changed, Columns, Json
from forms.facts.kinds import KINDS, FieldSpec, Kind
from storage import rows, summary, trail
from storage.books import Books
from storage.database import Database
from storage.meta import stamp
from storage.rows import as_text
from storage.statements import plan_of
from storage.tables.columns import quick
from storage.text import is_whole

_MOST = 2**63 - 1
_LONGEST_ID = 200
_ERASURE = "anonymised_on"
_AMONG = "IN (SELECT value FROM json_each(?))"
_NOT_FRESH = (  # what the long way looks at before it believes that a record is new
    f"SELECT record_id FROM outbox WHERE acked_at IS NULL AND record_id {_AMONG}",  # noqa: S608 - constants of this module
    f"SELECT record_id FROM clash WHERE settled_at IS NULL AND record_id {_AMONG}",  # noqa: S608 - constants of this module
    f"SELECT record_id FROM parked WHERE record_id {_AMONG}",  # noqa: S608 - constants of this module
)


class _NotPlain(Exception):
    """A column that has to be looked at value by value."""


def take(books: Books, block: Columns) -> Columns:
    """Write the records of a block that are new and plain; the others come back."""
    kind = KINDS.get(block.kind)
    if kind is None or kind.local or not _knows(kind, block):
        return block
    known = _known(books.db, kind, block.ids)
    fresh = [place for place, one in enumerate(block.ids) if one not in known]
    if not fresh or len(set(block.ids)) < len(block.ids):
        return block
    plain = block if len(fresh) == len(block.ids) else block.some(fresh)
    try:
        written = _rows(kind, plain)
    except _NotPlain:
        return block
    books.db.do_many(plan_of(kind.name).upsert, written)
    trail.write_rows(books.db, _told(books, plain))
    names = frozenset(plain.fields)
    books.arrived += [Changed(kind.name, one, names) for one in plain.ids]
    _follow(books, kind, plain)
    if len(fresh) == len(block.ids):
        return block.some(())
    return block.some([place for place, one in enumerate(block.ids) if one in known])


def _knows(kind: Kind, block: Columns) -> bool:
    """Whether these are fields of the kind, what it needs among them, and nobody is erased."""
    specs = rows.specs_of(kind.name)
    needed = {spec.name for spec in kind.specs if spec.required}
    return (
        block.fields.keys() <= specs.keys()
        and needed <= block.fields.keys()
        and not any(block.fields.get(_ERASURE, ()))
        and all(0 < len(one) <= _LONGEST_ID for one in block.ids)
    )


def _known(db: Database, kind: Kind, ids: Sequence[str]) -> set[str]:
    wanted = (as_text(list(ids)),)
    here = f'SELECT id FROM "{kind.name}" WHERE id {_AMONG}'  # noqa: S608 - a name of our own
    return {row[0] for sql in (here, *_NOT_FRESH) for row in db.rows(sql, wanted)}


def _rows(kind: Kind, block: Columns) -> Iterator[tuple[object, ...]]:
    """Rows as the table holds them. Raises _NotPlain."""
    columns: list[Any] = []
    plan, defaults = plan_of(kind.name), rows.defaults_of(kind.name)
    for spec in kind.specs:
        column = block.fields.get(spec.name)
        if column is None:
            columns.append(repeat(plan.bind(spec.name, defaults[spec.name])))
        else:
            columns.append(_kept(kind.name, spec, column))
    versions = _versions(kind, block)
    return zip(block.ids, versions, repeat(0), repeat("{}"), *columns)


def _versions(kind: Kind, block: Columns) -> Iterator[str]:
    """The star for a record that came whole, else each field by name; a dot is two numbers."""
    whole = len(block.fields) == len(kind.specs)
    names = ("*",) if whole else tuple(block.fields)
    text = quick(dict.fromkeys(names, ("@",)))
    return (text.replace("@", dot) for dot in block.dots)


def _kept(kind: str, spec: FieldSpec, column: Sequence[Json]) -> Sequence[object]:
    """A column as the table holds it. Raises _NotPlain for what is not plainly right."""
    wire, keeps = _KEEPS[spec.type]
    seen = set(map(type, column))
    if not seen <= ({wire, NoneType} if spec.optional else {wire}):
        raise _NotPlain
    if wire in (list, dict):
        return [keeps(value) for value in column]
    if keeps is _flag:
        return column
    kept = {value: keeps(value) for value in set(column) if value is not None}
    if spec.type is datetime:
        plan = plan_of(kind)
        kept = {value: plan.bind(spec.name, moment) for value, moment in kept.items()}
        return [kept.get(value) for value in column]
    return column  # as it travels is as it is kept


def _text(value: Json) -> str:
    if "\x00" in value or not is_whole(value):
        raise _NotPlain
    return str(value)


def _number(value: Json) -> int:
    if not 0 <= value <= _MOST:
        raise _NotPlain
    return int(value)


def _flag(value: Json) -> bool:
    return bool(value)


def _day(value: Json) -> str:
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise _NotPlain from error
    if day != value:
        raise _NotPlain
    return day


def _moment(value: Json) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _NotPlain from error
    if moment.tzinfo is None:
        raise _NotPlain
    return moment.astimezone(UTC)


def _decimal(value: Json) -> str:
    try:
        number = Decimal(value)
    except ArithmeticError as error:
        raise _NotPlain from error
    if not number.is_finite() or number < 0 or number > _MOST or str(number) != value:
        raise _NotPlain
    return str(value)


def _texts(value: Json) -> str:
    for one in value:
        if type(one) is not str:
            raise _NotPlain
        _text(one)
    return quick(value)


def _mapping(value: Json) -> str:
    if not is_whole(as_text(value)):
        raise _NotPlain
    return quick(value)


# type of a field -> (type as it travels, what proves a value and says how it is kept)
_KEEPS: dict[type, tuple[type, Callable[[Json], object]]] = {
    str: (str, _text),
    int: (int, _number),
    bool: (bool, _flag),
    date: (str, _day),
    datetime: (str, _moment),
    Decimal: (str, _decimal),
    tuple: (list, _texts),
    dict: (dict, _mapping),
}


def _told(books: Books, block: Columns) -> Iterator[tuple[str, ...]]:
    """The trail's rows: of each record what says more than its default does."""
    plain = rows.defaults_of(block.kind)
    names = [n for n, column in block.fields.items() if n not in plain or _says(plain[n], column)]
    columns = [block.fields[name] for name in names]
    mixed = [(n, plain[n]) for n in names if n in plain and plain[n] in block.fields[n]]
    by, now = block.actor_id or "register", stamp(books.at)
    values = zip(*columns, strict=True) if columns else repeat(())
    for one, at, row in zip(block.ids, block.ats, values):  # noqa: B905 - repeats have no end
        after = dict(zip(names, row, strict=True))
        for name, value in mixed:
            if after[name] == value:
                del after[name]
        when = stamp(at) if at is not None else now
        yield when, by, trail.RECEIVED, block.kind, one, "{}", quick(after), ""


def _says(plain: Json, column: Sequence[Json]) -> bool:
    return any(value != plain for value in column)


def _follow(books: Books, kind: Kind, block: Columns) -> None:
    """Lines of the caseload, and whose case these belong to."""
    cases = block.ids if kind.name in ("enterprise", "enquiry") else ()
    books.cases.update(cases, block.fields.get("enterprise_id", ()))
    books.cases.discard("")
    if kind.name in summary.FEEDS_CASELOAD:
        books.lines.update(cases or block.fields.get("enterprise_id", ()))
