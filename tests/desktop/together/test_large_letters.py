"""Large letters in a small window: what goes on below is said, and every button can be reached."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop import theme
from desktop.views.together.more_below import MoreBelow
from tests.desktop.audit import audit
from tests.desktop.together.test_look import TARGET, pages

SIZES = ((200, 1093, 614), (150, 1366, 768))


def below(window):
    """Buttons of the page in front that begin under its lower edge."""
    area = window._areas[window.front]
    view = area.viewport()
    seen = QRect(QPoint(0, 0), view.size())
    every = [each for each in window.front.findChildren(QAbstractButton) if each.isVisible()]
    return [each for each in every if each.mapTo(view, QPoint(0, 0)).y() > seen.bottom()]


def look(window, settle):
    settle()
    hint = window.findChild(MoreBelow)
    bar = window._areas[window.front].verticalScrollBar()
    assert not below(window) or hint.isVisible()
    for _ in range(60):
        if not hint.isVisible():
            break
        before = bar.value()
        hint.click()
        settle()
        assert bar.value() > before or not hint.isVisible()
    assert not hint.isVisible()
    assert below(window) == []


@pytest.mark.usefixtures("restore_theme")
@pytest.mark.parametrize(("percent", "width", "height"), SIZES)
def test_what_goes_on_below_is_said_and_the_button_goes_there(
    share, settle, percent, width, height
):
    theme.apply(QApplication.instance(), "light", percent)
    window = share()
    window.resize(width, height)
    found = []
    for page in pages(window, settle):
        settle()
        found += [f"{page}: {each}" for each in audit(window, least_target=TARGET)]
        look(window, settle)
        assert window.see_list.isHidden() or window.see_list.x() == 0
    assert found == []


def test_where_all_is_in_sight_nothing_is_said(share, settle):
    window = share()
    window.turn.ready.emit()
    window.resize(1366, 1000)
    hint = window.findChild(MoreBelow)
    window.open(window.end)
    settle()
    assert not hint.isVisible()
    window.resize(1366, 500)
    window.ways.sign_wanted()
    settle()
    assert hint.isVisible()
    window.open(window.end)
    settle()
    assert not hint.isVisible()


def test_keys_move_on_a_page_of_words_alone(share, settle, qtbot):
    window = share()
    window.turn.ready.emit()
    window.resize(1366, 420)
    window.ways.sign_wanted()
    settle()
    hint = window.findChild(MoreBelow)
    hint.setFocus()
    bar = window._areas[window.front].verticalScrollBar()
    before = bar.value()
    qtbot.keyClick(hint, " ")
    assert bar.value() > before
