"""The print window: the pages as they will be, then paper or a PDF. Opened with Ctrl+P.

Refuses to go on without the person: nothing is printed or written before a button is pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QStandardPaths, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop.operations.errors import NotPrinted
from desktop.presenters.printing import PrintPresenter, by_whom, screen_paper
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.decoding import picture
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import title
from desktop.views.kit.layout import column
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.printing.scrape import parts_of
from desktop.views.reports.pages import PageView

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.printing import Paper, Part, VisitPack

TICK_MS = 100
NOT_TAKEN = (
    "The printer did not take the pages. Look at its paper and its plug, then press Print on "
    "paper again. Or save them as a PDF."
)
Chooser = Callable[[QWidget, str], Path | None]


def print_screen(context: Context, screen: Screen) -> PrintWindow:
    """Open the print window for what is on a screen."""
    made = PrintWindow(context, screen.title() or "Hedgerow", screen, parts=screen.paper())
    made.open()
    return made


def print_parts(
    context: Context, parent: QWidget, name: str, parts: tuple[Part, ...]
) -> PrintWindow:
    """Open the print window for one thing on a screen; `name` is nobody's."""
    made = PrintWindow(context, name, parent, parts=parts)
    made.open()
    return made


def choose_file(parent: QWidget, name: str) -> Path | None:
    """Ask where the PDF shall go."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    start = Path(QStandardPaths.writableLocation(place)) / name
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save as PDF", str(start), "PDF files (*.pdf)")
    return Path(chosen) if chosen else None


class SheetWindow(QDialog):
    """What will come out, and two ways to have it. A window with choices adds them beside."""

    AT_PAGES = 4  # where the pages stand in `body`

    def __init__(self, parent: QWidget, heading: str, *, choose: Chooser = choose_file) -> None:
        super().__init__(parent.window())
        self._choose = choose
        self._presenter: PrintPresenter | None = None
        self.setWindowTitle(heading)
        self._pages = PageView()
        self._paper = primary("Print on paper", self._paper_pressed)
        self._save = button("Save as PDF", self._save_pressed)
        self._done = Bar("info-bar", Look.DONE)
        self._problem = Bar("warn-bar", Look.WARN)
        self._allow(whole=False)
        self._again: Callable[[], None] | None = None
        self._retry = button("Try again", self._retry_pressed)
        self._retry.hide()
        close = button("Close", self.reject)
        buttons = flowing(self._retry, self._paper, self._save, close, gap=1)
        parts = (title(heading), buttons, self._done, self._problem, self._pages)
        self.body = column(*parts, margin=2, gap=1)
        self.body.setStretch(self.AT_PAGES, 1)
        self.setLayout(self.body)
        self.resize(640, 560)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def draw(self, sheet: Paper | VisitPack) -> None:
        """Draw the pages of this, in place of what was drawn before."""
        self.stop_drawing()
        self._presenter = PrintPresenter(self, sheet)
        self._save.setEnabled(True)
        self._presenter.begin()
        self._timer.start()

    def stop_drawing(self) -> None:
        """What is being drawn is not wanted any more."""
        self._timer.stop()
        if self._presenter is not None:
            self._presenter.stop()
        self._presenter = None
        self._allow(whole=False)

    def _allow(self, *, whole: bool) -> None:
        self._paper.setEnabled(whole)
        self._save.setEnabled(whole)

    def show_pages(self, pages: tuple[Any, ...], *, whole: bool) -> None:
        """Pages that have come so far."""
        self._pages.show_pages(pages, whole=whole)
        self._paper.setEnabled(whole)

    def show_wait(self, words: str) -> None:
        """They are on their way, or will not come."""
        self._pages.say(words)

    def show_saved(self, words: str) -> None:
        """The PDF is there."""
        self._problem.say("")
        self._done.say(words)

    def show_problem(self, words: str) -> None:
        """It is not."""
        self._done.say("")
        self._problem.say(words)

    def offer_again(self, again: Callable[[], None] | None) -> None:
        """A way to read once more what could not be read; None takes it away."""
        self._again = again
        if again is not None and not self._retry.isVisible():
            self._retry.show()
            self._retry.setFocus()
        self._retry.setVisible(again is not None)

    def _retry_pressed(self) -> None:
        if self._again is not None:
            self._again()

    def closeEvent(self, event: QCloseEvent) -> None:
        """No process goes on for nobody."""
        self._end()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes."""
        self._end()
        super().reject()

    def _end(self) -> None:
        self.stop_drawing()
        self.deleteLater()

    def _tick(self) -> None:
        if self._presenter is not None:
            self._presenter.tick()
        if self._presenter is None or not self._presenter.is_at_work:
            self._timer.stop()

    def _save_pressed(self) -> None:
        if self._presenter is None:
            return
        target = self._choose(self, self._presenter.file_name)
        if target is not None and self._presenter is not None:
            self._presenter.save(target)
            self._timer.start()

    def _paper_pressed(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # slow to load

        if self._presenter is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Hedgerow")
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            try:
                paint(printer, self._presenter.pages)
            except NotPrinted as error:
                self.show_problem(str(error))
            else:
                self.show_saved(self._presenter.printed_words())


class PrintWindow(SheetWindow):
    """What stands on a screen, or `parts` in place of it."""

    def __init__(
        self,
        context: Context,
        name: str,
        screen: QWidget,
        *,
        parts: tuple[Part, ...] = (),
        choose: Chooser = choose_file,
    ) -> None:
        super().__init__(screen, "Print", choose=choose)
        asks_others = isinstance(screen, Screen) and screen.asks_others
        shown = parts or by_whom(context, parts_of(screen), asks_others=asks_others)
        self.draw(screen_paper(context, name, shown))


def paint(printer: Any, pages: tuple[Any, ...]) -> None:
    """Every page on the printer, as large as its paper. Raises NotPrinted."""
    from desktop.views.printing.paper import on_paper  # slow to load

    printer.setFullPage(True)
    with on_paper(printer, NOT_TAKEN) as painter:
        for number, page in enumerate(pages):
            if number:
                printer.newPage()
            image = picture(page.png)
            room = QRectF(painter.viewport())
            scale = min(room.width() / image.width(), room.height() / image.height())
            painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
