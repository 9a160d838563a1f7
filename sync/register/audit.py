"""Who did what and when, so that nobody can change it afterwards unseen.

One entry a transaction that changed something: who, by which device, what kind of act, ids and
places in the feed; never a name or a word of anybody. Entries are chained, stand in a Merkle tree
(RFC 9162), and its head is signed; laptops keep heads and check that the log has only grown.
Refuses to write an entry outside the transaction it tells of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sync import merkle, signing
from sync.protocol import PullAsk, WireTreeHead
from sync.register.sql_store import Tx

SYSTEM_ACTOR = "administrator"  # somebody at the register's own machine
STRANGER = ""  # somebody who did not get in
PAGE = 200
SHOWN = 16  # letters of a hash that a laptop says with a pull


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an entry says of an act."""

    act: str  # push | decide | enrol | revoke | person | code | sign-in | pack | file | epoch ...
    by: str
    device: str = ""
    about: dict[str, Any] = field(default_factory=dict)  # ids, counts, codes


def note(tx: Tx, act: Act, now: datetime) -> None:
    """Write an entry; the last thing that a transaction does."""
    tx.note(words(act, now))


def words(act: Act, now: datetime) -> dict[str, Any]:
    """An entry, without its number and the one before it."""
    entry: dict[str, Any] = {"act": act.act, "at": now.isoformat(), "by": act.by}
    if act.device:
        entry["device"] = act.device
    return entry | act.about


def head(
    tx: Tx, key: bytes, epoch: str, size: int | None = None, root: bytes | None = None
) -> WireTreeHead:
    """The signed head of the log as it stands, or as it stood at a size (with a root, if known)."""
    size = tx.audit.size() if size is None else size
    root = tx.audit.root(size) if root is None else root
    signature = signing.sign(key, signing.head_bytes(epoch, size, root))
    return WireTreeHead(size=size, root=root, signature=signature, epoch=epoch)


def news(tx: Tx, key: bytes, epoch: str, ask: PullAsk) -> tuple[WireTreeHead | None, list[bytes]]:
    """What a laptop has to be shown after what it saw: a head and a proof, or nothing."""
    size, last = tx.audit.newest()
    if ask.witnessed < 0 or (size, last[:SHOWN]) == (ask.witnessed, ask.witnessed_last):
        return None, []
    root, proof = tx.audit.root_and_proof(ask.witnessed, size)
    shown = head(tx, key, epoch, size, root)
    shown.last = last[:SHOWN]
    return shown, proof


def leaves(tx: Tx) -> Iterator[tuple[int, str, bytes]]:
    """Every entry, in pages."""
    after = 0
    while page := tx.audit.entries(after, PAGE * 5):
        yield from page
        after = page[-1][0]


def tree_root(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes."""
    return merkle.root_of(hashes)
