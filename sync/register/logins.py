"""Logins of people without a laptop of the programme: short keys, each refresh key used once.

A refresh key that comes a second time was stolen from somebody, so the whole login ends. Refuses
to keep a key: the database holds hashes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from forms.values import new_id
from sync import signing
from sync.office import SignInAsk, SignInBeginReply, SignInReply, TokenReply
from sync.protocol import KeysReply, Trouble
from sync.register import audit, auth, oidc
from sync.register.errors import AgainPlease, Troubled
from sync.register.rows import Device, Person
from sync.register.sql_logins import Login
from sync.register.sql_people import hold, still_here
from sync.register.sql_store import Tx

ACCESS = timedelta(minutes=10)
REFRESH = timedelta(hours=8)  # without a request
ABSOLUTE = timedelta(hours=12)  # then the person signs in again
TRY = timedelta(minutes=10)
SCHEME = "bearer "
PREFIX = "login:"


def begin(tx: Tx, now: datetime) -> SignInBeginReply:
    """A try to sign in begins."""
    one = oidc.issuer(tx)
    ticket, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    tx.logins.begin(_hash(ticket), nonce, now + TRY, now)
    return SignInBeginReply(
        issuer=one.issuer, client_id=one.client_id, scope=one.scope, ticket=ticket, nonce=nonce
    )


def nonce_of(tx: Tx, ticket: str, now: datetime) -> str:
    """The nonce of a try. Raises Troubled when it ran out or was used."""
    nonce = tx.logins.nonce_of(_hash(ticket), now)
    if not nonce:
        raise oidc.refused()
    return nonce


def finish(
    tx: Tx, ask: SignInAsk, account: oidc.Account, register: tuple[KeysReply, str], now: datetime
) -> SignInReply:
    """The account is right: a laptop is made known, or a login begins.

    Raises Troubled, also when the council has given the issuer up since its token was asked for.
    """
    hold(tx.people, oidc.SETTING)  # who ends it meanwhile finds this login, and ends it
    if oidc.issuer(tx).issuer != account.issuer:
        raise oidc.refused()
    person = _person(tx, account)
    if not tx.logins.use(_hash(ask.ticket), now):
        raise oidc.refused()
    if not ask.public_key:
        return SignInReply(login=_start(tx, person, now))
    if len(ask.public_key) != 32 or not signing.signed(
        ask.public_key, ask.proof, signing.sign_in_bytes(ask.ticket)
    ):
        raise oidc.refused()
    device = Device(
        id=new_id(),
        person_id=person.id,
        public_key=ask.public_key,
        label=auth.label_of(ask.label),
        enrolled_at=now.isoformat(),
    )
    return SignInReply(device=auth.take_in(tx, device, person, *register, b"", now))


def caller(tx: Tx, headers: Mapping[str, str], now: datetime) -> auth.Caller:
    """Who signed in. Raises Troubled."""
    key = headers.get("authorization", "")
    found = tx.logins.by_access(_hash(key[len(SCHEME) :])) if _is_ours(key) else None
    if found is None or found.ended_at or now > min(found.access_until, found.ends_at):
        raise Troubled(401, Trouble(trouble="login_over", words=_OVER, now=now))
    person = tx.people.person(found.person_id)
    if person is None or not person.active:
        words = "The council has closed this person's access."
        raise Troubled(403, Trouble(trouble="revoked", words=words, now=now))
    return auth.Caller(Device(id=PREFIX + found.id, person_id=person.id, public_key=b""), person)


def stays(tx: Tx, who: auth.Caller) -> auth.Caller:
    """Who asks for a change, by a laptop or a login: nobody closes them before it is made."""
    one = who.device.id
    login_id = one.removeprefix(PREFIX) if one.startswith(PREFIX) else ""
    if not still_here(tx.people, who.device, who.person, login_id):
        raise AgainPlease  # they are closed by now: whoever asks is looked up anew, and told so
    return who


def refresh(tx: Tx, key: str, now: datetime) -> TokenReply | None:
    """The next pair. None when the key was used before: the login has ended then."""
    found = tx.logins.by_refresh(_hash(key))
    if found is None:
        raise Troubled(401, Trouble(trouble="login_over", words=_OVER, now=now))
    one, used = found
    person = tx.people.person(one.person_id, hold=True)
    if used and not one.ended_at:
        end(tx, one, now, "a refresh key came twice")
        return None
    over = one.ended_at or now > min(one.refresh_until, one.ends_at)
    if over or used or person is None or not person.active:
        raise Troubled(401, Trouble(trouble="login_over", words=_OVER, now=now))
    access, following = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    renewed = _login(one.id, person, access, one.started_at, now)
    tx.logins.rotate(renewed, _hash(key), _hash(access), _hash(following), now)
    return _reply(person, access, following)


def end(tx: Tx, one: Login, now: datetime, why: str) -> None:
    """A login ends, and the audit log says why."""
    if tx.logins.end(one.id, now, why):
        about = {"login": one.id, "why": why}
        audit.note(tx, audit.Act(act="sign-out", by=one.person_id, about=about), now)


def sign_out(tx: Tx, key: str, now: datetime) -> None:
    """The person ends their login. Nothing is said about a key that is not one."""
    found = tx.logins.by_refresh(_hash(key))
    if found is not None:
        end(tx, found[0], now, "signed out")


def over(now: datetime) -> Troubled:
    """The login is over; sign in again."""
    return Troubled(401, Trouble(trouble="login_over", words=_OVER, now=now))


_OVER = "Your sign-in is over. Sign in again; nothing was lost."


def _person(tx: Tx, account: oidc.Account) -> Person:
    person = tx.people.person(tx.logins.person_of(account.issuer, account.subject), hold=True)
    if person is None or not person.active:
        raise oidc.refused()
    return person


def _start(tx: Tx, person: Person, now: datetime) -> TokenReply:
    access, following = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    one = _login(new_id(), person, access, now, now)
    tx.logins.start(one, _hash(following))
    audit.note(tx, audit.Act(act="sign-in", by=person.id, about={"login": one.id}), now)
    return _reply(person, access, following)


def _login(login_id: str, person: Person, access: str, started: datetime, now: datetime) -> Login:
    return Login(
        id=login_id,
        person_id=person.id,
        access=_hash(access),
        access_until=now + ACCESS,
        refresh_until=now + REFRESH,
        ends_at=started + ABSOLUTE,
        started_at=started,
    )


def _reply(person: Person, access: str, following: str) -> TokenReply:
    return TokenReply(
        access=access,
        seconds=int(ACCESS.total_seconds()),
        refresh=following,
        person=person.id,
        role=person.role.value,
    )


def _is_ours(header: str) -> bool:
    return header[: len(SCHEME)].lower() == SCHEME and 20 < len(header) < 200


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
