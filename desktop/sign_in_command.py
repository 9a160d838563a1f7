"""`hedgerow sign-in`: by the council's own accounts, in the browser, for a laptop or an auditor.

With `--vault` the laptop is made known to the register. Without, somebody who has no laptop of the
programme signs in, and the audit log is read, added up and compared with the head that was kept
before. Refuses to keep a key: a login ends with the program.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.vault import Vault
    from sync.client.sign_in import LoggedIn
    from sync.protocol import WireTreeHead

PAGE = 200
READERS = ("lead", "auditor")


def add_words(words: Any, open_vault: Callable[[Path, str], Vault]) -> None:
    """The word `sign-in`."""
    word = words.add_parser("sign-in", help="sign in by the council's own accounts")
    word.add_argument("url", help="the register's address")
    word.add_argument("--vault", default="", metavar="FOLDER", help="make this laptop known")
    word.add_argument(
        "--passphrase-env", default="", metavar="NAME", help="environment variable to read it from"
    )
    word.add_argument("--label", default="", help="what the council calls this laptop")
    word.add_argument("--heads", default="", metavar="FILE", help="keep the log's head here")
    word.set_defaults(run=lambda arguments: sign_in(arguments, open_vault))


def sign_in(arguments: argparse.Namespace, open_vault: Callable[[Path, str], Vault]) -> int:
    """Sign in, as a laptop or as a person."""
    from forms.values import SystemClock
    from sync.client import sign_in as flow
    from sync.client.transport import open_transport

    transport = open_transport(arguments.url)
    try:
        if arguments.vault:
            vault = open_vault(Path(arguments.vault), arguments.passphrase_env)
            try:
                who = flow.sign_in_vault(
                    vault, transport, _browse, SystemClock(), label=arguments.label
                )
            finally:
                vault.close()
            _say(f"This laptop is known to the register as {who.actor_name}'s ({who.role}).")
            return 0
        session = flow.log_in(transport, _browse)
        _say(f"Signed in as {session.keys.person} ({session.keys.role}).")
        try:
            return _look(session, arguments.heads) if session.keys.role in READERS else 0
        finally:
            session.end()
    finally:
        transport.close()


def _look(session: LoggedIn, kept: str) -> int:
    """Read the audit log whole, add it up, and compare it with what was kept."""
    from sync import merkle
    from sync.office import AuditEntriesAsk, AuditEntriesReply, AuditProofAsk, AuditProofReply

    hashes: list[bytes] = []
    more = True
    while more:
        ask = AuditEntriesAsk(after=len(hashes), limit=PAGE)
        reply = session.ask("/v1/audit/entries", ask, AuditEntriesReply)
        hashes += [merkle.leaf_hash(text.encode()) for text in reply.entries]
        more = reply.more
    ask_head = AuditProofAsk(old=len(hashes), new=len(hashes))
    head = session.ask("/v1/audit/proof", ask_head, AuditProofReply).head
    faults = [] if merkle.root_of(hashes) == head.root else ["The entries do not make its head."]
    for old in _kept(kept):
        if old.epoch == head.epoch and merkle.root_of(hashes[: old.size]) != old.root:
            faults.append(f"The first {old.size} entries are not those that were kept.")
        elif old.epoch == head.epoch and old.size > len(hashes):
            faults.append(f"There were {old.size} entries before; now there are {len(hashes)}.")
    for fault in faults:
        _say(f"- {fault}")
    if faults:
        _say("The register's history was changed. Keep the file of heads: it shows it.")
        return 1
    if kept:
        import msgspec

        with Path(kept).open("ab") as file:
            file.write(msgspec.json.encode(head) + b"\n")
    _say(f"{len(hashes)} entries of the audit log fit each other and all heads that were kept.")
    return 0


def _kept(path: str) -> list[WireTreeHead]:
    import msgspec

    from sync.protocol import WireTreeHead

    if not path or not Path(path).exists():
        return []
    lines = Path(path).read_bytes().splitlines()
    return [msgspec.json.decode(line, type=WireTreeHead) for line in lines if line.strip()]


def _browse(url: str) -> None:
    _say("Your browser opens the council's sign-in. If it does not, go to:")
    _say(url)
    import webbrowser  # brings subprocess: not before the first paint

    webbrowser.open(url)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
