"""A register on each database, and laptops on a line to it. Nothing here leaves the machine."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy

from sync.register.serve import make_server
from tests.support.postgres import database as database_server
from tests.sync.vaults import world_of_vaults
from tests.sync.world import World, enterprise, kent


@pytest.fixture(scope="session")
def postgres():
    """One PostgreSQL server for the session, in a directory of its own; its URL."""
    # a run that is told to end takes its server with it
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with database_server() as url:
            yield url
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.fixture
def postgres_url(postgres):
    """A schema of its own for one test."""
    schema = f"t_{uuid4().hex}"
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(postgres).set(drivername="postgresql+psycopg"),
        poolclass=sqlalchemy.NullPool,
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = sqlalchemy.make_url(postgres).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def vaults(folder):
    """A register on SQLite whose laptops are real encrypted vaults."""
    with world_of_vaults(folder) as made:
        yield made


@pytest.fixture
def folder(tmp_path):
    """A folder of the test's own, in the machine's memory where there is one."""
    shm = Path("/dev/shm")  # noqa: S108 - mkdtemp below makes a name of its own
    if not shm.is_dir():
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="hedgerow-", dir=shm))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, folder):
    """The URL of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'register.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def world(database):
    """A register with people on each database, the DPIA signed."""
    with World(database) as made:
        yield made


@pytest.fixture
def quick(folder):
    """The same on SQLite alone, for what a database cannot change."""
    with World(f"sqlite:///{folder / 'register.db'}") as made:
        yield made


@contextmanager
def serving(world, tls=None, proxies=()):
    """A world's register on a port of its own, by TLS if asked; stopped whatever happens."""
    packs = {"kent": kent()}
    server = make_server(
        world.store, packs, "127.0.0.1", 0, world.clock, tls, proxies=tuple(proxies)
    )
    started = threading.Event()
    real = server.startup

    async def startup(sockets=None):
        await real(sockets)
        started.set()

    server.startup = startup
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(20)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def served(quick):
    """The world's register on a port of its own."""
    with serving(quick) as url:
        yield url


@pytest.fixture
def coach(world):
    """Ann's laptop, with a case that has its receipt."""
    laptop = world.laptop("ann")
    laptop.case = laptop.add(enterprise())
    world.round(laptop)
    return laptop
