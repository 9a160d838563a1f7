"""The style sheet stands on the window: parts look the same under it, and are dressed only once."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.theme_tokens import THEMES
from desktop.views.form_pages.find_field import FindField
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.labels import label, muted, title
from desktop.views.kit.layout import column, panel, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.main_window_frame import Frame

pytestmark = pytest.mark.usefixtures("restore_theme")


def page():
    """One of each kind that the sheet names."""
    combo = QComboBox()
    combo.addItems(["One", "Two"])
    tick = QCheckBox("Tick")
    tick.setChecked(True)
    parts = (title("T"), muted("m"), label("s", "section"), button("Undo"), primary("Note"))
    menu_owner = QPushButton("Menu")
    menu = QMenu("Columns", menu_owner)
    menu.addAction("Name")
    card = panel(column(*parts, combo, tick, QLineEdit("typed"), menu_owner), "card")
    whole = QWidget()
    whole.setLayout(column(scrolling(card, "All of it")))
    return whole, menu, combo


def pictures(qapp, name, *, of_the_window):
    frame = Frame()
    theme.apply(qapp, name, 100, frame if of_the_window else None)
    whole, menu, combo = page()
    frame.show_page(whole)
    frame.show()
    qapp.processEvents()
    taken = [frame.grab().toImage(), menu.grab().toImage(), combo.view().grab().toImage()]
    frame.close()
    frame.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return taken


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.usefixtures("qtbot")
def test_every_part_looks_the_same_by_either_sheet(qapp, name):
    assert pictures(qapp, name, of_the_window=True) == pictures(qapp, name, of_the_window=False)


def framed(qapp, qtbot, name="light"):
    frame = Frame()
    qtbot.addWidget(frame)
    theme.apply(qapp, name, 100, frame)
    return frame


def test_the_program_has_none_and_a_new_theme_dresses_the_window(qapp, qtbot):
    frame = framed(qapp, qtbot)
    whole, _menu, _combo = page()
    frame.show_page(whole)
    frame.show()
    before = frame.grab().toImage()
    theme.apply(qapp, "dark", 100, frame)
    assert qapp.styleSheet() == ""
    assert frame.styleSheet() == theme.style_sheet(theme.CURRENT)
    assert frame.grab().toImage() != before


def test_what_qt_gives_no_parent_has_the_sheet_of_its_window(qapp, qtbot):
    frame = framed(qapp, qtbot)
    field = FindField("Where?", tuple((str(n), f"Place {n}") for n in range(30)))
    frame.show_page(field)
    frame.show()
    for name in ("light", "dark"):
        theme.apply(qapp, name, 100, frame)
        field.editor.showPopup()
        popup = next(w for w in qapp.topLevelWidgets() if w.accessibleName() == "Choices")
        assert popup.styleSheet() == frame.styleSheet()
        assert popup.grab().toImage().pixelColor(40, 2) == QColor(THEMES[name].card)
        popup.hide()


def test_a_tip_has_the_colours_of_the_theme(qapp, qtbot):
    frame = framed(qapp, qtbot, "dark")
    press = QPushButton("Press")
    frame.show_page(press)
    frame.show()
    QToolTip.showText(press.mapToGlobal(QPoint(4, 4)), "what it does", press)
    tip = next(w for w in qapp.topLevelWidgets() if w.metaObject().className() == "QTipLabel")
    seen = tip.grab().toImage()
    colours = {seen.pixelColor(x, y).name() for x in range(seen.width()) for y in (3, 4)}
    assert QColor(THEMES["dark"].card).name() in colours
    tip.close()


class Dressed(QLabel):
    """Counts how often Qt dressed it."""

    times = 0

    def changeEvent(self, event):
        self.times += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


class Deep(Screen):
    """A label under eight layers."""

    def __init__(self):
        super().__init__()
        self.words = Dressed("deep")
        layer = self.words
        for _ in range(8):
            around = QFrame()
            QVBoxLayout(around).addWidget(layer)
            layer = around
        self.setLayout(column(layer))


@pytest.mark.parametrize("of_the_window", [True, False])
def test_a_page_is_dressed_when_it_comes_in_and_once(qapp, qtbot, of_the_window):
    """With the sheet on the program each layer dresses all below it again."""
    frame = Frame()
    qtbot.addWidget(frame)
    theme.apply(qapp, "light", 100, frame if of_the_window else None)
    room = QStackedWidget()
    frame.show_page(room)
    frame.show()
    with Screen.built_in(room):
        screen = Deep()
    room.addWidget(screen)
    room.setCurrentWidget(screen)
    qapp.processEvents()
    assert screen.parentWidget() is room
    assert Screen().parentWidget() is None
    assert (screen.words.times == 1) is of_the_window
    assert (screen.words.times > 8) is not of_the_window


def test_where_it_is_built_is_forgotten_when_building_fails(qtbot):
    room = QWidget()
    qtbot.addWidget(room)
    with pytest.raises(ZeroDivisionError), Screen.built_in(room):
        _ = 1 / 0
    assert Screen().parentWidget() is None
