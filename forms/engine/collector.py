"""Holds Python's garbage collector back while a form is read: it would walk a tree that only grows.

It goes on as before afterwards; nothing is ever left switched off.
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
        gc.enable()
