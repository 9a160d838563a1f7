"""`hedgerow register users | devices | packs | backups | ...`: for a council's IT.

Each word does one thing and says in a sentence what was done. Refuses to show a key or to take a
secret on the command line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sync.register.store import RegisterStore

Handler = Callable[[argparse.Namespace], int]
Opening = Callable[[argparse.Namespace], "AbstractContextManager[RegisterStore]"]
Words = Mapping[str, tuple[str, Callable[..., int], Mapping[str, Mapping[str, Any]]]]
ROLES = ("coach", "lead", "qa", "finance", "auditor")


def add_words(
    doing: Any, finish: Callable[[argparse.ArgumentParser, Handler], None], opened: Opening
) -> None:
    """The words below `hedgerow register`."""
    groups: tuple[tuple[str, str, Words], ...] = (
        ("users", "people of the programme", _USERS),
        ("devices", "laptops", _DEVICES),
        ("packs", "programme packs", _PACKS),
        ("backups", "copies of the register", _BACKUPS),
        ("retention", "what the schedule no longer keeps", _RETENTION),
        ("audit", "the log of who did what", _AUDIT),
        ("accounts", "signing in by the council's own accounts", _ACCOUNTS),
    )
    for name, about, words in groups:
        group = doing.add_parser(name, help=about)
        group.set_defaults(run=lambda _, group=group: group.error("say what to do"))
        inner = group.add_subparsers(title="commands", metavar="")
        for word, (help_text, run, arguments) in words.items():
            parser = inner.add_parser(word, help=help_text)
            for argument, settings in arguments.items():
                parser.add_argument(argument, **settings)
            finish(parser, _with(run, opened))


def _with(run: Callable[[RegisterStore, argparse.Namespace], int], opened: Opening) -> Handler:
    def handler(arguments: argparse.Namespace) -> int:
        with opened(arguments) as store:
            return run(store, arguments)

    return handler


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def _clock() -> Any:
    from forms.values import SystemClock

    return SystemClock()


def users_list(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """Who is in the programme."""
    for one in store.read(lambda tx: tx.people.people()):
        place = "" if one.active else "  (left)"
        _say(f"{one.id:20} {one.role.value:10} {one.name}{place}")
    return 0


def users_add(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Add somebody, or change their name or role."""
    from sync.register import admin

    admin.add_person(store, arguments.id, arguments.name, arguments.role)
    _say(f"{arguments.name} is in the programme as {arguments.role}.")
    return 0


def users_disable(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Somebody has left: every laptop and login of theirs is closed."""
    from sync.register import admin

    gone = admin.disable_person(store, arguments.id, _clock())
    _say(f"{gone.name} is out. Their next request is refused; unsent work stays sealed with them.")
    return 0


def devices_list(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Which laptops there are, and when each was last heard."""
    from sync.register import admin

    for one in admin.devices(store, arguments.of or ""):
        closed = f"closed {one.revoked_at[:16]}" if one.revoked_at else "open"
        _say(f"{one.id}  {one.person_id:20} heard {one.seen_at[:16]}  {closed}  {one.label}")
    return 0


def devices_revoke(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Close a laptop's access from its next request on."""
    from sync.register import admin

    if admin.revoke(store, arguments.id, _clock(), retired=arguments.retired):
        _say("Closed. It is refused from its next request on.")
        if arguments.retired:
            _say("It may still send what it had not sent: see register devices unsent.")
        return 0
    _say("No open laptop has that number. Nothing was changed.")
    return 1


def devices_unsent(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """What closed laptops sent last, and nobody has looked at yet."""
    from sync.register import quarantine

    waiting = quarantine.kept(store)
    for one in waiting:
        when = f"{one.received_at:%Y-%m-%d %H:%M}"
        fields = ", ".join(sorted(one.op.fields))
        _say(f"{one.feed_seq}  {when}  {one.op.actor_id}  {one.op.verb} {one.op.kind}: {fields}")
    if not waiting:
        _say("Nothing waits.")
    return 0


def devices_take(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Let what a closed laptop sent last count, by number."""
    from sync.register import quarantine

    done = quarantine.take_in(store, arguments.number, by=arguments.by, clock=_clock())
    for place, result in done.items():
        _say(f"{place}: {result}")
    missing = sorted(set(arguments.number) - set(done))
    if missing:
        _say(f"Nothing waits under {', '.join(map(str, missing))}.")
    return 1 if missing else 0


def packs_list(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """Packs that came with the program, those that were published, and the one in use."""
    from forms.rules.pack_file import load_pack, pack_names
    from sync.register import packs

    used = store.read(lambda tx: tx.people.setting("pack"))
    told = packs.published(store)
    for name in pack_names():
        pack = load_pack(name)
        here = name == used and not any(one.in_use for one in told)
        _say(f"{'*' if here else ' '} {name:20} {pack.version:12} {pack.title}  (shipped)")
    for one in told:
        when = f"published {one.published_at[:16].replace('T', ' ')}, number {one.record_id}"
        _say(
            f"{'*' if one.in_use else ' '} {one.pack_id:20} {one.version:12} {one.title}  ({when})"
        )
    return 0


def packs_add(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Check a pack whole, sign it, and tell every laptop."""
    from sync.register import packs

    # a pack with a fault raises, with every fault in words
    return _published(packs.add(store, Path(arguments.file), _clock()))


def packs_publish(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """The same for a pack that came with the program."""
    from sync.register import packs

    return _published(packs.add_shipped(store, arguments.name, _clock()))


def packs_export(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Write a published pack into a signed file."""
    from sync.register import packs

    packs.write_signed(store, arguments.number, Path(arguments.file))
    _say("Written. It opens nothing and names nobody; this register takes it again: packs add.")
    return 0


def _published(pack: Any) -> int:
    agreed = f", agreed by {pack.definitions_agreed_by}" if pack.definitions_agreed_by else ""
    _say(f"The register works by: {pack.title}, version {pack.version}{agreed}.")
    _say("Laptops fetch it with their next round and use it from their next start.")
    return 0


def retention_run(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """Take out of the log what the schedule no longer keeps."""
    from sync.register import retention

    count = retention.run(store, _clock())
    what = "1 check" if count == 1 else f"{count} checks"
    _say(f"Older words of {what} went out of the log." if count else "Nothing was due.")
    return 0


def backups_make(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Write a copy, read it back and verify it."""
    from sync.register import copies

    path = Path(arguments.file)
    rows = copies.make_copy(store, path, _clock())
    with tempfile.TemporaryDirectory(prefix="hedgerow-check-") as scratch:
        report = copies.check_copy(path, Path(scratch))
    _say(f"{rows} rows in {path.name}. {_verdict(report)}")
    _say("It holds everything, the register's key too: keep it as safe as the database.")
    return 0 if report.ok else 1


def backups_daily(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """The same into a folder that keeps the newest of them."""
    from sync.register import copies

    done = copies.make_daily(store, Path(arguments.folder), arguments.keep, _clock())
    _say(f"{done.rows} rows in {done.path.name}. {_verdict(done.report)}")
    for fault in done.report.faults:
        _say(fault)
    if done.gone:
        _say(f"{done.gone} older than the newest {arguments.keep} went.")
    return 0 if done.report.ok else 1


def backups_check(_store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Look a copy through without touching the register."""
    from sync.register import copies

    with tempfile.TemporaryDirectory(prefix="hedgerow-check-") as scratch:
        report = copies.check_copy(Path(arguments.file), Path(scratch))
    _say(_verdict(report))
    return 0 if report.ok else 1


def backups_restore(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Put a copy back into an empty database, as a history of its own."""
    from sync.register import copies

    rows, report = copies.put_back(store, Path(arguments.file), _clock())
    _say(f"{rows} rows are back. {_verdict(report)}")
    _say("Laptops send again what the copy does not have, with their next round.")
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
        heads = [msgspec.json.decode(line, type=WireTreeHead) for line in lines if line.strip()]
    key = admin.register_key(store)
    report = store.read(lambda tx: verify(tx, key, heads))
    _say(_verdict(report))
    for fault in report.faults:
        _say(f"- {fault}")
    return 0 if report.ok else 1


def audit_head(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """The signed head of the log, one line to keep elsewhere."""
    import msgspec

    from sync.register import admin

    _say(msgspec.json.encode(admin.audit_head(store)).decode())
    return 0


def audit_export(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Every entry as it is hashed, one a line."""
    from sync.register import audit

    for n, text, leaf in store.read(lambda tx: list(audit.leaves(tx))):
        if n > arguments.after:
            _say(json.dumps({"entry": text, "hash": leaf.hex()}, ensure_ascii=False))
    return 0


def accounts_use(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Let people sign in by the council's own accounts."""
    from sync.register import admin

    admin.sign_in_with(store, arguments.issuer, arguments.client_id, clock=_clock())
    _say("People can sign in by the council's accounts once their account is linked.")
    return 0


def accounts_link(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Say whose an account is."""
    from sync.register import admin

    admin.link_account(store, arguments.id, arguments.subject, clock=_clock())
    _say("Linked.")
    return 0


def _verdict(report: Any) -> str:
    looked = f"{report.entries} entries, {report.ops} ops and {report.heads} kept heads looked at"
    return f"{looked}: all fit." if report.ok else f"{looked}: something was changed."


def _needed(about: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "help": about} | more


_FILE = {"file": {"help": "the copy"}}
_ID = {"--id": _needed("whose")}
_USERS: Words = {
    "list": ("everybody", users_list, {}),
    "add": (
        "add somebody, or change name or role",
        users_add,
        _ID | {"--name": _needed("as colleagues see it"), "--role": _needed("", choices=ROLES)},
    ),
    "disable": ("somebody has left", users_disable, _ID),
}
_DEVICES: Words = {
    "list": ("all, or of one person", devices_list, {"--of": {"default": "", "help": "whose"}}),
    "revoke": (
        "close one",
        devices_revoke,
        {
            "--id": _needed("the number in the list"),
            "--retired": {
                "action": "store_true",
                "help": "not lost: it may still send what it had not sent, to be looked at",
            },
        },
    ),
    "unsent": ("what closed ones sent last", devices_unsent, {}),
    "take": (
        "let some of that count",
        devices_take,
        {
            "number": {"nargs": "+", "type": int, "help": "numbers in that list"},
            "--by": _needed("who looked at it"),
        },
    ),
}
_PACKS: Words = {
    "list": ("all there are, and the one in use", packs_list, {}),
    "add": (
        "check one whole, sign it, and tell every laptop",
        packs_add,
        {"file": {"help": "the folder that holds pack.toml, or a file of packs export"}},
    ),
    "publish": (
        "the same for one that came with the program",
        packs_publish,
        {"name": {"help": "its name"}},
    ),
    "export": (
        "write one into a signed file",
        packs_export,
        {"number": {"help": "its number in the list"}, "file": {"help": "where it goes"}},
    ),
}
_BACKUPS: Words = {
    "make": ("write a copy and verify it", backups_make, _FILE),
    "daily": (
        "the same into a folder that keeps the newest",
        backups_daily,
        {
            "folder": {"help": "where the copies are"},
            "--keep": {"type": int, "default": 14, "metavar": "N", "help": "how many stay (14)"},
        },
    ),
    "check": ("verify a copy", backups_check, _FILE),
    "restore": ("put a copy back into an empty database", backups_restore, _FILE),
}
_RETENTION: Words = {
    "run": ("take out what the schedule no longer keeps; once a day", retention_run, {}),
}
_AUDIT: Words = {
    "verify": (
        "look at all of it",
        audit_verify,
        {"--heads": {"default": "", "metavar": "FILE", "help": "heads that were kept, one a line"}},
    ),
    "head": ("the signed head, to keep elsewhere", audit_head, {}),
    "export": ("every entry", audit_export, {"--after": {"type": int, "default": 0}}),
}
_ACCOUNTS: Words = {
    "use": (
        "let people sign in by them",
        accounts_use,
        {"--issuer": _needed("its address"), "--client-id": _needed("what it calls this register")},
    ),
    "link": (
        "say whose an account is",
        accounts_link,
        _ID | {"--subject": _needed("the account's sub; for Entra tenant:object")},
    ),
}
