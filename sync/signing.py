"""Who said it: Ed25519 keys of devices and register, and the exact bytes that are signed.

A device signs each request, the register signs each answer to it and each receipt, and both show
that they know an enrolment code without saying it. Refuses to invent a cipher: keys and checks
are libsodium's, by PyNaCl; here is only what is signed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from nacl.bindings import (
    crypto_sign,
    crypto_sign_BYTES,
    crypto_sign_open,
    crypto_sign_PUBLICKEYBYTES,
    crypto_sign_seed_keypair,
    crypto_sign_SEEDBYTES,
)
from nacl.exceptions import BadSignatureError

from sync.envelope import canonical
from sync.protocol import WireOp

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U
DEVICE = "hedgerow-device"
TIME = "hedgerow-time"
MARK = 8
SIGNATURE = "hedgerow-signature"
_AT_HAND: dict[bytes, bytes] = {}  # of a register in this process; never a laptop's


def new_key() -> bytes:
    """A fresh private key, raw 32 bytes."""
    return secrets.token_bytes(crypto_sign_SEEDBYTES)


def public_of(private: bytes) -> bytes:
    """The public half of a key."""
    return crypto_sign_seed_keypair(private)[0]


def sign(private: bytes, message: bytes) -> bytes:
    """A signature of 64 bytes."""
    ready = _AT_HAND.get(private) or crypto_sign_seed_keypair(private)[1]
    return crypto_sign(message, ready)[:crypto_sign_BYTES]


def keep_at_hand(private: bytes) -> None:
    """A register signs with its key all day: making it ready again each time costs as much."""
    _AT_HAND[private] = crypto_sign_seed_keypair(private)[1]


def let_go(private: bytes) -> None:
    """A key that was replaced is not kept ready any more."""
    _AT_HAND.pop(private, None)


def signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of this key signed exactly this."""
    if len(public) != crypto_sign_PUBLICKEYBYTES or len(signature) != crypto_sign_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


def request_bytes(method: str, path: str, device_id: str, time: str, body: bytes) -> bytes:
    """What a device signs: everything that the register acts on."""
    return _lines("hedgerow request 1", method, path, device_id, time, _digest(body))


def answer_bytes(status: int, request_signature: str, body: bytes) -> bytes:
    """What the register signs: this answer to that request, and no other."""
    return _lines("hedgerow answer 1", str(status), request_signature, _digest(body))


def receipt_bytes(inc: int, epoch: str, rows: Sequence[tuple[int, int, str]]) -> bytes:
    """What a receipt signs: which ops of which laptop stand where, and what was made of them.

    A row for each op: its number, its place in the feed, the result.
    """
    return b"hedgerow receipt 1\n" + canonical((inc, epoch, rows))


def op_hash(wire: WireOp) -> str:
    """What tells two ops with one name apart, 32 hexadecimal digits."""
    return hash_of(canonical(wire))


def op_mark(hash_: str) -> bytes:
    """Eight bytes of an op's hash: to tell many ops from those of a copy."""
    return bytes.fromhex(hash_[: 2 * MARK])


def hash_of(body: bytes) -> str:
    """The same of an op's canonical bytes."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def head_bytes(epoch: str, size: int, root: bytes) -> bytes:
    """What the head of the audit log signs: so many entries of this history, and their root."""
    return _lines("hedgerow audit head 1", epoch, str(size), root.hex())


def erasure_bytes(prev: str, erasure: bytes) -> bytes:
    """What the register signs of an erasure in the list outside its database."""
    return _lines("hedgerow erased 1", prev, _digest(erasure))


def sign_in_bytes(ticket: str) -> bytes:
    """What a new laptop signs to show that it holds its key: this one try to sign in."""
    return _lines("hedgerow sign-in 1", ticket)


def pack_bytes(pack_id: str, version: str, fingerprint: str, published_at: str) -> bytes:
    """What the council signs of a programme pack: its very words, and since when they stand."""
    return _lines("hedgerow pack 1", pack_id, version, fingerprint, published_at)


def key_bytes(number: int, before: bytes, key: bytes, at: str) -> bytes:
    """What two keys of a register sign: that the second follows the first, and since when."""
    return _lines("hedgerow key 1", str(number), before.hex(), key.hex(), at)


def new_code() -> str:
    """An enrolment code in four groups; the first finds it, the other three are the secret."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def split_code(code: str) -> tuple[str, bytes]:
    """The locator and the key of a code as a person typed it. Raises ValueError."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    if len(letters) != 16:
        raise ValueError("A code has four groups of four letters and numbers.")
    key = hashlib.blake2b(letters.encode(), digest_size=32, person=b"hedgerow-enrol").digest()
    return letters[:4], key


def code_proof(key: bytes, *parts: bytes) -> bytes:
    """Shows knowledge of a code over some bytes."""
    return hmac.new(key, b"\x1f".join(parts), hashlib.sha256).digest()


def same(one: bytes, two: bytes) -> bool:
    """Compared without telling by time how much is equal."""
    return hmac.compare_digest(one, two)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _lines(*parts: str) -> bytes:
    return "\n".join(parts).encode()
