"""Two values of one field: both kept, in use is the one of the register, a person settles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.change import Head, RecordState, Verb
from forms.facts.people import Enterprise
from storage.errors import CannotUndo, RecordUnknown
from storage.vault import Vault
from tests.storage.register_pages import (
    LATER,
    ack,
    clash_state,
    edit,
    now_of,
    page,
    part,
    state_of,
)
from tests.storage.samples import COACH, NOON


def test_a_clash_keeps_both_values_and_is_settled_by_a_person(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    (op,) = enrolled.exchange.unsent()
    ack(enrolled, "clash")
    mine = Head(dot=op.dot, value="02", actor_id=COACH, at=NOON)
    theirs = Head(dot="9.2", value="03", actor_id="coach-2", at=NOON)
    changes = enrolled.exchange.absorb(
        page(clash_state(shared.id, mine, theirs, phone="03")), LATER
    )
    assert changes.conflicts == 1
    (clash,) = enrolled.reader.conflicts()
    assert (clash.field, clash.before, clash.in_use) == ("phone", "before", "9.2")
    assert now_of(enrolled, shared.id).phone == "03"

    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(clash.id, "02", note="rang her")
    assert unit.changes.conflicts == 1
    assert now_of(enrolled, shared.id).phone == "02"
    assert enrolled.reader.conflicts() == []
    (settled,) = enrolled.reader.conflicts(open_only=False)
    assert (settled.settled_by_id, settled.note) == (COACH, "rang her")
    (settle,) = enrolled.exchange.unsent()
    assert settle.verb is Verb.SETTLE
    assert set(settle.base["phone"]) == {op.dot, "9.2"}
    with pytest.raises(RecordUnknown), enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(clash.id, "02")


@pytest.mark.parametrize("value", ["02", "03"])  # mine, and the register's
@pytest.mark.parametrize("sent", [False, True])
def test_a_choice_is_no_step_to_take_back_before_or_after_the_register_has_it(
    enrolled: Vault, shared: Enterprise, *, value: str, sent: bool
) -> None:
    edit(enrolled, shared.id, phone="02")
    (op,) = enrolled.exchange.unsent()
    ack(enrolled, "clash")
    mine = Head(dot=op.dot, value="02", actor_id=COACH, at=NOON)
    theirs = Head(dot="9.2", value="03", actor_id="coach-2", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, mine, theirs, phone="03")), LATER)
    (clash,) = enrolled.reader.conflicts()
    with enrolled.change(by=COACH, at=LATER, name="Chosen for 1 thing") as unit:
        unit.settle(clash.id, value)
    if sent:
        ack(enrolled, "ok")
    step = enrolled.steps.get(unit.step)
    assert step is not None
    assert "Change the field itself" in step.why_not
    with (
        pytest.raises(CannotUndo, match="a choice between two"),
        enrolled.change(by=COACH, at=LATER) as back,
    ):
        enrolled.steps.take_back(back, step.n)
    assert now_of(enrolled, shared.id).phone == value
    assert enrolled.reader.conflicts() == []
    assert not enrolled.steps.recent()[0].is_undone


def test_a_clash_settled_elsewhere_closes_here(enrolled: Vault, shared: Enterprise) -> None:
    one = Head(dot="8.1", value="02", actor_id="a", at=NOON)
    two = Head(dot="9.2", value="03", actor_id="b", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "8.2", phone="04")), LATER)
    assert enrolled.reader.conflicts() == []
    assert now_of(enrolled, shared.id).phone == "04"


def test_an_unsent_choice_is_not_asked_for_again(enrolled: Vault, shared: Enterprise) -> None:
    one = Head(dot="8.1", value="02", actor_id="a", at=NOON)
    two = Head(dot="9.2", value="03", actor_id="b", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(enrolled.reader.conflicts()[0].id, "02")
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    assert enrolled.reader.conflicts() == []
    assert now_of(enrolled, shared.id).phone == "02"


def test_an_edit_beside_an_open_clash_replaces_only_the_value_that_was_seen(
    enrolled: Vault, shared: Enterprise
) -> None:
    one = Head(dot="8.1", value="02", actor_id="a", at=NOON)
    two = Head(dot="9.2", value="03", actor_id="b", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    edit(enrolled, shared.id, phone="04")
    (op,) = enrolled.exchange.unsent()
    assert op.base == {"phone": ("9.2",)}
    (clash,) = enrolled.reader.conflicts()
    assert {head.value for head in clash.heads} == {"02", "04"}


def test_two_equal_values_are_no_clash_and_both_are_replaced(
    enrolled: Vault, shared: Enterprise
) -> None:
    same = RecordState(
        kind="enterprise",
        record_id=shared.id,
        fields={"phone": "07"},
        versions={"phone": ("8.1", "9.2")},
    )
    enrolled.exchange.absorb(page(same), LATER)
    assert enrolled.reader.conflicts() == []
    edit(enrolled, shared.id, phone="08")
    assert enrolled.exchange.unsent()[0].base == {"phone": ("8.1", "9.2")}


def removed_and_edited(record_id: str) -> RecordState:
    """What the register tells of a record that one colleague removed and another edited."""
    one = Head(dot="8.1", value=True, actor_id="a", at=NOON)
    two = Head(dot="9.2", value=False, actor_id="b", at=NOON)
    return RecordState(
        kind="enterprise",
        record_id=record_id,
        fields={},
        versions={"_deleted": ("9.2", "8.1")},
        heads={"_deleted": (two, one)},
    )


def test_removed_here_and_edited_there_is_settled_by_a_person(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.absorb(page(removed_and_edited(shared.id)), LATER)
    assert enrolled.reader.get(Enterprise, shared.id) == shared
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(enrolled.reader.conflicts()[0].id, value=True, note="closed down")
    (op,) = enrolled.exchange.unsent()
    assert (op.verb, op.fields) == (Verb.SETTLE, {"_deleted": True})
    assert set(op.base["_deleted"]) == {"8.1", "9.2"}
    assert enrolled.reader.get(Enterprise, shared.id) is None


def test_a_removal_settles_whether_the_record_is_removed(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.absorb(page(removed_and_edited(shared.id)), LATER)
    with enrolled.change(by=COACH, at=LATER, name="Removed") as unit:
        unit.remove(Enterprise, shared.id, why="closed down")
    (op,) = enrolled.exchange.unsent()
    assert (op.verb, set(op.base["_deleted"])) == (Verb.DELETE, {"8.1", "9.2"})
    assert enrolled.reader.conflicts() == []
    assert unit.changes.conflicts == 1
    (settled,) = enrolled.reader.conflicts(open_only=False)
    assert (settled.settled_by_id, settled.note) == (COACH, "closed down")
    ack(enrolled, "ok")
    assert enrolled.reader.conflicts() == []


def test_a_removal_that_settled_it_can_be_taken_back(enrolled: Vault, shared: Enterprise) -> None:
    enrolled.exchange.absorb(page(removed_and_edited(shared.id)), LATER)
    with enrolled.change(by=COACH, at=LATER, name="Removed") as unit:
        unit.remove(Enterprise, shared.id, why="closed down")
    with enrolled.change(by=COACH, at=LATER) as back:
        enrolled.steps.take_back(back, unit.step)
    assert enrolled.reader.get(Enterprise, shared.id) == shared
    assert enrolled.reader.conflicts() == []  # taking it back says that the record stays


def test_a_refused_removal_leaves_it_to_be_checked(enrolled: Vault, shared: Enterprise) -> None:
    enrolled.exchange.absorb(page(removed_and_edited(shared.id)), LATER)
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.remove(Enterprise, shared.id, why="closed down")
    ack(enrolled, "refused:role")
    assert enrolled.reader.get(Enterprise, shared.id) == shared
    (clash,) = enrolled.reader.conflicts()
    assert {head.dot for head in clash.heads} == {"8.1", "9.2"}


def test_a_refused_removal_opens_nothing_that_was_settled_before_it(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.absorb(page(removed_and_edited(shared.id)), LATER)
    kept = replace(removed_and_edited(shared.id), versions={"_deleted": ("9.3",)}, heads={})
    enrolled.exchange.absorb(page(kept), LATER)
    assert enrolled.reader.conflicts() == []
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.remove(Enterprise, shared.id, why="closed down")
    ack(enrolled, "refused:role")
    assert enrolled.reader.get(Enterprise, shared.id) == shared
    assert enrolled.reader.conflicts() == []


def test_a_removal_that_the_register_has_forgotten_is_no_thing_to_check(
    enrolled: Vault, shared: Enterprise
) -> None:
    """It was put back from a copy, and its author's laptop too: nobody has the removal any more."""
    enrolled.exchange.absorb(page(removed_and_edited(shared.id)), LATER)
    assert len(enrolled.reader.conflicts()) == 1
    enrolled.exchange.absorb(page(state_of(shared), whole=True), LATER)
    assert enrolled.reader.conflicts() == []
    assert enrolled.reader.get(Enterprise, shared.id) == shared
