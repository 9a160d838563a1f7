"""Check my data and Make a copy: how far they are, Stop and Escape, the words after, Try again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.operations.long_work import Progress
from desktop.presenters.sent_and_safe import COPYING, SafePresenter
from desktop.views.kit.bars import Busy, StoppedBar
from desktop.views.sent_and_safe import SentAndSafe
from forms.values import SetClock
from storage.errors import VaultFull
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, BusyLane, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import mary

STOPPED = "Stopped before the end."
BUTTONS = ["Check my data", "Make a copy now"]


@pytest.fixture
def kept(tmp_path):
    vault, _ = Vault.create(tmp_path / "v", practice=True, clock=SetClock(NOON))
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(mary())
    yield vault
    vault.close()


@pytest.fixture
def made(kept):
    held = context(kept)
    held.jobs = BusyLane()
    return held


class Watches(FakeView):
    """A view that writes down each step."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def show_busy(self, words, done, of):
        self.seen.append((words, done, of))


def test_the_steps_are_shown_with_their_units(made, monkeypatch):
    view = Watches()
    presenter = SafePresenter(view, made)
    presenter.check()
    heard = Progress.heard

    def look_at_once(progress, words, done, of):
        heard(progress, words, done, of)
        presenter.work.tick()

    monkeypatch.setattr(Progress, "heard", look_at_once)
    made.jobs.catch_up()
    words = [words for words, _, _ in view.seen]
    assert words[0] == "Checking every record, then making a copy"
    assert any(each.startswith("Entries of your records looked through: ") for each in words)
    assert any(each.startswith("Records read: 0 of ") for each in words)
    assert any(each.startswith("Copied: ") and each.endswith(" MB") for each in words)
    assert view.seen[-1] == ("", 0, 0)
    assert view.last["show_health"] == ("Your records are well. A good copy was made.", ())
    assert not presenter.work.tick()


@pytest.mark.parametrize("act", [SafePresenter.check, SafePresenter.copy])
def test_stop_is_said_when_it_has_stopped_and_nothing_is_left(made, kept, act):
    view = FakeView()
    presenter = SafePresenter(view, made)
    act(presenter)
    presenter.work.stop()
    assert view.last["show_busy"] == ("Stopping", 0, 0)
    assert view.last["show_stopped"] == ""  # it has not stopped yet
    made.jobs.catch_up()
    assert view.last["show_stopped"].startswith(STOPPED)
    assert (kept.copies(), made.tell.failures, made.tell.said) == ([], [], [])
    assert "show_health" not in view.last
    assert not presenter.work.tick()
    presenter.work.again()
    assert view.last["show_stopped"] == ""
    made.jobs.catch_up()
    assert len(kept.copies()) == 1


def test_what_was_done_just_before_stop_is_not_called_stopped(made, kept):
    view = FakeView()
    presenter = SafePresenter(view, made)
    presenter.copy()
    work, *rest = made.jobs.waiting.pop()

    def all_done_then_stop():
        done = work()
        presenter.work.stop()
        return done

    made.jobs.waiting.append((all_done_then_stop, *rest))
    made.jobs.catch_up()
    assert made.tell.said == ["A copy was made and checked"]
    assert view.last["show_stopped"] == ""


def test_a_second_press_begins_nothing_and_a_fault_ends_it(made, monkeypatch):
    view = FakeView()
    presenter = SafePresenter(view, made)

    def full(_vault, _tell=None):
        raise VaultFull

    monkeypatch.setattr(Vault, "back_up", full)
    presenter.copy()
    presenter.check()
    assert len(made.jobs.waiting) == 1
    assert view.last["show_busy"] == (COPYING, 0, 0)
    made.jobs.catch_up()
    assert view.last["show_busy"] == ("", 0, 0)
    assert view.last["show_health"][0]
    assert not presenter.work.tick()


@pytest.mark.parametrize("words", BUTTONS)
@pytest.mark.parametrize("by_key", [True, False])
def test_on_the_page_escape_or_stop_then_try_again(qtbot, made, kept, words, by_key):
    screen = SentAndSafe()
    qtbot.addWidget(screen)
    screen.use(SafePresenter(screen, made))
    screen.show()
    screen.activateWindow()
    press = _button(screen, words)
    press.setFocus()
    qtbot.waitUntil(press.hasFocus)
    press.click()
    (busy,) = screen.findChildren(Busy)
    assert busy.isVisible()
    assert not press.isEnabled()
    if by_key:
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
    else:
        stop = _button(busy, "Stop")
        stop.setFocus()
        stop.click()
    assert busy.words == "Stopping"
    made.jobs.catch_up()
    (bar,) = screen.findChildren(StoppedBar)
    assert bar.isVisible()
    assert bar.words.startswith(STOPPED)
    assert not busy.isVisible()
    again = _button(bar, "Try again")
    assert (press if by_key else again).hasFocus()
    assert press.isEnabled()
    again.setFocus()
    again.click()
    assert busy.isVisible()
    assert not bar.isVisible()
    made.jobs.catch_up()
    assert len(kept.copies()) == 1
    assert not busy.isVisible()
    assert press.hasFocus()


OFFER = "Close and put it back"


def _page(qtbot, made):
    screen = SentAndSafe()
    qtbot.addWidget(screen)
    presenter = SafePresenter(screen, made)
    screen.use(presenter)
    screen.show()
    return screen, presenter


def test_what_is_offered_during_a_check_stays_while_it_goes_on(qtbot, made, kept):
    kept.back_up()
    made.mend = lambda: None
    screen, presenter = _page(qtbot, made)
    presenter.check()
    _button(screen, "Put the newest copy back").click()
    offer = _button(screen, OFFER)
    presenter.work.tick()
    assert _button(screen, OFFER) is offer
    assert offer.isVisible()


def test_a_check_that_fails_leaves_a_way_to_put_a_copy_back(qtbot, made, kept, monkeypatch):
    def full(_vault, _tell=None):
        raise VaultFull

    kept.back_up()
    made.mend = lambda: None
    screen, presenter = _page(qtbot, made)
    monkeypatch.setattr(Vault, "back_up", full)
    presenter.copy()
    put_back = _button(screen, "Put the newest copy back")
    put_back.click()
    assert not put_back.isVisible()
    made.jobs.catch_up()
    assert put_back.isVisible()


def _button(inside, words):
    (found,) = (each for each in inside.findChildren(QPushButton) if each.text() == words)
    return found
