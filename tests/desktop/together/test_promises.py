"""What is promised at the table: once, for the day said last, and taken back when wrong."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.views.together.step_list import FORM, GUIDE, KEY
from forms.facts.casework import Action, Attachment, EntityDecision
from storage.errors import VaultBug
from tests.desktop.together.people import MARY, answered_to_its_end
from tests.desktop.together.reading import texts


@pytest.fixture
def at_step(share, settle):
    """At the insurance."""

    def go():
        window = share()
        window.turn.ready.emit()
        window.ways.picked("item.C07")
        settle()
        return window

    return go


@pytest.fixture
def promised(program):
    """The words of promises that stand, by who made them."""

    def read(owner):
        reader = program.desk.context.session.vault.reader
        every = reader.all(Action, enterprise_id=MARY, owner=owner)
        return sorted((a.text, a.due_on) for a in every if a.due_on is not None)

    return read


def test_promised_again_is_for_the_other_day_and_not_twice(at_step, settle, promised, program):
    window = at_step()
    before = promised("leader")
    for days in (1, 7):
        window.ways.picked("item.C07")
        window.presenter.promises.ask()
        day = program.desk.context.today + timedelta(days=days)
        window.home.chosen.emit(day.isoformat(), "")
        settle()
    new = [each for each in promised("leader") if each not in before]
    assert new == [("Public liability insurance", day)]


def test_a_promise_pressed_by_mistake_is_taken_back_on_the_same_page(at_step, settle, promised):
    window = at_step()
    before = promised("leader")
    window.presenter.promises.ask(bring=True)
    window.home._keep_pressed()
    settle()
    window.ways.picked("item.C07")
    settle()
    said = "\n".join(texts(window.step))
    assert "To do: Bring what shows it: Public liability insurance, by " in said
    (back,) = [b for b in window.step.findChildren(QPushButton) if b.text() == "Take this back"]
    back.click()
    settle()
    assert promised("leader") == before
    assert "Take this back" not in [b.text() for b in window.step.findChildren(QPushButton)]
    window.presenter.promises.take_back("am")  # the coach's own promise is out of reach from here
    settle()
    assert "no longer on the list" in window.step.status.text()


def test_what_the_coach_finds_out_or_sends_is_on_the_list_once(at_step, settle, promised, program):
    window = at_step()
    for _ in range(2):
        window.presenter.promises.not_sure()
        settle()
    for _ in range(2):
        window.ways.to_sheet()
        settle()
        window.sheet._later_pressed()
        settle()
    found = [text for text, _ in promised("coach")]
    assert sorted(found) == [
        "Find out for Mary: Public liability insurance",
        "Send today's page to Mary",
    ]
    reader = program.desk.context.session.vault.reader
    kept = reader.all(Attachment, enterprise_id=MARY, mime="application/pdf")
    assert len(kept) == 2  # the second page says what was promised with the first


def test_another_persons_promise_cannot_be_taken_away(at_step):
    case = at_step().table.context.session.vault
    with (
        pytest.raises(VaultBug),
        case.change(by="coach-1", at=at_step().table.context.clock.now()) as unit,
    ):
        unit.remove(Action, "a-000", why="an attack")


def test_the_list_says_where_we_are_in_the_guide_and_the_form_too(at_step, settle):
    window = at_step()

    def here():
        rows = window.list._list
        items = [rows.item(n) for n in range(rows.count())]
        return [item.data(KEY) for item in items if "you are here" in item.text()]

    assert here() == ["item.C07"]
    for key in (GUIDE, FORM, "item.C07"):
        window.ways.picked(key)
        settle()
        assert here() == [key]


def test_the_kind_of_business_that_was_chosen_goes_home_too(at_step, settle, program):
    window = at_step()
    window.ways.picked(GUIDE)
    settle()
    guide = answered_to_its_end(window.front)
    settle()
    guide._why.edit.setText("I work alone")
    guide._tick.setChecked(True)
    guide._choice.set_value(guide._result.top[0].code)
    guide._keep_pressed()
    settle()
    reader = program.desk.context.session.vault.reader
    (decided,) = reader.all(EntityDecision, enterprise_id=MARY)
    chosen = next(o.name for o in guide._result.top if o.code == decided.chosen)
    assert window.table.sitting.done["guide"] == f"We chose a kind of business: {chosen}"


def test_a_reason_half_typed_is_there_again_after_a_power_cut(share, settle, program):
    window = share()
    window.ways.picked(GUIDE)
    settle()
    window.front._why.typed.emit("I want to work al")
    settle()
    program.lock()  # nothing was committed: only what lies in the draft can come back
    settle()
    again = program.desk.together.window
    again.ways.picked(GUIDE)
    settle()
    assert again.front._why.value() == "I want to work al"
