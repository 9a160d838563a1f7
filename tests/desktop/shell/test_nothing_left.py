"""The guard of every desktop test goes red on a timer, a thread and a lane that is left behind."""

import threading

from PySide6.QtCore import QObject, QThread, QTimer

from tests.desktop.conftest import leaks
from tests.test_architecture import ROOT

pytest_plugins = ("pytester",)


def test_a_timer_that_runs_on_is_a_leak_until_it_is_stopped(qtbot):
    owner = QObject()
    timer = QTimer(owner)
    timer.start(60_000)
    assert leaks() == ["timer of QObject"]
    timer.stop()
    assert leaks() == []


def test_a_thread_of_qt_that_runs_on_is_a_leak_until_it_ends(qtbot):
    thread = QThread()
    thread.start()
    assert any(each.startswith("thread ") for each in leaks())
    thread.quit()
    assert thread.wait(5_000)
    assert leaks() == []


def test_a_lane_that_runs_on_is_a_leak_until_it_ends(qtbot):
    over = threading.Event()
    lane = threading.Thread(target=over.wait, name="hedgerow-left", daemon=True)
    lane.start()
    assert leaks() == ["hedgerow-left"]
    over.set()
    lane.join(5)
    assert leaks() == []


def test_a_test_that_leaves_a_timer_goes_red(pytester, monkeypatch):
    """The fixture itself, in a suite of its own: the test passes, what it left does not."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(
        "from tests.desktop.conftest import *\n"
        "from tests.desktop.conftest import _dressed, _nothing_left\n"
    )
    pytester.makepyfile(
        """
        from PySide6.QtCore import QTimer

        KEPT = []

        def test_leaves_a_timer(qtbot):
            KEPT.append(QTimer())
            KEPT[0].start(60_000)
        """
    )
    done = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-q")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*left running after the test*timer*"])
