"""Receipts: what the register took stays as typed, what it refused goes back."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.change import Ack
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import acknowledge
from storage.meta import stamp
from storage.vault import Vault
from tests.storage.register_pages import (
    LATER,
    ack,
    edit,
    now_of,
    page,
)
from tests.storage.samples import COACH, NOON


def test_what_the_register_refuses_goes_back(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02", place="Deal")
    ack(enrolled, "partly:phone", words="not yours")
    now = now_of(enrolled, shared.id)
    assert (now.phone, now.place) == ("01", "Deal")
    (told,) = enrolled.reader.not_taken()
    assert (told.result, told.words, told.op.fields["phone"]) == ("partly:phone", "not yours", "02")
    last = enrolled.reader.history(shared.id)[-1]
    assert (last.verb, last.note, last.after) == ("returned", "not yours", {"phone": "01"})


def test_two_refused_edits_go_back_to_before_both(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    edit(enrolled, shared.id, phone="03")
    first, second = enrolled.exchange.unsent()
    enrolled.exchange.acknowledge([Ack(seq=first.seq, feed_seq=50, result="refused:x")], LATER)
    assert now_of(enrolled, shared.id).phone == "03"
    enrolled.exchange.acknowledge([Ack(seq=second.seq, feed_seq=51, result="refused:x")], LATER)
    assert now_of(enrolled, shared.id).phone == "01"


def test_a_refused_edit_under_an_accepted_one_in_one_batch(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    edit(enrolled, shared.id, phone="03")
    first, second = enrolled.exchange.unsent()
    acks = [
        Ack(seq=first.seq, feed_seq=50, result="refused:x"),
        Ack(seq=second.seq, feed_seq=51, result="ok"),
    ]
    enrolled.exchange.acknowledge(acks, LATER)
    assert now_of(enrolled, shared.id).phone == "03"


def test_a_refused_removal_brings_the_record_back(enrolled: Vault, shared: Enterprise) -> None:
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.remove(Enterprise, shared.id, why="twice")
    assert enrolled.reader.get(Enterprise, shared.id) is None
    ack(enrolled, "refused:role")
    assert enrolled.reader.get(Enterprise, shared.id) == shared


def test_a_record_that_was_not_taken_stays_for_its_author(enrolled: Vault) -> None:
    record = Enterprise(id=new_id(), name="New")
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(record)
    ack(enrolled, "refused:gate")
    assert enrolled.reader.get(Enterprise, record.id) == record
    enrolled.exchange.absorb(page(whole=True), LATER)
    assert enrolled.reader.get(Enterprise, record.id) == record


def test_receipts_empty_the_outbox_and_the_journal_stays(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    assert enrolled.reader.unsent_count() == 1
    ack(enrolled)
    assert enrolled.reader.unsent_count() == 0
    assert enrolled.reader.last_sent_at() == LATER
    assert enrolled.exchange.reopen(after_seq=0) == 1
    assert [op.dot for op in enrolled.exchange.unsent()] == ["17.1"]


def test_receipts_are_kept_as_the_register_signed_them(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    edit(enrolled, shared.id, phone="03")
    first = enrolled.exchange.unsent()[0]
    one = [Ack(seq=first.seq, feed_seq=50, result="ok")]
    enrolled.exchange.acknowledge(one, LATER, receipt=b"signed \xff")
    inc = enrolled.exchange.identity().incarnation
    assert [op.seq for op in enrolled.exchange.receipted(inc, 0, 9)] == [1]
    assert enrolled.exchange.last_seq() == 2
    assert enrolled._db.rows("SELECT body FROM receipt") == [(b"signed \xff",)]


RESULTS = st.sampled_from(["ok", "ok", "ok", "clash", "refused:x", "partly:phone", "held:unknown"])
BATCHES = st.lists(
    st.lists(
        st.builds(
            Ack,
            seq=st.integers(1, 9),  # the ninth was never written here
            feed_seq=st.integers(1, 12),
            result=RESULTS,
            words=st.sampled_from(["", "", "not yours"]),
        ),
        unique_by=lambda ack: ack.seq,
        max_size=9,
    ),
    min_size=1,
    max_size=3,
)
MARKS = "SELECT seq, acked_at, feed_seq, result, words FROM outbox ORDER BY seq"


@dataclass(slots=True)
class _Marked:
    """What one op's row says of its receipt, told the slow and simple way."""

    at: str | None = None
    feed_seq: int | None = None
    result: str = ""
    words: str = ""

    def hear(self, ack: Ack, at: str) -> None:
        if self.at is None or self.result != ack.result:
            self.at = self.at or at
            self.feed_seq, self.result, self.words = ack.feed_seq, ack.result, ack.words


def test_receipts_in_runs_are_written_as_they_would_be_one_by_one(
    enrolled: Vault, shared: Enterprise
) -> None:
    for number in range(8):
        edit(enrolled, shared.id, phone=f"0{number}")
    db = enrolled._db

    @settings(max_examples=150, deadline=None)
    @given(BATCHES)
    def same(batches: list[list[Ack]]) -> None:
        plain = {seq: _Marked() for seq in range(1, 9)}
        with db.transaction():
            db.do("UPDATE outbox SET acked_at = NULL, feed_seq = NULL, result = '', words = ''")
            for acks in batches:
                acknowledge._mark(db, 17, acks, LATER)
                for ack in acks:
                    if ack.seq in plain:
                        plain[ack.seq].hear(ack, stamp(LATER))
        assert db.rows(MARKS) == [
            (seq, one.at, one.feed_seq, one.result, one.words) for seq, one in plain.items()
        ]

    same()
