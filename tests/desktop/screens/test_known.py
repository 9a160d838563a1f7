"""A page that was read is shown again without reading, and never after a change."""

from datetime import date

import pytest

from desktop.presenters.claims import claim_rows
from desktop.presenters.known import MOST, Known
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.rules.pack import load_pack
from tests.desktop.screens.desk import COACH, BusyLane, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, full_vault

DAY = date(2022, 11, 20)


@pytest.fixture
def made():
    made = context(full_vault())
    made.known = Known(made)
    return made


def ask(made, key, work, into, failed=None):
    made.recall(key, work, owner=into, on_done=into.took, on_failed=failed)


def test_it_is_read_once_until_a_change(made):
    read, view = [], FakeView()
    for _ in range(3):
        ask(made, "names", lambda vault: read.append(vault) or len(read), view)
    assert (len(read), view.count["took"], view.last["took"]) == (1, 3, 1)
    made.change(lambda unit: unit.set(Enterprise, MARY, phone="0777"), owner=object())
    ask(made, "names", lambda vault: read.append(vault) or len(read), view)
    assert view.last["took"] == 2


def test_another_question_is_another_answer(made):
    view = FakeView()
    ask(made, ("page", 1), lambda vault: "one", view)
    ask(made, ("page", 2), lambda vault: "two", view)
    assert view.last["took"] == "two"


def test_what_nobody_asked_for_longest_is_let_go(made):
    read, view = [], FakeView()
    ask(made, "home", lambda vault: read.append("home"), view)
    for number in range(3 * MOST):
        ask(made, number, lambda vault: None, view)
        ask(made, "home", lambda vault: read.append("home"), view)
    assert read == ["home"]
    ask(made, 0, lambda vault: read.append(0), view)
    assert read == ["home", 0]


def test_two_who_ask_at_once_wait_for_one_reading(made):
    made.jobs = jobs = BusyLane()
    one, two = FakeView(), FakeView()
    ask(made, "names", lambda vault: "read", one)
    ask(made, "names", lambda vault: "read again", two)
    assert len(jobs.waiting) == 1
    jobs.step()
    assert (one.last["took"], two.last["took"]) == ("read", "read")


def test_what_was_asked_before_a_change_is_told_and_not_kept(made):
    made.jobs = jobs = BusyLane()
    view = FakeView()
    ask(made, "names", lambda vault: "old", view)
    made.known.forget()
    ask(made, "names", lambda vault: "new", view)
    jobs.step()
    assert view.last["took"] == "old"
    jobs.step()
    assert view.last["took"] == "new"
    ask(made, "names", lambda vault: "never read", view)
    assert view.last["took"] == "new"


def test_a_failure_reaches_all_and_is_not_kept(made):
    made.jobs = jobs = BusyLane()
    view, failures = FakeView(), []

    def broken(_vault):
        raise ValueError

    for _ in range(2):
        ask(made, "names", broken, view, failures.append)
    jobs.step()
    assert len(failures) == 2
    ask(made, "names", lambda vault: "well", view)
    jobs.step()
    assert view.last["took"] == "well"


@pytest.mark.parametrize("count", [3, 30])
def test_many_claims_read_as_few_do(count):
    """Read a kind at a time or claim by claim: the rows are the same."""
    vault = full_vault()
    with vault.change(by=COACH.id, at=NOON) as unit:
        for number in range(count):
            put_claim(unit, number)
    pack = load_pack("kent")
    rows = {row.id: row for row in claim_rows(vault.reader, pack, COACH, "", DAY)}
    for number in range(count):
        alone = claim_rows(vault.reader, pack, COACH, f"e-{number:03}", DAY)
        assert alone == (rows[f"c-{number:03}"],)
        assert alone[0].who == (
            f"Ann {number}" if number % 2 else f"Care {number}" if number % 3 else "No name yet"
        )


def put_claim(unit, number):
    claim, case = f"c-{number:03}", f"e-{number:03}"
    if number % 3:
        unit.add(Enterprise(id=case, name=f"Care {number}"))
    if number % 2:
        unit.add(Leader(id=f"l-{number}", enterprise_id=case, name=f"Ann {number}"))
    unit.add(SeedClaim(id=claim, enterprise_id=case, state="PAID", drafted_on=DAY))
    unit.add(ClaimLine(id=f"{claim}-1", claim_id=claim, enterprise_id=case, what="Hat"))
    unit.add(
        ClaimEvent(id=f"{claim}-e", claim_id=claim, enterprise_id=case, to_state="PAID", on=DAY)
    )
