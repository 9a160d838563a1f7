"""Which of the packs that stand in a register its own keys have signed, and when.

Refuses to take a pack's moment for true that no key of its time has signed, and one without a time
zone: it may be of the day before or after, and this register writes none.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sync import keys as chain
from sync import signing
from sync.protocol import KeysReply
from sync.register.sql_store import Tx

KIND = "published_pack"


def after_all(tx: Tx, told: KeysReply, now: datetime) -> datetime:
    """A moment to sign at: now, and after every pack that this register has signed.

    A key that ended before a pack which it signed would take the pack with it. Laptops use the
    newest, the register the one published last: a clock that was ahead and was put right must not
    part the two. What the register did not sign counts at no laptop, nor here.
    """
    latest = now
    for row in tx.records.of_kind(KIND):
        if _is_signed(row.fields, told):
            before = datetime.fromisoformat(str(row.fields["published_at"]))
            latest = max(latest, before + timedelta(microseconds=1))
    return latest


def _is_signed(fields: Mapping[str, Any], told: KeysReply) -> bool:
    try:
        signature = base64.b64decode(str(fields.get("signature")), validate=True)
    except ValueError:
        return False
    names = ("pack_id", "version", "fingerprint", "published_at")
    said = signing.pack_bytes(*(str(fields.get(name)) for name in names))
    return vouched(told, signature, said, str(fields.get("published_at")))


def vouched(told: KeysReply, signature: bytes, said: bytes, published_at: str) -> bool:
    """Whether a key that was in use at that moment, or a later one, has signed this."""
    try:
        at = datetime.fromisoformat(published_at)
    except ValueError:
        return False
    if at.tzinfo is None:
        return False
    return chain.vouched_for(told.key, chain.earlier(told), signature, said, at)
