"""What the register tells in columns, taken in by columns: a first pull, and the news of a day.

What is plain (a kind we know, values as they should be, nothing of it unsent or open here) is
proven a column at a time and written without a record being made of each. The rest is handed back
and goes the long way, `storage.absorb`, judged field by field. Refuses to be the only way: what is
written here is what the long way would have written, row for row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice, repeat, starmap
from types import NoneType

import msgspec

from forms.change import Changed, Columns, Json
from forms.facts.kinds import KINDS, FieldSpec, Kind
from storage import renewals, room, rows, summary, trail
from storage.books import Books
from storage.columns import quick, quick_each, saying
from storage.database import Database
from storage.meta import stamp
from storage.rows import MOST_HELD, as_text
from storage.statements import plan_of
from storage.text import is_whole

_LONGEST_ID = 200
_STEP = 128  # rows written between two looks at the time
_ERASURE = "anonymised_on"
_AMONG = "IN (SELECT value FROM json_each(?))"
# What the long way looks at before it believes that nobody here has a say.
_NOT_PLAIN = (
    "outbox INDEXED BY outbox_unsent_record WHERE acked_at IS NULL",
    "clash WHERE settled_at IS NULL",
    "parked WHERE 1",
)
_ANY = "SELECT " + ", ".join(f"EXISTS(SELECT 1 FROM {which})" for which in _NOT_PLAIN)  # noqa: S608 - constants of this module


class _NotPlain(Exception):
    """A column that has to be looked at value by value."""


def take(books: Books, block: Columns) -> tuple[Columns, Columns]:
    """Write the records of a block that are plain, new here or not, as far as there is time.

    (what goes the long way, what another commit has to take in).
    """
    kind, none = KINDS.get(block.kind), block.some(())
    if kind is None or kind.local or not _knows(kind, block):
        return block, none
    held = _held(books.db, block.ids)
    whole = all(spec.name in block.fields for spec in kind.specs if spec.required)
    # what does not say all that a new record needs is news of known ones: `renewals` looks itself
    here = _here(books.db, kind, block.ids) if whole else set(block.ids)
    fresh = [i for i, one in enumerate(block.ids) if one not in here and one not in held]
    known = [i for i, one in enumerate(block.ids) if one in here and one not in held]
    taken: set[str] = set()
    later: list[int] = []
    try:
        if fresh:
            count = _arrive(books, kind, _part(block, fresh))
            taken.update(block.ids[i] for i in fresh[:count])
            later = fresh[count:]
        if later:
            later += known
        elif known and renewals.serves(kind, tuple(block.fields)):
            some = _part(block, known)
            renewed, count = renewals.take(books, kind, some, _all_kept(kind, some))
            taken |= renewed
            later = known[count:]
    except _NotPlain:
        pass
    if not later:
        return block.some([i for i, one in enumerate(block.ids) if one not in taken]), none
    waits = set(later)
    odd = [i for i, one in enumerate(block.ids) if one not in taken and i not in waits]
    return block.some(odd), block.some(sorted(waits))


def _part(block: Columns, places: Sequence[int]) -> Columns:
    return block if len(places) == len(block.ids) else block.some(places)


def _arrive(books: Books, kind: Kind, plain: Columns) -> int:
    """Records that are new here, from the first on; for how many there was time."""
    values, count, done = _rows(kind, plain), len(plain.ids), 0
    while done < count and not (done and books.is_enough()):
        books.db.do_many(plan_of(kind.name).upsert, islice(values, _STEP))
        done = min(count, done + _STEP)
    plain = plain if done == count else plain.part(0, done)
    trail.write_rows(books.db, _told(books, plain))
    names = frozenset(plain.fields)
    books.arrived += [Changed(kind.name, one, names) for one in plain.ids]
    _follow(books, kind, plain)
    return done


def _knows(kind: Kind, block: Columns) -> bool:
    """Whether these are fields of the kind, each record once, and nobody is erased."""
    return (
        block.fields.keys() <= rows.specs_of(kind.name).keys()
        and not any(block.fields.get(_ERASURE, ()))
        and all(0 < len(one) <= _LONGEST_ID for one in block.ids)
        and len(set(block.ids)) == len(block.ids)
    )


def _held(db: Database, ids: Sequence[str]) -> set[str]:
    """Records of which something is unsent, open or parked here: most often there is none."""
    looks = [which for which, any_ in zip(_NOT_PLAIN, db.row(_ANY), strict=True) if any_]
    if not looks:
        return set()
    wanted = (quick(ids),)
    return {
        row[0]
        for which in looks
        for row in db.rows(f"SELECT record_id FROM {which} AND record_id {_AMONG}", wanted)  # noqa: S608 - constants of this module
    }


def _here(db: Database, kind: Kind, ids: Sequence[str]) -> set[str]:
    sql = f'SELECT id FROM "{kind.name}" WHERE id {_AMONG}'  # noqa: S608 - a name of our own
    return {row[0] for row in db.rows(sql, (quick(ids),))}


def _all_kept(kind: Kind, block: Columns) -> dict[str, Sequence[object]]:
    """Columns as the table holds them, in the order of the kind's fields. Raises _NotPlain."""
    return {
        spec.name: _kept(kind.name, spec, block.fields[spec.name])
        for spec in kind.specs
        if spec.name in block.fields
    }


def _rows(kind: Kind, block: Columns) -> Iterator[tuple[object, ...]]:
    """Rows as the table holds them. Raises _NotPlain."""
    kept = _all_kept(kind, block)
    plan, defaults = plan_of(kind.name), rows.defaults_of(kind.name)
    columns = [
        kept[spec.name] if spec.name in kept else repeat(plan.bind(spec.name, defaults[spec.name]))
        for spec in kind.specs
    ]
    return zip(block.ids, _versions(kind, block), repeat(0), repeat("{}"), *columns)


def _versions(kind: Kind, block: Columns) -> list[str]:
    """The star for a record that came whole, else each field by name; a dot is two numbers."""
    whole = len(block.fields) == len(kind.specs)
    names = ("*",) if whole else tuple(block.fields)
    parts = (quick(dict.fromkeys(names, ("@",))) + room.of(kind.name)).split("@")
    if len(parts) == 2:
        before, after = parts
        return [f"{before}{dot}{after}" for dot in block.dots]
    return [dot.join(parts) for dot in block.dots]


def _kept(kind: str, spec: FieldSpec, column: Sequence[Json]) -> Sequence[object]:
    """A column as the table holds it. Raises _NotPlain for what is not plainly right."""
    wire, keeps = _KEEPS[spec.type]
    seen = set(map(type, column))
    if not seen <= ({wire, NoneType} if spec.optional else {wire}):
        raise _NotPlain
    if wire in (list, dict):
        return [keeps(value) for value in column]
    if keeps is _text:  # all of them at once
        _text("".join(filter(None, column)))
        return column
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
    if not 0 <= value <= MOST_HELD:
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
    if not number.is_finite() or number < 0 or number > MOST_HELD or str(number) != value:
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
    columns = [_less(plain, name, block.fields[name]) for name in names]
    by, now = block.actor_id or "register", stamp(books.at)
    said = list(starmap(saying(tuple(names)), zip(*columns, strict=True)))
    moments = {at: stamp(at) if at is not None else now for at in set(block.ats)}
    return zip(
        [moments[at] for at in block.ats],
        repeat(by),
        repeat(trail.RECEIVED),
        repeat(block.kind),
        block.ids,
        repeat("{}"),
        quick_each(said) if columns else repeat("{}"),
        repeat(""),
    )


def _less(plain: Mapping[str, Json], name: str, column: Sequence[Json]) -> Sequence[object]:
    """The values that say more than the default does: the others are not written at all."""
    if name not in plain or plain[name] not in column:
        return column
    return [msgspec.UNSET if value == plain[name] else value for value in column]


def _says(plain: Json, column: Sequence[Json]) -> bool:
    return column.count(plain) < len(column)


def _follow(books: Books, kind: Kind, block: Columns) -> None:
    """Lines of the caseload, and whose case these belong to."""
    cases = block.ids if kind.name in ("enterprise", "enquiry") else ()
    books.cases.update(block.fields.get("enterprise_id", ()))  # a block that erases is not plain
    books.cases.discard("")
    if kind.name in summary.FEEDS_CASELOAD:
        books.lines.update(cases or block.fields.get("enterprise_id", ()))
