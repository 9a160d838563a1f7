"""The answers of a sheet as a long CSV: one row for each answer that counts, in the form's order.

Cells that a spreadsheet would take for a formula are defused. Hidden answers are left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.engine.session import FormSession
    from forms.engine.views import NodeView

COLUMNS = ("form_id", "version", "instance_id", "path", "repeat", "name", "value", "words", "label")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def long_csv(session: FormSession) -> str:
    """Every answer of a session, headings first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    form = session.form
    for cells in _rows(session.root, ""):
        row = (form.form_id, form.version, _instance_id(session), *cells)
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue()


def _rows(node: NodeView, place: str) -> Iterator[tuple[str, ...]]:
    for kid in node.all_nodes:
        if not kid.relevant or kid.name == "meta":
            continue
        if kid.kind == "instance":
            yield from _rows(kid, f"{place}.{kid.place}" if place else str(kid.place))
        elif kid.kind in {"group", "repeat"}:
            yield from _rows(kid, place)
        elif kid.value:
            yield (kid.path, place, kid.name, kid.value, _words(kid), kid.label)


def _words(node: NodeView) -> str:
    """What was chosen, as it was read; other answers as they are."""
    labels = {choice.value: choice.label for choice in node.choices}
    if not labels:
        return node.value
    chosen = [node.value] if node.kind == "select_one" else node.value.split()
    return "; ".join(labels.get(value, value) for value in chosen)


def _instance_id(session: FormSession) -> str:
    for kid in session.root.all_nodes:
        if kid.name == "meta":
            return next((n.value for n in kid.all_nodes if n.name == "instanceID"), "")
    return ""


def _plain(cell: str) -> str:
    """A cell no spreadsheet works out; a number may begin with a minus."""
    if cell.startswith(_RISKY) and not cell[1:].replace(".", "", 1).isdigit():
        return f"'{cell}"
    return cell
