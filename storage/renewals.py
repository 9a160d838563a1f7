"""Records that are here already and were changed elsewhere, taken in by columns.

The usual news of a day: some fields of some records, nothing of them unsent or open here. The rows
are compared and written as the table holds them. Everything else is handed back and goes the long
way, `storage.absorb`. Refuses removed records, and kinds of value that a table keeps otherwise than
they travel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from forms.change import Changed, Columns, Json
from forms.facts.kinds import Kind
from storage import rows, summary, trail
from storage.books import Books
from storage.columns import quick, quick_each
from storage.meta import stamp

_STEP = 32  # records between two looks at the time
_ALIKE = {str, int, bool, Decimal}  # and days: kept as they travel, or nearly
_versions = msgspec.json.Decoder(dict[str, list[str]]).decode


def serves(kind: Kind, names: Sequence[str]) -> bool:
    """Whether fields of these names can be compared as the table holds them."""
    specs = rows.specs_of(kind.name)
    return "enterprise_id" not in names and all(
        specs[name].type in _ALIKE or specs[name].type.__name__ == "date" for name in names
    )


def take(
    books: Books, kind: Kind, block: Columns, kept: Mapping[str, Sequence[object]]
) -> tuple[set[str], int]:
    """Write what is news of records that are here; `kept` are its columns as the table has them.

    (ids of those that were taken in, how many there was time to look at): others among those were
    removed here or are not here.
    """
    names = tuple(kept)
    tied = '"enterprise_id"' if kind.parent_field else "''"
    listed = "".join(f', "{name}"' for name in names)
    found = books.db.rows(
        f'SELECT id, rowid, ver, {tied}{listed} FROM "{kind.name}" '  # noqa: S608 - names of our own classes
        "WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))",
        (quick(block.ids),),
    )
    here = {row[0]: row for row in found}
    news = zip(block.ids, block.dots, block.ats, *kept.values(), strict=True)
    stands, written, about, before_after = [], [], [], []
    taken: set[str] = set()
    flags = [name for name in names if rows.specs_of(kind.name)[name].type is bool]
    by, seen = block.actor_id or "register", _Moments(books.at)
    count = 0
    for one, dot, at, *values in news:
        if count % _STEP == 0 and count and books.is_enough():
            break
        count += 1
        if one not in here:
            continue
        taken.add(one)
        _, place, ver, case, *before = here[one]
        stands.append(_versions(ver) | {name: [dot] for name in names})
        written.append((*values, place))
        was = {n: b for n, b, v in zip(names, before, values, strict=True) if b != v}
        if was:
            now = {n: v for n, v in zip(names, values, strict=True) if n in was}
            about.append((seen.text(at), by, trail.RECEIVED, kind.name, one))
            before_after += [_travelling(was, flags), _travelling(now, flags)]
            _note(books, kind, one, case, was)
    sets = ", ".join(f'"{name}" = ?' for name in ("ver", *names))
    books.db.do_many(
        f'UPDATE "{kind.name}" SET {sets} WHERE rowid = ?',  # noqa: S608 - as above
        [(ver, *row) for ver, row in zip(quick_each(stands), written, strict=True)],
    )
    texts = iter(quick_each(before_after))
    told = [(*row, was, now, "") for row, was, now in zip(about, texts, texts, strict=True)]
    trail.write_rows(books.db, told)
    return taken, count


class _Moments:
    """Moments as the books write them: those of one page are often the same."""

    def __init__(self, otherwise: datetime) -> None:
        self._otherwise, self._at, self._text = otherwise, otherwise, stamp(otherwise)

    def text(self, at: datetime | None) -> str:
        """One of them, or of the page when the record has none of its own."""
        moment = at or self._otherwise
        if moment is not self._at and moment != self._at:
            self._at, self._text = moment, stamp(moment)
        return self._text


def _travelling(values: Mapping[str, Json], flags: Sequence[str]) -> Mapping[str, Json]:
    """Values of the table as they travel."""
    true = {name: bool(values[name]) for name in flags if values.get(name) is not None}
    return {**values, **true} if true else values


def _note(books: Books, kind: Kind, one: str, case: str, was: Mapping[str, object]) -> None:
    """What people see changed, and whose case and line in lists that is."""
    books.arrived.append(Changed(kind.name, one, frozenset(was)))
    owner = one if kind.name == "enterprise" else case
    books.cases.update({owner or one} if kind.name in ("enterprise", "enquiry") else {owner} - {""})
    if kind.name in summary.FEEDS_CASELOAD:
        books.lines.add(owner)
