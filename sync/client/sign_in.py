"""Sign in by the council's own accounts: OpenID Connect with a code and PKCE, in the browser.

The register says where the council's sign-in is and gives a nonce; the browser goes there; this
machine exchanges the code; the register checks the token. With a vault the laptop is made known,
without one a login begins. Refuses an issuer that is not https (this machine aside), an answer
without our state, and an issuer that calls itself otherwise. No password passes through here.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx2
import msgspec

from forms.change import Identity
from forms.values import Clock
from sync import envelope, errors, signing
from sync.client.enrol import be_known
from sync.client.loopback import Loopback
from sync.client.side import Laptop
from sync.client.transport import Transport
from sync.client.wire import Told, signature_of, stranger, told
from sync.office import (
    SignInAsk,
    SignInBeginAsk,
    SignInBeginReply,
    SignInReply,
    TokenAsk,
    TokenEnded,
    TokenReply,
)

WAIT = 300.0  # seconds that somebody may take in the browser
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
T = TypeVar("T")
Browser = Callable[[str], object]


def sign_in_vault(
    vault: Laptop,
    transport: Transport,
    browser: Browser,
    clock: Clock,
    *,
    label: str = "",
    url: str = "",
) -> Identity:
    """Make this vault known to the register by the council's sign-in. Raises SyncError."""
    private = signing.new_key()
    begun, token = _token(transport, browser)
    proof = signing.sign(private, signing.sign_in_bytes(begun.ticket))
    ask = SignInAsk(
        ticket=begun.ticket,
        token=token,
        public_key=signing.public_of(private),
        proof=proof,
        label=label,
    )
    reply = _ask(transport, "/v1/sign-in", ask, SignInReply).device
    if reply is None:
        raise errors.NotTheRegister(detail="no laptop was made known")
    return be_known(vault, transport, clock, private, reply, url=url)


def log_in(transport: Transport, browser: Browser) -> LoggedIn:
    """A login without a laptop of the programme. Raises SyncError."""
    begun, token = _token(transport, browser)
    ask = SignInAsk(ticket=begun.ticket, token=token)
    reply = _ask(transport, "/v1/sign-in", ask, SignInReply).login
    if reply is None:
        raise errors.NotTheRegister(detail="no login was begun")
    return LoggedIn(transport, reply)


@dataclass(slots=True)
class LoggedIn:
    """A login: in memory only, gone with the program."""

    transport: Transport
    keys: TokenReply = field(repr=False)

    @property
    def person(self) -> str:
        """Whose login it is."""
        return self.keys.person

    def ask(self, path: str, message: msgspec.Struct, reply: type[T]) -> T:
        """A question; when the short key has run out, the next one is got first."""
        try:
            return self._once(path, message, reply)
        except errors.SignInNeeded:
            ask = TokenAsk(refresh=self.keys.refresh)
            self.keys = _ask(self.transport, "/v1/token", ask, TokenReply)
            return self._once(path, message, reply)

    def end(self) -> None:
        """Sign out."""
        ask = TokenAsk(refresh=self.keys.refresh, end=True)
        _ask(self.transport, "/v1/token", ask, TokenEnded)

    def _once(self, path: str, message: msgspec.Struct, reply: type[T]) -> T:
        return _ask(self.transport, path, message, reply, f"Bearer {self.keys.access}")


def _token(transport: Transport, browser: Browser) -> tuple[SignInBeginReply, str]:
    """The council's token for this one try."""
    begun = _ask(transport, "/v1/sign-in/begin", SignInBeginAsk(), SignInBeginReply)
    said = _published(begun.issuer)
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    with Loopback(state) as back:
        asked = {
            "response_type": "code",
            "client_id": begun.client_id,
            "redirect_uri": back.address,
            "scope": begun.scope,
            "state": state,
            "nonce": begun.nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        browser(f"{_safe(said['authorization_endpoint'])}?{urlencode(asked)}")
        answer = back.wait(WAIT)
        if answer.get("iss", begun.issuer) != begun.issuer:
            raise errors.SignInFailed(detail="another issuer answered")
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": back.address,
            "client_id": begun.client_id,
            "code_verifier": verifier,
        }
        found = _http("POST", str(said["token_endpoint"]), form)
    token = found.get("id_token")
    if not isinstance(token, str):
        raise errors.SignInFailed(detail="no token came")
    return begun, token


def _published(issuer: str) -> dict[str, Any]:
    found = _http("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    known = ("authorization_endpoint", "token_endpoint")
    if found.get("issuer") != issuer or not all(isinstance(found.get(k), str) for k in known):
        raise errors.SignInFailed(detail="the council's sign-in calls itself otherwise")
    return found


def _http(method: str, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """One question to the council's sign-in."""
    from sync.client.transport import TIMEOUT
    from sync.tls import trust

    try:
        with httpx2.Client(timeout=TIMEOUT, verify=trust(), follow_redirects=False) as client:
            answer = client.request(method, _safe(url), data=form)
        found = msgspec.json.decode(answer.content) if answer.status_code == 200 else None
    except (httpx2.HTTPError, msgspec.DecodeError) as error:
        raise errors.SignInFailed(detail=type(error).__name__) from error
    if not isinstance(found, dict):
        raise errors.SignInFailed(detail=f"status {answer.status_code}")
    return found


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise errors.SignInFailed(detail="the council's sign-in is not https")


def _ask(
    transport: Transport, path: str, message: msgspec.Struct, reply: type[T], key: str = ""
) -> T:
    headers = {"content-type": envelope.CONTENT_TYPE}
    if key:
        headers["authorization"] = key
    answer = transport.send("POST", path, headers, envelope.pack(message))
    if answer.headers.get("content-type") != envelope.CONTENT_TYPE or not signature_of(answer):
        raise stranger(answer)
    if answer.status != 200:
        error = told(answer)
        if isinstance(error, Told):
            raise errors.Refused(error.trouble.words, detail=error.trouble.trouble)
        raise error
    try:
        return envelope.unpack(answer.body, reply)
    except envelope.Unreadable as error:
        raise errors.NotTheRegister(detail=str(error)) from error
