"""A crash must not write this program's memory to the disk: the key and people's words are in it.

Linux: no core file, and the kernel hands the memory to nobody. Elsewhere the core file is turned
off where the system has one; Windows' error reports are the administrator's to turn off. Refuses
nothing: a system that cannot do it starts all the same.
"""

from __future__ import annotations

import sys

_SET_DUMPABLE = 4  # prctl's PR_SET_DUMPABLE


def refuse_dumps() -> bool:
    """Once, before a vault is opened. Whether the system took it."""
    if sys.platform == "win32":
        return False
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return True
    import ctypes

    try:
        return int(ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False
