"""Writing a file that is there whole or not at all: on a stick, or beside a register's database.

Bytes go to a file beside it, to the disk, and then it gets its name, which goes to the disk too.
Refuses to leave a half file under that name, or the one beside it when something goes wrong.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@contextmanager
def written_whole(path: Path, mode: int = 0o666, *, apart: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to; it is at `path` when the block ends well. Raises OSError.

    `mode`: who may read it, less what the system takes away. `apart`: others may be writing the
    same file just now, each beside it under a name of its own; the last of them stands.
    """
    mark = f".{secrets.token_hex(4)}" if apart else ""
    beside = path.with_name(f"{path.name}{mark}.new")
    try:
        with os.fdopen(os.open(beside, _NEW, mode), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
        keep_names(path.parent)
    except BaseException:
        with suppress(OSError):  # the stick may be gone; what went wrong is what is told
            beside.unlink(missing_ok=True)
        raise


def keep_names(folder: Path) -> None:
    """Names that were given in a folder go to its disk, where the system can be asked for that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
