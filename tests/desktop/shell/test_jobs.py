"""The one door to threads: order, errors, and an owner that is gone."""

import threading
import weakref
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from desktop.bootstrap import Starter
from desktop.jobs import Jobs, Lane, LaneClosed
from forms.change import Changes
from tests.desktop.shell.world import NOW, make_context


class Heard:
    def __init__(self):
        self.results, self.errors, self.threads = [], [], []

    def done(self, result):
        self.results.append(result)
        self.threads.append(threading.current_thread())

    def failed(self, error, *, again=None):
        self.errors.append(error)


def run(jobs, work, heard, owner=None, lane=Lane.VAULT):
    jobs.run(work, owner=owner or heard, on_done=heard.done, on_failed=heard.failed, lane=lane)


def test_a_job_runs_elsewhere_and_reports_here(jobs, qtbot):
    heard = Heard()
    run(jobs, threading.current_thread, heard)
    qtbot.waitUntil(lambda: heard.results != [])
    assert heard.results[0] is not threading.main_thread()
    assert heard.threads == [threading.main_thread()]


def test_jobs_of_a_lane_run_in_the_order_asked(jobs, qtbot):
    heard, order = Heard(), []
    for number in range(50):
        run(jobs, lambda number=number: order.append(number), heard)
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert order == list(range(50))


def test_the_vault_lane_is_always_the_same_thread(jobs, qtbot):
    heard = Heard()
    for _ in range(10):
        run(jobs, threading.get_ident, heard)
        qtbot.waitUntil(lambda: jobs.is_idle)
    assert len(set(heard.results)) == 1


def test_an_error_goes_to_on_failed(jobs, qtbot):
    heard = Heard()
    run(jobs, lambda: 1 / 0, heard)
    qtbot.waitUntil(lambda: heard.errors != [])
    assert isinstance(heard.errors[0], ZeroDivisionError)
    assert heard.results == []


def test_an_owner_that_was_deleted_hears_nothing(jobs, qtbot):
    heard, owner, gate = Heard(), QWidget(), threading.Event()
    run(jobs, gate.wait, heard, owner=owner)
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert heard.results == []


def test_the_network_lane_has_a_step_done_in_the_vault_lane(jobs, qtbot):
    heard = Heard()
    run(jobs, threading.get_ident, heard)
    run(
        jobs,
        lambda: (jobs.through(Lane.VAULT, threading.get_ident), threading.get_ident()),
        heard,
        lane=Lane.NETWORK,
    )
    qtbot.waitUntil(lambda: len(heard.results) == 2)
    pair = next(each for each in heard.results if isinstance(each, tuple))
    alone = next(each for each in heard.results if not isinstance(each, tuple))
    assert pair[0] == alone
    assert pair[1] != alone


def test_an_error_in_a_borrowed_step_reaches_the_lane_that_waits(jobs, qtbot):
    heard = Heard()
    run(jobs, lambda: jobs.through(Lane.VAULT, lambda: 1 / 0), heard, lane=Lane.NETWORK)
    qtbot.waitUntil(lambda: heard.errors != [])
    assert isinstance(heard.errors[0], ZeroDivisionError)


def test_a_slow_network_never_holds_up_the_vault(jobs, qtbot):
    heard, gate = Heard(), threading.Event()
    run(jobs, gate.wait, heard, lane=Lane.NETWORK)
    run(jobs, lambda: "saved", heard)
    qtbot.waitUntil(lambda: "saved" in heard.results)
    assert not jobs.is_idle
    gate.set()
    qtbot.waitUntil(lambda: jobs.is_idle)


def test_closing_finishes_what_was_asked_and_takes_no_more(qtbot):
    jobs, done, heard = Jobs(), [], Heard()
    for number in range(5):
        run(jobs, lambda number=number: done.append(number), heard)
    assert jobs.close()
    assert done == [0, 1, 2, 3, 4]
    with pytest.raises(LaneClosed):
        run(jobs, lambda: None, heard)
    qtbot.waitUntil(lambda: jobs.is_idle)


def test_idle_is_said_once_each_way(jobs, qtbot):
    said, heard = [], Heard()
    jobs.idle_changed.connect(said.append)
    gate = threading.Event()
    run(jobs, gate.wait, heard)
    run(jobs, lambda: None, heard)
    gate.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert said == [False, True]


def test_an_idle_lane_lets_its_last_job_go(jobs, qtbot):
    class Facts:
        pass

    def start():
        facts = Facts()
        jobs.run(
            lambda: facts and None, owner=jobs, on_done=lambda _: None, on_failed=lambda _: None
        )  # fmt: skip
        return weakref.ref(facts)

    seen = start()
    qtbot.waitUntil(lambda: jobs.is_idle and seen() is None)


class TestACommitWhoseAskerIsGone:
    @pytest.fixture
    def asked(self, jobs, tmp_path):
        """A context over a real lane, and a gate that holds the vault lane."""
        gate, context = threading.Event(), make_context(Kept(), jobs=jobs)
        jobs.run(gate.wait, owner=jobs, on_done=lambda _: None, on_failed=lambda _: None)
        yield context, gate
        gate.set()

    def test_everybody_is_told(self, asked, jobs, qtbot):
        (context, gate), owner, listener, news, heard = asked, QWidget(), object(), [], Heard()
        context.broadcast.listen(listener, news.append)
        context.change(lambda unit: unit, owner=owner, on_done=heard.done, name="Note added")
        delete(owner)
        gate.set()
        qtbot.waitUntil(lambda: jobs.is_idle)
        assert [each.changes for each in news] == [CHANGES]
        assert context.tell.saves == [CHANGES.at]
        assert [words for words, _ in context.tell.undos] == ["Note added"]
        assert heard.results == []

    @pytest.mark.parametrize("own", [True, False])
    def test_a_failure_is_said_by_the_window(self, asked, jobs, qtbot, own):
        (context, gate), owner, heard = asked, QWidget(), Heard()
        context.change(lambda unit: 1 / 0, owner=owner, on_failed=heard.failed if own else None)
        delete(owner)
        gate.set()
        qtbot.waitUntil(lambda: jobs.is_idle)
        assert [type(each) for each in context.tell.errors] == [ZeroDivisionError]
        assert heard.errors == []

    def test_a_page_that_is_there_hears_its_own(self, asked, jobs, qtbot):
        (context, gate), owner, heard = asked, QWidget(), Heard()
        qtbot.addWidget(owner)
        context.change(lambda unit: "x", owner=owner, on_done=heard.done)
        context.change(lambda unit: 1 / 0, owner=owner, on_failed=heard.failed)
        gate.set()
        qtbot.waitUntil(lambda: jobs.is_idle)
        assert (heard.results, len(heard.errors), context.tell.errors) == (["x"], 1, [])


CHANGES = Changes(at=NOW, by="coach-1", records=())


class Kept:
    """A vault that writes nothing down."""

    @contextmanager
    def change(self, **_named):
        yield SimpleNamespace(changes=CHANGES, step=1)


def test_what_a_page_asks_for_while_the_window_goes_is_no_mistake(program):
    """A draft that a full disk did not take is asked for once more as its field is left."""
    starter = Starter(QApplication.instance(), program, None)
    program.close()
    starter._caught(LaneClosed, LaneClosed(), None)
    assert not (program.folder / "troubles").exists()
    starter._caught(KeyError, KeyError("x"), None)
    assert (program.folder / "troubles").exists()
