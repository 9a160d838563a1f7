"""How far a long piece of work in the vault lane is, and a way to stop it safely.

The lane writes, the window reads. Refuses half-made results: whoever is stopped cleans up.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.operations.errors import OperationFault


class WorkStopped(OperationFault):
    """A person pressed Stop."""

    def __init__(self) -> None:
        super().__init__("Stopped. Nothing was left behind. Your records are safe.")


@dataclass(slots=True)
class Progress:
    """Parts done of parts there are."""

    done: int = 0
    of: int = 0
    stop_wanted: bool = False

    def tell(self, done: int, of: int) -> None:
        """The lane says how far it is. Raises WorkStopped when a person wants to stop."""
        if self.stop_wanted:
            raise WorkStopped
        self.done, self.of = done, of
