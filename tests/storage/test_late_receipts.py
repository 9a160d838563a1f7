"""Ops that were taken as they were written are marked after their receipt: whoever asks finds them
marked, a stop in between loses nothing, and no op is ever said to wait that has its receipt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.change import Ack
from forms.facts.people import Enquiry, Enterprise
from forms.values import new_id
from storage import late_receipts, outbox
from storage.vault import Vault
from tests.storage.register_pages import LATER, edit
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen

MANY = 30
MARKS = "SELECT seq, acked_at, feed_seq, result, words FROM outbox ORDER BY seq"
EMPTY = "UPDATE outbox SET acked_at = NULL, feed_seq = NULL, result = '', words = ''"


@pytest.fixture
def sent(enrolled: Vault) -> Vault:
    """A laptop with ops that are under way."""
    with enrolled.change(by=COACH, at=NOON) as unit:
        for number in range(MANY):
            unit.add(Enquiry(id=new_id(), created_on=NOON.date(), name=f"Joe {number}"))
    return enrolled


def acks(first: int = 1, last: int = MANY, ahead: int = 40) -> list[Ack]:
    return [Ack(seq=seq, feed_seq=seq + ahead, result="ok") for seq in range(first, last + 1)]


def on_disk(vault: Vault) -> list[Any]:
    """The rows as they lie there: nobody is asked first."""
    return list(vault._db._raw.execute(MARKS).fetchall())


def runs(vault: Vault) -> int:
    return int(vault._db._raw.execute("SELECT count(*) FROM taken_run").fetchone()[0])


def test_a_receipt_is_one_row_and_whoever_asks_finds_every_op_marked(sent: Vault) -> None:
    sent.exchange.acknowledge(acks(), LATER, receipt=b"signed")
    assert {row[1] for row in on_disk(sent)} == {None}
    assert runs(sent) == 1
    assert (sent.exchange.unsent_count(), sent.exchange.unsent()) == (0, [])
    assert sent.exchange.untold() in (None, (0, ""))
    assert runs(sent) == 1, "what is asked after every push marks nothing"
    inc = sent._db.row("SELECT inc FROM outbox LIMIT 1")[0]
    assert len(sent.exchange.receipted(inc, 0, 99)) == MANY
    assert runs(sent) == 0
    assert on_disk(sent) == [(n, LATER.isoformat(), n + 40, "ok", "") for n in range(1, MANY + 1)]


def test_the_next_write_marks_first_and_so_does_a_rest(sent: Vault) -> None:
    for first, last, mark in ((1, 25, "write"), (26, MANY, "write"), (31, 60, "rest")):
        if mark == "rest":
            with sent.change(by=COACH, at=NOON) as unit:
                for _ in range(30):
                    unit.add(Enquiry(id=new_id(), created_on=NOON.date()))
        sent.exchange.acknowledge(acks(first, last), LATER)
        kept = last - first + 1 >= late_receipts.FEWEST
        assert runs(sent) == int(kept)
        if mark == "rest":
            sent.catch_up()
        else:
            with sent.change(by=COACH, at=NOON):
                pass
            sent.desk.keep("where", "here")
        assert runs(sent) == 0
        assert all(row[1] for row in on_disk(sent)[first - 1 : last])


@pytest.mark.parametrize(
    "told",
    [
        acks(1, late_receipts.FEWEST - 1),
        [*acks(1, MANY - 1), Ack(seq=MANY, feed_seq=90, result="refused:x", words="no")],
        [*acks(1, MANY - 1), Ack(seq=MANY, feed_seq=90, result="ok", words="passed on")],
        acks(2, MANY + 1),
    ],
    ids=["few", "refused", "words", "an op that is not here"],
)
def test_what_is_more_than_taken_is_marked_at_once(sent: Vault, told: list[Ack]) -> None:
    sent.exchange.acknowledge(told, LATER)
    assert runs(sent) == 0
    assert sum(row[1] is not None for row in on_disk(sent)) == len(
        [a for a in told if a.seq <= MANY]
    )


def test_a_receipt_again_is_marked_at_once(sent: Vault) -> None:
    sent.exchange.acknowledge(acks(), LATER)
    sent.exchange.acknowledge(acks(), LATER)
    assert runs(sent) == 0
    assert sent.exchange.reopen(after_seq=10) == MANY - 10
    assert len(sent.exchange.unsent()) == MANY - 10


def test_a_stop_in_between_loses_nothing(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    with vault.change(by=COACH, at=NOON) as unit:
        for _ in range(MANY):
            unit.add(Enquiry(id=new_id(), created_on=NOON.date()))
    vault.exchange.acknowledge(acks(), LATER)
    assert runs(vault) == 1
    vault.close()
    again = Vault.open(vault.place.folder, passphrase=PASSPHRASE)
    assert again.ledger("waiting").lines == ()
    assert all(row[1] for row in on_disk(again))
    again.close()


def test_what_was_undone_is_marked_by_the_next(sent: Vault) -> None:
    sent.exchange.acknowledge(acks(), LATER)
    with pytest.raises(RuntimeError, match="undone"), sent.change(by=COACH, at=NOON):
        raise RuntimeError("undone")
    with pytest.raises(RuntimeError, match="undone"), sent._db.transaction():
        raise RuntimeError("undone")
    assert runs(sent) == 1
    assert len(sent.ledger("waiting").lines) == 0
    assert runs(sent) == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 9), st.integers(0, 4), st.integers(1, 12)),  # first, more, place
        st.sampled_from(["count", "ledger", "write", "reopen"]),
        st.just("held:unknown"),
    ),
    max_size=6,
)


def test_marked_at_once_or_afterwards_is_the_same(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        edit(enrolled, shared.id, phone=f"0{number}")
    db, inc, late = enrolled._db, 17, [0]

    def story(steps: list[Any]) -> list[Any]:
        found: list[Any] = []
        with db.transaction():
            db.do(EMPTY)
        for step in steps:
            if isinstance(step, tuple):
                first, more, place = step
                told = acks(first, min(9, first + more), place - first)
                enrolled.exchange.acknowledge(told, LATER, incarnation=inc)
                late[0] += runs(enrolled)
            elif step == "count":
                found.append((enrolled.reader.unsent_count(), enrolled.exchange.unsent()))
            elif step == "ledger":
                found.append(enrolled.ledger())
            elif step == "write":
                enrolled.desk.keep("where", "here")
            elif step == "reopen":
                found.append(enrolled.exchange.reopen(5, incarnation=inc))
            else:
                ack = Ack(seq=9, feed_seq=30, result=step, words="not yours")
                enrolled.exchange.acknowledge([ack], LATER, incarnation=inc)
            found.append(enrolled.exchange.unsent_count())
        found.append(db.rows(MARKS))
        return found

    @settings(max_examples=40, deadline=None)
    @given(STEPS)
    def same(steps: list[Any]) -> None:
        monkeypatch.setattr(late_receipts, "FEWEST", 10**9)
        whole = story(steps)
        monkeypatch.setattr(late_receipts, "FEWEST", 1)
        assert story(steps) == whole

    same()
    assert late[0] > 5, "hardly any receipt was one row"


def test_without_the_marking_it_would_be_noticed(
    sent: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proofs: nobody brings it level; the count does not know of runs."""
    monkeypatch.setattr(late_receipts, "mark", lambda *_: None)
    sent.exchange.acknowledge(acks(), LATER)
    assert len(sent.ledger("waiting").lines) == MANY
    monkeypatch.setattr("storage.outbox.UNSENT", "acked_at IS NULL /* taken_run */")
    sent.desk.keep("where", "here")  # what was known before is asked again
    assert sent.exchange.unsent_count() == MANY


ANOTHER = " ".join(("plum", "tree", "lake"))


def test_an_older_vault_that_is_looked_at_says_what_waits(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enquiry(id=new_id(), created_on=NOON.date()))
        with vault._db.transaction():
            vault._db.do("DROP TABLE taken_run")
            vault._db.do("PRAGMA user_version = 19")
    with Vault.open(tmp_path / "v", passphrase=PASSPHRASE, read_only=True) as looking:
        assert looking.reader.unsent_count() == 1
        assert outbox.oldest_unsent_at(looking._db) == NOON
        assert len(looking.exchange.unsent(5)) == 1


def test_a_vault_that_is_locked_anew_after_a_receipt_is_not_called_damaged(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        with vault.change(by=COACH, at=NOON) as unit:
            for _ in range(30):
                unit.add(Enquiry(id=new_id(), created_on=NOON.date()))
        told = [Ack(seq=n, feed_seq=n, result="ok") for n in range(1, 31)]
        vault.exchange.acknowledge(told, LATER)
        assert vault._db.owes_outbox
    Vault.re_key(tmp_path / "v", passphrase=PASSPHRASE, new_passphrase=ANOTHER, cost=TINY)
    with reopen(tmp_path / "v", passphrase=ANOTHER) as again:
        assert again.exchange.unsent_count() == 0
