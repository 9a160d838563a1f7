"""Whether anything is sent without being asked, and whether sending costs money here.

What the person chose in Settings comes first, then what the system says of the network. Refuses to
send anything: `desktop.exchanger` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.network import Network

if TYPE_CHECKING:
    from desktop.settings import Settings

_KEYS = ("data_cost", "exchange_minutes")


class SendingRules(QObject):
    """Says when one of the two has changed, and when there is a line again."""

    changed = Signal()
    line_came_back = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._network = settings, Network(self)
        self._network.came_back.connect(self.line_came_back)
        self._network.cost_changed.connect(self.changed)
        settings.listen(self._heard)

    @property
    def has_line(self) -> bool:
        """Whether nothing that the system knows stands in the way of sending."""
        return self._network.is_open

    def stop(self) -> None:
        """Hear no more of the settings."""
        self._settings.forget(self._heard)

    @property
    def costs(self) -> bool:
        """Whether sending costs money here: as the person says, else as the system does."""
        said = self._settings.text("data_cost")
        return self._network.is_metered if said == "system" else said == "yes"

    @property
    def minutes(self) -> int:
        """How long between two rounds; 0: nothing is sent before somebody says so."""
        return self._settings.number("exchange_minutes")

    def _heard(self, key: str) -> None:
        if key in _KEYS:
            self.changed.emit()
