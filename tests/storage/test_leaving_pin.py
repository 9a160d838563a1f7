"""The PIN to leave: a slow hash in the records, wrong tries wait, the passphrase always works."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from forms.values import SetClock
from storage.errors import ChangeRefused, TriedTooSoon
from storage.meta import Meta
from storage.vault import Vault
from tests.storage.samples import NOON, PASSPHRASE, TINY, new_vault

PIN = "8265"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def timed(tmp_path: Path, clock: SetClock) -> Vault:
    return new_vault(tmp_path / "v", clock=clock)


def test_the_pin_proves_and_another_does_not(timed: Vault) -> None:
    with timed as vault:
        assert not vault.leaving_pin.is_set
        assert not vault.leaving_pin.proves(PIN)
        vault.leaving_pin.choose(f" {PIN} ", cost=TINY)
        assert vault.leaving_pin.is_set
        assert vault.leaving_pin.proves(PIN)
        assert not vault.leaving_pin.proves("0000")
        vault.leaving_pin.choose("99421", cost=TINY)
        assert not vault.leaving_pin.proves(PIN)
        vault.leaving_pin.take_away()
        assert not vault.leaving_pin.is_set


def test_the_digits_are_nowhere_and_the_hash_is_slow(timed: Vault) -> None:
    with timed as vault:
        vault.leaving_pin.choose(PIN)
        kept = " ".join(f"{row[0]} {row[1]}" for row in vault._db.rows("SELECT * FROM meta"))
        assert PIN not in kept.split()
        memory, passes, _ = Meta(vault._db).text("leaving_pin_cost").split(",")
        assert (int(memory), int(passes)) >= (19 * 1024, 2)


def test_wrong_tries_wait_longer_each_time_and_a_right_one_ends_it(
    timed: Vault, clock: SetClock
) -> None:
    with timed as vault:
        vault.leaving_pin.choose(PIN, cost=TINY)
        waits = []
        for _ in range(9):
            assert not vault.leaving_pin.proves("5555")
            with_wait = 0
            try:
                vault.leaving_pin.proves(PIN)
            except TriedTooSoon as told:
                with_wait = told.seconds
            waits.append(with_wait)
            clock.moment += timedelta(seconds=with_wait)
            if not with_wait:
                assert not vault.leaving_pin.proves("5555")
        assert waits[0] == 0
        assert waits[1:] == sorted(waits[1:])
        assert waits[-1] == 60
        with pytest.raises(ChangeRefused):
            vault.leaving_pin.choose("12", cost=TINY)
        assert vault.leaving_pin.proves(PIN)
        assert not vault.leaving_pin.proves("5555")  # counted from the beginning again
        assert vault.leaving_pin.proves(PIN)


def test_the_passphrase_always_leads_back(timed: Vault) -> None:
    with timed as vault:
        assert vault.leaving_pin.proves_passphrase(PASSPHRASE)
        assert not vault.leaving_pin.proves_passphrase("something else")
        vault.leaving_pin.choose(PIN, cost=TINY)
        assert vault.leaving_pin.proves_passphrase(PASSPHRASE)


@pytest.mark.parametrize("pin", ["", "123", "12a4", "1111", "1234", "٣٤٥٦", "1" * 13])
def test_what_is_no_pin_or_is_guessed_first_is_refused(timed: Vault, pin: str) -> None:
    with timed as vault, pytest.raises(ChangeRefused, match="PIN"):
        vault.leaving_pin.choose(pin, cost=TINY)
