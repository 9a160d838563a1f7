"""A disk that takes nothing while it is full, for whoever writes through what it is put before."""

from __future__ import annotations

from functools import wraps
from typing import Any

from storage.errors import VaultFull


class Disk:
    """Full or not, as a test says."""

    def __init__(self, monkeypatch: Any, *writes: tuple[Any, str], is_full: bool = False) -> None:
        """`writes`: whose method, and its name, refuses as a vault on a full disk does."""
        self.is_full = is_full
        for owner, name in writes:
            monkeypatch.setattr(owner, name, self._unless_full(getattr(owner, name)))

    def _unless_full(self, real: Any) -> Any:
        @wraps(real)
        def do(*given: Any, **named: Any) -> Any:
            if self.is_full:
                raise VaultFull
            return real(*given, **named)

        return do
