"""What the seed fund of a day is said to be: to the penny, warned in time, never a refusal."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.presenters.claims_fund import NO_FUND, fund_words, left_words
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.pack import load_pack
from tests.desktop.screens.gallery import shown_by
from tests.desktop.screens.people import full_vault

PACK = load_pack("kent")
DAY = date(2022, 2, 10)  # E1: £30,000.00 until 31 March 2022
STATES = ("DRAFT", "APPROVED", "AGREED", "COMMITTED", "PAID", "CLOSED")


def line(number, pence, state="APPROVED", paid=None):
    claim = SeedClaim(id=f"c{number}", enterprise_id="e", state=state)
    cost = ClaimLine(
        id=f"l{number}",
        enterprise_id="e",
        claim_id=claim.id,
        pence=pence,
        outcome="accepted",
        paid_on=paid,
    )
    return claim, cost


def pence(words):
    return [int(n.replace(",", "").replace(".", "")) for n in re.findall(r"£([\d,]+\.\d\d)", words)]


COSTS = st.lists(
    st.tuples(
        st.integers(1, 999_999),
        st.sampled_from(STATES),
        st.none() | st.dates(date(2021, 12, 1), date(2022, 2, 28)),
        st.booleans(),
    ),
    max_size=12,
)


@given(COSTS)
def test_the_amounts_add_up_to_the_budget_to_the_penny(costs):
    made = [line(n, p, state, paid) for n, (p, state, paid, _) in enumerate(costs)]
    came_back = [
        ClaimEvent(
            id=f"v{n}", enterprise_id="e", claim_id=f"c{n}", line_id=f"l{n}", to_state="RECOVERED"
        )
        for n, (_, _, paid, back) in enumerate(costs)
        if back and paid is not None
    ]
    said = fund_words(PACK, [c for _, c in made], [c for c, _ in made], came_back, DAY)
    budget, paid, promised, *rest = pence(said.split(" has to be paid by ")[0])
    if " has to be paid by " in said:
        rest.pop()
    back = rest.pop(0) if "came back" in said else 0
    left = -rest[0] if "more than it holds" in said else rest[0]
    assert budget == 3_000_000
    assert budget == paid - back + promised + left


def test_a_fund_nearly_used_up_and_one_promised_twice_are_said():
    claim, cost = line(1, 2_800_001)
    assert ", only £1,999.99 left." in fund_words(PACK, [cost], [claim], (), DAY)
    other, more = line(2, 200_000)
    said = fund_words(PACK, [cost, more], [claim, other], (), DAY)
    assert "£0.01 more than it holds." in said
    assert said.endswith("As far as known on this laptop.")


def test_what_has_to_be_paid_before_it_lapses_is_said_in_time():
    claim, cost = line(1, 50_000)
    assert "has to be paid by" not in fund_words(PACK, [cost], [claim], (), DAY)
    said = fund_words(PACK, [cost], [claim], (), date(2022, 3, 20))
    assert "£500.00 has to be paid by 31 Mar 2022." in said


@pytest.mark.parametrize("words", [fund_words(PACK, (), (), (), date(2021, 1, 1))])
def test_a_day_without_a_fund_has_none(words):
    assert words == NO_FUND
    claim, cost = line(1, 1)
    assert left_words(PACK, claim, [cost], [cost], [claim], (), date(2021, 1, 1)) == NO_FUND


def test_a_claim_says_what_it_would_leave_and_what_is_too_much():
    held, cost = line(1, 2_950_000)
    mine, own = line(2, 20_000, state="DRAFT")
    own = replace(own, outcome="")
    both = ([cost, own], [held, mine])
    said = left_words(PACK, mine, [own], *both, (), DAY)
    assert "£500.00 is left" in said
    assert "After this claim it would be £300.00." in said
    assert said.endswith("It has to be spent by 31 Mar 2022.")
    much = replace(own, pence=50_001)
    said = left_words(PACK, mine, [much], [cost, much], both[1], (), DAY)
    assert "This claim asks £0.01 more than that." in said
    said = left_words(PACK, held, [cost], *both, (), DAY)
    assert "After this claim" not in said, "what is held back already is not asked for twice"


@pytest.mark.parametrize("state", ["CHECKED", "RECOMMENDED", "REFERRED", "RETURNED"])
def test_a_cost_that_was_turned_down_is_not_asked_for(state):
    held, cost = line(1, 2_950_000)
    mine, yes = line(2, 20_000, state=state)
    no = replace(yes, id="no", pence=40_000, outcome="rejected")
    said = left_words(PACK, mine, [yes, no], [cost, yes, no], [held, mine], (), DAY)
    if state == "RETURNED":  # to be mended: it may be asked for once more
        assert "This claim asks £100.00 more than that." in said
    else:
        assert "After this claim it would be £300.00." in said


def test_the_list_of_the_programme_says_how_the_fund_stands(qtbot):
    screen, made = shown_by(qtbot)("claims")
    fund = screen._panel._fund
    assert fund.isVisible()
    assert "left" in fund.text()
    assert made.pack.envelopes[1].title in fund.text()
    one, _ = shown_by(qtbot)("enterprise_claims", vault=full_vault())
    assert not any("Seed fund, " in w.text() for w in one.findChildren(type(fund)) if w.isVisible())
