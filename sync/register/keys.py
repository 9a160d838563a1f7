"""The register's signing key, and the one that follows it.

A change of keys goes in three steps, each on disk before the next: a successor is made and signed
by the key in use; a copy that holds it, and no longer the old one, is written and verified; the
register goes on by it and the old one is destroyed. Cut anywhere, it goes on from there. Workers
look at the number of the key with each request. Refuses to let a key go before its successor
stands in a copy: with both lost every laptop would have to join again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy.exc import DBAPIError

from forms.values import Clock
from sync import keys, signing
from sync.protocol import KeyLink, KeysReply
from sync.register import audit
from sync.register.errors import KeyFault
from sync.register.log import log
from sync.register.signed_packs import after_all
from sync.register.sql_people import history, write_over
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore
from sync.whole_file import written_whole

PRIVATE, LINKS, NUMBER, NEXT = "signing_key", "key_links", "key_number", "key_next"
BESIDE = "keys.hedgerow-keys"  # the chain, in public, beside copies


@dataclass(frozen=True, slots=True)
class Ring:
    """What a worker signs with: the key, and its number as the database has it."""

    private: bytes = field(repr=False)
    number: str = ""


class Keyring:
    """What one worker signs with: at least as new as when the request at hand came."""

    def __init__(self, store: RegisterStore, private: bytes) -> None:
        self._store, self._ring = store, Ring(private)
        signing.keep_at_hand(private)

    @property
    def private(self) -> bytes:
        """The key."""
        return self._ring.private

    def look(self, tx: Tx) -> str:
        """The name of the history; the key too, when another worker or a person has changed it."""
        epoch, number = history(tx.people)
        if number != self._ring.number:
            old, self._ring = self._ring, ring(tx)
            signing.keep_at_hand(self._ring.private)
            signing.let_go(old.private)
        return epoch

    def told(self, tx: Tx) -> KeysReply:
        """What a laptop that joins is told of it."""
        chain = links(tx)[: int(self._ring.number or 0)]
        return KeysReply(key=signing.public_of(self.private), links=chain)

    def shown(self) -> KeysReply:
        """The same for everybody."""

        def work(tx: Tx) -> KeysReply:
            self.look(tx)
            return self.told(tx)

        return self._store.read(work, of_records=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """The register signs with another key."""

    told: KeysReply
    wiped: bool  # the key before it is gone from the database's files
    unlisted: str = ""  # why what stands beside the copy that holds it was left as it is


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """A successor that is not in use yet."""

    private: str  # hexadecimal
    link: KeyLink


def ring(tx: Tx) -> Ring:
    """The key in use."""
    return Ring(bytes.fromhex(tx.people.setting(PRIVATE)), tx.people.setting(NUMBER))


def told(tx: Tx) -> KeysReply:
    """The key in use and how it follows from those before it; in a copy, the one to go on by."""
    private, following = tx.people.setting(PRIVATE), waiting(tx)
    if not private and following is not None:  # a copy made in the middle of a change
        return KeysReply(key=following.link.key, links=[*links(tx), following.link])
    return KeysReply(key=signing.public_of(bytes.fromhex(private)), links=links(tx))


def waiting(tx: Tx) -> Next | None:
    """The successor of a change that was begun and has not ended."""
    text = tx.people.setting(NEXT)
    return msgspec.json.decode(text, type=Next) if text else None


def prepare(store: RegisterStore, clock: Clock) -> KeyLink:
    """Make the successor, signed by the key in use. The same one again if there is one.

    Raises KeyFault.
    """
    after, now = signing.new_key(), clock.now()

    def work(tx: Tx) -> KeyLink:
        found = waiting(tx)
        if found is None and len(links(tx)) >= keys.MOST:
            raise KeyFault(f"The key was changed {keys.MOST} times. No laptop follows further.")
        if found is None:
            ends = after_all(tx, told(tx), now)
            link = keys.make_link(len(links(tx)) + 1, ring(tx).private, after, ends)
            found = Next(private=after.hex(), link=link)
            tx.people.set_setting(NEXT, msgspec.json.encode(found).decode())
        return found.link

    return store.write(work)


def go_over(store: RegisterStore, clock: Clock, key: bytes) -> Changed:
    """Go on by the successor with this public key, and destroy the one before it.

    Raises KeyFault, and has changed nothing, when no successor waits or another one does: a copy
    that holds that one is not known of here.
    """
    now = clock.now()

    def work(tx: Tx) -> KeysReply:
        found = waiting(tx)
        if found is None or found.link.key != key:
            raise KeyFault(_SOMEBODY_ELSE)
        finish(tx, now)
        return told(tx)

    done = store.write(work)
    try:
        wiped = store.wipe()
    except DBAPIError as error:  # it is changed: to say otherwise would have it changed once more
        log.warning("key not wiped", extra={"fault": type(error.orig).__name__})
        wiped = False
    return Changed(done, wiped)


def finish(tx: Tx, now: datetime) -> None:
    """The same in a transaction that does more: a copy that is put back. Nothing, if none waits."""
    found = waiting(tx)
    if found is None:
        return
    write_over(tx.people, PRIVATE, found.private)
    tx.people.set_setting(LINKS, msgspec.json.encode([*links(tx), found.link]).decode())
    tx.people.set_setting(NUMBER, str(found.link.number))
    write_over(tx.people, NEXT, "")
    link = found.link
    about = {"number": link.number, "key": link.key.hex(), "follows": link.before.hex()}
    audit.note(tx, audit.Act(act="key", by=audit.SYSTEM_ACTOR, about=about), now)


def keep_beside(store: RegisterStore, path: Path) -> None:
    """Write the chain, if there is one, beside copies, for who puts one back. Raises OSError.

    One of before the register was put back with an older key is not its chain any more. Where the
    key was changed while it was written, it is written once more: the last of two who write looks
    last.
    """
    written, target = None, path.with_name(BESIDE)
    while (said := store.read(told, of_records=False)) != written:
        if not said.links and not target.exists():
            return
        with written_whole(target, 0o600, apart=True) as out:
            out.write(msgspec.json.encode(said))
        written = said


def beside(path: Path, copy: KeysReply) -> KeysReply | None:
    """The chain beside a copy, where it goes on from the copy's own. Raises KeyFault, OSError."""
    try:
        found = msgspec.json.decode(path.with_name(BESIDE).read_bytes(), type=KeysReply)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise KeyFault(_NOT_THESE) from error
    shown, own = keys.every(found), keys.every(copy)
    if not keys.is_chain(found) or shown[: len(own)] != own[: len(shown)]:
        raise KeyFault(_NOT_THESE)
    return found if len(shown) > len(own) else None


def links(tx: Tx) -> list[KeyLink]:
    """From the first key to the one in use."""
    text = tx.people.setting(LINKS)
    return msgspec.json.decode(text, type=list[KeyLink]) if text else []


_SOMEBODY_ELSE = (
    "Somebody else has changed the key meanwhile. Nothing was changed here. See keys list."
)
_NOT_THESE = (
    "The keys beside that copy are not those of its register, or the file was changed. Nothing was "
    "put back. Look which copies and which keys belong together; to put this one back by itself, "
    f"move it into a folder without {BESIDE}."
)
