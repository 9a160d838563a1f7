"""A register that changes its signing key, and what tests ask of it."""

from __future__ import annotations

import base64

from sync import keys, signing
from sync.protocol import KeysReply
from sync.register import admin, copies
from sync.register import keys as ring


def rotate(world, folder):
    """The next key, by way of a copy in `folder`: what is told of the chain then."""
    world.later()
    return copies.change_key(world.store, folder, world.clock).told


def chain_of(world):
    return world.store.read(ring.told)


def private_of(world):
    return admin.signing_key(world.store)


def pinned(laptop):
    return laptop.exchange.identity().register_key


def base64_of(data):
    return base64.b64encode(data).decode()


def forked(world, old, at=None):
    """What a thief of the old key makes of it: a key of their own, signed by it."""
    mine = signing.new_key()
    link = keys.make_link(1, old, mine, at or world.clock.now())
    return mine, KeysReply(key=link.key, links=[link])
