"""No entry of a story is ever missed, whether its record's index has come to it or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import migrations, story_places, trail
from storage.database import Database
from storage.trail import TrailEntry
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, new_vault

IDS = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    vault = new_vault(tmp_path_factory.mktemp("story"))
    yield vault
    vault.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_places, "STEP", 3)
    monkeypatch.setattr(story_places, "MOST", 6)


def entry(record_id: str) -> TrailEntry:
    return TrailEntry(at=NOON, by_id=COACH, verb="set", kind="enquiry", record_id=record_id)


def write(db: Database, ids: list[str]) -> None:
    with db.transaction():
        trail.write(db, map(entry, ids))


def agrees(db: Database) -> bool:
    """Whether each record's story is what reading the whole trail says."""
    whole = db.rows("SELECT record_id, n FROM trail")
    for one in IDS:
        mine = [n for record_id, n in whole if record_id == one]
        last = trail.last_of(db, [one])
        told = [row[0] for row in db.rows(f"{story_places.OF} ORDER BY n", (f'["{one}"]',))]
        if told != mine or len(trail.of_record(db, one)) != len(mine):
            return False
        if (last is None) != (not mine):
            return False
        if db.row(story_places.NEWEST_OF, (f'["{one}"]',))[0] != (mine[-1] if mine else None):
            return False
    return story_places.lost(db) == 0


STEPS = st.lists(
    st.one_of(st.lists(st.sampled_from(IDS), max_size=15), st.just("catch up")), max_size=8
)


def played(db: Database, steps: list[list[str] | str]) -> bool:
    """Whether the stories were whole after each step; the vault is as it was afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story_places, "STEP", 3)
        patch.setattr(story_places, "MOST", 6)
        with db.transaction():
            db.do("DELETE FROM trail")
            story_places.begin_anew(db)
        for step in steps:
            if isinstance(step, str):
                story_places.catch_up(db)
            else:
                write(db, step)
                assert story_places.waiting(db) < story_places.MOST
            if not agrees(db):
                return False
    return True


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_a_story_is_whole_wherever_its_entries_stand(
    made: Vault, steps: list[list[str] | str]
) -> None:
    assert played(made._db, steps)


def place_moves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Database.do

    def do(self: Database, sql: str, values: tuple[object, ...] = ()) -> int:
        return 0 if sql.startswith("INSERT OR IGNORE INTO trail_of") else real(self, sql, values)

    monkeypatch.setattr(Database, "do", do)


def what_waits_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_places, "OF", story_places.OF.partition(" UNION ALL ")[0])


def the_place_goes_too_far(monkeypatch: pytest.MonkeyPatch) -> None:
    real = story_places.Meta.put
    monkeypatch.setattr(story_places.Meta, "put", lambda self, key, n: real(self, key, n + 1))


@pytest.mark.parametrize(
    "mutant", [place_moves_alone, what_waits_is_not_read, the_place_goes_too_far]
)
def test_it_goes_red_when_entries_would_be_missed(
    made: Vault, monkeypatch: pytest.MonkeyPatch, mutant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    assert played(made._db, [["a", "b", "a", "c", "a", "b", "a", "d", "b"]])
    mutant(monkeypatch)
    assert not played(made._db, [["a", "b", "a", "c", "a", "b", "a", "d", "b"]])


def test_a_story_is_found_by_index_and_not_by_reading_the_trail(made: Vault) -> None:
    for sql in (story_places.OF, story_places.NEWEST_OF):
        plan = [row[3] for row in made._db.rows(f"EXPLAIN QUERY PLAN {sql}", ('["a"]',))]
        about = [step for step in plan if "trail" in step]
        assert about
        assert not [step for step in about if step.startswith("SCAN trail")], plan


def test_check_says_what_is_not_found_and_mending_finds_it_again(
    tmp_path: Path, small: None
) -> None:
    vault = new_vault(tmp_path)
    for number in range(7):
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=new_id(), name=f"Orchard {number}"))
    db = vault._db
    assert story_places.waiting(db) < 7
    with db.transaction():
        db.do("DELETE FROM trail_of WHERE n = 1")
    (lost,) = (check for check in vault.check().checks if check.name == "story of the records")
    assert (lost.ok, lost.words) == (False, "1 entries are not found by their record")
    vault.mend()
    assert vault.check().ok
    vault.close()


def test_the_window_takes_them_in_after_a_round(tmp_path: Path, small: None) -> None:
    vault = new_vault(tmp_path)
    write(vault._db, ["a"] * 5)
    assert story_places.waiting(vault._db) == 5
    while vault.catch_up():
        pass
    assert story_places.waiting(vault._db) == 2
    vault.close()


def test_an_older_vault_gets_its_places_from_its_trail() -> None:
    old = dbapi2.connect(":memory:", isolation_level=None)
    for step, name in migrations.steps():
        if step < 17:
            migrations._run(old, step, name)
    old.executemany(
        "INSERT INTO trail(at, by_id, verb, kind, record_id, before, after, note) "
        "VALUES ('', '', 'set', 'enquiry', ?, '{}', '{}', '')",
        [(one,) for one in "babdc"],
    )
    migrations.bring_up(old)
    found = old.execute("SELECT record_id, n FROM trail_of").fetchall()
    assert found == [("a", 2), ("b", 1), ("b", 3), ("c", 5), ("d", 4)]
    assert old.execute("SELECT value FROM meta WHERE key = 'story_up_to'").fetchone() == ("5",)
    old.close()
