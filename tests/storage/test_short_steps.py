"""A pull goes to disk in short steps: what stands at the end, what a stop in between leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import pytest

from forms.change import Changes, Page
from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage import absorb, arrivals, database, pace
from storage.vault import Vault
from tests.storage.register_pages import LATER, edit, now_of, page, state_of
from tests.storage.samples import NOON, full_record
from tests.storage.test_arrivals import block, for_now

MANY = 500
PATIENCE = 0.05  # seconds a person's save may wait for a pull, as issue 5 says


class Ticking:
    """A clock that goes on by so much each time it is looked at: every look stands for work."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def people(count: int, **fields: Any) -> list[Leader]:
    return [
        Leader(id=f"leader-{n:04}", enterprise_id="e", name=f"Name {n}", **fields)
        for n in range(count)
    ]


def told(records: list[Any], **more: Any) -> Page:
    return replace(page(**more), columns=(block(KINDS["leader"], records),))


def meant(row: Any) -> str:
    """A row, without the names of fields that the star stands for."""
    values = list(row)
    if str(values[1]).startswith('{"'):
        found = json.loads(values[1])
        values[1] = {n: dots for n, dots in found.items() if n == "*" or dots != found.get("*")}
    return repr(values)


def steps(vault: Vault, whole: Page) -> Iterator[tuple[Changes, Page | None]]:
    rest: Page | None = whole
    while rest is not None:
        changes, rest = vault.exchange.absorb_some(rest, LATER)
        yield changes, rest


def tables(vault: Vault) -> list[Any]:
    names = (
        "leader",
        "enterprise",
        "parked",
        "clash",
        "shadow",
        "caseload",
        "leaving",
        "held_back",
    )
    rows = [sorted(map(meant, vault._db.rows(f"SELECT * FROM {name}"))) for name in names]  # noqa: S608
    story = vault._db.rows("SELECT at, by_id, verb, kind, record_id, before, after FROM trail")
    return [*rows, sorted(story), vault.exchange.bookmark()]


@contextmanager
def no_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every look at the time says that it is enough."""
    with monkeypatch.context() as for_a_while:
        for_a_while.setattr(pace.Pace, "is_enough", lambda _: True)
        for_a_while.setattr(pace, "ROWS", 300)
        yield


def a_bit_of_everything(shared: Enterprise) -> Page:
    """New ones, known ones, odd ones, states, and some that left."""
    fresh = block(KINDS["leader"], people(MANY))
    odd = block(KINDS["leader"], [full_record(KINDS["leader"]) for _ in range(3)])
    odd = replace(odd, fields={**odd.fields, "phone": [7, "x\x00", "1"]})
    known = block(KINDS["enterprise"], [replace(shared, phone="02")])
    states = [state_of(full_record(KINDS["checklist_item"]), f"9.{n}") for n in range(900, 1050)]
    return replace(page(*states, seq=30, left=("gone-1",)), columns=(odd, known, fresh))


def test_many_steps_leave_what_one_leaves(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Leader(id="gone-1", enterprise_id="", name="N")
    enrolled.exchange.absorb(page(state_of(gone), seq=20), NOON)
    edit(enrolled, shared.id, place="typed here")
    whole = a_bit_of_everything(shared)
    with for_now(enrolled):
        one = enrolled.exchange.absorb(whole, LATER)
        at_once = tables(enrolled)
    with no_time(monkeypatch):
        done = [changes for changes, _ in steps(enrolled, whole)]
    assert tables(enrolled) == at_once
    assert len(done) > MANY // arrivals._STEP
    said = {(c.kind, c.record_id, c.fields) for changes in done for c in changes.records}
    assert said == {(c.kind, c.record_id, c.fields) for c in one.records}
    assert now_of(enrolled, shared.id).place == "typed here"


def test_a_stop_between_two_steps_is_a_page_that_is_told_again(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, whole = enrolled.exchange.bookmark(), a_bit_of_everything(shared)
    with for_now(enrolled):
        enrolled.exchange.absorb(whole, LATER)
        at_once = tables(enrolled)
    with no_time(monkeypatch):
        for count in (1, 2, 4, 7):
            for (_, rest), _ in zip(steps(enrolled, whole), range(count), strict=False):
                assert rest is not None
                assert enrolled.exchange.bookmark() == before
    enrolled.exchange.absorb(whole, LATER)
    assert tables(enrolled) == at_once


def test_a_bookmark_that_went_ahead_would_lose_the_rest(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the bookmark has to wait for the last step."""
    real = absorb.absorb
    monkeypatch.setattr(absorb, "absorb", lambda *all_: (real(*all_)[0], None))
    with pytest.raises(AssertionError):
        test_a_stop_between_two_steps_is_a_page_that_is_told_again(enrolled, shared, monkeypatch)


def test_what_is_typed_between_two_steps_stays(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled.exchange.absorb(told(people(MANY)), NOON)
    news = told(people(MANY, phone="of the register"), seq=20)
    news = replace(
        news, columns=(replace(news.columns[0], dots=[f"9.{n + 5000}" for n in range(MANY)]),)
    )
    typing = steps(enrolled, news)
    with no_time(monkeypatch):
        next(typing)
        for one in ("leader-0000", f"leader-{MANY - 1:04}"):  # here already, and still to come
            with enrolled.change(by="coach-1", at=LATER) as unit:
                unit.set(Leader, one, phone="typed here")
        for _ in typing:
            pass
        for _ in steps(enrolled, news):  # and the page once more
            pass
    phones = [one.phone for one in enrolled.reader.all(Leader)]
    assert phones.count("typed here") == 2
    assert phones.count("of the register") == MANY - 2
    bases = [op.base["phone"] for op in enrolled.exchange.unsent()]
    assert bases == [("9.5000",), (f"9.{MANY}",)]  # what each had seen


def test_a_whole_page_in_steps_lets_go_of_what_it_does_not_name(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = Enterprise(id=new_id(), name="Typed meanwhile")
    with no_time(monkeypatch):
        walk = steps(enrolled, told(people(MANY), whole=True, seq=20))
        next(walk)
        with enrolled.change(by="coach-1", at=LATER) as unit:
            unit.add(typed)
        for _ in walk:
            pass
    assert enrolled.reader.get(Enterprise, shared.id) is None
    assert enrolled.reader.get(Enterprise, typed.id) == typed
    assert len(enrolled.reader.all(Leader)) == MANY


def test_many_that_leave_go_in_steps_and_only_as_many_as_may(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled.exchange.absorb(told(people(MANY * 2)), NOON)
    some = tuple(f"leader-{n:04}" for n in range(90))  # under a tenth of them
    with no_time(monkeypatch):
        done = list(steps(enrolled, page(seq=20, left=some)))
    assert len(done) == 2
    assert len(enrolled.reader.all(Leader)) == MANY * 2 - len(some)
    assert enrolled.exchange.held_back() == 0
    with no_time(monkeypatch):
        list(steps(enrolled, page(seq=21, left=tuple(f"leader-{n:04}" for n in range(200, 600)))))
    assert enrolled.exchange.held_back() == 400


def locks(vault: Vault, whole: Page, monkeypatch: pytest.MonkeyPatch, tick: float) -> list[float]:
    """How long each step of a pull held the write lock, where each look costs so much."""
    clock, held = Ticking(tick), []
    real = pace.Pace.end

    def end(self: pace.Pace) -> None:
        held.append(clock.now - self._begun)
        real(self)

    with monkeypatch.context() as for_a_while:
        for_a_while.setattr(pace, "perf_counter", clock)
        for_a_while.setattr(pace.Pace, "end", end)
        for _ in steps(vault, whole):
            pass
    return held


@pytest.mark.parametrize("tick", [0.001, 0.01, 0.02])
def test_the_lock_is_let_go_in_time_however_slow_the_laptop(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch, tick: float
) -> None:
    held = locks(enrolled, told(people(MANY * 2)), monkeypatch, tick)
    assert max(held) <= PATIENCE
    assert len(enrolled.reader.all(Leader)) == MANY * 2


def test_without_a_look_at_the_time_the_lock_would_be_held(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the look holds the promise: the same work, every step of it looked at."""
    monkeypatch.setattr(pace, "MOST", 10.0)
    held = locks(enrolled, told(people(MANY * 2)), monkeypatch, 0.02)
    assert max(held) > PATIENCE


def test_a_slow_commit_makes_the_next_step_smaller_and_a_quick_one_greater(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Ticking(0.0)
    monkeypatch.setattr(pace, "perf_counter", clock)
    one = pace.Pace()

    def held(seconds: float) -> float:
        one.begin()
        clock.now += seconds
        one.end()
        return one._share

    assert held(0.06) == pytest.approx(0.5)
    assert one.rows == pace.ROWS // 2
    assert held(0.6) == pace.LEAST
    for _ in range(30):
        held(0.01)
    assert one._share == 1


def test_a_commit_of_a_pull_never_folds_the_log_as_well(enrolled: Vault) -> None:
    assert longest_log(enrolled) > 1000


def test_with_a_commit_that_folds_it_would_be_noticed(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the test above can fail."""
    monkeypatch.setattr(database, "_meanwhile", lambda *_: nullcontext())
    assert longest_log(enrolled) <= 1000


def longest_log(vault: Vault) -> int:
    """The most pages that waited in the log after a commit; at the end fewer do."""
    longest = 0
    for start in range(6):
        records = [
            replace(one, id=f"{one.id}-{start}", private_note="word " * 120) for one in people(MANY)
        ]
        for _ in steps(vault, told(records, seq=20 + start)):
            _, long, folded = vault._db.row("PRAGMA wal_checkpoint(NOOP)")
            longest = max(longest, long - folded)
    vault.exchange.absorb(page(seq=30), LATER)
    _, long, folded = vault._db.row("PRAGMA wal_checkpoint(NOOP)")
    assert long - folded < 1000
    return longest
