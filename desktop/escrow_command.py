"""`hedgerow escrow`: the council's own way into a laptop's records, in the hands of two people.

`new` makes a key: its public half goes to the coaches, a sheet to each of two people. `open` takes
both sheets and gives a laptop a new passphrase. Refuses to write anything of the sheets to a disk:
what is printed is copied by hand. The public half is no secret, and may go into a file.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any


def add_words(words: Any) -> None:
    """The word `escrow` and what may follow it."""
    escrow = words.add_parser("escrow", help="the council's own way into a laptop's records")
    escrow.set_defaults(run=lambda _: escrow.error("say new or open"))
    doing = escrow.add_subparsers(title="commands", metavar="")
    making = doing.add_parser("new", help="make a key and two sheets")
    making.add_argument(
        "--public-file", default="", metavar="FILE", help="write the public key here, for coaches"
    )
    making.set_defaults(run=new)
    word = doing.add_parser("open", help="give a laptop a new passphrase, by both sheets")
    word.add_argument("vault", help="folder of the records")
    for name in ("first", "second", "passphrase"):
        word.add_argument(
            f"--{name}-env", default="", metavar="NAME", help="environment variable to read"
        )
    word.set_defaults(run=open_by_both)


def new(arguments: argparse.Namespace) -> int:
    """Print a fresh key: the public half, and one sheet for each of two people."""
    from storage.escrow import fresh_council_key, public_of, words_of

    made = fresh_council_key()
    words = " ".join(words_of(public_of(made.public)))
    _keep_public(arguments.public_file, made.public)
    _say(f"Public key, for the coaches:\n{made.public}\n")
    _say(f"Its eight words, for the letter; coaches compare them:\n{words}\n")
    for number, sheet in enumerate(made.sheets, start=1):
        listed = "\n".join(f"{place}. {word}" for place, word in enumerate(sheet, start=1))
        _say(f"Sheet {number} of 2. One person keeps it, away from the other sheet:\n{listed}\n")
    _say("Nothing of this was kept. Write it down now; it cannot be shown again.")
    return 0


def open_by_both(arguments: argparse.Namespace) -> int:
    """A new passphrase for a laptop, on the proof of both sheets."""
    from storage.escrow import private_of
    from storage.vault import Vault

    first = _asked(arguments.first_env, "Words of sheet 1: ")
    second = _asked(arguments.second_env, "Words of sheet 2: ")
    private = private_of(first, second)
    with Vault.open(Path(arguments.vault), council=private) as vault:
        vault.access.change_by_council(
            private, _asked(arguments.passphrase_env, "New passphrase for this laptop: ")
        )
    _say("The laptop opens with the new passphrase. The old one opens nothing any more.")
    return 0


def _keep_public(name: str, public: str) -> None:
    """Raises CommandError when the file is there already or cannot be written."""
    from desktop.command_line import CommandError

    if not name:
        return
    try:
        with Path(name).open("x", encoding="ascii") as out:
            out.write(public + "\n")
    except OSError as error:
        raise CommandError(
            f"{Path(name).name} could not be written, or is there already. No key was made."
        ) from error


def _asked(env_name: str, words: str) -> str:
    from desktop.command_line import CommandError

    if env_name:
        value = os.environ.get(env_name, "")
        if not value:
            raise CommandError(
                f"The environment variable {env_name} is empty. Set it, then try again."
            )
        return value
    if not sys.stdin.isatty():
        raise CommandError(
            "Both sheets are asked for in a terminal. Without one, put them in environment "
            "variables and name these."
        )
    return getpass.getpass(words)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
