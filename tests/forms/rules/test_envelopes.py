"""Envelopes: what the twelve cases came to, what lapses, and that none is ever overspent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Enterprise
from forms.rules.calendar import funding_period
from forms.rules.decisions import Granted, decide
from forms.rules.envelopes import available_pence, crosses_deadline, envelope_report
from forms.rules.records import RecordsInHand
from forms.values import pounds
from tests.forms.rules.making import (
    FIN,
    KENT,
    LEA,
    NOTICE,
    SIGNED,
    cases,
    claim,
    enterprise,
    line,
    request,
)

STORY = cases("twelve_cases.toml")
AS_OF = STORY["expected"]["as_of"]


def story_lines():
    for person in STORY["enterprise"]:
        for number, told in enumerate(person.get("line", [])):
            paid = told.get("paid", True)
            yield line(
                id=f"{person['case']}-{number}",
                enterprise_id=person["case"],
                pence=told["pence"],
                cost_on=told["cost_on"],
                outcome="accepted" if paid else "rejected",
                code=told.get("code", ""),
                paid_on=told.get("paid_on", told["cost_on"]) if paid else None,
            )


def test_the_twelve_cases_come_to_the_expected_totals():
    report = envelope_report(KENT, list(story_lines()), AS_OF)
    expected = STORY["expected"]
    assert {one.envelope.id: pounds(one.paid) for one in report} == expected["paid"]
    lapsed = {one.envelope.id: pounds(one.lapsed) for one in report if one.lapsed is not None}
    assert lapsed == expected["lapsed"]
    assert sum(one.paid for one in report) == 380_090
    assert all(one.within_budget for one in report)


def test_a_lapsed_envelope_has_nothing_left_and_rolls_nothing_on():
    first, second, _ = envelope_report(KENT, list(story_lines()), AS_OF)
    assert (first.available, second.budget) == (0, 9_000_000)
    on_the_day = envelope_report(KENT, [], date(2022, 3, 31))[0]
    assert (on_the_day.lapsed, on_the_day.available) == (None, 3_000_000)
    assert envelope_report(KENT, [], date(2022, 4, 1))[0].lapsed == 3_000_000


def test_bought_in_march_and_paid_in_april_counts_in_the_later_envelope():
    tablet = line(cost_on=date(2022, 3, 30), paid_on=date(2022, 4, 4), outcome="accepted")
    first, second, _ = envelope_report(KENT, [tablet], AS_OF)
    assert (first.paid, second.paid) == (0, 24900)
    assert second.paid_lines == ("l1",)
    assert crosses_deadline(KENT, tablet)
    assert not crosses_deadline(KENT, replace(tablet, paid_on=date(2022, 3, 31)))
    assert not crosses_deadline(KENT, replace(tablet, paid_on=None))


def test_promises_evidence_and_money_back_each_have_their_column():
    lines = [
        line(id="a", claim_id="c1", pence=100, outcome="accepted"),
        line(id="b", claim_id="c2", pence=200, outcome="accepted"),
        line(id="c", claim_id="c3", pence=400, outcome="accepted", paid_on=date(2022, 3, 1)),
        line(id="d", claim_id="c3", pence=800, outcome="accepted", paid_on=date(2022, 3, 2),
             evidenced_on=date(2022, 3, 9)),
        line(id="e", claim_id="c1", pence=1600, outcome="rejected"),
        line(id="f", claim_id="c4", pence=3200, outcome="accepted"),
    ]  # fmt: skip
    claims = [
        claim(id="c1", state="APPROVED"),
        claim(id="c2", state="COMMITTED"),
        claim(id="c3", state="PAID"),
        claim(id="c4", state="RECOMMENDED"),
    ]
    back = [
        ClaimEvent(id="x", claim_id="c3", enterprise_id="e1", to_state="RECOVERED", line_id="c")
    ]
    one = envelope_report(KENT, lines, date(2022, 3, 20), claims, back)[0]
    assert (one.approved, one.committed, one.paid) == (100, 200, 1200)
    assert (one.evidenced, one.returned) == (800, 400)
    assert one.available == 3_000_000 - 1200 + 400 - 300
    assert one.at_risk == 300  # within 14 days of the day the money has to be spent
    assert one.forecast == 1200 - 400 + 300
    assert envelope_report(KENT, lines, date(2022, 3, 16), claims, back)[0].at_risk == 0


def test_outside_every_envelope_there_is_nothing():
    assert available_pence(KENT, [], [], date(2021, 12, 31)) == 0
    assert funding_period(KENT, date(2024, 1, 1)) is None


def test_a_payment_already_noted_for_later_leaves_that_much_less_today():
    later = line(id="a", pence=2_999_000, outcome="accepted", paid_on=date(2022, 3, 30))
    assert available_pence(KENT, [later], [claim(state="PAID")], date(2022, 3, 1)) == 1000


DAYS = st.integers(0, 800).map(lambda n: date(2022, 1, 15) + timedelta(days=n))
MOVES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["approve", "agree", "commit", "pay"]), DAYS),
    max_size=40,
)


@pytest.fixture(scope="module")
def small():
    """Kent with envelopes so small that claims have to compete."""
    sizes = {"E1": 5_000, "E2": 7_000, "E3": 4_000}
    tight = tuple(replace(e, pence=sizes[e.id]) for e in KENT.envelopes)
    return replace(KENT, envelopes=tight)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=MOVES,
    sizes=st.lists(st.integers(1, 4_000), min_size=12, max_size=12),
    backwards=st.lists(st.integers(0, 60), min_size=40, max_size=40),
)
def test_no_envelope_is_ever_overspent(small, moves, sizes, backwards):
    """Whoever asks, in whatever order, on whatever day: paid never passes the budget."""
    records = RecordsInHand([SIGNED, NOTICE, enterprise()])
    for number in range(6):
        one = claim(id=f"c{number}", state="RECOMMENDED", checked_by_id="qui")
        records.put(one)
        for half in (0, 1):
            records.put(
                line(
                    id=f"c{number}-{half}",
                    claim_id=one.id,
                    pence=sizes[number * 2 + half],
                    outcome="accepted",
                )
            )
    for step, (number, move, day) in enumerate(sorted(moves, key=lambda m: m[2])):
        actor = FIN if move == "pay" else LEA
        paid_on = day - timedelta(days=backwards[step % 40])
        unpaid = [x for x in records.all(ClaimLine, claim_id=f"c{number}") if not x.paid_on]
        payload = {
            "line_id": unpaid[0].id if unpaid else f"c{number}-0",
            "paid_on": paid_on.isoformat(),
            "reference": "P",
        }
        asked = request(f"claim.{move}", f"c{number}", actor, **payload)
        answer = decide(small, asked, records, actor, day)
        if isinstance(answer, Granted):
            apply(records, answer)
        lines = records.all(ClaimLine)
        report = envelope_report(small, lines, date(2025, 1, 1), records.all(SeedClaim))
        assert all(one.paid <= one.budget for one in report)
        assert all(x.paid_on <= day for x in lines if x.paid_on)


def apply(records, answer):
    for change in answer.sets:
        records.put(replace(records.get(change.kind, change.record_id), **change.fields))
    for record in answer.adds:
        records.put(record)


def test_a_suspended_enterprise_is_not_paid():
    records = RecordsInHand(
        [SIGNED, NOTICE, enterprise(suspended_on=date(2022, 3, 1)), claim(state="COMMITTED"),
         line(outcome="accepted")]
    )  # fmt: skip
    payload = {"line_id": "l1", "paid_on": "2022-03-05", "reference": "P"}
    answer = decide(
        KENT, request("claim.pay", "c1", FIN, **payload), records, FIN, date(2022, 3, 5)
    )
    assert answer.codes == ("SAFEGUARDING_HOLD",)
    assert records.get(Enterprise, "e1").suspended_on


def test_the_guard_is_what_keeps_the_envelope(monkeypatch, small):
    """With the balance taken out of the rules, the same moves overspend: the guard is not idle."""
    moves = [("claim.approve", LEA), ("claim.agree", LEA), ("claim.commit", LEA)]

    def play():
        records = RecordsInHand([SIGNED, NOTICE, enterprise()])
        for number in range(3):
            records.put(claim(id=f"c{number}", state="RECOMMENDED", checked_by_id="qui"))
            records.put(
                line(id=f"l{number}", claim_id=f"c{number}", pence=4000, outcome="accepted")
            )
            for name, actor in moves:
                asked = request(name, f"c{number}", actor)
                answer = decide(small, asked, records, actor, date(2022, 3, 1))
                if isinstance(answer, Granted):
                    apply(records, answer)
            payload = {"line_id": f"l{number}", "paid_on": "2022-03-01", "reference": "P"}
            asked = request("claim.pay", f"c{number}", FIN, **payload)
            answer = decide(small, asked, records, FIN, date(2022, 3, 1))
            if isinstance(answer, Granted):
                apply(records, answer)
        report = envelope_report(small, records.all(ClaimLine), date(2022, 3, 31))
        return report[0].paid, report[0].budget

    assert play() == (4000, 5000)
    monkeypatch.setattr("forms.rules.claim_decisions.available_pence", lambda *_, **__: 10**9)
    assert play() == (12_000, 5000)
