"""The core operations of a vault, each through the product's own door, for the suites of bad disks.

`INSIDE` are done with an open vault; `OUTSIDE` make, open, close or mend one in a folder. Refuses
to judge: what must hold after a refusal is said by the suites.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from forms.change import Head
from forms.facts.casework import CoachingSession
from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import import_export, pace
from storage.vault import Vault
from tests.faults.test_put_back import damage_drafts, lived_in
from tests.storage.golden import VAULTS
from tests.storage.register_pages import IDENTITY, ack, clash_state, page, part, state_of
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, full_record, new_vault, reopen

PDF = b"%PDF-1.7 letter"
ONE, CLASH, TWO = "0190-one", "0190-two", "0190-gone"
COUNCIL = X25519PrivateKey.generate().public_key().public_bytes_raw()


def lived(folder: Path) -> Vault:
    """A vault with what the operations need, open."""
    vault = new_vault(folder)
    vault.exchange.adopt(IDENTITY)
    people = [Enterprise(id=one, name="One", phone="1") for one in (ONE, CLASH, TWO)]
    vault.exchange.absorb(page(*(state_of(one) for one in people)), NOON)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, ONE, phone="before")
        unit.ask(full_record(KINDS["decision_request"]))
    mine, theirs = (
        Head(dot=dot, value=value, actor_id="coach-2", at=NOON)
        for dot, value in (("9.8", "x"), ("9.9", "y"))
    )
    vault.exchange.absorb(page(clash_state(CLASH, mine, theirs, place="y"), seq=12), NOON)
    vault.files.store(PDF, name="old.pdf")
    vault.drafts.keep("old", "kept text")
    vault.back_up()
    return vault


def add(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        one = Enterprise(id=new_id(), name="Added", phone="0777")
        unit.add(one)
        unit.add(CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note="n"))


def edit(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, ONE, phone="2", place="Deal")


def remove(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.remove(Enterprise, ONE)


def settle(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.settle(vault.reader.conflicts()[0].id, "settled")


def ask(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.ask(full_record(KINDS["decision_request"]))  # type: ignore[arg-type]


def keep_draft(vault: Vault) -> None:
    vault.drafts.keep("k", "typed")


def drop_draft(vault: Vault) -> None:
    vault.drafts.drop("old")


def store_file(vault: Vault) -> None:
    vault.files.store(PDF + os.urandom(4).hex().encode(), name="a.pdf")


def take_page(vault: Vault) -> None:
    vault.exchange.absorb(page(part(Enterprise, ONE, "9.7", place="Hythe"), seq=20), NOON)


def take_whole(vault: Vault) -> None:
    """In one step, however busy the machine is: what is left to a next one is no half."""
    told = page(state_of(Enterprise(id="new", name="N")), seq=21, whole=True)
    with patch.object(pace, "MOST", 3600.0):
        vault.exchange.absorb(told, NOON)


def let_go(vault: Vault) -> None:
    vault.exchange.absorb(page(seq=22, left=(TWO,)), NOON)


def erase(vault: Vault) -> None:
    gone = part(Enterprise, TWO, "9.9", name="", anonymised_on="2026-03-02")
    vault.exchange.absorb(page(gone, seq=23), NOON)


def take_receipts(vault: Vault) -> None:
    ack(vault)


def take_answer(vault: Vault) -> None:
    (asked,) = vault.exchange.waiting_decisions()
    vault.exchange.answer(asked.id, state="granted", at=NOON)


def join_again(vault: Vault) -> None:
    vault.exchange.adopt(replace(IDENTITY, incarnation=int.from_bytes(os.urandom(3), "big")))


def ask_all_again(vault: Vault) -> None:
    vault.exchange.reset_bookmark()


def copy(vault: Vault) -> None:
    vault.back_up()


def change_words(vault: Vault) -> None:
    vault.access.change_passphrase(PASSPHRASE, PASSPHRASE, cost=TINY)


def new_sheet(vault: Vault) -> None:
    vault.access.new_sheet()


def let_council_in(vault: Vault) -> None:
    vault.access.use_escrow(COUNCIL)


def export(vault: Vault) -> None:
    vault.export_to(vault.place.folder / f"out-{new_id()}")


def export_zip(vault: Vault) -> None:
    vault.export_to(vault.place.folder / f"out-{new_id()}.zip")


def fold(vault: Vault) -> None:
    vault._db.checkpoint()


INSIDE: tuple[Callable[[Vault], None], ...] = (
    add,
    edit,
    remove,
    settle,
    ask,
    keep_draft,
    drop_draft,
    store_file,
    take_page,
    take_whole,
    let_go,
    erase,
    take_receipts,
    take_answer,
    join_again,
    ask_all_again,
    copy,
    change_words,
    new_sheet,
    let_council_in,
    export,
    export_zip,
    fold,
)
LONG = (copy, export, export_zip)  # these write page after page, file after file


@dataclass(frozen=True, slots=True)
class Outside:
    """What is done to a folder: how it lies before, and the operation."""

    name: str
    ready: Callable[[Path], object]
    run: Callable[[Path], None]
    people: int  # enterprises that must be there in the end
    stride: int  # in a short run every so many steps are refused


def killed(folder: Path) -> None:
    """A vault whose process ended with edits in the log only."""
    with lived(folder.with_name("alive")) as vault:
        add(vault)
        shutil.copytree(vault.place.folder, folder)
    shutil.rmtree(folder.with_name("alive"))


def old_release(folder: Path) -> None:
    shutil.copytree(VAULTS / "0.1.0", folder)


def empty(folder: Path) -> None:
    new_vault(folder).close()
    with lived(folder.with_name("alive")) as vault:
        vault.export_to(folder.with_name("out"))


def damaged(folder: Path) -> None:
    lived_in(folder)
    damage_drafts(folder)


def locked_anew(folder: Path) -> None:
    lived(folder).close()


def put_back(folder: Path) -> None:
    Vault.put_back(folder, passphrase=PASSPHRASE)


def re_key(folder: Path) -> None:
    Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=PASSPHRASE, cost=TINY)


def create(folder: Path) -> None:
    new_vault(folder).close()


def open_and_close(folder: Path) -> None:
    reopen(folder).close()


def read_in(folder: Path) -> None:
    with reopen(folder) as vault:
        contents = import_export.read(folder.with_name("out"))
        import_export.fill(vault._db, vault.files, contents)


OUTSIDE = (
    Outside("create", lambda folder: None, create, 0, 61),
    Outside("open after a kill", killed, open_and_close, 4, 61),
    Outside("bring up an old release", old_release, open_and_close, 2, 307),
    Outside("read in an export", empty, read_in, 3, 97),
    Outside("put back a copy", damaged, put_back, 2, 97),
    Outside("lock with a new key", locked_anew, re_key, 3, 307),
)
