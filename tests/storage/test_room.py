"""What an edit adds finds room in its own row: its page is sealed anew, its neighbours are not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.change import Columns
from forms.facts.kinds import KINDS, fields_of
from forms.facts.people import Enquiry
from storage import room, rows
from storage.vault import Vault
from tests.storage.register_pages import LATER, page
from tests.storage.samples import NOON, bare_record

COUNT, EACH = 1_000, 20
OWN, OTHERS = COUNT // EACH, 30  # pages of the rows; of the trail and the vault's own facts
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def told(names: dict[str, list[Any]], seq: int, step: int = 1) -> Columns:
    ids = [f"enquiry-{n:04}" for n in range(0, COUNT, step)]
    return Columns(
        kind="enquiry",
        actor_id="coach-2",
        ids=ids,
        dots=[f"9.{seq + n}" for n in range(len(ids))],
        ats=[NOON for _ in ids],
        fields=names,
    )


def pages_of_news(vault: Vault) -> int:
    """How many pages a change of every tenth record seals."""
    ideas = [f"{n} {'meals for neighbours ' * 14}{'.' * (n * 7919 % 397)}" for n in range(COUNT)]
    whole = fields_of(replace(bare_record(KINDS["enquiry"]), name="Ann", anonymised_on=None))
    columns = {name: [value] * COUNT for name, value in whole.items()}
    first = told(columns | {"idea": ideas}, 1000)
    vault.exchange.absorb(replace(page(), columns=(first,)), NOON)
    vault.checkpoint()
    some = ideas[::EACH]
    news = {"heard_via": ["a friend"] * len(some), "idea": [f"{idea} by phone" for idea in some]}
    vault.exchange.absorb(replace(page(seq=20), columns=(told(news, 2000, EACH),)), LATER)
    return int(vault._db.row("PRAGMA wal_checkpoint(NOOP)")[1])


def test_news_seals_the_pages_of_its_rows_alone(enrolled: Vault) -> None:
    assert pages_of_news(enrolled) <= OWN + OTHERS


def test_without_room_their_neighbours_are_laid_out_anew(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that it is the room."""
    monkeypatch.setattr(room, "EACH", 0)
    room.of.cache_clear()
    try:
        assert pages_of_news(enrolled) > OWN + OTHERS
    finally:
        room.of.cache_clear()


def test_versions_are_read_past_the_room(enrolled: Vault) -> None:
    pages_of_news(enrolled)
    (raw,) = enrolled._db.row("SELECT ver FROM enquiry WHERE id = 'enquiry-0020'")
    assert raw.rstrip(" ") != raw
    held = rows.load(enrolled._db, KINDS["enquiry"], ["enquiry-0020"])["enquiry-0020"]
    assert (held.dots("idea"), held.dots("name")) == (("9.2001",), ("9.1020",))
    assert isinstance(held.record, Enquiry)
    assert held.record.heard_via == "a friend"


@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3), st.integers(0, 120))
def test_a_row_stays_as_long_while_there_is_room(
    were: list[str], are: list[str], left: int
) -> None:
    before, versions = '{"*":["1.2"]}', '{"*":["1.2"],"idea":["1.3"]}'
    found = room.kept(versions, before + " " * left, [*were, None, 7], [*are, 8, None])
    more = sum(len(one.encode()) for one in are) - sum(len(one.encode()) for one in were)
    assert json.loads(found) == json.loads(versions)
    assert len(found) == max(len(versions), len(before) + left - more)
