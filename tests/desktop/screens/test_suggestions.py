"""What an empty field suggests can be read whole."""

from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionFrame

from desktop import theme
from desktop.presenters.typed_when import WhenRule
from desktop.views.form_pages.when_field import WhenField
from forms.values import LONDON


@pytest.mark.usefixtures("restore_theme")
@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("kind", ["date", "time", "datetime"])
def test_an_empty_day_or_time_says_how_it_is_written(qtbot, kind, percent):
    theme.apply(QApplication.instance(), "light", percent)
    now = datetime(2026, 11, 19, 10, tzinfo=LONDON)
    field = WhenField("When was it?", WhenRule(kind=kind, now=now))
    qtbot.addWidget(field)
    field.resize(900, 160)
    field.show()
    line = field.editor
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    inside = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    suggested = line.fontMetrics().horizontalAdvance(line.placeholderText())
    assert line.placeholderText()
    assert inside.width() >= suggested + 4
