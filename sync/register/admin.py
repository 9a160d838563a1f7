"""What the council's administrator does: start a register, add people, give codes, close access.

Plain functions over a store, for the command line. Refuses to show a key, and to bring a code back.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from forms.values import Clock, Role, SystemClock, new_id
from sync.protocol import WireTreeHead
from sync.register import audit, auth, logins, migrations, oidc
from sync.register.batch import Batch
from sync.register.errors import NotAllowed
from sync.register.rows import Device, Person
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore
from sync.register.system import Pen
from sync.signing import new_code, new_key, public_of, split_code

CODE_LASTS = timedelta(minutes=10)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_LONGEST_NAME = 120


def init(store: RegisterStore, pack: str = "", *, clock: Clock | None = None) -> None:
    """Give a register its history's name and its signing key, once. Safe to call again.

    Raises NotAllowed where the register works by another pack: that is published, and logged.
    """
    now = (clock or SystemClock()).now()

    def work(tx: Tx) -> None:
        migrations.in_turn(tx.connection)  # two that start at once begin one history
        if not tx.people.setting("epoch"):
            tx.people.set_setting("epoch", new_id())
            tx.people.set_setting("signing_key", new_key().hex())
            tx.people.set_setting("started_at", now.isoformat())
        used = tx.people.setting("pack")
        if pack and used and used != pack:
            raise NotAllowed(
                f"This register works by the pack {used}. Nothing was changed. To change it: "
                f"hedgerow register packs publish {pack}."
            )
        if pack and not used:
            tx.people.set_setting("pack", pack)
            about = {"pack": pack, "first": True}
            audit.note(tx, audit.Act(act="pack", by=audit.SYSTEM_ACTOR, about=about), now)

    store.write(work)


def programme(store: RegisterStore) -> str:
    """The name of the pack that the register works by, or ''."""
    return store.read(lambda tx: tx.people.setting("pack"))


def is_made(store: RegisterStore) -> bool:
    """Whether a register was ever made in this database."""
    return bool(store.read(lambda tx: tx.people.setting("epoch")))


def signing_key(store: RegisterStore) -> bytes:
    """The key that signs receipts and answers."""
    found = store.read(lambda tx: tx.people.setting("signing_key"))
    if not found:
        init(store)
        found = store.read(lambda tx: tx.people.setting("signing_key"))
    return bytes.fromhex(found)


def register_key(store: RegisterStore) -> bytes:
    """The public half, which laptops pin."""
    return public_of(signing_key(store))


def add_person(
    store: RegisterStore,
    actor_id: str,
    name: str,
    role: Role | str,
    *,
    clock: Clock | None = None,
    active: bool = True,
) -> Person:
    """Add somebody to the programme, or change their name, role or place; laptops learn of it.

    Raises NotAllowed for a new id that could not travel, or a new name that nobody could read; who
    is there already under such a one can still be let go.
    """
    known = store.read(lambda tx: _known(tx, actor_id))
    if known is None:
        _fit_id(actor_id)
    if known is None or known.name != name:
        _fit_name(name)
    person = Person(id=actor_id, name=name, role=Role(role), active=active)
    now = (clock or SystemClock()).now()

    store.write(lambda tx: write_person(tx, person, now))
    return person


def write_person(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody as they are from now on; colleagues' laptops are told."""
    tx.people.add_person(person, now)
    batch = Batch(tx=tx, person=person, now=now, act="person", by=audit.SYSTEM_ACTOR)
    batch.about = {"person": person.id, "role": person.role.value, "active": person.active}
    pen = Pen(batch=batch, actor_id=person.id)
    values = {"name": person.name, "role": person.role.value, "active": person.active}
    pen.write("colleague", person.id, values, new=True)
    pen.finish()


def _fit_id(actor_id: str) -> None:
    """An id goes into every op and every entry of the log: what cannot travel never gets in."""
    if not _ID.fullmatch(actor_id):
        raise NotAllowed(
            "A person's id has 1 to 64 letters, digits, dots, dashes, underscores or @, and begins "
            "with a letter or a digit. Nothing was changed."
        )


def _known(tx: Tx, actor_id: str, *, hold: bool = False) -> Person | None:
    """Who has this id; nobody one that no database can be asked for."""
    return tx.people.person(actor_id, hold=hold) if _can_be_asked(actor_id) else None


def _can_be_asked(text: str) -> bool:
    return "\x00" not in text and text.encode(errors="replace").decode() == text


def _fit_name(name: str) -> None:
    """It is shown on one line of a list."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise NotAllowed(
            f"A person's name has 1 to {_LONGEST_NAME} letters on one line, and is more than "
            "blanks. Nothing was changed."
        )


def disable_person(store: RegisterStore, actor_id: str, clock: Clock) -> Person:
    """Somebody has left: nothing of theirs is let in any more. Raises NotAllowed."""
    known = store.read(lambda tx: _known(tx, actor_id))
    if known is None:
        raise NotAllowed(
            "Nobody in the programme has that id. Nothing was changed. "
            "Who is: hedgerow register users list."
        )
    return add_person(store, known.id, known.name, known.role, clock=clock, active=False)


def audit_head(store: RegisterStore) -> WireTreeHead:
    """The signed head of the audit log as it stands."""
    key = signing_key(store)
    return store.read(lambda tx: audit.head(tx, key, tx.people.setting("epoch")))


def enrol_code(store: RegisterStore, actor_id: str, clock: Clock) -> str:
    """A code for one device of this person: works once, for ten minutes."""
    now = clock.now()

    def work(tx: Tx) -> str:
        person = _known(tx, actor_id, hold=True)
        if person is None or not person.active:
            raise NotAllowed(
                "Nobody active in the programme has that id. No code was made. "
                "Who is: hedgerow register users list."
            )
        while True:
            code = new_code()
            locator, secret = split_code(code)
            if tx.people.add_code(locator, secret, actor_id, now + CODE_LASTS):
                act = audit.Act(act="code", by=audit.SYSTEM_ACTOR, about={"person": actor_id})
                audit.note(tx, act, now)
                return code

    return store.write(work)


def sign_in_with(store: RegisterStore, issuer: str, client_id: str, *, clock: Clock) -> None:
    """Let people sign in by the council's own accounts. Raises IssuerFault.

    Whoever came in by others of before is out.
    """
    now = clock.now()
    one = oidc.Issuer(issuer=issuer, client_id=client_id)
    oidc.safe_address(issuer)
    oidc.published(issuer)  # it has to answer, and under that name

    def work(tx: Tx) -> None:
        before = tx.people.setting(oidc.SETTING)
        tx.people.set_setting(oidc.SETTING, msgspec.json.encode(one).decode())
        about = {"issuer": issuer}
        act = audit.Act(act="sign-in set up", by=audit.SYSTEM_ACTOR, about=about)
        audit.note(tx, act, now)
        if before and msgspec.json.decode(before, type=oidc.Issuer).issuer != issuer:
            _end_everybodys(tx, now, "another sign-in was set up")

    store.write(work)


def link_account(store: RegisterStore, actor_id: str, subject: str, *, clock: Clock) -> None:
    """Say whose an account is: its `sub`, or `tid:oid` for Entra. Raises NotAllowed.

    Whose it was before is out: it may be the account that somebody came in by.
    """
    now = clock.now()

    def work(tx: Tx) -> None:
        text = tx.people.setting(oidc.SETTING)
        if _known(tx, actor_id) is None or not text:
            raise NotAllowed(
                "Nothing was changed. First add the person (users add), and set up the council's "
                "sign-in (accounts use)."
            )
        if not subject.isprintable():
            raise NotAllowed("No account has such a name. Nothing was changed.")
        issuer = msgspec.json.decode(text, type=oidc.Issuer).issuer
        was = tx.logins.person_of(issuer, subject)
        tx.logins.link(issuer, subject, actor_id)
        moved = {"was": was} if was and was != actor_id else {}
        about = {"person": actor_id} | moved
        audit.note(tx, audit.Act(act="account", by=audit.SYSTEM_ACTOR, about=about), now)
        if moved:
            _end_logins(tx, was, now, "the account is another person's now")

    store.write(work)


def accounts(store: RegisterStore) -> tuple[str, list[tuple[str, str, str]]]:
    """The issuer that people sign in by, or '', and whose each account is."""

    def work(tx: Tx) -> tuple[str, list[tuple[str, str, str]]]:
        text = tx.people.setting(oidc.SETTING)
        issuer = msgspec.json.decode(text, type=oidc.Issuer).issuer if text else ""
        return issuer, tx.logins.linked()

    return store.read(work)


def unlink_account(store: RegisterStore, actor_id: str, *, clock: Clock) -> int:
    """No account is this person's any more, and their logins end. Raises NotAllowed.

    Returns how many logins ended.
    """
    now = clock.now()

    def work(tx: Tx) -> int:
        if not tx.logins.unlink(actor_id):
            raise NotAllowed("No account is linked to that person. Nothing was changed.")
        about = {"person": actor_id, "unlinked": True}
        audit.note(tx, audit.Act(act="account", by=audit.SYSTEM_ACTOR, about=about), now)
        return _end_logins(tx, actor_id, now, "the account was unlinked")

    return store.write(work)


def stop_sign_in(store: RegisterStore, *, clock: Clock) -> int:
    """Nobody signs in by the council's accounts any more; who is in is out. Laptops go on.

    Raises NotAllowed where nobody could. Returns how many logins ended.
    """
    now = clock.now()

    def work(tx: Tx) -> int:
        if not tx.people.setting(oidc.SETTING):
            raise NotAllowed("Nobody signs in by accounts here. Nothing was changed.")
        tx.people.set_setting(oidc.SETTING, "")
        act = audit.Act(act="sign-in stopped", by=audit.SYSTEM_ACTOR, about={})
        audit.note(tx, act, now)
        return _end_everybodys(tx, now, "sign-in was stopped")

    return store.write(work)


def _end_logins(tx: Tx, actor_id: str, now: datetime, why: str) -> int:
    found = tx.logins.of(actor_id)
    for one in found:
        logins.end(tx, one, now, why)
    return len(found)


def _end_everybodys(tx: Tx, now: datetime, why: str) -> int:
    return sum(_end_logins(tx, one.id, now, why) for one in tx.people.people())


def devices(store: RegisterStore, actor_id: str = "") -> list[Device]:
    """Devices of one person or of everybody."""
    return store.read(lambda tx: tx.people.devices(actor_id))


def revoke(store: RegisterStore, device_id: str, clock: Clock, *, retired: bool = False) -> bool:
    """Close a device's access from its next request on. False when it was closed just so already.

    One that is `retired`, not lost, may still send what it had not sent: see `quarantine`.
    """
    now: datetime = clock.now()

    def work(tx: Tx) -> bool:
        known = tx.people.device(device_id)
        by = audit.SYSTEM_ACTOR
        return known is not None and auth.close_device(tx, known, now, by=by, retired=retired)

    return store.write(work)


def new_history(store: RegisterStore, clock: Clock | None = None) -> str:
    """After putting a copy back: a new epoch, so that every laptop says again what is missing."""
    now = (clock or SystemClock()).now()
    return store.write(lambda tx: begin_history(tx, now))


def begin_history(tx: Tx, now: datetime) -> str:
    """The same, in a transaction that does more."""
    epoch, old = new_id(), tx.people.setting("epoch")
    tx.people.set_setting("epoch", epoch)
    top, chain = tx.log.top()
    about = {"epoch": epoch, "was": old, "feed": top, "chain": chain}
    act = audit.Act(act="epoch", by=audit.SYSTEM_ACTOR, about=about)
    audit.note(tx, act, now)
    return epoch
