"""A carried file: what laptop and register say to each other, on a USB stick instead of a line.

One header line in clear (which device, when), then frames that only the other end can open, and
last the sender's signature over all of it. The frames are the wire's own messages. Ed25519 keys
that both ends hold already serve as X25519 keys for the sealing, so nothing new has to be shared.
Refuses a file that is cut, changed, reordered, meant for somebody else or signed by a stranger:
`NotOurs`, and nothing of it is used.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync import signing
from sync.envelope import canonical
from sync.protocol import CHUNK_BYTES, VERSION, KeyLink, Message, Name

MAGIC = b"HEDGEROW CARRIED FILE 1\n"
MAX_FRAME = 9 << 20
MAX_HEADER = 128 << 10  # with the longest chain of keys that anybody follows
MAX_FILE = 512 << 20
OUT, BACK = "out", "back"  # laptop to register, register to laptop
_END = b"Z"
_PRIME = 2**255 - 19


class NotOurs(Exception):
    """The file is not a whole carried file between these two. The reason is for support only."""


class Header(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a finder of the stick can read: a device's number and a moment, no names."""

    v: int = VERSION
    id: str
    way: str  # OUT | BACK
    device: Name
    made_at: datetime
    answers: str = ""  # BACK: the id of the file that this answers
    key: bytes = b""  # the sender's key for this file alone
    to: bytes = b""  # OUT: the register's key that the file is sealed for
    keys: list[KeyLink] = []  # BACK: how the register's key follows from those before it


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its kind, one letter, and its bytes."""

    kind: bytes
    body: bytes = field(repr=False)


class CarriedBack(Message, kw_only=True):
    """The first frame of an answer: from where in the feed its pages go on, or the trouble."""

    epoch: str = ""
    seq: int = 0
    chain: str = ""
    witnessed: int = -1  # entries of the audit log from which its head is proved
    trouble: str = ""
    words: str = ""
    held: dict[str, int] = msgspec.field(default_factory=dict)  # inc -> newest op held here
    which: dict[str, bytes] = msgspec.field(default_factory=dict)  # inc -> as `HelloReply.which`
    inc: int = 0  # of the batch that was refused
    lacking: list[str] = msgspec.field(default_factory=list)  # files whose bytes are not here
    others: list[int] = msgspec.field(default_factory=list)  # incs that are another person's
    fresh: int = 0  # an incarnation to go on under, should what waits need other names


class FilePart(msgspec.Struct, kw_only=True):
    """Where a piece of an attachment belongs; its bytes follow it in the frame."""

    sha256: Name
    record: Name
    start: int


def write(
    out: IO[bytes], header: Header, frames: Iterator[Frame], *, private: bytes, to: bytes
) -> None:
    """Seal and sign frames. `private` is the sender's Ed25519 key, `to` the other end's public."""
    once = X25519PrivateKey.generate()
    header.key = once.public_key().public_bytes_raw()
    line = canonical(header) + b"\n"
    box = _Box(once, _as_x25519(to), line, mine=header.key, theirs=to)
    out.write(MAGIC + line)
    spoken = hashlib.sha256(line)
    for frame in frames:
        plain = frame.kind + frame.body
        _spoken(spoken, plain)
        out.write(box.seal(plain, last=False))
    signature = signing.sign(private, _signed(spoken))
    out.write(box.seal(_END + signature, last=True))


def read_header(source: IO[bytes]) -> Header:
    """The header alone, believed by nobody yet. Raises NotOurs."""
    return _header(source)[0]


def read(
    source: IO[bytes], *, private: bytes, sender: Callable[[Header], bytes]
) -> Iterator[Frame]:
    """The frames of a file. `sender` says whose public key must have signed it.

    The signature stands at the end: go through a file once with `check` before using any of it.
    """
    header, line = _header(source)
    box = _Box.opening(private, header, line)
    spoken = hashlib.sha256(line)
    while True:
        plain, last = box.open(source)
        if last:
            if not (
                plain[:1] == _END
                and signing.signed(sender(header), plain[1:], _signed(spoken))
                and not source.read(1)
            ):
                raise NotOurs("not signed by its sender")
            return
        _spoken(spoken, plain)
        yield Frame(plain[:1], plain[1:])


def check(source: IO[bytes], *, private: bytes, sender: Callable[[Header], bytes]) -> Header:
    """Go through the whole file; the file is at its start again afterwards. Raises NotOurs."""
    source.seek(0, 2)
    if source.tell() > MAX_FILE:
        raise NotOurs("longer than a carried file may be")
    source.seek(0)
    header = read_header(source)
    source.seek(0)
    for _frame in read(source, private=private, sender=sender):
        pass
    source.seek(0)
    return header


def file_frame(kind: bytes, part: FilePart, data: bytes) -> Frame:
    """A piece of an attachment as a frame."""
    where = canonical(part)
    return Frame(kind, struct.pack(">H", len(where)) + where + data)


def file_part(body: bytes) -> tuple[FilePart, bytes]:
    """A piece of an attachment out of its frame. Raises NotOurs."""
    if len(body) < 2:
        raise NotOurs("a piece of a file without its place")
    (size,) = struct.unpack(">H", body[:2])
    try:
        part = msgspec.json.decode(body[2 : 2 + size], type=FilePart)
    except msgspec.DecodeError as error:
        raise NotOurs("a piece of a file without its place") from error
    data = body[2 + size :]
    if len(data) > CHUNK_BYTES:
        raise NotOurs("a piece of a file that is too long")
    return part, data


class _Box:
    """Seals or opens the frames of one file, each with its number and whether it is the last."""

    def __init__(
        self,
        own: X25519PrivateKey,
        other: X25519PublicKey,
        line: bytes,
        *,
        mine: bytes,
        theirs: bytes,
    ) -> None:
        derive = HKDF(SHA256(), 32, salt=mine + theirs, info=b"hedgerow carried file 1")
        try:
            self._aead = ChaCha20Poly1305(derive.derive(own.exchange(other)))
        except ValueError as error:
            raise NotOurs("a key that is no key") from error
        self._bound = line
        self._number = 0

    @classmethod
    def opening(cls, private: bytes, header: Header, line: bytes) -> _Box:
        """For the end that the file was made for."""
        if len(header.key) != 32:
            raise NotOurs("no key")
        own = X25519PrivateKey.from_private_bytes(hashlib.sha512(private).digest()[:32])
        other = X25519PublicKey.from_public_bytes(header.key)
        return cls(own, other, line, mine=header.key, theirs=signing.public_of(private))

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        """One frame with its length before it."""
        sealed = self._aead.encrypt(self._nonce(last=last), plain, self._bound)
        return struct.pack(">BI", int(last), len(sealed)) + sealed

    def open(self, source: IO[bytes]) -> tuple[bytes, bool]:
        """The next frame and whether it is the last."""
        head = source.read(5)
        if len(head) < 5:
            raise NotOurs("cut short")
        last, size = struct.unpack(">BI", head)
        if last > 1 or not 17 <= size <= MAX_FRAME:
            raise NotOurs("a frame that cannot be")
        sealed = source.read(size)
        if len(sealed) != size:
            raise NotOurs("cut short")
        try:
            return self._aead.decrypt(self._nonce(last=bool(last)), sealed, self._bound), bool(last)
        except InvalidTag as error:
            raise NotOurs("changed on the way, or for somebody else") from error

    def _nonce(self, *, last: bool) -> bytes:
        self._number += 1
        return self._number.to_bytes(11, "big") + bytes([int(last)])


def _header(source: IO[bytes]) -> tuple[Header, bytes]:
    if source.read(len(MAGIC)) != MAGIC:
        raise NotOurs("not a carried file")
    line = source.readline(MAX_HEADER)
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.DecodeError as error:
        raise NotOurs("no header") from error
    if header.way not in (OUT, BACK) or header.v > VERSION:
        raise NotOurs("of a newer version")
    return header, line


def _spoken(spoken: hashlib._Hash, plain: bytes) -> None:
    spoken.update(struct.pack(">I", len(plain)))
    spoken.update(plain)


def _signed(spoken: hashlib._Hash) -> bytes:
    return b"hedgerow carried file 1\n" + spoken.digest()


def _as_x25519(public: bytes) -> X25519PublicKey:
    """The Montgomery form of an Ed25519 public key: u = (1 + y) / (1 - y), RFC 7748 section 4.1."""
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    u = (1 + y) * pow(1 - y, -1, _PRIME) % _PRIME
    return X25519PublicKey.from_public_bytes(u.to_bytes(32, "little"))
