"""How a rule looks up the records around a decision, whoever keeps them.

The vault's reader has this shape but for `writers`, which the register alone knows whole; the
register gives one over its own transaction. Refuses to write: a rule reads and says what should
change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Records(Protocol):
    """Records as they are now; deleted ones are asked for by name."""

    def get(self, kind: type[T], record_id: str, /) -> T | None:
        """The record of this class with this id, or None."""
        ...

    def all(self, kind: type[T], /, **equal: object) -> Sequence[T]:
        """Every record of this class whose fields equal these values, ordered by id."""
        ...

    def removed(self, kind: type[T], /, **equal: object) -> Sequence[T]:
        """The same of records that were removed: they keep their words until these are emptied."""
        ...

    def writers(self, record_ids: Collection[str], /) -> frozenset[str]:
        """Who wrote in these records themselves, by an edit that counts, as far as is known."""
        ...


class RecordsInHand:
    """Records held in memory: previews, practice data and tests."""

    def __init__(self, records: Iterable[Any] = ()) -> None:
        self._by_kind: dict[type, dict[str, Any]] = {}
        self._removed: dict[type, dict[str, Any]] = {}
        self._wrote: dict[str, set[str]] = {}
        for record in records:
            self.put(record)

    def put(self, record: Any, by: str = "") -> None:
        """Add a record or put it in the place of the one with its id; who wrote it, if said."""
        if by:
            self._wrote.setdefault(record.id, set()).add(by)
        self._by_kind.setdefault(type(record), {})[record.id] = record

    def drop(self, kind: type, record_id: str) -> None:
        """Take a record away; it is among the removed from now on."""
        gone = self._by_kind.get(kind, {}).pop(record_id, None)
        if gone is not None:
            self._removed.setdefault(kind, {})[record_id] = gone

    def get(self, kind: type[T], record_id: str, /) -> T | None:
        """The record of this class with this id, or None."""
        return self._by_kind.get(kind, {}).get(record_id)

    def all(self, kind: type[T], /, **equal: object) -> Sequence[T]:
        """Every record of this class whose fields equal these values, ordered by id."""
        return _equal(self._by_kind.get(kind, {}), equal)

    def removed(self, kind: type[T], /, **equal: object) -> Sequence[T]:
        """The same of those that were taken away."""
        return _equal(self._removed.get(kind, {}), equal)

    def writers(self, record_ids: Collection[str], /) -> frozenset[str]:
        """Who wrote in these records, as they were put."""
        return frozenset[str]().union(*(self._wrote.get(one, ()) for one in record_ids))


def _equal(held: Mapping[str, Any], equal: Mapping[str, object]) -> list[Any]:
    return [
        record
        for _, record in sorted(held.items())
        if all(getattr(record, name) == value for name, value in equal.items())
    ]
