"""vault.json: who a vault is and the slots that each wrap its data key.

Each slot opens alone: passphrase, recovery sheet, the laptop's own key store, or practice. What a
slot wraps is bound to the vault's id, the slot's type and the format's version. Refuses a header
it does not understand, and to remove the last slot that a person can carry in their head or hand.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from storage import escrow, keys
from storage.cipher import FIRST, NOW, Cipher
from storage.cipher import from_json as cipher_from_json
from storage.cipher import to_json as cipher_to_json
from storage.errors import VaultBug, VaultDamaged, VaultMissing, VaultTooNew, WrongPassphrase
from storage.keys import Cost, SecretKey
from storage.place import Place

FORMAT = 2  # 1: no cipher named, no swap under way
_SLOT_VERSION = 1
PASSPHRASE, RECOVERY, KEYRING, PRACTICE = "passphrase", "recovery", "keyring", "practice"
ESCROW = "escrow"
CARRIED = (PASSPHRASE, RECOVERY, PRACTICE)  # at least one of these must always be left
SAFE = (PASSPHRASE, RECOVERY, ESCROW)  # two of these before real records are kept


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in. `cost` is None where the secret is random and needs no stretching."""

    type: str
    nonce: bytes
    wrapped: bytes
    salt: bytes = b""
    cost: Cost | None = None
    to: bytes = b""  # whose public key it is wrapped to; only for the council's


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong secrets since the last right one, and when the last of them was typed."""

    count: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """What vault.json becomes when the new files have taken their places (storage.swap)."""

    slots: tuple[Slot, ...]
    cipher: Cipher
    new_key: bool  # the old key opens nothing any more


@dataclass(frozen=True, slots=True)
class Header:
    """What vault.json says. Holds nothing personal."""

    vault_id: str
    practice: bool
    slots: tuple[Slot, ...]
    cipher: Cipher = NOW
    tries: Tries = Tries()
    swap: Swap | None = None

    def slot(self, slot_type: str) -> Slot | None:
        """The slot of this type, if there is one."""
        return next((slot for slot in self.slots if slot.type == slot_type), None)

    def sealed(
        self, slot_type: str, key: SecretKey, secret: str, cost: Cost | None = None
    ) -> Header:
        """The header with the slot of that type written anew."""
        salt = keys.fresh_salt()
        under = _wrap_key(secret, salt, cost)
        nonce, wrapped = keys.wrap(key, under, _aad(self.vault_id, slot_type))
        slot = Slot(slot_type, nonce, wrapped, salt, cost)
        others = tuple(old for old in self.slots if old.type != slot_type)
        return replace(self, slots=(*others, slot))

    def sealed_for_council(self, key: SecretKey, council: bytes) -> Header:
        """The header with a slot that only the council's private key opens."""
        wrapped = escrow.wrap(key, council, _aad(self.vault_id, ESCROW))
        slot = Slot(ESCROW, b"", wrapped.sealed, wrapped.once, to=council)
        return replace(self, slots=(*(old for old in self.slots if old.type != ESCROW), slot))

    def opened_by_council(self, private: bytes) -> SecretKey:
        """The data key by the council's private key. Raises WrongPassphrase."""
        slot = self.slot(ESCROW)
        aad = _aad(self.vault_id, ESCROW)
        key = escrow.unwrap(escrow.Wrapped(slot.salt, slot.wrapped), private, aad) if slot else None
        if key is None:
            raise WrongPassphrase
        return key

    @property
    def is_safe(self) -> bool:
        """Whether losing one way in still leaves another: two of passphrase, recovery, escrow."""
        return self.practice or sum(slot.type in SAFE for slot in self.slots) >= 2

    def without(self, slot_type: str) -> Header:
        """The header with a slot taken away; never the last that a person can carry."""
        rest = tuple(slot for slot in self.slots if slot.type != slot_type)
        if not any(slot.type in CARRIED for slot in rest):
            raise VaultBug("the last slot that a person can carry may not go")
        fewer = replace(self, slots=rest)
        if self.is_safe and not fewer.is_safe:
            raise VaultBug("two of passphrase, recovery sheet and escrow must be left")
        return fewer

    def opened(self, slot_type: str, secret: str) -> SecretKey:
        """The data key. Raises WrongPassphrase when the slot is absent or does not open."""
        slot = self.slot(slot_type)
        if slot is None:
            raise WrongPassphrase
        under = _wrap_key(secret, slot.salt, slot.cost)
        key = keys.unwrap(slot.nonce, slot.wrapped, under, _aad(self.vault_id, slot_type))
        if key is None:
            raise WrongPassphrase
        return key


def practice_secret(vault_id: str) -> str:
    """Practice data is fiction: its key protects nobody and is written beside it."""
    return "practice " + vault_id


def _wrap_key(secret: str, salt: bytes, cost: Cost | None) -> bytes:
    if cost is None:
        return hashlib.blake2b(secret.encode(), key=salt, digest_size=keys.KEY_BYTES).digest()
    return keys.stretch(secret, salt, cost)


def _aad(vault_id: str, slot_type: str) -> bytes:
    return f"hedgerow|{vault_id}|{slot_type}|{_SLOT_VERSION}".encode()


def to_bytes(header: Header) -> bytes:
    """The header as it lies on disk."""
    is_first = header.cipher == FIRST and header.swap is None
    body: dict[str, Any] = {
        "hedgerow": 1 if is_first else FORMAT,  # an older version is told to update, not "damaged"
        "vault": header.vault_id,
        "practice": header.practice,
        "slots": [_slot_body(slot) for slot in header.slots],
    }
    if not is_first:
        body["cipher"] = cipher_to_json(header.cipher)
    if header.swap is not None:
        body["swap"] = {
            "slots": [_slot_body(slot) for slot in header.swap.slots],
            "cipher": cipher_to_json(header.swap.cipher),
            "new_key": header.swap.new_key,
        }
    if header.tries.count:
        last = header.tries.last.isoformat() if header.tries.last else None
        body["wrong"] = {"count": header.tries.count, "last": last}
    return json.dumps(body | {"sum": _sum(body)}, indent=1).encode()


def from_bytes(data: bytes) -> Header:
    """The header from disk. Raises VaultTooNew or VaultDamaged."""
    try:
        body = json.loads(data)
        if int(body["hedgerow"]) > FORMAT:
            raise VaultTooNew
        if body.pop("sum") != _sum(body):
            raise VaultDamaged
        return Header(
            str(body["vault"]),
            bool(body["practice"]),
            _slots(body["slots"]),
            cipher_from_json(body.get("cipher")),
            _tries(body.get("wrong")),
            _swap(body.get("swap")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise VaultDamaged from error


def _slot_body(slot: Slot) -> dict[str, Any]:
    body = {
        "type": slot.type,
        "nonce": _text(slot.nonce),
        "wrapped": _text(slot.wrapped),
        "salt": _text(slot.salt),
        "argon2id": asdict(slot.cost) if slot.cost else None,
    }
    return body | ({"to": _text(slot.to)} if slot.to else {})


def _slots(body: list[dict[str, Any]]) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            type=str(item["type"]),
            nonce=_raw(item["nonce"]),
            wrapped=_raw(item["wrapped"]),
            salt=_raw(item["salt"]),
            cost=Cost(**item["argon2id"]) if item["argon2id"] else None,
            to=_raw(item.get("to", "")),
        )
        for item in body
    )


def _swap(body: dict[str, Any] | None) -> Swap | None:
    if not body:
        return None
    cipher = cipher_from_json(body["cipher"])
    return Swap(_slots(body["slots"]), cipher, bool(body["new_key"]))


def _tries(body: dict[str, Any] | None) -> Tries:
    if not body:
        return Tries()
    last = datetime.fromisoformat(body["last"]) if body["last"] else None
    return Tries(int(body["count"]), last)


def read(place: Place) -> Header:
    """The header of the vault in this folder. Raises VaultMissing when there is none."""
    try:
        data = place.header.read_bytes()
    except FileNotFoundError as error:
        raise VaultMissing from error
    return from_bytes(data)


def _sum(body: dict[str, Any]) -> str:
    """Not a seal, only a way to tell a damaged header from a wrong passphrase."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
