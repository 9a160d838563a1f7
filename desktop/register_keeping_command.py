"""`hedgerow register status | backups | retention | audit`: is it well, and does it stay so?

Refuses to call a copy good that was not read back. Says a fault as one line each.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.register_saying import (
    JSON,
    MOMENT,
    Words,
    at_least,
    clock,
    plain,
    say,
    say_object,
    with_room,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sync.register.status import Status
    from sync.register.store import RegisterStore


def status(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """How the register is; 1 when something wants looking at."""
    from sync.register.status import status as look

    found = look(store, clock(), copy_days=arguments.copy_days)
    if arguments.json:
        say_object(found)
    else:
        for line in _status_lines(found):
            say(line)
    return 1 if found.look_at else 0


def _status_lines(found: Status) -> list[str]:
    def when(moment: datetime | None) -> str:
        return f"{moment:{MOMENT}} UTC" if moment is not None else "never"

    version = f", version {found.pack_version}" if found.pack_version else ""
    free = f"; {found.free_bytes / 1e9:.1f} GB free" if found.free_bytes is not None else ""
    lines = [
        f"Database    {found.database}, step {found.step}, {found.bytes / 1e6:,.1f} MB{free}",
        f"Programme   {found.pack or 'none is chosen'}{version}",
        f"People      {found.people} in the programme, {found.people_left} left",
        f"Laptops     {found.laptops} open, {found.laptops_closed} closed; {found.laptops_silent} "
        "not heard for 30 days",
        f"Last heard  {when(found.last_heard)}; told then of {found.unsent_told} unsent",
        f"Log         {found.ops:,} changes, {found.audit_entries:,} audit entries",
        f"Files       {found.files:,}, {found.file_bytes / 1e6:,.1f} MB",
        f"Last copy   {when(found.last_copy)}",
        f"Sign-in     {found.sign_in or 'by codes for laptops only'}",
    ]
    wants = [f"- {line}" for line in found.look_at]
    return [*lines, "To look at:" if wants else "Nothing wants looking at.", *wants]


def retention_run(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """Take out of the log what the schedule no longer keeps."""
    from sync.register import retention

    count = retention.run(store, clock())
    what = "1 check" if count == 1 else f"{count} checks"
    say(f"Older words of {what} went out of the log." if count else "Nothing was due.")
    return 0


def backups_make(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Write a copy, read it back and verify it."""
    from sync.register import copies

    path = Path(arguments.file)
    with with_room():
        made = copies.make_copy(store, path, clock(), path.absolute().parent)
    say(f"{made.rows} rows in {path.name}. {_verdict(made.report)}")
    for fault in made.report.faults:
        say(f"- {fault}")
    say("It holds everything, the register's key too: keep it as safe as the database.")
    return 0 if made.report.ok else 1


def backups_daily(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """The same into a folder that keeps the newest of them."""
    from sync.register import copies

    with with_room():
        done = copies.make_daily(store, Path(arguments.folder), arguments.keep, clock())
    say(f"{done.rows} rows in {done.path.name}. {_verdict(done.report)}")
    for fault in done.report.faults:
        say(f"- {fault}")
    if done.gone:
        say(f"{done.gone} older than the newest {arguments.keep} went.")
    if done.unlisted:
        say(f"The copy is good; the list of erasures beside it is not. {done.unlisted}")
    return 0 if done.report.ok and not done.unlisted else 1


def backups_check(arguments: argparse.Namespace) -> int:
    """Look a copy through; no register is opened, none has to be there."""
    from sync.register import copies

    # where the machine keeps what is scratch: the copy may lie where nothing is to be written
    with (
        with_room(" TMPDIR says where."),
        tempfile.TemporaryDirectory(prefix=copies.SCRATCH) as here,
    ):
        report = copies.check_copy(Path(arguments.file), Path(here))
    say(_verdict(report))
    for fault in report.faults:
        say(f"- {fault}")
    return 0 if report.ok else 1


def backups_restore(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Put a copy back into an empty database, as a history of its own."""
    from sync.register import copies

    lists = map(Path, arguments.erased)
    done = copies.put_back(store, Path(arguments.file), clock(), lists, old_key=arguments.old_key)
    say(f"{done.rows} rows are back. {_verdict(done.report)}")
    if done.erased_again:
        say("Erased since that copy was made, and erased again now, by their numbers:")
    for one in done.erased_again:
        say(f"- {one}")
    if done.closed_again:
        say("Laptops closed and people gone since that copy was made, and closed again now:")
    for one in done.closed_again:
        say(f"- {one}")
    if not done.listed:
        say(
            "No list of erasures stood beside that copy and none was named: whoever was erased "
            "since it was made is back until laptops ask again. If there is a list, do not serve "
            "this database: put the copy back into another, empty one, with --erased FILE."
        )
        say(
            "Nor does anything say which laptops were closed, or who has left, since then: they "
            "are let in again. Before you serve it, look at register devices list and users list."
        )
    say("Laptops send again what the copy does not have, with their next round.")
    return 0


def audit_verify(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Look at every entry, every op and every hash, and at heads that somebody kept."""
    import msgspec

    from sync.protocol import WireTreeHead
    from sync.register import admin
    from sync.register.verify import verify

    heads: list[WireTreeHead] = []
    if arguments.heads:
        lines = Path(arguments.heads).read_bytes().splitlines()
        try:
            heads = [msgspec.json.decode(line, type=WireTreeHead) for line in lines if line.strip()]
        except msgspec.DecodeError:
            say(f"{arguments.heads} holds a line that is no head. Give what audit head printed.")
            return 2
    key = admin.register_key(store)
    report = store.read(lambda tx: verify(tx, key, heads))
    if arguments.json:
        say_object(plain(report, "ok", "entries", "ops", "heads", "faults"))
        return 0 if report.ok else 1
    say(_verdict(report))
    for fault in report.faults:
        say(f"- {fault}")
    return 0 if report.ok else 1


def audit_head(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """The signed head of the log, one line to keep elsewhere."""
    import msgspec

    from sync.register import admin

    say(msgspec.json.encode(admin.audit_head(store)).decode())
    return 0


def audit_export(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Every entry as it is hashed, one a line."""
    from sync.register import audit

    for n, text, leaf in store.read(lambda tx: list(audit.leaves(tx))):
        if n > arguments.after:
            say(json.dumps({"entry": text, "hash": leaf.hex()}, ensure_ascii=False))
    return 0


def _verdict(report: Any) -> str:
    looked = f"{report.entries} entries, {report.ops} ops and {report.heads} kept heads looked at"
    return f"{looked}: all fit." if report.ok else f"{looked}: something was changed."


ALONE: Words = {
    "status": (
        "how the register is, and what wants looking at (then it ends with 1)",
        status,
        JSON
        | {
            "--copy-days": {
                "type": at_least(0),
                "default": 2,
                "metavar": "N",
                "help": "how old the last copy may be (2); 0 where copies are made by other means",
            }
        },
    ),
}


_FILE = {"file": {"help": "the copy"}}


BACKUPS: Words = {
    "make": ("write a copy and verify it", backups_make, _FILE),
    "daily": (
        "the same into a folder that keeps the newest",
        backups_daily,
        {
            "folder": {"help": "where the copies are"},
            "--keep": {
                "type": at_least(1),
                "default": 14,
                "metavar": "N",
                "help": "how many stay (14)",
            },
        },
    ),
    "check": ("verify a copy", backups_check, _FILE),
    "restore": (
        "put a copy back into an empty database",
        backups_restore,
        _FILE
        | {
            "--erased": {
                "action": "append",
                "default": [],
                "metavar": "FILE",
                "help": "a list of whom the register erased, beside the one next to the copy",
            },
            "--old-key": {
                "action": "store_true",
                "help": "also one from before a change of keys: all laptops join anew",
            },
        },
    ),
}


RETENTION: Words = {
    "run": ("take out what the schedule no longer keeps; once a day", retention_run, {}),
}


AUDIT: Words = {
    "verify": (
        "look at all of it",
        audit_verify,
        {"--heads": {"default": "", "metavar": "FILE", "help": "heads that were kept, one a line"}}
        | JSON,
    ),
    "head": ("the signed head, to keep elsewhere", audit_head, {}),
    "export": (
        "every entry, one JSON object a line",
        audit_export,
        {
            "--after": {
                "type": at_least(0),
                "default": 0,
                "metavar": "N",
                "help": "only those after number N",
            }
        },
    ),
}


INTO_NOTHING = (backups_restore,)  # the only one that wants a database without a register


WITHOUT_REGISTER = (backups_check,)
