"""The short pages of the shared window: turn the screen, the end, a look at a paper."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.operations.preview import Preview
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.decoding import picture
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, paragraph
from desktop.views.together.page import Page


class TurnPage(Page):
    """Before anything is shown: turn the screen."""

    ready = Signal()
    not_now = Signal()
    letters = 56

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._only = label("", "section", wrap=True)
        self._start = primary("We are ready", self.ready.emit)
        self.put(
            None,
            label("Turn the screen now.", "title", wrap=True),
            self._only,
            paragraph(
                "Stop pop-ups first. On Windows turn on Do not disturb. On a Mac turn on Focus. "
                "Then no message can come up while you sit here."
            ),
            flowing(
                self._start,
                button("Not now", self.not_now.emit, name="Not now, needs the PIN"),
                gap=2,
            ),
            None,
        )

    def show_name(self, whose: str) -> None:
        """Whose details will show."""
        said = whose if whose != "Your" else "your"
        self._only.setText(f"Only {said} details will show.")

    def first(self) -> QWidget | None:
        """The one button."""
        return self._start


class EndPage(Page):
    """Every step was looked at."""

    sign_wanted = Signal()
    sheet_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = primary("Sign what we did", self.sign_wanted.emit)
        self.put(
            label("That is all for today. Well done.", "title", wrap=True),
            paragraph("You can sign what we did. Then print a page to take home."),
            flowing(self._sign, button("Today's page", self.sheet_wanted.emit), gap=2),
            None,
        )

    def first(self) -> QWidget | None:
        """Signing."""
        return self._sign


class Picture(QLabel):
    """A picture that follows the width of its page."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAccessibleName(name)
        self.setProperty("textFormat", Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def show_image(self, image: QImage) -> None:
        """Show it as wide as there is room."""
        self._image = image
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._image.isNull() or self.width() < 40:
            return
        wide = min(self._image.width(), self.width())
        scaled = self._image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        self.setPixmap(QPixmap.fromImage(scaled))
        self.setMinimumHeight(scaled.height())


def image_of(seen: Preview) -> QImage:
    """The pixels or the picture of a look at a file; null when there are none."""
    if seen.pixels:
        made = QImage(seen.pixels, seen.width, seen.height, seen.stride, QImage.Format.Format_RGB32)
        return made.copy()
    return picture(seen.picture) if seen.picture else QImage()
