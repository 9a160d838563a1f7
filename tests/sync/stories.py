"""Named stories of disasters. Each sets up one rare shape; `check` says what must hold after it."""

from __future__ import annotations

from datetime import timedelta

from forms.change import DELETED
from forms.facts.casework import ChecklistItem
from forms.values import new_id
from sync import errors
from sync.client.exchange import run_round
from tests.sync.stories_papers import (
    a_case_goes_before_its_paper,
    a_paper_goes_in_parts,
    a_paper_whose_answer_was_lost,
    a_person_is_erased_while_their_paper_is_sent,
    a_person_is_erased_with_their_papers,
    laptop_from_an_old_image_with_a_paper,
    one_paper_in_two_cases_and_one_is_erased,
    register_put_back_to_before_a_paper,
    register_put_back_to_before_a_papers_row,
    where_sending_costs_money_the_small_copy_goes,
)
from tests.sync.stories_put_back import (
    both_forget_a_removal,
    both_forget_a_removal_that_stood,
    both_from_old_copies,
    both_from_old_copies_give_one_name_twice,
    laptop_from_an_old_image,
    laptop_from_an_old_image_uses_a_number_again,
    one_name_twice_and_the_later_edit_first,
    recovery_cut_short,
    register_forgets_a_number_nobody_wrote_in,
    register_hears_the_later_edit_first,
    register_put_back,
    register_put_back_after_it_gave_numbers,
    register_put_back_and_grown_again,
    register_put_back_before_the_next_edit,
    register_put_back_behind_a_laptop_that_joined_anew,
    register_put_back_behind_an_idle_laptop,
    register_put_back_with_a_new_history,
    register_put_back_writes_of_its_own_again,
)
from tests.sync.stories_sticks import STICKS


def delete_beside_an_edit(play):
    """A delete arrives that had not seen an edit."""
    play.set("a", "phone", "1")
    play.round("a")
    play.remove("c")
    play.round("c")
    play.calm()
    play.check()
    assert not play.laptops["b"].records[play.case].deleted
    assert (play.case, DELETED) in play.laptops["b"].clashes


def removed_by_a_third_beside_an_edit(play):
    """Who removes what somebody had removed and somebody edited has said which of them stands."""
    play.set("a", "phone", "1")
    play.remove("c")
    for name in "acb":
        play.round(name)
    assert (play.case, DELETED) in play.laptops["b"].clashes
    play.remove("b")
    assert not play.laptops["b"].clashes
    play.calm()
    play.check()
    assert all(laptop.records[play.case].deleted for laptop in play.holders())


def register_hears_a_delete_before_an_edit_its_author_had_seen(play):
    """After it was put back: to have seen an answer is not to have replaced it; it must stand."""
    play.keep_copy()
    play.set("c", "facts", {"vol": 0, "x": 0})
    play.round("c")
    play.round("a")
    play.put_back()
    play.remove("a")
    play.calm()
    play.check()
    for laptop in play.holders():
        assert laptop.records[play.case].fields["facts"] == {"vol": 0, "x": 0}


def register_hears_a_refused_edit_before_the_one_it_was_made_over(play):
    """After it was put back: an edit that was not taken replaces nothing that is still to come."""
    item = play.laptops["c"].add(ChecklistItem(id=new_id(), enterprise_id=play.case, code="C07"))
    play.calm()
    play.keep_copy()
    play.laptops["c"].set(item.id, checked_by_id="lee")
    play.round("c")
    play.round("a")
    play.laptops["a"].set(item.id, checked_by_id="ann")
    play.put_back()
    play.calm()
    play.check()
    for laptop in play.holders():
        assert laptop.records[item.id].fields["checked_by_id"] == "lee"


def register_hears_a_new_record_before_an_edit_between(play):
    """After it was put back to before the record: what a wrote over b's edit stays in place."""
    play.keep_copy()
    case = play.add("a")
    play.round("a")
    play.round("b")
    play.laptops["b"].set(case, phone="1")
    play.round("b")
    play.round("a")
    play.laptops["a"].set(case, phone="2")
    play.round("a")
    play.put_back()
    play.calm()
    play.check()
    for laptop in play.holders():
        assert laptop.records[case].fields["phone"] == "2"
        assert not laptop.clashes


def request_lost(play):
    """Sent means receipted: what was lost on the way still waits."""
    play.set("a", "phone", "1")
    play.round("a", "drop request")
    assert len(play.laptops["a"].unsent(9)) == 1
    play.calm()
    play.check()


def answer_lost(play):
    """The register has it, the laptop does not know yet: sent again, it stands once."""
    play.set("a", "phone", "1")
    play.round("a", "drop answer")
    assert len(play.laptops["a"].unsent(9)) == 1
    play.calm()
    play.check()


def ghost_after_a_reset(play):
    """A record that the register never heard of goes with the next whole page."""
    a = play.laptops["a"]
    a.records["ghost"] = a.records[play.case]
    a.reset_bookmark()
    play.calm()
    play.check()


def clash_settled_elsewhere(play):
    """A clash is closed on every laptop by whoever settles it."""
    play.set("a", "phone", "1")
    play.set("c", "phone", "2")
    play.calm()
    assert all(laptop.clashes for laptop in play.holders())
    play.settle("b", 1)
    play.calm()
    play.check()
    assert not any(laptop.clashes for laptop in play.holders())


def equal_edits_then_an_edit_of_one(play):
    """Two laptops say the same, then one of them, not knowing of the other, something else."""
    play.set("a", "phone", "1")
    play.set("b", "phone", "1")
    play.set("b", "phone", "3")
    play.round("a")
    play.calm()
    play.check()
    assert (play.case, "phone") in play.laptops["a"].clashes


def another_edit_in_the_same_page(play):
    """What a laptop wrote itself is not told again, but what another wrote beside it is."""
    play.set("a", "phone", "1")
    play.round("a", "drop pull")
    play.set("b", "place", "2")
    play.round("b")
    play.calm()
    play.check()


def unsent_work_follows_its_case(play):
    """The case went to another coach before the first one's laptop had sent its work."""
    play.set("a", "phone", "7")
    play.transfer("ben")
    play.round("c")
    play.calm()
    play.check()
    assert play.laptops["d"].records[play.case].fields["phone"] == "7"
    assert play.case not in play.laptops["a"].records


def an_offered_case_goes_when_it_is_accepted(play):
    """Offered, answered without a line while its coach goes on working; nothing is lost."""
    play.offer("a", "ben")
    play.calm()
    assert play.case not in play.laptops["d"].records
    play.set("b", "phone", "7")
    play.answer_offer("d", "accept")
    play.round("d", "drop answer")
    play.calm()
    play.check()
    assert play.laptops["d"].records[play.case].fields["phone"] == "7"
    assert play.case not in play.laptops["a"].records


def register_put_back_before_a_case_was_accepted(play):
    """It forgot the move: the laptop of the new coach lets go, and what it wrote is kept."""
    play.offer("a", "ben")
    play.calm()
    play.keep_copy()
    play.answer_offer("d", "accept")
    play.calm()
    play.set("d", "phone", "8")
    play.round("d")
    play.put_back()
    play.calm()
    play.check()


def a_case_goes_and_comes_back(play):
    """There and back again: one copy, nothing lost on the way."""
    play.transfer("ben")
    play.calm()
    play.set("d", "place", "9")
    play.set("c", "phone", "8")
    play.transfer("ann")
    play.calm()
    play.check()
    fields = play.laptops["b"].records[play.case].fields
    assert (fields["phone"], fields["place"]) == ("8", "9")
    assert play.case not in play.laptops["d"].records


def a_decision_whose_answer_was_lost(play):
    """Asked again with the same number it is answered as before, and done once."""
    play.transfer("ben")
    play.round("c", "drop answer")
    play.calm()
    play.check()


def a_closed_laptop(play):
    """From its next request on it hears nothing; what it sent before stays."""
    play.set("b", "phone", "7")
    play.round("b")
    play.revoke("b")
    play.set("a", "place", "8")
    play.calm()
    play.check()
    assert play.laptops["c"].records[play.case].fields["phone"] == "7"


def the_last_work_of_a_closed_laptop(play):
    """Closed as retired it still sends, and nothing counts until a lead has looked."""
    play.set("b", "phone", "7")
    new = play.add("b")
    play.revoke("b", retired=True)
    play.round("b")
    assert [ack.result for ack in list(play.laptops["b"].receipts.values())[-2:]] == (
        ["held:quarantine"] * 2
    )
    play.calm()
    play.check()
    assert play.laptops["c"].records[play.case].fields["phone"] == "0"
    assert new not in play.laptops["c"].records
    play.set("c", "phone", "8")
    play.round("c")
    assert sorted(play.take_in().values()) == ["clash", "ok"]
    assert play.take_in() == {}
    play.calm()
    held = play.laptops["a"]
    assert {h.value for h in held.clashes[play.case, "phone"]} == {"7", "8"}
    assert new in held.records


def a_lost_laptop_sends_nothing(play):
    """Whoever holds it now is not its coach."""
    play.set("b", "phone", "7")
    play.revoke("b")
    before = len(play._log()[0])
    play.round("b")
    assert len(play._log()[0]) == before
    assert len(play.laptops["b"].unsent(9)) == 1


def clocks_that_are_wrong(play):
    """A wrong clock is no reason to refuse work, and decides nothing."""
    play.skew("a", 400)
    play.skew("b", -400)
    play.set("a", "phone", "1")
    play.set("b", "phone", "2")
    play.calm()
    play.check()
    assert (play.case, "phone") in play.laptops["c"].clashes


def a_laptop_stops_halfway_through_a_page(play):
    """Half a page is on its disk when it stops; it is worked on, and the page is told again."""
    case = play.add("a")
    play.set("a", "phone", "1")
    play.set("a", "place", "1")
    play.round("a")
    mark = play.laptops["b"].mark
    play.round("b", "stops halfway")
    assert play.laptops["b"].mark == mark
    play.set("b", "phone", "2")
    play.set("c", "place", "3")
    play.round("c")
    play.calm()
    play.check()
    assert case in play.laptops["b"].records


def a_record_goes_wrong_on_a_laptop(play):
    """Nobody wrote it: a disk, a bug. The next comparing finds it and reads it again."""
    a, c = play.laptops["a"], play.laptops["c"]
    a.records[play.case].fields["phone"] = "99"
    del c.records[play.case]
    for name in "ac":
        play.laptops[name].compared = play.clock.now() - timedelta(days=2)
        report = run_round(play.laptops[name], play.wires[name], play.clock)
        assert report.mended == 1
    play.check()


def a_stranger_answers(play):
    """What the pinned key has not signed is not used."""
    play.set("c", "phone", "1")
    play.round("c")
    play.round("a", "forged pull")
    play.calm()
    play.check()


STORIES = [
    register_put_back,
    register_put_back_behind_a_laptop_that_joined_anew,
    register_put_back_with_a_new_history,
    register_put_back_behind_an_idle_laptop,
    register_put_back_and_grown_again,
    register_put_back_before_the_next_edit,
    register_hears_the_later_edit_first,
    laptop_from_an_old_image,
    laptop_from_an_old_image_uses_a_number_again,
    both_from_old_copies,
    register_forgets_a_number_nobody_wrote_in,
    both_forget_a_removal,
    both_forget_a_removal_that_stood,
    register_put_back_after_it_gave_numbers,
    register_put_back_writes_of_its_own_again,
    both_from_old_copies_give_one_name_twice,
    one_name_twice_and_the_later_edit_first,
    recovery_cut_short,
    delete_beside_an_edit,
    removed_by_a_third_beside_an_edit,
    register_hears_a_delete_before_an_edit_its_author_had_seen,
    register_hears_a_refused_edit_before_the_one_it_was_made_over,
    register_hears_a_new_record_before_an_edit_between,
    request_lost,
    answer_lost,
    ghost_after_a_reset,
    clash_settled_elsewhere,
    equal_edits_then_an_edit_of_one,
    another_edit_in_the_same_page,
    unsent_work_follows_its_case,
    an_offered_case_goes_when_it_is_accepted,
    register_put_back_before_a_case_was_accepted,
    a_case_goes_and_comes_back,
    a_decision_whose_answer_was_lost,
    a_closed_laptop,
    the_last_work_of_a_closed_laptop,
    a_lost_laptop_sends_nothing,
    clocks_that_are_wrong,
    a_laptop_stops_halfway_through_a_page,
    a_record_goes_wrong_on_a_laptop,
    a_stranger_answers,
    a_paper_goes_in_parts,
    a_paper_whose_answer_was_lost,
    where_sending_costs_money_the_small_copy_goes,
    register_put_back_to_before_a_paper,
    register_put_back_to_before_a_papers_row,
    a_case_goes_before_its_paper,
    laptop_from_an_old_image_with_a_paper,
    a_person_is_erased_with_their_papers,
    a_person_is_erased_while_their_paper_is_sent,
    one_paper_in_two_cases_and_one_is_erased,
    *STICKS,
]
WRONG = (AssertionError, errors.SyncError)
