"""From tokens to a palette and one generated style sheet.

Set once, and again when text size or theme is changed in settings.

Type is in points times the person's text size, never in pixels (a test looks). Refuses to style
combo boxes and spin boxes beyond the palette: touching their border means drawing every part.
Refuses a `min-height` on anything with words: Qt lets a full layout press it down to just that,
and large text is then cut.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QPalette

from desktop.theme_tokens import BASE_POINTS, THEMES, Tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

_ROLES = QPalette.ColorRole
_DISABLED = QPalette.ColorGroup.Disabled


class Theme:
    """The tokens and text size in use; screens that paint by hand ask here."""

    def __init__(self, name: str = "light", percent: int = 100) -> None:
        self.tokens = THEMES[name]
        self.percent = percent

    def points(self, factor: float = 1.0) -> float:
        """A type size in points at the person's text size."""
        return round(BASE_POINTS * factor * self.percent / 100, 1)

    def colour(self, name: str) -> QColor:
        """A token as a colour: theme.colour("ok")."""
        return QColor(getattr(self.tokens, name))


CURRENT = Theme()


def apply(app: QApplication, name: str, percent: int, window: QWidget | None = None) -> None:
    """Give the whole program this theme and text size.

    With a window the style sheet is the window's, and of all it opens: under a sheet of the program
    Qt dresses every part again at each step from a row to a page to the window, which was a third
    of the time of a click (decision 0046). Without one, of parts that stand alone, it is the
    program's.
    """
    CURRENT.tokens = THEMES[name]
    CURRENT.percent = percent
    font = QFont(app.font())
    font.setPointSizeF(CURRENT.points())
    app.setStyle("Fusion")
    app.setPalette(palette(CURRENT.tokens))
    app.setFont(font)
    sheet = style_sheet(CURRENT)
    app.setStyleSheet("" if window is not None else sheet)
    if window is not None:
        window.setStyleSheet(sheet)


def picture(name: str, t: Tokens) -> str:
    """A small drawing for the style sheet, in a colour that shows on what is under it."""
    return (Path(__file__).parent / "assets" / f"{name}-{t.name}.svg").as_posix()


def palette(t: Tokens) -> QPalette:
    """Fusion's colours from tokens."""
    pairs = {
        _ROLES.Window: t.page, _ROLES.WindowText: t.text, _ROLES.Base: t.card,
        _ROLES.AlternateBase: t.page, _ROLES.Text: t.text, _ROLES.Button: t.card,
        _ROLES.ButtonText: t.text, _ROLES.BrightText: t.error, _ROLES.Highlight: t.accent,
        _ROLES.HighlightedText: t.on_accent, _ROLES.ToolTipBase: t.card,
        _ROLES.ToolTipText: t.text, _ROLES.PlaceholderText: t.muted, _ROLES.Link: t.accent,
        _ROLES.LinkVisited: t.accent, _ROLES.Light: t.card, _ROLES.Midlight: t.hair,
        _ROLES.Mid: t.line, _ROLES.Dark: t.line, _ROLES.Shadow: t.text, _ROLES.Accent: t.accent,
    }  # fmt: skip
    made = QPalette()
    for role, colour in pairs.items():
        made.setColor(role, QColor(colour))
    for role in (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText):
        made.setColor(_DISABLED, role, QColor(t.muted))
    return made


def style_sheet(theme: Theme) -> str:
    """The one style sheet. Scoped by class or by the `role` property, never a bare QWidget."""
    t, p = theme.tokens, theme.points
    return "\n".join(
        (
            _type(t, p(1.9), p(1.3), p(0.92)),
            _surfaces(t),
            _buttons(t),
            _ticks(t),
            _fields(t),
            _tables(t),
            _scroll_bars(t),
            _menus(t),
        )
    )


def _type(t: Tokens, title: float, section: float, small: float) -> str:
    return f"""
QLabel[role="title"] {{ font-size: {title}pt; font-weight: 600; color: {t.text}; }}
QLabel[role="section"] {{ font-size: {section}pt; font-weight: 600; color: {t.text}; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="small"] {{ color: {t.muted}; font-size: {small}pt; }}
QLabel[role="overline"] {{ color: {t.muted}; font-size: {small}pt; font-weight: 600; }}
QLabel[role="problem"] {{ color: {t.error}; font-weight: 600; }}
QLabel[role="figure"] {{ font-size: {title}pt; font-weight: 600; color: {t.text}; }}
"""


def _surfaces(t: Tokens) -> str:
    return f"""
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.hair}; border-radius: 6px; }}
QFrame[role="card"]:focus {{ border: 3px solid {t.focus}; }}
QFrame[role="card"][chosen="true"] {{ border: 2px solid {t.accent}; }}
QFrame[role="rail"] {{ background: {t.rail}; border: none; border-right: 1px solid {t.hair}; }}
QFrame[role="topbar"] {{ background: {t.card}; border: none; border-bottom: 1px solid {t.hair}; }}
QFrame[role="line"] {{ background: {t.hair}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="problem-bar"] {{ background: {t.error_soft}; border: none;
  border-left: 4px solid {t.error}; }}
QFrame[role="warn-bar"] {{ background: {t.warn_soft}; border: none;
  border-left: 4px solid {t.warn}; }}
QFrame[role="info-bar"] {{ background: {t.accent_soft}; border: none;
  border-left: 4px solid {t.accent}; }}
QFrame[role="practice"] {{ background: {t.practice}; border: none; }}
QFrame[role="practice"] QLabel {{ color: {t.on_practice}; font-weight: 600;
  background: transparent; }}
QScrollArea[role="plain"] {{ background: transparent; border: none; }}
QScrollArea[role="plain"] > QWidget > QWidget[role="page"] {{ background: transparent; }}
QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line};
  border-radius: 6px;
  padding: 6px 14px; }}
QPushButton:hover {{ background: {t.accent_soft}; }}
QPushButton:focus {{ border: 2px solid {t.focus}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {t.muted}; border-color: {t.hair}; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent};
  border: 2px solid {t.accent};
  padding: 5px 15px; font-weight: 600; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.focus};
  outline: none; }}
QPushButton[role="primary"]:disabled {{ background: {t.card}; color: {t.muted};
  border: 2px dashed {t.line}; }}
QPushButton[role="danger"] {{ color: {t.error}; border-color: {t.error}; }}
QPushButton[role="quiet"] {{ background: transparent; border: 2px solid transparent;
  color: {t.accent};
  padding: 5px 2px; text-align: left; }}
QPushButton[role="quiet"]:hover {{ text-decoration: underline; }}
QPushButton[role="quiet"]:focus {{ border: 2px solid {t.focus}; }}
QPushButton[role="quiet"]:disabled {{ color: {t.muted}; }}
QPushButton[role="rail"] {{ background: transparent; border: 2px solid transparent;
  border-radius: 6px;
  padding: 7px 5px; text-align: left; color: {t.text}; }}
QPushButton[role="rail"]:hover {{ background: {t.accent_soft}; }}
QPushButton[role="rail"]:checked {{ background: {t.accent_soft};
  border-left: 4px solid {t.accent}; }}
QPushButton[role="rail"]:focus {{ border: 2px solid {t.focus}; }}
QPushButton[role="tab"] {{ background: transparent; border: none;
  border-bottom: 3px solid transparent;
  border-radius: 0; padding: 7px 12px; }}
QPushButton[role="tab"]:checked {{ color: {t.accent}; border-bottom: 3px solid {t.accent}; }}
QPushButton[role="tab"]:focus {{ border: 2px solid {t.focus}; border-radius: 4px;
  padding: 5px 10px; }}
QPushButton[role="toggle"]:checked {{ background: {t.accent_soft}; border: 1px solid {t.accent};
  font-weight: 600; }}
QPushButton[role="toggle"]:focus {{ border: 2px solid {t.focus}; padding: 5px 13px; }}
QPushButton[role="name"] {{ background: transparent; border: 2px solid transparent;
  color: {t.accent}; font-weight: 600; padding: 1px 0; margin-left: -2px; text-align: left; }}
QPushButton[role="name"]:hover {{ text-decoration: underline; }}
QPushButton[role="name"]:focus {{ border: 2px solid {t.focus}; }}
"""


def _ticks(t: Tokens) -> str:
    return f"""
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{ width: 16px;
  height: 16px; background: {t.card}; border: 2px solid {t.line}; }}
QCheckBox::indicator, QListView::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 10px; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{
  background: {t.accent}; border-color: {t.accent}; image: url({picture("tick", t)}); }}
QRadioButton::indicator:checked {{ border: 6px solid {t.accent}; width: 8px; height: 8px; }}
QCheckBox, QRadioButton {{ spacing: 8px; border: 2px solid transparent;
  padding: 2px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 2px solid {t.focus}; border-radius: 4px; }}
QToolButton:focus {{ border: 2px solid {t.focus}; border-radius: 4px; }}
"""


def _fields(t: Tokens) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit {{ background: {t.card}; color: {t.text};
  border: 1px solid {t.line};
  border-radius: 4px; padding: 6px 7px 5px 7px; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; placeholder-text-color: {t.muted}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {t.focus};
  padding: 5px 6px 4px 6px; }}
QLineEdit[problem="true"], QPlainTextEdit[problem="true"] {{ border: 2px solid {t.error};
  padding: 5px 6px 4px 6px; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {t.muted}; background: {t.page}; }}
QComboBox {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line};
  border-radius: 4px; padding: 5px 7px 5px 9px; placeholder-text-color: {t.muted}; }}
QComboBox:focus {{ border: 2px solid {t.focus}; padding: 4px 6px 4px 8px; }}
QComboBox[problem="true"] {{ border: 2px solid {t.error}; padding: 4px 6px 4px 8px; }}
QComboBox:disabled {{ color: {t.muted}; background: {t.page}; border-style: dashed; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox::down-arrow {{ image: url({picture("down", t)}); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line};
  selection-background-color: {t.accent_soft}; selection-color: {t.text}; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: 26px; }}
"""


def _tables(t: Tokens) -> str:
    return f"""
QTableView, QListView, QTreeView {{ background: {t.card}; alternate-background-color: {t.page};
  border: 1px solid {t.hair}; border-radius: 6px; gridline-color: {t.hair}; outline: none;
  selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 2px solid {t.focus}; }}
QTableView::item, QListView::item {{ padding: 4px 8px; }}
QTableView::item:selected, QListView::item:selected {{ background: {t.accent_soft};
  color: {t.text}; }}
QTableView::item:focus {{ border: 2px solid {t.focus}; padding: 2px 6px; }}
QHeaderView::section {{ background: {t.card}; color: {t.muted}; border: none;
  border-bottom: 1px solid {t.line}; padding: 6px 11px; font-weight: 600; }}
"""


def _scroll_bars(t: Tokens) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: 14px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 3px; margin: 4px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _menus(t: Tokens) -> str:
    return f"""
QMenu {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 20px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QProgressBar {{ background: {t.hair}; border: 1px solid {t.line}; border-radius: 4px;
  min-height: 14px;
  text-align: center; color: {t.text}; }}
QProgressBar[role="thin"] {{ min-height: 6px; max-height: 6px; background: {t.card}; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
"""
