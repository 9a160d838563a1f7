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
from operator import eq
from typing import Any

import msgspec

from forms.change import Changed, Columns
from forms.facts.kinds import Kind
from storage import room, rows, summary, trail
from storage.books import Books
from storage.columns import quick, quick_each, saying
from storage.meta import stamp

_STEP = 32  # records between two looks at the time
_ALIKE = {str, int, bool, Decimal}  # and days: kept as they travel, or nearly
_FIRST = 4  # columns of a row before those that are compared: id, place, versions, case
_ALONE = (msgspec.UNSET, msgspec.UNSET)  # of a field that is as it was, nothing is told
_versions = msgspec.json.Decoder(dict[str, list[str]]).decode
Row = tuple[Any, ...]


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
    news, count = _News(books, kind, names, block.actor_id or "register"), 0
    here = {row[0]: row for row in found}
    told = zip(block.ids, block.dots, block.ats, zip(*kept.values(), strict=True), strict=True)
    for one, dot, at, values in told:
        if count % _STEP == 0 and count and books.is_enough():
            break
        count += 1
        row = here.get(one)
        if row is not None:
            news.meet(row, dot, at, values)
    news.write()
    return {row[0] for row, _ in news.met}, count


class _News:
    """What a block says of rows that are here: gathered one by one, then written together."""

    def __init__(self, books: Books, kind: Kind, names: tuple[str, ...], by: str) -> None:
        self.met: list[tuple[Row, Row]] = []  # a row as it was, and the values that were told
        self._books, self._kind, self._names, self._by = books, kind.name, names, by
        self._stands: list[dict[str, list[str]]] = []
        self._differ: list[tuple[Row, Row]] = []  # of those values what differs, before and after
        self._about: list[tuple[str, ...]] = []
        self._before_after: list[msgspec.Struct] = []
        specs = rows.specs_of(kind.name)
        self._flags = [place for place, name in enumerate(names) if specs[name].type is bool]
        self._all, self._says = frozenset(names), saying(names)
        self._moments = _Moments(books.at)
        self._is_case = kind.name in ("enterprise", "enquiry")
        self._feeds_lines = kind.name in summary.FEEDS_CASELOAD

    def meet(self, row: Row, dot: str, at: datetime | None, values: Row) -> None:
        """One record: its row, and what is told of it."""
        self.met.append((row, values))
        stands, only = _versions(row[2]), [dot]
        for name in self._names:
            stands[name] = only
        self._stands.append(stands)
        before, names = row[_FIRST:], self._all
        if before == values:
            self._differ.append(((), ()))
            return
        if self._flags:
            before, values = self._travelling(before), self._travelling(values)
        if True in map(eq, before, values):
            pairs = list(zip(before, values, strict=True))
            names = frozenset(
                name for name, (was, now) in zip(self._names, pairs, strict=True) if was != now
            )
            pairs = [_ALONE if was == now else (was, now) for was, now in pairs]
            before, values = zip(*pairs, strict=True)
        self._differ.append((before, values))
        one = row[0]
        self._about.append((self._moments.text(at), self._by, trail.RECEIVED, self._kind, one))
        self._before_after += (self._says(*before), self._says(*values))
        self._books.arrived.append(Changed(self._kind, one, names))
        self._note(one, one if self._kind == "enterprise" else row[3])

    def write(self) -> None:
        """The rows, and what the trail tells of them."""
        db = self._books.db
        sets = ", ".join(f'"{name}" = ?' for name in ("ver", *self._names))
        stands = zip(quick_each(self._stands), self._differ, self.met, strict=True)
        db.do_many(
            f'UPDATE "{self._kind}" SET {sets} WHERE rowid = ?',  # noqa: S608 - as above
            [
                (room.kept(ver, row[2], *differ), *values, row[1])
                for ver, differ, (row, values) in stands
            ],
        )
        texts = iter(quick_each(self._before_after))
        told = zip(self._about, texts, texts, strict=True)
        trail.write_rows(db, [(*about, was, now, "") for about, was, now in told])

    def _travelling(self, values: Row) -> Row:
        """Values of the table as they travel."""
        out = list(values)
        for place in self._flags:
            if out[place] is not None:
                out[place] = bool(out[place])
        return tuple(out)

    def _note(self, one: str, owner: str) -> None:
        """Whose case and line in lists that is."""
        case = owner or one if self._is_case else owner
        if case:
            self._books.cases.add(case)
        if self._feeds_lines:
            self._books.lines.add(owner)


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
