"""A signed question and an answer that can be believed.

Only an answer that the pinned register key signed, over this very request, is the register's.
Everything else is told apart for people: no line, a Wi-Fi's page, a register that is down, or
something that is not the register. Refuses to use a byte of an answer before that is known.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from forms.change import Identity
from forms.values import Clock
from sync import envelope, errors, keys, signing
from sync.client.pace import Pace
from sync.client.transport import Answer, Transport
from sync.protocol import KeysReply, Trouble

_MOST_AHEAD = timedelta(days=36_525)  # of a laptop whose clock has stopped
T = TypeVar("T")


class Told(Exception):
    """The register said, signed, that it did not do it."""

    def __init__(self, status: int, trouble: Trouble) -> None:
        super().__init__(trouble.trouble)
        self.status = status
        self.trouble = trouble
        self.inc: int | None = None  # of the batch that was refused


@dataclass(slots=True)
class Line:
    """One laptop's conversation with its register."""

    transport: Transport
    identity: Identity
    clock: Clock
    ahead: timedelta = field(default_factory=timedelta)  # register's clock less ours
    pace: Pace = field(default_factory=Pace)

    def ask(self, path: str, message: msgspec.Struct, reply: type[T]) -> T:
        """A question and its answer. Raises SyncError or Told."""
        return self.ask_packed(path, self.pack(message), reply)

    @staticmethod
    def pack(message: msgspec.Struct) -> bytes:
        """A question as it goes over the line, before it is signed."""
        return envelope.pack(message, small=True)

    def ask_packed(self, path: str, question: bytes, reply: type[T]) -> T:
        """The answer to a question that was packed before. Raises SyncError or Told."""
        body = self.raw("POST", path, question)
        try:
            return envelope.unpack(body, reply)
        except envelope.Unreadable as error:
            raise errors.NotTheRegister(detail=str(error)) from error

    def raw(self, method: str, path: str, body: bytes) -> bytes:
        """A signed request; the bytes of a signed success."""
        try:
            return self._once(method, path, body)
        except Told as told:
            if told.trouble.trouble != "clock" or told.trouble.now is None:
                raise
            # our clock is off: sign with the register's time from here on
            ahead = told.trouble.now - self.clock.now()
            if abs(ahead) > _MOST_AHEAD:  # no calendar goes on from there
                raise errors.NotTheRegister(detail="a clock that no register has") from told
            self.ahead = ahead
            return self._once(method, path, body)

    def _once(self, method: str, path: str, body: bytes) -> bytes:
        started = self.clock.now()
        time = (started + self.ahead).isoformat(timespec="seconds")
        device = self.identity.device_id
        message = signing.request_bytes(method, path, device, time, body)
        signature = base64.b64encode(signing.sign(self.identity.signing_key, message)).decode()
        headers = {
            "content-type": envelope.CONTENT_TYPE,
            signing.DEVICE: device,
            signing.TIME: time,
            signing.SIGNATURE: signature,
        }
        answer = self.transport.send(method, path, headers, body)
        seconds = (self.clock.now() - started).total_seconds()
        self.pace.note(len(body) if method == "PATCH" else 0, seconds)
        known = _is_of(answer, self.identity.register_key, signature)
        if not known and not (signature_of(answer) and self._follow_keys(answer, signature)):
            raise stranger(answer)
        if answer.status == 200:
            return answer.body
        raise told(answer)

    def _follow_keys(self, answer: Answer, asked: str) -> bool:
        """Whether the register has a new key since, which the pinned one has signed: go on with it.

        What it shows counts only when its newest key has signed the answer that is at hand. Raises
        KeyForked, KeyBehind.
        """
        shown = self.transport.send("GET", keys.PATH, {}, b"")
        try:
            told = msgspec.json.decode(shown.body, type=KeysReply) if shown.status == 200 else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            told = None
        followed = None
        if told is not None and _is_of(answer, told.key, asked):
            followed = keys.follow(self.identity, told)
        self.identity = followed or self.identity
        return followed is not None


def _is_of(answer: Answer, key: bytes, asked: str) -> bool:
    message = signing.answer_bytes(answer.status, asked, answer.body)
    return signing.signed(key, signature_of(answer), message)


def told(answer: Answer) -> Exception:
    """What a refusal of the register means here."""
    try:
        trouble = envelope.unpack(answer.body, Trouble)
    except envelope.Unreadable:
        return errors.NotTheRegister(detail=f"status {answer.status}")
    known = _TOLD.get(trouble.trouble)
    if known is not None:
        return known(trouble)
    if answer.status >= 500:
        words, wish = trouble.words, trouble.retry_after
        return errors.RegisterDown(words, detail=trouble.trouble, retry_after=wish)
    return Told(answer.status, trouble)


def stranger(answer: Answer) -> errors.SyncError:
    """What an answer means that nobody we know has signed."""
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    detail = f"status {answer.status}, {kind or 'no type'}"
    if answer.status in (429, 500, 502, 503, 504):
        return errors.RegisterDown(detail=detail, retry_after=_retry_after(answer))
    if answer.status == 407:
        return errors.ProxyInTheWay(detail=detail)
    if answer.status == 413:
        return errors.Slow(detail=detail)  # a proxy on the way takes less: send less
    if answer.status == 511 or 300 <= answer.status < 400:
        return errors.CaptivePortal(detail=detail)
    if "html" in kind or answer.body.lstrip()[:1] == b"<":
        return errors.CaptivePortal(detail=detail)
    return errors.NotTheRegister(detail=detail)


def closed_words(said: str) -> str:
    """What was closed, as the register says it, and what that means here."""
    return f"{said} {errors.CLOSED_MEANS}" if said else ""


def signature_of(answer: Answer) -> bytes:
    """The register's signature, or nothing."""
    try:
        return base64.b64decode(answer.headers.get(signing.SIGNATURE, ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def register_now(line: Line) -> datetime:
    """What time the register has, as far as it has told."""
    return line.clock.now() + line.ahead


def _retry_after(answer: Answer) -> float:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() and len(text) < 6 else 0.0


_TOLD: dict[str, Callable[[Trouble], Exception]] = {
    "unknown_device": lambda t: errors.SignInNeeded(detail=t.trouble),
    "bad_signature": lambda t: errors.SignInNeeded(detail=t.trouble),
    "revoked": lambda t: errors.DeviceRevoked(closed_words(t.words), detail=t.trouble),
    "upgrade_to_pull": lambda t: errors.ClientTooOld(t.words, detail=t.trouble),
    "too_old": lambda t: errors.ClientTooOld(t.words, detail=t.trouble),
    "too_new": lambda t: errors.RegisterBehind(detail=t.trouble),
    "code": lambda t: errors.CodeRefused(detail=t.trouble),
    "busy": lambda t: errors.RegisterDown(t.words, detail=t.trouble, retry_after=t.retry_after),
    "no_programme": lambda t: errors.RegisterDown(t.words, detail=t.trouble),
    "too_often": lambda t: errors.TooOften(detail=t.trouble, retry_after=t.retry_after),
    "sign_in": lambda t: errors.SignInFailed(t.words, detail=t.trouble),
    "no_sign_in": lambda t: errors.SignInFailed(t.words, detail=t.trouble),
    "login_over": lambda t: errors.SignInNeeded(t.words, detail=t.trouble),
    "too_slow": lambda t: errors.Slow(detail=t.trouble),
    "broken": lambda t: errors.RegisterDown(detail=t.trouble),
    "refused": lambda t: errors.Refused(t.words, detail=t.trouble),
}
