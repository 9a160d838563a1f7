"""Carry by hand on screen: three steps in order, each with its one button."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.presenters.carry import CarryPresenter
from desktop.views.kit.bars import Bar, announce
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.file_place import ask_for_file
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.navigation import Route

LOOKING = "Looking what waits to be sent..."
WHAT_FOR = "When there is no line for a long time, a file does what the line would have done."
KINDS = "Carried files (*.hedgerow);;All files (*)"


def make(context: Context, route: Route) -> Carry:
    """The factory named in `screens.py`."""
    del route
    screen = Carry()
    screen.use(CarryPresenter(screen, context))
    return screen


def choose_new(parent: QWidget, name: str) -> Path | None:
    """Where the new file goes."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Where shall the file go?", name, KINDS)
    return Path(chosen) if chosen else None


def choose_old(parent: QWidget) -> Path | None:
    """The file that came back."""
    return ask_for_file(parent, "Which file came back?", KINDS)


class Carry(Screen):
    """Write, carry, read."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        choose_new: Callable[[QWidget, str], Path | None] = choose_new,
        choose_old: Callable[[QWidget], Path | None] = choose_old,
    ) -> None:
        super().__init__(parent)
        self._presenter: CarryPresenter | None = None
        self._choose_new, self._choose_old = choose_new, choose_old
        self.problem = Bar("problem-bar", Look.STOP)
        self.done = Bar("info-bar", Look.DONE)
        self._lines = muted("", wrap=True)
        self._lines.hide()
        self._waiting = paragraph(LOOKING)
        self._write = primary("Write a file for the council", self._write_now)
        self._read = button("Read the council's answer", self._read_now)
        for made in (self._write, self._read):
            made.setEnabled(False)  # until somebody has looked
        page = QWidget()
        page.setLayout(
            column(
                title("Carry by hand"),
                paragraph(WHAT_FOR),
                self.problem,
                self.done,
                self._lines,
                *self._steps(),
                None,
                margin=2,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Carry by hand"))

    def _steps(self) -> tuple[Card, Card, Card]:
        first = Card("1. Write a file")
        first.add(self._waiting, row(self._write, None))
        second = Card("2. Take it to the council")
        second.add(
            paragraph("Put the file on a stick, or hand it over any way you like."),
            muted(
                "It is sealed. A finder can read which laptop it is from, and when, but no more.",
                wrap=True,
            ),
        )
        third = Card("3. Read the answer")
        third.add(
            paragraph("The council gives you a file back. Read it here, on this laptop."),
            row(self._read, None),
        )
        return first, second, third

    def use(self, presenter: CarryPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter

    def title(self) -> str:
        """What Back calls it."""
        return "Carry by hand"

    def arrive(self) -> None:
        """Read again what waits."""
        if self._presenter is not None:
            self._presenter.load()
        self._write.setFocus()

    def show_waiting(self, words: str, *, able: bool) -> None:
        """What a file would hold."""
        self._waiting.setText(words)
        self._write.setEnabled(able)
        self._read.setEnabled(able)

    def show_done(self, words: str, lines: tuple[str, ...]) -> None:
        """A file was made or read."""
        self.problem.say("")
        self.done.say(words)
        self._lines.setText("\n".join(lines))
        self._lines.setVisible(bool(lines))
        announce(self, words)

    def show_problem(self, words: str) -> None:
        """It could not be."""
        self.done.say("")
        self._lines.hide()
        self.problem.say(words)

    def _write_now(self) -> None:
        if self._presenter is not None:
            path = self._choose_new(self, self._presenter.offered_name)
            if path is not None:
                self._presenter.write(path)

    def _read_now(self) -> None:
        if self._presenter is not None:
            path = self._choose_old(self)
            if path is not None:
                self._presenter.read(path)
