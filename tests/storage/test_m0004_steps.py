"""Step 4: a vault of before has no steps; afterwards a named change makes one."""

from __future__ import annotations

from typing import Any

from sqlcipher3 import dbapi2

from storage import migrations
from storage.migrations import m0004_steps


def test_the_tables_come_empty_and_hold_what_is_written() -> None:
    connection: Any = dbapi2.connect(":memory:", isolation_level=None)
    migrations.bring_up(connection)
    for statement in ("DROP TABLE step", "DROP TABLE desk"):
        connection.execute(statement)
    for statement in migrations.split(m0004_steps.SQL):
        connection.execute(statement)
    assert connection.execute("SELECT count(*) FROM step").fetchone() == (0,)
    connection.execute(
        "INSERT INTO step(at, by_id, name, enterprise_id, trail, fixed, undone) "
        "VALUES ('', '', '', '', '[]', '', 0)"
    )
    connection.execute("INSERT INTO desk VALUES ('place', 'x')")
    assert connection.execute("SELECT n FROM step").fetchone() == (1,)
