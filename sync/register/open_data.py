"""The open feed over HTTP: the nine endpoints of Open Referral UK 3.0 under /oruk/v3.

Open to everybody, readable from any web page (a browser asks first with OPTIONS what a page may
send, and is told), nothing but what `public_list` shows. Conditions
narrow one another. A question that cannot be answered from what is published (how far from a
postcode) is refused in words: an answer that ignored it would be wrong.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import time
from typing import Any

import msgspec
from sqlalchemy.exc import OperationalError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from forms.rules.directory_search import Wanted, find
from forms.rules.listing import PublicEntry
from forms.rules.opening_times import DAY_WORDS, DAYS
from forms.rules.pack import Pack
from sync.register import open_referral as oruk
from sync.register.answers import counted, looked, tagged
from sync.register.errors import Troubled
from sync.register.log import database_fault
from sync.register.service import Register
from sync.register.threads import in_a_thread

BASE = "/oruk/v3"
PER_PAGE, MOST = 50, 200
_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "etag",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
}
_MAY = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "*",  # none of them is read but those of caching
    "access-control-max-age": "86400",
    "allow": "GET, HEAD, OPTIONS",
}
_CONDITIONS = (
    *("search", "district", "day", "start_time", "end_time", "minimum_age", "maximum_age"),
    *("taxonomy_term_id", "taxonomy_id"),
)
_NARROWED_ELSEWHERE = ("organization_id", "modified_after")  # by the international standard
Answer = Callable[[Request, Pack, list[PublicEntry]], Any]


class NotAnswered(Exception):
    """A question that is not understood, or asks for what is not published."""


class Straight:
    """What everybody may read answers at once with slashes at its end too.

    A redirect carries no leave for another page's script: its browser would stop there.
    """

    def __init__(self, app: ASGIApp, among: tuple[str, ...]) -> None:
        self._app, self._among = app, tuple(path + "/" for path in among)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = str(scope.get("path", ""))
        if path.startswith(self._among):
            scope["path"] = path.rstrip(
                "/"
            )  # not of a copy: the log is told the route that it took
        await self._app(scope, receive, send)


def routes(register: Register) -> list[Route]:
    """The nine endpoints."""
    return [
        _route(register, "", _root),  # a browser follows no redirect of what it asks first
        _route(register, "/", _root),
        _route(register, "/services", _services),
        _route(register, "/services/{id}", _service),
        _route(register, "/taxonomies", _taxonomies),
        _route(register, "/taxonomies/{id}", _taxonomy),
        _route(register, "/taxonomy_terms", _terms),
        _route(register, "/taxonomy_terms/{id}", _term),
        _route(register, "/service_at_locations", _locations),
        _route(register, "/service_at_locations/{id}", _location),
    ]


def _route(register: Register, path: str, answer: Answer) -> Route:
    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_MAY)
        try:
            pack, entries, _now = await looked(register, request)
            found = await in_a_thread(answer, request, pack, entries)
        except NotAnswered as error:
            return counted(register, request, _message(str(error), 400))
        except Troubled as error:
            if error.status == 429:
                return _message(str(error), 429, {"retry-after": str(error.trouble.retry_after)})
            return _message("The directory is not answering. Try again later.", 503)
        except OperationalError as error:
            database_fault(error)
            return _message("The directory is not answering. Try again later.", 503)
        if found is None:
            nothing = _message("There is nothing here by that id.", 404)
            return counted(register, request, nothing)
        body = msgspec.json.encode(found)
        return counted(register, request, tagged(request, body, _HEADERS, "application/json"))

    made: Callable[[Request], Awaitable[Response]] = endpoint
    return Route(BASE + path, made, methods=["GET", "OPTIONS"])


def _message(words: str, status: int, more: Mapping[str, str] | None = None) -> Response:
    body = msgspec.json.encode({"message": words})
    return Response(body, status, _HEADERS | dict(more or {}), "application/json")


def _root(request: Request, _pack: Pack, _entries: list[PublicEntry]) -> Any:
    return {
        "version": oruk.VERSION,
        "profile": oruk.PROFILE,
        "openapi_url": str(request.base_url.replace(path="/openapi.json")),
    }


def _services(request: Request, pack: Pack, entries: list[PublicEntry]) -> Any:
    page, per_page = _paging(request)
    fits = _filtered(request, pack, entries)
    return oruk.page_of(fits, page, per_page, lambda entry: oruk.summary(entry, pack))


def _locations(request: Request, pack: Pack, entries: list[PublicEntry]) -> Any:
    page, per_page = _paging(request)
    fits = _filtered(request, pack, entries)
    return oruk.page_of(fits, page, per_page, lambda entry: oruk.at_location(entry, pack))


def _service(request: Request, pack: Pack, entries: list[PublicEntry]) -> Any:
    wanted = request.path_params["id"]
    return next((oruk.service(e, pack) for e in entries if oruk.service_id(e) == wanted), None)


def _location(request: Request, pack: Pack, entries: list[PublicEntry]) -> Any:
    wanted = request.path_params["id"]
    return next((oruk.at_location(e, pack) for e in entries if oruk.location_id(e) == wanted), None)


def _taxonomies(request: Request, pack: Pack, _entries: list[PublicEntry]) -> Any:
    return oruk.page_of(oruk.taxonomies(pack), *_paging(request), dict)


def _taxonomy(request: Request, pack: Pack, _entries: list[PublicEntry]) -> Any:
    wanted = request.path_params["id"]
    found = next((t for t in oruk.taxonomies(pack) if t["id"] == wanted), None)
    if found is None:
        return None
    terms = [t for t in oruk.taxonomy_terms(pack) if t["taxonomy_id"] == wanted]
    return found | {"taxonomy_terms": terms}


def _terms(request: Request, pack: Pack, _entries: list[PublicEntry]) -> Any:
    return oruk.page_of(oruk.taxonomy_terms(pack), *_paging(request), dict)


def _term(request: Request, pack: Pack, _entries: list[PublicEntry]) -> Any:
    wanted = request.path_params["id"]
    return next((t for t in oruk.taxonomy_terms(pack) if t["id"] == wanted), None)


def _filtered(request: Request, pack: Pack, entries: list[PublicEntry]) -> list[PublicEntry]:
    asked = request.query_params
    _answerable(asked)
    for age in ("minimum_age", "maximum_age"):  # nothing listed has a limit of age: all fit
        _number(asked.get(age, ""), age, most=150)
    wanted = Wanted(
        words=asked.get("search", ""),
        place=asked.get("district", ""),
        day=_day(asked.get("day", "")),
        starts=_time(asked.get("start_time", ""), "start_time"),
        ends=_time(asked.get("end_time", ""), "end_time"),
    )
    term, taxonomy = asked.get("taxonomy_term_id", ""), asked.get("taxonomy_id", "")
    return [
        entry
        for entry in find(entries, wanted, pack)
        if (not term or oruk.has_term(entry, term))
        and (not taxonomy or oruk.has_taxonomy(entry, taxonomy))
    ]


def _answerable(asked: QueryParams) -> None:
    """Raises NotAnswered for what would be passed over, so that more is told than was asked."""
    if asked.get("postcode") or asked.get("proximity"):
        raise NotAnswered(
            "No address is published here, so nothing can be found by distance from a postcode. "
            "Ask by district."
        )
    for name in _NARROWED_ELSEWHERE:
        if asked.get(name):
            raise NotAnswered(f"The list cannot be narrowed by '{name}' here.")
    for name in _CONDITIONS:
        if len(asked.getlist(name)) > 1:
            raise NotAnswered(f"'{name}' was given more than once: give one.")


def _paging(request: Request) -> tuple[int, int]:
    asked = request.query_params
    for name in ("page", "per_page"):
        if len(asked.getlist(name)) > 1:
            raise NotAnswered(f"'{name}' was given more than once: give one.")
    page = _number(asked.get("page", ""), "page", least=1, most=1_000_000) or 1
    per_page = _number(asked.get("per_page", ""), "per_page", least=1, most=1_000_000) or PER_PAGE
    return page, min(per_page, MOST)


def _number(said: str, name: str, *, least: int = 0, most: int) -> int | None:
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= 7 and least <= int(said) <= most):
        raise NotAnswered(f"'{name}' has to be a whole number from {least} to {most}.")
    return int(said)


def _day(said: str) -> str:
    named = said.strip().casefold()
    code = named[:2].upper()
    words = dict(zip(DAYS, DAY_WORDS, strict=True))
    if said and not words.get(code, "").casefold().startswith(named):
        raise NotAnswered("'day' has to be one of MO, TU, WE, TH, FR, SA and SU.")
    return code


def _time(said: str, name: str) -> time | None:
    if not said:
        return None
    try:
        return time.fromisoformat(said).replace(tzinfo=None)
    except ValueError as error:
        raise NotAnswered(f"'{name}' has to be a time of day like 09:30.") from error
