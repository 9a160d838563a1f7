"""When the next round is due: arithmetic, so there is nothing to wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random as Dice

from hypothesis import given
from hypothesis import strategies as st

from sync.schedule import CAP, FIRST, back_off, edited, next_look


def dice(seed):
    return Dice(seed)  # noqa: S311 - waits, not keys


NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)


@given(st.integers(1, 60), st.integers())
def test_back_off_stays_within_five_minutes(failures, seed):
    wait = back_off(failures, dice(seed))
    assert 0 <= wait <= min(CAP, FIRST * 2 ** (failures - 1))


def test_back_off_reaches_its_cap_and_spreads():
    waits = [back_off(12, dice(seed)) for seed in range(200)]
    assert max(waits) > CAP * 0.9
    assert min(waits) < CAP * 0.1


def test_the_registers_wish_is_never_undercut():
    assert all(back_off(1, dice(seed), retry_after=40) >= 40 for seed in range(50))


def test_no_failure_no_wait():
    assert back_off(0, dice(1)) == 0


def test_typing_on_puts_the_round_off_but_not_for_ever():
    waiting = edited(None, NOON)
    assert waiting.due() == NOON + timedelta(seconds=3)
    for second in range(1, 60):
        waiting = edited(waiting, NOON + timedelta(seconds=second))
    assert waiting.due() == NOON + timedelta(seconds=20)


def test_a_clock_that_is_put_back_puts_no_round_off():
    waiting = edited(edited(None, NOON), NOON - timedelta(hours=2))
    assert waiting.due() == NOON - timedelta(hours=2) + timedelta(seconds=3)
    assert edited(waiting, NOON).due() == NOON - timedelta(hours=2) + timedelta(seconds=20)


def test_a_quiet_laptop_looks_once_a_minute():
    assert next_look(NOON, None) == NOON + timedelta(seconds=60)
    assert next_look(NOON, edited(None, NOON)) == NOON + timedelta(seconds=3)
