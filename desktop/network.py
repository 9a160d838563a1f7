"""What the system says of the network: metered, a log-in page in the way, or just come back.

Read from the system through Qt where it can tell (NetworkManager, Windows, macOS); where it cannot,
everything counts as an ordinary network and a round simply tries. Refuses to stop a round by what
the system believes: only whole photos wait for a network that costs nothing (their small copies
go), and a round that a person asks for sends them all the same.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

_Feature = QNetworkInformation.Feature
_WANTED = _Feature.Reachability | _Feature.Metered | _Feature.CaptivePortal


class Network(QObject):
    """The network as the system sees it."""

    came_back = Signal()  # there was no line, or a log-in page in the way, and now there is
    cost_changed = Signal()  # sending costs money now, or no more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system: QNetworkInformation | None = None
        if QNetworkInformation.loadBackendByFeatures(_WANTED) or (
            QNetworkInformation.loadDefaultBackend()
        ):
            self._system = QNetworkInformation.instance()
        if self._system is not None:
            self._system.reachabilityChanged.connect(self._look)
            self._system.isBehindCaptivePortalChanged.connect(self._look)
            self._system.isMeteredChanged.connect(self.cost_changed)
        self._open = self.is_open

    @property
    def is_metered(self) -> bool:
        """Whether the system knows that sending costs money here."""
        return self._can(_Feature.Metered) and bool(self._system and self._system.isMetered())

    @property
    def is_open(self) -> bool:
        """Whether nothing that the system knows stands in the way."""
        system = self._system
        if system is None:
            return True
        if self._can(_Feature.CaptivePortal) and system.isBehindCaptivePortal():
            return False
        gone = QNetworkInformation.Reachability.Disconnected
        return not (self._can(_Feature.Reachability) and system.reachability() == gone)

    def _can(self, feature: QNetworkInformation.Feature) -> bool:
        return self._system is not None and self._system.supports(feature)

    def _look(self) -> None:
        was, self._open = self._open, self.is_open
        if self._open and not was:
            self.came_back.emit()
