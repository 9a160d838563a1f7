"""Figures are kept: worked out once, thrown away by a change, stopped when a person says so."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.operations.long_work import WorkStopped
from desktop.operations.reports import Choice
from desktop.presenters.figures_asked import (
    Facts,
    Forget,
    OneTile,
    Page,
    Read,
    packed_answer,
    unpacked,
)
from desktop.presenters.figures_desk import FiguresDesk
from desktop.presenters.figures_kept import Figures, figures_of
from desktop.presenters.impact import ImpactPresenter
from desktop.presenters.impact_scope import Scope
from evidence.carried import unwrapped
from evidence.dossier import gather
from forms.change import Changes
from forms.facts.people import Enterprise
from forms.rules.indicators import DEFINITIONS
from forms.values import london_day
from tests.desktop.screens.desk import BusyLane, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY

TODAY = date(2022, 11, 20)


class CountingReader:
    """Writes down which kinds were read."""

    def __init__(self, reader):
        self._reader, self.read = reader, []

    def all(self, cls, **equals):
        self.read.append(cls)
        return self._reader.all(cls, **equals)

    def __getattr__(self, name):
        return getattr(self._reader, name)


class TestKeptFigures:
    """Worked out once; thrown away by a change; stopped when a person says so."""

    def test_the_second_look_reads_nothing(self, vault, view):
        made = context(vault)
        ImpactPresenter(made, view).load()
        asked = []
        made.jobs.run = lambda *args, **named: asked.append(args)
        again = FakeView()
        ImpactPresenter(made, again).load()
        assert again.last["show_impact"].course is not None
        assert again.last["show_impact"].tiles == view.last["show_impact"].tiles
        assert asked == []

    def test_a_change_is_in_the_next_figures(self, vault, view):
        made = context(vault)
        presenter = ImpactPresenter(made, view)
        presenter.load()
        before = next(t for t in view.last["show_impact"].tiles if t.id == "I-06").shown
        twin = replace(vault.get(Enterprise, MARY), id="e-twin")
        made.change(lambda unit: unit.add(twin), owner=object())
        after = next(t for t in view.last["show_impact"].tiles if t.id == "I-06").shown
        assert (before, after) == ("1 enterprise", "2 enterprises")

    def test_what_was_worked_out_before_a_change_is_not_kept(self, vault, view):
        made = context(vault)
        presenter = ImpactPresenter(made, view)
        presenter.load()
        figures = figures_of(made)
        begun, picture = figures.changed, figures.kept(presenter.scope, "I-06")
        made.change(lambda unit: unit.set(Enterprise, MARY, phone="0777"), owner=object())
        figures.end()
        figures.keep(presenter.scope, picture, begun)
        assert figures.kept(presenter.scope, "I-06") is None

    def test_every_kind_that_a_report_reads_is_read_here(self, vault, view):
        made = context(vault)
        day = london_day(made.clock.now())
        desk = FiguresDesk(vault.reader, made.pack, practice=False)
        parts = []
        desk.answer(Facts(Choice(as_of=day)), hand=parts.append)
        assert unwrapped(parts[0]).reference == gather(vault.reader, made.pack, day).hash

    def test_a_change_has_only_its_own_kind_read_again(self, vault):
        reader = CountingReader(vault.reader)
        made = context(vault)
        desk, scope = FiguresDesk(reader, made.pack, practice=False), Scope(as_of=TODAY)
        desk.answer(OneTile(scope, "I-06"))
        reader.read.clear()
        desk.answer(Forget(("coaching_session",)))
        desk.answer(OneTile(scope, "I-06"))
        assert reader.read == []
        desk.answer(Forget(("enterprise", "coaching_session")))
        desk.answer(OneTile(scope, "I-06"))
        assert reader.read == [Enterprise]

    def test_a_change_while_figures_are_worked_out_leaves_none_out(self, vault):
        made = context(vault)
        desk, scope = FiguresDesk(vault.reader, made.pack, practice=False), Scope(as_of=TODAY)
        first, rest = list(DEFINITIONS)[:3], list(DEFINITIONS)[3:]
        for each in first:
            desk.answer(OneTile(scope, each))
        desk.answer(Forget(("enterprise",)))
        for each in rest:
            desk.answer(OneTile(scope, each))
        assert [tile.id for tile in desk.answer(Page(scope)).all] == list(DEFINITIONS)

    def test_a_receipt_has_nothing_read_again(self, vault):
        made = context(vault)
        asked = []

        class Beside:
            def ask(self, body, progress=None, hand=None):
                asked.append(unpacked(body))
                return packed_answer(1)

        figures = Figures(made, Beside())
        for _ in range(2):
            figures.ask(Read("enterprise"), owner=None, on_done=int, on_failed=print)
            made.broadcast.announce(Changes(at=NOON, by="register"))
        assert asked == [Read("enterprise")] * 2

    def test_a_step_says_how_far_and_stop_keeps_what_is_on_the_screen(self, vault, view):
        made = context(vault)
        lane = made.jobs = BusyLane()
        presenter = ImpactPresenter(made, view)
        presenter.load()
        for _ in range(6):  # what is known already is asked first
            lane.step()
        words, done, of = view.last["show_busy"]
        assert words.startswith("Reading the records: ")
        assert (done, of > 10) == (5, True)
        presenter.stop()
        ((work, *_),) = lane.waiting
        with pytest.raises(WorkStopped):
            work()
        assert view.last["show_busy"] == ("", 0, 0)
        assert view.last["show_stopped"].startswith("Stopped before the figures")

    def test_stopped_in_the_months_the_figures_are_those_that_were_asked_for(self, vault, view):
        made = context(vault)
        lane = made.jobs = BusyLane()
        presenter = ImpactPresenter(made, view)

        def work_until(said):
            while not view.last["show_busy"][0].startswith(said):
                lane.step()

        presenter.load()
        work_until("Working out the months and districts")
        assert "show_impact" in view.last
        presenter.stop()
        assert view.last["show_stopped"].startswith("Stopped. The figures are worked out")
        lane.waiting.clear()
        presenter.set_day("1/11/2022")
        work_until("Working out the figures")
        presenter.stop()
        assert "those from before" in view.last["show_stopped"]
