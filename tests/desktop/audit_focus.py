"""The audit by Tab: reachable, in reading order, in sight, and seen to have the focus.

2.1.1 and 2.1.2 (round and back again), 2.4.3 (order), 2.4.7 and 1.4.11 (a ring that shows, 3:1),
2.4.11 (not scrolled out of sight or under something).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from desktop.theme_tokens import contrast
from tests.desktop.audit import Finding, _finding

STOPS = 260
MARK = 160  # pixels of a strong mark
EDGE = 6  # pixels around a widget in which its ring may be painted
FOCUSABLE = (
    QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QAbstractItemView,
)  # fmt: skip


def audit_focus(window: QWidget) -> list[Finding]:
    """Press Tab all the way round a shown, active window."""
    QApplication.processEvents()
    start = QApplication.focusWidget()
    if start is None:
        window.setFocus()
        QTest.keyClick(window, Qt.Key.Key_Tab)
        start = QApplication.focusWidget()
    if start is None:
        return [_finding("2.1.1 nothing takes the focus", window)]
    found, stops = _round(window, start)
    widgets = [stop.widget for stop in stops]
    found += [_finding("2.1.1 Tab never comes here", w) for w in _missed(window, widgets)]
    return found + _order(stops)


@dataclass(frozen=True)
class Stop:
    """A widget the focus came to, and where it was then."""

    widget: QWidget
    box: QRect


def _round(window: QWidget, start: QWidget) -> tuple[list[Finding], list[Stop]]:
    found: list[Finding] = []
    stops: list[Stop] = []
    at, been = start, set()
    for _ in range(STOPS):
        been.add(at)
        stops.append(Stop(at, QRect(at.mapTo(window, QPoint(0, 0)), at.size())))
        found += _stop(window, at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
        QApplication.processEvents()  # the page has scrolled to it
        at = QApplication.focusWidget()
        if at is None:
            return [*found, _finding("2.1.2 the focus is lost after", stops[-1].widget)], stops
        if at in been:
            break
    if at is not start:
        found.append(_finding("2.1.2 Tab does not come back to the start", at))
    return found, stops


def _stop(window: QWidget, at: QWidget) -> list[Finding]:
    out = []
    where = QRect(at.mapTo(window, QPoint(0, 0)), at.size())
    seen = at.visibleRegion().boundingRect()
    if seen.isEmpty() or seen.height() < min(at.height(), 20):
        out.append(_finding("2.4.11 focus out of sight", at, f"{where.y()} {_says(at)}"))
        return out
    if not _ring_shows(window, at, where):
        out.append(_finding("2.4.7 focus does not show", at, _says(at)))
    return out


def _ring_shows(window: QWidget, at: QWidget, where: QRect) -> bool:
    area = where.adjusted(-EDGE, -EDGE, EDGE, EDGE).intersected(window.rect())
    with_focus = window.grab(area).toImage()
    at.clearFocus()
    without = window.grab(area).toImage()
    at.setFocus(Qt.FocusReason.TabFocusReason)
    ratio = with_focus.devicePixelRatio()
    seen = at.visibleRegion().boundingRect()  # a page that scrolls may hide one edge of a list
    # a list or a map may mark its line or tile and not itself: a mark of this many pixels is seen
    least = min(0.5 * (seen.width() + seen.height()), MARK) * ratio
    strong = 0
    for y in range(with_focus.height()):
        for x in range(with_focus.width()):
            one, two = with_focus.pixelColor(x, y), without.pixelColor(x, y)
            if one != two and contrast(one.name(), two.name()) >= 3:
                strong += 1
                if strong >= least:
                    return True
    return False


def _missed(window: QWidget, stops: list[QWidget]) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, FOCUSABLE)
        and widget.isVisibleTo(window)
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, QRadioButton)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QComboBox | QAbstractSpinBox)
        and widget not in stops
    ]


def _order(stops: list[Stop]) -> list[Finding]:
    """No step may go up and to the left at once: a column may be followed by the next one."""
    out = []
    for now, then in pairwise(stops):
        bar = then.widget.parentWidget()
        if bar is not None and bar.property("role") == "topbar":
            continue  # once round: the window's own bar is first
        if then.box.bottom() < now.box.top() and then.box.right() < now.box.left():
            words = f"after {_says(now.widget)}: {_says(then.widget)}"
            out.append(_finding("2.4.3 order goes back", then.widget, words))
    return out


def _says(widget: QWidget) -> str:
    return (widget.accessibleName() or getattr(widget, "text", lambda: "")() or "")[:40]
