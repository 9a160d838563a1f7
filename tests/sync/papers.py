"""Papers and photos in a play: added, sent in parts, fetched, erased, and what must hold of them.

Every paper that an acknowledged row names comes, whole, to every laptop in whose sight the row is,
or is said to be missing. What is called sent is there. Of somebody erased nothing is left.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select

from forms.facts.casework import Attachment
from forms.rules.decisions import decide as rules
from forms.values import Role, new_id
from sync import errors
from sync.client import files
from sync.client.files import fetch
from sync.protocol import DecideAsk
from sync.register.decide import decide
from sync.register.rows import Person
from sync.register.tables import upload
from tests.sync.world import kent

FAULTS = ("drop part", "drop part's answer", "slow part")
PART = 8  # bytes of the first one
BYTES = [b"a paper %d " % n * 3 for n in range(3)]  # in three parts
SMALL = [b"small %d" % n for n in range(3)]


@contextmanager
def small_parts():
    kept, files.FIRST_PART = files.FIRST_PART, PART
    try:
        yield
    finally:
        files.FIRST_PART = kept


def name_of(number, *, small=False):
    return hashlib.sha256((SMALL if small else BYTES)[number]).hexdigest()


def on_their_way(play, name):
    """How much has come of a file, from each laptop that sends it."""
    query = select(upload.c.held).where(upload.c.sha256 == name)
    return play.store.read(lambda tx: tx.connection.execute(query).scalars().all())


def add(play, name, number, case=""):
    """A photo with its small copy, if the laptop has the case."""
    laptop, case = play.laptops[name], case or play.beside
    held = laptop.records.get(case)
    if held is None or held.deleted:
        return None
    whole, small = laptop.files.store(BYTES[number]), laptop.files.store(SMALL[number])
    return laptop.add(
        Attachment(
            id=new_id(), enterprise_id=case, sha256=whole.sha256, size=whole.size,
            mime="image/jpeg", small_sha256=small.sha256, small_size=small.size,
        )
    ).id  # fmt: skip


def look(play, name, fault=""):
    """Somebody opens a photo that is not on this laptop. Whether it came."""
    laptop = play.laptops[name]
    for fields in laptop.files.papers().values():
        sha256 = fields["sha256"]
        if sha256 not in laptop.files.bytes:
            play.wires[name].fault = fault
            try:
                return fetch(laptop, play.wires[name], play.clocks[name], sha256)
            except errors.SyncError:
                return None
            finally:
                play.wires[name].fault = ""
    return None


def shows(play, name, number):
    """Whether a laptop can show a paper, from its own disk or from the register."""
    here = play.laptops[name].files.bytes.get(name_of(number)) or look(play, name)
    return here == BYTES[number]


def erase(play, case=""):
    """Two leads erase the person of a case."""
    for who in ("lee", "kay"):
        ask = DecideAsk(
            id=new_id(), name="person.erase", subject=case or play.beside,
            asked_by=who, asked_at=play.clock.now(),
        )  # fmt: skip
        caller = SimpleNamespace(
            person=Person(id=who, name=who, role=Role.LEAD), device=SimpleNamespace(id="")
        )
        play.store.decide(
            lambda tx, ask=ask, caller=caller: decide(
                tx, caller, ask, kent(), play.clock.now(), rules
            )
        )


def check(play):
    """When all is quiet again."""
    rows = play.store.read(
        lambda tx: (
            {r.id: r for r in tx.records.of_kind("attachment")}
            | {r.id: r for r in tx.records.of_kind("enterprise")}
        )
    )
    named = {i: r for i, r in rows.items() if r.kind == "attachment"}
    if not named:
        return
    laptops = play.open_laptops()
    for name, laptop in laptops.items():  # a day later
        laptop.compared = play.clocks[name].now() - timedelta(days=2)
        play._round(name)
    whole = play.store.read(
        lambda tx: tx.blobs.complete({r.fields["sha256"] for r in named.values()})
    )
    standing = {i: r for i, r in named.items() if not r.deleted}
    for record_id, row in standing.items():
        _comes(play, laptops, record_id, row.fields["sha256"], whole)
    _erased(play, laptops, rows, {r.fields["sha256"] for r in standing.values()})


def _comes(play, laptops, record_id, sha256, whole):
    for name, laptop in laptops.items():
        here = laptop.files.bytes.get(sha256)
        assert here is None or hashlib.sha256(here).hexdigest() == sha256, "half a paper"
        if here is not None and record_id in laptop.files.named_by(sha256):
            assert sha256 in whole, f"{name} has a paper that never came"
    for name, laptop in laptops.items():
        if record_id not in laptop.records:
            continue
        assert sha256 not in laptop.files.sent or sha256 in whole, "called sent, and is not there"
        if sha256 in laptop.files.bytes:
            continue  # looked at above
        if sha256 in whole:
            data = fetch(laptop, play.wires[name], play.clocks[name], sha256)
            assert hashlib.sha256(data).hexdigest() == sha256
        else:
            _missing(play, name, sha256)


def _missing(play, name, sha256):
    try:
        fetch(play.laptops[name], play.wires[name], play.clocks[name], sha256)
    except errors.Refused as error:
        assert "not at the council yet" in str(error)  # noqa: PT017 - the words are what counts
    else:
        raise AssertionError("a paper that is not there was shown")


def _erased(play, laptops, rows, standing):
    gone = {
        row.fields["sha256"]
        for row in rows.values()
        if row.kind == "attachment"
        and row.deleted
        and row.enterprise_id in rows
        and rows[row.enterprise_id].fields.get("anonymised_on")
    } - standing
    kept = play.store.read(lambda tx: [n for n in gone if tx.blobs.status(n) is not None])
    kept += [n for n in gone if on_their_way(play, n)]
    assert not kept, "bytes of somebody erased"
    for name, laptop in laptops.items():
        mine = {f["sha256"] for f in laptop.files.papers().values()}
        for one in gone - mine:
            if any(h.fields.get("sha256") == one for h in laptop.records.values()):
                assert one not in laptop.files.bytes, f"{name} keeps a paper of somebody erased"
