"""Asks the system what the line costs, beside a NetworkManager that changes its mind; says so.

Run inside `dbus-run-session`. Prints one JSON list: what was seen first, and after each change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from desktop.network import Network

PATIENCE_MS = 20_000


def heard(signal: object, do: object) -> bool:
    """Whether a signal came after something was done."""
    loop, came = QEventLoop(), []
    signal.connect(lambda *_: (came.append(1), loop.quit()))
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    do()
    if not came:
        loop.exec()
    return bool(came)


def main() -> None:
    """Start the service, look, change, look again."""
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    service = subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.shell.network_service"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    service.stdout.readline()
    app = QCoreApplication([])
    network = Network()

    def say(word: str) -> object:
        def do() -> None:
            service.stdin.write(word + "\n")
            service.stdin.flush()

        return do

    seen = [(network.is_metered, network.is_open)]
    for word, signal in (
        ("Metered=1", network.cost_changed),
        ("Metered=2", network.cost_changed),
    ):
        assert heard(signal, say(word)), word
        seen.append((network.is_metered, network.is_open))
    sys.stdout.write(json.dumps(seen))
    service.stdin.close()
    service.kill()
    service.wait()
    del app


if __name__ == "__main__":
    main()
