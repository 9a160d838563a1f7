"""One copy of the program a vault: a second start brings the first window forward and ends.

The lock is taken before the first paint (it is one small file, and the system drops it when its
holder dies, however); the listening socket only after it, because the network part of Qt is slow
to load: a second start waits a moment for it. Refuses to say anything but that it was started.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtNetwork import QLocalServer

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:  # as storage.lock does, which is too much to load here
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


PATIENCE_MS = 2000
_AGAIN_MS = 20


class OneCopy(QObject):
    """Holds the lock; says `called` when somebody starts the program again."""

    called = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lock = -1  # an open file; closed, and so given back, by the system at the latest
        self._server: QLocalServer | None = None

    @property
    def name(self) -> str:
        """What the first copy listens under: one name a folder, telling nothing about it."""
        from hashlib import sha256

        return "hedgerow-" + sha256(str(self._folder.absolute()).encode()).hexdigest()[:24]

    def is_first(self) -> bool:
        """Take the lock. A lock left by a copy that crashed holds nobody up.

        Where no file can be made nobody is called: a window must open, for in it stands why.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._folder / "window.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True  # a vault has a lock of its own: two windows never write
        try:
            _take(self._lock)
        except OSError:
            self._give_back()
            return False
        return True

    def call_first(self) -> bool:
        """Ask the first copy to come forward."""
        from PySide6.QtNetwork import QLocalSocket

        socket, patience = QLocalSocket(), QDeadlineTimer(PATIENCE_MS)
        socket.connectToServer(self.name)
        while not socket.waitForConnected(PATIENCE_MS // 4):
            if patience.hasExpired():
                return False
            socket.abort()
            QThread.msleep(_AGAIN_MS)  # it may not have painted yet
            socket.connectToServer(self.name)
        socket.disconnectFromServer()  # to be connected is the whole message
        return True

    def listen(self) -> None:
        """From now on hear second copies."""
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self.name)
        self._server.newConnection.connect(self._heard)
        self._server.listen(self.name)

    def close(self) -> None:
        """Give the lock back."""
        if self._server is not None:
            self._server.close()
        self._give_back()

    def _give_back(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    @Slot()
    def _heard(self) -> None:
        if self._server is None:
            return
        while self._server.hasPendingConnections():
            self._server.nextPendingConnection().deleteLater()
        self.called.emit()
