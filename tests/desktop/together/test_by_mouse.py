"""The table by mouse alone, from the turn of the screen to the page that goes home."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop import theme
from desktop.views.together.more_below import MoreBelow
from desktop.views.together.pad import SignaturePad
from forms.facts.casework import ChecklistItem, Signature
from forms.rules.signatures import faults
from tests.desktop.audit import name_of
from tests.desktop.together.people import MARY, PIN

LEFT = Qt.MouseButton.LeftButton


class Mouse:
    """Somebody with a mouse and no keys: what cannot be seen cannot be pressed."""

    def __init__(self, window, settle):
        self.window, self._settle = window, settle

    def find(self, words):
        """What is called so on the page that is shown."""
        every = self.window.findChildren(QAbstractButton)
        shown = [b for b in every if b.isVisible() and name_of(b) == words]
        assert shown, (words, [name_of(b) for b in every if b.isVisible()])
        return shown[0]

    def reach(self, widget):
        """Where it can be pressed, once "More below" was pressed often enough."""
        for _ in range(40):
            middle = widget.mapTo(self.window, widget.rect().center())
            under = self.window.childAt(middle)
            if under is widget or (under is not None and widget.isAncestorOf(under)):
                return middle
            more = self.window.findChild(MoreBelow)
            assert more.isVisible(), f"{name_of(widget)} is nowhere to be seen"
            QTest.mouseClick(self.window.windowHandle(), LEFT, pos=self.centre(more))
            self._settle()
        raise AssertionError(f"{name_of(widget)} is not reached")

    def centre(self, widget):
        return widget.mapTo(self.window, widget.rect().center())

    def press(self, words):
        at = self.reach(self.find(words))
        QTest.mouseClick(self.window.windowHandle(), LEFT, pos=at)
        self._settle()

    def twice(self, words):
        """As a hand that shakes presses: the second press lands on whatever is there by then."""
        at = self.reach(self.find(words))
        QTest.mouseDClick(self.window.windowHandle(), LEFT, pos=at)
        self._settle()

    def draw(self, pad):
        handle, at = self.window.windowHandle(), self.reach(pad)
        QTest.mousePress(handle, LEFT, pos=at)
        for step in range(1, 12):
            QTest.mouseMove(handle, at + QPoint(6 * step, 8 * (step % 3)))
        QTest.mouseRelease(handle, LEFT, pos=at + QPoint(70, 0))
        self._settle()


@pytest.fixture
def restored():
    yield
    theme.apply(QApplication.instance(), "light", 100)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(("look", "percent"), [("light", 100), ("contrast", 200)])
def test_by_mouse_from_the_turn_of_the_screen_to_the_page(share, program, settle, look, percent):
    theme.apply(QApplication.instance(), look, percent)
    window = share()
    window.resize(1093, 614)
    settle()
    printed = []
    window.sheet._printing = lambda _parent, page: printed.append(page) is None
    mouse = Mouse(window, settle)
    mouse.press("We are ready")
    while window.step.step.key != "item.C07":
        mouse.press("Skip for now")
    mouse.press("Do you have public liability insurance? Yes, it is done")
    mouse.press("Who says so? We looked at it")
    mouse.press("Continue")
    mouse.press("Mary will do at home")
    mouse.press("Keep this")
    mouse.press("Sign")
    mouse.draw(window.sign.findChild(SignaturePad))
    button = next(b for b in window.sign.findChildren(QAbstractButton) if b.text() == "Sign")
    QTest.mouseClick(window.windowHandle(), LEFT, pos=mouse.reach(button))
    settle()
    mouse.press("Print today's page")
    mouse.press("Print it")
    mouse.press("Finish, needs the PIN")
    QTest.keyClicks(window.focusWidget(), PIN)  # the coach's own, and a secret: typed
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle()
    assert printed
    reader = program.desk.context.session.vault.reader
    (item,) = reader.all(ChecklistItem, enterprise_id=MARY, code="C07")
    assert (item.state, item.said_by) == ("done", "saw it")
    (signed,) = reader.all(Signature, enterprise_id=MARY)
    assert (faults(signed), signed.way) == ([], "drawn")


def test_a_hand_that_shakes_answers_and_skips_nothing_by_the_second_press(share, program, settle):
    window = share()
    window.resize(1093, 614)
    mouse = Mouse(window, settle)
    reader = program.desk.context.session.vault.reader

    def states():
        return {i.code: i.state for i in reader.all(ChecklistItem, enterprise_id=MARY)}

    before = states()
    mouse.twice("We are ready")
    first = window.step.step.key
    assert states() == before
    mouse.press("Skip for now")
    second = window.step.step.key
    window.strip.back.emit()
    settle()
    assert window.step.step.key == first
    mouse.twice("Skip for now")
    assert window.step.step.key == second
    assert states() == before
    window.setProperty("press_once", False)  # the test can fail: without that two are skipped
    mouse.twice("Skip for now")
    third = window.step.step.key
    window.strip.back.emit()
    settle()
    assert window.step.step.key not in (second, third)
