"""`hedgerow register keys`: the key that the register signs with, and its successor.

Refuses to show a private key, and to change the key without a folder for the copy that holds it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.register_saying import JSON, MOMENT, Words, clock, say, say_object, with_room

if TYPE_CHECKING:
    from sync.register.store import RegisterStore


def keys_list(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Every key that the register ever signed with, the one in use last."""
    from sync import keys as chain
    from sync.register import keys

    told, begun = store.read(lambda tx: (keys.told(tx), keys.waiting(tx)))
    if arguments.json:
        say_object(
            {
                "key": told.key.hex(),
                "earlier": [
                    {"key": one.key.hex(), "until": one.until.isoformat()}
                    for one in chain.earlier(told)
                ],
                "begun": begun is not None,
            }
        )
        return 0
    for number, one in enumerate(chain.earlier(told)):
        say(f"{number:3}  {one.key.hex()[:16]}  until {one.until:{MOMENT}} UTC")
    say(f"{len(told.links):3}  {told.key.hex()[:16]}  in use")
    if begun is not None:
        say(f"A change was begun on {begun.link.at:{MOMENT}} UTC and did not end: {_AGAIN}.")
    return 0


def keys_rotate(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Take another key, once a copy in the folder holds it, and destroy the one before."""
    from sync.register import copies

    folder = Path(arguments.folder)
    with with_room(_WAITS):
        changed = copies.change_key(store, folder, clock())
    told = changed.told
    say(f"The register signs with {told.key.hex()[:16]} from now on, key {len(told.links)}.")
    say(f"The newest copy in {folder.name} holds it. The key before it is destroyed here.")
    if not changed.wiped:
        say("The database's files still hold its traces, until they are written over.")
    say(
        "Laptops learn it with their next round; a file from a stick that was made for the earlier "
        "key has to be made once more. Copies and backups of the disk from before today still hold "
        "the earlier key: let them go when you can."
    )
    if changed.unlisted:
        say(
            "The key is changed and the copy is good; the lists beside it, of erasures and of "
            f"keys, are not. {changed.unlisted} Mend that and make a copy there: hedgerow register "
            "backups daily FOLDER."
        )
    return 1 if changed.unlisted else 0


_WAITS = (
    " The register goes on with the key that it has. If the change was begun (keys list), it ends "
    "when the same is said again; no pack is published before."
)
_AGAIN = "hedgerow register keys rotate FOLDER goes on with it"


KEYS: Words = {
    "list": ("every key there was, and the one in use", keys_list, JSON),
    "rotate": (
        "take another key and destroy the one before",
        keys_rotate,
        {
            "folder": {"help": "where the daily copies are: the new key is in one of them first"},
        },
    ),
}
