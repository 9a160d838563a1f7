"""Trees and proofs as RFC 9162 has them: its own examples, and every size against every other."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.merkle import EMPTY, consistency_proof, leaf_hash, node_hash, only_grew, root_of

LEAVES = [leaf_hash(str(n).encode()) for n in range(40)]


def naive_root(leaves):
    """The definition of the RFC, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def proof(old, new, leaves=LEAVES):
    return consistency_proof(old, new, lambda a, b: naive_root(leaves[a:b]))


def test_the_hashes_that_everybody_publishes():
    """The empty tree and the empty leaf of Certificate Transparency's own test vectors."""
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )


@pytest.mark.parametrize("size", range(34))
def test_roots_are_the_definitions(size):
    assert root_of(LEAVES[:size]) == naive_root(LEAVES[:size])


def test_every_size_is_shown_to_grow_into_every_other():
    for new in range(1, 26):
        for old in range(1, new + 1):
            assert only_grew(
                old, root_of(LEAVES[:old]), new, root_of(LEAVES[:new]), proof(old, new)
            )


@given(old=st.integers(1, 20), more=st.integers(1, 19), place=st.integers(0, 19))
def test_a_changed_leaf_is_seen(old, more, place):
    new = old + more
    changed = list(LEAVES)
    changed[place % old] = leaf_hash(b"something else")
    root = root_of(changed[:new])
    assert not only_grew(old, root_of(LEAVES[:old]), new, root, proof(old, new, changed))


def test_a_shorter_log_and_an_empty_proof_show_nothing():
    roots = [root_of(LEAVES[:n]) for n in range(10)]
    assert not only_grew(7, roots[7], 5, roots[5], [])
    assert not only_grew(3, roots[3], 5, roots[5], [])
    assert not only_grew(5, roots[5], 5, roots[4], [])
    assert only_grew(0, EMPTY, 5, roots[5], [])
