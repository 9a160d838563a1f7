"""Columns, rows and scrolling pages on the 8-pixel grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.theme_tokens import GRID
from desktop.views.kit.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterable

L = TypeVar("L", bound=QBoxLayout)
UNDER_LABEL = 3  # pixels between the words of a field and its line
Part = QWidget | QLayout | int | None  # None = stretch, int = gap in grid steps


def column(*parts: Part, margin: int = 0, gap: int = 1) -> QVBoxLayout:
    """Things under one another; margin and gap in grid steps."""
    return _filled(QVBoxLayout(), parts, margin, gap)


def at_top(layout: QHBoxLayout) -> QHBoxLayout:
    """Fields of different heights begin together: their labels stand in one line."""
    from PySide6.QtCore import Qt  # as in `scrolling`

    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is not None:
            item.setAlignment(Qt.AlignmentFlag.AlignTop)
    return layout


def under_labels(press: QWidget) -> QWidget:
    """A button beside fields stands beside their lines, not beside the labels over them."""
    holder = QWidget()
    holder.setLayout(column(press))
    holder.setContentsMargins(0, label("A").sizeHint().height() + UNDER_LABEL, 0, 0)
    holder.setSizePolicy(press.sizePolicy())
    return holder


def row(*parts: Part, margin: int = 0, gap: int = 1) -> QHBoxLayout:
    """Things beside one another."""
    return _filled(QHBoxLayout(), parts, margin, gap)


def _filled(layout: L, parts: Iterable[Part], margin: int, gap: int) -> L:
    layout.setContentsMargins(margin * GRID, margin * GRID, margin * GRID, margin * GRID)
    layout.setSpacing(gap * GRID)
    for part in parts:
        add(layout, part)
    return layout


def add(layout: QBoxLayout, part: Part) -> None:
    """Put one more part at the end."""
    if part is None:
        layout.addStretch(1)
    elif isinstance(part, int):
        layout.addSpacing(part * GRID)
    elif isinstance(part, QWidget):
        layout.addWidget(part)
    else:
        layout.addLayout(part)


def panel(layout: QLayout, role: str = "") -> QFrame:
    """A plain frame around a layout; role is a surface of `desktop/theme.py` (card, rail ...)."""
    frame = QFrame()
    if role:
        frame.setProperty("role", role)
    frame.setLayout(layout)
    return frame


def scrolling(inner: QWidget, name: str) -> QScrollArea:
    """`inner` in a scroll area that only scrolls down; `name` is what a screen reader says."""
    from PySide6.QtCore import Qt  # the namespace is slow to load: not before the first paint

    area = QScrollArea()
    area.setProperty("role", "plain")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    inner.setProperty("role", "page")
    area.setWidget(inner)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out and delete it, nested layouts too."""
    while (item := layout.takeAt(0)) is not None:
        widget, nested = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif nested is not None:
            clear(nested)
