"""Steps: named, taken back, done again, after a restart too; never over somebody's later work."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.facts.casework import Action, CoachingSession, StageEvent
from forms.facts.decisions import DecisionRequest
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage import rebuild, steps
from storage.errors import CannotUndo
from tests.storage.samples import COACH, NOON, new_vault, reopen


@pytest.fixture
def vault(tmp_path: Path):
    with new_vault(tmp_path / "v", practice=True) as made:
        yield made


def do(vault, work, name="", at=NOON):
    with vault.change(by=COACH, at=at, name=name) as unit:
        work(unit)
    return unit.step


def undo(vault, n=0):
    step = vault.steps.get(n) if n else vault.steps.to_undo()
    with vault.change(by=COACH, at=NOON) as unit:
        vault.steps.take_back(unit, step.n)
    return step


def redo(vault):
    step = vault.steps.to_redo()
    with vault.change(by=COACH, at=NOON) as unit:
        vault.steps.do_again(unit, step.n)
    return step


def mary(vault, **fields):
    one = Enterprise(id=new_id(), name="Mary's", **fields)
    do(vault, lambda unit: unit.add(one), "Mary added")
    return one


def test_a_change_is_taken_back_by_name_and_done_again(vault) -> None:
    one = mary(vault)
    do(vault, lambda unit: unit.set(Enterprise, one.id, phone="01303 1"), "Phone changed")
    assert undo(vault).name == "Phone changed"
    assert vault.reader.get(Enterprise, one.id).phone == ""
    assert redo(vault).name == "Phone changed"
    assert vault.reader.get(Enterprise, one.id).phone == "01303 1"
    assert undo(vault).name == "Phone changed"
    assert undo(vault).name == "Mary added"
    assert vault.reader.get(Enterprise, one.id) is None
    redo(vault)
    assert vault.reader.get(Enterprise, one.id) == one
    assert rebuild.differences(vault._db) == []


def test_steps_survive_a_restart(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v", practice=True) as vault:
        one = mary(vault)
        do(vault, lambda unit: unit.set(Enterprise, one.id, place="Hythe"), "Moved")
    with reopen(tmp_path / "v", passphrase=None) as vault:
        assert [step.name for step in vault.steps.recent()] == ["Moved", "Mary added"]
        undo(vault)
        assert vault.reader.get(Enterprise, one.id).place == ""
    with reopen(tmp_path / "v", passphrase=None) as vault:
        assert vault.steps.recent()[0].is_undone
        redo(vault)
        assert vault.reader.get(Enterprise, one.id).place == "Hythe"


def test_a_removal_is_taken_back(vault) -> None:
    one = mary(vault)
    note = CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note="Rang")
    do(vault, lambda unit: unit.add(note))
    do(vault, lambda unit: unit.remove(CoachingSession, note.id, why="twice"))
    undo(vault)
    assert vault.reader.get(CoachingSession, note.id) == note
    assert vault.reader.search("Rang")
    redo(vault)
    assert vault.reader.get(CoachingSession, note.id) is None


def test_taking_back_is_a_new_op_beside_what_was_sent(tmp_path: Path) -> None:
    from tests.storage.register_pages import IDENTITY

    with new_vault(tmp_path / "v") as vault:
        vault.exchange.adopt(IDENTITY)
        one = mary(vault)
        do(vault, lambda unit: unit.set(Enterprise, one.id, phone="1"))
        before = vault.exchange.unsent()
        undo(vault)
        after = vault.exchange.unsent()
        assert after[: len(before)] == before
        assert [(op.verb.value, op.fields, op.was) for op in after[len(before) :]] == [
            ("set", {"phone": ""}, {"phone": "1"})
        ]


def test_somebodys_later_work_is_never_undone_without_a_word(vault) -> None:
    one = mary(vault)
    first = do(vault, lambda unit: unit.set(Enterprise, one.id, phone="1"), "first")
    later = NOON + timedelta(hours=1)
    do(vault, lambda unit: unit.set(Enterprise, one.id, phone="2"), "second", at=later)
    with pytest.raises(CannotUndo, match="changed again since"):
        undo(vault, first)
    assert vault.reader.get(Enterprise, one.id).phone == "2"
    assert not vault.steps.get(first).is_undone
    with pytest.raises(CannotUndo):  # the enterprise itself: it was worked on since
        undo(vault, vault.steps.recent()[-1].n)
    undo(vault)
    undo(vault, first)
    assert vault.reader.get(Enterprise, one.id).phone == ""


def test_answers_by_key_are_taken_back_key_by_key(vault) -> None:
    one = mary(vault, facts={"vol": 3})
    first = do(vault, lambda unit: unit.set(Enterprise, one.id, facts={"vol": 3, "home": True}))
    do(vault, lambda u: u.set(Enterprise, one.id, facts={"vol": 4, "home": True}), "other")
    undo(vault, first)
    assert vault.reader.get(Enterprise, one.id).facts == {"vol": 4}


def test_typing_on_in_one_field_is_one_step(vault) -> None:
    one = mary(vault)
    for second, text in enumerate(("M", "Ma", "Mary", "Mary Thorne")):
        at = NOON + timedelta(seconds=second)
        do(vault, lambda unit, text=text: unit.set(Enterprise, one.id, name=text), at=at)
    do(
        vault,
        lambda unit: unit.set(Enterprise, one.id, name="Ann"),
        at=NOON + timedelta(minutes=9),
    )
    assert len(vault.steps.recent()) == 3
    undo(vault)
    undo(vault)
    assert vault.reader.get(Enterprise, one.id).name == "Mary's"


def test_what_is_only_added_to_and_what_was_asked_for_stays(vault) -> None:
    one = mary(vault)
    event = StageEvent(id=new_id(), enterprise_id=one.id, stage="SET_UP", on=NOON.date())
    do(vault, lambda unit: unit.add(event), "Stage moved")
    with pytest.raises(CannotUndo, match="stays in the story"):
        undo(vault)
    request = DecisionRequest(
        id=new_id(), name="claim.submit", subject_id="c", asked_by_id=COACH, asked_at=NOON
    )
    do(vault, lambda unit: unit.ask(request), "Claim sent in")
    with pytest.raises(CannotUndo, match="withdraw it"):
        undo(vault)


def test_a_newcomer_goes_with_her_first_stage_and_comes_again(vault) -> None:
    one = Enterprise(id=new_id(), name="Joe's")
    leader = Leader(id=new_id(), enterprise_id=one.id, name="Joe")
    event = StageEvent(id=new_id(), enterprise_id=one.id, stage="ENQUIRY", on=NOON.date())
    do(vault, lambda unit: unit.add_all((one, leader, event)), "Joe added")
    assert vault.reader.caseload().count == 1
    undo(vault)
    assert vault.reader.caseload().count == 0
    assert vault.reader.get(Leader, leader.id) is None
    redo(vault)
    (row,) = vault.reader.caseload_rows([one.id])
    assert (row.leader, row.stage) == ("Joe", "ENQUIRY")


def test_nothing_in_a_claim_that_was_sent_is_undone(vault) -> None:
    one = mary(vault)
    claim = SeedClaim(id=new_id(), enterprise_id=one.id)
    line = ClaimLine(id=new_id(), claim_id=claim.id, enterprise_id=one.id, what="Hob", pence=100)
    do(vault, lambda unit: unit.add_all((claim, line)))
    do(vault, lambda unit: unit.set(ClaimLine, line.id, pence=200), "Amount changed")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(SeedClaim, claim.id, state="SUBMITTED")
    with pytest.raises(CannotUndo, match="Withdraw it"):
        undo(vault)
    assert vault.reader.get(ClaimLine, line.id).pence == 200


def test_a_new_change_ends_what_could_be_done_again_for_that_enterprise(vault) -> None:
    one, two = mary(vault), mary(vault)
    do(vault, lambda unit: unit.set(Enterprise, one.id, phone="1"))
    do(vault, lambda unit: unit.set(Enterprise, two.id, phone="2"))
    undo(vault)
    undo(vault)
    do(vault, lambda unit: unit.set(Enterprise, one.id, place="Deal"))
    assert vault.steps.to_redo(one.id) is None
    assert vault.steps.to_redo(two.id) is not None


def test_two_hundred_steps_of_an_enterprise_are_kept(vault) -> None:
    one, two = mary(vault), mary(vault)
    for number in range(steps.KEPT + 20):
        action = Action(id=new_id(), enterprise_id=one.id, text=str(number))
        do(vault, lambda unit, action=action: unit.add(action))
    assert len(vault.steps.recent(limit=1000, enterprise_id=one.id)) == steps.KEPT
    assert len(vault.steps.recent(enterprise_id=two.id)) == 1
    for _ in range(steps.KEPT):
        undo(vault)
    assert len(vault.reader.all(Action)) == 20


def test_a_change_of_nothing_and_an_unnamed_door_are_no_steps(vault) -> None:
    one = mary(vault)
    assert do(vault, lambda unit: unit.set(Enterprise, one.id, name="Mary's")) == 0
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, one.id, name="Imported")
    assert unit.step == 0
    assert len(vault.steps.recent()) == 1


def test_steps_of_who_leaves_go_too(vault) -> None:
    one = mary(vault)
    with vault._db.transaction():
        steps.forget(vault._db, [one.id])
    assert vault.steps.recent() == []


NAMES = st.sampled_from(("one", "two", "three", ""))
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("add", "name", "phone", "facts", "remove")), st.integers(0, 3), NAMES
    ),
    max_size=12,
)


def _deed(vault, deed: str, which: int, value: str) -> None:
    ids = [one.id for one in vault.reader.all(Enterprise)]
    if deed == "add" or not ids:
        fresh = Enterprise(id=new_id(), name=value)
        return do(vault, lambda unit: unit.add(fresh))
    one = ids[which % len(ids)]
    if deed == "remove":
        return do(vault, lambda unit: unit.remove(Enterprise, one))
    fields = {"facts": {value: which}} if deed == "facts" else {deed: value}
    return do(vault, lambda unit: unit.set(Enterprise, one, **fields))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_undo_all_leads_to_the_start_and_redo_all_to_the_end(deeds) -> None:
    with tempfile.TemporaryDirectory() as folder, new_vault(Path(folder) / "v", practice=True) as v:
        for deed in deeds:
            _deed(v, *deed)
        end = v.reader.all(Enterprise)
        count = len([step for step in v.steps.recent() if not step.is_undone])
        for _ in range(count):
            undo(v)
        assert v.reader.all(Enterprise) == []
        for _ in range(count):
            redo(v)
        assert [replace(one) for one in v.reader.all(Enterprise)] == end
        assert rebuild.differences(v._db) == []
