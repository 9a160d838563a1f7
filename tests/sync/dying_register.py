"""A register in a process of its own that ends at a named moment of a push, as in a power cut.

python -m tests.sync.dying_register URL MOMENT     # says its port, then serves
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from forms.rules.pack import load_pack
from sync.register import service, sql_postgres
from sync.register.serve import make_server
from sync.register.sql_audit import AuditTable
from sync.register.sql_log import LogTable
from sync.register.sql_records import RecordTable
from sync.register.sql_store import SqlStore

NEVER = "never"
INSIDE = {
    "records written": (RecordTable, "save"),
    "log written": (LogTable, "append"),
    "audit written": (AuditTable, "append"),
}
MOMENTS = (*INSIDE, "before the commit", "after the commit")
AT_ONCE = MOMENTS[1:4]  # on PostgreSQL both logs are written by one statement, the last


def main(url: str, moment: str) -> None:
    """Serve until the moment comes."""
    store = SqlStore(url)
    if os.environ.get("HEDGEROW_TEST_COMMITS") == "each":  # the protection off
        for place, name in INSIDE.values():
            _after(place, name, commits)
    server = make_server(store, {"kent": load_pack("kent")}, "127.0.0.1", 0)
    die_at(moment, store)
    real = server.startup

    async def startup(sockets: Any = None) -> None:
        await real(sockets)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)

    server.startup = startup  # type: ignore[method-assign]
    server.run()


def die_at(moment: str, store: SqlStore) -> None:
    """The process ends there, without a word to anybody and without tidying up."""
    pushing = []
    real = service.push

    def push(*args: Any, **more: Any) -> Any:
        pushing.append(True)
        return real(*args, **more)

    service.push = push  # type: ignore[assignment]
    if store.dialect == "postgresql" and moment in AT_ONCE:
        _before_commit(pushing)
    elif moment in INSIDE:
        _after(*INSIDE[moment], lambda *_: pushing and os._exit(9))
    elif moment == "before the commit":
        event.listen(store._engine, "commit", lambda _connection: pushing and os._exit(9))
    elif moment == "after the commit":
        _after(service.Register, "push", lambda *_: os._exit(9))


def _before_commit(pushing: list[bool]) -> None:
    """All is written, and the commit that would go with it is not said."""
    real = sql_postgres.exchange

    def exchange(connection: Any, *said: Any) -> Any:
        texts = [text for text, _ in said]
        if not pushing or "COMMIT" not in texts:
            return real(connection, *said)
        real(connection, *said[: texts.index("COMMIT")])
        return os._exit(9)

    sql_postgres.exchange = exchange  # type: ignore[assignment]


def commits(table: Any, *_: Any) -> None:
    """What was written so far stays."""
    table._c.exec_driver_sql("COMMIT")
    table._c.exec_driver_sql("BEGIN IMMEDIATE")


def _after(place: Any, name: str, then: Callable[..., Any]) -> None:
    real = getattr(place, name)

    def both(*args: Any, **more: Any) -> Any:
        result = real(*args, **more)
        then(*args)
        return result

    setattr(place, name, both)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
