"""The room of the shared window: the list beside one page, the coach's strip below, two bars above.

With little room the list becomes a page of its own. Refuses to know what the pages are about.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.problem_bar import ProblemBar
from desktop.views.kit.shapes import Look
from desktop.views.kit.typed_text import what_was_typed
from desktop.views.together.more_below import MoreBelow
from desktop.views.together.page import Page
from desktop.views.together.step_list import StepList
from desktop.views.together.strip import Strip

TITLE = "Working together"
NARROW_LETTERS = 66  # with less room than this the list is a page of its own
LIST_LETTERS = 24
_ANY_WIDTH = 16_777_215


class Room(SeenPart):
    """Shows one page at a time. `apart` are pages that stand alone, without list and strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(TITLE)
        self.setProperty("press_once", True)  # the second press of a hand that shakes is none
        self.setAccessibleName(TITLE)
        self.problem = ProblemBar()
        self.problem.offer_text(partial(what_was_typed, self))
        self.warning = Bar("warn-bar", Look.WAITING)
        self.list = StepList()
        self.strip = Strip()
        self.list_page = Page()
        self.see_list = button("See the list", self.show_list)
        self.apart: tuple[Page, ...] = ()
        self._stack = QStackedWidget()
        self._areas: dict[Page, QScrollArea] = {}
        self._narrow: bool | None = None
        self._body = row(self.list, gap=0)
        self._more = MoreBelow()
        self._top = row(self.see_list, gap=0)
        self._top.setAlignment(self.see_list, Qt.AlignmentFlag.AlignLeft)  # also when it is alone
        self._middle = column(self._top, self._stack, self._more, gap=0)
        self._middle.setStretchFactor(self._stack, 1)
        self._body.addLayout(self._middle, 1)
        outer = column(self.warning, self.problem, gap=0)
        outer.addLayout(self._body, 1)
        outer.addWidget(self.strip)
        self.setLayout(outer)
        self.list_page.body.setContentsMargins(0, 0, 0, 0)

    @property
    def front(self) -> Page | None:
        """The page in front."""
        area = self._stack.currentWidget()
        return next((page for page, each in self._areas.items() if each is area), None)

    @property
    def stands_apart(self) -> bool:
        """Whether the page in front shows nothing of anybody."""
        return self.front is None or self.front in self.apart

    @property
    def is_narrow(self) -> bool:
        """Whether the list is a page of its own."""
        return bool(self._narrow)

    def open(self, page: Page) -> None:
        """Put a page in front, from its top."""
        area = self._areas.get(page)
        if area is None:
            area = self._areas[page] = scrolling(page, TITLE)
            self._stack.addWidget(area)
        self._stack.setCurrentWidget(area)
        area.verticalScrollBar().setValue(0)
        self._more.watch(area)
        alone = page in self.apart
        self.strip.setVisible(not alone)
        self.see_list.setVisible(self.is_narrow and not alone and page is not self.list_page)
        self.list.setVisible(not alone)
        page.arrive()

    def show_list(self) -> None:
        """The list as a page, where there is little room; else only the focus."""
        if self.is_narrow:
            self.open(self.list_page)
        self.list.focus_list()

    def warn(self, words: str) -> None:
        """The lock is near; "" takes the warning away."""
        if words or not self.warning.isHidden():
            self.warning.say(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again whether there is room for both."""
        super().resizeEvent(event)
        letters = self.fontMetrics().averageCharWidth()
        narrow = self.width() < NARROW_LETTERS * letters
        if narrow != self._narrow:
            self._narrow = narrow
            self._reflow(letters)

    def _reflow(self, letters: int) -> None:
        if self._narrow:
            self.list.setMinimumWidth(0)
            self.list.setMaximumWidth(_ANY_WIDTH)
            self.list_page.put(self.list)
            self._top.addWidget(self._more)  # beside the other button: every line counts
        else:
            self._middle.addWidget(self._more)
            self.list.setFixedWidth(LIST_LETTERS * letters)
            self._body.insertWidget(0, self.list)
        if self.front is not None:
            self.reopen(self.front)

    def reopen(self, page: Page) -> None:
        """The page in front again, in the other shape."""
        self.open(page)
