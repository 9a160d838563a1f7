"""Impact: what its charts and its map look like: steps, looks, names that are not cut."""

from datetime import date

import pytest
from PySide6.QtGui import QFont, QFontMetricsF, QImage
from PySide6.QtWidgets import QLabel

from desktop.presenters.impact_picture import Course, Point
from desktop.presenters.impact_picture import Step as TargetStep
from desktop.theme import CURRENT
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.charts.legend import Swatch
from tests.desktop.screens.gallery import shown_by


@pytest.fixture
def page(qtbot):
    return shown_by(qtbot)


def pixels(picture, colour):
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    there = set()
    for y in range(image.height()):
        for x in range(image.width()):
            if image.pixelColor(x, y) == colour:
                there.add((x, y))
    return there


def test_targets_are_one_line_with_steps(page, qtbot):
    line = CourseLine("Targets")
    qtbot.addWidget(line)
    points = tuple(
        Point(on=date(2024, month, 28), value=1.0, shown="1", rows=1) for month in range(1, 13)
    )
    low = TargetStep(starts=date(2024, 1, 1), ends=date(2024, 6, 30), count=10)
    high = TargetStep(starts=date(2024, 7, 1), ends=date(2024, 12, 31), count=40)
    course = Course(
        id="I-06", title="x", each="", line=points, target=(low, high),
        districts=(), elsewhere="", choices=(),
    )  # fmt: skip
    line.show_course(course)
    line.resize(600, 240)
    line.show()
    warn = CURRENT.colour("warn")
    found = pixels(line.grab(), warn)
    rows = {y for _, y in found}
    steps = [y for y in rows if sum(at == y for _, at in found) > 40]
    between = range(min(steps) + 12, max(steps) - 20)
    columns = {x for x, y in found if y in between}
    assert columns, "the steps hang in the air"
    assert len(columns) <= 4


def test_the_legend_names_each_look_and_no_two_are_alike_without_colour(page, qtbot):
    screen, _ = page("impact")
    swatches = [each for each in screen._map.findChildren(Swatch) if each.isVisible()]
    assert len(swatches) == 4
    grey = [
        each.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8) for each in swatches
    ]
    for number, one in enumerate(grey):
        assert all(one != other for other in grey[number + 1 :])
    said = [w.text() for w in screen._map.findChildren(QLabel) if w.isVisible()]
    assert {"None", "The most", "No data"} <= set(said)
    screen._map._as_table.click()
    assert not any(each.isVisible() for each in swatches)


@pytest.mark.parametrize("width", [420, 760, 1200])
def test_on_a_narrow_map_no_name_and_no_number_is_cut_or_written_over(qtbot, page, width):
    screen, _ = page("impact")
    tiles = screen._map.findChild(Cartogram)
    tiles.setFont(QFont(tiles.font().family(), 21))
    tiles.resize(width, 500)
    tiles._fit()
    letters = tiles._letters
    assert letters.font.pointSizeF() >= 10.5
    for tile in tiles._tiles:
        lines = letters.lines(tile.name)
        if width >= 700:
            assert " ".join(lines) == tile.name
        high = (len(lines) + 1) * QFontMetricsF(letters.bold).lineSpacing() + 8
        assert high <= tiles._box(tile).height() - 3, tile.name
        if tile.value is not None:
            assert letters.number(tile.shown).split()[0] == tile.shown.split()[0]
