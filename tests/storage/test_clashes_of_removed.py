"""A thing to check on a record that was removed: nobody is asked, until it is back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.change import DELETED, Head, RecordState, Verb
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage.errors import RecordUnknown
from storage.vault import Vault
from tests.storage.register_pages import LATER, ack, clash_state, now_of, page, part, state_of
from tests.storage.samples import COACH, NOON

ONE = Head(dot="8.1", value="02", actor_id="a", at=NOON)
TWO = Head(dot="9.2", value="03", actor_id="b", at=NOON)


def two_phones(record_id: str, *, removed: bool | None = None) -> RecordState:
    """What the register tells of two edits of one field, and of a removal beside them."""
    state = clash_state(record_id, ONE, TWO, phone="03")
    if removed is None:
        return state
    return replace(state, deleted=removed, versions=state.versions | {DELETED: ("9.3",)})


def remove(vault: Vault, record_id: str) -> int:
    with vault.change(by=COACH, at=LATER, name="Removed") as unit:
        unit.remove(Enterprise, record_id, why="closed down")
    return unit.step


@pytest.mark.parametrize("sent", [False, True])
def test_who_removes_a_record_is_asked_nothing_more_of_it_until_it_is_back(
    enrolled: Vault, shared: Enterprise, *, sent: bool
) -> None:
    enrolled.exchange.absorb(page(two_phones(shared.id)), LATER)
    before = enrolled.reader.conflicts()
    step = remove(enrolled, shared.id)
    if sent:
        ack(enrolled)
    assert enrolled.reader.conflicts() == []
    assert enrolled.reader.conflict_count() == 0
    with (
        pytest.raises(RecordUnknown, match="removed"),
        enrolled.change(by=COACH, at=LATER) as unit,
    ):
        unit.settle(before[0].id, "02")  # from a page that was open all the while
    with enrolled.change(by=COACH, at=LATER) as back:
        enrolled.steps.take_back(back, step)
    assert enrolled.reader.conflicts() == before
    assert enrolled.reader.conflict_count() == 1
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(before[0].id, "02")
    assert now_of(enrolled, shared.id).phone == "02"
    op = enrolled.exchange.unsent()[-1]
    assert (op.verb, set(op.base["phone"])) == (Verb.SETTLE, {"8.1", "9.2"})


def test_a_removal_that_comes_while_a_thing_is_open_asks_again_when_it_is_taken_back(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.absorb(page(two_phones(shared.id)), LATER)
    before = enrolled.reader.conflicts()
    enrolled.exchange.absorb(page(two_phones(shared.id, removed=True)), LATER)
    assert enrolled.reader.conflicts() == []
    enrolled.exchange.absorb(page(two_phones(shared.id, removed=False)), LATER)
    assert enrolled.reader.conflicts() == before


def test_a_record_that_arrives_removed_with_two_values_asks_nothing(
    enrolled: Vault, shared: Enterprise
) -> None:
    other = Enterprise(id=new_id(), name="Tom's", phone="03")
    told = two_phones(other.id, removed=True)
    whole = state_of(other)
    state = replace(
        told, fields=whole.fields | told.fields, versions=whole.versions | told.versions
    )
    enrolled.exchange.absorb(page(state), LATER)
    assert enrolled.reader.conflicts() == []
    enrolled.exchange.absorb(page(replace(state, deleted=False)), LATER)
    assert [(c.record_id, c.field) for c in enrolled.reader.conflicts()] == [(other.id, "phone")]


def test_a_thing_that_comes_for_a_removed_record_waits_with_what_was_written_there(
    enrolled: Vault, shared: Enterprise
) -> None:
    """Two colleagues wrote beside a removal: both are asked about once it is in question."""
    remove(enrolled, shared.id)
    enrolled.exchange.absorb(page(two_phones(shared.id)), LATER)
    assert enrolled.reader.conflicts() == []
    (op,) = enrolled.exchange.unsent()
    ack(enrolled, "clash")
    mark = Head(dot=op.dot, value=True, actor_id=COACH, at=LATER)
    stays = Head(dot=TWO.dot, value=False, actor_id="b", at=NOON)
    both = two_phones(shared.id, removed=False)
    enrolled.exchange.absorb(
        page(
            replace(
                both,
                versions=both.versions | {DELETED: (stays.dot, mark.dot)},
                heads=both.heads | {DELETED: (stays, mark)},
            )
        ),
        LATER,
    )
    assert {c.field for c in enrolled.reader.conflicts()} == {"phone", DELETED}
    assert now_of(enrolled, shared.id).phone == "03"


def test_a_refused_removal_leaves_the_thing_to_be_checked(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.absorb(page(two_phones(shared.id)), LATER)
    before = enrolled.reader.conflicts()
    remove(enrolled, shared.id)
    ack(enrolled, "refused:role")
    assert enrolled.reader.conflicts() == before


def test_what_was_settled_elsewhere_meanwhile_is_not_asked_again(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.absorb(page(two_phones(shared.id)), LATER)
    step = remove(enrolled, shared.id)
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "8.2", phone="04")), LATER)
    with enrolled.change(by=COACH, at=LATER) as back:
        enrolled.steps.take_back(back, step)
    assert enrolled.reader.conflicts() == []
    assert now_of(enrolled, shared.id).phone == "04"


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("together", [False, True])
def test_the_values_of_a_thing_to_check_go_when_their_person_is_erased(
    enrolled: Vault, shared: Enterprise, *, together: bool, removed: bool
) -> None:
    """Also where nothing else of the record changes, since the value in use says nothing."""
    leader = Leader(id=new_id(), enterprise_id=shared.id, name="")
    heads = (replace(ONE, value=""), replace(TWO, value="Secretname"))
    told = state_of(leader)
    clash = replace(
        told,
        versions=told.versions | {"name": ("8.1", "9.2")},
        heads={"name": heads},
        before={"name": "Secretname-Thorne"},
        deleted=removed,
    )
    enrolled.exchange.absorb(page(clash), NOON)
    gone = part(Enterprise, shared.id, "1.1", name="", anonymised_on="2026-03-02")
    emptied = replace(part(Leader, leader.id, "1.2", name=""), deleted=removed)
    if together:
        enrolled.exchange.absorb(page(gone, emptied, seq=100), LATER)
    else:
        enrolled.exchange.absorb(page(gone, seq=100), LATER)
        enrolled.exchange.absorb(page(emptied, seq=101), LATER)
    for table in ("clash", "leader", "trail"):
        assert "Secretname" not in repr(enrolled._db.rows(f"SELECT * FROM {table}"))  # noqa: S608
