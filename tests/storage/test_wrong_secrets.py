"""Wrong secrets straight at each slot, with nothing to slow them down: none ever opens."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from storage import recovery, slots
from storage.errors import WrongPassphrase
from storage.keys import FLOOR, SecretKey
from storage.slots import Header
from tests.storage.samples import PASSPHRASE

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


@pytest.mark.parametrize(
    ("slot_type", "guesses"),
    [(slots.PASSPHRASE, 40), (slots.RECOVERY, 10_000), (slots.KEYRING, 10_000)],
)
def test_no_wrong_secret_opens(slot_type: str, guesses: int) -> None:
    assert accepted(slot_type, guesses) == 0


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_wrong_passphrase_of_ten_thousand_opens() -> None:
    assert accepted(slots.PASSPHRASE, 10_000) == 0
