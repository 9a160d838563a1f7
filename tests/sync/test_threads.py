"""Work beside the loop: its result, its errors, an end that waits, and nothing left in a circle."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref

import pytest
from starlette.routing import Route

from sync.register.app import AllDay
from sync.register.threads import in_a_thread


class Thing:
    """Something that is seen to go."""


def test_what_work_gives_and_raises_comes_back():
    def refuse(_one, *, why):
        raise ValueError(why)

    async def both():
        assert await in_a_thread(divmod, 7, 2) == (3, 1)
        with pytest.raises(ValueError, match="no"):
            await in_a_thread(refuse, 1, why="no")

    asyncio.run(both())


def test_who_is_told_to_stop_waits_for_the_work_that_is_under_way():
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work():
        begun.set()
        may_end.wait(30)
        ended.set()

    async def stopped():
        task = asyncio.ensure_future(in_a_thread(work))
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=0)
        assert not done
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    asyncio.run(stopped())


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_it_waits_for_the_collector(fails):
    seen = []

    def work(_asked):
        made = Thing()
        seen.append(weakref.ref(made))
        if fails:
            raise ValueError(made)
        return made

    async def ask():
        asked = Thing()
        seen.append(weakref.ref(asked))
        try:
            await in_a_thread(work, asked)
        except ValueError:
            assert fails

    gc.collect()
    gc.disable()
    try:
        asyncio.run(_twice(ask))
        assert [one() for one in seen] == [None] * 4
    finally:
        gc.enable()


async def _twice(ask):
    """The thread that did the first does the second: it holds nothing of the first any more."""
    await ask()
    await ask()
    await in_a_thread(int)


@pytest.mark.parametrize(
    ("scope", "short"),
    [
        ({"path": "/v1/pull", "method": "POST"}, True),
        ({"path": "/v1/push", "method": "POST", "root_path": ""}, True),
        ({"path": "/v1/push", "method": "GET"}, False),
        ({"path": "/v1/push", "method": "POST", "root_path": "/county"}, False),
        ({"path": "/v1/push/", "method": "POST"}, False),
        ({"path": "/v1/hello", "method": "POST"}, False),
        ({"type": "lifespan"}, False),
    ],
)
def test_only_what_laptops_ask_all_day_goes_past_the_router(scope, short):
    went = []

    async def long_way(_scope, _receive, _send):
        went.append("long")

    async def answer(_scope, _receive, _send):
        went.append("short")

    async def endpoint(_request):
        return answer

    paths = ("/v1/push", "/v1/pull", "/v1/hello")
    every = [Route(path, endpoint, methods=["POST"]) for path in paths]
    scope = {"type": "http", "headers": []} | scope
    asyncio.run(AllDay(long_way, every)(scope, None, None))
    assert went == ["short" if short else "long"]
    assert ("route" in scope) == short
