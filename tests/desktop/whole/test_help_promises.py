"""Each promise in Help is kept by something: tests by name that exist, and that show the opposite.

A promise that is added to Help without its proof goes red here, and so does a renamed proof.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QTableView

from desktop.devtools.shots import TABS
from desktop.navigation import route
from desktop.presenters.help_words import PROMISES
from desktop.views.screens import SCREENS
from forms.values import SetClock
from tests.desktop.shell.world import NOW, PEOPLE, make_context, make_vault

TESTS = Path(__file__).parents[2]
# promise -> (what shows that it holds, what goes red when its protection is off)
PROOFS = {
    "Saved means saved.": (
        (
            "faults/test_power_loss.py::test_no_saved_thing_is_lost_when_the_lights_go_out",
            "faults/test_kill.py::test_sixty_kills_lose_nothing",
            "faults/test_plain_text.py::test_saved_means_on_the_disk",
        ),
        (
            "faults/test_power_loss.py::test_with_less_than_full_the_same_moments_lose_saved_things",
            "faults/test_kill.py::test_without_transactions_the_same_kills_are_noticed",
        ),
    ),
    "It works with no signal.": (
        (
            "desktop/states/test_empty_refused_waiting.py::test_with_no_line_every_page_is_there",
            "sync/test_bad_days.py::test_a_bad_day",
        ),
        (
            "desktop/states/test_empty_refused_waiting.py::"
            "test_the_check_sees_a_screen_that_says_none_too_early",
        ),
    ),
    "Your work is never overwritten in silence.": (
        (
            "storage/test_clashes.py::test_a_clash_keeps_both_values_and_is_settled_by_a_person",
            "storage/test_histories.py::test_laptop_and_register_agree_at_rest",
            "desktop/screens/test_things.py::"
            "test_what_was_merged_is_told_with_whose_it_was_and_older_changes_are_not",
        ),
        ("storage/test_histories.py::test_without_the_rule_for_unsent_fields_it_goes_red",),
    ),
    "A stolen, locked laptop shows nothing.": (
        (
            "faults/test_plain_text.py::test_no_word_is_readable_on_disk",
            "faults/test_plain_text.py::"
            "test_a_locked_window_shows_no_word_and_holds_neither_file_nor_key",
        ),
        ("faults/test_plain_text.py::test_without_the_key_the_same_search_finds_them",),
    ),
    "Only the person in front of you.": (
        (
            "desktop/whole/test_help_promises.py::test_a_record_shows_nobody_else",
            "desktop/together/test_leaks.py::"
            "test_no_other_name_on_any_page_print_title_or_accessibility_tree",
        ),
        (
            "desktop/together/test_leaks.py::"
            "test_with_the_data_layer_widened_the_same_walk_finds_others",
            "desktop/whole/test_help_promises.py::test_the_look_at_a_record_finds_another_name",
        ),
    ),
    "Every number opens its records.": (
        (
            "evidence/test_every_number.py::"
            "test_a_number_is_its_rows_its_parts_add_up_and_nobody_is_lost",
            "evidence/test_rows.py::test_every_enterprise_is_counted_or_left_out_with_a_reason",
        ),
        ("evidence/test_every_number.py::test_nobody_asked_is_not_collected_and_never_zero",),
    ),
    "Evidence cannot change without a trace.": (
        (
            "faults/test_damage.py::test_any_byte_of_an_attachment_and_any_cut_is_noticed",
            "desktop/shell/test_undo.py::test_recent_changes_lists_names_people_and_ways_back",
        ),
        ("faults/test_damage.py::test_without_page_seals_flipped_bits_pass",),
    ),
    "You can take things back.": (
        (
            "storage/test_steps.py::test_two_hundred_steps_of_an_enterprise_are_kept",
            "storage/test_steps.py::test_steps_survive_a_restart",
            "storage/test_steps.py::test_taking_back_is_a_new_op_beside_what_was_sent",
        ),
        ("storage/test_steps.py::test_nothing_in_a_claim_that_was_sent_is_undone",),
    ),
    "Your data can always come out.": (
        (
            "storage/test_export.py::test_any_history_comes_back_equal",
            "storage/test_export.py::test_every_kind_and_every_file_comes_back",
        ),
        ("storage/test_export.py::test_what_a_laptop_that_lost_a_field_would_export_is_noticed",),
    ),
    "Damage is noticed, and there is a way back.": (
        (
            "faults/test_damage.py::test_a_flipped_bit_on_any_page_is_noticed",
            "faults/test_put_back.py::test_what_was_typed_since_the_copy_comes_back_too",
        ),
        ("faults/test_damage.py::test_without_page_seals_flipped_bits_pass",),
    ),
}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


def test_every_promise_has_its_proof_and_no_proof_is_of_a_promise_that_is_gone():
    assert set(PROOFS) == {promise for promise, _ in PROMISES}


@pytest.mark.parametrize("promise", PROOFS)
def test_the_proofs_are_there(promise):
    holds, red = PROOFS[promise]
    assert holds
    assert red
    for each in (*holds, *red):
        file, _, name = each.partition("::")
        assert name in names_in(file), f"{promise} {each} is not there"


def seen(qtbot, vault, tab):
    """Every word on one tab of Joe's record."""
    screen = SCREENS["enterprise"].make(
        make_context(vault), route("enterprise", id="ent-1", tab=tab)
    )
    qtbot.addWidget(screen)
    screen.show()
    words = [each.text() for each in screen.findChildren(QLabel)]
    for table in screen.findChildren(QTableView):
        model = table.model()
        words += [
            str(model.index(row, at).data() or "")
            for row in range(model.rowCount())
            for at in range(model.columnCount())
        ]
    return "\n".join(words)


@pytest.fixture
def vault(tmp_path):
    made = make_vault(tmp_path / "v", SetClock(NOW))
    yield made
    made.close()


def others():
    return [part for row in (PEOPLE[0], *PEOPLE[2:]) for part in row[:2]]


@pytest.mark.parametrize("tab", TABS)
def test_a_record_shows_nobody_else(qtbot, vault, tab):
    said = seen(qtbot, vault, tab)
    assert "Joe Pearce" in said
    assert not [name for name in others() if name in said]


def test_the_look_at_a_record_finds_another_name(qtbot, vault):
    """With somebody else's name written into the record the same look finds it."""
    from forms.facts.people import Enterprise

    with vault.change(by="coach-1", at=NOW) as unit:
        unit.set(Enterprise, "ent-1", access_needs="Ring Mary Thorne first")
    assert "Mary Thorne" in seen(qtbot, vault, "overview")
