"""A sitting comes to the timeline once, with the minutes in which somebody was there."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.operations import together
from desktop.operations.vault import shared_with
from desktop.presenters import together_visit
from storage.errors import VaultFull
from tests.desktop.together.people import MARY, PIN

PLACES = [(together, "write_visit"), (together_visit, "forget_shared")]  # the first step, the last


@pytest.fixture
def talk(program, clock):
    """Minutes in which somebody uses the screen."""

    def go(minutes):
        for _ in range(minutes):
            clock.moment += timedelta(minutes=1)
            program.desk._idle.active()
            program.desk._tick()

    return go


@pytest.fixture
def full_once(monkeypatch):
    """The disk is full the first time a function is called."""

    def have(place, name):
        does, tries = getattr(place, name), []

        def first_full(*args, **named):
            tries.append(name)
            if len(tries) == 1:
                raise VaultFull
            return does(*args, **named)

        monkeypatch.setattr(place, name, first_full)
        return tries

    return have


@pytest.fixture
def leave(program, settle):
    """Finish, with the PIN."""

    def go():
        window = program.desk.together.window
        window.ask_to_leave()
        window.pin.pin_given.emit(PIN)
        settle()
        assert program.desk.together is None

    return go


def test_a_talk_that_was_never_left_is_on_the_timeline_the_next_day(
    share, program, settle, clock, talk, locked_and_opened, visits
):
    share().turn.ready.emit()
    sat_on = program.desk.context.today
    talk(30)
    program.desk.together.window.pause()
    settle()
    clock.moment += timedelta(days=1)
    for _ in range(2):
        locked_and_opened()
        assert [(visit.on, visit.minutes) for visit in visits()] == [(sat_on, 30)]
    assert shared_with(program.desk.context.session.vault) == ("", "")


def test_a_look_of_no_minute_is_no_visit_the_next_day(
    share, program, clock, locked_and_opened, visits
):
    share()
    clock.moment += timedelta(days=1)
    locked_and_opened()
    assert visits() == []
    assert shared_with(program.desk.context.session.vault) == ("", "")


@pytest.mark.parametrize(("place", "name"), PLACES)
def test_a_sitting_of_yesterday_that_is_not_saved_is_told_at_the_next_opening(
    share, program, settle, clock, talk, locked_and_opened, visits, full_once, place, name
):
    share().turn.ready.emit()
    talk(30)
    program.desk.together.window.pause()
    settle()
    clock.moment += timedelta(days=1)
    tries = full_once(place, name)
    locked_and_opened()
    assert (len(tries), visits()) == (1, [])
    assert str(VaultFull()) in program.desk.view.problem.words
    locked_and_opened()
    assert [visit.minutes for visit in visits()] == [30]
    locked_and_opened()
    assert len(visits()) == 1


@pytest.mark.parametrize(("place", "name"), PLACES)
def test_a_visit_that_is_not_saved_can_be_tried_again(
    share, program, settle, talk, leave, locked_and_opened, visits, full_once, place, name
):
    share().turn.ready.emit()
    talk(25)
    full_once(place, name)
    leave()
    assert program.frame.isVisible()
    assert visits() == []
    bar = program.desk.view.problem
    assert bar._again_button.isVisible()
    bar._again_button.click()
    settle()
    assert [visit.minutes for visit in visits()] == [25]
    locked_and_opened()
    assert program.desk.together is None


def test_what_was_told_by_another_way_is_not_told_by_trying_again(
    share, program, settle, talk, leave, visits, full_once
):
    share().turn.ready.emit()
    talk(25)
    full_once(together, "write_visit")
    leave()
    (again,) = program.desk.view.problem._troubles[-1].agains
    share().turn.ready.emit()
    talk(5)
    leave()
    assert [visit.minutes for visit in visits()] == [30]
    again()
    settle()
    assert [visit.minutes for visit in visits()] == [30]
    share().turn.ready.emit()
    talk(3)
    leave()
    assert sorted(visit.minutes for visit in visits()) == [3, 30]


def test_minutes_do_not_run_before_we_are_ready(
    share, program, settle, talk, locked_and_opened, visits
):
    share().turn.ready.emit()
    talk(10)
    locked_and_opened()
    window = program.desk.together.window
    talk(14)
    assert window.front is window.turn
    (not_now,) = [b for b in window.turn.findChildren(QPushButton) if b.text() == "Not now"]
    not_now.click()
    window.pin.back.emit()
    assert window.front is window.turn
    talk(3)
    not_now.click()
    window.pin.pin_given.emit(PIN)
    settle()
    assert [visit.minutes for visit in visits()] == [10]


def test_minutes_do_not_run_behind_the_page_with_the_pin_when_nobody_is_there(
    share, program, settle, clock, talk, visits
):
    window = share()
    window.turn.ready.emit()
    talk(10)
    window.ask_to_leave()
    for _ in range(8):
        clock.moment += timedelta(minutes=1)
        program.desk._tick()
    window.pin.pin_given.emit(PIN)
    settle()
    assert [visit.minutes for visit in visits()] == [12]  # two until it would have paused


@pytest.mark.parametrize("first", ["tick", "key", "lock"])
def test_a_night_with_the_lid_closed_is_no_part_of_the_visit(
    share, program, settle, clock, talk, leave, visits, first
):
    window = share()
    window.turn.ready.emit()
    talk(10)
    clock.moment += timedelta(hours=9)
    if first == "tick":
        program.desk._tick()
    elif first == "key":
        program.frame.used.emit()
        assert window.front is window.paused
    else:
        program.lock()
    settle()
    leave()
    assert [visit.minutes for visit in visits()] == [12]


def test_a_lock_before_the_sitting_was_read_does_not_empty_it(share, program, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "told us")
    settle()
    program.desk.together.end()
    settle()
    program.desk.start_together(MARY)
    program.desk.together.end()
    settle()
    assert "item.C07" in share().table.sitting.done
