"""Numbered steps from one schema to the next: one file each, one transaction each.

A step names what it does (`INFO`) and says it in SQL. Refuses to run on a vault that a newer
version made, and to leave a vault between two steps.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from storage.errors import VaultTooNew


def steps() -> list[tuple[int, str]]:
    """(number, module name) of every step, in order."""
    names = sorted(found.name for found in iter_modules(__path__) if found.name.startswith("m"))
    return [(int(name[1:5]), name) for name in names]


def newest() -> int:
    """The schema this version writes."""
    return steps()[-1][0]


def stored(connection: Any) -> int:
    """The schema of an open vault; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_up(connection: Any) -> list[str]:
    """Run what is missing, each step in one transaction; the names of the steps that ran."""
    have = stored(connection)
    if have > newest():
        raise VaultTooNew
    ran = []
    for number, name in steps():
        if number > have:
            _run(connection, number, name)
            ran.append(name)
    return ran


def _run(connection: Any, number: int, name: str) -> None:
    step = import_module(f"storage.migrations.{name}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in split(step.SQL):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def split(sql: str) -> list[str]:
    """Statements of a script; a trigger's inner semicolons belong to it."""
    out: list[str] = []
    held: list[str] = []
    for line in sql.splitlines():
        held.append(line)
        text = "\n".join(held).strip()
        inside_trigger = text.startswith("CREATE TRIGGER") and not text.endswith("END;")
        if text.endswith(";") and not inside_trigger:
            out.append(text[:-1])
            held = []
    return [statement for statement in out if statement.strip()]
