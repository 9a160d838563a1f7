"""Answers that everybody may read: with a tag, so that who has it already gets no second copy.

Refuses to let anybody keep an answer without asking again: a listing that goes is gone at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import OperationalError
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from forms.rules.listing import PublicEntry
from forms.rules.pack import Pack
from sync.register.limits import drawn
from sync.register.log import database_fault
from sync.register.service import Register
from sync.register.threads import in_a_thread


def tagged(
    request: Request, body: bytes, headers: Mapping[str, str], kind: str, says: bytes | None = None
) -> Response:
    """A success; 304 and nothing more to who named this very answer.

    `says`: what of it counts, where the rest is but the moment.
    """
    named = body if says is None else says
    tag = f'"{hashlib.blake2b(named, digest_size=16).hexdigest()}"'
    weak = "" if says is None else "W/"
    told = {**headers, "etag": f"{weak}{tag}", "cache-control": "no-cache"}
    asked = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in asked.split(",")}:
        return Response(status_code=304, headers=told)
    return Response(body, 200, told, media_type=kind)


async def looked(register: Register, request: Request) -> tuple[Pack, list[PublicEntry], datetime]:
    """What the public may see now. Raises Troubled 429 for an address that asks all too often."""
    return await in_a_thread(register.public.shown, _address(request))


def counted(register: Register, request: Request, answer: Response) -> Response:
    """The answer; whether this look is counted is drawn by lot, and done after it."""
    if drawn(register.limits):
        answer.background = BackgroundTask(_count, register, _address(request))
    return answer


async def _count(register: Register, address: str) -> None:
    try:
        await in_a_thread(register.public.count, address)
    except OperationalError as error:
        database_fault(error)


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
