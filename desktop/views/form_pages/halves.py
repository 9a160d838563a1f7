"""Two parts beside each other; at large text one above the other, so that nothing is cut."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.theme import CURRENT
from desktop.views.kit.layout import column, scrolling

LARGE_PERCENT = 140


def text_is_large() -> bool:
    """Whether the person's text size leaves no room for two columns."""
    return CURRENT.percent >= LARGE_PERCENT


def halves(left: QWidget, right: QWidget, sizes: tuple[int, int], name: str) -> QSplitter:
    """A splitter over two parts; `sizes` are their widths in the usual window."""
    ways = Qt.Orientation
    split = QSplitter(ways.Vertical if text_is_large() else ways.Horizontal)
    split.setAccessibleName(name)
    split.addWidget(left)
    split.addWidget(right)
    split.setSizes(list(sizes))
    split.setStretchFactor(0, sizes[0])
    split.setStretchFactor(1, sizes[1])
    split.setChildrenCollapsible(False)
    return split


def two_pages(
    left: QWidget, right: QWidget, sizes: tuple[int, int], names: tuple[str, str, str]
) -> QWidget:
    """Two parts that scroll by themselves; large text has one page with both, that scrolls once.

    `names`: of the whole, of the left and of the right part, for a screen reader.
    """
    whole, of_left, of_right = names
    if not text_is_large():
        return halves(scrolling(left, of_left), scrolling(right, of_right), sizes, whole)
    for part in (left, right):
        part.setProperty("role", "page")
    page = QWidget()
    page.setLayout(column(left, right, None, gap=2))
    return scrolling(page, whole)
