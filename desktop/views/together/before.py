"""Before the screen is turned: a PIN to come back, and what to do about pop-ups. For the coach.

Shown once, when no PIN is set; after that Ctrl+T goes straight to the shared window. Refuses to
share the screen of records that nothing could lead back to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.kit.buttons import primary
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.together.pin_card import PinCard

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the enterprise."""
    return BeforeScreen(context, route.get("id"))


class BeforeScreen(Screen):
    """Get ready to share the screen."""

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._enterprise_id = context, enterprise_id
        self._pin = PinCard(context)
        self._pin.state_known.connect(self._state_known)
        self._start = primary("Share the screen", self._start_pressed)
        self._start.setEnabled(False)
        self._need = muted("Set a PIN first. Without it nothing would lead back here.", wrap=True)
        page = QWidget()
        page.setLayout(
            column(
                title("Share the screen"),
                paragraph(
                    "A window of its own opens, for one person only. Your caseload, your notes and "
                    "your search stay behind it until you type the PIN."
                ),
                self._pin,
                Card("Stop pop-ups first").add(
                    paragraph(
                        "Messages from other programs can show names. On Windows turn on Do not "
                        "disturb. On a Mac turn on a Focus. On Linux turn notifications off."
                    )
                ),
                flowing(self._start, gap=1),
                self._need,
                None,
                margin=2,
                gap=2,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Share the screen"))

    def title(self) -> str:
        """What Back calls it."""
        return "Share the screen"

    def arrive(self) -> None:
        """Whether there is a PIN by now."""
        self._pin.load()
        self._pin.focus_pin()

    def _state_known(self, is_set: bool, passphrase: bool) -> None:  # noqa: FBT001 -- a Qt slot
        self._start.setEnabled(is_set or passphrase)
        self._need.setVisible(not is_set)
        if passphrase:
            self._need.setText("Without a PIN you type your whole passphrase to come back.")

    def _start_pressed(self) -> None:
        if self._context.together is not None:
            self._context.goes.back()  # the record is there when the screen has come back
            self._context.together(self._enterprise_id)
