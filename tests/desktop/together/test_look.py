"""Nobody is shut out: names, 44 pixels, contrast and clipping on every page, in three themes."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.views.together.step_list import FORM, GUIDE
from desktop.views.together.style import TARGET, together_theme
from tests.desktop.audit import audit

LOOKS = (("light", 100, 1366), ("dark", 150, 1366), ("contrast", 200, 1366), ("light", 100, 480))


def pages(window, settle):
    """Open every page in turn."""
    yield "turn"
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "told us")
    yield "step"
    for step in window.table.picture.questions[:2]:
        window.ways.picked(step.key)
        yield step.key
    window.ways.picked("item.C13")
    window.presenter.promises.ask()
    yield "home"
    window.ways.files_wanted()
    yield "files"
    window.ways.sign_wanted()
    yield "sign"
    window.ways.to_sheet()
    yield "sheet"
    window.ways.picked(GUIDE)
    yield GUIDE
    for question in window.front.asks:
        window.front.answer(question.id, question.choices[0][0] if question.choices else "1")
    window.front.go(20)
    yield "what fits"
    window.ways.picked(FORM)
    yield FORM
    window.open(window.end)
    yield "end"
    window.pause()
    yield "paused"
    window.go_on()
    window.ask_to_leave()
    yield "pin"
    if window.is_narrow:
        window.go_on()
        window.show_list()
        yield "list"
    settle()


@pytest.mark.usefixtures("restore_theme")
@pytest.mark.parametrize(("name", "percent", "width"), LOOKS)
def test_every_page_can_be_used_and_read(share, settle, name, percent, width):
    theme.apply(QApplication.instance(), name, percent)
    window = share()
    window.resize(width, 768)
    found = []
    seen = []
    for page in pages(window, settle):
        settle()
        seen.append(page)
        found += [f"{page}: {each}" for each in audit(window, least_target=TARGET)]
    assert len(seen) >= 12
    assert found == []


@pytest.mark.usefixtures("restore_theme")
@pytest.mark.parametrize("percent", [100, 125, 200])
def test_type_is_never_below_eighteen_points(percent):
    theme.apply(QApplication.instance(), "light", percent)
    assert together_theme().points() == max(18.0, 18.0 * percent / 100)


@pytest.mark.parametrize("width", [1366, 1000, 480])
def test_every_row_of_the_list_is_as_high_as_its_words(share, settle, width):
    window = share()
    window.turn.ready.emit()
    window.resize(width, 768)
    settle()
    if window.is_narrow:
        window.show_list()
    settle()
    rows = window.list._list
    room = rows.viewport().width() - rows.iconSize().width() - 34
    metrics = rows.fontMetrics()
    assert rows.count() > 10
    for number in range(rows.count()):
        item = rows.item(number)
        words = metrics.boundingRect(
            QRect(0, 0, room, 10_000), int(Qt.TextFlag.TextWordWrap), item.text()
        )
        assert rows.visualItemRect(item).height() >= max(TARGET, words.height() + 8), item.text()
