"""What is held about one person is found by indexes, and is what reading everything would find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.facts.kinds import KINDS
from forms.facts.people import Enquiry, Enterprise
from forms.values import new_id
from storage import rows, story_places, trail
from storage.database import Database
from storage.export import Selection
from storage.rows import Stored
from storage.subject_access import Held, ids_of
from storage.trail import TrailEntry
from storage.vault import Vault
from tests.storage.samples import NOON, full_record, new_vault

LINKS = ("enterprise_id", "enquiry_id", "subject_id", "case_id")
LINES = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 3), st.booleans()), max_size=20
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """One vault that goes on filling: each example adds more of other people's records."""
    with new_vault(tmp_path_factory.mktemp("kept") / "vault") as vault:
        yield vault


def people(db: Database, lines: list[tuple[str, int, bool]]) -> tuple[str, str]:
    """(enterprise, enquiry) of somebody, and records tied to either, to another, to nobody."""
    case, asked, other = new_id(), new_id(), new_id()
    items = [
        Stored(KINDS["enterprise"], Enterprise(id=case, name="Mary", enquiry_id=asked)),
        Stored(KINDS["enquiry"], Enquiry(id=asked, created_on=NOON.date(), enterprise_id=case)),
        Stored(KINDS["enterprise"], Enterprise(id=other, name="Nora")),
    ]
    for name, whose, removed in lines:
        kind = KINDS[name]
        to = (case, asked, other, "")[whose]
        ties = {spec.name: to for spec in kind.specs if spec.name in LINKS}
        items.append(Stored(kind, full_record(kind, decided=True, **ties), deleted=removed))
    with db.transaction():
        rows.save(db, items)
        for verb in ("new", "set"):
            trail.write(
                db,
                [
                    TrailEntry(
                        at=NOON, by_id="ann", verb=verb, kind=i.kind.name, record_id=i.record.id
                    )
                    for i in items
                ],
            )
    return case, asked


def everything(db: Database) -> list[Stored]:
    return [
        item for kind in KINDS.values() for item in rows.load_where(db, kind, {}, removed_too=True)
    ]


def belongs(item: Stored, ids: frozenset[str]) -> bool:
    """The slow way, record by record."""
    ties = {getattr(item.record, name, "") for name in ("subject_id", "case_id")}
    return bool({item.record.id, item.enterprise_id, *ties} & ids)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=LINES, by_enquiry=st.booleans())
def test_a_case_is_what_reading_everything_finds(
    kept: Vault, lines: list[tuple[str, int, bool]], *, by_enquiry: bool
) -> None:
    db = kept._db
    story_places.catch_up(db)  # some entries are in the index, the newest are read where they lie
    case, asked = people(db, lines)
    found = kept.case_of(asked if by_enquiry else case)
    assert found.ids >= {case, asked}
    mine = [item for item in everything(db) if belongs(item, found.ids)]
    assert found.records == tuple(Held(i.kind.name, i.record, i.deleted) for i in mine)
    named = {item.record.id for item in mine}
    assert found.story == tuple(e for e in trail.whole(db) if e.record_id in named)
    shared = Selection(enterprises=frozenset({case}), purpose="sharing")
    out = [item for kind in KINDS.values() for item in shared.find(db, kind)]
    assert out == [i for i in everything(db) if i.enterprise_id == case and not i.deleted]


@pytest.mark.parametrize("waits", [True, False], ids=["not yet in the index", "in the index"])
def test_the_whole_story_is_found_wherever_it_stands(vault: Vault, waits: bool) -> None:
    db = vault._db
    case, _ = people(db, [("session", 0, False)] * 5)
    if not waits:
        for _ in range(story_places.STEP // 2 + 1):
            people(db, [])
        while story_places.catch_up(db):
            pass
        assert story_places.waiting(db) < story_places.STEP
    assert len(vault.case_of(case).story) == 2 * 7


def test_no_kind_is_read_whole_for_one_person(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = vault._db
    case, _ = people(db, [(name, 0, False) for name in sorted(KINDS)])
    asked: list[tuple[str, Any]] = []
    really = Database.rows

    def heard(self: Database, sql: str, values: Any = ()) -> list[Any]:
        asked.append((sql, values))
        return really(self, sql, values)

    with monkeypatch.context() as spying:
        spying.setattr(Database, "rows", heard)
        vault.case_of(case)
    assert len(asked) > len(KINDS)
    county = {*KINDS, "r", "trail", "trail_of"}
    for sql, values in asked:
        plan = [step for *_, step in db.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert [
            step for step in plan if step.startswith("SCAN ") and step.split()[1] in county
        ] == []


def test_a_removed_case_that_the_enquiry_does_not_name_is_its_persons_too(vault: Vault) -> None:
    db = vault._db
    case, asked = people(db, [("session", 0, False)])
    (held,) = rows.load(db, KINDS["enterprise"], [case]).values()
    (enquiry,) = rows.load(db, KINDS["enquiry"], [asked]).values()
    with db.transaction():
        rows.save(db, [replace(held, deleted=True)])
        rows.save(db, [replace(enquiry, record=replace(enquiry.record, enterprise_id=""))])
    assert ids_of(vault.reader, asked) == {case, asked}
    assert {one.kind for one in vault.case_of(asked).records} == {
        "enterprise",
        "enquiry",
        "session",
    }
