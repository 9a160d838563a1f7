"""A check and a copy say how far they are, and stop in the middle with nothing half left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import database, hearing
from storage.check import problems
from storage.errors import VaultDamaged
from storage.vault import Vault
from tests.storage.samples import COACH, NOON

MANY = 150


class Stopped(Exception):
    """A person wants no more of it."""


class Listens:
    """Writes down what is told; stops at the `at`-th time that a step with this name is told."""

    def __init__(self, name: str = "nothing", at: int = 1) -> None:
        self.told: list[tuple[str, int, int]] = []
        self._name, self._left = name, at

    def __call__(self, words: str, done: int, of: int) -> None:
        self.told.append((words, done, of))
        self._left -= words.startswith(self._name)
        if not self._left:
            raise Stopped

    def steps(self) -> list[str]:
        """The steps in their order, each once, without numbers."""
        return list(dict.fromkeys(re.sub(r"[\d,]+", "n", words) for words, _, _ in self.told))


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file is looked through as often as a large one."""
    monkeypatch.setattr(database, "_LOOK_EACH", 50)
    monkeypatch.setattr(hearing, "EACH", 100)


@pytest.fixture
def full(vault: Vault) -> Vault:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all([Enterprise(id=new_id(), name=f"Bakery {n}") for n in range(MANY)])
    vault.files.store(b"%PDF-1.7 letter", name="letter.pdf", mime="application/pdf")
    return vault


def left(vault: Vault) -> list[Path]:
    return list(vault.place.copies.iterdir()) if vault.place.copies.exists() else []


COPY = [
    "Looking at each page of your records",
    "Looking how your records hold together",
    "Entries of your records looked through",
    "Copied: n MB of n MB",
    "Photos and papers copied",
    "Looking at each page of the copied records",
    "Looking how the copied records hold together",
    "Entries of the copied records looked through",
]
CHECK = [
    *COPY[:3],
    "Looking for records without their enterprise",
    "Entries of the story read",
    "Records read",
    "Records held against their story",
    "Looking for entries that nobody would find",
]


@pytest.mark.usefixtures("often")
def test_each_step_is_told_with_its_units(full: Vault) -> None:
    check, copy = Listens(), Listens()
    assert full.check(check).ok
    full.back_up(copy)
    assert (check.steps(), copy.steps()) == (CHECK, COPY)
    for words in ("Entries of the story read", "Records read", "Records held against their story"):
        said = [(done, of) for step, done, of in check.told if step == words]
        assert said[0][0] == 0
        assert max(done for done, _ in said) == 100
        assert {of for _, of in said} == {MANY}
    through = [(done, of) for step, done, of in copy.told if step == COPY[2]]
    assert through == sorted(through)
    assert through[-1][0] > MANY


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("step", [words.split(":")[0] for words in COPY])
def test_a_copy_that_is_stopped_leaves_nothing_and_can_be_made_again(
    full: Vault, step: str
) -> None:
    first = full.back_up()
    with pytest.raises(Stopped):
        full.back_up(Listens(step))
    assert left(full) == [first]
    second = full.back_up(Listens())
    assert sorted(left(full)) == sorted([first, second])


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("step", CHECK)
def test_a_check_that_is_stopped_is_no_damage_and_a_copy_follows(full: Vault, step: str) -> None:
    with pytest.raises(Stopped) as stopped:
        full.check(Listens(step))
    assert stopped.tb is not None  # held, as a window holds it: it leaves no question open
    full.back_up()
    assert full.check().ok


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("step", ["Copied", COPY[2], COPY[7]])
def test_stop_is_heard_inside_one_statement(full: Vault, step: str) -> None:
    listens = Listens(step, at=3)
    with pytest.raises(Stopped):
        full.back_up(listens)
    assert len([1 for words, _, _ in listens.told if words.startswith(step)]) == 3


def test_an_error_of_the_statement_itself_comes_out(full: Vault) -> None:
    with pytest.raises(Exception, match="no such table"), full._db.heard(lambda: None):
        full._db.rows("SELECT * FROM nowhere")


@pytest.mark.parametrize("tell", [hearing.nobody, Listens()])
def test_looking_in_steps_finds_what_the_whole_look_finds(full: Vault, tell: hearing.Tell) -> None:
    db = full._db
    db._raw.execute("PRAGMA writable_schema = ON")
    with db.transaction():  # an index that knows nothing of the entries before it
        db.do(
            "INSERT INTO sqlite_schema SELECT type, 'odd', tbl_name, rootpage, "
            "replace(sql, name, 'odd') FROM sqlite_schema WHERE type = 'index' AND sql <> '' "
            "AND tbl_name = 'outbox' LIMIT 1"
        )
    db._raw.execute("PRAGMA writable_schema = RESET")
    assert problems(db, tell)
    with pytest.raises(VaultDamaged):
        full.back_up(tell)
    assert left(full) == []


def test_what_was_just_looked_through_is_not_looked_through_again(full: Vault) -> None:
    copy = Listens()
    assert full.check().ok
    full.back_up(copy, known_well=True)
    assert copy.steps() == COPY[3:]


def test_mending_says_each_step_and_stopped_it_changes_nothing(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all([Enterprise(id="e1", name="Lost"), Enterprise(id="e2", name="Kept")])
    with vault._db.transaction():
        vault._db.do("DELETE FROM enterprise WHERE id = 'e1'")
    heard: list[str] = []
    vault.mend(lambda words, _done, _of: heard.append(words))
    steps = list(dict.fromkeys(heard))[-5:]
    assert steps == [
        "Entries of the story read",
        "Records read",
        "Writing again what differs from its story",
        "Making lists and search again",
        "Making the index of the story again",
    ]
    with vault._db.transaction():
        vault._db.do("DELETE FROM enterprise WHERE id = 'e1'")

    def stop(words: str, _done: int, _of: int) -> None:
        if words == steps[-1]:
            raise Stopped

    with pytest.raises(Stopped):
        vault.mend(stop)
    assert vault.reader.get(Enterprise, "e1") is None, "as it was, until it is mended as a whole"
    assert vault.mend().counts == {"enterprise": 1}
