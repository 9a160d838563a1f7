"""Writing a file that is there whole or not at all: on a stick, or beside a register's database.

Bytes go to a file beside it, to the disk, and then it gets its name.
Refuses to leave a half file under that name, or the one beside it when something goes wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@contextmanager
def written_whole(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file to write to; it is at `path` when the block ends well. Raises OSError.

    `mode`: who may read it, less what the system takes away.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(beside, _NEW, mode), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):  # the stick may be gone; what went wrong is what is told
            beside.unlink(missing_ok=True)
        raise
