"""A working day on a recorded disk: what was done, what was called saved, and when.

Every operation here goes through the product's own doors. After each return it is written down what
a person was told is safe; `missing` compares that with a folder that is left after the lights. A
page of the register is promised with whatever is saved after it; until then it may be missing if
its place in the feed is missing too, and it is asked for again.

Refuses to accept less: an open vault that lacks one acknowledged thing is a loss.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from forms.facts.people import Enterprise
from storage import backup, copied_files, rebuild, slots
from storage.check import problems
from storage.database import Database
from storage.errors import StorageError, WrongPassphrase
from storage.keys import SecretKey
from storage.place import Place
from storage.vault import Vault
from tests.faults.disk import Disk, Event
from tests.storage.register_pages import IDENTITY, ack, page, part
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen


@dataclass(frozen=True, slots=True)
class Told:
    """A thing and its newest number: begun before some event, called saved at another."""

    what: str
    number: int
    begun: int
    saved: int


@dataclass(slots=True)
class Day:
    """The events of a disk and what was told on the way."""

    events: list[Event]
    told: list[Told] = field(default_factory=list)
    fetched: list[Told] = field(default_factory=list)  # pages, promised or not
    hashes: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)

    def saved_by(self, event: int) -> dict[str, int]:
        """The newest number of each thing that was called saved by then."""
        return {one.what: one.number for one in self.told if one.saved <= event}

    def begun_by(self, event: int) -> dict[str, int]:
        """The newest number of each thing that had been begun by then."""
        return {one.what: one.number for one in self.told if one.begun <= event}

    def moments(self) -> list[int]:
        """Just after each "saved": where a promise is youngest."""
        return [one.saved for one in (*self.told, *self.fetched)]


class Worker:
    """Does one thing after another, by chance."""

    def __init__(self, folder: Path, disk: Disk, seed: int, *, pages: int) -> None:
        self.disk, self.folder, self.fold_at = disk, folder, pages
        self.day = Day(disk.events)
        self.chance = random.Random(seed)  # noqa: S311 - a seed, not a secret
        self.number = 0
        self.people: list[str] = []
        self.pages: list[Told] = []  # put away, and not promised yet
        self._tell("vault", self._create)

    def work(self, steps: int) -> Day:
        """So many operations; closed at the end."""
        often = (self._add, self._edit, self._edit, self._draft, self._take_page)
        seldom = (self._receipts, self._file, self._words, self._fold, self._close_and_open)
        for number in range(steps):
            if number % 29 == 28:
                self._copy()
            else:
                self.chance.choice((*often, *often, *seldom))()
        self.vault.close()
        return self.day

    def _tell(self, what: str, do: Callable[[], None]) -> None:
        begun = len(self.disk.events)
        do()
        saved = len(self.disk.events)
        self.day.told.append(Told(what, self.number, begun, saved))
        if what[0] in "edf":  # a record, a draft, a file: one commit that waits
            self._promise_pages()

    def _promise_pages(self) -> None:
        saved = len(self.disk.events)
        self.day.told += [replace(one, saved=saved) for one in self.pages]
        self.pages.clear()

    def _create(self) -> None:
        new_vault(self.folder).close()
        self._open()
        self.vault.exchange.adopt(IDENTITY)

    def _open(self) -> None:
        self.vault = reopen(self.folder, passphrase=_words(self.day, len(self.disk.events)))
        self.vault._db.rows(f"PRAGMA wal_autocheckpoint = {self.fold_at}")

    def _add(self) -> None:
        self.number += 1
        one = f"e{self.number:05d}"
        self._tell(one, lambda: self._write(Enterprise(id=one, name="n", phone=str(self.number))))
        self.people.append(one)

    def _write(self, record: Enterprise) -> None:
        with self.vault.change(by=COACH, at=NOON) as unit:
            unit.add(record)

    def _edit(self) -> None:
        if not self.people:
            return
        self.number += 1
        one = self.chance.choice(self.people)
        long = "x" * self.chance.randrange(3000)

        def edit() -> None:
            with self.vault.change(by=COACH, at=NOON) as unit:
                unit.set(Enterprise, one, phone=str(self.number), access_needs=long)

        self._tell(one, edit)

    def _draft(self) -> None:
        self.number += 1
        self._tell("draft", lambda: self.vault.drafts.keep("k", str(self.number)))

    def _take_page(self) -> None:
        self.number += 1
        one, place = f"r{self.number:05d}", str(self.number)
        state = part(Enterprise, one, f"9.{self.number}", name="R", phone=place)
        begun = len(self.disk.events)
        self.vault.exchange.absorb(page(state, seq=self.number), NOON)
        told = Told(one, self.number, begun, len(self.disk.events))
        self.pages.append(told)
        self.day.fetched.append(told)

    def _receipts(self) -> None:
        begun = len(self.disk.events)
        newest = self.vault.exchange.last_seq()
        if not newest:
            return
        ack(self.vault)
        self.day.told.append(Told("sent", newest, begun, len(self.disk.events)))
        self._promise_pages()

    def _file(self) -> None:
        self.number += 1
        what = f"file {self.number}"

        def store() -> None:
            data = b"%PDF-1.7 " + str(self.number).encode() * self.chance.randrange(1, 9000)
            self.day.hashes[what] = self.vault.files.store(data, name="a.pdf").sha256

        self._tell(what, store)

    def _words(self) -> None:
        old = _words(self.day, len(self.disk.events))
        self.number += 1
        new = f"{PASSPHRASE} {self.number}"
        self._tell("words", lambda: self.vault.access.change_passphrase(old, new, cost=TINY))

    def _copy(self) -> None:
        self.number += 1
        what = f"copy {self.number}"

        def take() -> None:
            self.day.copies[what] = self.vault.back_up().name

        self._tell(what, take)

    def _fold(self) -> None:
        self.vault._db.checkpoint()
        self._promise_pages()

    def _close_and_open(self) -> None:
        self.vault.close()
        self._promise_pages()
        self._open()


def _words(day: Day, event: int, *, begun: bool = False) -> str:
    """The passphrase by then."""
    number = (day.begun_by(event) if begun else day.saved_by(event)).get("words")
    return PASSPHRASE if number is None else f"{PASSPHRASE} {number}"


def missing(folder: Path, day: Day, event: int) -> list[str]:
    """What was called saved before this event and is not in what is left; `whole` if not whole."""
    saved, begun = day.saved_by(event), day.begun_by(event)
    if "vault" not in saved:
        return _not_made(folder)
    try:
        with _opened(folder, day, event) as vault:
            if problems(vault._db) or rebuild.differences(vault._db):
                return ["whole"]
            now = _seen(vault, day, saved)
            place = vault.exchange.bookmark().seq
            skipped = [
                f"page {one.number}"
                for one in day.fetched
                if one.number <= place and now.get(one.what, -1) < one.number
            ]
    except StorageError as error:
        return [f"whole: {type(error).__name__}"]
    lost = [what for what, number in saved.items() if now.get(what, number) < number]
    begun |= {one.what: one.number for one in day.fetched if one.begun <= event}
    return (
        lost + skipped + [what for what, number in now.items() if number > begun.get(what, number)]
    )


def _opened(folder: Path, day: Day, event: int) -> Vault:
    try:
        return reopen(folder, passphrase=_words(day, event))
    except WrongPassphrase:
        return Vault.open(folder, passphrase=_words(day, event, begun=True))


def _seen(vault: Vault, day: Day, saved: dict[str, int]) -> dict[str, int]:
    """The number of each thing as the vault tells it; -1 for what is gone."""
    now = dict.fromkeys((what for what in saved if what[:1] in "er" and what[1:].isdigit()), -1)
    for record in vault.reader.all(Enterprise):
        now[record.id] = int(record.phone)
    now["draft"] = int(vault.drafts.read("k") or -1)
    now["sent"] = vault._db.row("SELECT max(seq) FROM outbox WHERE acked_at IS NOT NULL")[0] or -1
    key = slots.read(vault.place).opened(slots.PASSPHRASE, _that_opens(vault, day, saved))
    for what, sha256 in day.hashes.items():
        if what in saved:
            try:
                vault.files.read(sha256)
            except StorageError:
                now[what] = -1
    for what, name in day.copies.items():
        if what in saved:
            now[what] = saved[what] if _is_whole(vault.place.copies / name, key) else -1
    return now


def _is_whole(copy: Path, key: SecretKey) -> bool:
    """Whether a copy opens and checks, and each of its files is as it was."""
    place = Place(copy)
    try:
        backup.verify(place, key)
        books = Database(place.records, key, read_only=True)
    except StorageError:
        return False
    try:
        return all(one.is_good(place.files / one.file_name) for one in copied_files.named(books))
    finally:
        books.close()


def _that_opens(vault: Vault, day: Day, saved: dict[str, int]) -> str:
    header = slots.read(vault.place)
    for number in [saved.get("words"), *(t.number for t in day.told if t.what == "words")]:
        words = PASSPHRASE if number is None else f"{PASSPHRASE} {number}"
        try:
            header.opened(slots.PASSPHRASE, words)
        except WrongPassphrase:
            continue
        return words
    raise AssertionError("no passphrase opens")


def _not_made(folder: Path) -> list[str]:
    """A vault whose making was never said to be over: it is there whole, or can be made."""
    try:
        reopen(folder).close()
    except StorageError:
        try:
            new_vault(folder).close()
        except StorageError as error:
            return [f"made: {type(error).__name__}"]
    return []
