"""A thing to check that is half settled, or pressed twice: nothing is lost, nothing comes back."""

import pytest

from desktop.presenters.things_to_check import ThingsPresenter, things_to_check
from desktop.views.things_to_check.choosing import Choosing
from desktop.views.things_to_check.screen import ThingsScreen
from forms.rules.pack import load_pack
from storage.errors import VaultFull
from tests.desktop.screens.desk import (
    COACH,
    FakeView,
    context,
    lock,
    typed_and_left,
)
from tests.desktop.screens.people import phone_clash


def use_mine(page):
    page._choosing.use_mine.click()
    page._choose_pressed()


class TestAThingToCheck:
    def part(self, vault, qtbot):
        presenter = ThingsPresenter(context(vault), FakeView())
        made = Choosing(presenter.half_of)
        qtbot.addWidget(made)
        made.show_thing(things_to_check(vault.reader, COACH, load_pack("kent"))[0])
        return made, presenter

    def test_what_was_chosen_and_why_comes_back_after_a_power_cut(self, vault, qtbot):
        part, _ = self.part(vault, qtbot)
        part.use_mine.click()
        typed_and_left(part.note, "Rang her")
        part, _ = self.part(vault, qtbot)
        assert (part.choice, part.note.text) == ("mine", "Rang her")

    def test_nothing_of_it_is_left_once_it_is_settled(self, vault, qtbot):
        part, presenter = self.part(vault, qtbot)
        typed_and_left(part.note, "Rang her")
        presenter.load()
        presenter.choose("mine", "", "Rang her")
        assert vault.settled
        assert not [key for key in vault.half_typed if key.startswith("things_to_check")]

    def things(self, vault, lane=None):
        here = context(vault)
        here.jobs = lane or here.jobs
        return ThingsScreen(here)

    def test_nothing_of_it_comes_back_when_it_was_settled_elsewhere(self, vault, qtbot):
        page = self.things(vault)
        qtbot.addWidget(page)
        typed_and_left(page._choosing.note, "Rang her")
        assert vault.half_typed
        gone = vault.open_conflicts.pop(0)
        assert page._thing.id == gone.id
        page._presenter.load()
        assert page._thing.id != gone.id
        assert page._choosing.note.text == ""
        assert vault.half_typed == {}
        typed_and_left(page._choosing.note, "Asked Lee")
        page._presenter.load()  # one that is still there keeps its words
        assert "Asked Lee" in "".join(vault.half_typed.values())

    def test_no_key_goes_with_a_thing_whose_choice_is_being_written(self, vault, lane, qtbot):
        page = self.things(vault, lane)
        qtbot.addWidget(page)
        lane.catch_up()
        page._choosing.use_mine.click()
        qtbot.keyClicks(page._choosing.note.editor, "Rang")
        page._choose_pressed()
        qtbot.keyClicks(page._choosing.note.editor, " her")
        assert page._choosing.note.text == "Rang"
        vault.fails_with = VaultFull()
        lane.catch_up()
        qtbot.keyClicks(page._choosing.note.editor, " her")
        assert page._choosing.note.text == "Rang her"
        vault.fails_with = None
        page._choose_pressed()
        lane.catch_up()
        assert [note for *_, note in vault.settled] == ["Rang her"]
        assert page._thing is None or not page._choosing.note.editor.isReadOnly()

    def test_nothing_of_it_comes_back_when_the_laptop_locks_after_the_choice(
        self, vault, lane, qapp
    ):
        page = self.things(vault, lane)
        lane.catch_up()
        page._choosing.use_mine.click()
        page._choosing.note.editor.setText("Rang her")
        lane.catch_up()
        page._choose_pressed()
        page.flush()
        lock(page, lane)
        assert len(vault.settled) == 1
        assert vault.half_typed == {}


class TestAThingPressedTwice:
    @pytest.fixture
    def page(self, built, qtbot):
        made = built(ThingsScreen)
        qtbot.addWidget(made)
        return made

    def test_is_settled_once_and_nothing_is_said_to_be_wrong(self, page, vault, lane):
        first = page._thing.id
        use_mine(page)
        page._choose_pressed()
        lane.catch_up()
        assert [each for each, *_ in vault.settled] == [first]
        assert page._thing.id != first
        assert not page._choosing.status.text()

    def test_for_all_after_one_leaves_out_that_one(self, built, vault, lane, qtbot):
        vault.open_conflicts = [phone_clash(str(number)) for number in range(3)]
        page = built(ThingsScreen)
        qtbot.addWidget(page)
        use_mine(page)
        page._presenter.choose_for_rest("mine")
        page._presenter.choose_for_rest("mine")
        lane.catch_up()
        ids = [each for each, *_ in vault.settled]
        assert sorted(ids) == ["0", "1", "2"]

    def test_the_next_one_is_chosen_while_it_is_written(self, page, vault, lane):
        first = page._thing.id
        use_mine(page)
        page._later_pressed()
        second = page._thing.id
        use_mine(page)
        lane.catch_up()
        assert [each for each, *_ in vault.settled] == [first, second]

    def test_what_is_typed_for_the_next_one_meanwhile_stays(self, page, vault, lane):
        first = page._thing.id
        use_mine(page)
        page._later_pressed()
        second = page._thing.id
        page._choosing.use_theirs.click()
        page._choosing.note.editor.setText("She rang")
        lane.catch_up()
        assert [each for each, *_ in vault.settled] == [first]
        assert page._thing.id == second != first
        assert (page._choosing.choice, page._choosing.note.text) == ("theirs", "She rang")
        page._choosing.set_aside()
        lane.catch_up()
        assert "She rang" in "".join(vault.half_typed.values())

    def test_one_that_could_not_be_written_can_be_pressed_again(self, page, vault, lane):
        page._choosing.use_mine.click()
        vault.fails_with = VaultFull()
        page._choose_pressed()
        lane.catch_up()
        vault.fails_with = None
        page._choose_pressed()
        lane.catch_up()
        assert len(vault.settled) == 1


@pytest.fixture
def tells():
    return []


@pytest.fixture
def failed(vault, lane, qtbot, tells):
    """A choice with its reason was pressed for on a full disk, and more is typed since."""
    vault.open_conflicts = [phone_clash(str(number)) for number in range(3)]
    here = context(vault)
    here.jobs = lane
    tells.append(here.tell)
    page = ThingsScreen(here)
    qtbot.addWidget(page)
    lane.catch_up()
    page._choosing.use_mine.click()
    qtbot.keyClicks(page._choosing.note.editor, "Rang")
    vault.fails_with = VaultFull()
    page._choose_pressed()
    lane.catch_up()
    vault.fails_with = None
    qtbot.keyClicks(page._choosing.note.editor, " her")
    return page


class TestAThingTriedAgain:
    def test_goes_with_what_was_typed_since(self, failed, vault, lane, tells):
        tells[0].agains[-1]()
        lane.catch_up()
        assert [(each, note) for each, _, note in vault.settled] == [("0", "Rang her")]
        assert failed._thing.id == "1"
        assert not [key for key in vault.half_typed if key.startswith("things_to_check")]

    def test_takes_no_key_while_it_is_written(self, failed, vault, lane, tells, qtbot):
        tells[0].agains[-1]()
        qtbot.keyClicks(failed._choosing.note.editor, " twice")
        assert failed._choosing.note.text == "Rang her"
        lane.catch_up()
        qtbot.keyClicks(failed._choosing.note.editor, "Next")
        assert failed._choosing.note.text == "Next"

    @pytest.mark.parametrize("is_kept", [True, False])
    def test_also_from_beside_the_next_one(self, failed, vault, lane, tells, qtbot, is_kept):
        again = tells[0].agains[-1]
        vault.fails_with = None if is_kept else VaultFull()
        failed._later_pressed()
        lane.catch_up()
        vault.fails_with = None
        if not is_kept:
            vault.half_typed.clear()
        qtbot.keyClicks(failed._choosing.note.editor, "Of the next")
        again()
        lane.catch_up()
        expected = "Rang her" if is_kept else "Rang"
        assert [(each, note) for each, _, note in vault.settled] == [("0", expected)]
        assert (failed._thing.id, failed._choosing.note.text) == ("1", "Of the next")

    def test_one_that_is_settled_since_is_not_offered_again(self, failed, vault, lane, tells):
        again = tells[0].agains[-1]
        vault.open_conflicts.pop(0)
        failed._presenter.load()
        lane.catch_up()
        assert again in tells[0].settled
        again()
        lane.catch_up()
        assert vault.settled == []

    def test_is_offered_still_when_another_was_pressed_for_meanwhile(
        self, failed, vault, lane, tells
    ):
        again = tells[0].agains[-1]
        failed._later_pressed()
        use_mine(failed)
        lane.catch_up()
        assert [each for each, *_ in vault.settled] == ["1"]
        assert again not in tells[0].settled
        again()
        lane.catch_up()
        assert [each for each, *_ in vault.settled] == ["1", "0"]

    def test_a_failure_lets_no_key_go_with_another_that_is_being_written(
        self, failed, vault, lane, tells, qtbot
    ):
        again = tells[0].agains[-1]
        failed._later_pressed()
        lane.catch_up()
        again()
        lane.step()
        qtbot.keyClicks(failed._choosing.note.editor, "Of the next")
        use_mine(failed)
        vault.fails_with = VaultFull()
        before = len(tells[0].problems)
        while len(tells[0].problems) == before:
            lane.step()
        vault.fails_with = None
        qtbot.keyClicks(failed._choosing.note.editor, " one")
        assert failed._choosing.note.text == "Of the next"

    def test_a_reason_goes_with_its_thing_when_all_get_the_same(self, failed, vault, lane):
        failed._presenter.choose_for_rest("theirs")
        lane.catch_up()
        notes = {each: note for each, _, note in vault.settled}
        assert notes["0"] == "Rang her"
        assert notes["1"] == notes["2"] == "the same choice for all"


def test_the_presenter_tells_when_no_key_is_to_be_taken(vault, lane, view):
    here = context(vault)
    here.jobs = lane
    presenter = ThingsPresenter(here, view)
    presenter.load()
    lane.catch_up()
    assert view.named["hold_choice"] == {"held": False}
    presenter.choose("mine", "", "")
    assert view.named["hold_choice"] == {"held": True}
    vault.fails_with = VaultFull()
    lane.catch_up()
    assert view.named["hold_choice"] == {"held": False}
