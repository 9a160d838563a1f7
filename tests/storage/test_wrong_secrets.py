"""Wrong secrets straight at each slot, with nothing to slow them down: none ever opens."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage import keys, recovery, slots
from storage.errors import WrongPassphrase
from storage.keys import FLOOR, SecretKey
from storage.slots import Header
from tests.storage.samples import PASSPHRASE
from tests.support.goals import Tell

KEY = SecretKey(b"k" * 32)
SHEET = recovery.words_of(b"r" * 16)


def guess_words(number: int) -> str:
    return f"{PASSPHRASE[:-1]}{number}"


def guess_sheet(number: int) -> str:
    return recovery.secret_of(
        " ".join(recovery.words_of(os.urandom(12) + number.to_bytes(4, "big")))
    )


def guess_store(_: int) -> str:
    return os.urandom(32).hex()


SECRETS: dict[str, tuple[str, Callable[[int], str]]] = {
    slots.PASSPHRASE: (PASSPHRASE, guess_words),
    slots.RECOVERY: (recovery.secret_of(" ".join(SHEET)), guess_sheet),
    slots.KEYRING: ("5" * 64, guess_store),
}


def accepted(slot_type: str, guesses: int) -> int:
    """How many wrong secrets opened the slot."""
    right, guess = SECRETS[slot_type]
    cost = FLOOR if slot_type == slots.PASSPHRASE else None
    header = Header("id", practice=False, slots=()).sealed(slot_type, KEY, right, cost)
    assert header.opened(slot_type, right).raw == KEY.raw
    opened = 0
    for number in range(guesses):
        try:
            header.opened(slot_type, guess(number))
        except WrongPassphrase:
            continue
        opened += 1
    return opened


def accepted_by_escrow(guesses: int) -> int:
    """How many wrong private keys opened the council's slot."""
    right = X25519PrivateKey.generate()
    public = right.public_key().public_bytes_raw()
    header = Header("id", practice=False, slots=()).sealed_for_council(KEY, public)
    assert header.opened_by_council(right.private_bytes_raw()).raw == KEY.raw
    opened = 0
    for _ in range(guesses):
        try:
            header.opened_by_council(os.urandom(32))
        except WrongPassphrase:
            continue
        opened += 1
    return opened


@pytest.mark.parametrize(
    ("slot_type", "guesses"),
    [(slots.PASSPHRASE, 40), (slots.RECOVERY, 10_000), (slots.KEYRING, 10_000)],
)
def test_no_wrong_secret_opens(slot_type: str, guesses: int, goal: Tell) -> None:
    opened = accepted(slot_type, guesses)
    goal(29, f"wrong secrets at the slot {slot_type}", runs=guesses, failures=opened)
    assert opened == 0


def test_no_wrong_key_of_a_council_opens(goal: Tell) -> None:
    opened = accepted_by_escrow(10_000)
    goal(29, f"wrong secrets at the slot {slots.ESCROW}", runs=10_000, failures=opened)
    assert opened == 0


def test_every_way_in_that_a_thief_could_try_is_tried_here() -> None:
    assert {*SECRETS, slots.ESCROW} == {*slots.CARRIED, *slots.SAFE, slots.KEYRING} - {
        slots.PRACTICE  # its secret is written beside it: it protects fiction
    }


def test_a_slot_that_asks_for_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "unwrap", lambda *_: KEY)
    assert accepted(slots.RECOVERY, 3) == 3


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_no_wrong_passphrase_of_ten_thousand_opens(goal: Tell) -> None:
    opened = accepted(slots.PASSPHRASE, 10_000)
    goal(29, "wrong secrets at the slot passphrase", runs=10_000, failures=opened)
    assert opened == 0
