"""The chain of a register's signing keys: each new one is signed by the one before and by itself.

Both ends and the council's tools go by the rules here. What is signed around something (an answer,
a carried file) has to be signed by the newest key; what stands inside it or was kept from before (a
receipt, a head, a pack) by any key of the chain. Refuses a link that either of its two keys did not
sign, and to choose between two keys that follow the same one: it says that there are two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from forms.change import EarlierKey, Identity
from sync import errors, signing
from sync.protocol import KeyLink, KeysReply

PATH = "/v1/keys"
MOST = 200  # links: two signatures each to check, and all of them in the header of a carried file


def make_link(number: int, before: bytes, after: bytes, at: datetime) -> KeyLink:
    """The link from one private key to the next, signed by both."""
    link = KeyLink(
        number=number, before=signing.public_of(before), key=signing.public_of(after), at=at
    )
    said = _said(link)
    link.by_before, link.by_key = signing.sign(before, said), signing.sign(after, said)
    return link


def is_chain(told: KeysReply) -> bool:
    """Whether every key follows from the one before it, up to the one that is in use."""
    if len(told.links) > MOST:
        return False
    last = told.links[0].before if told.links else told.key
    for number, link in enumerate(told.links, 1):
        if (link.number, link.before) != (number, last) or not _is_link(link):
            return False
        last = link.key
    return last == told.key and len(last) == 32


def every(told: KeysReply) -> tuple[bytes, ...]:
    """All keys of a chain, the oldest first."""
    return (*(link.before for link in told.links), told.key)


def earlier(told: KeysReply) -> tuple[EarlierKey, ...]:
    """Those that are no longer in use, and until when they were."""
    return tuple(EarlierKey(link.before, link.at) for link in told.links)


def known_to(identity: Identity) -> tuple[bytes, ...]:
    """Every key that this laptop knows its register by, the newest first."""
    return (identity.register_key, *(one.key for one in reversed(identity.earlier_keys)))


def follow(identity: Identity, told: KeysReply) -> Identity | None:
    """The identity with the newest key, where the chain goes on from the pinned one.

    None: this is no chain of our register, and says nothing. Raises KeyForked for a chain that
    parts from the one this laptop knows, KeyBehind for one that ends before it. Whoever calls has
    seen something that the chain's own newest key has signed.
    """
    if not is_chain(told):
        return None
    shown, pinned = every(told), identity.register_key
    mine = (*(one.key for one in identity.earlier_keys), pinned)
    if pinned not in shown:
        if shown[-1] in mine:
            raise errors.KeyBehind(detail=_short(shown[-1], pinned))
        if set(shown) & set(mine):
            raise errors.KeyForked(detail=_short(shown[-1], pinned))
        return None
    upto = shown[: shown.index(pinned) + 1]
    if upto[-len(mine) :] != mine:
        raise errors.KeyForked(detail=_short(shown[-1], pinned))
    return _with_keys(identity, told)


def begin_with(identity: Identity, told: KeysReply) -> Identity:
    """A new laptop's identity with the whole chain. Raises NotTheRegister for one that is none."""
    if told.key != identity.register_key or not is_chain(told):
        raise errors.NotTheRegister(detail="its keys do not follow from each other")
    return _with_keys(identity, told)


def vouched_for(
    newest: bytes,
    before: Sequence[EarlierKey],
    signature: bytes,
    message: bytes,
    at: datetime | None,
) -> bool:
    """Whether the register signed this at a moment: by the key that it had then, or a later one.

    A key that was replaced, and may be in other hands since, vouches for nothing after that, and
    for nothing whose moment has no time zone.
    """
    if signing.signed(newest, signature, message):
        return True
    if at is None or at.tzinfo is None:
        return False
    return any(at <= one.until and signing.signed(one.key, signature, message) for one in before)


def _with_keys(identity: Identity, told: KeysReply) -> Identity:
    return replace(identity, register_key=told.key, earlier_keys=earlier(told))


def _is_link(link: KeyLink) -> bool:
    said = _said(link)
    return signing.signed(link.before, link.by_before, said) and signing.signed(
        link.key, link.by_key, said
    )


def _said(link: KeyLink) -> bytes:
    return signing.key_bytes(link.number, link.before, link.key, link.at.isoformat())


def _short(shown: bytes, pinned: bytes) -> str:
    return f"shown {shown.hex()[:16]}, known {pinned.hex()[:16]}"
