"""Letters at 200 % in a small window: a page opens at its top, a question has half the window."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from desktop import theme
from desktop.views.form_pages.fields import Field
from desktop.views.form_pages.pages import area_around

SMALL = QSize(1093, 614)
PAGES = [
    ("entity_guide", {"id": "ent-0"}),
    ("form", {"id": "first_conversation", "enterprise": "ent-0"}),
]


@pytest.fixture
def large(program, qtbot, qapp, restore_theme):
    """Opens a page of the program at 200 %, in the small window; gives it back at rest."""
    theme.apply(qapp, "light", 200, program.frame)
    program.frame.resize(SMALL)

    def opened(name, **params):
        program.desk.view.open_route(name, **params)
        settle(program, qtbot)
        return program.desk.view.front

    return opened


def settle(program, qtbot):
    for _ in range(4):
        qtbot.waitUntil(lambda: program.jobs.is_idle, timeout=20_000)
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def seen(part):
    """How much of a part can be seen, in the window."""
    return part.visibleRegion().boundingRect()


def rest_below(pages):
    """Pixels of the open page below its last question."""
    page = pages._stack.currentWidget()
    fields = [each for each in page.findChildren(Field) if each.isVisible()]
    lowest = max(each.mapTo(page, QPoint(0, each.height())).y() for each in fields)
    return page.height() - lowest


@pytest.mark.parametrize(("name", "params"), PAGES)
def test_the_head_scrolls_away_and_a_question_has_half_the_window(
    large, program, qtbot, name, params
):
    front = large(name, **params)
    pages = front._pages
    at = QApplication.focusWidget()
    assert at is pages.first_stop, (at.accessibleName(), at.text())
    assert seen(at) == QRect(QPoint(0, 0), at.size())
    assert not pages._stack.currentWidget().findChildren(QScrollArea)
    for _ in range(2):
        pages._next.click()
        settle(program, qtbot)
        page = pages._stack.currentWidget()
        assert seen(page).height() >= min(SMALL.height() // 2, page.height())
        assert seen(page).width() == page.width()
        assert seen(page).top() == 0
        assert rest_below(pages) < SMALL.height() // 2  # it is as high as itself, not as another
        at = QApplication.focusWidget()
        assert page.isAncestorOf(at)
        assert seen(at).height() >= min(at.height(), SMALL.height() // 4)
    area = area_around(pages)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert seen(pages._next) == QRect(QPoint(0, 0), pages._next.size())


@pytest.mark.parametrize(("name", "params"), PAGES)
def test_a_page_chosen_from_the_list_opens_at_its_top(large, program, qtbot, name, params):
    pages = large(name, **params)._pages
    bar = area_around(pages).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    pages._buttons[1].click()
    settle(program, qtbot)
    page = pages._stack.currentWidget()
    assert pages.at == 1
    assert seen(page).top() == 0
    assert page.isAncestorOf(QApplication.focusWidget())


def test_who_has_an_item_opens_at_its_title_and_tab_leads_to_the_list(large, program, qtbot):
    front = large("item_everybody", id="C40")
    area = front.findChild(QScrollArea)
    assert area.verticalScrollBar().maximum() > 0  # there is more than goes into the window
    assert area.verticalScrollBar().value() == 0
    assert QApplication.focusWidget() in front._views.values()
    for _ in range(len(front._views) + 1):  # past the other views, and no further
        if not front._table.hasFocus():
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            settle(program, qtbot)
    assert front._table.hasFocus(), QApplication.focusWidget()
    assert not seen(front._table).isEmpty()


@pytest.mark.parametrize(("name", "params"), PAGES)
def test_at_the_usual_size_the_head_stays_and_the_first_question_has_the_focus(
    program, qtbot, name, params
):
    program.desk.view.open_route(name, **params)
    settle(program, qtbot)
    pages = program.desk.view.front._pages
    assert QApplication.focusWidget() is pages.first_stop
    assert isinstance(pages._stack.currentWidget(), QScrollArea)


def test_the_open_page_of_the_guide_survives_a_lock(program, qtbot):
    program.desk.view.open_route("entity_guide", id="ent-0")
    settle(program, qtbot)
    program.desk.view.front._pages.open(2)
    with qtbot.waitSignal(program.opened):
        program.lock()
    settle(program, qtbot)
    assert program.desk.view.front._pages.at == 2
