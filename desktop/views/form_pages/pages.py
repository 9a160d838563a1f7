"""Pages in order with their state in words at left: the frame of the guide and of every form.

Each page scrolls by itself under a head that stays; with large letters that would leave a question
two lines, so there the screen is one page that scrolls as a whole, its head too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.one_in_sight import OneInSight
from desktop.views.form_pages.one_of import OneOf
from desktop.views.kit.buttons import button
from desktop.views.kit.labels import small
from desktop.views.kit.layout import clear, column, row, scrolling

WIDEST = 640


class Pages(QWidget):
    """A list of pages at left, the open one at right, Back and Next below."""

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, as_one: bool = False) -> None:
        """`as_one`: no page scrolls by itself, what they stand in does (`under_head`)."""
        super().__init__(parent)
        self._as_one = as_one
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._group = OneOf(self)
        self._buttons: list[QPushButton] = []
        self._states: list[QLabel] = []
        self._later: dict[int, Callable[[], QWidget]] = {}
        self._stack: QStackedWidget | OneInSight = OneInSight() if as_one else QStackedWidget()
        self._back = button("Back", self._go_back)
        self._next = button("Next", self._go_next)
        side = QWidget()
        side.setLayout(column(self._list, None))
        width = max(150, self.fontMetrics().averageCharWidth() * 19 + 12)
        side.setFixedWidth(width)
        listed = side if as_one else scrolling(side, "Pages of the form")
        listed.setFixedWidth(width + 10)  # with its scroll bar, when the text is large
        right = column(self._stack, row(self._back, self._next, None), gap=1)
        both = row(listed, right, gap=1)
        both.setStretch(1, 1)
        self.setLayout(both)

    def add_page(self, title: str, inner: QWidget) -> int:
        """Add a page; gives back its number."""
        number = len(self._buttons)
        inner.setMaximumWidth(WIDEST)
        holder = narrow(inner)
        self._stack.addWidget(_room(holder) if self._as_one else scrolling(holder, title))
        made = button(title, role="rail")
        made.setSizePolicy(made.sizePolicy().Policy.Expanding, made.sizePolicy().Policy.Fixed)
        made.clicked.connect(partial(self._pressed, number))
        self._group.add(made)
        self._buttons.append(made)
        state = small("")
        state.setContentsMargins(14, 0, 0, 4)
        state.setProperty("on_screen_only", True)  # paper has no button that it belongs to
        self._states.append(state)
        self._list.addWidget(made)
        self._list.addWidget(state)
        if number == 0:
            self.open(0)
        else:
            self._look()
        return number

    def add_later(self, title: str, make: Callable[[], QWidget]) -> int:
        """Add a page that is built when it is first opened; gives back its number."""
        holder = QWidget()
        holder.setLayout(column())
        number = len(self._buttons)
        self._later[number] = make  # before it is added: the first one opens at once
        return self.add_page(title, holder)

    def _build(self, number: int) -> None:
        make = self._later.pop(number, None)
        area = self._stack.widget(number)
        if make is None or area is None:
            return
        if isinstance(area, QScrollArea):
            area.setWidget(narrow(make()))  # the empty one goes with it
            return
        layout = area.layout()
        if isinstance(layout, QVBoxLayout):
            clear(layout)
            made = narrow(make())
            layout.addWidget(made)
            made.show()  # now: the focus may go in before the layout comes to it

    def show_state(self, number: int, words: str) -> None:
        """Say how far a page is, in words."""
        self._states[number].setText(words)
        self._buttons[number].setAccessibleDescription(words)

    def show_page(self, number: int, *, shown: bool) -> None:
        """Show or hide a page that is not asked."""
        self._buttons[number].setVisible(shown)
        self._states[number].setVisible(shown)

    def open(self, number: int) -> None:
        """Open a page; Back and Next also put the focus in its first field."""
        if not 0 <= number < len(self._buttons):
            return
        self._build(number)
        self._stack.setCurrentIndex(number)
        self._group.choose(self._buttons[number])
        self._look()
        self.turned.emit(number)

    @Slot()
    def _to_the_top(self) -> None:
        """The page that was turned to begins where the window begins."""
        area = area_around(self)
        page = area.widget() if area is not None else None
        if area is not None and page is not None:
            area.verticalScrollBar().setValue(self.mapTo(page, QPoint(0, 0)).y())

    @property
    def at(self) -> int:
        """The open page."""
        return self._stack.currentIndex()

    @property
    def first_stop(self) -> QWidget | None:
        """The first control of the open page."""
        return first_stop(self._stack.currentWidget())

    @property
    def titles(self) -> Sequence[str]:
        """Every page's title."""
        return [each.text() for each in self._buttons]

    def clear(self) -> None:
        """Take all pages out, to build them anew."""
        for made, state in zip(self._buttons, self._states, strict=True):
            made.deleteLater()
            state.deleteLater()
        self._group.clear()
        self._later.clear()
        self._buttons, self._states = [], []
        while (page := self._stack.widget(0)) is not None:
            self._stack.removeWidget(page)
            page.deleteLater()

    def _look(self) -> None:
        self._back.setEnabled(self.at > 0)
        self._next.setEnabled(self.at + 1 < len(self._buttons))

    def _pressed(self, number: int, _checked: object = None) -> None:
        self.open(number)
        if self._as_one:  # the list scrolled away with the head: nobody goes on there
            self._begin_page()

    def _go_back(self) -> None:
        self._step(-1)

    def _go_next(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        number = self.at + by
        while 0 <= number < len(self._buttons) and self._buttons[number].isHidden():
            number += by
        self.open(number)
        self._begin_page()

    def _begin_page(self) -> None:
        first = first_stop(self._stack.currentWidget())
        if first is not None:  # what was turned to is read from its beginning
            first.setFocus(Qt.FocusReason.TabFocusReason)
        if self._as_one:
            QTimer.singleShot(0, self, self._to_the_top)  # when the page has its height


def under_head(screen: QWidget, whole: QLayout, name: str) -> QLayout:
    """The layout of a screen with pages under its head; one page that scrolls with large letters.

    `name` is what a screen reader calls the page.
    """
    if not text_is_large():
        return whole
    page = QWidget(screen)
    page.setLayout(whole)
    return column(scrolling(page, name))


def area_around(part: QWidget) -> QScrollArea | None:
    """The innermost scroll area that holds a part."""
    at = part.parentWidget()
    while at is not None and not isinstance(at, QScrollArea):
        at = at.parentWidget()
    return at


def _room(holder: QWidget) -> QWidget:
    room = QWidget()
    room.setLayout(column(holder))
    return room


def begin(screen: QWidget, first_question: QWidget | None = None) -> None:
    """The keys go to a page's first question; where it has none, to what the screen has first."""
    first = first_question or first_stop(screen)
    if first is not None:
        first.setFocus()


def first_stop(page: QWidget | None) -> QWidget | None:
    """The first control of a page that the keys can go to, as the page is laid out.

    Not by the order of Tab: what was put in late stands far behind in it, after every other page
    of the window.
    """
    if page is None:
        return None
    for part in _inside(page):
        if not part.isVisibleTo(page):
            continue
        takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None
        if takes and part.isEnabled() and not isinstance(part, QScrollArea):
            return part
        found = first_stop(part)
        if found is not None:
            return found
    return None


def _inside(part: QWidget) -> Iterator[QWidget]:
    layout = part.layout()
    if layout is not None:
        yield from _laid(layout)
        return
    nearest = Qt.FindChildOption.FindDirectChildrenOnly
    yield from part.findChildren(QWidget, options=nearest)


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        part = item.widget() if item is not None else None
        inner = item.layout() if item is not None else None
        if part is not None:
            yield part
        elif inner is not None:
            yield from _laid(inner)


def narrow(inner: QWidget, widest: int = WIDEST) -> QWidget:
    """`inner` at the left, never wider than a line that reads well."""
    inner.setMaximumWidth(widest)
    holder = QWidget()
    line = row(inner, None)
    line.setStretch(0, 100)
    line.setStretch(1, 1)
    holder.setLayout(line)
    return holder
