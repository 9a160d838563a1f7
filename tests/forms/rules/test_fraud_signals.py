"""Signals open a second look and never refuse anything."""

from dataclasses import replace
from datetime import date

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
