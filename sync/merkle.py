"""Merkle trees as RFC 9162 has them: hashes, roots, and proofs that a log has only grown.

Pure functions over bytes; register and laptop use the same ones. A proof that does not hold is
False, never an exception. Refuses to know what a leaf says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

EMPTY = hashlib.sha256(b"").digest()
Subtree = Callable[[int, int], bytes]  # (first leaf, one past the last) -> hash


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below a size over one."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; SHA-256 of nothing for an empty log."""
    if not leaves:
        return EMPTY
    row = list(leaves)
    while len(row) > 1:
        pairs = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


def whole_parts(first: int, end: int) -> list[tuple[int, int]]:
    """(level, place) of the complete subtrees that a range of leaves falls into, left to right."""
    size = end - first
    if size & (size - 1) == 0 and first % size == 0:
        return [(size.bit_length() - 1, first // size)]
    k = split(size)
    return [*whole_parts(first, first + k), *whole_parts(first + k, end)]


def subtree(first: int, end: int, node: Callable[[int, int], bytes]) -> bytes:
    """The hash over a range of leaves, from the hashes of its complete subtrees."""
    size = end - first
    if size & (size - 1) == 0 and first % size == 0:
        return node(size.bit_length() - 1, first // size)
    k = split(size)
    return node_hash(subtree(first, first + k, node), subtree(first + k, end, node))


def beside(place: int) -> list[tuple[int, int]]:
    """(level, place) of the whole subtrees that the leaf at a place joins, from below."""
    out, level = [], 0
    while place & 1:
        out.append((level, place - 1))
        level, place = level + 1, place >> 1
    return out


def completed(
    place: int, leaf: bytes, node: Callable[[int, int], bytes]
) -> list[tuple[int, int, bytes]]:
    """(level, place, hash) of the subtrees that the leaf at a place completes, itself included."""
    made = [(0, place, leaf)]
    for level, other in beside(place):
        leaf = node_hash(node(level, other), leaf)
        made.append((level + 1, other >> 1, leaf))
    return made


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """What shows that the first `old` leaves of a tree of `new` are the tree of `old` (2.1.4.1)."""
    if not 0 < old < new:
        return []
    return _subproof(old, 0, new, subtree, whole=True)


def _subproof(old: int, first: int, size: int, subtree: Subtree, *, whole: bool) -> list[bytes]:
    if old == size:
        return [] if whole else [subtree(first, first + size)]
    k = split(size)
    if old <= k:
        rest = _subproof(old, first, k, subtree, whole=whole)
        return [*rest, subtree(first + k, first + size)]
    rest = _subproof(old - k, first + k, size - k, subtree, whole=False)
    return [*rest, subtree(first, first + k)]


def only_grew(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the newer log begins with the older one (2.1.4.2)."""
    if old == new:
        return old_root == new_root and not proof
    if not 0 < old < new:
        return old == 0 and old_root == EMPTY and not proof
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == new_root and sn == 0
