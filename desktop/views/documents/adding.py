"""How a file comes to an enterprise: what it is, who gave it, two buttons, and how it went.

Refuses to read a file: it says which ones were chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.documents import FILE_ENDINGS
from desktop.presenters.words import counted
from desktop.views.form_pages.fields import Field, TextField, say_status
from desktop.views.kit.buttons import button
from desktop.views.kit.file_place import ask_for_file
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small
from desktop.views.kit.layout import column, row

ADD = "Add a file"
Chooser = Callable[[QWidget], Path | None]


def choose_file(parent: QWidget) -> Path | None:
    """Ask the person for a file to add."""
    kinds = " ".join(f"*{ending}" for ending in FILE_ENDINGS)
    return ask_for_file(parent, "Add a file", f"Files that are kept ({kinds})")


class AddingPane(QWidget):
    """Counts what came together, so that a refusal stays in sight when others follow it.

    What was typed about them is of all of them: it goes when the last one is in the vault.
    """

    file_chosen = Signal(list)  # one Path
    paste_wanted = Signal()

    def __init__(self, choose: Chooser = choose_file, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choose = choose
        self._caption = TextField("What is it?")
        self._giver = TextField("Who gave it?")
        self.fields: dict[str, Field] = {"caption": self._caption, "given_by": self._giver}
        self._coming = 0  # of which nobody has heard yet how they went
        self._added, self._added_words = 0, ""  # of the files that came together last
        self._refused: dict[str, str] = {}  # of the same, by key
        self.status = small("", wrap=True)
        self.status.hide()
        adds = flowing(
            button(ADD, self._add_pressed),
            button("Paste a picture", self.paste_wanted.emit, shortcut="Ctrl+V"),
        )
        asks = row(self._caption, self._giver, gap=1)
        self.setLayout(column(asks, adds, self.status, gap=1))

    def begin(self, many: int) -> None:
        """So many come, together; how the last ones went is told, once all of them have."""
        if not self._coming:
            self._added, self._refused = 0, {}
        self._coming += many

    def is_added(self, key: str, words: str) -> None:
        """One of them is in the vault; the words for when it was saved."""
        self._heard()
        self._added += 1
        self._refused.pop(key, None)  # it was tried again
        self._added_words = words
        self._say()

    def is_refused(self, key: str, words: str) -> None:
        """One was not added; what was typed stays."""
        self._heard()
        self._refused[key] = words
        self._say()

    @property
    def is_all_added(self) -> bool:
        """Whether all that came are in the vault."""
        return not self._coming and not self._refused

    @property
    def is_part_added(self) -> bool:
        """Whether all were told of, some of them refused and others not."""
        return not self._coming and bool(self._refused) and self._added > 0

    def say_nothing_to_paste(self) -> None:
        """The clipboard holds no picture and no file."""
        say_status(self.status, "There is no picture to paste. Copy one first.", "problem")

    def _heard(self) -> None:
        self._coming = max(0, self._coming - 1)  # one that is tried again was counted before

    def _say(self) -> None:
        said = list(self._refused.values())
        if self._added:
            many = f"{counted(self._added, 'file')} added."
            said.append(f"{'File added.' if self._added == 1 else many} {self._added_words}")
        say_status(self.status, "\n".join(said), "problem" if self._refused else "small")

    def _add_pressed(self) -> None:
        path = self._choose(self)
        if path is not None:
            self.file_chosen.emit([path])
