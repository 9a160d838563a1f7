"""A write-ahead log that failed to reach the disk, written once more.

After a sync that failed a system may take the bytes for written, and calls the next one good
without them (Linux does). Only bytes that are written anew are tried anew. Refuses to write what
is not what SQLite wrote: its own sum of each frame is looked at before.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from storage.atomic import sync_file

# https://sqlite.org/fileformat2.html#walformat
HEAD, FRAME = struct.Struct(">IIIIIIII"), struct.Struct(">IIIIII")
_SUMMED_OF_HEAD, _SUMMED_OF_FRAME = 24, 8  # bytes before salts and sums
_BIG_END = 1  # of the first number: in which order the words are summed
_WORD = 0xFFFFFFFF


def write_again(log: Path, frames: int) -> bool:
    """The first so many frames of a log over themselves, on disk. Raises OSError.

    False, and nothing is written, where they cannot be read as they were written.
    """
    if frames <= 0:
        sync_file(log)
        return True
    with log.open("r+b") as file:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            return False
        step = FRAME.size + HEAD.unpack(head)[2]
        data = head + file.read(frames * step)
        if len(data) < HEAD.size + frames * step or not _adds_up(data, step):
            return False
        file.seek(0)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return True


def _adds_up(data: bytes, step: int) -> bool:
    """Whether head and frames carry their sums, each on top of the one before."""
    first, *_, one, two = HEAD.unpack_from(data)
    order = ">" if first & _BIG_END else "<"
    sums = _sum(order, data[:_SUMMED_OF_HEAD], (0, 0))
    if sums != (one, two):
        return False
    for at in range(HEAD.size, len(data), step):
        sums = _sum(order, data[at : at + _SUMMED_OF_FRAME], sums)
        sums = _sum(order, data[at + FRAME.size : at + step], sums)
        if sums != FRAME.unpack_from(data, at)[4:]:
            return False
    return True


def _sum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    one, two = sums
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for even, odd in zip(words, words, strict=True):
        one = (one + even + two) & _WORD
        two = (two + odd + one) & _WORD
    return one, two
