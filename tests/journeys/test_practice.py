"""Practice data: invented, the same every time, and told by the rules like real records."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from desktop.devtools.county import fill_county
from desktop.devtools.practice import COACH, fill, fill_records, practice_records
from desktop.operations.preview import preview
from desktop.presenters.today import gather
from desktop.views.documents.pictures import decoded
from forms.facts.casework import Action, Attachment, ChecklistItem, CoachingSession, StageEvent
from forms.facts.kinds import KINDS
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia, Enquiry, Enterprise, Leader
from forms.rules import checklist, claims, gate, listing, pathway, scope, seed_fund
from forms.rules.finding import Verdict, blocking
from forms.rules.pack import load_pack
from forms.rules.records import RecordsInHand
from forms.values import SetClock, london_day
from storage.errors import RegisterDecides
from storage.keys import Cost
from storage.vault import Vault

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MOMENTS = [NOW, datetime(2024, 2, 29, 9, tzinfo=UTC), datetime(2031, 1, 1, 0, 30, tzinfo=UTC)]


@pytest.fixture(scope="module", params=MOMENTS, ids=lambda m: str(m.date()))
def made(request):
    """The records as they are told on a day: the day, and a way to look them up."""
    return london_day(request.param), RecordsInHand(practice_records(request.param))


@pytest.fixture(scope="module")
def pack():
    return load_pack("kent")


def test_about_forty_enterprises_at_every_stage(made, pack):
    today, records = made
    stages = Counter(
        pathway.current_stage(records.all(StageEvent, enterprise_id=e.id), today)
        for e in records.all(Enterprise)
    )
    assert sum(stages.values()) == 40
    assert set(stages) == {stage.code for stage in pack.stages}


def test_the_same_day_gives_the_same_records():
    first, second = list(practice_records(NOW)), list(practice_records(NOW))
    assert first == second
    assert len({(type(r), r.id) for r in first}) == len(first)


def test_everybody_has_an_id_name_and_number_of_their_own(made):
    _, records = made
    leaders = records.all(Leader)
    assert len({leader.name for leader in leaders}) == len(leaders) == 40
    assert len({leader.phone for leader in leaders}) == 40
    assert all(leader.phone.startswith("01632 960") for leader in leaders)


def test_nobody_was_written_down_before_the_gate_opened(made):
    _, records = made
    signed = records.all(Dpia)
    for enquiry in records.all(Enquiry):
        found = gate.may_record(signed, "enquiry", enquiry.created_on)
        assert found.verdict is Verdict.MET
        assert enquiry.privacy_notice_on == enquiry.created_on


def test_every_move_along_the_pathway_is_one_the_rules_allow(made, pack):
    today, records = made
    for enterprise in records.all(Enterprise):
        events = pathway.in_order(records.all(StageEvent, enterprise_id=enterprise.id))
        items = records.all(ChecklistItem, enterprise_id=enterprise.id)
        statuses = checklist.checklist(pack, enterprise, items, today)
        entries = records.all(RegisterEntry, enterprise_id=enterprise.id)
        around = pathway.Around(
            enterprise=enterprise,
            leaders=tuple(records.all(Leader, enterprise_id=enterprise.id)),
            readiness=tuple(checklist.readiness(statuses)),
            published=any(entry.published_on for entry in entries),
            return_in_last_quarter=True,
        )
        for place, event in enumerate(events):
            stops = blocking(pathway.may_move(pack, events[:place], event, around))
            assert not stops, (enterprise.name, event.stage, [s.because for s in stops])
            assert event.on <= today


def test_whoever_is_ready_has_every_must_item_verified(made, pack):
    today, records = made
    ready = 0
    for enterprise in records.all(Enterprise):
        events = records.all(StageEvent, enterprise_id=enterprise.id)
        if pathway.reached_on(events, "READY") is None:
            continue
        items = records.all(ChecklistItem, enterprise_id=enterprise.id)
        statuses = checklist.checklist(pack, enterprise, items, today)
        assert checklist.readiness(statuses) == []
        ready += 1
    assert ready >= 15


def test_listings_are_published_by_somebody_else_and_stand_today(made, pack):
    today, records = made
    for entry in records.all(RegisterEntry):
        enterprise = records.get(Enterprise, entry.enterprise_id)
        checks = records.all(QACheck, enterprise_id=enterprise.id)
        consents = records.all(Consent, enterprise_id=enterprise.id)
        assert entry.reviewed_by_id != enterprise.coach_id
        if entry.status == "published":
            assert listing.public_view(entry, enterprise, checks, consents, today) is not None


def test_the_cqc_screen_is_never_red_and_everybody_is_small_enough(made, pack):
    today, records = made
    for enterprise in records.all(Enterprise):
        if enterprise.employee_count is not None:
            assert scope.size_test(pack, enterprise.employee_count, today).code == ""
            leaders = records.all(Leader, enterprise_id=enterprise.id)
            found = scope.cqc_screen(scope.care_facts(enterprise, leaders))
            assert found.light is not scope.Light.RED


def test_claims_are_in_several_states_and_the_policy_agrees(made, pack):
    _today, records = made
    every = records.all(SeedClaim)
    states = {claim.state for claim in every}
    assert "CLOSED" in states
    assert len(states) >= 4
    for claim in every:
        enterprise = records.get(Enterprise, claim.enterprise_id)
        lines = records.all(ClaimLine, claim_id=claim.id)
        around = seed_fund.SeedContext(
            dpias=tuple(records.all(Dpia)),
            consents=tuple(records.all(Consent, enterprise_id=enterprise.id)),
            items=tuple(records.all(ChecklistItem, enterprise_id=enterprise.id)),
        )
        for line in lines:
            fresh = [line]
            found = seed_fund.judge(pack, claim, fresh, enterprise, around, claim.drafted_on)
            code = seed_fund.code_for(found, line.id)
            if line.outcome == "accepted" and line.paid_on:
                assert code == "", (claim.state, line.what, code)
            if line.outcome == "rejected":
                assert line.code in seed_fund.REJECTIONS


def test_claims_were_moved_by_whoever_may_in_steps_that_exist(made):
    _, records = made
    reached = {step.to_state for step in claims.STEPS.values()}
    for claim in records.all(SeedClaim):
        for event in records.all(ClaimEvent, claim_id=claim.id):
            assert event.to_state in reached
        payer = {
            e.by_id for e in records.all(ClaimEvent, claim_id=claim.id) if e.to_state == "PAID"
        }
        hands = [claim.drafted_by_id, claim.checked_by_id, claim.approved_by_id, *payer]
        hands = [hand for hand in hands if hand]
        assert len(set(hands)) == len(hands)


def test_today_has_something_in_it(made):
    today, records = made
    sessions, actions = records.all(CoachingSession), records.all(Action)
    assert [s for s in sessions if s.on == today and s.kind == "visit"]
    assert [a for a in actions if a.owner == "coach" and 0 <= (a.due_on - today).days <= 7]
    assert [a for a in actions if a.owner == "other" and a.waiting_on]
    for enterprise in records.all(Enterprise):
        assert enterprise.coach_id == COACH.id


def test_some_have_gone_quiet(made):
    today, records = made
    quiet = 0
    for enterprise in records.all(Enterprise):
        last = max(s.on for s in records.all(CoachingSession, enterprise_id=enterprise.id))
        quiet += (today - last) > timedelta(days=30)
    assert 2 <= quiet <= 12


def test_it_fills_a_practice_vault_and_no_other(tmp_path):
    clock = SetClock(NOW)
    vault, _ = Vault.create(tmp_path / "practice", clock=clock, practice=True)
    with vault:
        fill(vault, clock)
        assert vault.reader.caseload().count == 40
        assert vault.check().ok
    quick = Cost(memory=8, passes=1)
    real, _ = Vault.create(tmp_path / "real", passphrase="a b c d", clock=clock, cost=quick)  # noqa: S106
    with real:
        with pytest.raises(RegisterDecides):
            fill(real, clock)
        assert all(real.reader.all(k.cls) == [] for k in KINDS.values() if not k.local)


def test_a_county_is_as_large_as_asked_for(tmp_path):
    clock = SetClock(NOW)
    vault, _ = Vault.create(tmp_path / "county", clock=clock, practice=True)
    with vault:
        fill_county(vault, clock, 60, notes_per=4)
        assert vault.reader.caseload().count == 60
        assert vault.reader.count(CoachingSession) == 240
        assert len({e.name for e in vault.reader.all(Enterprise)}) == 60


@pytest.mark.parametrize("hour", [9, 16])
def test_a_new_practice_vault_was_saved_now_and_has_visits_at_any_hour(tmp_path, pack, hour):
    clock = SetClock(NOW.replace(hour=hour))
    vault, _ = Vault.create(tmp_path / "practice", practice=True, clock=clock)
    with vault:
        fill_records(vault, clock)
        assert vault.reader.last_saved_at() == clock.now()
        assert gather(vault.reader, pack, london_day(clock.now())).visits


def test_papers_are_files_of_their_own_and_hang_where_they_are_named(made):
    _, records = made
    papers = {each.id: each for each in records.all(Attachment)}
    assert 10 <= len(papers) <= 60
    assert len({each.sha256 for each in papers.values()}) == len(papers)
    named = {
        file_id
        for each in (*records.all(ChecklistItem), *records.all(ClaimLine))
        for file_id in each.files
    }
    assert named <= set(papers)
    assert {papers[each].name for each in named} >= {"insurance-certificate.png"}
    assert {each.name for each in papers.values()} >= {"leaflet.png", "price-sheet.txt"}


def test_papers_can_be_opened_and_say_that_they_are_made_up(tmp_path):
    clock = SetClock(NOW)
    vault, _ = Vault.create(tmp_path / "practice", practice=True, clock=clock)
    fill(vault, clock)
    for each in vault.reader.all(Attachment):
        data = vault.files.read(each.sha256)
        assert len(data) == each.size
        if each.mime == "text/plain":
            assert b"PRACTICE" in data
        else:
            assert decoded(preview(vault, each.id)).width() > 300
    vault.close()
