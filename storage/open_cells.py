"""Values as cells of a CSV file, and back: equal after the way out and in.

A text that a spreadsheet would take for a formula gets an apostrophe in front, and so does a text
that begins with one. Refuses to write a cell that computes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from forms.change import DELETED, Json
from forms.facts.kinds import FieldSpec, Kind

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "'", "＝", "＋", "－", "＠")


def defused(text: str) -> str:
    """Text that stays text in every spreadsheet."""
    return "'" + text if text.startswith(_RISKY) else text


def restored(cell: str) -> str:
    """What `defused` was given."""
    return cell.removeprefix("'")


def heading(kind: Kind) -> list[str]:
    """The columns of a kind."""
    return ["id", *(spec.name for spec in kind.specs), DELETED]


def row_of(kind: Kind, record_id: str, fields: Mapping[str, Json], *, deleted: bool) -> list[str]:
    """One record as cells."""
    cells = [_cell(spec, fields[spec.name]) for spec in kind.specs]
    return [defused(record_id), *cells, _flag(deleted)]


def fields_in(kind: Kind, cells: Sequence[str]) -> tuple[str, dict[str, Json], bool]:
    """(id, fields as they travel, removed) of one row."""
    values = dict(zip(heading(kind), cells, strict=True))
    fields = {spec.name: _value(spec, values[spec.name]) for spec in kind.specs}
    return restored(values["id"]), fields, values[DELETED] == _flag(True)


def _cell(spec: FieldSpec, value: Json) -> str:
    if value is None:
        return ""
    if spec.type is bool:
        return _flag(value)
    if spec.type in (tuple, dict):
        return json.dumps(value, ensure_ascii=False)
    return defused(str(value))


def _value(spec: FieldSpec, cell: str) -> Json:
    if cell == "" and spec.optional:
        return None
    if spec.type is bool:
        return cell == _flag(True)
    if spec.type is int:
        return int(cell)
    if spec.type in (tuple, dict):
        return json.loads(cell)
    return restored(cell)


def _flag(value: bool) -> str:  # noqa: FBT001 - a cell is one value
    return "yes" if value else "no"
