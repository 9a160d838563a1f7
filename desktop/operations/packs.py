"""Which programme pack this laptop works by: the council's newest good one, else the program's own.

A pack comes with a round, or in a file that came back, as a record; it counts only when the key
that this laptop learned when it joined has signed it. Refuses any other, and says in words why.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.facts.kinds import to_json
from forms.facts.published import PublishedPack
from forms.rules.pack_file import PackError, load_pack, pack_names
from forms.rules.pack_travel import PackUnreadable, open_packed

if TYPE_CHECKING:
    from datetime import datetime

    from forms.change import Identity
    from forms.rules.pack import Pack

NOT_SIGNED = (
    "A programme pack came ({title}, version {version}) that the council's register did not sign. "
    "It is not used; the one in use is kept. Tell the council's helpdesk."
)
NOT_READ = (
    "A programme pack came ({title}, version {version}) that this program cannot use. The one in "
    "use is kept. Update this program; if it is up to date, tell the council's helpdesk."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """The pack, since when the council has published it, and what came and is not used."""

    pack: Pack
    published_at: datetime | None = None  # None: as it came with the program
    refused: tuple[str, ...] = ()  # words, the newest first


def in_use(vault: Any, usual: str) -> InUse:
    """What this laptop works by; `usual` is the installation's own. Vault lane."""
    if vault.is_practice:
        return InUse(pack=load_pack(usual))
    identity = vault.exchange.identity()
    refused: list[str] = []
    for record in _newest_first(vault.reader.all(PublishedPack)) if identity else ():
        words = NOT_SIGNED
        if _is_signed(record, identity):
            try:
                pack = open_packed(record.body, record.pack_id, record.fingerprint)
            except (PackUnreadable, PackError):
                words = NOT_READ
            else:
                return InUse(pack=pack, published_at=record.published_at, refused=tuple(refused))
        refused.append(words.format(title=record.title, version=record.version))
    return InUse(pack=load_pack(_shipped(vault, usual)), refused=tuple(refused))


def _shipped(vault: Any, usual: str) -> str:
    """The pack that the register named when this laptop joined, if the program has it."""
    said = str(vault.exchange.pack_version()).partition("/")[0]
    return said if said in pack_names() else usual


def _newest_first(records: list[PublishedPack]) -> list[PublishedPack]:
    return sorted(records, key=lambda one: (str(to_json(one.published_at)), one.id), reverse=True)


def _is_signed(record: PublishedPack, identity: Identity) -> bool:
    """By the key that the register had when it published it, or a later one."""
    from sync import keys, signing

    try:
        signature = base64.b64decode(record.signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    said = signing.pack_bytes(
        record.pack_id, record.version, record.fingerprint, str(to_json(record.published_at))
    )
    known, at = (identity.register_key, identity.earlier_keys), record.published_at
    return keys.vouched_for(*known, signature, said, at)
