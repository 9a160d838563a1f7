"""Is this token from the council's own sign-in, for us, for this try, and whose is it?

Only algorithms with public keys; issuer, audience, nonce and times are checked, and the person is
named by the account's own number (Entra: tenant and object), never by e-mail. Keys are fetched by
the issuer's published address, kept in the database, and fetched again when a token names another.
Refuses an address that is not https, this machine aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sync.protocol import Trouble
from sync.register.errors import RegisterError, Troubled
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore
from sync.tls import trust

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
SETTING, KEYS = "oidc", "oidc_keys"
REFUSED = "sign_in"  # the trouble of every sign-in that did not work
KEEP, AGAIN = timedelta(hours=12), timedelta(minutes=1)
LEEWAY = 60
MOST = 256 << 10  # bytes of a published document
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Fetch = Callable[[str], dict[str, Any]]


class IssuerFault(RegisterError):
    """The council's sign-in cannot be used as it is set up, or does not answer."""


class Issuer(msgspec.Struct, kw_only=True, frozen=True):
    """A council's own sign-in, as its administrator set it up."""

    issuer: str
    client_id: str
    scope: str = "openid"


class _Keys(msgspec.Struct, kw_only=True):
    issuer: str
    fetched_at: datetime
    keys: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is, by the issuer's own number."""

    issuer: str
    subject: str


def safe_address(url: str) -> str:
    """The address, if its answers can be believed. Raises IssuerFault."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise IssuerFault("The address of the council's sign-in has to begin with https.")


def issuer(tx: Tx) -> Issuer:
    """The council's sign-in. Raises Troubled when there is none."""
    text = tx.people.setting(SETTING)
    if not text:
        words = "This register has no council sign-in. Ask the council for a code."
        raise Troubled(404, Trouble(trouble="no_sign_in", words=words))
    return msgspec.json.decode(text, type=Issuer)


def fetch(url: str) -> dict[str, Any]:
    """A published document. Raises IssuerFault."""
    try:
        with (
            httpx2.Client(timeout=5.0, follow_redirects=False, verify=trust()) as client,
            client.stream("GET", safe_address(url)) as answer,
        ):
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST:
                    raise IssuerFault("The council's sign-in published too much.")
            if answer.status_code != 200:
                raise IssuerFault("The council's sign-in does not answer as it should.")
        found = msgspec.json.decode(bytes(body))
    except (httpx2.HTTPError, msgspec.DecodeError) as error:
        raise IssuerFault("The council's sign-in does not answer. Try again later.") from error
    if not isinstance(found, dict):
        raise IssuerFault("The council's sign-in published something else.")
    return found


def published(address: str, get: Fetch = fetch) -> dict[str, Any]:
    """What an issuer says of itself. Raises IssuerFault when it calls itself otherwise."""
    found = get(address.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != address:
        raise IssuerFault("The council's sign-in calls itself by another name.")
    return found


def keys(store: RegisterStore, one: Issuer, kid: str, now: datetime, get: Fetch = fetch) -> KeySet:
    """The issuer's public keys: kept ones, or fetched when old or when `kid` is not among them."""
    text = store.read(lambda tx: tx.people.setting(KEYS))
    kept = msgspec.json.decode(text, type=_Keys) if text else None
    if kept is not None and kept.issuer == one.issuer:
        age = now - kept.fetched_at
        known = any(key.get("kid") == kid for key in kept.keys.get("keys", ()))
        if age < KEEP and (known or age < AGAIN):
            return KeySet.import_key_set(kept.keys)  # type: ignore[arg-type]
    found = get(str(published(one.issuer, get).get("jwks_uri", "")))
    keyset = _imported(found)  # what cannot be read is not kept
    fresh = _Keys(issuer=one.issuer, fetched_at=now, keys=found)
    store.write(lambda tx: tx.people.set_setting(KEYS, msgspec.json.encode(fresh).decode()))
    return keyset


def _imported(found: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(found)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        words = "The council's sign-in published keys that cannot be read. Try again later."
        raise IssuerFault(words) from error


def kid_of(token: str) -> str:
    """Which key a token says it was signed with; nothing is believed yet."""
    from joserfc.jws import extract_compact

    try:
        return str(extract_compact(token.encode()).headers().get("kid", ""))
    except (JoseError, ValueError) as error:
        raise refused() from error


def account(token: str, keyset: KeySet, one: Issuer, nonce: str, now: datetime) -> Account:
    """Whose token it is. Raises Troubled when anything about it is not right."""
    try:
        claims = jwt.decode(token, keyset, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": one.issuer},
            aud={"essential": True, "value": one.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError) as error:
        raise refused() from error
    if isinstance(claims["aud"], list) and claims.get("azp") != one.client_id:
        raise refused()
    both = claims.get("tid") and claims.get("oid")
    subject = f"{claims['tid']}:{claims['oid']}" if both else str(claims["sub"])
    if not subject.isprintable():  # no database can be asked for it
        raise refused()
    return Account(one.issuer, subject)


def refused() -> Troubled:
    """The same words whatever was wrong with a token."""
    words = "That sign-in did not work. Try again, or ask the council whether you are set up."
    return Troubled(401, Trouble(trouble=REFUSED, words=words))
