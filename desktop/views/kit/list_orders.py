"""By which column each list is sorted: kept for the next time its page is opened, this laptop only.

A list asks whatever holds its screen, by the list's accessible name. Refuses to keep anything where
nobody does (a dialog, a shared screen), and an order that cannot be read.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from desktop.models.sorting import Order


@runtime_checkable
class KeepsOrders(Protocol):
    """Holds screens, and knows the orders of their lists."""

    def orders_around(self, part: QWidget) -> dict[str, list[object]]:
        """Name of a list -> [heading, whether downwards], of the screen that `part` is in."""
        ...


def recall(table: QWidget) -> Order | None:
    """How this list was sorted when it was last here."""
    kept = _around(table).get(table.accessibleName())
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    return Order(str(kept[0]), down=kept[1] is True)


def remember(table: QWidget, order: Order | None) -> None:
    """How it is sorted now; None is the page's own order, and nothing to keep."""
    kept, name = _around(table), table.accessibleName()
    if order is None:
        kept.pop(name, None)
    elif name:
        kept[name] = [order.heading, order.down]


def _around(table: QWidget) -> dict[str, list[object]]:
    holder = table.parentWidget()
    while holder is not None and not isinstance(holder, KeepsOrders):
        holder = holder.parentWidget()
    return holder.orders_around(table) if holder is not None else {}
