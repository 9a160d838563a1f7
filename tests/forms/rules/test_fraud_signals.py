"""Signals open a second look and never refuse anything."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from forms.facts.casework import Attachment
from forms.facts.people import Leader
from forms.rules.finding import Weight
from forms.rules.fraud_signals import Papers, signals
from tests.forms.rules.making import KENT, claim, enterprise, line


def receipt(name, print_):
    return Attachment(id=name, enterprise_id="e1", sha256=print_, size=1, mime="image/jpeg")


MINE = claim(payee_reference="P-7")
THEIRS = claim(id="c2", enterprise_id="e2")

CASES = {
    "SAME_RECEIPT": Papers(
        claims=(MINE, THEIRS),
        lines=(line(files=("f1",)), line(id="l2", claim_id="c2", files=("f2",), invoice_no="B")),
        files=(receipt("f1", "same"), receipt("f2", "same")),
    ),
    "SAME_INVOICE": Papers(
        claims=(MINE, THEIRS),
        lines=(line(), line(id="l2", claim_id="c2", enterprise_id="e2", invoice_no="a-1")),
    ),
    "PAYEE_ELSEWHERE": Papers(
        claims=(MINE, replace(THEIRS, payee_reference="p-7")), lines=(line(),)
    ),
    "RELATED_SUPPLIER": Papers(
        claims=(MINE,),
        lines=(line(supplier="Marlene Dunn"),),
        leaders=(Leader(id="p", enterprise_id="e1", name="marlene dunn"),),
    ),
    "SEQUENTIAL_INVOICES": Papers(
        claims=(MINE,),
        lines=tuple(line(id=f"l{n}", invoice_no=f"INV-{100 + n}") for n in range(1, 4)),
    ),
    "JUST_UNDER_A_STEP": Papers(
        claims=(MINE,),
        lines=tuple(line(id=f"l{n}", invoice_no=f"{n}7", pence=24_000 + n) for n in range(1, 4)),
    ),
    "AFTER_THE_END": Papers(
        claims=(MINE,),
        lines=(line(),),
        enterprises=(enterprise(suspended_on=date(2022, 3, 1)),),
    ),
    "SHARED_CONTACT": Papers(
        claims=(MINE, THEIRS),
        lines=(line(),),
        enterprises=(enterprise(phone="01"), enterprise(id="e2", phone="01")),
    ),
    "WEEKEND_BEFORE_DEADLINE": Papers(
        claims=(MINE,), lines=(line(cost_on=date(2022, 3, 26)),)
    ),
    "EDITED_INVOICE": Papers(
        claims=(MINE, THEIRS),
        lines=(line(), line(id="l2", claim_id="c2", enterprise_id="e2", pence=9_900)),
    ),
    "QUOTE_AFTER_PURCHASE": Papers(
        claims=(MINE,),
        lines=(line(files=("f1",), cost_on=date(2022, 3, 1)),),
        files=(replace(receipt("f1", "q"), caption="Quote", added_on=date(2022, 3, 4)),),
    ),
    "ROUND_SUMS": Papers(
        claims=(MINE,),
        lines=tuple(line(id=f"l{n}", invoice_no=f"{n}7", pence=n * 10_000) for n in range(1, 4)),
    ),
    "MANY_AT_ONCE": Papers(
        claims=tuple(
            claim(id=f"c{n}", submitted_on=date(2022, 2, 20 + n)) for n in range(1, 4)
        ),
        lines=(line(),),
    ),
    "UNUSUAL_APPROVALS": Papers(
        claims=(
            *(claim(id=f"m{n}", state="PAID", drafted_by_id="ann") for n in range(9)),
            *(claim(id=f"b{n}", state="PAID", drafted_by_id="ben") for n in range(5)),
            *(claim(id=f"r{n}", state="REJECTED", drafted_by_id="ben") for n in range(5)),
        ),
        lines=(line(),),
    ),
}  # fmt: skip
MINE_LATE = replace(MINE, submitted_on=date(2022, 3, 2))


@pytest.mark.parametrize("code", sorted(CASES))
def test_signal(code):
    found = signals(KENT, MINE_LATE, CASES[code])
    assert code in [finding.code for finding in found]
    assert not any(finding.blocks for finding in found)
    assert all(finding.weight is Weight.NOTES for finding in found)
    assert all("decides nothing by itself" in finding.because for finding in found)


def test_an_ordinary_claim_gives_none():
    other = line(id="l2", claim_id="c2", enterprise_id="e2", invoice_no="Z-9", supplier="Other")
    papers = Papers(
        claims=(MINE, THEIRS),
        lines=(line(), other),
        enterprises=(enterprise(phone="01"), enterprise(id="e2", phone="02")),
        closed_on={"e1": date(2022, 6, 1)},
    )
    assert signals(KENT, MINE_LATE, papers) == []


def test_a_claim_after_closing():
    papers = Papers(claims=(MINE,), lines=(line(),), closed_on={"e1": date(2022, 3, 1)})
    assert [f.code for f in signals(KENT, MINE_LATE, papers)] == ["AFTER_THE_END"]


def honest(seed):
    """A programme of forty enterprises with ordinary claims, each with its own papers."""
    dice = Random(seed)  # noqa: S311 - the same programme each time
    claims, lines, files, places = [], [], [], []
    for n in range(40):
        places.append(enterprise(id=f"e{n}", phone=f"01303 {n:06}", email=f"e{n}@example.org"))
        day = date(2022, 2, 1) + timedelta(days=dice.randrange(40))
        coach = dice.choice(["ann", "ben"])
        state = dice.choices(["SUBMITTED", "PAID", "REJECTED"], [2, 6, 1])[0]
        claims.append(
            claim(id=f"c{n}", enterprise_id=f"e{n}", submitted_on=day, payee_reference=f"P-{n}",
                  applicant=f"Person {n}", drafted_by_id=coach, state=state)
        )  # fmt: skip
        for k in range(dice.randrange(1, 4)):
            bought = day - timedelta(days=dice.randrange(1, 20))
            files.append(replace(receipt(f"f{n}-{k}", f"{seed}-{n}-{k}"), added_on=bought))
            lines.append(
                line(id=f"l{n}-{k}", claim_id=f"c{n}", enterprise_id=f"e{n}", cost_on=bought,
                     pence=dice.randrange(900, 60_000), files=(f"f{n}-{k}",),
                     invoice_no=f"{dice.randrange(10**6)}", supplier=f"Shop {dice.randrange(60)}")
            )  # fmt: skip
    return Papers(claims=tuple(claims), lines=tuple(lines), files=tuple(files),
                  enterprises=tuple(places))  # fmt: skip


def test_of_honest_claims_at_most_two_in_a_hundred_get_a_second_look():
    looked, flagged = 0, 0
    for seed in range(15):
        papers = honest(seed)
        for one in papers.claims:
            looked += 1
            flagged += bool(signals(KENT, one, papers))
    assert looked == 600
    assert flagged * 100 <= looked * 2


@pytest.mark.parametrize("code", sorted(CASES))
def test_each_kind_of_fraud_is_seen_in_the_middle_of_honest_claims(code):
    for seed in range(5):
        crowd, bad = honest(seed), CASES[code]
        both = Papers(
            claims=crowd.claims[5:] + bad.claims,
            lines=tuple(e for e in crowd.lines if e.claim_id not in ("c1", "c2")) + bad.lines,
            files=crowd.files + bad.files,
            enterprises=crowd.enterprises[5:] + bad.enterprises,
            leaders=bad.leaders,
            closed_on=bad.closed_on,
        )
        if code == "UNUSUAL_APPROVALS":  # the crowd's coaches are others
            both = replace(both, claims=bad.claims)
        assert code in [finding.code for finding in signals(KENT, MINE_LATE, both)]


def test_there_are_twelve_kinds_and_more():
    assert len(CASES) >= 12
