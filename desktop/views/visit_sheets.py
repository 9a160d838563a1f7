"""The door to the visit sheets, for Today, the caseload and a record.

Refuses to import the window before somebody asks: printing is slow to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from desktop.context import Context

WORDS = "Visit sheets"


def ask_for_sheets(
    context: Context,
    parent: QWidget,
    ids: Sequence[str],
    *,
    ticked: Sequence[str] | None = None,
    on: date | None = None,
) -> None:
    """Open the window: these people in this order; all ticked, or the `ticked` ones."""
    from desktop.views.printing.visit_pack import open_visit_pack

    chosen = tuple(ids) if ticked is None else tuple(ticked)
    open_visit_pack(context, parent, tuple(ids), ticked=chosen, on=on or context.today)
