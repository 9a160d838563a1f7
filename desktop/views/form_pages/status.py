"""The line under a form's title: what it is, its language, a newer version, how to change it.

Asks why before a finished form is changed. Moves nothing that was not shown first.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLayout, QWidget

from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.labels import paragraph, small, strong
from desktop.views.kit.layout import clear, column, panel, row, scrolling
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.presenters.form_pages import FormPresenter
    from desktop.presenters.form_states import FormStatus, MovePreview
    from desktop.presenters.half_typed import HalfTyped


REVISE = "Begin a new revision"
MOVING_LINES = 13  # of what moving would do; more scrolls


class StatusPart(QWidget):
    """What the form is, and what can be done with it besides answering."""

    def __init__(
        self, presenter: FormPresenter, half: HalfTyped, parent: QWidget | None = None
    ) -> None:
        """`half`: why the answers are changed, while it is typed."""
        super().__init__(parent)
        self._presenter = presenter
        self._words = small("", wrap=True)
        self._newer = Bar("info-bar", Look.INFO)
        self._show = button("Show what would change", self._show_pressed)
        self._move = column(gap=1)
        self._moving = scrolling(panel(self._move, "card"), "What moving would do")
        self._languages = QWidget()
        self._languages.setLayout(column())
        self._earlier = column(gap=0)
        self._reason = TextField("Why are the answers changed?", "The earlier answers are kept.")
        self._begin = button("Change the answers", self._begin_pressed)
        self._go = primary(REVISE, self._revise_pressed)
        self._kept = KeptFields(half, REVISE, {"reason": self._reason}, then=self._begin_pressed)
        self._why = QWidget()
        self._why.setLayout(column(self._reason, row(self._go, None)))
        for hidden in (self._show, self._moving, self._languages, self._why, self._begin):
            hidden.hide()
        self._move.setContentsMargins(12, 8, 12, 8)
        self._move.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        self._moving.setFixedHeight(self.fontMetrics().lineSpacing() * MOVING_LINES)
        self.setLayout(
            column(
                self._words,
                row(self._begin, self._show, None),
                self._newer, self._moving, self._why, self._languages, self._earlier,
            )
        )  # fmt: skip

    def show_status(self, status: FormStatus) -> None:
        """Say it."""
        self._words.setText(status.words)
        self._newer.say(status.newer)
        self._show.setVisible(bool(status.newer))
        self._begin.setVisible(status.revisable and self._why.isHidden())
        if status.revisable:
            self._kept.give_back()
        else:
            self._why.hide()
            self._kept.was_taken()
        self._show_languages(status)
        clear(self._earlier)
        for one in status.earlier:
            look = quiet(one.words, partial(self._presenter.versions.look_at, one.response_id))
            self._earlier.addLayout(row(look, None))

    def show_move(self, preview: MovePreview | None) -> None:
        """What moving would do, and the two ways on; None takes it away."""
        clear(self._move)
        self._moving.setVisible(preview is not None)
        self._show.setEnabled(preview is None)
        if preview is None:
            return
        move = primary("Move this draft", self._presenter.versions.move)
        stay = button("Leave it as it is", self._presenter.versions.stay)
        self._move.addWidget(strong(preview.heading))
        self._move.addLayout(row(move, stay, None))
        for head, lines in preview.parts:
            self._move.addWidget(strong(head))
            for line in lines:
                self._move.addWidget(paragraph(line))
        move.setFocus()

    def show_reason_missing(self, words: str) -> None:
        """The reason has to be written first."""
        self._reason.show_problem(words)
        self._reason.setFocus()

    def _show_languages(self, status: FormStatus) -> None:
        layout = self._languages.layout()
        if layout is not None:
            clear(layout)
        self._languages.setVisible(bool(status.languages))
        if status.languages and layout is not None:
            pairs = tuple((each, each) for each in status.languages)
            chooser = ChoiceField("Language of the form", pairs, nothing="")
            chooser.set_value(status.language)
            chooser.committed.connect(self._presenter.set_language)
            chooser.editor.setMaximumWidth(260)
            layout.addWidget(chooser)

    def _show_pressed(self) -> None:
        self._presenter.versions.preview_move()

    def _begin_pressed(self) -> None:
        self._begin.hide()
        self._why.show()
        self._reason.setFocus()

    def _revise_pressed(self) -> None:
        self._presenter.versions.revise(self._kept.take()["reason"])
