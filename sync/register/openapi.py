"""The register's addresses as an OpenAPI 3.1 document, made from `roles.toml` and the messages.

Every route is in it, with what it is for, who may and what can come back, so that it cannot differ
from the program. Refuses to be made when a route has no message here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from sync import envelope, office, protocol
from sync.protocol import Trouble, WireTreeHead
from sync.register.matrix import MatrixFault, RouteRow, matrix

PATH = "/openapi.json"
PLAIN = "application/json"
BYTES = "application/octet-stream"
_SHA256 = "^[0-9a-f]{64}$"
_BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_MOMENT = "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z$"
Ask = type[Struct] | None

# what goes in and what comes out of each address that speaks in messages; None: nothing, or bytes
MESSAGES: Mapping[tuple[str, str], tuple[Ask, Ask]] = {
    ("POST", "/v1/enrol"): (protocol.EnrolAsk, protocol.EnrolReply),
    ("POST", "/v1/push"): (protocol.PushAsk, protocol.PushReply),
    ("POST", "/v1/pull"): (protocol.PullAsk, protocol.PullReply),
    ("POST", "/v1/sums"): (protocol.SumsAsk, protocol.SumsReply),
    ("POST", "/v1/decide"): (protocol.DecideAsk, protocol.DecideReply),
    ("POST", "/v1/hello"): (protocol.HelloAsk, protocol.HelloReply),
    ("POST", "/v1/blob/{sha256}"): (None, protocol.BlobReply),
    ("PATCH", "/v1/blob/{sha256}"): (None, protocol.BlobReply),
    ("GET", "/v1/blob/{sha256}"): (None, None),
    ("POST", "/v1/sign-in/begin"): (office.SignInBeginAsk, office.SignInBeginReply),
    ("POST", "/v1/sign-in"): (office.SignInAsk, office.SignInReply),
    ("POST", "/v1/token"): (office.TokenAsk, office.TokenReply),
    ("POST", "/v1/devices"): (office.DevicesAsk, office.DevicesReply),
    ("POST", "/v1/devices/ledger"): (office.DeviceLedgerAsk, office.DeviceLedgerReply),
    ("POST", "/v1/devices/close"): (office.CloseDeviceAsk, office.CloseDeviceReply),
    ("POST", "/v1/audit/proof"): (office.AuditProofAsk, office.AuditProofReply),
    ("POST", "/v1/audit/entries"): (office.AuditEntriesAsk, office.AuditEntriesReply),
    ("GET", "/v1/audit/head"): (None, WireTreeHead),
    ("GET", "/v1/keys"): (None, protocol.KeysReply),
    ("GET", "/v1/directory"): (None, protocol.Directory),
}
_DAY = "^(MO|TU|WE|TH|FR|SA|SU)$"
_CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_REFUSALS = {
    "400": "The message cannot be read",
    "401": "Not known here, or the signature is not right",
    "403": "Not for this role, or access was closed",
    "404": "Not there, or not this person's to see",
    "408": "The body did not keep coming",
    "409": "Laptop and register differ on what was said",
    "413": "Too long, too many, or no room",
    "415": "Another kind of body",
    "426": "From a newer program",
    "429": "Too often; come back when the minute is over",
    "503": "The database does not answer",
}


_KINDS = {
    "/directory": "text/html",
    "/directory/{id}": "text/html",
    "/directory/style.css": "text/css",
    "/robots.txt": "text/plain",
}


_LISTS = tuple(
    f"/oruk/v3/{name}"
    for name in ("services", "service_at_locations", "taxonomies", "taxonomy_terms")
)
_TEXT: dict[str, Any] = {"type": "string"}
_AGE: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 150}
_CONDITIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "search": ("Words that all have to be there", _TEXT),
    "district": ("Code of a district, as in extent of a service area", _TEXT),
    "day": ("MO to SU, or the whole word", {"type": "string", "pattern": _DAY}),
    "start_time": ("Open at or before, such as 09:30", {"type": "string", "pattern": _CLOCK}),
    "end_time": ("Open until or after", {"type": "string", "pattern": _CLOCK}),
    "taxonomy_term_id": ("Carries this term", _TEXT),
    "taxonomy_id": ("Carries any term of this list", _TEXT),
    "minimum_age": ("Nothing listed has a limit of age: everything fits", _AGE),
    "maximum_age": ("The same", _AGE),
}


@lru_cache(maxsize=4)
def described(routes: tuple[tuple[str, str], ...], version: str) -> bytes:
    """The document as it is served: the same for every register of one program."""
    return msgspec.json.encode(document(routes, version))


def document(routes: Iterable[tuple[str, str]], version: str) -> dict[str, Any]:
    """The document for these (method, path) pairs. Raises MatrixFault."""
    models = [m for pair in MESSAGES.values() for m in pair if m is not None]
    _, components = msgspec.json.schema_components(
        [*models, Trouble, office.TokenEnded], ref_template="#/components/schemas/{name}"
    )
    for name, schema in components.items():
        _tighten(name, schema)
    paths: dict[str, dict[str, Any]] = {}
    for method, path in sorted(routes):
        if method not in ("HEAD", "OPTIONS"):
            paths.setdefault(path, {})[method.lower()] = _operation(matrix().route(method, path))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hedgerow register",
            "version": version,
            "description": "A laptop signs each request with its own key, and every answer is "
            "signed by the register: see sync/PROTOCOL.md. With `accept: application/json` an "
            "answer comes as plain JSON.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "device": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "hedgerow-signature",
                    "description": "Ed25519 over method, path, device, time and body",
                },
                "login": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _tighten(name: str, schema: dict[str, Any]) -> None:
    """What the messages are held to and their types do not say."""
    said = schema.get("properties", {})
    if "v" in said:  # messages of a later version are told to wait, so this one ends at 1
        said["v"] = {"type": "integer", "maximum": protocol.VERSION, "default": 1}
    for field, one in said.items():
        if one.get("contentEncoding") == "base64":
            one["pattern"] = _BASE64
        if (name, field) == ("DecideAsk", "asked_at"):
            one |= {"format": "date-time", "pattern": _MOMENT}


def _operation(row: RouteRow) -> dict[str, Any]:
    roles = sorted(row.who)
    out: dict[str, Any] = {
        "summary": row.what,
        "operationId": _name(row),
        "description": f"For: {', '.join(matrix().roles[r].title.lower() for r in roles)}.",
        "parameters": _parameters(row),
        "responses": _responses(row),
    }
    if row.proof.startswith("device"):
        schemes = ["device", "login"] if "login" in row.proof else ["device"]
        out["security"] = [{name: []} for name in schemes]
    ask = MESSAGES.get((row.method, row.path), (None, None))[0]
    if ask is not None:
        schema = {"$ref": f"#/components/schemas/{ask.__name__}"}
        out["requestBody"] = {
            "required": True,
            "content": {envelope.CONTENT_TYPE: {"schema": schema}},
        }
    return out


def _name(row: RouteRow) -> str:
    words = re.findall(r"[a-z0-9]+", row.path.lower()) or ["front"]
    return "_".join([row.method.lower(), *words])


def _parameters(row: RouteRow) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for name in re.findall(r"{(\w+)}", row.path):
        schema = {"type": "string", "minLength": 1}
        if name == "sha256":
            schema = {"type": "string", "pattern": _SHA256}
        out.append({"name": name, "in": "path", "required": True, "schema": schema})
    if row.path.startswith("/v1/blob"):
        text = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,100}$"}
        out.append({"name": "for", "in": "query", "required": True, "schema": text})
    if row.path.startswith("/v1/blob") and row.method != "POST":
        number = {"type": "integer", "minimum": 0, "maximum": 10**11}
        out.append({"name": "start", "in": "query", "schema": number})
    if row.path in _LISTS:
        number = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
        out += [{"name": name, "in": "query", "schema": number} for name in ("page", "per_page")]
    if row.path in _LISTS[:2]:
        out += [
            {"name": name, "in": "query", "description": about, "schema": schema}
            for name, (about, schema) in _CONDITIONS.items()
        ]
    return out


def _responses(row: RouteRow) -> dict[str, Any]:
    if (row.method, row.path) not in MESSAGES:
        return _open_responses(row)
    reply = MESSAGES[row.method, row.path][1]
    good: dict[str, Any] = {BYTES: {}}
    if reply is not None:
        names = [reply.__name__] + (["TokenEnded"] if row.path == "/v1/token" else [])
        refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
        good = {PLAIN: {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}}
    trouble = {PLAIN: {"schema": {"$ref": "#/components/schemas/Trouble"}}}
    told = {s: {"description": words, "content": trouble} for s, words in _REFUSALS.items()}
    if row.proof == "none" and row.method == "GET":
        told = {"304": {"description": "As you have it"}, "503": told["503"]}
    return {"200": {"description": "Done", "content": good}} | told


def _open_responses(row: RouteRow) -> dict[str, Any]:
    """Pages and open data, which anybody's programs read."""
    if row.method != "GET" or row.proof != "none":
        raise MatrixFault(f"{row.method} {row.path} has no message in sync/register/openapi.py")
    kind = _KINDS.get(row.path, PLAIN)
    content: dict[str, Any] = {kind: {}}
    out: dict[str, Any] = {"200": {"description": "Done", "content": content}}
    if row.path == "/":
        return {"307": {"description": "Go to the directory"}}
    if row.path in ("/ready", "/health"):
        out["503"] = {"description": "Not ready", "content": {PLAIN: {}}}
        return out
    out["400"] = {"description": "Not understood", "content": {PLAIN: {}}}
    out["304"] = {"description": "As you have it (if-none-match)"}
    out["404"] = {"description": "There is nothing here", "content": content}
    out["429"] = {"description": _REFUSALS["429"], "content": {PLAIN: {}, "text/plain": {}}}
    out["503"] = {
        "description": "The directory does not answer",
        "content": {PLAIN: {}, "text/plain": {}},
    }
    return out
