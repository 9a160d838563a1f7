"""A way in for the council: the data key wrapped to its public key (X25519, HKDF, AES-GCM).

The private key is kept by the council, offline, as two sheets of words for two named people: each
alone is noise, together they are the key. A laptop only ever has the public half, typed with a
check so that a slip cannot make a way in that nobody has. Refuses a key that is not one, and to
hold anything that opens by itself.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage import recovery
from storage.errors import ChangeRefused
from storage.keys import KEY_BYTES, SecretKey

PUBLIC_BYTES = 32
_WORDS = 8
_NO_NONCE = bytes(12)  # the wrap key is used once: a fresh pair is made for every slot


@dataclass(frozen=True, slots=True)
class CouncilKey:
    """A fresh key: the public half as people type it, and a sheet for each of two people."""

    public: str
    sheets: tuple[tuple[str, ...], tuple[str, ...]]


def fresh_council_key() -> CouncilKey:
    """Made once, at the council; nothing of it is kept here."""
    pair = X25519PrivateKey.generate()
    first = os.urandom(PUBLIC_BYTES)
    private = pair.private_bytes_raw()
    second = bytes(a ^ b for a, b in zip(private, first, strict=True))
    public = pair.public_key().public_bytes_raw()
    written = (public + _check(public)).hex()
    grouped = " ".join(written[at : at + 4] for at in range(0, len(written), 4))
    return CouncilKey(grouped, (recovery.words_of(first), recovery.words_of(second)))


def private_of(first: str, second: str) -> bytes:
    """The private key from both sheets. Raises WrongPassphrase naming the word at fault."""
    halves = (recovery.bytes_of(typed, PUBLIC_BYTES) for typed in (first, second))
    return bytes(a ^ b for a, b in zip(*halves, strict=True))


def public_of(typed: str) -> bytes:
    """The public key as it was typed. Raises ChangeRefused when a letter is wrong or missing."""
    try:
        raw = bytes.fromhex("".join(typed.split()))
    except ValueError:
        raw = b""
    public, check = raw[:PUBLIC_BYTES], raw[PUBLIC_BYTES:]
    if len(public) != PUBLIC_BYTES or check != _check(public):
        raise ChangeRefused(
            "That is not the council's public key, or a letter of it is wrong. "
            "Nothing was changed. Check it against the letter from your council."
        )
    return public


def words_of(public: bytes) -> tuple[str, ...]:
    """Eight words that stand for a public key, to compare with a letter or read out (64 bits)."""
    digest = hashlib.sha256(b"hedgerow council key in words" + public).digest()
    return tuple(recovery.word_list()[byte] for byte in digest[:_WORDS])


def _check(public: bytes) -> bytes:
    return hashlib.sha256(b"hedgerow council key" + public).digest()[:2]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a slot keeps: the public half of a pair used once, and the sealed data key."""

    once: bytes
    sealed: bytes


def wrap(key: SecretKey, council: bytes, aad: bytes) -> Wrapped:
    """The data key for the council alone. Raises ChangeRefused for a key that is none."""
    pair = X25519PrivateKey.generate()
    once = pair.public_key().public_bytes_raw()
    try:
        shared = pair.exchange(X25519PublicKey.from_public_bytes(council))
    except ValueError as error:
        raise ChangeRefused(
            "That is not the council's public key. Nothing was changed. Ask for the key again."
        ) from error
    under = _under(shared, once, council)
    return Wrapped(once, AESGCM(under).encrypt(_NO_NONCE, key.raw, aad))


def unwrap(wrapped: Wrapped, private: bytes, aad: bytes) -> SecretKey | None:
    """The data key, or None when the private key or what it is bound to is another."""
    try:
        pair = X25519PrivateKey.from_private_bytes(private)
        shared = pair.exchange(X25519PublicKey.from_public_bytes(wrapped.once))
        under = _under(shared, wrapped.once, pair.public_key().public_bytes_raw())
        return SecretKey(AESGCM(under).decrypt(_NO_NONCE, wrapped.sealed, aad))
    except (InvalidTag, ValueError):
        return None


def _under(shared: bytes, once: bytes, council: bytes) -> bytes:
    kdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"hedgerow escrow" + once + council)
    return kdf.derive(shared)
