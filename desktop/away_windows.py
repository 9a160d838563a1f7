"""What Windows says when a person leaves: session locked, user switched, laptop going to sleep.

A window that is never shown is registered for it; its messages pass Qt's own filter. What a message
means is a pure function. Refuses to answer for Windows: every message goes on as it came.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtGui import QWindow

WTSSESSION_CHANGE, POWERBROADCAST = 0x02B1, 0x0218
# WTS_CONSOLE_DISCONNECT (another user in front), WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, _LOCK
_SESSION_LEFT = frozenset({0x2, 0x4, 0x6, 0x7})
_SUSPEND = 0x4  # PBT_APMSUSPEND
_THIS_SESSION = 0  # NOTIFY_FOR_THIS_SESSION
_TO_WINDOW = 0  # DEVICE_NOTIFY_WINDOW_HANDLE
_OF_WINDOWS = b"windows_generic_MSG"  # as a window gets it; the dispatcher's own look comes before


def is_leaving(message: int, wparam: int) -> bool:
    """Whether this message says that the person has left."""
    if message == WTSSESSION_CHANGE:
        return wparam in _SESSION_LEFT
    return message == POWERBROADCAST and wparam == _SUSPEND


class Messages(QAbstractNativeEventFilter):
    """Looks at each native message of the program."""

    def __init__(self, on_left: Callable[[], None]) -> None:
        super().__init__()
        self._on_left = on_left

    def nativeEventFilter(  # noqa: N802 - Qt calls it so
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Told by Qt; False: the message goes on."""
        if bytes(kind) == _OF_WINDOWS:  # type: ignore[arg-type]
            told = wintypes.MSG.from_address(int(message))
            if is_leaving(int(told.message), int(told.wParam or 0)):
                self._on_left()
        return False, 0


class Listening:
    """The unseen window and what it is registered for, until `stop`."""

    def __init__(self, on_left: Callable[[], None], wts: Any, user: Any) -> None:
        self._wts, self._user = wts, user
        self._messages = Messages(on_left)
        self._window = QWindow()
        self._window.create()
        handle = wintypes.HWND(int(self._window.winId()))
        self._has_session = bool(wts.WTSRegisterSessionNotification(handle, _THIS_SESSION))
        # Without this a laptop with modern standby sleeps without a word.
        self._power = user.RegisterSuspendResumeNotification(handle, _TO_WINDOW)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self._messages)

    @property
    def heard_from(self) -> tuple[str, ...]:
        """What it was registered for; sleep is also told to every window by itself."""
        return (*(("session",) if self._has_session else ()), "sleep")

    def stop(self) -> None:
        """Listen no longer."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self._messages)
        if self._has_session:
            self._wts.WTSUnRegisterSessionNotification(wintypes.HWND(int(self._window.winId())))
        if self._power:
            self._user.UnregisterSuspendResumeNotification(self._power)
        self._window.destroy()


def listen(on_left: Callable[[], None]) -> Listening:
    """Start listening. Raises OSError where these libraries are not."""
    load = getattr(ctypes, "WinDLL", None)
    if load is None:
        raise OSError("not Windows")
    wts, user = load("wtsapi32"), load("user32")
    wts.WTSRegisterSessionNotification.argtypes = [wintypes.HWND, wintypes.DWORD]
    wts.WTSRegisterSessionNotification.restype = wintypes.BOOL
    wts.WTSUnRegisterSessionNotification.argtypes = [wintypes.HWND]
    wts.WTSUnRegisterSessionNotification.restype = wintypes.BOOL
    user.RegisterSuspendResumeNotification.argtypes = [wintypes.HANDLE, wintypes.DWORD]
    user.RegisterSuspendResumeNotification.restype = wintypes.HANDLE
    user.UnregisterSuspendResumeNotification.argtypes = [wintypes.HANDLE]
    user.UnregisterSuspendResumeNotification.restype = wintypes.BOOL
    return Listening(on_left, wts, user)
