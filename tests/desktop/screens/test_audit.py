"""No screen has a field without a name, a small target, clipped words or pale text."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

from desktop import theme
from desktop.views.enterprise.editables import Editables
from desktop.views.form_pages.fields import ChoiceField
from forms.facts.money import SeedClaim
from tests.desktop.audit import audit
from tests.desktop.screens.desk import FINANCE, LEAD, QA
from tests.desktop.screens.gallery import PLACES, opened
from tests.desktop.screens.people import CLAIM, full_vault

SIZE = (920, 556)  # what is left of 1093x614 beside the rail and under the top bar


@pytest.mark.parametrize("place", PLACES)
def test_nothing_to_mend_in_light(place, qtbot):
    screen, made = opened(place)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    qtbot.waitUntil(lambda: all(part.is_complete for part in screen.findChildren(Editables)))
    for _ in range(5):  # late fields are laid out over a few turns of the event loop
        QApplication.processEvents()
    assert not made.tell.failures
    assert [str(each) for each in audit(screen)] == []


@pytest.mark.parametrize(
    ("actor", "state"),
    [(QA, "SUBMITTED"), (LEAD, "RECOMMENDED"), (FINANCE, "COMMITTED"), (QA, "PAID")],
)
def test_nothing_to_mend_for_those_who_decide(actor, state, qtbot):
    vault = full_vault()
    vault.hold(replace(vault.get(SeedClaim, CLAIM), state=state))
    screen, _ = opened("claim", actor=actor, vault=vault)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    for field in screen.findChildren(ChoiceField):
        if "something else" in field.heading.text():
            field.editor.setCurrentIndex(1)
            field.editor.activated.emit(1)
    QApplication.processEvents()
    assert [str(each) for each in audit(screen)] == []
    assert screen.minimumSizeHint().width() <= SIZE[0]


@pytest.mark.parametrize("name", ["dark", "contrast"])
@pytest.mark.parametrize("place", ["overview", "checklist", "claim", "impact", "things_to_check"])
def test_nothing_to_mend_in_other_themes(place, name, qapp, qtbot, restore_theme):
    theme.apply(qapp, name, 100)
    screen, _ = opened(place)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    qtbot.waitUntil(lambda: all(part.is_complete for part in screen.findChildren(Editables)))
    for _ in range(8):
        QApplication.processEvents()
    assert [str(each) for each in audit(screen)] == []


@pytest.mark.parametrize("percent", [150, 200])
@pytest.mark.parametrize("place", PLACES)
def test_large_text_cuts_nothing(place, percent, qapp, qtbot, restore_theme):
    theme.apply(qapp, "light", percent)
    screen, _ = opened(place)
    qtbot.addWidget(screen)
    screen.resize(870, 500)  # the frame grows with the text too
    screen.show()
    qtbot.waitUntil(lambda: all(part.is_complete for part in screen.findChildren(Editables)))
    for _ in range(8):
        QApplication.processEvents()
    least = 21 * percent // 100  # what is pressed grows with the text
    assert [str(each) for each in audit(screen, least)] == []


class _Shows(QObject):
    """Notes each widget that is shown as a window of its own."""

    def __init__(self, mine):
        super().__init__()
        self._mine, self.seen = mine, []

    def eventFilter(self, watched, event):
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow() and watched is not self._mine:
            words = watched.text() if isinstance(watched, QLabel) else watched.accessibleName()
            self.seen.append(f"{type(watched).__name__} {words}")
        return False


@pytest.mark.parametrize("place", PLACES)
def test_no_part_of_a_screen_is_a_window_of_its_own(place, qapp, qtbot):
    frame = QMainWindow()
    qtbot.addWidget(frame)
    frame.show()
    watch = _Shows(frame)
    qapp.installEventFilter(watch)
    screen, _ = opened(place)
    frame.setCentralWidget(screen)
    qapp.processEvents()
    qapp.removeEventFilter(watch)
    assert watch.seen == []


@pytest.mark.parametrize("place", PLACES)
def test_every_screen_fits_the_small_laptop(place, qtbot):
    screen, _ = opened(place)
    qtbot.addWidget(screen)
    screen.resize(*SIZE)
    screen.show()
    assert screen.width() <= SIZE[0]
    assert screen.minimumSizeHint().width() <= SIZE[0]
    assert screen.minimumSizeHint().height() <= SIZE[1]
