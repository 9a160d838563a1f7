"""A row that breaks into lines when it does not fit: large text loses nothing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from desktop.theme_tokens import GRID

WIDEST = 480  # pixels that one item may ask of its page


class Flow(QLayout):
    """Left to right, then the next line."""

    def __init__(self, *widgets: QWidget, gap: int = 1, at_top: bool = False) -> None:
        super().__init__()
        self._at_top = at_top  # of its line, as fields stand; else in the middle, as words do
        self._items: list[QLayoutItem] = []
        self._gap = gap * GRID
        self._between = min(gap, 1) * GRID  # of lines: they belong together
        # Qt asks some hundred times a page: measured once until something inside changes
        self._heights: dict[int, int] = {}  # by width
        self._sizes: list[tuple[QLayoutItem, int, int]] | None = None  # shown: width, height
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Qt hands over an item."""
        self._items.append(item)
        self._sizes = None

    def count(self) -> int:
        """How many items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One item."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give one item back."""
        self._sizes = None
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Grows in neither direction by itself."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def invalidate(self) -> None:
        """Something inside changed its size."""
        self._heights.clear()
        self._sizes = None
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """How high it is in this width."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), really=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Put everything in place."""
        super().setGeometry(rect)
        self._place(rect, really=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = self._shown()
        width = sum(wide for _, wide, _ in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((high for _, _, high in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest item, within reason: a name of 300 letters is cut, the page is not."""
        width = max((item.minimumSize().width() for item in self._items), default=0)
        width = min(width, WIDEST)
        height = max((item.minimumSize().height() for item in self._items), default=0)
        return QSize(width, height)

    def _shown(self) -> list[tuple[QLayoutItem, int, int]]:
        if self._sizes is None:
            self._sizes = [_size(item) for item in self._items if not item.isEmpty()]
        return self._sizes

    def _place(self, rect: QRect, *, really: bool) -> int:
        y = rect.y()
        for line in self._lines(rect.width()):
            high = max(each for _, _, each in line)
            x = rect.x()
            for item, wide, own in line:
                if really:
                    size = QSize(min(wide, rect.width()), own)
                    down = 0 if self._at_top else (high - own) // 2
                    item.setGeometry(QRect(QPoint(x, y + down), size))
                x += wide + self._gap
            y += high + self._between
        return max(0, y - self._between - rect.y())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, int, int]]]:
        lines: list[list[tuple[QLayoutItem, int, int]]] = []
        used = 0
        for shown in self._shown():
            if not lines or used + shown[1] > width:
                lines.append([])
                used = 0
            lines[-1].append(shown)
            used += shown[1] + self._gap
        return lines


def _size(item: QLayoutItem) -> tuple[QLayoutItem, int, int]:
    """An item with its width, and as high as its words are when they break at that width."""
    hint = item.sizeHint()
    wide, high = hint.width(), hint.height()
    return item, wide, max(high, item.heightForWidth(wide)) if item.hasHeightForWidth() else high


def flowing(*widgets: QWidget, gap: int = 1, at_top: bool = False) -> QWidget:
    """A widget whose parts break into lines; `at_top` when some of them are fields."""
    holder = QWidget()
    holder.setLayout(Flow(*widgets, gap=gap, at_top=at_top))
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder
