"""Long reading on a page: the step with its units, Stop, what is said after it, Try again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.navigation import route
from desktop.operations.long_work import WorkStopped
from desktop.operations.reports import Choice
from desktop.presenters.figure import FigurePresenter
from desktop.presenters.impact import ImpactPresenter
from desktop.presenters.ledger import LedgerPresenter
from desktop.presenters.reports import Plan, ReportsPresenter
from desktop.views.kit import bars
from desktop.views.kit.bars import Busy, StoppedBar
from desktop.views.main_window import MainView
from desktop.views.screens import SCREENS
from forms.change import Changed, Changes
from forms.values import SetClock
from storage import ledger as ledgers
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, BusyLane, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, full_vault, mary

CHANGED = Changes(at=NOON, by="register", records=(Changed("enterprise", MARY, frozenset()),))


@pytest.fixture
def made():
    held = context(full_vault())
    held.jobs = BusyLane()
    return held


class TestFigure:
    def test_stop_says_so_and_nothing_comes_of_what_was_asked(self, made, view):
        presenter = FigurePresenter(made, view, "I-06", "")
        presenter.load()
        assert presenter.tick()
        assert view.last["show_busy"] == ("Working the figure out", 0, 0)
        presenter.stop()
        assert not presenter.tick()
        assert view.last["show_busy"] == ("", 0, 0)
        assert view.last["show_stopped"].startswith("Stopped before the figure was worked out.")
        made.jobs.catch_up()
        assert "show_indicator" not in view.last
        assert "show_problem" not in view.last
        assert made.tell.failures == []

    def test_a_change_does_not_begin_again_what_was_stopped(self, made, view):
        presenter = FigurePresenter(made, view, "I-06", "")
        presenter.load()
        presenter.stop()
        made.jobs.catch_up()
        made.broadcast.announce(CHANGED, None)
        assert made.jobs.waiting == []
        presenter.come_back()
        made.jobs.catch_up()
        assert view.last["show_indicator"].title
        assert view.last["show_stopped"] == ""
        presenter.come_back()
        assert made.jobs.waiting == []

    def test_what_is_on_the_page_is_called_old_once_a_new_look_was_stopped(self, made, view):
        presenter = FigurePresenter(made, view, "I-06", "")
        presenter.load()
        made.jobs.catch_up()
        made.broadcast.announce(CHANGED, None)
        presenter.stop()
        assert "the one from before" in view.last["show_stopped"]

    def test_the_rows_are_told_by_the_thousand(self, made, view, monkeypatch):
        monkeypatch.setattr("desktop.presenters.impact_picture.ROWS_A_STEP", 1)
        steps = []
        presenter = FigurePresenter(made, view, "I-06", "")
        presenter.load()
        progress = presenter._progress
        monkeypatch.setattr(
            type(progress), "heard", lambda _self, words, done, of: steps.append((words, done, of))
        )
        made.jobs.catch_up()
        listed = [step for step in steps if step[0].startswith("Listing")]
        of = listed[0][2]
        assert listed == [(f"Listing the records: {n} of {of}", n, of) for n in range(of)]


def opened(qtbot, made, name, **params):
    screen = SCREENS[name].make(made, route(name, **params))
    qtbot.addWidget(screen)
    screen.resize(920, 556)
    screen.show()
    return screen


def press(screen, words):
    found = [b for b in screen.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    found[0].click()


class TestPages:
    @pytest.mark.parametrize(("name", "params"), [("figure", {"id": "I-06"}), ("impact", {})])
    def test_escape_stops_and_try_again_brings_it(self, qtbot, made, name, params, monkeypatch):
        said = []
        monkeypatch.setattr(bars, "announce", lambda _part, words, **_how: said.append(words))
        screen = opened(qtbot, made, name, **params)
        busy, over = screen.findChild(Busy), screen.findChild(StoppedBar)
        qtbot.waitUntil(busy.isVisible)
        qtbot.waitUntil(lambda: bool(said))
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
        assert not busy.isVisible()
        assert over.isVisible()
        assert said[-1] == over.words
        assert over.words.startswith("Stopped before")
        press(screen, "Try again")
        assert not over.isVisible()
        made.jobs.catch_up()
        assert not busy.isVisible()
        assert not over.isVisible()

    def test_the_keys_go_from_stop_to_try_again(self, qtbot, made):
        screen = opened(qtbot, made, "figure", id="I-06")
        screen.activateWindow()
        busy = screen.findChild(Busy)
        qtbot.waitUntil(busy.isVisible)
        busy._stop.setFocus()
        qtbot.keyClick(busy._stop, Qt.Key.Key_Space)
        assert screen.focusWidget().text() == "Try again"

    def test_escape_stops_also_where_the_keys_stand_beside_the_page(self, qtbot, made):
        """A page without figures has no place for the focus: it is in the top bar meanwhile."""
        window = MainView()
        qtbot.addWidget(window)
        window.begin(made)
        window.show()
        window.open_route("figure", id="I-06")
        busy = window.front.findChild(Busy)
        qtbot.waitUntil(busy.isVisible)
        qtbot.keyClick(window.top, Qt.Key.Key_Escape)
        assert window.front.findChild(StoppedBar).isVisible()

    def test_escape_on_a_page_at_rest_is_left_to_others(self, qtbot, made):
        screen = opened(qtbot, made, "figure", id="I-06")
        made.jobs.catch_up()
        assert not screen.stop_work()

    def test_numbers_alone_are_not_read_out(self, qtbot, monkeypatch):
        said = []
        monkeypatch.setattr(bars, "announce", lambda _part, words, **_how: said.append(words))
        busy = Busy()
        qtbot.addWidget(busy)
        busy.show()
        for n in range(3):
            busy.show_step(f"Reading the records: {n:,}000 so far", n, 3)
        busy.show_step("Working out the months: 0 of 20", 0, 20)
        assert said == ["Reading the records: 0000 so far", "Working out the months: 0 of 20"]


class TestImpact:
    def test_stop_holds_against_changes_until_somebody_comes_back(self, made, view):
        presenter = ImpactPresenter(made, view)
        presenter.load()
        presenter.stop()
        made.jobs.catch_up()
        made.broadcast.announce(CHANGED, None)
        assert made.jobs.waiting == []
        assert made.tell.failures == []
        presenter.come_back()
        made.jobs.catch_up()
        assert view.last["show_course"].line


class TestReports:
    choice = Choice(as_of=context(full_vault()).today)

    def test_a_newer_choice_stops_the_older_question(self, made, view):
        presenter = ReportsPresenter(made, view, view)
        presenter.check(self.choice)
        older = made.jobs.waiting[-1][0]
        presenter.check(Choice(as_of=self.choice.as_of, published=True))
        with pytest.raises(WorkStopped):
            older()
        made.jobs.catch_up()
        assert made.tell.failures == []
        assert any("Published" in each.words for each in view.last["show_checks"])
        assert view.count["show_checks"] == 1

    def test_looking_what_there_is_to_know_can_be_stopped(self, made, view):
        presenter = ReportsPresenter(made, view, view)
        presenter.check(self.choice)
        presenter._newest._question.progress.heard("Working out the figures", 3, 42)
        assert presenter.tick()
        assert view.last["show_busy"] == ("Working out the figures: 3 of 42", 3, 42)
        presenter.stop_checking()
        assert not presenter.tick()
        assert view.last["show_unchecked"].startswith("Stopped.")
        made.jobs.catch_up()
        assert "show_checks" not in view.last

    def test_stop_of_a_report_stops_the_reading_of_its_facts(self, made, view, tmp_path):
        presenter = ReportsPresenter(made, view, view)
        presenter.make(Plan(choice=self.choice, folder=tmp_path, kinds=("pdf",)))
        presenter._gathering.heard("Reading the records: 5 so far", 3, 21)
        assert presenter.tick()
        assert view.last["show_step"] == ("Reading the records: 5 so far", 0, 2)
        gather = made.jobs.waiting[-1][0]
        presenter.stop()
        with pytest.raises(WorkStopped):
            gather()
        made.jobs.catch_up()
        assert made.tell.failures == []
        assert view.last["show_stopped"] == "Stopped. No file was left behind."

    def test_pages_that_nobody_wants_are_not_read_for(self, made, view):
        presenter = ReportsPresenter(made, view, view)
        presenter.look(self.choice)
        presenter._newest._question.progress.heard("Working out the figures", 3, 42)
        presenter.tick()
        assert view.last["show_pages_wait"] == "Working out the figures: 3 of 42"
        gather = made.jobs.waiting[-1][0]
        presenter.stop_looking()
        with pytest.raises(WorkStopped):
            gather()


class TestLedger:
    """Where everything is: counts first, then the lines; Stop between and in either."""

    @pytest.fixture
    def kept(self, tmp_path):
        vault, _ = Vault.create(tmp_path / "v", practice=True, clock=SetClock(NOON))
        with vault.change(by=COACH.id, at=NOON) as unit:
            unit.add_all(mary())
        yield vault
        vault.close()

    def test_the_counts_come_before_the_lines(self, kept, view):
        made = context(kept)
        made.jobs = BusyLane()
        presenter = LedgerPresenter(made, view)
        presenter.load()
        assert presenter.tick()
        assert view.last["show_busy"][0] == "Counting what was written on this laptop"
        made.jobs.step()
        counts = view.last["show_counts"].counts
        assert counts["all"] > 0
        assert "show_ledger" not in view.last
        presenter.tick()
        assert view.last["show_busy"][0] == f"Listing the newest {counts['all']} of {counts['all']}"
        made.jobs.step()
        assert len(view.last["show_ledger"].lines) == counts["all"]
        assert not presenter.tick()

    def test_the_counts_are_read_once(self, kept, view, monkeypatch):
        asked = []
        count = ledgers._counts
        monkeypatch.setattr(ledgers, "_counts", lambda *all_: asked.append(1) or count(*all_))
        LedgerPresenter(context(kept), view).load()
        assert view.last["show_ledger"].lines
        assert asked == [1]

    @pytest.mark.parametrize("steps", [0, 1])
    def test_stop_holds_until_somebody_comes_back(self, kept, view, steps):
        made = context(kept)
        made.jobs = BusyLane()
        presenter = LedgerPresenter(made, view)
        presenter.load()
        for _ in range(steps):
            made.jobs.step()
        presenter.stop()
        made.jobs.catch_up()
        assert "show_ledger" not in view.last
        assert view.last["show_stopped"].startswith("Stopped.")
        made.broadcast.announce(CHANGED, None)
        assert made.jobs.waiting == []
        presenter.come_back()
        made.jobs.catch_up()
        assert view.last["show_ledger"].lines
