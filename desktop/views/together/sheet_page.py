"""The page that goes home: as it will be printed, with ways to print it or to send it later.

Refuses to print before the page is there as it was asked for last, and to keep it anywhere but in
the records.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.operations.errors import NotPrinted
from desktop.operations.preview import Preview
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label
from desktop.views.together.page import Page, line
from desktop.views.together.small_pages import Picture, image_of

Print = Callable[[QWidget, bytes], bool]  # over whom, a PDF


def on_paper(parent: QWidget, page: bytes) -> bool:
    """The real printer."""
    from desktop.views.together.printing import print_page

    return print_page(parent, page)


class SheetPage(Page):
    """What we did, what comes next, how to reach the coach."""

    large = Signal(bool)
    small_paper = Signal(bool)
    reach = Signal(str)
    later = Signal(object)

    def __init__(self, printing: Print = on_paper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._printing = printing
        self._page = b""
        self._listed: bytes | None = None  # the one that is on the coach's list
        self._print = primary("Print it", self._print_pressed)
        self._later = button("Send it later", self._later_pressed)
        self._large = QCheckBox("Bigger letters")
        self._large.toggled.connect(self.large.emit)
        self._small = QCheckBox("Small paper (A5)")
        self._small.toggled.connect(self.small_paper.emit)
        self._reach = line("How to reach the coach", hint="A phone number, and the best times.")
        self._reach.committed.connect(self.reach.emit)
        self._picture = Picture("The page to take home")
        self._back = Picture("The other side of the page")
        self._other = label("On the other side", "strong", wrap=True)
        self._other.hide()
        self._back.hide()
        self._ready(on=False)
        self.put(
            label("The page to take home", "section", wrap=True),
            flowing(self._print, self._later, self._large, self._small, gap=2),
            self._reach,
            self.status,
            self._picture,
            self._other,
            self._back,
            None,
        )

    def show_making(self, *, on: bool) -> None:
        """The page is made anew: the one in sight is not what was asked for. Off: it was not."""
        self._ready(on=not on and bool(self._page))

    def show_sheet(self, seen: tuple[Preview, ...], page: bytes) -> None:
        """The page as it will be printed."""
        self._page = page
        self._picture.show_image(image_of(seen[0]))
        for part in (self._other, self._back):
            part.setVisible(len(seen) > 1)
        if len(seen) > 1:
            self._back.show_image(image_of(seen[1]))
        self._ready(on=True)

    def show_reach(self, reach: str) -> None:
        """As it was written last."""
        self._reach.set_value(reach)

    def say_later(self, words: str) -> None:
        """It is on the coach's list; the same page is not put there twice."""
        self._listed = self._page
        self._later.setEnabled(False)
        self.tell(words, "strong")

    def say_problem(self, words: str) -> None:
        """What went wrong."""
        self.tell(words, "problem")

    def first(self) -> QWidget | None:
        """Printing."""
        return self._print if self._print.isEnabled() else self._reach.edit

    def _ready(self, *, on: bool) -> None:
        self._print.setEnabled(on)
        self._later.setEnabled(on and self._page is not self._listed)

    def _print_pressed(self) -> None:
        try:
            if self._printing(self, self._page):
                self.tell("It is at the printer.", "strong")
        except NotPrinted as error:
            self.say_problem(str(error))

    def _later_pressed(self) -> None:
        self.later.emit(self._page)
