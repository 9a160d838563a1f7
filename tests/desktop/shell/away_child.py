"""The desktop's own signals on a bus of this process's own: what each does to the watch.

`python -m tests.desktop.shell.away_child` inside dbus-run-session prints one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QCoreApplication, QEventLoop, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtGui import QGuiApplication

from desktop.away import SAVERS, AwayWatch

# What logind says, and whether it means that the person has left.
SESSION = {
    "sleep=True": 1,
    "sleep=False": 0,
    "lock": 1,
    "Active=False": 1,
    "Active=True": 0,
    "LockedHint=True": 1,
    "LockedHint=False": 0,
    "IdleHint=True": 0,
}


HERE = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")  # the bus
DONE = ("/done", "uk.hedgerow.Test", "Done")


class _Over(QObject):
    """Hears the end of what was said, on the line it was said on: only one line keeps its order."""

    def __init__(self, bus: QDBusConnection) -> None:
        super().__init__()
        self.is_so = False
        assert bus.connect("", *DONE, self, SLOT("done()"))

    @Slot()
    def done(self) -> None:
        """Said."""
        self.is_so = True


def main() -> dict[str, Any]:
    """Each signal, and how often the watch said that the person had left."""
    app = QGuiApplication([])
    # There is no system bus of our own to start: the session's stands in for it.
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    logind = subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.shell.logind"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert logind.stdout.readline() == "ready\n"
        return _told(logind)
    finally:
        logind.stdin.close()
        logind.terminate()
        logind.wait(10)
        del app


def _told(logind: Any) -> dict[str, Any]:
    watch = AwayWatch()
    times: list[int] = []
    watch.left.connect(lambda: times.append(1))
    seen: dict[str, Any] = {"hears": watch.heard_from}

    def speak(word: str) -> None:
        logind.stdin.write(f"{word}\n")
        logind.stdin.flush()

    system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
    for word in SESSION:
        seen[word] = _after(times, system, lambda word=word: speak(word), lambda: speak("done"))
    for name in SAVERS:
        here = ("/" + name.replace(".", "/"), name, "ActiveChanged")
        for yes in (True, False):
            seen[f"{name}={yes}"] = _after(
                times, session, lambda here=here, yes=yes: _signal(here, yes), lambda: _signal(DONE)
            )
    return seen


def _signal(where: tuple[str, ...], *values: bool) -> None:
    signal = QDBusMessage.createSignal(*where)
    signal.setArguments(list(values))
    assert QDBusConnection.sessionBus().send(signal)


def _after(
    times: list[int], bus: QDBusConnection, first: Callable[[], None], end: Callable[[], None]
) -> int:
    """How often it was said after `first`. The bus keeps the order of one sender: `end` is last."""
    times.clear()
    over = _Over(bus)
    # The bus has taken in whom it shall tell before anybody else speaks: asking waits for that.
    bus.call(QDBusMessage.createMethodCall(*HERE, "GetId"))
    giving_up = QTimer(singleShot=True, interval=10_000)
    giving_up.timeout.connect(over.done)
    giving_up.start()
    first()
    end()
    while not over.is_so:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    assert giving_up.isActive(), "the bus said nothing"
    return len(times)


if __name__ == "__main__":
    print(json.dumps(main()))
