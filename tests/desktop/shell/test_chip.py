"""The chip says whether the work is safe and has gone, by the table of the design."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.presenters.chip import ChipLook, SafetyState, chip, date_words, day_words
from forms.values import SetClock
from storage.vault import Vault
from tests.desktop.states.places import Place, opened, over, said

NOW = datetime(2026, 11, 19, 14, 5, tzinfo=UTC)
CALM = SafetyState(now=NOW, last_sent_at=NOW - timedelta(minutes=1))


def test_level_says_when_it_was_last_known_and_not_when_something_was_last_sent():
    late = replace(CALM, level=True, level_at=NOW + timedelta(hours=2))
    assert chip(late).words == "Up to date with the register, 16:05"
    assert chip(replace(late, last_sent_at=None)).look is ChipLook.DONE


def test_an_hour_of_another_day_is_not_taken_for_one_of_today():
    kept = replace(CALM, level=True, level_at=NOW - timedelta(days=1))
    assert chip(kept).words == "Up to date with the register, yesterday"


@pytest.mark.parametrize(
    ("state", "words", "look"),
    [
        (
            replace(CALM, unsent=12),
            "Saved on this laptop - 12 changes to send when you are online",
            ChipLook.LAPTOP,
        ),
        (
            replace(CALM, unsent=1),
            "Saved on this laptop - 1 change to send when you are online",
            ChipLook.LAPTOP,
        ),
        (
            replace(CALM, unsent=1, soon=True),
            "Saved on this laptop - 1 change, sending soon",
            ChipLook.LAPTOP,
        ),
        (
            replace(CALM, unsent=1, soon=True, by_hand=True),
            "Saved on this laptop - 1 change to send when you say so",
            ChipLook.LAPTOP,
        ),
        (replace(CALM, sending=(3, 12), unsent=12), "Sending 3 of 12...", ChipLook.SENDING),
        (
            replace(CALM, sending=(3, 3), file_words="Sending file 2 of 5, 40 %..."),
            "Sending file 2 of 5, 40 %...",
            ChipLook.SENDING,
        ),
        (
            replace(CALM, level=True, files=2),
            "Saved on this laptop - 2 files to send when you are online",
            ChipLook.LAPTOP,
        ),
        (
            replace(CALM, level=True, files=1, costs=True),
            "Saved on this laptop - 1 file waits: sending costs money here",
            ChipLook.LAPTOP,
        ),
        (
            replace(CALM, unsent=3, by_hand=True),
            "Saved on this laptop - 3 changes to send when you say so",
            ChipLook.LAPTOP,
        ),
        (replace(CALM, sending=(0, 0)), "Fetching from the register...", ChipLook.SENDING),
        (
            replace(CALM, level=True, last_sent_at=NOW),
            "Up to date with the register, 14:05",
            ChipLook.DONE,
        ),
        (
            replace(CALM, unsent=12, last_sent_at=NOW - timedelta(days=9)),
            "12 changes waiting. Last sent Tue 10 Nov",
            ChipLook.WAITING,
        ),
        (replace(CALM, to_check=2), "2 things to check", ChipLook.STOP),
        (replace(CALM, to_check=1), "1 thing to check", ChipLook.STOP),
        (replace(CALM, needs="Sign in again"), "Sign in again", ChipLook.STOP),
        (
            SafetyState(now=NOW, practice=True, unsent=9, to_check=1),
            "Kept on this laptop only",
            ChipLook.LAPTOP,
        ),
        (
            SafetyState(now=NOW, joined=False),
            "Saved on this laptop. Not joined to a council yet",
            ChipLook.LAPTOP,
        ),
        (SafetyState(now=NOW), "Saved on this laptop", ChipLook.LAPTOP),
    ],
)
def test_the_table(state, words, look):
    assert chip(state).words == words
    assert chip(state).look is look


def test_offline_never_looks_like_an_error():
    looks = {chip(replace(CALM, unsent=n, level=False)).look for n in range(5)}
    assert looks == {ChipLook.LAPTOP}


def test_the_last_success_is_shown_and_not_the_last_try():
    before = replace(CALM, level=True, last_sent_at=NOW - timedelta(minutes=25))
    assert "13:40" in chip(before).words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (2, "Saturday"),
        (-2, "Tuesday"),
        (9, "Sat 28 Nov"),
        (-400, "15 October 2025"),
    ],
)
def test_days_as_people_say_them(days, words):
    assert date_words((NOW + timedelta(days=days)).date(), NOW.date()) == words


def test_a_moment_today_has_its_time():
    assert day_words(NOW, NOW) == "today 14:05"
    assert day_words(None, NOW) == "never"


def test_a_laptop_on_which_nothing_was_written_does_not_tick_that_it_was_saved(qtbot, tmp_path):
    clock = SetClock(NOW)
    vault, _ = Vault.create(tmp_path / "new", practice=True, clock=clock)
    screen = opened(qtbot, over(vault), Place("sent_and_safe"))
    assert not [words for words in said(screen) if "saved" in words.casefold()]
    vault.close()
