"""The 42 indicators as data, read from catalogue.toml beside this file.

Refuses to compute: the functions beside it do.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from forms.rules.indicators.model import Definition, Timing

_ROWS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["indicator"]

DEFINITIONS: dict[str, Definition] = {
    row["id"]: Definition(
        id=row["id"],
        title=row["title"],
        definition=row["definition"],
        formula=row["formula"],
        breaks_by=tuple(row.get("breaks_by", ())),
        compare_with=row.get("compare_with", ""),
        version=row.get("version", 1),
        timing=Timing(row["timing"]),
    )
    for row in _ROWS
}

NOT_KEPT: dict[str, str] = {row["id"]: row["not_kept"] for row in _ROWS if "not_kept" in row}
