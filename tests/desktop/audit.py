"""The accessibility audit: walks a window and says what a person could not use or read.

Rules by WCAG number: 4.1.2 name, 2.5.8 target size, 2.1.1 reachable by Tab, 1.4.4 clipped text,
1.4.3 contrast, 2.4.3 the focus chain is one ring; 2.1.4 no key by accident and none twice; 1.1.1
charts and tables are read without seeing them; and every label is plain text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from desktop.theme_tokens import contrast
from tests.desktop.audit_keys import accidental_keys, doubled_keys
from tests.desktop.audit_pictures import unread_pictures

INTERACTIVE = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QPlainTextEdit,
    QTextEdit,
    QAbstractItemView,
)
MOST_STEPS = 60_000  # eight kept screens are in the chain too


@dataclass(frozen=True)
class Finding:
    """One thing to mend."""

    rule: str
    widget: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.widget} {self.detail}".rstrip()


def audit(window: QWidget, least_target: int = 24) -> list[Finding]:
    """Everything found in a shown window."""
    found: list[Finding] = []
    picture = window.grab().toImage()
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisibleTo(window) or widget.objectName().startswith("qt_"):
            continue
        if _is_part_of_another(widget):
            continue
        if isinstance(widget, INTERACTIVE):
            found += _interactive(widget, least_target)
        if isinstance(widget, QLabel) and widget.text():
            found += _label(widget, window, picture)
        if isinstance(widget, QPushButton):
            found += _button_text(widget)
        if isinstance(widget, QLabel | QPushButton | QLineEdit) and widget.isEnabled():
            found += _painted(widget, window, picture)
    for area in window.findChildren(QScrollArea):
        found += _cut_off(area, window)
    found += [_finding("2.1.4 a key by accident", w, text) for w, text in accidental_keys(window)]
    for keys, who in doubled_keys(window):
        found.append(_finding("2.1.4 a key twice", window, f"{keys}: {', '.join(who)}"))
    found += [_finding("1.1.1 unread", w, why) for w, why in unread_pictures(window)]
    return found + _focus_ring(window)


def _cut_off(area: QScrollArea, window: QWidget) -> list[Finding]:
    """A page that cannot scroll sideways must fit."""
    never = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    inner = area.widget()
    if not never or inner is None or not area.isVisibleTo(window):
        return []
    needed, there = inner.minimumSizeHint().width(), area.viewport().width()
    if needed <= there:
        return []
    return [_finding("1.4.10 cut off at the right", area, f"{needed}>{there}")]


def _is_part_of_another(widget: QWidget) -> bool:
    parent = widget.parent()
    return isinstance(widget, QHeaderView) or isinstance(
        parent, QComboBox | QAbstractSpinBox | QAbstractItemView | QHeaderView
    )


def _interactive(widget: QWidget, least: int) -> list[Finding]:
    out = []
    if not name_of(widget):
        out.append(_finding("4.1.2 no name", widget, widget.toolTip()))
    if min(widget.width(), widget.height()) < least:
        out.append(_finding("2.5.8 small target", widget, f"{widget.width()}x{widget.height()}"))
    if isinstance(widget, QAbstractButton | QLineEdit | QComboBox) and _says(widget):
        high = widget.fontMetrics().height()
        if widget.height() < high + 4:
            out.append(_finding("1.4.4 cut at the foot", widget, f"{widget.height()}<{high}+4"))
    one_of_many = isinstance(widget, QRadioButton)  # Tab reaches the chosen one, arrows the rest
    if (
        widget.isEnabled()
        and not one_of_many
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ):
        out.append(_finding("2.1.1 not reachable by Tab", widget))
    return out


def _says(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit | QComboBox) or bool(widget.text())


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    if isinstance(widget, QComboBox):  # its accessible name is its text: a buddy names it
        for label in widget.window().findChildren(QLabel):
            if label.buddy() is widget:
                return label.text()
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def _label(label: QLabel, window: QWidget, picture: QImage) -> list[Finding]:
    out = []
    if label.textFormat() != Qt.TextFormat.PlainText:
        out.append(_finding("plain text", label, label.text()[:30]))
    wide = label.fontMetrics().horizontalAdvance(label.text().split("\n")[0])
    if not label.wordWrap() and wide > label.width() + 1:
        out.append(_finding("1.4.4 clipped", label, f"{label.text()[:40]} {wide}>{label.width()}"))
    if label.wordWrap() and label.heightForWidth(label.width()) > label.height() + 2:
        out.append(_finding("1.4.4 clipped lines", label, label.text()[:40]))
    behind = _behind(label, window, picture) if label.isEnabled() else None
    if behind is not None:
        ratio = contrast(label.palette().color(QPalette.ColorRole.WindowText).name(), behind.name())
        if ratio < 4.5:
            out.append(_finding("1.4.3 contrast", label, f"{ratio:.2f} {label.text()[:30]}"))
    return out


def _painted(widget: QWidget, window: QWidget, picture: QImage) -> list[Finding]:
    """Contrast as it is on the screen: the strongest pixel against the commonest one (1.4.3)."""
    text = widget.text() if hasattr(widget, "text") else ""
    shown = widget.visibleRegion().boundingRect()
    if not str(text).strip() or shown.width() < 12 or shown.height() < 12:
        return []
    if 2 * shown.height() <= widget.height():
        return []  # scrolled so far out of sight that its words are not painted
    at = QRect(widget.mapTo(window, shown.topLeft()), shown.size())
    ratio = picture.devicePixelRatio()
    area = QRect(at.topLeft() * ratio, at.size() * ratio).intersected(picture.rect())
    part = picture.copy(area).convertToFormat(QImage.Format.Format_RGB32)
    counts = Counter(memoryview(part.constBits()).cast("I"))
    ground = QColor.fromRgb(counts.most_common(1)[0][0]).name()
    best = max(contrast(QColor.fromRgb(one).name(), ground) for one in counts)
    if best < 4.5:
        return [_finding("1.4.3 painted contrast", widget, f"{best:.2f} {str(text)[:30]}")]
    return []


def _behind(label: QLabel, window: QWidget, picture: QImage) -> QColor | None:
    """The colour painted at a label's corner; None when that corner is scrolled out of sight."""
    region = label.visibleRegion()
    corner = label.rect().topLeft()
    if not region.contains(corner):
        return None
    at = label.mapTo(window, corner) * picture.devicePixelRatio()
    return picture.pixelColor(at) if picture.rect().contains(at) else None


def _button_text(button: QPushButton) -> list[Finding]:
    needed = button.fontMetrics().horizontalAdvance(button.text().replace("&&", "&"))
    if needed > button.width():
        return [_finding("1.4.4 clipped button", button, button.text())]
    return []


def _focus_ring(window: QWidget) -> list[Finding]:
    seen = 0
    at = window.nextInFocusChain()
    while at is not None and at is not window and seen < MOST_STEPS:
        seen += 1
        at = at.nextInFocusChain()
    return [] if at is window else [_finding("2.4.3 focus does not come back", window)]


def _finding(rule: str, widget: QWidget, detail: str = "") -> Finding:
    return Finding(rule, f"{type(widget).__name__}#{widget.objectName()}", detail)
