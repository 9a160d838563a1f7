"""Large text in a small window: the head of a record leaves room for the record."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton

from desktop import theme
from desktop.views.enterprise import screen as record
from desktop.views.kit.fold import Fold
from desktop.views.printing.scrape import parts_of
from tests.desktop.screens.gallery import shown_by

ROOM = (870, 500)  # what a window of 1093 by 614 leaves at 200 %


@pytest.fixture
def show(qtbot, restore_theme):
    def shown(percent):
        theme.apply(QApplication.instance(), "light", percent)
        screen, _ = shown_by(qtbot)("checklist")
        screen.resize(*ROOM)
        QApplication.processEvents()
        return screen

    return shown


def begins(screen):
    """Where the open tab begins, as a share of the height."""
    return screen._stack.mapTo(screen, QPoint(0, 0)).y() / screen.height()


def buttons(screen):
    return {each.text() for each in screen.findChildren(QPushButton) if each.isVisible()}


@pytest.mark.parametrize("percent", [150, 200])
def test_the_record_begins_in_the_upper_part_of_the_window(show, percent, monkeypatch):
    screen = show(percent)
    assert begins(screen) < 2 / 3  # with every line it can have
    monkeypatch.setattr(record, "text_is_large", lambda: False)
    assert begins(show(percent)) > begins(screen) + 0.1


def test_what_is_folded_comes_with_one_press_and_goes_with_another(show):
    screen = show(200)
    (fold,) = screen.findChildren(Fold)
    assert fold.accessibleName() == "More about this record"
    assert "Move the stage" not in buttons(screen)
    fold.click()
    assert {"Move the stage", "Consent and own copy", "Less"} <= buttons(screen)
    fold.click()
    assert "Move the stage" not in buttons(screen)


def test_what_is_folded_goes_on_paper_too(show):
    screen = show(200)
    done = []

    def print_it():
        done.extend(part.text for part in parts_of(screen))

    screen.when_whole(print_it)
    assert any("Privacy notice given" in text for text in done)


def test_with_ordinary_text_nothing_is_folded(show):
    screen = show(100)
    assert screen.findChildren(Fold) == []
    assert "Move the stage" in buttons(screen)


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("name", ["M" * 300, "Mary Anne " * 40])
def test_a_very_long_name_pushes_nothing_out_of_the_window(show, percent, name):
    screen = show(percent)
    screen._name.setText(name)
    for _ in range(5):  # from the label up to the page, a layout at a time
        QApplication.processEvents()
    (share,) = (each for each in screen.findChildren(QPushButton) if each.text() == "Together")
    assert share.mapTo(screen, QPoint(share.width(), 0)).x() <= screen.width()
    assert screen._area.widget().width() <= screen.width()
