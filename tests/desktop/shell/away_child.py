"""The desktop's own signals on a bus of this process's own: what each does to the watch.

`python -m tests.desktop.shell.away_child` inside dbus-run-session prints one JSON object.
"""

from __future__ import annotations

import json
import os
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtGui import QGuiApplication

from desktop.away import LOGIN, SAVERS, AwayWatch

SLEEP = ("/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForSleep")
END = ("/done", "uk.hedgerow.Test", "Done")


def main() -> dict[str, Any]:
    """Each signal, and how often the watch said that the person had left."""
    app = QGuiApplication([])
    # There is no system bus of our own to start: the session's stands in for it.
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
    assert system.registerService(LOGIN)
    watch = AwayWatch()
    times: list[int] = []
    watch.left.connect(lambda: times.append(1))
    seen: dict[str, Any] = {"hears": watch.heard_from}
    for name in SAVERS:
        where = ("/" + name.replace(".", "/"), name, "ActiveChanged")
        seen[name] = [_after(session, times, where, yes) for yes in (True, False)]
    seen["sleep"] = [_after(system, times, SLEEP, yes) for yes in (True, False)]
    del app
    return seen


def _after(bus: QDBusConnection, times: list[int], where: tuple[str, ...], yes: bool) -> int:
    """How often it was said after this signal. The bus keeps order: our own end comes after it."""
    times.clear()
    loop = QEventLoop()
    giving_up = QTimer(singleShot=True, interval=5000)
    giving_up.timeout.connect(loop.quit)
    giving_up.start()
    signal = QDBusMessage.createSignal(*where)
    signal.setArguments([yes])
    assert bus.send(signal)
    asked = QDBusMessage.createMethodCall(
        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId"
    )
    bus.call(asked)  # answered after the signal was passed on
    while yes and not times and giving_up.isActive():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    while loop.processEvents():
        pass
    return len(times)


if __name__ == "__main__":
    print(json.dumps(main()))
