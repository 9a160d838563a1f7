"""Disasters one by one, and the proof that each protection is what makes them end well."""

from __future__ import annotations

import pytest

from tests.sync import mutants, stories, stories_sticks
from tests.sync.play import Play

PROOF = {
    # a protection switched off: the story that must then go wrong
    mutants.records_are_believed_behind: stories.another_edit_in_the_same_page,
    mutants.who_joins_again_asks_nothing: (
        stories.register_put_back_behind_a_laptop_that_joined_anew
    ),
    mutants.last_one_wins: stories.clash_settled_elsewhere,
    mutants.equal_heads_collapse: stories.equal_edits_then_an_edit_of_one,
    mutants.superseded_ops_count: stories.register_hears_the_later_edit_first,
    mutants.seen_counts_as_replaced: (
        stories.register_hears_a_delete_before_an_edit_its_author_had_seen
    ),
    mutants.deletes_beat_edits: stories.delete_beside_an_edit,
    mutants.numbers_are_not_compared: stories.laptop_from_an_old_image_uses_a_number_again,
    mutants.gaps_are_taken: stories.register_put_back_before_the_next_edit,
    mutants.no_fence: stories.register_put_back,
    mutants.no_chain: stories.register_put_back_and_grown_again,
    mutants.laptops_do_not_say_what_they_have: stories.laptop_from_an_old_image,
    mutants.laptops_do_not_say_what_was_receipted: (
        stories.register_put_back_behind_an_idle_laptop
    ),
    mutants.nothing_is_said_again: stories.register_put_back,
    mutants.only_the_newest_incarnation_is_said_again: stories.both_from_old_copies,
    mutants.incarnations_are_counted: stories.register_put_back_after_it_gave_numbers,
    mutants.the_register_counts_on: stories.register_put_back_writes_of_its_own_again,
    mutants.a_name_is_enough: stories.both_from_old_copies_give_one_name_twice,
    mutants.a_name_that_is_awaited_is_enough: stories.one_name_twice_and_the_later_edit_first,
    mutants.an_answer_on_a_stick_is_to_any_op: (
        stories_sticks.an_answer_comes_to_a_laptop_from_an_old_image
    ),
    mutants.a_copy_is_not_told_apart: (
        stories_sticks.a_copied_vault_and_a_register_that_was_put_back
    ),
    mutants.a_stick_believes_a_number: (
        stories_sticks.a_copied_vault_and_a_register_that_was_put_back_without_a_line
    ),
    mutants.what_fits_of_a_refused_batch_is_not_signed: (
        stories_sticks.an_old_image_keeps_the_receipts_that_fit
    ),
    mutants.what_came_before_a_trouble_has_no_receipt: (stories_sticks.an_old_image_without_a_line),
    mutants.sent_before_the_receipt: stories.request_lost,
    mutants.things_to_check_do_not_travel: stories.clash_settled_elsewhere,
    mutants.a_whole_page_is_only_a_page: stories.ghost_after_a_reset,
    mutants.own_ops_are_not_echoed_at_all: stories.clash_settled_elsewhere,
    mutants.others_make_no_difference_to_an_echo: stories.another_edit_in_the_same_page,
    mutants.a_former_coach_is_shut_out: stories.unsent_work_follows_its_case,
    mutants.decisions_are_made_as_often_as_they_are_asked: (
        stories.a_decision_whose_answer_was_lost
    ),
    mutants.revocation_is_not_read: stories.a_closed_laptop,
    mutants.last_work_counts_at_once: stories.the_last_work_of_a_closed_laptop,
    mutants.a_wrong_clock_is_refused: stories.clocks_that_are_wrong,
    mutants.anybody_is_believed: stories.a_stranger_answers,
    mutants.sums_are_not_mended: stories.a_record_goes_wrong_on_a_laptop,
    mutants.any_sum_will_do: stories.a_record_goes_wrong_on_a_laptop,
    mutants.what_left_stays: stories.a_case_goes_and_comes_back,
    mutants.a_case_that_came_is_not_sent: stories.unsent_work_follows_its_case,
    mutants.a_page_that_is_begun_is_done: stories.a_laptop_stops_halfway_through_a_page,
    mutants.a_part_is_enough: stories.a_paper_goes_in_parts,
    mutants.files_are_not_looked_for: stories.register_put_back_to_before_a_paper,
    mutants.files_of_a_case_that_went_are_not_taken: stories.a_case_goes_before_its_paper,
    mutants.erasing_takes_the_bytes_from_everybody: (
        stories.one_paper_in_two_cases_and_one_is_erased
    ),
    mutants.an_upload_is_ended_whatever_became_of_its_record: (
        stories.a_person_is_erased_while_their_paper_is_sent
    ),
}


@pytest.fixture
def play():
    made = Play()
    yield made
    made.close()


@pytest.mark.parametrize("story", stories.STORIES, ids=lambda story: story.__name__)
def test_story(play, story):
    story(play)


def test_every_protection_has_its_proof():
    assert set(PROOF) == set(mutants.MUTANTS)


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: mutant.__name__)
def test_without_this_protection_the_story_goes_wrong(play, mutant):
    with mutant(), pytest.raises(stories.WRONG):
        PROOF[mutant](play)
