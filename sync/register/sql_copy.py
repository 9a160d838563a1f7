"""A whole register in one file, and back again: the same file for SQLite and PostgreSQL.

One snapshot, row by row, squeezed, with a hash at its end. Putting back goes into an empty
database and in one transaction. Refuses a file that is cut, changed or newer, and a database that
is not empty: nothing is ever put over something.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import zstandard
from sqlalchemy import LargeBinary, RowMapping, Table, delete, func, insert, select

from sync.register import migrations
from sync.register.errors import RegisterError
from sync.register.sql_store import Tx
from sync.register.tables import audit_head, feed, incarnation, meta, metadata, op

KIND = "hedgerow register copy 1"
_ROWS = 500  # put back in one statement
_LINE = 64 << 20  # a row with a part of a file is the longest


_UNTOUCHED = "Nothing was changed. Take another copy: backups check says which are good."
_NEWER = (
    "The copy was made by a newer program. Nothing was changed. Update this one, then put it back."
)


class CopyFault(RegisterError):
    """A copy that cannot be made or put back; its words say why."""


def write_copy(tx: Tx, path: Path) -> int:
    """Write everything to a new file, for its owner only. Returns how many rows.

    Where it cannot be written to its end there is no file.
    """
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CopyFault(f"{path.name} is there already. Nothing was changed.") from error
    rows = 0
    digest = hashlib.sha256()
    try:
        with (
            os.fdopen(number, "wb") as raw,
            zstandard.ZstdCompressor(level=6).stream_writer(raw, closefd=False) as out,
        ):
            for line in _lines(tx):
                digest.update(line)
                out.write(line)
                rows += 1
            out.write(_line({"sha256": digest.hexdigest()}))
            out.flush(zstandard.FLUSH_FRAME)
            raw.flush()
            os.fsync(raw.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return rows - 1


def read_copy(tx: Tx, path: Path) -> int:
    """Put a copy back into an empty database. Returns how many rows. Raises CopyFault."""
    _empty(tx)
    rows = step = 0
    waiting: list[dict[str, Any]] = []
    table: Table | None = None
    for found in _checked(path):
        name = found.get("t")
        if name is None:
            step = int(found.get("step", step))
            continue
        if table is None or table.name != name or len(waiting) >= _ROWS:
            _put(tx, table, waiting)
            table, waiting = metadata.tables.get(str(name)), []
            if table is None:
                raise CopyFault(_NEWER)
        waiting.append(_values(table, found["r"]))
        rows += 1
    _put(tx, table, waiting)
    migrations.fill(tx.connection, step)
    return rows


def _lines(tx: Tx) -> Iterator[bytes]:
    step = tx.connection.exec_driver_sql("SELECT max(number) FROM migration").scalar()
    yield _line({"kind": KIND, "step": int(step or 0)})
    for table in metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        rows = tx.connection.execute(select(table).order_by(*keys)).mappings()
        for row in rows if table is not meta else _settings(rows):
            values = {
                str(name): base64.b64encode(bytes(value)).decode()
                if isinstance(table.c[name].type, LargeBinary)
                else value
                for name, value in row.items()
            }
            yield _line({"t": str(table.name), "r": values})


def _settings(rows: Iterable[RowMapping]) -> list[RowMapping]:
    """Without the signing key in the middle of its change: its successor is there."""
    found = {str(row["k"]): row for row in rows}
    if "key_next" in found and found["key_next"]["v"]:
        found.pop("signing_key", None)
    return list(found.values())


def _checked(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a copy; the last of them says whether all of it is as it was written."""
    digest, whole, first = hashlib.sha256(), False, True
    for line in _read_lines(path):
        found = _decoded(line)
        if first and (found.get("kind") != KIND or not isinstance(found.get("step"), int)):
            raise CopyFault(f"That file is not a copy of a register. {_UNTOUCHED}")
        if first and found["step"] > migrations.steps()[-1][0]:
            raise CopyFault(_NEWER)
        first = False
        if "sha256" in found:
            whole = found["sha256"] == digest.hexdigest()
            continue
        if whole:
            break
        digest.update(line)
        yield found
    if not whole:
        raise CopyFault(f"The copy is damaged or cut short. {_UNTOUCHED}")


def _read_lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            yield from _split(raw)
    except zstandard.ZstdError as error:
        raise CopyFault(
            f"That file is not a copy of a register, or it is damaged. {_UNTOUCHED}"
        ) from error


def _split(raw: BinaryIO) -> Iterator[bytes]:
    rest = b""
    with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(raw) as unfolded:
        while part := unfolded.read(1 << 20):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                yield line + b"\n"
            if len(rest) > _LINE:
                raise CopyFault(f"That file is not a copy of a register. {_UNTOUCHED}")


def _empty(tx: Tx) -> None:
    # one that was only made has a key too, by which a program may be answering at this moment
    made = bool(tx.people.setting("epoch"))
    if made or int(tx.connection.execute(select(func.count()).select_from(op)).scalar() or 0):
        raise CopyFault(
            "This database holds a register already. Nothing was changed. "
            "Put the copy back into a new, empty database."
        )
    for table in (feed, incarnation, audit_head):  # what an empty register begins with
        tx.connection.execute(delete(table))
    for name in ("meta", "person", "audit", "audit_node", "code"):
        tx.connection.execute(delete(metadata.tables[name]))


def _put(tx: Tx, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        tx.connection.execute(insert(table), rows)


def _values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: base64.b64decode(value) if isinstance(table.c[name].type, LargeBinary) else value
        for name, value in row.items()
        if name in table.c
    }


def _line(value: dict[str, Any]) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise CopyFault(f"The copy is damaged. {_UNTOUCHED}") from error
    return found if isinstance(found, dict) else {}
