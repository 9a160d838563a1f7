"""Keeps Python's own housekeeping from holding the window up.

The collector walks every object it knows while nothing else runs, in whatever thread made the last
of them: 50 to 90 ms of a county's rows and widgets in the middle of a click. What is loaded stays
to the end, so it is not walked while it is loaded (`begin`) and put out of sight then (`shorten`);
the long walk waits until the person rests (desktop/rests.py). Refuses to switch the collector off:
screens are full of cycles, and who never rests is bounded by `OLD`.
"""

from __future__ import annotations

import gc
import sys

LOADING = 500_000  # objects made before anything is looked at, until `shorten`
YOUNG = 3_000  # objects made before the youngest are looked at; Python's own is 700
MIDDLE = 10  # such looks before the middle-aged are looked at with them, as Python has it
OLD = 100  # looks at the middle-aged before everything is walked by itself: 3,000,000 objects
DUE = 3  # the same, from which a rest is worth a walk
TURN = 0.001  # seconds a lane keeps the interpreter when the window wants it; Python's own is 0.005


def begin() -> None:
    """The program starts: what it loads is not walked again and again, which is 10 ms of it."""
    gc.set_threshold(LOADING)


def shorten() -> None:
    """What is loaded now is looked at no more; the long walk does not come by itself."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    sys.setswitchinterval(TURN)


def is_due() -> bool:
    """Whether enough was made since the last long walk for the next one to find something."""
    return gc.get_count()[2] >= DUE


def walk() -> int:
    """Let go of what only holds itself. How many objects went."""
    return gc.collect()


def walk_all() -> int:
    """The same among all that `shorten` put out of sight: when records were locked away."""
    gc.unfreeze()
    gone = gc.collect()
    gc.freeze()
    return gone
