"""Words of what came from the register are indexed afterwards, and found all the same before."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage import late_words, rebuild
from storage.vault import Vault
from tests.storage.register_pages import IDENTITY, LATER, edit, page, part, state_of
from tests.storage.samples import COACH, NOON, reopen

SOME = 7


def some(count: int = SOME) -> list[Enterprise]:
    return [Enterprise(id=new_id(), name=f"Harbour Gardening {n}") for n in range(count)]


def found(vault: Vault, words: str) -> set[str]:
    return {hit.record_id for hit in vault.reader.search(words, 500)}


def indexed(vault: Vault) -> int:
    return int(vault._db.row("SELECT count(*) FROM find_people WHERE people MATCH 'harbour'")[0])


def catch_up(vault: Vault) -> int:
    """To the end; how many steps it took."""
    steps = 1
    while vault.catch_up():
        steps += 1
    return steps


def test_what_has_just_come_is_found_before_its_words_are_indexed(enrolled: Vault) -> None:
    records = some()
    enrolled.exchange.absorb(page(*map(state_of, records)), NOON)
    ids = {record.id for record in records}
    assert (enrolled.reader.words_waiting(), indexed(enrolled)) == (SOME, 0)
    assert found(enrolled, "harb garden") == found(enrolled, "ardening") == ids
    assert found(enrolled, "harbour 3") == {records[3].id}
    catch_up(enrolled)
    assert (enrolled.reader.words_waiting(), indexed(enrolled)) == (0, SOME)
    assert found(enrolled, "harb garden") == found(enrolled, "ardening") == ids
    assert found(enrolled, "harbuor") == ids  # a slip is forgiven once they are indexed


def test_words_that_are_gone_are_not_found_while_new_ones_wait(
    enrolled: Vault, shared: Enterprise
) -> None:
    catch_up(enrolled)
    assert found(enrolled, "mary") == {shared.id}
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", name="Élan"), seq=20), LATER)
    assert (found(enrolled, "mary"), found(enrolled, "elan")) == (set(), {shared.id})
    catch_up(enrolled)
    assert (found(enrolled, "mary"), found(enrolled, "elan")) == (set(), {shared.id})


def test_old_words_of_what_waits_hide_nobody_else(enrolled: Vault, shared: Enterprise) -> None:
    """The index still finds the renamed one by "mary", before it would look inside words."""
    rosemary = Enterprise(id=new_id(), name="Rosemary Café")
    enrolled.exchange.absorb(page(state_of(rosemary)), NOON)
    catch_up(enrolled)
    assert found(enrolled, "mary") == {shared.id}
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", name="Élan"), seq=20), LATER)
    assert found(enrolled, "mary") == {rosemary.id}
    catch_up(enrolled)
    assert found(enrolled, "mary") == {rosemary.id}


def test_it_is_done_in_short_steps_and_an_edit_in_between_is_kept(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = some()
    enrolled.exchange.absorb(page(*map(state_of, records)), NOON)
    assert late_words.catch_up(enrolled._db, 3)
    assert (enrolled.reader.words_waiting(), indexed(enrolled)) == (SOME - 3, 3)
    edit(enrolled, records[5].id, name="Orchard")
    assert found(enrolled, "orchard") == {records[5].id}
    catch_up(enrolled)
    assert found(enrolled, "orchard") == {records[5].id}
    assert (indexed(enrolled), enrolled.reader.words_waiting()) == (SOME - 1, 0)


def test_a_program_that_stops_in_between_goes_on_from_where_it_was(
    enrolled: Vault, tmp_path: Path
) -> None:
    enrolled.exchange.absorb(page(*map(state_of, some())), NOON)
    late_words.catch_up(enrolled._db, 2)
    enrolled.close()
    with reopen(tmp_path / "vault") as again:
        assert (again.reader.words_waiting(), indexed(again)) == (SOME - 2, 2)
        catch_up(again)
        assert indexed(again) == SOME


def test_a_step_that_is_cut_short_is_done_again(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled.exchange.absorb(page(*map(state_of, some())), NOON)
    with monkeypatch.context() as cut:
        cut.setattr(late_words, "forget", _breaks)
        with pytest.raises(OSError, match="cut"):
            enrolled.catch_up()
    assert (enrolled.reader.words_waiting(), indexed(enrolled)) == (SOME, 0)
    catch_up(enrolled)
    assert indexed(enrolled) == SOME


def _breaks(*_: object) -> None:
    raise OSError("cut")


def test_without_the_place_in_the_trail_words_would_never_be_indexed(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the place, kept with the page, is what holds the promise."""
    monkeypatch.setattr(late_words, "begin", lambda _db: None)
    enrolled.exchange.absorb(page(*map(state_of, some())), NOON)
    catch_up(enrolled)
    assert (indexed(enrolled), found(enrolled, "harbour")) == (0, set())


def test_the_words_of_an_erased_person_do_not_wait(enrolled: Vault, shared: Enterprise) -> None:
    leader = Leader(id=new_id(), enterprise_id=shared.id, name="Secretname")
    enrolled.exchange.absorb(page(state_of(leader)), NOON)
    catch_up(enrolled)
    gone = [
        part(Enterprise, shared.id, "1.1", name="", anonymised_on="2026-03-02"),
        part(Leader, leader.id, "1.2", name=""),
    ]
    enrolled.exchange.absorb(page(*gone, seq=100), LATER)
    for table in ("find", "find_people_data", "find_people_parts_data", "find_term"):
        said = b"".join(
            cell if isinstance(cell, bytes) else str(cell).encode()
            for row in enrolled._db.rows(f"SELECT * FROM {table}")  # noqa: S608
            for cell in row
        )
        assert b"ecretname" not in said
    assert found(enrolled, "secretname") == set()


def test_records_that_leave_while_they_wait_are_not_found(enrolled: Vault) -> None:
    records = some()
    enrolled.exchange.absorb(page(*map(state_of, records)), NOON)
    enrolled.exchange.absorb(page(seq=11, left=tuple(one.id for one in records)), LATER)
    assert found(enrolled, "harbour") == set()
    catch_up(enrolled)
    assert (found(enrolled, "harbour"), indexed(enrolled)) == (set(), 0)


def test_a_vault_that_is_mended_has_nothing_waiting(enrolled: Vault) -> None:
    enrolled.exchange.absorb(page(*map(state_of, some())), NOON)
    rebuild.mend(enrolled._db)
    assert (enrolled.reader.words_waiting(), indexed(enrolled)) == (0, SOME)


def test_search_says_so_when_it_cannot_look_at_all_that_waits(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_words, "LIVE", SOME - 1)
    enrolled.exchange.absorb(page(*map(state_of, some())), NOON)
    assert enrolled.reader.search_is_behind()
    assert len(found(enrolled, "harbour")) == SOME - 1
    late_words.catch_up(enrolled._db, 2)
    assert not enrolled.reader.search_is_behind()
    assert len(found(enrolled, "harbour")) == SOME


def test_own_edits_do_not_wait(enrolled: Vault) -> None:
    assert IDENTITY.actor_id == COACH
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add_all(some(2))
    assert (enrolled.reader.words_waiting(), indexed(enrolled), enrolled.catch_up()) == (
        0,
        2,
        False,
    )
