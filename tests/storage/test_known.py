"""What is remembered of a reading stands until something is written, or a write is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.errors import StorageError
from storage.known import Known
from storage.meta import Meta
from storage.vault import Vault

KEYS = ("one", "two")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("put", "drop", "undone", "undone by itself", "read")),
        st.sampled_from(KEYS),
        st.integers(0, 9),
    ),
    max_size=12,
)
SOON = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Undone(Exception):
    """Raised to undo a transaction."""


def undo() -> None:
    """Leave a transaction by a fault."""
    raise Undone


def told(vault: Vault) -> tuple[dict[str, str], dict[str, str]]:
    """(as the vault says it, as it lies there) of both keys."""
    lies = dict(vault._db._raw.execute("SELECT key, value FROM meta").fetchall())
    says = {key: Meta(vault._db).text(key, "-") for key in KEYS}
    return says, {key: lies.get(key, "-") for key in KEYS}


def play(vault: Vault, steps: list[tuple[str, str, int]]) -> None:
    """After each step what is said is what lies there."""
    meta = Meta(vault._db)
    works: dict[str, Callable[[str, int], Any]] = {
        "put": meta.put,
        "drop": lambda k, _: meta.drop(k),
    }
    for step, key, value in steps:
        try:
            if step in works:
                with vault._db.transaction():
                    works[step](key, value)
                    assert meta.text(key, "-") == (str(value) if step == "put" else "-")
            elif step.startswith("undone"):
                with vault._db.transaction():
                    meta.put(key, value)
                    told(vault)
                    if step == "undone by itself":  # as the database does when its disk is full
                        vault._db._raw.execute("ROLLBACK")
                    undo()
        except Undone:
            pass
        says, lies = told(vault)
        assert says == lies, step


@SOON
@given(STEPS)
def test_it_says_what_lies_there(enrolled: Vault, steps: list[tuple[str, str, int]]) -> None:
    play(enrolled, steps)


def test_what_was_undone_is_not_remembered(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [("put", "one", 1), ("undone", "one", 2)]
    play(enrolled, steps)
    monkeypatch.setattr(Database, "_roll_back", lambda db: db._raw.execute("ROLLBACK"))
    with pytest.raises(AssertionError, match="undone"):
        play(enrolled, steps)
    monkeypatch.undo()
    monkeypatch.setattr(Known, "now", lambda known: known._words)
    with pytest.raises(AssertionError):
        play(enrolled, [("read", "one", 0), ("put", "one", 3)])


def test_what_was_sent_is_unsent_no_more_and_what_is_written_is(enrolled: Vault) -> None:
    assert enrolled.exchange.unsent() == []
    assert enrolled.exchange.unsent_count() == 0
    assert enrolled.exchange.unsent() == []
    enrolled._db.rows("SELECT 1")
    assert enrolled._db.known.now()["unsent ops"] == 0
    with enrolled._db.transaction():
        Meta(enrolled._db).put("one", 1)
    assert "unsent ops" not in enrolled._db.known.now()


def test_a_closed_vault_says_so_in_known_words(enrolled: Vault) -> None:
    Meta(enrolled._db).text("one")
    enrolled._db.close()
    with pytest.raises(StorageError):
        Meta(enrolled._db).text("one")
    assert enrolled._db.known.now() == {}
