"""Work that waits for a database, beside the loop that hears everybody else.

By the standard library's own pool: what a task group adds is paid for with each request. Refuses
to leave work alone: who is told to stop while theirs is under way waits for its end first, since
the store is closed after that. Nothing of a request stays in a circle, its error neither: it would
be kept until the collector comes by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

AT_ONCE = 40  # requests at work; others wait for their turn
_POOL = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="register")
P = ParamSpec("P")
T = TypeVar("T")


async def in_a_thread(work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """What some work gives. Raises what it raises."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[T] = loop.create_future()
    doing = _POOL.submit(_do, [loop, told, work, args, more])
    try:
        return await told
    except asyncio.CancelledError:
        if not doing.cancel():
            await asyncio.wait([asyncio.wrap_future(doing)])
        raise
    finally:
        del told, doing  # an error that came holds this frame


def _do(asked: list[Any]) -> None:
    """The work; what was asked is taken out of the list, which the pool holds longer."""
    loop, told, work, args, more = asked
    asked.clear()
    try:
        done = work(*args, **more)
    except BaseException as error:  # noqa: BLE001 - told to whoever asked, whatever it is
        loop.call_soon_threadsafe(_tell, told, None, error)
        told = None  # the error holds this frame
    else:
        loop.call_soon_threadsafe(_tell, told, done, None)


def _tell(told: asyncio.Future[Any], done: Any, error: BaseException | None) -> None:
    if told.cancelled():  # nobody waits for it any more
        return
    if error is None:
        told.set_result(done)
    else:
        told.set_exception(error)
