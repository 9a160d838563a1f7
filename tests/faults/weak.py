"""Connections with a protection off, for the proofs that each suite here can go red."""

from __future__ import annotations

from typing import Any

import pytest
from sqlcipher3 import dbapi2

_connect = dbapi2.connect


class NoSeal(dbapi2.Connection):  # type: ignore[misc]
    """Pages are encrypted but not sealed."""

    def execute(self, sql: str, *values: Any) -> Any:
        try:
            done = super().execute(sql, *values)
        except UnicodeDecodeError as error:  # garbled, and noticed by luck
            raise dbapi2.DatabaseError("malformed") from error
        if sql.startswith("PRAGMA key"):
            super().execute("PRAGMA cipher_use_hmac = OFF")
        return done


class NoKey(dbapi2.Connection):  # type: ignore[misc]
    """Nothing is encrypted at all."""

    def execute(self, sql: str, *values: Any) -> Any:
        return super().execute("SELECT 1" if sql.startswith("PRAGMA key") else sql, *values)


class Hasty(dbapi2.Connection):  # type: ignore[misc]
    """A commit does not wait for the disk at each edit: only at each fold of the log."""

    sync = "NORMAL"

    def execute(self, sql: str, *values: Any) -> Any:
        if sql == "PRAGMA synchronous = FULL":
            sql = f"PRAGMA synchronous = {self.sync}"
        return super().execute(sql, *values)


class Careless(Hasty):
    """Nothing ever waits for the disk."""

    sync = "OFF"


def use(monkeypatch: pytest.MonkeyPatch, factory: type) -> None:
    """Open vaults through this connection class from here on."""

    def connect(*args: Any, **named: Any) -> Any:
        return _connect(*args, **named, factory=factory)

    monkeypatch.setattr(dbapi2, "connect", connect)
