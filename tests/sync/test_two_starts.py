"""Two workers that start at one moment on one PostgreSQL: one makes the tables, both serve."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sync.register import admin, migrations, sql_store
from sync.register.sql_people import PeopleTable
from sync.register.store import open_store
from tests.sync.test_at_one_moment import Beside

pytestmark = pytest.mark.postgres


@pytest.fixture
def second(postgres_url):
    return Beside(SimpleNamespace(url=postgres_url))


def starts(url, new=True):
    store = open_store(url, new=new)
    try:
        query = "SELECT count(*) FROM migration"
        return store.read(lambda tx: tx.connection.exec_driver_sql(query).scalar())
    finally:
        store.close()


def after(monkeypatch, module, name, work):
    real = getattr(module, name)

    def then(*args, **kwargs):
        out = real(*args, **kwargs)
        work()
        return out

    monkeypatch.setattr(module, name, then)


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("from_step", [0, 9])
def test_tables_are_made_once(postgres_url, second, monkeypatch, from_step, new):
    steps = migrations.steps()
    if from_step:
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "steps", lambda: steps[:from_step])
            patch.setattr(sql_store, "make_all_ready", lambda _: None)
            starts(postgres_url)
    other = lambda: starts(postgres_url, new=new)  # noqa: E731
    after(monkeypatch, migrations, "version", lambda: second.starts(other))
    assert starts(postgres_url) == len(steps)
    assert second.ends() == len(steps)


def test_a_history_is_begun_once(postgres_url, second, monkeypatch):
    """Two give the register its name and its key, and one of them is heard."""
    one, other = open_store(postgres_url), open_store(postgres_url)
    seen = []

    def begins():
        admin.init(other, "kent")
        seen.append(begun(other))

    after(monkeypatch, PeopleTable, "setting", lambda: second.starts(begins))
    admin.init(one, "kent")
    second.ends()
    assert seen == [begun(one)]
    for store in (one, other):
        store.close()


def begun(store):
    names = ("epoch", "signing_key", "started_at", "pack")
    return store.read(lambda tx: [tx.people.setting(name) for name in names])
