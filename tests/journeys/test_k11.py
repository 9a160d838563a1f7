"""K11 Six Together: a co-op of six employees is outside what the programme counts or funds."""

from datetime import date

from forms.facts.casework import StageEvent
from forms.facts.money import ClaimLine, SeedClaim
from forms.rules import pathway, scope, seed_fund
from forms.rules.finding import Verdict
from tests.support.story import END


def test_six_employees_are_not_micro(lead):
    enterprise = lead.enterprise("K11")
    found = scope.size_test(lead.pack, enterprise.employee_count, date(2022, 12, 1))
    assert (found.verdict, found.code) == (Verdict.UNMET, "NOT_MICRO")


def test_it_could_not_be_funded(lead):
    enterprise = lead.enterprise("K11")
    claim = SeedClaim(id="c", enterprise_id=enterprise.id, barrier="We cannot begin without it")
    line = ClaimLine(id="l", claim_id="c", enterprise_id=enterprise.id, pence=1000)
    around = seed_fund.SeedContext()
    found = seed_fund.judge(lead.pack, claim, [line], enterprise, around, date(2022, 12, 1))
    assert "NOT_MICRO" in {f.code for f in found if f.blocks}


def test_the_co_op_is_shown_with_the_cqc_question_first(lead):
    coop = lead.ranked("K11", "COOP")
    assert coop.red
    assert any(w.rule.startswith("E03") for w in coop.warnings if w.red)
    assert "E21" in {warning.rule for warning in coop.warnings}


def test_separate_sole_traders_stay_an_option_and_other_doors_are_named(lead):
    decision = lead.decision("K11")
    alone = {"Q4": "no", "Q9": "no"}
    assert not lead.ranked("K11", "SOLE", Q1="1", **alone).red
    assert decision.chosen == ""
    advice = " ".join(decision.advised_to_seek)
    assert "CQC" in advice
    closing = lead.all(StageEvent, "K11")[-1]
    assert "Co-operatives UK" in closing.note


def test_it_is_closed_and_counted_nowhere(lead):
    assert lead.stages("K11")[-1] == ("CLOSED", date(2022, 12, 8))
    assert lead.enquiry("K11").closed_reason == "OUT_OF_SCOPE"
    enterprise = lead.enterprise("K11")
    assert not pathway.is_established(enterprise, END)
    assert not pathway.is_active(enterprise, lead.all(StageEvent, "K11"), END)
    assert lead.lines("K11") == []
