"""One number for one record as it stands, so that two ends can compare without sending records.

Sums of these numbers do not depend on order; 256 of them, by record, tell where two ends differ.
A field at its default says nothing, so an end that may not see a field has the same number as one
where nobody filled it. A coach's own notes and fields of a newer program are left out. Refuses to
be a proof against somebody who wants two records to look alike: it finds faults, not forgers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from hashlib import blake2b

import msgspec

from forms.change import DELETED, Json
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, defaults_of

PLACES = 256
_WIDE = 1 << 53  # a number that every JSON reader can hold
_encode = msgspec.json.Encoder(order="deterministic").encode


def place_of(record_id: str) -> int:
    """Which of the 256 sums a record is in."""
    return blake2b(record_id.encode(), digest_size=1).digest()[0]


def sum_of(
    kind: str,
    record_id: str,
    fields: Mapping[str, Json],
    dots: Callable[[str], Collection[str]],
    *,
    deleted: bool = False,
    clashing: Collection[str] = (),
) -> int:
    """The number of one record: its values, the names behind them, what is open."""
    plain, forms = defaults_of(kind), _compared(kind)
    said = {}
    for name, form in forms.items():
        value = fields.get(name)
        if name in fields and (name not in plain or value != plain[name]):
            said[name] = (form(value), sorted(dots(name)))
    body = _encode((kind, record_id, said, deleted, sorted({*forms, DELETED} & set(clashing))))
    return int.from_bytes(blake2b(body, digest_size=8).digest()) % _WIDE


def added(sums: list[int], record_id: str, number: int) -> None:
    """Put a record's number to the sum of its place."""
    place = place_of(record_id)
    sums[place] = (sums[place] + number) % _WIDE


def total_of(sums: Collection[int]) -> int:
    """One number for all the places."""
    return int.from_bytes(blake2b(_encode(list(sums)), digest_size=8).digest()) % _WIDE


def _same(value: Json) -> Json:
    return value


def _moment(value: Json) -> Json:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC).isoformat()
    except ValueError:
        return value


def _decimal(value: Json) -> Json:
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except ArithmeticError:
        return value


@cache
def _compared(kind: str) -> Mapping[str, Callable[[Json], Json]]:
    """Field -> how its value is written for comparing."""
    ways = {datetime: _moment, Decimal: _decimal}
    return {
        spec.name: ways.get(spec.type, _same)
        for spec in KINDS[kind].specs
        if spec.policy is not Policy.PRIVATE
    }
