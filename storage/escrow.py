"""A way in for the council: the data key wrapped to its public key (X25519, HKDF, AES-GCM).

The private key is kept by the council, offline, for two named people to use together; this laptop
only ever has the public half. Refuses a key that is not one, and to hold anything that opens by
itself: without the council's private key the slot is noise.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import ChangeRefused
from storage.keys import KEY_BYTES, SecretKey

PUBLIC_BYTES = 32
_NO_NONCE = bytes(12)  # the wrap key is used once: a fresh pair is made for every slot


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
