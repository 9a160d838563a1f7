"""Which row of each list is chosen, and how the parts of a screen look: kept and given back.

A list takes part by an accessible name, an `id` on its rows and `choose_when_there`; a part by
`keep_state` and `restore_state`. Refuses to choose a row that a person has moved away from.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from PySide6.QtWidgets import QTableView, QWidget

MOST = 12  # lists of one screen


@runtime_checkable
class _Chooses(Protocol):
    @property
    def current(self) -> Any: ...

    def choose_when_there(self, row_id: str) -> None: ...


@runtime_checkable
class _HasState(Protocol):
    def keep_state(self) -> dict[str, Any]: ...

    def restore_state(self, state: dict[str, Any]) -> None: ...


def kept(screen: QWidget) -> dict[str, str]:
    """Accessible name of each list with a chosen row -> the id of that row."""
    found: dict[str, str] = {}
    for table in screen.findChildren(QTableView):
        if isinstance(table, _Chooses) and table.accessibleName() and len(found) < MOST:
            row_id = getattr(table.current, "id", None)
            if isinstance(row_id, str):
                found[table.accessibleName()] = row_id
    return found


def give_back(screen: QWidget, rows: object) -> None:
    """Choose these, now or when the rows have come."""
    if not isinstance(rows, dict):
        return
    for table in screen.findChildren(QTableView):
        row_id = rows.get(table.accessibleName())
        if isinstance(row_id, str) and isinstance(table, _Chooses):
            table.choose_when_there(row_id)


def state_kept(part: QWidget) -> dict[str, Any]:
    """How a part of a screen looks; nothing when it keeps nothing."""
    return part.keep_state() if isinstance(part, _HasState) else {}


def give_state_back(part: QWidget, state: object) -> None:
    """Have a part look as it was left."""
    if isinstance(part, _HasState) and isinstance(state, dict) and state:
        part.restore_state(state)
