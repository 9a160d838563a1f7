"""Photos and papers that just arrived, to be kept for a step; and a look at one that is kept.

Told by kind and time. Refuses an open-file window: it would show other people's papers by name.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.operations.new_files import NewFile
from desktop.operations.preview import Preview
from desktop.presenters.together_pages import Offered
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, paragraph
from desktop.views.kit.layout import clear
from desktop.views.together.page import Page
from desktop.views.together.small_pages import Picture, image_of


class FilesPage(Page):
    """Choose what just arrived."""

    look_again = Signal()
    taken = Signal(object)
    away = Signal(str)  # one that is kept is the wrong one
    again = Signal()  # it was the right one
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "section", wrap=True)
        self._offered = QVBoxLayout()
        self._offered.setSpacing(8)
        self._picture = Picture("A look at the photo or paper")
        self._paper = ""  # the one that can be taken away
        self._again = button("Look again", self.look_again.emit)
        self._away = quiet("Take this one away", self._away_pressed)
        self._put_back = button("Put it back", self.again.emit)
        self._text = paragraph("")
        self.put(
            self._title,
            paragraph(
                "Take the photo with your phone or camera. Send it to this computer, or plug the "
                "camera in. Then press Look again. Only what came in since we sat down will show."
            ),
            self._offered,
            flowing(self._again, button("Back to the step", self.back.emit), gap=2),
            self.status,
            flowing(self._away, self._put_back, gap=1),
            self._text,
            self._picture,
            None,
        )

    def ask(self, title: str) -> None:
        """For this step."""
        self._title.setText(f"A photo or paper: {title}")
        self.tell("")
        self._text.hide()
        self._picture.hide()
        self.show_may_go("")

    def first(self) -> QWidget | None:
        """Looking again."""
        return self._again

    def show_offered(self, offered: tuple[Offered, ...], besides: str) -> None:
        """What arrived since the sitting began."""
        clear(self._offered)
        for each in offered:
            self._offered.addWidget(
                button(f"Keep: {each.words}", partial(self._take, each.file), name=each.words)
            )
        if besides:
            self._offered.addWidget(paragraph(besides))
        elif not offered:
            self._offered.addWidget(label("Nothing new has come in yet.", "strong", wrap=True))

    def show_seen(self, seen: Preview) -> None:
        """A look at one that is kept."""
        image = image_of(seen)
        words = seen.words or seen.text
        if not words and image.isNull():
            words = "This photo can not be shown. It is kept."
        self._text.setText(words)
        self._text.setVisible(bool(words))
        self._picture.setVisible(not image.isNull())
        self._picture.show_image(image)

    def show_may_go(self, paper_id: str) -> None:
        """The one that can be taken away; "" for none."""
        self._paper = paper_id
        self._away.setVisible(bool(paper_id))
        self._put_back.hide()
        if paper_id:
            self.show_part(self._away)

    def show_gone(self, words: str) -> None:
        """It is gone, and can be put back."""
        self.show_may_go("")
        self._text.hide()
        self._picture.hide()
        self._put_back.show()
        self.tell(words, "strong")
        self._put_back.setFocus()
        self.show_part(self._put_back)

    def say_kept(self, words: str) -> None:
        """It is in the records."""
        self.tell(words, "strong")

    def say_problem(self, words: str) -> None:
        """It is not."""
        self.tell(words, "problem")

    def _away_pressed(self) -> None:
        self.away.emit(self._paper)

    def _take(self, file: NewFile) -> None:
        self.taken.emit(file)
