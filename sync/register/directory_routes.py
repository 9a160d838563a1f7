"""The public directory over HTTP: a list with a form, one page a listing, and a style sheet.

Refuses scripts, frames and anything from elsewhere by its content policy, and keeps no cookie.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from importlib.resources import files

from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from forms.rules.directory_search import Wanted, find
from forms.rules.opening_times import DAYS
from sync.register import directory_page as page
from sync.register.answers import counted, looked, tagged
from sync.register.errors import Troubled
from sync.register.log import database_fault
from sync.register.service import Register
from sync.register.threads import in_a_thread

_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noarchive",  # a listing that goes is not kept by a search engine
}
_ROBOTS = b"User-agent: *\nDisallow: /v1/\nDisallow: /oruk/\n"
_BUSY = "The directory is not answering. Try again in a few minutes."
_TOO_OFTEN = "That was a lot at once. The directory goes on in a minute."
_STYLE = files("sync.register") / "assets" / "directory.css"
_LONGEST = 200
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(register: Register) -> list[Route]:
    """The pages of the directory."""

    async def listed(request: Request) -> Response:
        pack, entries, now = await looked(register, request)
        asked = _asked(request)

        def made() -> str:
            fits = find(entries, asked.wanted, pack)
            ways = [] if fits else page.ways_on(pack, asked.wanted)
            seen = [replace(way, found=len(find(entries, way.wanted, pack))) for way in ways]
            return page.list_page(pack, fits, asked, len(entries), now, seen)

        return counted(register, request, _html(request, await in_a_thread(made)))

    async def one(request: Request) -> Response:
        pack, entries, now = await looked(register, request)
        wanted = request.path_params["id"]
        entry = next((e for e in entries if e.entry_id == wanted), None)
        if entry is None:
            gone = HTMLResponse(page.gone_page(pack, now), 404, _HEADERS)
            return counted(register, request, gone)
        return counted(register, request, _html(request, page.one_page(pack, entry, now)))

    async def style(request: Request) -> Response:
        return tagged(request, _STYLE.read_bytes(), _HEADERS, "text/css")

    async def robots(request: Request) -> Response:
        return tagged(request, _ROBOTS, _HEADERS, "text/plain")

    async def front(_request: Request) -> Response:
        return RedirectResponse(page.PATH, 307, _HEADERS)

    return [
        Route("/", front, methods=["GET"]),
        Route("/robots.txt", robots, methods=["GET"]),
        Route(page.PATH, _calm(listed), methods=["GET"]),
        Route(page.PATH + "/style.css", style, methods=["GET"]),
        Route(page.PATH + "/{id}", _calm(one), methods=["GET"]),
    ]


def _calm(endpoint: Endpoint) -> Endpoint:
    async def calm(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Troubled as error:
            if error.status == 429:
                more = {"retry-after": str(error.trouble.retry_after)}
                return in_words(request, 429, "Please wait a minute", _TOO_OFTEN, more)
            return in_words(request, 503, "Not answering", _BUSY)
        except OperationalError as error:
            database_fault(error)
            return in_words(request, 503, "Not answering", _BUSY)

    return calm


def in_words(
    request: Request, status: int, title: str, words: str, more: Mapping[str, str] | None = None
) -> Response:
    """A sentence to whoever asked: a page with a way on for a browser, plain for a program."""
    headers = {**_HEADERS, **(more or {})}
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(page.bare_page(title, words), status, headers)
    return PlainTextResponse(words, status, headers)


def _asked(request: Request) -> page.Asked:
    said = {name: value[:_LONGEST] for name, value in request.query_params.items()}
    number = said.get("page", "")
    day = said.get("day", "")
    return page.Asked(
        wanted=Wanted(
            words=said.get("words", "").strip(),
            place=said.get("place", ""),
            service=said.get("service", ""),
            mode=said.get("mode", ""),
            payable=said.get("pay", ""),
            day=day if day in DAYS else "",
        ),
        page=int(number) if number.isascii() and number.isdecimal() and int(number) > 0 else 1,
    )


def _html(request: Request, body: str) -> Response:
    return tagged(request, body.encode(), _HEADERS, "text/html")
