"""Buttons: always words, at least 24 pixels, one primary a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy

from desktop.alive import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable


class Choice(QPushButton):
    """A button that stays pressed: tab, filter, page of the rail.

    A screen reader presses it by its toggle action, which Qt does not count as a click; here it
    does. So code says what is chosen by `show_chosen`, never by `setChecked`.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._by_code = self._not_clicked = False
        self.toggled.connect(self._was_toggled)
        self.clicked.connect(self._was_clicked)

    def sizeHint(self) -> QSize:
        """Room for its words in bold: that is how the chosen one stands."""
        hint = super().sizeHint()
        bold = QFont(self.font())
        bold.setBold(True)
        words = self.text().replace("&&", "&")
        more = QFontMetrics(bold).horizontalAdvance(words)
        hint.setWidth(hint.width() + max(more - self.fontMetrics().horizontalAdvance(words), 0))
        return hint

    def show_chosen(self, chosen: bool) -> None:  # noqa: FBT001 -- as Qt's setChecked
        """Show whether it is the chosen one; nobody pressed it."""
        self._by_code = True
        self.setChecked(chosen)
        self._by_code = False

    @Slot()
    def _was_toggled(self) -> None:
        if not self._by_code:
            self._not_clicked = True  # a click tells of itself right after this
            QTimer.singleShot(0, self._press)

    @Slot()
    def _was_clicked(self) -> None:
        self._not_clicked = False

    @Slot()
    def _press(self) -> None:
        if is_alive(self) and self._not_clicked:  # the press may have closed its screen
            self.clicked.emit()


def button(
    words: str,
    on_press: Callable[[], None] | None = None,
    *,
    role: str = "",
    name: str = "",
    shortcut: str = "",
) -> QPushButton:
    """A push button. Pass a bound method.

    `role`: primary, quiet, danger, tab, toggle, rail. `name`: said by a screen reader when the
    words alone do not say which one ("Open Mary Thorne").
    """
    stays = role in {"tab", "toggle", "rail"}
    made = (Choice if stays else QPushButton)(words.replace("&", "&&"))
    made.setAccessibleName(name or words)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    made.setAutoDefault(True)  # Enter presses the button that has the focus, as Space does
    if role:
        made.setProperty("role", role)
    if stays:
        made.setCheckable(True)
    if shortcut:
        made.setToolTip(f"{words} ({shortcut})")
    if on_press is not None:
        _connect(made, on_press)
    return made


def primary(
    words: str, on_press: Callable[[], None] | None = None, *, name: str = ""
) -> QPushButton:
    """The one thing to do next on this screen."""
    made = button(words, on_press, role="primary", name=name)
    made.setDefault(True)
    return made


def quiet(words: str, on_press: Callable[[], None] | None = None, *, name: str = "") -> QPushButton:
    """A button that looks like a link."""
    return button(words, on_press, role="quiet", name=name)


def name_button(name: str, on_press: Callable[[], None] | None = None) -> QPushButton:
    """A person or enterprise that opens when pressed."""
    return button(name, on_press, role="name", name=f"Open {name}")


def show_chosen(made: QAbstractButton, chosen: bool) -> None:  # noqa: FBT001 -- as Qt's own
    """Show which of several is chosen, whatever kind of button they are."""
    if isinstance(made, Choice):
        made.show_chosen(chosen)
    else:
        made.setChecked(chosen)


def _connect(made: QPushButton, on_press: Callable[[], None]) -> None:
    # `clicked` carries a bool that no intent wants.
    made.clicked.connect(lambda _checked=False: on_press())
