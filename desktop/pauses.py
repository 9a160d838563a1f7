"""Keeps Python's own housekeeping from holding the window up.

The collector walks every object it knows while nothing else runs: 80 ms of modules and classes,
again and again while a lane reads records. What is loaded stays to the end, so it is put out of
its sight once. Refuses to switch the collector off: screens are full of cycles.
"""

from __future__ import annotations

import gc

YOUNG = 3_000  # objects made before the youngest are looked at; Python's own is 700


def shorten() -> None:
    """What is loaded now is looked at no more."""
    gc.freeze()
    _young, middle, old = gc.get_threshold()
    gc.set_threshold(YOUNG, middle, old)
