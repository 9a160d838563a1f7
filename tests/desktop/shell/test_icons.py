"""One family of icons: one grid, one stroke, in the theme's colours, sharp, never without words."""

import re
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop import bootstrap, motion, theme
from desktop.theme_tokens import THEMES
from desktop.views.kit import emblem, icons
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.icon_words import OF_WORDS
from desktop.views.kit.shapes import Look
from desktop.views.screens import rail

DRAWN = sorted(icons.names())
ROOT_TAG = (
    'viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
)


def colours_in(pixmap):
    image = pixmap.toImage()
    return {
        image.pixelColor(x, y).name().lower()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_on_the_grid_and_has_one_stroke_and_no_colour(name):
    drawn = (icons.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert ROOT_TAG in drawn
    assert drawn.count("stroke-width") == 1
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)) <= {
        "none", "currentColor", "#FFFFFF",
    }  # fmt: skip
    assert not re.search(r"<(text|image|style|script|use|a)\b|href|url\(", drawn)


def test_everything_that_asks_for_a_drawing_has_one_and_none_is_left_over():
    asked = set(OF_WORDS.values()) | {look.value for look in Look}
    asked |= {place.name for place in rail()} | {"settings", "help"}
    assert asked <= icons.names()
    beside = {"find", "places", "photo", "close"}  # asked for by name where they stand
    assert icons.names() - asked - beside == set()


@pytest.mark.parametrize("name", THEMES)
def test_drawings_take_the_colours_of_the_theme(name, qapp, restore_theme):
    theme.apply(qapp, name, 100)
    ink, ground = (QColor(getattr(THEMES[name], token)).name() for token in ("ok", "card"))
    assert colours_in(icons.pixmap("done", 48, 1, "ok")) >= {ink, ground}
    bare = colours_in(icons.pixmap("caseload", 48, 1, "on_accent", "accent"))
    assert QColor(THEMES[name].on_accent).name() in bare  # also where the ink is white


def test_a_drawing_is_painted_for_the_screen_it_is_on(qapp, restore_theme):
    theme.apply(qapp, "light", 100)
    once, twice = (icons.pixmap("lock", 20, scale, "text") for scale in (1, 2))
    assert (twice.width(), twice.devicePixelRatio()) == (40, 2)
    stretched = once.toImage().scaled(40, 40, mode=Qt.TransformationMode.SmoothTransformation)
    assert _firm(twice.toImage()) > 1.2 * _firm(stretched)  # not the small one made larger


def _firm(image):
    """How many dots are wholly ink: edges that were stretched are grey."""
    every = [image.pixelColor(x, y).alpha() for x in range(40) for y in range(40)]
    return sum(alpha > 240 for alpha in every)


def test_a_button_is_dressed_again_when_the_theme_changes(qapp, qtbot, restore_theme):
    theme.apply(qapp, "light", 100)
    made = button("Undo")
    qtbot.addWidget(made)
    made.show()
    before, small = made.icon().pixmap(made.iconSize()).toImage(), made.iconSize()
    theme.apply(qapp, "dark", 200)
    assert made.iconSize().height() > 1.5 * small.height()
    assert made.icon().pixmap(small).toImage() != before
    assert made.text() == made.accessibleName() == "Undo"


def test_the_drawing_of_a_primary_button_shows_on_its_colour(qapp, qtbot, restore_theme):
    theme.apply(qapp, "light", 100)
    made = primary("Quick note")
    qtbot.addWidget(made)
    assert QColor(THEMES["light"].on_accent).name() in colours_in(
        made.icon().pixmap(made.iconSize())
    )


def test_what_is_chosen_from_several_has_no_drawing_of_an_act(qtbot):
    made = button("Done", role="toggle")
    qtbot.addWidget(made)
    assert made.icon().isNull()


def test_no_letter_or_emoji_stands_in_for_an_icon():
    glyph = re.compile(
        r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]"
    )
    guilty = []
    for file in (icons.FOLDER.parents[1] / "views").rglob("*.py"):
        guilty += [
            f"{file.name}: {line.strip()}"
            for line in file.read_text(encoding="utf-8").splitlines()
            if glyph.search(line) and "printing" not in str(file)
        ]
    assert guilty == []


def test_a_narrow_window_has_drawings_and_every_name_is_still_heard(program, qtbot):
    rail_ = program.desk.view.rail
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    count = program.desk.context.session.vault.reader.caseload_counts()["all"]
    program.frame.resize(900, 600)
    assert rail_["claims"].text() == ""
    assert rail_["caseload"].text() == str(count)
    assert rail_["caseload"].accessibleName() == f"Caseload, {count}"
    assert rail_["caseload"].toolTip() == "Caseload (Ctrl+2)"
    assert not rail_["claims"].icon().isNull()
    qtbot.waitUntil(lambda: rail_.width() < 120)
    program.frame.resize(1093, 614)
    assert rail_["claims"].text() == "Claims"


def test_the_windows_wear_the_sign_of_the_program_in_every_size(qapp, monkeypatch):
    monkeypatch.setattr(bootstrap, "refuse_dumps", lambda: None)  # of this very process
    monkeypatch.setattr(motion, "apply", lambda _app, still: None)

    class Once:
        """What the first paint needs of the others."""

        settings = SimpleNamespace(flag=lambda _key: False)

        def listen(self):
            return None

        def after_first_paint(self):
            return None

    before = qapp.windowIcon()
    bootstrap.Starter(qapp, Once(), Once())._after_paint()
    sign = qapp.windowIcon()
    qapp.setWindowIcon(before)
    assert {size.width() for size in sign.availableSizes()} == set(emblem.SIZES)
    assert len(colours_in(sign.pixmap(64))) > 3
