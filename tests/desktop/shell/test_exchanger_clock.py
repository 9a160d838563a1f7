"""When rounds run after trouble, while one runs, when the clock is put right. In a real window."""

from __future__ import annotations

from datetime import timedelta

from sync.errors import Unreachable
from tests.desktop.shell.test_cost import a_photo, by_itself, is_there
from tests.desktop.shell.test_with_register import idle, joined, line, program, register, write

__all__ = ["line", "program", "register"]  # fixtures


def test_what_is_written_while_a_round_after_trouble_runs_goes_soon(program, register, line, qtbot):
    desk = joined(qtbot, program, register)
    desk.context.settings.set("exchange_minutes", 60)
    line.trouble = Unreachable()
    by_itself(qtbot, program)
    line.trouble = None
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger._run_by_itself()
        write_now(program)
    idle(qtbot, program)
    assert desk.exchanger._soon.interval() < 5_000


def test_a_clock_that_is_put_back_does_not_put_off_what_is_written(program, register, qtbot):
    desk = joined(qtbot, program, register)
    write(qtbot, program, name="Before", district="E07000105")
    register.clock.moment -= timedelta(hours=2)
    write(qtbot, program, name="After", district="E07000105")
    assert desk.exchanger._soon.interval() <= 20_000


def test_a_locked_desk_begins_no_round_when_the_last_one_ends(program, register, qtbot):
    desk = joined(qtbot, program, register)
    exchanger = desk.exchanger
    exchanger._run_by_itself()
    exchanger.stop()
    qtbot.waitUntil(lambda: not exchanger.is_running)
    assert not exchanger._soon.isActive()


def test_a_line_that_comes_back_does_not_undercut_the_registers_wish(
    program, register, line, qtbot
):
    desk = joined(qtbot, program, register)
    busy = Unreachable()
    busy.retry_after = 600
    line.trouble = busy
    by_itself(qtbot, program)
    assert desk.exchanger._soon.interval() >= 600_000
    desk.exchanger._line_came_back()
    assert desk.exchanger._soon.interval() > 500_000
    line.trouble = None
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()  # a person may always ask
    idle(qtbot, program)
    desk.exchanger._line_came_back()
    assert desk.exchanger._soon.interval() < 5_000


def test_a_line_that_begins_to_cost_stops_the_photos_of_the_round_that_runs(
    program, register, qtbot
):
    desk = joined(qtbot, program, register)
    stored = a_photo(qtbot, program, write(qtbot, program, name="Weald Companions"))
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger._run_by_itself()
        desk.context.settings.set("data_cost", "yes")
    idle(qtbot, program)
    assert not is_there(register, stored)
    assert "1 file waits: sending costs money here" in desk.exchanger.chip.words
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
        desk.context.settings.set("data_cost", "system")
        desk.context.settings.set("data_cost", "yes")
    idle(qtbot, program)
    assert is_there(register, stored), "who asks has them sent all the same"


def test_a_shorter_time_between_rounds_holds_at_once(program, register, qtbot):
    desk = joined(qtbot, program, register)
    desk.context.settings.set("exchange_minutes", 60)
    by_itself(qtbot, program)
    assert desk.exchanger._soon.interval() == 60 * 60_000
    desk.context.settings.set("exchange_minutes", 5)
    assert desk.exchanger._soon.interval() == 5 * 60_000


def write_now(program):
    from forms.facts.people import Enterprise
    from forms.values import new_id

    record = Enterprise(id=new_id(), coach_id="ann", name="Weald", district="E07000105")
    program.desk.context.change(lambda unit: unit.add(record), owner=program)
