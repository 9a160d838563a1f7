"""Holds Python's garbage collector back while a form is read: it would walk a tree that only grows.

It goes on as before afterwards; nothing is ever left switched off. What was built inside is filed
with the old objects at once, so that the next few answers do not wait for three walks over it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection inside; whoever came first switches it on again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # else somebody keeps objects frozen on purpose
            gc.freeze()
            gc.unfreeze()  # together: young objects become old ones, without a walk
        gc.enable()
