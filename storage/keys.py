"""The data key and how a slot wraps it: AEAD under a key that a secret gives.

A slot that opens proves the secret; a slot that does not says nothing about the records file.
Refuses Argon2id below 19 MiB and two passes outside tests, and never shows a key in a repr.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16


class SecretKey:
    """32 bytes that are never printed and can be wiped. One holder, passed by reference."""

    __slots__ = ("_bytes",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._bytes = bytearray(raw)

    @classmethod
    def fresh(cls) -> SecretKey:
        """A new random key."""
        return cls(os.urandom(KEY_BYTES))

    @property
    def raw(self) -> bytes:
        """The bytes, for the cipher alone. Raises ValueError after `wipe`."""
        if not self._bytes:
            raise ValueError("this key was wiped")
        return bytes(self._bytes)

    def wipe(self) -> None:
        """Overwrite the bytes. Python may hold other copies; this shortens their number."""
        for place in range(len(self._bytes)):
            self._bytes[place] = 0
        self._bytes = bytearray()

    def __repr__(self) -> str:
        return "SecretKey(...)"


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard Argon2id works: memory in KiB, passes, lanes."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 1

    def is_enough(self) -> bool:
        """Whether this is at least the floor of 19 MiB and two passes."""
        return self.memory >= FLOOR.memory and self.passes >= FLOOR.passes


FLOOR = Cost(memory=19 * 1024, passes=2)
TARGET_SECONDS = (0.15, 0.5)


def stretch(secret: str, salt: bytes, cost: Cost) -> bytes:
    """The wrap key that a passphrase gives with this salt and cost."""
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )
    return kdf.derive(secret.encode())


def calibrated() -> Cost:
    """A cost that takes 150 to 500 ms on this laptop, never under the floor."""
    cost = Cost()
    taken = _seconds(cost)
    while taken > TARGET_SECONDS[1] and cost.memory > FLOOR.memory:
        cost = Cost(memory=max(FLOOR.memory, cost.memory // 2), passes=cost.passes)
        taken = _seconds(cost)
    if taken > TARGET_SECONDS[1]:
        return FLOOR
    if taken < TARGET_SECONDS[0]:
        passes = min(10, max(cost.passes, int(cost.passes * TARGET_SECONDS[0] / taken) + 1))
        cost = Cost(memory=cost.memory, passes=passes)
    return cost


def _seconds(cost: Cost) -> float:
    start = time.perf_counter()
    stretch("calibrating", b"\0" * _SALT_BYTES, cost)
    return time.perf_counter() - start


def fresh_salt() -> bytes:
    """A new random salt."""
    return os.urandom(_SALT_BYTES)


def wrap(key: SecretKey, under: bytes, aad: bytes) -> tuple[bytes, bytes]:
    """(nonce, wrapped key): the data key sealed under a wrap key and bound to `aad`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce, AESGCM(under).encrypt(nonce, key.raw, aad)


def unwrap(nonce: bytes, wrapped: bytes, under: bytes, aad: bytes) -> SecretKey | None:
    """The data key, or None when the wrap key or what it is bound to is another."""
    try:
        return SecretKey(AESGCM(under).decrypt(nonce, wrapped, aad))
    except InvalidTag:
        return None
