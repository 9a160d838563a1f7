"""How much one caller may ask of the register, and the words when it is too much.

Every number is here. Requests of a person are counted by lot: one in `sample` is written down and
counts for as many, so that reading costs no write. Refuses to lock anybody out for longer than
the minute they overdid.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from typing import Any

from sync.protocol import Trouble
from sync.register.errors import Troubled
from sync.register.sql_store import Tx

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one caller may ask; a council may set its own."""

    body: int = 2 << 20  # bytes of a request as it travels
    inflated: int = 32 << 20  # and unfolded
    depth: int = 20  # lists in lists in lists
    requests: int = 600  # of one person in a minute
    fresh: int = 12  # new incarnations of one laptop in an hour; trouble needs one, twice at most
    sign_ins: int = 30  # codes and sign-ins from one address in a minute
    quota: int = 2 << 30  # bytes of files from one person
    query_seconds: float = 10.0  # one question to the database
    silent_seconds: float = 30.0  # between two parts of a body
    body_seconds: float = 600.0  # for all of a body: 2 MB at 30 kbit/s
    looks: int = 1_200  # at the directory and the open feed, from one address in a minute
    sample: int = 8


def too_often(now: datetime) -> Troubled:
    """Come back when the minute is over."""
    wait = 60 - now.second
    words = "That was a lot at once. The register goes on in a minute. Nothing was lost."
    return Troubled(429, Trouble(trouble="too_often", words=words, now=now, retry_after=wait))


def check_person(tx: Tx, limits: Limits, person_id: str, now: datetime) -> None:
    """Raises Troubled 429 when this person's minute is used up."""
    if tx.limits.counted(_bucket("p", person_id, now)) >= limits.requests:
        raise too_often(now)


def drawn(limits: Limits) -> bool:
    """Whether this request is one of those that are counted."""
    return secrets.randbelow(limits.sample) == 0


def count_person(tx: Tx, limits: Limits, person_id: str, now: datetime) -> None:
    """Count a request that was drawn, for itself and those that were not."""
    tx.limits.count(_bucket("p", person_id, now), limits.sample, now + 2 * MINUTE, now)


def check_looks(tx: Tx, limits: Limits, address: str, now: datetime) -> None:
    """Raises Troubled 429 when an address has looked at the directory all too often."""
    if tx.limits.counted(_bucket("o", _hidden(address), now)) >= limits.looks:
        raise too_often(now)


def count_look(tx: Tx, limits: Limits, address: str, now: datetime) -> None:
    """Count a look that was drawn, for itself and those that were not."""
    tx.limits.count(_bucket("o", _hidden(address), now), limits.sample, now + 2 * MINUTE, now)


def count_sign_in(tx: Tx, limits: Limits, address: str, now: datetime) -> None:
    """Count a try to get in. Raises Troubled 429 after too many from one address."""
    bucket = _bucket("a", _hidden(address), now)
    if tx.limits.count(bucket, 1, now + 2 * MINUTE, now) > limits.sign_ins:
        raise too_often(now)


def count_fresh(tx: Tx, limits: Limits, device_id: str, now: datetime) -> None:
    """Count a new incarnation, which is kept for ever. Raises Troubled 429 after very many."""
    begun = now.replace(minute=0, second=0, microsecond=0)
    ends = begun + HOUR
    if tx.limits.count(_bucket("f", device_id, begun), 1, ends, now) > limits.fresh:
        words = (
            "This laptop has asked for new numbers again and again, which none has to. Its work is "
            "safe on it, and it goes on within the hour. If it says this again, ring the council."
        )
        wait = int((ends - now).total_seconds()) + 1
        raise Troubled(429, Trouble(trouble="too_often", words=words, now=now, retry_after=wait))


def line_of(address: str) -> str:
    """Whose line an address is: IPv6 gives a whole network to each, which counts as one."""
    try:
        said = ip_address(address)
    except ValueError:
        return address
    if isinstance(said, IPv4Address) or said.ipv4_mapped is not None:
        return address
    return f"{int(said) >> 64:x}::/64"


def _hidden(address: str) -> str:
    return hashlib.blake2b(
        line_of(address).encode(), digest_size=12, person=b"hedgerow-addr"
    ).hexdigest()


def check_quota(tx: Tx, limits: Limits, person_id: str, more: int) -> None:
    """Raises Troubled 413 when a person's files are as many as the register takes."""
    if tx.limits.held(person_id) + more > limits.quota:
        words = (
            "The register holds as many of your photos and papers as it may. The file is safe on "
            "this laptop. Ring the council, which can make room."
        )
        raise Troubled(413, Trouble(trouble="full", words=words))


_HOLD_MORE = frozenset({dict, list, tuple})  # what a body decodes into, exactly


def check_depth(value: Any, deepest: int) -> None:
    """Raises Troubled 400 for lists in lists in lists."""
    layer = [value]
    for _ in range(deepest + 1):
        inner = [each for each in layer if type(each) in _HOLD_MORE]
        if not inner:
            return
        layer = [
            one for each in inner for one in (each.values() if isinstance(each, dict) else each)
        ]
    raise Troubled(400, Trouble(trouble="unreadable"))


def _bucket(kind: str, key: str, now: datetime) -> str:
    return f"{kind}|{key}|{now:%Y-%m-%dT%H:%M}"
