"""The last good copy is put back: how far it is, Stop and Escape, the words after, once more."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.operations import vault as vaults
from desktop.operations.long_work import Progress
from desktop.presenters.unlock import PUT_BACK, STOPPED, UnlockPresenter, putting_back
from desktop.views.kit.bars import Busy
from desktop.views.unlock import UnlockPage
from forms.facts.people import Enterprise
from tests.desktop.audit import audit
from tests.desktop.shell.test_unlock import Page
from tests.desktop.shell.test_ways_round import folder, spoil
from tests.desktop.shell.world import WORDS, OnTheSpot

__all__ = ["folder"]


class Pressed(OnTheSpot):
    """Stop is pressed as soon as work of the vault begins, so many times."""

    def __init__(self):
        super().__init__()
        self.presenter, self.times = None, 0

    def run(self, work, **how):
        if self.times and self.presenter._may_stop:
            self.times -= 1
            self.presenter.stop()
        super().run(work, **how)


class Held:
    """Work is kept for the test to end."""

    def __init__(self):
        self.kept = []

    def run(self, work, **how):
        self.kept.append((work, how))


@pytest.fixture
def ask(folder, clock):
    page, opened, jobs = Page(), [], Pressed()
    jobs.presenter = UnlockPresenter(page, jobs, folder, clock, opened.append)
    yield page, jobs, opened
    for session in opened:
        session.vault.close()


def test_a_look_for_a_copy_that_was_stopped_changes_nothing_and_begins_again(ask, folder):
    page, jobs, opened = ask
    spoil(folder)
    before = (folder / "records.db").read_bytes()
    jobs.times = 1
    jobs.presenter.open_by(WORDS)
    assert page.stopped == [STOPPED]
    assert page.work[0] == ("Looking for your last good copy...", 0, 0)
    assert page.work[-1] == ("Stopping", 0, 0)
    assert (page.offer, page.problems, opened) == (("", ""), [], [])
    assert (folder / "records.db").read_bytes() == before
    jobs.presenter.open_by(WORDS)
    assert page.offer[1] == PUT_BACK


def test_a_copy_whose_way_back_was_stopped_is_still_offered(ask, folder):
    page, jobs, opened = ask
    jobs.presenter.mend_first()
    jobs.presenter.open_by(WORDS)
    jobs.times = 1
    jobs.presenter.take_offer(WORDS)
    assert page.stopped == [STOPPED]
    assert (page.offer[1], opened) == (PUT_BACK, [])
    assert list(folder.glob("damaged-*")) == []
    jobs.presenter.take_offer(WORDS)
    assert opened[0].vault.reader.get(Enterprise, "after") is not None


def test_what_cannot_be_stopped_hears_no_stop(ask):
    page, jobs, opened = ask
    jobs.presenter.stop()
    jobs.presenter.open_by(WORDS)
    assert (page.work, page.stopped, len(opened)) == ([], [], 1)


@pytest.fixture
def shown(qtbot, clock, tmp_path):
    page, jobs = UnlockPage(), Held()
    qtbot.addWidget(page)
    presenter = UnlockPresenter(page, jobs, tmp_path, clock, pytest.fail)
    page.use(presenter)
    page.resize(900, 640)
    page.show()
    presenter.mend_first()
    presenter.open_by(WORDS)
    return page, presenter, jobs


def end(jobs, presenter):
    """What the kept work would come to: what it raises at its next step."""
    _, how = jobs.kept.pop()
    with pytest.raises(Exception, match="Stopped") as stopped:
        presenter._told.step("Copied", 1, 2)
    how["on_failed"](stopped.value)


def test_the_page_says_how_far_it_is_and_escape_stops_it(qtbot, shown):
    page, presenter, jobs = shown
    (busy,) = page.findChildren(Busy)
    assert busy.has_focus
    presenter._told.step("Entries of the copied records looked through", 3_000, 120_000)
    qtbot.waitUntil(
        lambda: busy.words == "Entries of the copied records looked through: 3,000 of 120,000"
    )
    assert audit(page) == []
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert busy.words == "Stopping"
    end(jobs, presenter)
    assert not busy.isVisible()
    assert any(label.text() == STOPPED for label in page.findChildren(QLabel) if label.isVisible())
    assert page.open_button.isEnabled()
    assert page.open_button.hasFocus()


def test_after_stop_the_offer_is_the_next_step(shown):
    page, presenter, jobs = shown
    end_words = "Your last good copy is from today."
    jobs.kept.clear()
    presenter._busy = False
    presenter._offer(end_words, PUT_BACK, vaults.put_back)
    presenter.take_offer(WORDS)
    presenter.stop()
    end(jobs, presenter)
    assert page._take.hasFocus()
    assert page._offer_words.text() == end_words
    assert page._state.text() == STOPPED


def test_practice_records_say_how_far_it_is():
    told = Progress()
    assert putting_back(told) == ""
    told.heard("Copied: 3 MB of 5 MB", 3, 5)
    assert putting_back(told) == "Copied: 3 MB of 5 MB"
    told.heard("Changes in the copy", 3, 5)
    assert putting_back(told) == "Changes in the copy: 3 of 5"
