"""`hedgerow bundle`: carry work to the council by hand, on a stick, where there is no line.

`out` writes what waits into one sealed file, `in` reads the answer that came back; at the council
`hedgerow register take` stands between them. Refuses to write over a file that is there already.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.vault import Vault


def add_words(words: Any) -> None:
    """The word `bundle` and what may follow it."""
    bundle = words.add_parser("bundle", help="carry work to the council and back on a stick")
    bundle.set_defaults(run=lambda _: bundle.error("say out or in"))
    doing = bundle.add_subparsers(title="commands", metavar="")
    for name, run, said in (
        ("out", out, "write what waits into a file for the council"),
        ("in", back, "read the file that came back"),
    ):
        word = doing.add_parser(name, help=said)
        optional = {"nargs": "?", "default": ""} if run is out else {}
        word.add_argument("file", help="the file on the stick", **optional)
        word.add_argument("--vault", default="", help="folder of the records")
        word.add_argument(
            "--passphrase-env", default="", metavar="NAME", help="environment variable to read"
        )
        if run is out:
            word.add_argument("--small", action="store_true", help="of photos, only small copies")
            word.add_argument("--size", action="store_true", help="only say how much waits")
        word.set_defaults(run=run)


def add_take(doing: Any, finish: Any) -> None:
    """`register take`: the council's end. `finish` adds where the database is."""
    word = doing.add_parser("take", help="take in a file that a laptop sent by hand")
    word.add_argument("file", help="the file from the laptop")
    word.add_argument("answer", help="where the file to carry back goes")
    word.add_argument(
        "--erased",
        default="",
        metavar="FILE",
        help="the list of whom the register erases, as serve has it (beside a SQLite database)",
    )
    finish(word, take)


def out(arguments: argparse.Namespace) -> int:
    """Write what waits into a file."""
    from forms.values import SystemClock
    from sync.client.carry import write_out

    if arguments.size:
        return _how_much(arguments)
    target = _fresh(arguments.file)
    with _vault(arguments) as vault:
        made = write_out(vault, target, SystemClock(), small=arguments.small)
    if made.small:
        copies = "1 small copy" if made.small == 1 else f"{made.small} small copies"
        _say(f"Of photos it holds {copies}.")
    if made.begun:
        _say(
            "Of one file there was room for a part. Once the answer is read, the next bundle goes "
            "on from there."
        )
    if made.left:
        _say(f"{_many(made.left, 'file')} did not go in and still wait here.{_room(made.needs)}")
    _say(
        f"{made.path.name} holds {_many(made.ops, 'change')}, "
        f"{_many(made.decisions, 'question')} and {_many(made.files, 'file')}. "
        "Only the council can read it.\n"
        "Nothing counts as sent until the answer is back: hedgerow bundle in ANSWER."
    )
    return 0


def _room(needs: int) -> str:
    from desktop.presenters.words import size

    return f" For the next one {size(needs)} have to be free." if needs else ""


def _how_much(arguments: argparse.Namespace) -> int:
    from desktop.operations.carry import waiting
    from desktop.presenters.words import size

    with _vault(arguments) as vault:
        found = waiting(vault)
    _say(
        f"Waiting: {_many(found.changes, 'change')}, {_many(found.questions, 'question')} and "
        f"{_many(found.files, 'file')}, about {size(found.size)}. Nothing was written."
    )
    return 0


def back(arguments: argparse.Namespace) -> int:
    """Read the answer that came back."""
    from desktop.operations.carry import words_of
    from forms.values import SystemClock
    from sync.client.carry import read_back

    with _vault(arguments) as vault:
        report = read_back(vault, Path(arguments.file), SystemClock())
        waiting, files = vault.exchange.unsent_count(), vault.files.to_send().count
    _say(
        f"Sent: {_many(report.pushed, 'change')} and {_many(report.files_sent, 'file')}. "
        f"Came in: {_many(report.pulled, 'record')}. "
        f"Answered: {_many(report.decisions_answered, 'question')}. "
        f"Still waiting here: {_many(waiting, 'change')} and {_many(files, 'file')}."
    )
    for words in words_of(report):
        _say(words)
    return 0


def take(arguments: argparse.Namespace) -> int:
    """At the council: take a file in and write the answer."""
    from desktop.command_line import register_of, register_url
    from forms.rules.decisions import decide
    from forms.rules.pack_file import load_pack, pack_names
    from forms.values import SystemClock
    from sync.register import admin, journal
    from sync.register.carry import take_file
    from sync.register.service import Register

    answer = _fresh(arguments.answer)
    with register_of(arguments) as store:
        packs = {name: load_pack(name) for name in pack_names()}
        clock = SystemClock()
        beside = journal.beside_database(register_url(arguments))
        erased = Path(arguments.erased) if arguments.erased else beside
        key = admin.signing_key(store)
        register = Register(store, clock, packs, key, decide, erased=erased)
        opened = take_file(register, Path(arguments.file), answer, clock)
    if opened:
        _say(f"Taken in. {answer.name} goes back to the laptop.")
        return 0
    _say(
        "That file was made for the register's earlier key, so it could not be opened and nothing "
        f"was taken in. {answer.name} brings the new key: carry it back, and the laptop makes a "
        "file that can be."
    )
    return 1


def _vault(arguments: argparse.Namespace) -> Vault:
    from desktop.command_line import app_folder, open_to_check

    folder = Path(arguments.vault) if arguments.vault else app_folder()
    return open_to_check(folder, arguments.passphrase_env)


def _fresh(name: str) -> Path:
    from desktop.command_line import CommandError

    if not name:
        raise CommandError(
            "Say where the file goes, for example: hedgerow bundle out E:/council.hedgerow"
        )
    path = Path(name)
    if path.is_dir():
        raise CommandError(
            f"{name} is a folder. Say the file's name in it too, for example: "
            f"{path / 'council.hedgerow'}"
        )
    if path.exists():
        raise CommandError(f"{path.name} is there already. Choose another name.")
    return path


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
