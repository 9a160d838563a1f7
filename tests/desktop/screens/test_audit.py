"""No screen has a field without a name, a small target, clipped words or pale text."""

import pytest

from desktop import theme
from tests.desktop.audit import audit
from tests.desktop.screens.gallery import PLACES, opened

SIZE = (920, 556)  # what is left of 1093x614 beside the rail and under the top bar


@pytest.mark.parametrize("place", PLACES)
def test_nothing_to_mend_in_light(place, qtbot):
    screen, made = opened(place)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    assert not made.tell.failures
    assert [str(each) for each in audit(screen)] == []


@pytest.mark.parametrize("name", ["dark", "contrast"])
@pytest.mark.parametrize("place", ["overview", "checklist", "claim", "impact", "things_to_check"])
def test_nothing_to_mend_in_other_themes(place, name, qapp, qtbot, restore_theme):
    theme.apply(qapp, name, 100)
    screen, _ = opened(place)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    assert [str(each) for each in audit(screen)] == []


@pytest.mark.parametrize("place", PLACES)
def test_every_screen_fits_the_small_laptop(place, qtbot):
    screen, _ = opened(place)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    assert screen.width() <= SIZE[0]
    assert screen.minimumSizeHint().width() <= SIZE[0]
    assert screen.minimumSizeHint().height() <= SIZE[1]
