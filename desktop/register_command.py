"""`hedgerow register users | devices | packs | accounts | ...`: for a council's IT.

Each word does one thing and says in a sentence what was done. Refuses to show a key or to take a
secret on the command line.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.register_keeping_command import (
    ALONE,
    AUDIT,
    BACKUPS,
    INTO_NOTHING,
    RETENTION,
    WITHOUT_REGISTER,
)
from desktop.register_keys_command import KEYS
from desktop.register_saying import (
    JSON,
    MOMENT,
    Words,
    at_least,
    clock,
    moment,
    needed,
    plain,
    say,
    say_object,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sync.register.store import RegisterStore

Handler = Callable[[argparse.Namespace], int]
Opening = Callable[..., "AbstractContextManager[RegisterStore]"]
ROLES = ("coach", "lead", "qa", "finance", "auditor")


def add_words(
    doing: Any, finish: Callable[[argparse.ArgumentParser, Handler], None], opened: Opening
) -> None:
    """The words below `hedgerow register`."""
    _add(doing, ALONE, finish, opened)
    for name, about, words in GROUPS:
        group = doing.add_parser(name, help=about)
        group.set_defaults(run=lambda _, group=group: group.error("say what to do"))
        inner = group.add_subparsers(title="commands", metavar="")
        _add(inner, words, finish, opened)


def _add(
    group: Any,
    words: Words,
    finish: Callable[[argparse.ArgumentParser, Handler], None],
    opened: Opening,
) -> None:
    for word, (about, run, takes) in words.items():
        text = f"{about[0].upper()}{about[1:]}."
        parser = group.add_parser(word, help=about, description=text)
        for argument, settings in takes.items():
            parser.add_argument(argument, **settings)
        finish(parser, run if run in WITHOUT_REGISTER else _with(run, opened))


def _with(run: Callable[[RegisterStore, argparse.Namespace], int], opened: Opening) -> Handler:
    def handler(arguments: argparse.Namespace) -> int:
        with opened(arguments, new=run in INTO_NOTHING) as store:
            return run(store, arguments)

    return handler


def users_list(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Who is in the programme."""
    everybody = store.read(lambda tx: tx.people.people())
    if arguments.json:
        say_object([plain(one, "id", "role", "name", "active") for one in everybody])
        return 0
    for one in everybody:
        place = "" if one.active else "  (left)"
        say(f"{one.id:20} {one.role.value:10} {one.name}{place}")
    if not everybody:
        say("Nobody is in the programme yet: hedgerow register users add.")
    return 0


def users_add(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Add somebody, or change their name or role."""
    from sync.register import admin

    before = store.read(lambda tx: tx.people.person(arguments.id))
    admin.add_person(store, arguments.id, arguments.name, arguments.role)
    say(f"{arguments.name} is in the programme as {arguments.role}.")
    if before is not None and not before.active:
        say(
            "They had left: laptops of theirs that were not closed one by one are let in again. "
            f"See hedgerow register devices list --of {arguments.id}."
        )
    return 0


def users_disable(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Somebody has left: every laptop and login of theirs is closed."""
    from sync.register import admin

    before = store.read(lambda tx: tx.people.person(arguments.id))
    if before is not None and not before.active:
        say(f"{before.name} was out already. Nothing was changed.")
        return 0
    gone = admin.disable_person(store, arguments.id, clock())
    list_beside(store, arguments)
    say(f"{gone.name} is out. Their next request is refused; unsent work stays sealed with them.")
    return 0


def list_beside(store: RegisterStore, arguments: argparse.Namespace) -> None:
    """A closing goes into the list beside a SQLite database: no copy undoes it.

    Elsewhere it comes with the next start of the register, or the next daily copy.
    """
    from desktop.command_line import register_url
    from sync.register import journal

    beside = journal.beside_database(register_url(arguments))
    if beside is not None:
        journal.keep_or_log(store, beside)


def devices_list(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Which laptops there are, and when each was last heard."""
    from sync.register import admin

    found = admin.devices(store, arguments.of)
    if arguments.json:
        names = ("id", "person_id", "label", "enrolled_at", "seen_at", "revoked_at")
        say_object([plain(one, *names) for one in found])
        return 0
    for one in found:
        closed = f"closed {moment(one.revoked_at)}" if one.revoked_at else "open"
        say(f"{one.id}  {one.person_id:20} heard {moment(one.seen_at)}  {closed}  {one.label}")
    if not found:
        say("No laptop is known here." if not arguments.of else "Nobody of that id has a laptop.")
    return 0


def devices_revoke(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Close a laptop's access from its next request on."""
    from sync.register import admin

    if admin.revoke(store, arguments.id, clock(), retired=arguments.retired):
        list_beside(store, arguments)
        say("Closed. It is refused from its next request on.")
        if arguments.retired:
            say("It may still send what it had not sent: see register devices unsent.")
        return 0
    say("No laptop has that number, or it was closed just so already. Nothing was changed.")
    return 1


def devices_unsent(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """What closed laptops sent last, and nobody has looked at yet."""
    from sync.register import quarantine

    waiting = quarantine.kept(store)
    if arguments.json:
        names = ("actor_id", "verb", "kind", "record_id")
        seen = [(one, plain(one.op, *names)) for one in waiting]
        say_object(
            [{"number": one.feed_seq, "received_at": one.received_at} | op for one, op in seen]
        )
        return 0
    for one in waiting:
        when = f"{one.received_at:{MOMENT}}"
        fields = ", ".join(sorted(one.op.fields))
        say(f"{one.feed_seq}  {when}  {one.op.actor_id}  {one.op.verb} {one.op.kind}: {fields}")
    if not waiting:
        say("Nothing waits.")
    return 0


def devices_take(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Let what a closed laptop sent last count, by number."""
    from sync.register import quarantine

    done = quarantine.take_in(store, arguments.number, by=arguments.by, clock=clock())
    for place, one in done.items():
        how = one.result.partition(":")[0]
        why = f" As its coach would read it: “{one.words}”" if one.words and how != "held" else ""
        say(f"{place}: {_BECAME[how]}{why}")
    missing = sorted(set(arguments.number) - set(done))
    if missing:
        say(f"Nothing waits under {', '.join(map(str, missing))}.")
    left = [one for one in done.values() if not one.result.startswith(("ok", "clash"))]
    return 1 if missing or left else 0


_BECAME = {
    "ok": "counts now.",
    "clash": "counts now; another value stands beside it, and the coach is asked which is right.",
    "partly": "counts in part.",
    "held": "still waits: take what its record came with first.",
    "refused": "does not count, and waits no more.",
}


def packs_list(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Packs that came with the program, those that were published, and the one in use."""
    from forms.rules.pack_file import load_pack, pack_names
    from sync.register import admin, packs

    used, told = admin.programme(store), packs.published(store)
    rows: list[dict[str, Any]] = []
    for pack in map(load_pack, pack_names()):
        here = pack.id == used and not any(one.in_use for one in told)
        rows.append(plain(pack, "id", "version", "title") | {"in_use": here, "published_at": ""})
    for one in told:
        names = ("version", "title", "in_use", "published_at")
        rows.append({"id": one.pack_id, "number": one.record_id} | plain(one, *names))
    if arguments.json:
        say_object(rows)
        return 0
    for row in rows:
        when = "shipped"
        if row["published_at"]:
            when = f"published {moment(row['published_at'])}, number {row['number']}"
        mark = "*" if row["in_use"] else " "
        say(f"{mark} {row['id']:20} {row['version']:12} {row['title']}  ({when})")
    return 0


def packs_add(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Check a pack whole, sign it, and tell every laptop."""
    from sync.register import packs

    # a pack with a fault raises, with every fault in words
    return _published(packs.add(store, Path(arguments.file), clock()))


def packs_publish(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """The same for a pack that came with the program."""
    from sync.register import packs

    return _published(packs.add_shipped(store, arguments.name, clock()))


def packs_export(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Write a published pack into a signed file."""
    from sync.register import packs

    packs.write_signed(store, arguments.number, Path(arguments.file))
    say("Written. It opens nothing and names nobody; this register takes it again: packs add.")
    return 0


def _published(pack: Any) -> int:
    agreed = f", agreed by {pack.definitions_agreed_by}" if pack.definitions_agreed_by else ""
    say(f"The register works by: {pack.title}, version {pack.version}{agreed}.")
    say("Laptops fetch it with their next round and use it from their next start.")
    return 0


def accounts_use(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Let people sign in by the council's own accounts."""
    from sync.register import admin
    from sync.register.errors import NotAllowed
    from sync.register.oidc import IssuerFault

    try:
        admin.sign_in_with(store, arguments.issuer, arguments.client_id, clock=clock())
    except IssuerFault as error:
        raise NotAllowed(f"{error} Nothing was changed.") from error
    say("People can sign in by the council's accounts once their account is linked.")
    return 0


def accounts_link(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Say whose an account is."""
    from sync.register import admin

    admin.link_account(store, arguments.id, arguments.subject, clock=clock())
    say("Linked.")
    return 0


def accounts_list(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Where people sign in, and whose each account is."""
    from sync.register import admin

    issuer, linked = admin.accounts(store)
    if arguments.json:
        rows = [{"id": who, "subject": account, "issuer": by} for who, account, by in linked]
        say_object({"issuer": issuer, "accounts": rows})
        return 0
    say(f"People sign in at {issuer}." if issuer else "Nobody signs in by accounts here.")
    for who, account, by in linked:
        say(f"{who:20} {account}" + ("" if by == issuer else f"  (of {by}: not in use)"))
    return 0


def accounts_unlink(store: RegisterStore, arguments: argparse.Namespace) -> int:
    """Take somebody's account from them, and end their logins."""
    from sync.register import admin

    ended = admin.unlink_account(store, arguments.id, clock=clock())
    say(f"Unlinked; logins that ended: {ended}. Their laptops go on: devices revoke closes one.")
    return 0


def accounts_stop(store: RegisterStore, _arguments: argparse.Namespace) -> int:
    """Close signing in by accounts."""
    from sync.register import admin

    ended = admin.stop_sign_in(store, clock=clock())
    say(f"Closed; logins that ended: {ended}. Laptops go on. accounts use opens it again.")
    return 0


_ID = {"--id": needed("whose")}
_USERS: Words = {
    "list": ("everybody", users_list, JSON),
    "add": (
        "add somebody, or change name or role",
        users_add,
        _ID
        | {
            "--name": needed("as colleagues see it"),
            "--role": needed("what they do", choices=ROLES),
        },
    ),
    "disable": ("somebody has left", users_disable, _ID),
}
_DEVICES: Words = {
    "list": (
        "all, or of one person",
        devices_list,
        {"--of": {"default": "", "help": "whose"}} | JSON,
    ),
    "revoke": (
        "close one",
        devices_revoke,
        {
            "--id": needed("the number in the list"),
            "--retired": {
                "action": "store_true",
                "help": "not lost: it may still send what it had not sent, to be looked at",
            },
        },
    ),
    "unsent": ("what closed ones sent last", devices_unsent, JSON),
    "take": (
        "let some of that count",
        devices_take,
        {
            "number": {"nargs": "+", "type": at_least(1), "help": "numbers in that list"},
            "--by": needed("who looked at it"),
        },
    ),
}
_PACKS: Words = {
    "list": ("all there are, and the one in use", packs_list, JSON),
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
_ACCOUNTS: Words = {
    "use": (
        "let people sign in by them",
        accounts_use,
        {"--issuer": needed("its address"), "--client-id": needed("what it calls this register")},
    ),
    "list": ("where people sign in, and whose each account is", accounts_list, JSON),
    "unlink": ("nobody's account is this person's any more", accounts_unlink, _ID),
    "stop": ("nobody signs in by accounts any more; laptops go on", accounts_stop, {}),
    "link": (
        "say whose an account is",
        accounts_link,
        _ID | {"--subject": needed("the account's sub; for Entra tenant:object")},
    ),
}
GROUPS: tuple[tuple[str, str, Words], ...] = (
    ("users", "people of the programme", _USERS),
    ("devices", "laptops", _DEVICES),
    ("packs", "programme packs", _PACKS),
    ("backups", "copies of the register", BACKUPS),
    ("retention", "what the schedule no longer keeps", RETENTION),
    ("audit", "the log of who did what", AUDIT),
    ("keys", "the key that the register signs with", KEYS),
    ("accounts", "signing in by the council's own accounts", _ACCOUNTS),
)
