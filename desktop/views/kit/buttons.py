"""Buttons: always words, at least 24 pixels, one primary a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, Slot
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy

from desktop.alive import is_alive
from desktop.views.kit.icon_words import OF_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable


RING_INSET = 3.5  # pixels from the edge of a button to the ring inside it


class Worded(QPushButton):
    """A button with words and, beside them, the drawing of its act."""

    def __init__(self, words: str, icon: str = "") -> None:
        super().__init__(words)
        self._icon_name = icon

    def wear(self, icon: str) -> None:
        """Have another drawing, or none ("")."""
        self._icon_name = icon
        if icon:
            _dress(self, icon)
        else:
            from PySide6.QtGui import QIcon  # as in _dress

            self.setIcon(QIcon())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second press in a moment: none where hands may shake (`press_once`), else another."""
        if not self.window().property("press_once"):
            super().mouseDoubleClickEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The theme or the text size is another: so is the drawing."""
        super().changeEvent(event)
        if self._icon_name and event.type() in _DRESS_AGAIN:
            _dress(self, self._icon_name)

    def showEvent(self, event: QShowEvent) -> None:
        """Now it is known how large the words are, and how fine the screen is."""
        super().showEvent(event)
        if self._icon_name:
            _dress(self, self._icon_name)


class Primary(Worded):
    """The button of what comes next. With the focus it has a ring inside, clear of its words.

    The ring is drawn here: an outline of the style sheet lies on the first and last letter.
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the style sheet says, and the ring."""
        super().paintEvent(event)
        if self.hasFocus():
            from desktop.views.kit.shapes import draw_ring  # as in _dress

            draw_ring(self, RING_INSET)


def _dress(made: QAbstractButton, icon: str) -> None:
    from desktop.views.kit import icons  # the first paint has no drawing, and needs no painter

    icons.dress(made, icon)


_DRESS_AGAIN = frozenset({QEvent.Type.StyleChange, QEvent.Type.FontChange})


class Choice(Worded):
    """A button that stays pressed: tab, filter, page of the rail.

    A screen reader presses it by its toggle action, which Qt does not count as a click; here it
    does. So code says what is chosen by `show_chosen`, never by `setChecked`.
    """

    def __init__(self, words: str, icon: str = "") -> None:
        super().__init__(words, icon)
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
    icon: str | None = None,
) -> QPushButton:
    """A push button. Pass a bound method.

    `role`: primary, quiet, danger, tab, toggle, rail. `name`: said by a screen reader when the
    words alone do not say which one ("Open Mary Thorne"). `icon`: a drawing; None takes the one
    of the act that the words name, if it has one.
    """
    stays = role in {"tab", "toggle", "rail"}
    known = "" if stays else OF_WORDS.get(words, "")
    drawn = known if icon is None else icon
    kind = Choice if stays else Primary if role == "primary" else Worded
    made = kind(words.replace("&", "&&"), drawn)
    made.setAccessibleName(name or words)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    made.setAutoDefault(True)  # Enter presses the button that has the focus, as Space does
    if role:
        made.setProperty("role", role)
    if stays:
        made.setCheckable(True)
    if drawn:
        made.wear(drawn)
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
