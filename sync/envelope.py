"""What a body looks like on the wire: JSON by msgspec, squeezed by zstd, never more than so much.

A body that is not ours raises `Unreadable`; nothing of it is used. Refuses to inflate without a
limit: a small body that would unfold into gigabytes stops at `MAX_INFLATED`.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import msgspec
import zstandard

CONTENT_TYPE = "application/vnd.hedgerow+json"
MAX_BODY = 8 << 20  # as it travels
MAX_INFLATED = 64 << 20
_SMALL = 128 << 10
_PART = 4 << 10  # what a column has to be long, on the average, to be squeezed by itself
# Two hash tables and the first match for a register, the better of the next few for a laptop. What
# repeats is longer than four letters. No table is larger than need be: it is emptied each time.
_QUICK = {"strategy": zstandard.STRATEGY_DFAST, "min_match": 5, "search_log": 1}
_SMALLER = {"strategy": zstandard.STRATEGY_GREEDY, "min_match": 6, "search_log": 3}
_COLUMNS = re.compile(rb'"(?:records":\[|fields":\{|base":\{|was":\{)')
_ZSTD = b"\x28\xb5\x2f\xfd"
_GZIP = b"\x1f\x8b"
_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="deterministic")
T = TypeVar("T")
_STEP = 512  # bytes that unfold into 16 MiB at most: four are a block of 128 KiB


class Unreadable(Exception):
    """The body is not one of our messages."""


def canonical(value: Any) -> bytes:
    """One byte string for one value, whatever order its keys were written in."""
    return _canonical.encode(value)


def pack(message: msgspec.Struct, *, small: bool = False) -> bytes:
    """A message as bytes, squeezed by how long it is: on a slow line a small one is dearer.

    `small` squeezes harder, in twice the time: for a laptop, whose way up is the narrow one; a
    register does it for many. A compressor is not shared between threads, so each call makes one.
    """
    body = _encoder.encode(message)
    if len(body) > _SMALL:
        return zstandard.ZstdCompressor(level=3).compress(body)
    if len(body) < _PART:  # hardest costs least here: a quiet round is a few hundred bytes
        return zstandard.ZstdCompressor(level=15).compress(body)
    how = _how(len(body).bit_length(), small)
    squeezer = zstandard.ZstdCompressor(compression_params=how).compressobj(size=len(body))
    out = bytearray()
    *parts, last = _parts(body)
    for part in parts:
        out += squeezer.compress(part)
        out += squeezer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    out += squeezer.compress(last)
    out += squeezer.flush()
    return bytes(out)


@cache
def _how(bits: int, small: bool) -> zstandard.ZstdCompressionParameters:  # noqa: FBT001 - the key
    """How a body of so many bits of length is squeezed."""
    table = min(bits, 16 if small else 13)
    return zstandard.ZstdCompressionParameters(
        window_log=bits, hash_log=table, chain_log=table, **(_SMALLER if small else _QUICK)
    )


def _parts(body: bytes) -> list[bytes]:
    """Numbers, ids and words of long columns apart: each squeezes better by letters of its own.

    Any reader takes them: they are blocks of one frame. Many short columns stay together, since
    each block says anew which letters it holds.
    """
    cuts = [place.start() for place in _COLUMNS.finditer(body)]
    if not cuts or len(cuts) * _PART > len(body):
        return [body]
    return [body[start:end] for start, end in pairwise((0, *cuts, len(body)))]


def unpack(body: bytes, cls: type[T], limit: int = MAX_INFLATED) -> T:
    """The message in a body, or `Unreadable`. A proxy may have taken the squeezing off."""
    try:
        return msgspec.json.decode(inflate(body, limit), type=cls)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Unreadable("not one of our messages") from error


def inflate(body: bytes, limit: int = MAX_INFLATED) -> bytes:
    """The plain bytes of a body, at most `limit` of them."""
    if len(body) > MAX_BODY:
        raise Unreadable("longer than a body may be")
    if body.startswith(_ZSTD):
        return _zstd(body, limit)
    if body.startswith(_GZIP):
        return _gzip(body, limit)
    if len(body) > limit:
        raise Unreadable("longer than a message may be")
    return body


def _zstd(body: bytes, limit: int) -> bytes:
    inflater = zstandard.ZstdDecompressor(max_window_size=1 << 23)
    try:
        long = zstandard.frame_content_size(body)
        if long > limit:
            raise Unreadable("unfolds into more than a message may be")
        if long >= 0:  # no more room is made than it says, and it has to be as long as that
            return inflater.decompress(body)
        return _in_steps(body, inflater.decompressobj(), limit)
    except zstandard.ZstdError as error:
        raise Unreadable("damaged on the way, or cut short") from error


def _in_steps(body: bytes, inflater: zstandard.ZstdDecompressionObj, limit: int) -> bytes:
    """A body that does not say how long it is."""
    out = bytearray()
    for start in range(0, len(body), _STEP):
        out += inflater.decompress(body[start : start + _STEP])
        if len(out) > limit:
            raise Unreadable("unfolds into more than a message may be")
        if inflater.eof:
            return bytes(out)
    raise Unreadable("cut short on the way")


def _gzip(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        out = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise Unreadable("damaged on the way") from error
    if len(out) > limit or not inflater.eof:
        raise Unreadable("cut short on the way, or more than a message may be")
    return out
