"""The person has left the laptop: screen locked, laptop going to sleep, another user switched to.

On Linux the desktop says so on D-Bus (screen saver, logind), on Windows a message, on macOS a
notification (`away_windows`, `away_mac`). Where none of them answers, the application being
suspended and the idle time must do: nothing is missed by more than the minutes of the idle lock.
Refuses to lock for another person's session, and to wait for a bus that does not answer.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver")
LOGIN = "org.freedesktop.login1"
_MANAGER_PATH, _MANAGER = "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
_SESSION, _PROPERTIES = "org.freedesktop.login1.Session", "org.freedesktop.DBus.Properties"
_PATIENCE_MS = 200
_ELSEWHERE = {"win32": "desktop.away_windows", "darwin": "desktop.away_mac"}


class AwayWatch(QObject):
    """Says once, each time, that the person has left. Listens for as long as it lives."""

    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heard_from: tuple[str, ...] = ()  # where it listens, for the record
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._state_changed)
        self._listen()

    def _listen(self) -> None:
        system = _ELSEWHERE.get(sys.platform)
        if system is None:
            self._listen_on_bus()
            return
        try:
            listening = import_module(system).listen(self.left.emit)
        except (OSError, AttributeError, ValueError):
            return  # not as this program knows it: the idle time must do
        self.heard_from = listening.heard_from
        # A bound method would not keep what listens alive.
        self.destroyed.connect(lambda: listening.stop())  # noqa: PLW0108

    def _listen_on_bus(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return  # a build without D-Bus: the idle time must do
        heard = [name for name in SAVERS if self._saver(QDBusConnection.sessionBus(), name)]
        heard += self._login(QDBusConnection.systemBus())
        self.heard_from = tuple(heard)

    def _saver(self, bus: Any, name: str) -> bool:
        path = "/" + name.replace(".", "/")
        return bus.isConnected() and self._hear(bus, "", path, name, "ActiveChanged", "gone(bool)")

    def _login(self, bus: Any) -> list[str]:
        if not bus.isConnected():
            return []
        heard = []
        if self._hear(bus, LOGIN, _MANAGER_PATH, _MANAGER, "PrepareForSleep", "gone(bool)"):
            heard.append("sleep")
        session = _own_session(bus)
        if session:
            if self._hear(bus, LOGIN, session, _SESSION, "Lock", "told_to_lock()"):
                heard.append("lock")
            switched = "session_changed(QString,QVariantMap,QStringList)"
            if self._hear(bus, LOGIN, session, _PROPERTIES, "PropertiesChanged", switched):
                heard.append("session")
        return heard

    def _hear(self, bus: Any, service: str, path: str, face: str, name: str, slot: str) -> bool:
        return bool(bus.connect(service, path, face, name, self, SLOT(slot)))

    @Slot(bool)
    def gone(self, yes: bool) -> None:  # noqa: FBT001 - the bus calls it so
        """The screen is covered, or the laptop is about to sleep; False: it is back."""
        if yes:
            self.left.emit()

    @Slot()
    def told_to_lock(self) -> None:
        """Somebody asked the system to lock this session."""
        self.left.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def session_changed(self, face: str, now: dict[str, object], gone: list[str]) -> None:
        """Another person's session is in front now, or this one was locked."""
        del gone
        if face == _SESSION and (now.get("Active") is False or now.get("LockedHint") is True):
            self.left.emit()

    @Slot(Qt.ApplicationState)
    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationSuspended:
            self.left.emit()


def _own_session(bus: Any) -> str:
    """The path of the session this program runs in; '' when nobody says so in time."""
    from PySide6.QtDBus import QDBus, QDBusMessage

    asked = QDBusMessage.createMethodCall(LOGIN, _MANAGER_PATH, _MANAGER, "GetSessionByPID")
    asked.setAutoStartService(False)
    asked.setArguments([os.getpid()])
    answer = bus.call(asked, QDBus.CallMode.Block, _PATIENCE_MS)
    if answer.type() != QDBusMessage.MessageType.ReplyMessage or not answer.arguments():
        return ""
    first = answer.arguments()[0]
    return str(first.path() if hasattr(first, "path") else first)
