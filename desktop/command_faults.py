"""What a file or a database says when it cannot, for the command line: one sentence.

Refuses to repeat the words of a database, which may hold data.
"""

from __future__ import annotations

import errno
import sys

_OF_FILES = {
    errno.ENOENT: "it is not there, or its folder is not. Look at the name",
    errno.EACCES: "this account may not. Use another place, or the account that may",
    errno.EPERM: "this account may not. Use another place, or the account that may",
    errno.EEXIST: "it is there already, and was left as it is. Choose another name",
    errno.EISDIR: "it is a folder. Give the name of a file",
    errno.ENOTDIR: "a part of its name is no folder. Look at the name",
    errno.ENOSPC: "there is no room left. Make some, then try again",
    errno.EROFS: "nothing can be written there. Choose another place",
}


def of_file(error: OSError) -> str:
    """What is wrong with a file, and what to do."""
    known = _OF_FILES.get(error.errno or 0)
    name = error.filename or "A file"
    if known is None:
        return f"{name}: {error.strerror or error}."
    return f"{name}: {error.strerror}: {known}."


def is_of_database(error: BaseException) -> bool:
    """What a register's database says when it cannot; never its words, which may hold data."""
    faults = sys.modules.get("sqlalchemy.exc")
    if faults is None or not isinstance(error, faults.DBAPIError):
        return False
    own = (faults.OperationalError, faults.InternalError, faults.InterfaceError)
    # a damaged file, and a role that may not; what else there is would be a bug of ours
    damaged = type(error) is faults.DatabaseError
    return isinstance(error, own) or damaged or getattr(error.orig, "sqlstate", "") == "42501"
