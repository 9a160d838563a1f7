"""The shared window's own size: 18 point, targets of 44 pixels, the same colours as everywhere.

Set on the window alone and never on the program. Refuses type below 18 point, whatever the person's
own text size is.
"""

from __future__ import annotations

from desktop.theme import CURRENT, Theme, style_sheet
from desktop.theme_tokens import BASE_POINTS

POINTS = 18.0
TARGET = 44  # pixels


def together_theme() -> Theme:
    """The theme in use, at 18 point or more."""
    made = Theme(CURRENT.tokens.name)
    made.percent = max(POINTS, POINTS * CURRENT.percent / 100) / BASE_POINTS * 100  # type: ignore[assignment]
    return made


def together_sheet() -> str:
    """The style sheet of the window."""
    theme = together_theme()
    t, p = theme.tokens, theme.points
    grown = theme.points() / POINTS
    box = int(24 * grown)  # a tick grows with the words beside it
    low, lower, high = int(32 * grown), int(33 * grown), int(40 * grown)
    strip = max(POINTS, CURRENT.points())  # the coach's own size: the page needs the room
    return f"""
QWidget {{ font-size: {p()}pt; }}
{style_sheet(theme)}
QLabel[role="title"] {{ font-size: {p(1.5)}pt; }}
QLabel[role="section"] {{ font-size: {p(1.25)}pt; }}
QLabel[role="small"], QLabel[role="overline"] {{ font-size: {p(0.9)}pt; }}
QPushButton {{ min-height: {low}px; }}
QPushButton[role="name"] {{ min-height: {high}px; }}
QPushButton[role="primary"] {{ padding: 6px 22px; }}
QLineEdit, QComboBox {{ min-height: {lower}px; }}
QRadioButton, QCheckBox {{ min-height: {high}px; spacing: 12px; }}
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{
  width: {box}px; height: {box}px; }}
QRadioButton::indicator {{ border-radius: {box // 2 + 2}px; }}
QRadioButton::indicator:checked {{ border: {box // 3}px solid {t.accent};
  width: {box + 4 - 2 * (box // 3)}px; height: {box + 4 - 2 * (box // 3)}px; }}
QFrame[role="strip"] {{ background: {t.card}; border: none; border-top: 1px solid {t.line}; }}
QFrame[role="strip"] QPushButton, QFrame[role="strip"] QLabel {{ font-size: {strip}pt;
  min-height: 32px; }}
QFrame[role="strip"] QPushButton {{ padding: 5px 9px; }}
QPushButton[role="more"] {{ background: {t.card}; color: {t.accent}; font-weight: 600;
  border: 2px solid transparent; border-top: 1px solid {t.hair}; border-radius: 0; }}
QPushButton[role="more"]:hover {{ background: {t.accent_soft}; }}
QPushButton[role="more"]:focus {{ border: 2px solid {t.focus}; }}
QFrame[role="list"] {{ background: {t.rail}; border: none; border-right: 1px solid {t.hair}; }}
QListWidget {{ background: transparent; border: 2px solid transparent; border-radius: 6px; }}
QListWidget::item {{ min-height: 44px; padding: 2px 4px; border-radius: 6px;
  border: 2px solid transparent; color: {t.text}; }}
QListWidget::item:selected {{ background: {t.accent_soft}; border: 2px solid {t.accent};
  color: {t.text}; }}
QFrame[role="pad"] {{ background: {t.card}; border: 2px solid {t.line}; border-radius: 6px; }}
QFrame[role="pad"]:focus {{ border: 2px solid {t.focus}; }}
"""
