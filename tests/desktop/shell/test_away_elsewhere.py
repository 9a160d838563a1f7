"""Windows' messages and macOS' notifications: what means leaving, and what is asked of the system.

The systems themselves are not here: their libraries are played, each call checked. What cannot be
run here is said in docs/platforms.md.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import weakref
from ctypes import wintypes
from typing import Any
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QCoreApplication

from desktop import away, away_mac, away_windows
from desktop.away_windows import POWERBROADCAST, WTSSESSION_CHANGE, is_leaving


@pytest.mark.parametrize(
    ("message", "wparam", "leaves"),
    [
        (WTSSESSION_CHANGE, 7, True),  # locked
        (WTSSESSION_CHANGE, 8, False),  # unlocked
        (WTSSESSION_CHANGE, 2, True),  # another user in front
        (WTSSESSION_CHANGE, 1, False),  # this one again
        (WTSSESSION_CHANGE, 4, True),  # remote desktop cut off
        (WTSSESSION_CHANGE, 6, True),  # logged off
        (POWERBROADCAST, 4, True),  # going to sleep
        (POWERBROADCAST, 7, False),  # awake, by a person
        (POWERBROADCAST, 0x12, False),  # awake by itself
        (0x0100, 7, False),  # a key
    ],
)
def test_what_a_message_of_windows_means(message: int, wparam: int, leaves: bool) -> None:
    assert is_leaving(message, wparam) is leaves


class Library:
    """Stands for a library of Windows: remembers what it was asked."""

    def __init__(self, answer: int = 1) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        def call(*values: Any) -> int:
            self.asked.append((name, *(getattr(value, "value", value) for value in values)))
            return self.answer

        return call


@pytest.fixture
def said() -> list[int]:
    return []


def test_windows_is_asked_for_both_and_let_go_again(qtbot, said) -> None:
    del qtbot
    wts, user = Library(), Library(42)
    listening = away_windows.Listening(lambda: said.append(1), wts, user)
    handle = int(listening._window.winId())
    assert listening.heard_from == ("session", "sleep")
    assert wts.asked == [("WTSRegisterSessionNotification", handle, 0)]
    assert user.asked == [("RegisterSuspendResumeNotification", handle, 0)]
    listening.stop()
    assert wts.asked[1:] == [("WTSUnRegisterSessionNotification", handle)]
    assert user.asked[1:] == [("UnregisterSuspendResumeNotification", 42)]


def test_every_call_of_windows_says_what_it_takes_and_gives(qtbot, said, monkeypatch) -> None:
    """A handle without its type is cut to 32 bits."""
    del qtbot
    calls: dict[str, Any] = {}

    class Typed:
        def __init__(self, _name: str) -> None:
            pass

        def __getattr__(self, call: str) -> Any:
            return calls.setdefault(call, MagicMock(return_value=1))

    monkeypatch.setattr(ctypes, "WinDLL", Typed, raising=False)
    away_windows.listen(lambda: said.append(1)).stop()
    typed = {call: (made.argtypes, made.restype) for call, made in calls.items()}
    flag, handle = wintypes.BOOL, wintypes.HANDLE
    assert typed == {
        "WTSRegisterSessionNotification": ([wintypes.HWND, wintypes.DWORD], flag),
        "WTSUnRegisterSessionNotification": ([wintypes.HWND], flag),
        "RegisterSuspendResumeNotification": ([handle, wintypes.DWORD], handle),
        "UnregisterSuspendResumeNotification": ([handle], flag),
    }


def test_where_windows_does_not_tell_of_the_session_sleep_is_still_heard(qtbot, said) -> None:
    del qtbot
    listening = away_windows.Listening(lambda: said.append(1), Library(0), Library(0))
    assert listening.heard_from == ("sleep",)
    listening.stop()


def test_a_message_is_read_where_it_lies_and_goes_on(said) -> None:
    messages = away_windows.Messages(lambda: said.append(1))
    locked = wintypes.MSG(message=WTSSESSION_CHANGE, wParam=7)
    where = ctypes.addressof(locked)
    assert messages.nativeEventFilter(b"windows_dispatcher_MSG", where) == (False, 0)
    assert not said  # it comes again, to its window
    assert messages.nativeEventFilter(b"windows_generic_MSG", where) == (False, 0)
    assert said == [1]
    locked.wParam = 8
    messages.nativeEventFilter(b"windows_generic_MSG", where)
    assert said == [1]


@pytest.mark.parametrize(
    ("name", "leaves"),
    [
        ("com.apple.screenIsLocked", True),
        ("com.apple.screenIsUnlocked", False),
        ("NSWorkspaceWillSleepNotification", True),
        ("NSWorkspaceDidWakeNotification", False),
        ("NSWorkspaceSessionDidResignActiveNotification", True),
        ("NSWorkspaceSessionDidBecomeActiveNotification", False),
    ],
)
def test_what_a_notification_of_macos_means(said, name: str, leaves: bool) -> None:
    class Centres:
        def __init__(self) -> None:
            self.tell: dict[str, Any] = {}

        def observe(self, _centre: str, told: str, tell: Any) -> None:
            self.tell[told] = tell

        def forget(self) -> None:
            self.tell.clear()

    centres = Centres()
    listening = away_mac.Listening(lambda: said.append(1), centres)
    assert set(listening.heard_from) == set(centres.tell) == {each for _, each in away_mac.WATCHED}
    next(iter(centres.tell.values()))(name)
    assert bool(said) is leaves
    listening.stop()
    assert not centres.tell


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_where_a_system_is_not_as_it_should_be_the_idle_time_must_do(
    qtbot, monkeypatch, system: str
) -> None:
    del qtbot
    monkeypatch.setattr(sys, "platform", system)
    assert away.AwayWatch().heard_from == ()


def test_the_watch_passes_on_what_the_system_says_and_stops_with_it(qtbot, monkeypatch) -> None:
    stopped: list[int] = []

    class Listening:
        heard_from = ("session", "sleep")

        def __init__(self, on_left: Any) -> None:
            self.on_left = on_left

        def stop(self) -> None:
            stopped.append(1)

    monkeypatch.setattr(sys, "platform", "win32")
    made: list[weakref.ref[Listening]] = []

    def listen(tell: Any) -> Listening:
        listening = Listening(tell)
        made.append(weakref.ref(listening))
        return listening

    monkeypatch.setattr(away_windows, "listen", listen)
    watch = away.AwayWatch()
    assert watch.heard_from == ("session", "sleep")
    gc.collect()
    listening = made[0]()
    assert listening is not None  # the watch alone keeps it
    with qtbot.waitSignal(watch.left):
        listening.on_left()
    del listening
    watch.deleteLater()
    qtbot.waitUntil(lambda: stopped == [1])
    assert QCoreApplication.instance() is not None
