"""Rows of the outbox that differ in their values only, read as columns: a batch as it travels.

A hundred edits of one afternoon are mostly one verb on one kind and the same fields. What they say
is then read in three goes instead of three for each, and no op is made of what is only sent on.
Refuses rows of which one is not like the first: whoever asks reads them one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from keyword import iskeyword
from typing import Any

import msgspec

from forms.change import AlikeOps, Verb

FEWEST = 8  # rows, from which columns are the quicker way
_names = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_Columns = Mapping[str, Sequence[Any]]


def alike(rows: Sequence[Sequence[Any]]) -> AlikeOps | None:
    """Rows (`outbox._COLUMNS`) as columns; None where they are few, or not alike."""
    if len(rows) < FEWEST:
        return None
    incs, seqs, hlcs, _, actors, verbs, kinds, ids, fields, base, was, notes, schemas = zip(
        *rows, strict=True
    )
    if notes[0] or not all(map(_same, (incs, actors, verbs, kinds, notes, schemas))):
        return None
    try:
        said = [_columns(texts, kept) for texts, kept in ((fields, Any), (base, _Dots), (was, Any))]
    except msgspec.ValidationError:
        return None
    return AlikeOps(
        inc=incs[0],
        actor_id=actors[0],
        verb=Verb(verbs[0]),
        kind=kinds[0],
        schema=schemas[0],
        seqs=seqs,
        hlcs=hlcs,
        ids=ids,
        fields=said[0],
        base=said[1],
        was=said[2],
    )


_Dots = tuple[str, ...]


def _same(column: Sequence[Any]) -> bool:
    return column.count(column[0]) == len(column)


def _columns(texts: Sequence[str], kept: Any) -> _Columns:
    """What objects with the same names say, by name. Raises msgspec.ValidationError."""
    names = tuple(_names(texts[0]))
    if not names:
        if not _same(texts):
            raise msgspec.ValidationError("names beside none")
        return {}
    objects = _reader(names, kept).decode(f"[{','.join(texts)}]")
    if len(objects) != len(texts):
        raise msgspec.ValidationError("more than one object in a row")
    values = zip(*map(msgspec.structs.astuple, objects), strict=True)
    return dict(zip(names, values, strict=True))


@lru_cache(maxsize=256)
def _reader(names: tuple[str, ...], kept: Any) -> msgspec.json.Decoder[list[msgspec.Struct]]:
    """Reads objects of exactly these names. Raises msgspec.ValidationError for odd ones."""
    if not all(name.isidentifier() and not iskeyword(name) for name in names):
        raise msgspec.ValidationError("names that no kind has")
    said = msgspec.defstruct(
        "Said", [(name, kept) for name in names], forbid_unknown_fields=True, gc=False
    )
    return msgspec.json.Decoder(list[said])  # type: ignore[valid-type]
