"""The place after a page that told nothing: kept with the next thing that is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forms.change import Bookmark
from forms.facts.people import Enterprise
from storage.meta import stamp
from storage.vault import Vault
from tests.storage.register_pages import LATER, ack, edit, page, state_of

FURTHER = Bookmark(epoch="e", seq=90, chain="c90")


def on_disk(vault: Vault) -> tuple[str, str]:
    found = dict(vault.exchange._db.rows("SELECT key, value FROM meta"))
    return found["bookmark"], found.get("witnessed", "")


def test_the_place_is_known_at_once_and_costs_no_commit(
    enrolled: Vault, shared: Enterprise
) -> None:
    before, log = on_disk(enrolled), enrolled._db.row("PRAGMA wal_checkpoint(NOOP)")
    enrolled.exchange.witness("seen", FURTHER)
    assert (enrolled.exchange.bookmark(), enrolled.exchange.witnessed()) == (FURTHER, "seen")
    assert on_disk(enrolled) == before
    assert enrolled._db.row("PRAGMA wal_checkpoint(NOOP)") == log


def test_a_receipt_takes_it_along(enrolled: Vault, shared: Enterprise) -> None:
    enrolled.exchange.witness("seen", FURTHER)
    edit(enrolled, shared.id, phone="02")
    ack(enrolled)
    text, seen = on_disk(enrolled)
    assert ('"seq": 90' in text, seen) == (True, "seen")
    assert enrolled.exchange.bookmark() == FURTHER


def test_a_later_page_takes_its_place_and_what_was_seen_stays(
    enrolled: Vault, shared: Enterprise
) -> None:
    enrolled.exchange.witness("seen", FURTHER)
    enrolled.exchange.witness("", replace(FURTHER, seq=95))
    assert enrolled.exchange.witnessed() == "seen"
    enrolled.exchange.absorb(page(state_of(replace(shared, phone="09")), seq=99), LATER)
    assert enrolled.exchange.bookmark().seq == 99
    assert on_disk(enrolled)[1] == "seen"


def test_the_newest_of_the_audit_log_is_what_is_kept(enrolled: Vault, shared: Enterprise) -> None:
    enrolled.exchange.witness("old", FURTHER)
    enrolled.exchange.witness("new")
    assert enrolled.exchange.witnessed() == "new"
    assert ('"seq": 90' in on_disk(enrolled)[0], on_disk(enrolled)[1]) == (True, "new")


def lose(vault: Vault, record_id: str) -> None:
    """A row that went, as a fault of the disk would take it, and what mending makes of it."""
    with vault._db.transaction():
        vault._db.do("DELETE FROM enterprise WHERE id = ?", (record_id,))
    assert vault.mend().counts


@pytest.mark.parametrize("how", ["reset", "mended"])
def test_a_vault_that_begins_again_knows_nothing_of_it(
    enrolled: Vault, shared: Enterprise, how: str
) -> None:
    enrolled.exchange.witness("seen", FURTHER)
    if how == "reset":
        enrolled.exchange.reset_bookmark()
    else:
        lose(enrolled, shared.id)
    assert enrolled.exchange.bookmark() == Bookmark()
    edit(enrolled, shared.id, phone="02")
    ack(enrolled)
    assert enrolled.exchange.bookmark() == Bookmark()


def test_the_first_place_of_all_is_written_at_once(enrolled: Vault) -> None:
    enrolled.exchange.reset_bookmark()
    enrolled.exchange.witness("", FURTHER)
    assert '"seq": 90' in on_disk(enrolled)[0]


def test_days_on_which_nothing_is_told_are_days_on_which_the_register_was_reached(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    ack(enrolled)
    enrolled.exchange.witness("", FURTHER, LATER)
    soon = LATER + timedelta(minutes=9)
    enrolled.exchange.witness("", replace(FURTHER, seq=95), soon)
    assert '"seq": 95' not in on_disk(enrolled)[0], "a push does not wait for the disk twice"
    days = LATER + timedelta(days=3)
    enrolled.exchange.witness("", replace(FURTHER, seq=99), days)
    assert enrolled.reader.last_sent_at() == days
    assert '"seq": 99' in on_disk(enrolled)[0]


def test_who_left_long_ago_goes_though_nothing_is_told(enrolled: Vault, shared: Enterprise) -> None:
    with enrolled._db.transaction():
        enrolled._db.do(
            "INSERT INTO attic (kind, record_id, left_at, body) VALUES ('action', 'gone', ?, '{}')",
            (stamp(LATER),),
        )
    enrolled.exchange.witness("", FURTHER, LATER + timedelta(days=40))
    assert enrolled._db.rows("SELECT * FROM attic") == []
