"""Where sending costs money photos wait; "only when I say so" means it. In a real window."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.network import Network
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.shapes import Look
from forms.facts.casework import Attachment
from forms.values import new_id
from sync.errors import Unreachable
from tests.desktop.shell.test_with_register import idle, joined, line, program, register, write

ROOT = Path(__file__).parents[3]
__all__ = ["line", "program", "register"]  # fixtures


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not shutil.which("dbus-run-session"),
    reason="dbus-run-session is not on this machine",
)
def test_what_the_line_costs_is_heard_from_networkmanager_on_a_real_bus() -> None:
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.desktop.shell.network_child"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[False, True], [True, True], [False, True]]


def a_photo(qtbot, program, case):
    def work(vault):
        stored = vault.files.store(b"A receipt.\n", name="receipt.txt")
        made = Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=stored.size,
            mime=stored.mime, name="receipt.txt",
        )  # fmt: skip
        with vault.change(by="ann", at=vault.clock.now()) as unit:
            unit.add(made)
        return stored

    kept = []
    program.desk.context.with_vault(work, owner=program, on_done=kept.append)
    idle(qtbot, program)
    return kept[0]


def by_itself(qtbot, program):
    """The round that the clock would begin."""
    with qtbot.waitSignal(program.desk.exchanger.round_ended):
        program.desk.exchanger._run_by_itself()
    idle(qtbot, program)


def is_there(register, stored):
    return bool(register.store.read(lambda tx: tx.blobs.complete({stored.sha256})))


def test_a_coach_says_that_it_costs_and_photos_wait_until_it_does_not(program, register, qtbot):
    desk = joined(qtbot, program, register)
    case = write(qtbot, program, name="Weald Companions", district="E07000105")
    stored = a_photo(qtbot, program, case)
    desk.context.settings.set("data_cost", "yes")
    by_itself(qtbot, program)
    assert register.row(case.id) is not None
    assert not is_there(register, stored)
    assert desk.exchanger.chip.words == (
        "Saved on this laptop - 1 file waits: sending costs money here"
    )
    desk.view.open_route("sent_and_safe")
    idle(qtbot, program)
    chips = [chip.words for chip in desk.view.front.findChildren(StatusChip)]
    assert "All changes are sent" in chips
    assert "1 photo or paper to send, about 11 bytes" in chips
    assert not desk.exchanger._soon.isActive() or desk.exchanger._soon.interval() > 60_000
    desk.context.settings.set("data_cost", "no")
    assert desk.exchanger._soon.interval() < 5_000, "it goes soon, and nobody has to ask"
    by_itself(qtbot, program)
    assert is_there(register, stored)
    assert desk.exchanger.chip.words == "Up to date with the register, 09:00"


def test_whoever_asks_sends_the_photos_all_the_same(program, register, qtbot):
    desk = joined(qtbot, program, register)
    desk.context.settings.set("data_cost", "yes")
    stored = a_photo(qtbot, program, write(qtbot, program, name="Weald Companions"))
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert is_there(register, stored)


def test_who_asks_while_a_round_leaves_the_photos_gets_one_that_takes_them(
    program, register, qtbot
):
    desk = joined(qtbot, program, register)
    desk.context.settings.set("data_cost", "yes")
    stored = a_photo(qtbot, program, write(qtbot, program, name="Weald Companions"))
    exchanger = desk.exchanger
    exchanger._run_by_itself()
    assert exchanger.is_running
    exchanger.run_now()
    qtbot.waitUntil(lambda: is_there(register, stored), timeout=60_000)
    idle(qtbot, program)
    assert not exchanger.is_running


def test_rules_that_let_more_go_while_a_round_runs_are_followed_soon(program, register, qtbot):
    desk = joined(qtbot, program, register)
    desk.context.settings.set("data_cost", "yes")
    desk.context.settings.set("exchange_minutes", 60)
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger._run_by_itself()
        desk.context.settings.set("data_cost", "no")
    assert desk.exchanger._soon.interval() < 5_000


def test_as_the_computer_says_unless_the_coach_says_otherwise(
    program, register, qtbot, monkeypatch
):
    monkeypatch.setattr(Network, "is_metered", property(lambda _self: True))
    desk = joined(qtbot, program, register)
    assert desk.exchanger._rules.costs
    desk.context.settings.set("data_cost", "no")
    assert not desk.exchanger._rules.costs


def test_only_when_i_say_so_means_that(program, register, qtbot):
    desk = joined(qtbot, program, register)
    desk.context.settings.set("exchange_minutes", 0)
    assert not desk.exchanger._soon.isActive()
    record = write(qtbot, program, name="Weald Companions", district="E07000105")
    desk.exchanger._line_came_back()
    assert not desk.exchanger._soon.isActive()
    assert desk.exchanger.chip.words == ("Saved on this laptop - 1 change to send when you say so")
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert register.row(record.id) is not None
    assert not desk.exchanger._soon.isActive()
    desk.context.settings.set("exchange_minutes", 5)
    assert desk.exchanger._soon.isActive()


def test_who_presses_send_is_told_that_there_is_no_line(program, register, line, qtbot):
    desk = joined(qtbot, program, register)
    desk.view.open_route("sent_and_safe")
    idle(qtbot, program)
    write(qtbot, program, name="Weald Companions", district="E07000105")
    line.trouble = Unreachable()
    bar = desk.view.undo
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert "no line" in bar.words
    assert bar.look is Look.INFO  # nothing was sent, and nothing is wrong
    bar.clear()
    by_itself(qtbot, program)
    assert bar.words == ""  # nobody asked
    desk.context.tell.say("View “Weald” kept.")
    assert bar.look is Look.DONE
