"""Moving the stage: choose where to, see what stands in the way, then move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.stages import StagePresenter
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField, TextField, say_status
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.pages import narrow
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, small, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look, Shape

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.stages import InTheWay, StagePicture

MOVE = "Move the stage"


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the enterprise."""
    return MoveStageScreen(context, route.get("id"))


class MoveStageScreen(Screen, SeenPart):
    """Where may this case go, and what stands in the way?"""

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who = muted("")
        self._now = strong("")
        self._stage = ChoiceField("Move to", ())
        self._reason = ChoiceField("Why does it close?", ())
        self._pause = TextField("Why is it paused?")
        self._review = DayField("Look at it again on", lambda: context.today, ahead=True)
        self._on = DayField("Day, if not today", lambda: context.today)
        self._note = TextField("Note", lines=2)
        self._found = column(gap=0)
        self._status = small("", wrap=True)
        self._move = primary(MOVE, self._move_pressed)
        self._problem = Bar("warn-bar", Look.WARN)
        self._build()
        self._kept = KeptFields(
            HalfTyped(context, self, f"stage/{enterprise_id}"),
            MOVE,
            {
                "stage": self._stage,
                "reason": self._reason,
                "pause": self._pause,
                "review": self._review,
                "on": self._on,
                "note": self._note,
            },
            then=self._considered,
        )
        self._presenter = StagePresenter(context, self, enterprise_id)
        for field in (self._stage, self._reason, self._pause, self._review, self._on):
            field.committed.connect(self._considered)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Move the stage"

    def _build(self) -> None:
        self._move.setEnabled(False)
        self._status.hide()
        for part in (self._reason, self._pause, self._review):
            part.hide()
        inner = QWidget()
        inner.setLayout(
            column(
                self._now,
                self._stage,
                self._reason,
                self._pause,
                self._review,
                self._on,
                self._note,
                self._found,
                row(self._move, button("Go back", self._back_pressed), None),
                self._status,
                None,
                gap=1,
            )
        )
        holder = narrow(inner)
        head = flowing(title("Move the stage"), self._who, gap=2)
        self.setLayout(
            column(head, self._problem, scrolling(holder, "Move the stage"), margin=2, gap=1)
        )

    def show_stages(self, picture: StagePicture) -> None:
        """Show where the case is."""
        self._problem.say("")
        self._who.setText(f"of {picture.identity.title}")
        self._now.setText(f"Now: {picture.now}")
        for code, words in picture.stages:
            self._stage.editor.addItem(words, code)
        for code, words in picture.reasons:
            self._reason.editor.addItem(words, code)
        self._kept.give_back()

    def show_findings(self, found: tuple[InTheWay, ...], *, may: bool) -> None:
        """What stands in the way of the move as it is typed now."""
        clear(self._found)
        for each in found:
            look = Look.STOP if each.stops else Look.WARN
            line = row(Shape(look), label(each.words, wrap=True), gap=1)
            line.setStretch(1, 1)
            self._found.addLayout(line)
        if not found:
            self._found.addLayout(row(Shape(Look.DONE), label("Nothing stands in the way."), None))
        self._move.setEnabled(may)

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        self._problem.say(words)

    def field_saved(self, _key: str, words: str) -> None:
        """The move is on disk."""
        self._kept.was_taken()
        say_status(self._status, words)

    def field_failed(self, _key: str, words: str) -> None:
        """It is not; say why."""
        say_status(self._status, words, "problem")

    def _considered(self, _value: object = None) -> None:
        stage = self._stage.value
        self._reason.setVisible(stage == "CLOSED")
        self._pause.setVisible(stage == "PAUSED")
        self._review.setVisible(stage == "PAUSED")
        reason = {"CLOSED": self._reason.value, "PAUSED": self._pause.text}.get(stage, "")
        review = self._review.text if stage == "PAUSED" else ""
        self._presenter.consider(stage, reason, self._on.text, review)

    def _move_pressed(self) -> None:
        if not self._presenter.is_moving:
            self._presenter.move(self._kept.take()["note"], drops=(self._kept.name,))

    def _back_pressed(self) -> None:
        self._presenter.open_enterprise()
