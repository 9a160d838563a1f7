"""What happened, what is safe, what to do; "Try again" for all of it that there is a way for.

One bar, whatever fails: what is told anew never takes away how to try the one before again.
Refuses to keep a trouble in sight that nobody can do anything about once another is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.views.kit.bars import Bar, announce
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True, eq=False)
class _Trouble:
    """What was told in the same words."""

    words: str
    details: str = ""
    agains: list[Callable[[], None]] = field(default_factory=list)


class ProblemBar(Bar):
    """Says the newest trouble; once that is over, the one before that was not solved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("problem-bar", Look.STOP, parent)
        self._troubles: list[_Trouble] = []  # the newest last
        self._typed: Callable[[], str] = str  # gives what is typed and not saved
        self._text = ""  # what it gave when the bar came up
        self._copy_button = button("Copy text", self._copy_text, name="Copy what you typed")
        self._again_button = button("Try again", self.try_again)
        self._details_button = quiet("Copy details for support", self._copy_details)
        self._close_button = button("Close", self._close, name="Close this message")
        self._body.addWidget(
            flowing(
                self._again_button,
                self._copy_button,
                self._details_button,
                self._close_button,
            )
        )

    def offer_text(self, typed: Callable[[], str]) -> None:
        """Where "Copy text" gets what was typed and is not on disk; '' when there is nothing."""
        self._typed = typed

    def show_problem(
        self, words: str, *, details: str = "", again: Callable[[], None] | None = None
    ) -> None:
        """Say it. The words stay until they are closed or solved."""
        told = next((each for each in self._troubles if each.words == words), _Trouble(words))
        told.details = details
        if again is not None:
            told.agains.append(again)
        self._troubles = [each for each in self._troubles if each.agains and each is not told]
        self._troubles.append(told)
        self._say_newest()

    def solved(self, again: Callable[[], None]) -> None:
        """It needs no other try: what was told of it alone goes, another trouble stays."""
        told = next((t for t in self._troubles if any(a is again for a in t.agains)), None)
        if told is None:
            return
        told.agains = [each for each in told.agains if each is not again]
        if not told.agains:
            self._forget(told)

    @Slot()
    def clear(self) -> None:
        """Take the bar away, with all that was told."""
        self._troubles = []
        self._say_newest()

    def _forget(self, told: _Trouble) -> None:
        was_said = told is self._troubles[-1]
        self._troubles.remove(told)
        if was_said:
            self._say_newest()

    def _say_newest(self) -> None:
        told = self._troubles[-1] if self._troubles else _Trouble("")
        self._again_button.setVisible(bool(told.agains))
        self._details_button.setVisible(bool(told.details))
        self._text = self._typed() if told.words else ""
        self._copy_button.setVisible(bool(self._text))
        self.say(told.words)

    def _close(self) -> None:
        if self._troubles:
            self._forget(self._troubles[-1])

    def try_again(self) -> None:
        """Have the newest trouble tried once more."""
        told = self._troubles[-1] if self._troubles else _Trouble("")
        self._close()
        for again in told.agains:
            again()

    def _copy_text(self) -> None:
        """The bar stays: copied is not saved."""
        QGuiApplication.clipboard().setText(self._typed() or self._text)
        announce(self, "Copied. It is not saved yet.")

    def _copy_details(self) -> None:
        details = self._troubles[-1].details if self._troubles else ""
        QGuiApplication.clipboard().setText(f"{self.words}\n{details}")
