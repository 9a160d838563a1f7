"""Edges of the cases: leap days, no signal, one person with two jobs, a new assessment."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from desktop.journey.errors import CaseError, StepRefusedError
from desktop.journey.plan import Step, load_case
from forms.facts.people import Consent, Dpia, Enterprise
from forms.rules import arithmetic, gate, scope, seed_fund
from forms.rules.decisions import may_wait, refuse_offline
from forms.rules.finding import Verdict
from forms.rules.pack import load_pack
from sync.errors import SyncError, Unreachable
from tests.support.story import moved, play_on, played, steps


@pytest.fixture(scope="module")
def kent():
    return load_pack("kent")


def test_established_on_a_leap_day(kent):
    enterprise = Enterprise(id="e", established_on=date(2024, 2, 29))
    assert seed_fund.window_ends(kent, enterprise) == date(2024, 8, 29)
    last = replace(enterprise, established_on=date(2023, 8, 31))
    assert seed_fund.window_ends(kent, last) == date(2024, 2, 29)


def test_what_a_dbs_check_cost_on_each_day(kent):
    def fee(on, services=("befr",), **more):
        return scope.dbs_level(kent, services, on, **more).fee

    assert fee(date(2022, 2, 14)) == Decimal(23)
    assert fee(date(2022, 5, 20), ("pc",), organisation_asks=True) == Decimal(38)
    assert fee(date(2026, 3, 1), ("pc",)) == Decimal("49.50")
    assert fee(date(2026, 3, 1), ("pc",), volunteer=True) == 0


def test_an_approval_cannot_wait_for_a_signal():
    assert not may_wait("claim.approve")
    assert not may_wait("claim.pay")
    found = refuse_offline("claim.approve")
    assert found is not None
    assert found.blocks
    assert "connect" in found.because


def test_an_approval_tried_without_a_line_leaves_nothing_behind():
    with played("K08", until=date(2022, 12, 7)) as story:
        (approve,) = steps(story, "K08", "approve")
        laptop = story.scene.crew.laptop("lead")
        story.scene.crew.bring_level(laptop)

        class NoLine:
            url = laptop.transport.url

            def send(self, *_args, **_more):
                raise Unreachable

            def close(self):
                """Nothing is open."""

        line, laptop.transport = laptop.transport, NoLine()
        laptop.online = False
        with pytest.raises(SyncError):
            play_on(story, approve)
        assert story.claim("K08", "boxes").state == "RECOMMENDED"
        assert story.reader.decisions(state="waiting") == []
        laptop.transport, laptop.online = line, True
        play_on(story, approve)
        assert story.claim("K08", "boxes").state == "APPROVED"


WRONG_HANDS = {
    "check": [("coach", "SAME_PERSON"), ("finance", "NOT_YOUR_ROLE")],  # the coach drafted it
    "approve": [("qa", "SAME_PERSON"), ("coach", "NOT_YOUR_ROLE"), ("finance", "NOT_YOUR_ROLE")],
    "pay": [("lead", "NOT_YOUR_ROLE"), ("coach", "NOT_YOUR_ROLE"), ("qa", "NOT_YOUR_ROLE")],
    "spent": [("coach", "SAME_PERSON")],
}


def test_one_person_cannot_do_two_jobs_on_a_claim():
    """At each step the wrong people try first and are refused; then the right one does it."""
    with played("K08", until=date(2022, 12, 4)) as story:
        tried = []
        for do in (
            "draft",
            "submit",
            "check",
            "recommend",
            "approve",
            "agree",
            "commit",
            "pay",
            "spent",
        ):
            wanted = next(s for s in steps(story, "K08", do) if s.of("claim") == "boxes")
            for device, code in WRONG_HANDS.get(do, []):
                with pytest.raises(StepRefusedError, match=code):
                    play_on(story, moved(wanted, device=device))
                tried.append((do, device))
            play_on(story, wanted)
        assert len(tried) == sum(len(hands) for hands in WRONG_HANDS.values())
        assert story.on("qa").claim("K08", "boxes").state == "EVIDENCED"


def test_a_claim_that_the_policy_stops_is_not_accepted_by_ticking_it():
    """The register judges again: a checker's yes does not make a rejected cost payable."""
    with played("K09", until=date(2023, 3, 6)) as story:
        (check,) = steps(story, "K09", "check")
        scene = story.scene
        scene.clock.set(check.on)
        claim_id = story.key("K09", "claim", "walks")
        lines = {line.id: "" for line in story.lines("K09")}
        with pytest.raises(StepRefusedError, match="DOUBLE_FUNDED"):
            scene.ask(check, "claim.check", claim_id, lines=lines, note="")


def test_a_new_version_of_the_assessment_means_a_new_notice():
    signed = [
        Dpia(id="a", version="1.0", signed_by="Director", signed_on=date(2022, 1, 14)),
        Dpia(id="b", version="2.0", signed_by="Director", signed_on=date(2022, 9, 1)),
    ]
    notice = Consent(id="c", enterprise_id="e", purpose="privacy_notice", given_on=date(2022, 3, 1))
    before = gate.notice_is_current([notice], signed, date(2022, 8, 31))
    after = gate.notice_is_current([notice], signed, date(2022, 9, 1))
    assert before.verdict is Verdict.MET
    assert (after.verdict, after.code) == (Verdict.UNMET, "NEW_NOTICE_DUE")


def test_six_people_on_average_were_nearly_seven():
    row = {"id": "A13", "stated": "6", "kind": "about", "unit": "1", "formula": "5895/867"}
    (checked,) = arithmetic.check_rows([row])
    assert (checked.recomputed, checked.verdict) == ("6.80", "TRUNCATED")


def test_a_case_that_says_something_unknown_is_named():
    with played("K01", until=date(2022, 1, 10)) as story:
        case = load_case("K01")
        (known,) = steps(story, "K01", "tally")
        odd = Step(on=known.on, at=known.at, case=case, device="coach", do="dance")
        with pytest.raises(CaseError, match="nothing is called dance"):
            play_on(story, odd)
    with pytest.raises(CaseError, match="no case called"):
        load_case("K99")
