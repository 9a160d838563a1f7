"""What can go wrong between laptop and register, line by line, and which test shows what follows.

| line | must happen |
|---|---|
| cut at every byte, both directions | the same end state as uncut, nothing twice |
| doubled, late, out of order, replayed | each op once, each receipt for its own question |
| 500, 502, 503, 504, 429 with a wish | wait, at most an hour; nothing counts as sent |
| 413 | smaller batches, one op alone is said |
| 401, 403, 404, 409 that nobody signed | not believed: no log-out, no recovery |
| garbage, wrong types, an answer without end | nothing applied, the round ends in words |
| bombs (gzip, zstd, depth) | stopped at the limit, at either end |
| captive portal: HTML, 30x, 404, 511 | it is named; no empty list, no redirect followed |
| proxy: refuses, wants a name, is gone, CONNECT | named; what is excepted goes straight |
| certificate: unknown, another's, old TLS | never bypassed; not a byte sent |
| wrong clocks | the register's time is used; the clock decides nothing |
| token over, laptop closed, person gone, role without the right | work goes on; said in words |
| register put back, with and without a new history | said again, once; its files too |
| laptop's image put back, vault cloned | a new incarnation; both keep their work |
| a register with the key that means harm | no word lost, no false "sent", no foreign file |
| files: half an upload, bytes lost or wrong | resumed; missing is said; no halves |
| what the register says itself | reaches the person |

Each name below is checked to exist, so that a test that is renamed or taken away is noticed here.
"""

from __future__ import annotations

import ast
import ssl
from pathlib import Path

import pytest

from sync.register.serve import make_server
from sync.tls import modern, trust
from tests.support.tls import certificate

HERE = Path(__file__).parent
CATALOGUE = {
    "cut at every byte": [
        "test_cut::test_cut_after_every_byte",
        "test_cut::test_cut_after_some_bytes",
        "test_bad_days::test_the_true_answer_cut_at_any_byte_is_not_used",
        "test_bad_lines::test_over_a_real_socket_a_broken_line_is_a_broken_line",
    ],
    "doubled, late, replayed": [
        "test_push::test_sent_again_a_batch_gets_the_same_receipt_and_changes_nothing",
        "test_bad_days::test_yesterdays_answer_to_another_question_is_not_believed",
        "test_bad_days::test_a_receipt_for_other_ops_is_not_taken",
        "test_machine::test_any_story_ends_well",
    ],
    "500, 502, 503, 504, 429": [
        "test_bad_days::test_a_bad_day",
        "test_bad_days::test_the_registers_wish_to_wait_is_passed_on",
        "test_captive::test_a_gateway_that_is_down_is_not_called_a_portal",
        "test_hostile::test_a_wish_to_wait_is_kept_up_to_an_hour",
        "test_limits::test_a_person_who_asks_too_often_waits_for_the_minute_to_end",
    ],
    "413": [
        "test_bad_days::test_a_batch_too_large_for_the_way_is_halved_until_it_goes",
        "test_bad_days::test_a_slow_line_gets_smaller_batches",
    ],
    "unsigned refusals": ["test_bad_days::test_a_bad_day"],
    "garbage": [
        "test_bad_days::test_a_changed_byte_is_noticed",
        "test_bad_days::test_a_proxy_may_take_the_squeezing_off_but_then_the_seal_is_broken",
        "test_envelope::test_no_bytes_at_all_break_it",
        "test_hostile::test_records_of_wrong_types_and_unknown_kinds_are_put_aside_and_the_rest_is_read",
    ],
    "bombs": [
        "test_envelope::test_a_bomb_stops_at_the_limit",
        "test_envelope::test_a_frame_with_a_huge_window_is_refused",
        "test_limits::test_a_small_body_that_unfolds_into_gigabytes",
        "test_limits::test_lists_in_lists_in_lists",
    ],
    "captive portal": [
        "test_captive::test_a_network_that_answers_for_itself_is_told_apart_and_changes_nothing",
        "test_captive::test_joining_at_a_portal_says_so_and_keeps_the_code",
    ],
    "proxy": [
        "test_proxy::test_a_round_goes_by_the_proxy_and_is_sealed_in_it",
        "test_proxy::test_a_proxy_that_refuses_a_tunnel_is_said_in_words",
        "test_proxy::test_a_proxy_that_is_not_there_is_not_called_a_missing_line",
        "test_proxy::test_what_is_excepted_goes_straight",
    ],
    "certificate": [
        "test_bad_lines::test_a_certificate_that_this_computer_does_not_trust_is_never_accepted",
        "test_over_tls::test_a_certificate_of_somebody_else_is_refused_before_a_byte_is_sent",
        "test_catalogue::test_an_old_tls_is_not_spoken",
    ],
    "wrong clocks": [
        "test_clock::test_the_clock_does_not_decide_whose_edit_stands",
        "test_enrolment::test_a_wrong_clock_is_told_the_time_not_refused",
    ],
    "token, laptop, person, role": [
        "test_sign_in::test_a_short_key_runs_out_and_the_next_one_is_got",
        "test_sign_in::test_a_refresh_key_that_comes_twice_ends_the_login",
        "test_over_tls::test_a_closed_laptop_is_told_so_and_keeps_its_work",
        "test_enrolment::test_somebody_who_left_is_out_on_every_device",
        "test_push::test_finance_and_auditors_write_nothing",
    ],
    "register put back": [
        "test_vault_machine::test_a_register_put_back_hears_the_vaults_again",
        "test_vault_machine::test_a_register_with_a_new_history_hears_the_vaults_again",
        "test_files_are_not_lost::test_a_day_later_a_register_that_was_put_back_gets_its_files_again",
    ],
    "image put back, vault cloned": [
        "test_stories::test_story",
        "test_push::test_a_number_used_twice_for_different_ops_is_noticed",
    ],
    "a register that means harm": [
        "test_hostile::test_whatever_a_signed_answer_says_the_round_ends_in_words_and_nothing_is_lost",
        "test_hostile::test_what_has_no_receipt_is_never_called_sent",
        "test_hostile::test_it_cannot_take_away_what_was_typed_and_not_sent",
        "test_hostile::test_html_and_odd_letters_in_a_name_stay_letters",
    ],
    "files": [
        "test_photos::test_a_large_photo_goes_on_from_the_last_part_that_arrived",
        "test_hostile::test_a_file_that_does_not_get_further_ends_the_round",
        "test_hostile::test_bytes_that_are_not_the_file_are_not_kept",
        "test_files_are_not_lost::test_a_photo_goes_to_the_council_although_its_case_is_another_coachs",
    ],
    "its own words": [
        "test_own_words::test_what_the_register_says_is_what_is_said",
        "test_bad_days::test_words_of_every_fault_are_plain",
    ],
}


def _tests_of(name):
    tree = ast.parse((HERE / f"{name}.py").read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("line", CATALOGUE)
def test_every_line_has_its_tests(line):
    for one in CATALOGUE[line]:
        module, test = one.split("::")
        assert test in _tests_of(module), one


def test_every_line_of_the_table_is_in_the_list():
    lines = [row for row in (__doc__ or "").splitlines() if row.startswith("| ")]
    assert len(lines) - 1 == len(CATALOGUE)


def test_an_old_tls_is_not_spoken():
    """Also by an interpreter that leaves the oldest version to the system's settings."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    for one in (trust(), modern(context)):
        assert one.minimum_version == ssl.TLSVersion.TLSv1_2
        assert one.verify_mode is ssl.CERT_REQUIRED
        assert one.check_hostname


def test_an_old_tls_is_not_answered(quick, tmp_path):
    server = make_server(
        quick.store, {}, "127.0.0.1", 0, quick.clock, certificate(tmp_path, "council")
    )
    server.config.load()
    assert server.config.ssl.minimum_version == ssl.TLSVersion.TLSv1_2
