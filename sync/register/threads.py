"""Work that waits for a database, beside the loop that hears everybody else.

By the standard library's own pool: what a task group adds is paid twice for each request. Refuses
to leave work alone: who is told to stop while theirs is under way waits for its end first, since
the store is closed after that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

AT_ONCE = 40  # requests at work; others wait for their turn
_POOL = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="register")
P = ParamSpec("P")
T = TypeVar("T")


async def in_a_thread(work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """What some work gives. Raises what it raises."""
    doing = _POOL.submit(work, *args, **more)
    try:
        return await asyncio.wrap_future(doing)
    except asyncio.CancelledError:
        if not doing.cancelled():
            await asyncio.wait([asyncio.wrap_future(doing)])
        raise
