"""The rows behind every indicator, for the workbook. Internal only: they name records."""

from __future__ import annotations

from evidence.blocks import Column, Format, Table, Value
from evidence.dossier import Dossier
from evidence.reports.view import View
from forms.rules.indicators import Indicator

_HEAD = (
    Column("Figure"),
    Column("Part"),
    Column("Enterprise", row_header=True),
    Column("Kind of record"),
    Column("Record"),
    Column("Adds", Format.HOURS),
    Column("Why left out, or note"),
)


def sheets(view: View) -> tuple[Table, ...]:
    """One table an indicator that has any rows."""
    made = (_sheet(view.dossier, item) for item in view.indicators.values())
    return tuple(table for table in made if table.rows)


def _sheet(dossier: Dossier, item: Indicator) -> Table:
    rows: list[tuple[Value, ...]] = []
    for figure in item.figures:
        for part, found in (("counted", figure.rows), ("divided by", figure.denominator)):
            rows += [
                (figure.label, part, name(dossier, r.enterprise_id), r.kind, r.record_id, r.value,
                 r.note)
                for r in found
            ]  # fmt: skip
        rows += [
            (figure.label, "left out", name(dossier, x.enterprise_id), x.kind, x.record_id, None,
             x.reason)
            for x in figure.left_out
        ]  # fmt: skip
    return Table(key=item.id, caption=f"{item.id} {item.title}", columns=_HEAD, rows=tuple(rows))


def name(dossier: Dossier, enterprise_id: str) -> str:
    """The enterprise's name, nothing for records that belong to none."""
    return dossier.name_of(enterprise_id) if enterprise_id else ""
