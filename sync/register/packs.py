"""Programme packs that the council publishes: checked whole, signed, told to every laptop.

The administrator brings a folder, or a file that this register signed before; it becomes a record
that every laptop holds, and the register judges by it from then on. Refuses a pack with any fault,
and a file that somebody else signed.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms.facts.kinds import to_json
from forms.rules.pack import Pack
from forms.rules.pack_file import PACKS
from forms.rules.pack_travel import PackUnreadable, Travelling, open_packed, pack_up
from forms.values import Clock, Role, new_id
from sync import signing
from sync.protocol import KeysReply
from sync.register import audit, keys
from sync.register.batch import Batch
from sync.register.errors import PackRefused
from sync.register.rows import Person
from sync.register.signed_packs import KIND, after_all, vouched
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore
from sync.register.system import Pen

_KEY_WAITS = (
    "A change of the register's key was begun and did not end: no laptop would take what is signed "
    "now. Nothing was changed. End it first: hedgerow register keys rotate FOLDER."
)
_SIGNED = ("pack_id", "version", "title", "body", "fingerprint", "published_at", "signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A pack that was published, newest first in a list."""

    record_id: str
    pack_id: str
    version: str
    title: str
    published_at: str
    in_use: bool


def add(store: RegisterStore, source: Path, clock: Clock) -> Pack:
    """Publish the pack of a folder, or of a file that this register signed before.

    Raises PackError with every fault in it, PackRefused, OSError.
    """
    if source.is_dir():
        if not (source / "pack.toml").is_file():
            raise PackRefused(
                f"{source.name} holds no pack.toml. Nothing was changed. Give the folder that "
                "does, or a file that `packs export` wrote."
            )
        return publish(store, pack_up(source.resolve().parent, source.resolve().name), clock)
    return publish(store, _from_file(source, store.read(keys.told)), clock)


def add_shipped(store: RegisterStore, name: str, clock: Clock) -> Pack:
    """Publish a pack that came with the program. Raises PackError, PackRefused."""
    return publish(store, pack_up(PACKS, name), clock)


def publish(store: RegisterStore, found: Travelling, clock: Clock) -> Pack:
    """Sign a pack that was checked, tell every laptop, and judge by it from now on.

    Raises PackRefused while a change of keys waits.
    """
    now, pack = clock.now(), found.pack
    record_id = new_id()
    values = {
        "pack_id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "agreed_by": pack.definitions_agreed_by,
        "agreed_on": to_json(pack.definitions_agreed_on),
        "body": found.body,
        "fingerprint": found.fingerprint,
    }

    def work(tx: Tx) -> None:
        if keys.waiting(tx) is not None:  # laptops would date it after the key that signed it
            raise PackRefused(_KEY_WAITS)
        key = keys.ring(tx).private
        at = str(to_json(after_all(tx, keys.told(tx), now)))
        said = signing.pack_bytes(pack.id, pack.version, found.fingerprint, at)
        signature = base64.b64encode(signing.sign(key, said)).decode()
        nobody = Person(id=audit.SYSTEM_ACTOR, name="", role=Role.LEAD)
        batch = Batch(tx=tx, person=nobody, now=now, act="pack", by=audit.SYSTEM_ACTOR)
        batch.about = {"pack": pack.id, "version": pack.version, "hash": found.fingerprint}
        pen = Pen(batch=batch, actor_id=audit.SYSTEM_ACTOR)
        signed = {"published_at": at, "signature": signature}
        pen.write(KIND, record_id, values | signed, new=True)
        pen.finish()
        tx.people.set_setting("pack", pack.id)
        tx.people.set_setting(f"pack:{pack.id}", record_id)

    store.write(work)
    return pack


def in_use(tx: Tx, name: str) -> Pack | None:
    """The pack that was published last under a name; None where only the shipped one is known.

    Raises PackError, PackUnreadable where this program cannot read what was published.
    """
    record_id = tx.people.setting(f"pack:{name}")
    row = tx.records.load([record_id]).get(record_id) if record_id else None
    if row is None:
        return None
    fields = row.fields
    return open_packed(str(fields["body"]), name, str(fields["fingerprint"]))


def published(store: RegisterStore) -> list[Published]:
    """Every pack that was published, the newest first."""

    def work(tx: Tx) -> list[Published]:
        used = tx.people.setting("pack") or ""
        now = tx.people.setting(f"pack:{used}")
        return [
            Published(
                record_id=row.id,
                pack_id=str(row.fields.get("pack_id")),
                version=str(row.fields.get("version")),
                title=str(row.fields.get("title")),
                published_at=str(row.fields.get("published_at")),
                in_use=row.id == now,
            )
            for row in tx.records.of_kind(KIND)
        ]

    return sorted(store.read(work), key=lambda one: (one.published_at, one.record_id), reverse=True)


def write_signed(store: RegisterStore, record_id: str, target: Path) -> None:
    """Write a published pack into a file that this register takes again.

    Raises PackRefused, OSError.
    """
    row = store.read(lambda tx: tx.records.load([record_id])).get(record_id)
    if row is None or row.kind != KIND:
        raise PackRefused("No pack was published under that number. Nothing was written.")
    told = {"hedgerow_pack": 1} | {name: row.fields.get(name) for name in _SIGNED}
    with target.open("x", encoding="utf-8") as out:
        try:
            json.dump(told, out, ensure_ascii=False, indent=1)
            out.flush()
        except BaseException:
            target.unlink()  # half a file is none
            raise


def _from_file(source: Path, register: KeysReply) -> Travelling:
    try:
        told: dict[str, Any] = json.loads(source.read_bytes())
        values = {name: str(told[name]) for name in _SIGNED}
        signature = base64.b64decode(values["signature"], validate=True)
        "".join(values.values()).encode()  # half a letter is no text
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackRefused(
            f"{source.name} is not a signed pack. Nothing was changed. Give the folder that holds "
            "pack.toml, or a file that `packs export` wrote."
        ) from error
    said = signing.pack_bytes(
        values["pack_id"], values["version"], values["fingerprint"], values["published_at"]
    )
    if not vouched(register, signature, said, values["published_at"]):
        raise PackRefused(
            f"{source.name} was not signed by this register, or was changed since. Nothing was "
            "changed. Ask for the folder it was made from, look it through, and add that."
        )
    try:
        pack = open_packed(values["body"], values["pack_id"], values["fingerprint"])
    except PackUnreadable as error:
        raise PackRefused(f"{source.name} is damaged. Nothing was changed.") from error
    return Travelling(pack=pack, body=values["body"], fingerprint=values["fingerprint"])
