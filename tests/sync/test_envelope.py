"""What a body may be: ours, whole, and never more than so much."""

from __future__ import annotations

import gzip

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync import envelope
from sync.columns import ops_in_groups
from sync.envelope import Unreadable, inflate, pack, unpack
from sync.protocol import PullAsk, PushAsk, Trouble, WireOp


def op(**fields):
    return WireOp(seq=1, hlc=1, actor="ann", verb="new", kind="tally", record="r", fields=fields)


def test_a_message_comes_back_as_it_went():
    ask = PushAsk(inc=7, epoch="e", ops=[op(name="Élan", hours="12.50", on=None)])
    assert unpack(pack(ask), PushAsk) == ask


def test_a_proxy_may_unsqueeze_or_gzip_it():
    plain = inflate(pack(PullAsk(inc=3)))
    assert unpack(plain, PullAsk) == PullAsk(inc=3)
    assert unpack(gzip.compress(plain), PullAsk) == PullAsk(inc=3)


def test_long_columns_are_squeezed_apart_and_many_short_ones_together():
    """Blocks of one frame: a reader that knows nothing of them takes them as they are."""
    rows = [
        op(name=f"{n}", idea=" ".join(f"{word * n % 97:x}" for word in range(150)))
        for n in range(40)
    ]
    long, _ = ops_in_groups(rows)
    short, _ = ops_in_groups(
        [msgspec.structs.replace(op(name="A"), kind=f"k{n}") for n in range(9)]
    )
    for groups, parts in ((long, 3), (short, 1)):
        ask = PushAsk(inc=1, groups=groups)
        body = msgspec.json.encode(ask)
        assert len(envelope._parts(body)) == parts
        assert zstandard.ZstdDecompressor().decompress(pack(ask)) == body
        assert unpack(pack(ask), PushAsk) == ask


def test_a_field_of_a_newer_peer_is_no_trouble():
    assert unpack(b'{"v":1,"inc":3,"colour":"green"}', PullAsk) == PullAsk(inc=3)


@pytest.mark.parametrize("squeeze", [zstandard.ZstdCompressor().compress, gzip.compress])
def test_a_bomb_stops_at_the_limit(squeeze):
    bomb = squeeze(b'{"inc":1' + b" " * (80 << 20) + b"}")
    assert len(bomb) < 1 << 20
    with pytest.raises(Unreadable):
        unpack(bomb, PullAsk)


def test_a_body_over_the_limit_is_not_even_opened():
    with pytest.raises(Unreadable):
        unpack(b" " * (envelope.MAX_BODY + 1), PullAsk)


def test_a_frame_with_a_huge_window_is_refused():
    params = zstandard.ZstdCompressionParameters(window_log=30)
    squeezer = zstandard.ZstdCompressor(compression_params=params).compressobj()
    with pytest.raises(Unreadable):
        inflate(squeezer.compress(b'{"inc":1}') + squeezer.flush())


def test_cut_at_every_byte_it_is_unreadable():
    body = pack(PushAsk(inc=7, epoch="e", ops=[op(name=f"name {i}") for i in range(20)]))
    for end in range(len(body)):
        with pytest.raises(Unreadable):
            unpack(body[:end], PushAsk)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in to Wi-Fi</html>",
        b"{}",
        b"[]",
        b"null",
        b'{"inc":"one"}',
        b'{"inc":1,"seq":1e999}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_not_ours_is_unreadable(body):
    with pytest.raises(Unreadable):
        unpack(body, PullAsk)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_it(body):
    for start in (b"", b"\x28\xb5\x2f\xfd", b"\x1f\x8b"):
        try:
            unpack(start + body, Trouble)
        except Unreadable:
            continue


def test_a_small_body_never_takes_much_more_room_than_a_message_may():
    """Eight thousand bytes of blocks that each repeat one letter: refused before they unfold."""
    import tracemalloc

    block = ((131_072 << 3) | 2).to_bytes(3, "little") + b"a"
    last = ((131_072 << 3) | 3).to_bytes(3, "little") + b"a"
    bomb = bytes([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x68]) + block * 2_000 + last
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            inflate(bomb, 32 << 20)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 100 << 20
    assert len(inflate(bomb, 300 << 20)) == 2_001 * 131_072


@pytest.mark.parametrize("told", [5, 8 << 20])
def test_a_body_that_says_another_length_is_unreadable_and_takes_no_more_room_than_that(told):
    """The head names a length; what unfolds into more or less is no message."""
    import tracemalloc

    block = ((131_072 << 3) | 2).to_bytes(3, "little") + b"a"
    last = ((131_072 << 3) | 3).to_bytes(3, "little") + b"a"
    head = bytes([0x28, 0xB5, 0x2F, 0xFD, 0x80, 0x68]) + told.to_bytes(4, "little")
    assert zstandard.frame_content_size(head + last) == told
    tracemalloc.start()
    try:
        for blocks in (block * 2_000, b""):
            with pytest.raises(Unreadable):
                inflate(head + blocks + last, 32 << 20)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20 << 20


def test_a_body_that_says_it_is_longer_than_a_message_may_be_is_not_opened():
    squeezed = zstandard.ZstdCompressor().compress(b" " * 1_000)
    assert len(inflate(squeezed, 1_000)) == 1_000
    with pytest.raises(Unreadable, match="more than a message"):
        inflate(squeezed, 999)
