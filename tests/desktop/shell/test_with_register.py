"""First run to Today against a real register, then a day without a line, then the line again."""

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.jobs import Jobs
from desktop.operations import vault as vaults
from desktop.presenters.first_run import Step
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.first_run import FirstRun
from desktop.views.main_window_frame import Frame
from desktop.views.sent_and_safe import JOIN_AGAIN
from forms.facts.people import Enterprise
from forms.values import new_id
from storage.escrow import public_of, words_of
from storage.keys import Cost
from storage.vault import Vault
from sync.client import files, transport
from sync.errors import CaptivePortal, Unreachable
from sync.register import admin
from tests.desktop.states.places import said
from tests.sync.world import World, enterprise

QUICK = Cost(memory=8, passes=1)
WORDS = "apple bicycle harbour 4817"


@pytest.fixture
def register(tmp_path):
    with World(f"sqlite:///{tmp_path / 'register.db'}") as world:
        yield world


@pytest.fixture
def line(register, monkeypatch):
    """The line of this laptop; set `trouble` to cut it."""

    class Line:
        trouble = None
        stuck = None  # an event: a request waits for it, or for the line to be hung up

        def __init__(self, to):
            self.url = "https://register.example.org"
            self.hung_up = threading.Event()

        def send(self, *parts):
            if Line.stuck is not None:
                Line.stuck.set()
                assert self.hung_up.wait(20), "nobody hung up"
                raise Unreachable
            if Line.trouble is not None:
                raise Line.trouble
            return register.line.send(*parts)

        def close(self):
            self.hung_up.set()

    monkeypatch.setattr(transport, "open_transport", Line)
    return Line


@pytest.fixture
def program(qtbot, tmp_path, register, line, monkeypatch):
    def quick(folder, passphrase, clock):
        vault, sheet = Vault.create(folder, passphrase=passphrase, clock=clock, cost=QUICK)
        return vaults.Made(vault, sheet)

    monkeypatch.setattr(vaults, "create", quick)
    frame = Frame()
    jobs = Jobs(frame)
    made = Program(frame, jobs, Settings(), tmp_path / "records", register.clock)
    made.start()
    frame.show()
    yield made
    frame.close()
    qtbot.waitUntil(lambda: jobs.is_idle)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def idle(qtbot, program):
    qtbot.waitUntil(lambda: program.jobs.is_idle)


def join(qtbot, program, code, key=""):
    """Through the pages of first run as a person would press them."""
    pages = program.frame.centralWidget()
    assert isinstance(pages, FirstRun)
    pages.welcome.join.click()
    pages.code.address.edit.setText("register.example.org")
    pages.code.code.edit.setText(code)
    pages.code._go()
    assert pages.step is Step.PASSPHRASE
    pages.passphrase.first.edit.setText(WORDS)
    pages.passphrase.again.edit.setText(WORDS)
    pages.passphrase._go()
    qtbot.waitUntil(lambda: pages.step is Step.SHEET)
    assert len(pages.sheet.sheet.words) == 17
    type_back(pages, key)


def type_back(pages, key=""):
    """Write the sheet down, type the two words asked for, and let the council in by its key."""
    sheet = pages.sheet.sheet.words
    pages.sheet._go()
    for field in (pages.type_back.first, pages.type_back.second):
        field.edit.setText(sheet[int(field.words.rsplit(" ", 1)[1]) - 1])
    pages.type_back._go()
    assert pages.step is Step.COUNCIL
    if not key:
        pages.council.skip.click()
        return
    ask = pages.council.key
    ask.field.edit.setText(key)
    ask.compare.click()
    assert ask.words.text() == " ".join(words_of(public_of(key)))
    ask.agree.click()


def joined(qtbot, program, register):
    join(qtbot, program, register.code("ann"))
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    return program.desk


def write(qtbot, program, **fields):
    record = Enterprise(id=new_id(), coach_id="ann", **fields)
    program.desk.context.change(lambda unit: unit.add(record), owner=program)
    idle(qtbot, program)
    return record


def test_joined_at_work_and_level_with_the_register(program, register, qtbot):
    desk = joined(qtbot, program, register)
    assert desk.context.actor.name == "Ann Marsh"
    assert desk.route.name == "today"
    record = write(qtbot, program, name="Weald Companions", district="E07000105")
    assert desk.exchanger.chip.words.startswith("Saved on this laptop - 1 change")
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert desk.exchanger.chip.words == "Up to date with the register, 09:00"
    assert register.row(record.id) is not None
    write(qtbot, program, name="Weald Gardens", district="E07000105")
    assert desk.exchanger.chip.words == "Saved on this laptop - 1 change, sending soon"


def test_without_a_line_work_goes_on_and_nothing_looks_wrong(program, register, line, qtbot):
    desk = joined(qtbot, program, register)
    line.trouble = Unreachable()
    record = write(qtbot, program, name="Offline Friends", district="E07000105")
    with qtbot.waitSignal(desk.exchanger.round_ended) as ended:
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert "no line to the council register" in ended.args[0]
    assert desk.exchanger.chip.words == (
        "Saved on this laptop - 1 change to send when you are online"
    )
    assert desk.view.problem.isHidden()
    line.trouble = None
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert register.row(record.id) is not None


def test_weeks_without_a_line_show_on_the_chip_without_a_round_or_a_change(
    program, register, line, qtbot
):
    desk = joined(qtbot, program, register)
    line.trouble = Unreachable()
    write(qtbot, program, name="Offline Friends", district="E07000105")
    at_first = desk.exchanger.chip.words
    assert desk.view.chip.words == at_first
    told = []
    desk.exchanger.chip_changed.connect(told.append)
    for days in (6, 15):
        register.clock.moment += timedelta(days=days)
        desk._idle.active()  # somebody is at it, with no line
        desk._tick()
        desk._tick()
    assert desk.view.chip.words == "1 change waiting. Last sent Tue 1 Mar"
    assert len(told) == 1  # what is still true is not said again each second
    register.clock.moment += timedelta(days=1)
    desk._tick()
    assert program.desk is None
    assert desk.exchanger.chip.words in said(program.frame.centralWidget())


def test_what_came_before_a_round_stopped_is_shown(program, register, qtbot, monkeypatch):
    desk = joined(qtbot, program, register)
    desk.view.open_route("caseload")
    idle(qtbot, program)
    assert desk.view.front.model.rowCount() == 0
    other = register.laptop("ann")
    other.add(enterprise(name="Weald Companions"))
    register.settle_down()

    def stops(_round):
        raise Unreachable

    monkeypatch.setattr(files, "send_all", stops)  # all is pulled by then
    with qtbot.waitSignal(desk.exchanger.round_ended) as ended:
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert "no line to the council register" in ended.args[0]
    assert desk.view.front.model.rowCount() == 1


def test_what_came_is_told_before_the_photos_go(program, register, qtbot, monkeypatch):
    desk = joined(qtbot, program, register)
    other = register.laptop("ann")
    other.add(enterprise(name="Weald Companions"))
    register.settle_down()
    go, heard = threading.Event(), []
    desk.context.broadcast.listen(program, heard.append, "enterprise")

    def slow_line(_round):
        assert go.wait(20), "nobody let it go"

    monkeypatch.setattr(files, "send_all", slow_line)
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
        try:
            qtbot.waitUntil(lambda: bool(heard))
            assert desk.exchanger.is_running
        finally:
            go.set()
    idle(qtbot, program)
    assert len(heard) == 1  # and not once more at the end


def test_after_any_round_pages_are_read_again(program, register, qtbot, monkeypatch):
    desk = joined(qtbot, program, register)

    def stops(_round):
        raise Unreachable

    monkeypatch.setattr(files, "send_all", stops)
    read = []

    def recall():
        desk.context.recall("key", read.append, owner=program, on_done=lambda _none: None)
        idle(qtbot, program)

    recall()
    recall()
    assert len(read) == 1
    with qtbot.waitSignal(desk.exchanger.round_ended) as ended:
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert ended.args[0]
    recall()
    assert len(read) == 2


def test_a_round_that_never_began_tells_nothing_twice(program, register, qtbot, monkeypatch):
    desk = joined(qtbot, program, register)
    other = register.laptop("ann")
    other.add(enterprise(name="Weald Companions"))
    register.settle_down()
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    heard = []
    desk.context.broadcast.listen(program, heard.append)

    def no_line(_identity):
        raise Unreachable

    monkeypatch.setattr(transport, "open_transport", no_line)
    with qtbot.waitSignal(desk.exchanger.round_ended) as ended:
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert ended.args[0]
    assert heard == []


def test_a_log_in_page_of_a_wifi_is_said_in_the_chip(program, register, line, qtbot):
    desk = joined(qtbot, program, register)
    line.trouble = CaptivePortal()
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert desk.exchanger.chip.words == "This Wi-Fi wants a log-in page"
    assert desk.view.problem.isHidden()


def test_a_mistake_in_a_round_is_reported_and_the_next_round_runs(program, register, line, qtbot):
    desk = joined(qtbot, program, register)
    line.trouble = KeyError("Mary Thorne")
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert "made a mistake" in desk.view.problem.words
    line.trouble = None
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    assert desk.exchanger.last_trouble == ""


def test_a_code_that_is_wrong_comes_back_to_the_code(program, register, qtbot):
    join(qtbot, program, "ABCD-EFGH-JKMN-PQRS")
    pages = program.frame.centralWidget()
    qtbot.waitUntil(lambda: pages.step is Step.CODE)
    idle(qtbot, program)
    assert pages.code.problem.words
    assert program.desk is None


def test_joining_cut_short_is_tried_again_with_another_code(program, register, line, qtbot):
    line.trouble = Unreachable()
    join(qtbot, program, register.code("ann"))
    pages = program.frame.centralWidget()
    qtbot.waitUntil(lambda: pages.step is Step.CODE)
    idle(qtbot, program)
    line.trouble = None
    pages.code.code.edit.setText(register.code("ann"))
    pages.code._go()
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    assert program.desk.context.session.register_name


def test_locked_and_opened_again_with_the_passphrase(program, register, qtbot):
    desk = joined(qtbot, program, register)
    write(qtbot, program, name="Weald Companions", district="E07000105")
    desk.view.open_route("caseload")
    idle(qtbot, program)
    program.lock()
    page = program.frame.centralWidget()
    assert page.counts.text() == "Saved on this laptop - 1 change to send when you are online"
    page.passphrase.edit.setText("something else entirely 1")
    page.open_button.click()
    qtbot.waitUntil(lambda: page.passphrase.problem != "")
    assert "Check Caps Lock" in page.passphrase.problem
    page.passphrase.edit.setText(WORDS)
    page.open_button.click()
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    assert program.desk.route.name == "caseload"
    assert program.desk.view.front.model.rowCount() == 1


def buttons(page):
    return {one.text(): one for one in page.findChildren(QPushButton) if one.isVisibleTo(page)}


def opened(qtbot, program):
    page = program.frame.centralWidget()
    page.passphrase.edit.setText(WORDS)
    page.open_button.click()
    qtbot.waitUntil(lambda: program.frame.centralWidget() is not page)
    return program.frame.centralWidget()


def test_a_laptop_that_was_closed_joins_again_with_a_new_code_and_sends_what_waited(
    program, register, qtbot
):
    """Its records and its sheet stay; and who presses Back has the records as they were."""
    desk = joined(qtbot, program, register)
    desk.view.open_route("sent_and_safe")
    idle(qtbot, program)
    assert "Send and fetch now" in buttons(desk.view.front)
    assert JOIN_AGAIN not in buttons(desk.view.front)
    case = write(qtbot, program, name="Weald Companions", district="E07000105")
    (device,) = admin.devices(register.store, "ann")
    admin.revoke(register.store, device.id, register.clock)
    with qtbot.waitSignal(desk.exchanger.round_ended):
        desk.exchanger.run_now()
    idle(qtbot, program)
    qtbot.waitUntil(lambda: JOIN_AGAIN in buttons(desk.view.front))
    buttons(desk.view.front)[JOIN_AGAIN].click()
    pages = opened(qtbot, program)
    assert (pages.step, program.desk) == (Step.CODE, None)
    assert pages.code.address.value() == "https://register.example.org"  # as it was
    next(b for b in pages.code.findChildren(QPushButton) if b.text() == "Back").click()
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    program.lock(join=True)
    pages = opened(qtbot, program)
    pages.code.code.edit.setText(register.code("ann"))
    pages.code._go()
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    assert register.row(case.id).fields["name"] == "Weald Companions"
    assert len(admin.devices(register.store, "ann")) == 2


def test_joining_never_finished_gives_a_new_sheet_and_asks_for_the_code(
    qtbot, tmp_path, register, line
):
    folder = tmp_path / "records"
    vault, first_sheet = Vault.create(folder, passphrase=WORDS, clock=register.clock, cost=QUICK)
    vault.close()
    frame = Frame()
    program = Program(frame, Jobs(frame), Settings(), folder, register.clock)
    program.start()
    page = frame.centralWidget()
    page.passphrase.edit.setText(WORDS)
    page.open_button.click()
    qtbot.waitUntil(lambda: isinstance(frame.centralWidget(), FirstRun))
    pages = frame.centralWidget()
    qtbot.waitUntil(lambda: pages.step is Step.SHEET)
    sheet = pages.sheet.sheet.words
    assert sheet != first_sheet
    type_back(pages)
    assert pages.step is Step.CODE
    pages.code.address.edit.setText("register.example.org")
    pages.code.code.edit.setText(register.code("ann"))
    pages.code._go()
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    frame.close()
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    again = Vault.open(folder, recovery=" ".join(sheet), clock=register.clock)
    assert again.exchange.identity().actor_name == "Ann Marsh"
    again.close()


def test_closing_hangs_up_and_does_not_wait_for_a_register_that_is_stuck(
    program, register, line, qtbot
):
    desk = joined(qtbot, program, register)
    write(qtbot, program, name="Weald Companions", district="E07000105")
    line.stuck = threading.Event()
    desk.exchanger.run_now()
    qtbot.waitUntil(line.stuck.is_set)
    program.frame.close()
    idle(qtbot, program)
    again = Vault.open(program.folder, passphrase=WORDS, clock=register.clock)
    assert again.reader.unsent_count() == 1
    again.close()
