"""Tab goes as people read: in the order of the layouts, whenever a part was built.

Qt's own order is that of creation, and parts that come late (fields after a read, pages of a form)
would be last. Refuses to touch what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox)  # what is inside is theirs


def put_in_order(screen: QWidget, before: list[int]) -> list[int]:
    """Set the Tab order of a screen; `before` is what this returned last, to do nothing twice."""
    stops = list(_stops(screen))
    now = [id(each) for each in stops]
    if now != before:
        for one, two in zip(stops, stops[1:], strict=False):  # noqa: RUF007 -- pairs of widgets
            QWidget.setTabOrder(one, two)
    return now


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """What takes the focus by Tab, in the order it is laid out."""
    if widget.isHidden():
        return
    proxied = widget.focusProxy() is not None  # Tab stops at it and goes on to what is inside
    if widget.isEnabled() and (proxied or widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
        yield widget
    if not isinstance(widget, _WHOLE):
        for part in _parts(widget):
            yield from _stops(part)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QScrollArea):
        inner = widget.widget()
        if inner is not None:
            yield inner
    elif isinstance(widget, QSplitter):
        halves = (widget.widget(n) for n in range(widget.count()))
        yield from (half for half in halves if half is not None)
    elif isinstance(widget, QStackedWidget):
        current = widget.currentWidget()
        if current is not None:
            yield current
    else:
        layout = widget.layout()
        if layout is not None:
            yield from _laid_out(layout)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for n in range(layout.count()):
        item = layout.itemAt(n)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)
