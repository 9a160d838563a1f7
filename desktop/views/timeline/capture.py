"""The one-line capture: type, see chips of what was understood, press Enter.

A chip is a button that takes its part out again. Refuses to write before Enter or Add.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.presenters.capture import CapturePresenter, Line, day_words
from desktop.views.form_pages.fields import say_status
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.fields import bare_line
from desktop.views.kit.flow import Flow
from desktop.views.kit.labels import label, small
from desktop.views.kit.layout import clear, column, row

if TYPE_CHECKING:
    from desktop.context import Context

EXAMPLE = "Mary ring about the check tue"


class CaptureLine(SeenPart):
    """A line, its chips, Add."""

    def __init__(
        self, context: Context, enterprise_id: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.box = bare_line("In one line: a name, what, and by when", EXAMPLE)
        self._chips = Flow()
        self._status = small("", wrap=True)
        self._presenter = CapturePresenter(self, context, enterprise_id)
        heading = label("In one line: a name, what, and by when")
        heading.setBuddy(self.box)
        line = row(self.box, primary("Add", self._presenter.add, name="Add this line"))
        line.setStretchFactor(self.box, 1)
        chips = QWidget()
        chips.setLayout(self._chips)
        self.setLayout(column(heading, line, chips, self._status, gap=1))
        self._status.hide()
        self.box.textEdited.connect(self._presenter.typed)
        self.box.returnPressed.connect(self._presenter.add)
        self._presenter.restore(self.restore)

    def setFocus(self) -> None:  # type: ignore[override]
        """Start typing."""
        self.box.setFocus()

    def restore(self, text: str) -> None:
        """A line that was not finished."""
        if not self.box.text():
            self.box.setText(text)
            self._presenter.typed(text)

    def show_line(self, line: Line) -> None:
        """Show what was understood, as chips."""
        say_status(self._status, "")
        clear(self._chips)
        if not line.typed.strip():
            return
        said = [*self._who(line), *self._what(line)]
        if line.no_such_day:
            say_status(self._status, line.no_such_day, "problem")
        announce(self, ". ".join(said))

    def _who(self, line: Line) -> list[str]:
        if len(line.who) == 1:
            words = f"For {line.who[0][1]}"
            self._chips.addWidget(label(words, "strong"))
            return [words]
        if not line.who:
            words = "For whom? Start with a name."
            self._chips.addWidget(label(words, "muted"))
            return [words]
        self._chips.addWidget(label("For whom?", "strong"))
        for one, name in line.who:
            choose = partial(self._presenter.choose_who, one)
            self._chips.addWidget(button(name, choose, name=f"For {name}"))
        return [f"{len(line.who)} people fit. Choose one."]

    def _what(self, line: Line) -> list[str]:
        kind = "Something to do" if line.is_promise else "A note of what happened"
        other = "a note" if line.is_promise else "something to do"
        turn = button(kind, self._presenter.turn_kind, name=f"{kind}. Make it {other}")
        turn.setToolTip(f"Make it {other}")
        self._chips.addWidget(turn)
        said = [kind]
        if line.due is not None:
            words = day_words(line)
            drop = self._presenter.drop_day
            taken = button(words, drop, name=f"{words}. Take the day out", icon="close")
            taken.setToolTip("Take the day out")
            self._chips.addWidget(taken)
            said.append(words)
        return said

    def line_added(self, rest: str) -> None:
        """It is on disk: ready for the next, which may be begun."""
        self.box.setText(rest)
        clear(self._chips)

    def field_saved(self, key: str, words: str) -> None:
        """It is on disk."""
        del key
        say_status(self._status, words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the line stays."""
        del key
        say_status(self._status, words, "problem")
