"""The rows behind every indicator, for the workbook. Internal only: they name records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.blocks import Column, Format, Table, Value
from evidence.dossier import Dossier
from forms.rules.indicators import Figure, Indicator

_HEAD = (
    Column("Figure"),
    Column("Enterprise", row_header=True),
    Column("Kind of record"),
    Column("Record"),
    Column("Adds", Format.TEXT),
    Column("Divided by", Format.TEXT),
    Column("Why left out, or note"),
)


def sheets(dossier: Dossier, items: Iterable[Indicator]) -> Iterator[Table]:
    """One table an indicator that has any rows, as each comes: all of them are a county's records.

    `items` with their records, not as `evidence.figures.without_records` leaves them.
    """
    for item in items:
        table = _sheet(dossier, item)
        del item  # its records stand in the table now
        if table.rows:
            yield table
        del table  # before the next figure is worked out


def _sheet(dossier: Dossier, item: Indicator) -> Table:
    rows = [row for figure in item.figures for row in _figure(dossier, figure)]
    return Table(key=item.id, caption=f"{item.id} {item.title}", columns=_HEAD, rows=tuple(rows))


def _figure(dossier: Dossier, figure: Figure) -> list[tuple[Value, ...]]:
    """A record stands once: what it adds above the line, what below, or why it is left out."""
    below = {(row.kind, row.record_id): row for row in figure.denominator}
    rows: list[tuple[Value, ...]] = []
    for row in figure.rows:
        under = below.pop((row.kind, row.record_id), None)
        rows.append(
            (figure.label, name(dossier, row.enterprise_id), row.kind, row.record_id, row.value,
             under.value if under else None, row.note or None)
        )  # fmt: skip
    rows += [
        (figure.label, name(dossier, r.enterprise_id), r.kind, r.record_id, None, r.value,
         r.note or None)
        for r in below.values()
    ]  # fmt: skip
    rows += [
        (figure.label, name(dossier, x.enterprise_id), x.kind, x.record_id, None, None, x.reason)
        for x in figure.left_out
    ]
    return rows


def name(dossier: Dossier, enterprise_id: str) -> str:
    """The enterprise's name, nothing for records that belong to none."""
    return dossier.name_of(enterprise_id) if enterprise_id else ""
