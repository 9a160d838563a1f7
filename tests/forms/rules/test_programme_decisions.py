"""Sign-off of the assessment, a case handed over, a person erased."""

from dataclasses import replace
from datetime import date

import pytest

from forms.facts.casework import Attachment, CoachingSession, Signature, StageEvent
from forms.facts.field import Policy
from forms.facts.kinds import KINDS
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Colleague, Dpia, Enquiry, Enterprise, Leader
from forms.rules import programme_decisions
from forms.rules.decisions import Granted, decide
from forms.rules.gate import dpia_in_force, may_record, notice_is_current, personal_record_allowed
from forms.rules.programme_decisions import emptied_when_removed, erased_again
from forms.rules.records import RecordsInHand
from tests.forms.rules.making import (
    ANN,
    BEN,
    FIN,
    KENT,
    LEA,
    LOU,
    NOTICE,
    QUI,
    SIGNED,
    claim,
    enterprise,
    line,
    request,
)

ON = date(2022, 3, 1)
SIGNING = {
    "version": "2",
    "signed_by": "Corporate Director",
    "signed_on": "2022-02-28",
    "review_on": "2023-02-28",
}


def ask(records, name, subject, actor=LEA, **payload):
    return decide(KENT, request(name, subject, actor, **payload), records, actor, ON)


def test_a_version_is_signed_off_once_by_the_lead():
    records = RecordsInHand([SIGNED])
    answer = ask(records, "dpia.sign", "dpia-2", **SIGNING)
    (signed,) = answer.adds
    assert (signed.id, signed.version, signed.signed_on) == ("dpia-2", "2", date(2022, 2, 28))
    records.put(signed)
    assert ask(records, "dpia.sign", "dpia-2", **SIGNING).codes == ("ALREADY_SIGNED",)
    assert ask(records, "dpia.sign", "dpia-2", QUI, **SIGNING).codes == ("NOT_YOUR_ROLE",)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signed_by": ""}, "INCOMPLETE"),
        ({"version": ""}, "INCOMPLETE"),
        ({"version": "3"}, "INCOMPLETE"),
        ({"signed_on": None}, "INCOMPLETE"),
        ({"signed_on": "2022-03-02"}, "IN_FUTURE"),
        ({"signed_on": "2022-02-31"}, "NOT_A_DAY"),
    ],
)
def test_a_sign_off_with_holes_is_refused(changes, code):
    answer = ask(RecordsInHand(), "dpia.sign", "dpia-2", **(SIGNING | changes))
    assert code in answer.codes


def test_before_sign_off_only_anonymous_tallies_are_kept():
    day_before, day = date(2022, 1, 10), date(2022, 1, 14)
    for kind in ("enquiry", "enterprise", "leader", "seed_claim", "attachment"):
        assert may_record([SIGNED], kind, day_before).code == "DPIA_NOT_SIGNED"
        assert not may_record([SIGNED], kind, day).blocks
    for kind in ("tally", "dpia", "colleague", "published_form", "published_pack"):
        assert not may_record([], kind, day_before).blocks
    assert personal_record_allowed([SIGNED], day) == []
    assert [f.code for f in personal_record_allowed([], day)] == ["DPIA_NOT_SIGNED"]
    unsigned = replace(SIGNED, signed_by="")
    assert may_record([unsigned], "enquiry", day).blocks


def test_a_new_version_asks_for_a_new_notice():
    changed = Dpia(id="dpia-2", version="2", signed_by="Director", signed_on=date(2022, 6, 1))
    assert dpia_in_force([SIGNED, changed], date(2022, 5, 31)) == SIGNED
    assert not notice_is_current([NOTICE], [SIGNED, changed], date(2022, 5, 31)).code
    due = notice_is_current([NOTICE], [SIGNED, changed], date(2022, 6, 1))
    assert due.code == "NEW_NOTICE_DUE"
    assert not due.blocks
    again = replace(NOTICE, given_on=date(2022, 6, 2))
    assert not notice_is_current([again], [SIGNED, changed], date(2022, 6, 3)).code
    assert notice_is_current([], [SIGNED], ON).code == "NO_PRIVACY_NOTICE"


def people():
    return [
        Colleague(id="ben", name="Ben Coach", role="coach"),
        Colleague(id="old", name="Old Coach", role="coach", active=False),
        Colleague(id="fin", name="Fin Payer", role="finance"),
        enterprise(enquiry_id="q1", phone="01", email="a@b", access_needs="large print"),
        Enquiry(id="q1", created_on=date(2022, 1, 20), coach_id="ann", name="Marlene",
                phone="01", idea="walks", district="E07000105", enterprise_id="e1"),
        Leader(id="p1", enterprise_id="e1", name="Marlene", phone="01"),
        CoachingSession(id="s1", enterprise_id="e1", on=ON, note="Marlene is worried"),
        StageEvent(id="g1", enterprise_id="e1", stage="CLOSED", on=ON, reason="IMMIGRATION",
                   note="permission: not confirmed"),
        Signature(id="n1", enterprise_id="e1", about="visit", name="Marlene", strokes=("1,2 3,4",),
                  wording="I am Marlene.", wording_sha256="x", way="drawn", device="Lap"),
        Attachment(id="f1", enterprise_id="e1", sha256="0", size=1, mime="image/jpeg"),
    ]  # fmt: skip


def test_a_case_goes_to_another_coach_with_its_enquiry():
    records = RecordsInHand(people())
    answer = ask(records, "case.transfer", "e1", to_coach_id="ben")
    assert {(s.kind, s.record_id, s.fields["coach_id"]) for s in answer.sets} == {
        (Enterprise, "e1", "ben"),
        (Enquiry, "q1", "ben"),
    }
    assert isinstance(ask(records, "case.transfer", "q1", to_coach_id="ben"), Granted)
    for somebody in ("old", "fin", "nobody"):
        assert ask(records, "case.transfer", "e1", to_coach_id=somebody).codes == ("NOT_A_COACH",)
    assert ask(records, "case.transfer", "e1").codes == ("INCOMPLETE",)
    assert ask(records, "case.transfer", "e404", to_coach_id="ben").codes == ("NOT_FOUND",)
    assert ask(records, "case.transfer", "e1", ANN, to_coach_id="ben").codes == ("NOT_YOUR_ROLE",)


@pytest.mark.parametrize("subject", ["e1", "q1"])
def test_an_erasure_takes_every_word_about_the_person_and_keeps_the_count(subject):
    records = RecordsInHand(asked_for(people()))
    answer = ask(records, "person.erase", subject)
    assert isinstance(answer, Granted)
    assert answer.erases
    for change in answer.sets:
        records.put(replace(records.get(change.kind, change.record_id), **change.fields))
    left = records.get(Enquiry, "q1")
    assert (left.name, left.phone, left.idea) == ("", "", "")
    assert (left.created_on, left.district, left.anonymised_on) == (
        date(2022, 1, 20),
        "E07000105",
        ON,
    )
    shell = records.get(Enterprise, "e1")
    assert (shell.name, shell.phone, shell.email, shell.facts) == ("", "", "", {})
    assert shell.anonymised_on == ON
    stage = records.get(StageEvent, "g1")
    assert (stage.stage, stage.reason, stage.note) == ("CLOSED", "IMMIGRATION", "")
    assert records.get(Leader, "p1").name == records.get(CoachingSession, "s1").note == ""
    assert [drop.record_id for drop in answer.drops] == ["f1"]
    signed = records.get(Signature, "n1")
    assert (signed.strokes, signed.wording_sha256, signed.device) == ((), "", "")
    assert "Marlene" not in repr(
        [records.all(k) for k in (Enquiry, Enterprise, Leader, StageEvent, Signature)]
    )


def test_an_erasure_takes_the_coachs_private_notes():
    notes = [
        replace(r, private_note="Afraid of him") for r in people() if hasattr(r, "private_note")
    ]
    assert {type(note) for note in notes} == {Leader, CoachingSession}
    records = RecordsInHand(asked_for([*people(), *notes]))
    for change in ask(records, "person.erase", "e1").sets:
        records.put(replace(records.get(change.kind, change.record_id), **change.fields))
    assert [records.get(type(note), note.id).private_note for note in notes] == ["", ""]


def test_every_private_field_is_emptied_by_an_erasure():
    private = {
        (kind.cls, spec.name)
        for kind in KINDS.values()
        for spec in kind.specs
        if spec.policy is Policy.PRIVATE
    }
    assert private
    for cls, name in private:
        assert programme_decisions._EMPTIED[cls][name] == ""
        assert emptied_when_removed(cls)[name] == ""


@pytest.mark.parametrize(
    ("stands", "removed"),
    [((Enterprise, "e1"), (Enquiry, "q1")), ((Enquiry, "q1"), (Enterprise, "e1"))],
)
def test_the_half_of_a_person_that_was_removed_loses_its_words_and_stays_removed(stands, removed):
    records = RecordsInHand(people())
    records.drop(*removed)
    (first,) = ask(records, "person.erase", stands[1], ANN).sets
    assert (first.kind, first.record_id) == stands, "nobody writes to what was removed"
    records.put(replace(records.get(*stands), **first.fields))
    answer = ask(records, "person.erase", stands[1])
    named = {change.record_id: change.fields for change in answer.sets}
    for one in ("e1", "q1", "p1"):
        assert named[one]["name"] == ""
    assert named[removed[1]]["anonymised_on"] == ON
    assert [(drop.kind, drop.record_id) for drop in answer.drops if drop.record_id != "f1"] == [
        removed
    ]


def test_words_that_an_older_erasure_left_with_a_removed_enquiry_can_still_go():
    records = RecordsInHand([
        replace(r, anonymised_on=ON) if isinstance(r, Enterprise) else r
        for r in asked_for(people())
    ])  # fmt: skip
    records.drop(Enquiry, "q1")
    named = {change.record_id: change.fields for change in ask(records, "person.erase", "e1").sets}
    assert named["q1"]["name"] == ""


def asked_for(records, by="ann"):
    """The same records after somebody asked for the erasure."""
    return [
        replace(r, erasure_asked_by_id=by, erasure_asked_on=ON)
        if isinstance(r, Enterprise | Enquiry)
        else r
        for r in records
    ]


def test_an_erasure_takes_two_people():
    records = RecordsInHand(people())
    first = ask(records, "person.erase", "e1", ANN)
    assert isinstance(first, Granted)
    assert not first.erases
    assert {(s.kind, *s.fields) for s in first.sets} == {
        (Enterprise, "erasure_asked_by_id", "erasure_asked_on"),
        (Enquiry, "erasure_asked_by_id", "erasure_asked_on"),
    }
    for change in first.sets:
        records.put(replace(records.get(change.kind, change.record_id), **change.fields))
    assert ask(records, "person.erase", "e1", ANN).codes == ("SAME_PERSON",)  # asked for it
    assert ask(records, "person.erase", "q1", BEN).codes == ("SAME_PERSON",)  # a coach
    for second in (LEA, QUI):
        assert ask(records, "person.erase", "q1", second).erases


def test_whoever_asks_first_does_not_agree_whatever_their_role():
    records = RecordsInHand(asked_for(people(), by="lea"))
    assert ask(records, "person.erase", "e1", LEA).codes == ("SAME_PERSON",)
    assert ask(records, "person.erase", "e1", LOU).erases
    assert ask(RecordsInHand(people()), "person.erase", "e1", BEN).codes == ("NOT_YOUR_CASE",)


def test_an_erasure_waits_for_open_claims_and_another_lead():
    records = RecordsInHand([*people(), claim(state="APPROVED")])
    assert ask(records, "person.erase", "e1").codes == ("CLAIM_OPEN",)
    own = RecordsInHand(asked_for([enterprise(coach_id="lea")]))
    assert ask(own, "person.erase", "e1").codes == ("SAME_PERSON",)
    gone = RecordsInHand([enterprise(anonymised_on=ON)])
    assert ask(gone, "person.erase", "e1").codes == ("ERASED",)
    assert ask(own, "person.erase", "e404").codes == ("NOT_FOUND",)
    assert ask(own, "person.erase", "e1", FIN).codes == ("NOT_YOUR_ROLE",)


def test_an_erasure_keeps_what_was_paid():
    paid = line(outcome="accepted", paid_on=ON)
    records = RecordsInHand(
        [*asked_for(people()), claim(state="CLOSED", applicant="Marlene"), paid]
    )
    answer = ask(records, "person.erase", "e1")
    assert "kept for audit" in answer.words
    (kept,) = [change for change in answer.sets if change.kind is ClaimLine]
    assert kept.fields == {"justification": ""}  # the amount and what it was for stay
    (named,) = [change for change in answer.sets if change.kind is SeedClaim]
    assert named.fields["applicant"] == ""


def test_an_erasure_empties_the_lines_of_a_claim_that_was_removed_each_line_once():
    left = line(id="l9", justification="Marlene needs it", claim_id="gone")
    stands = line(justification="Marlene needs it too")
    records = RecordsInHand([*asked_for(people()), claim(state="DRAFT"), stands, left])
    answer = ask(records, "person.erase", "e1")
    assert [(c.record_id, c.fields) for c in answer.sets if c.kind is ClaimLine] == [
        ("l1", {"justification": ""}), ("l9", {"justification": ""})
    ]  # fmt: skip


def spent(**changes):
    return claim(state="CLOSED", submitted_on=date(2014, 6, 1), **changes)


def paid(**changes):
    return line(**{"justification": "He said so", "paid_on": date(2014, 7, 1)} | changes)


def test_the_words_of_a_claim_go_when_they_were_kept_long_enough():
    records = RecordsInHand([enterprise(), spent(), paid(), paid(id="l2", justification="")])
    answer = ask(records, "claim.forget", "c1", ANN)
    assert answer.erases
    emptied = {(s.kind, s.record_id): s.fields for s in answer.sets}
    assert emptied[SeedClaim, "c1"] == {"applicant": "", "barrier": "", "interest_declared": ""}
    assert emptied[ClaimLine, "l1"] == {"justification": ""}
    assert not answer.adds
    assert not answer.drops


@pytest.mark.parametrize(
    ("held", "actor", "code"),
    [
        ([spent(), paid()], BEN, "NOT_YOUR_CASE"),
        ([spent(), paid()], FIN, "NOT_YOUR_ROLE"),
        ([claim(state="COMMITTED"), paid()], LEA, "NOT_DUE"),
        ([claim(state="DRAFT")], LEA, "NOT_DUE"),
        ([claim(state="CLOSED")], LEA, "NOT_DUE"),  # no day to count from
        ([spent(), line(paid_on=date(2016, 4, 1))], LEA, "NOT_DUE"),  # kept until 31 March 2023
        ([spent(applicant="", barrier=""), line()], LEA, "GONE"),
        ([], LEA, "NOT_FOUND"),
    ],
)
def test_words_stay_until_the_day_and_go_once(held, actor, code):
    records = RecordsInHand([enterprise(), *held])
    assert ask(records, "claim.forget", "c1", actor).codes == (code,)


def test_a_claim_of_which_only_a_removed_cost_has_words_is_not_called_empty():
    records = RecordsInHand(
        [enterprise(), spent(applicant="", barrier=""), paid(id="l2", justification="")]
    )
    assert ask(records, "claim.forget", "c1").codes == ("GONE",)
    records.put(paid())
    records.drop(ClaimLine, "l1")
    assert ask(records, "claim.forget", "c1").erases


def test_a_later_step_of_the_claim_counts_and_the_day_is_said():
    last = ClaimEvent(id="x", claim_id="c1", enterprise_id="e1", on=date(2017, 5, 1))
    records = RecordsInHand([enterprise(), spent(), paid(), last])
    assert "until 2024-03-31" in ask(records, "claim.forget", "c1").words


@pytest.mark.parametrize("subject", ["e1", "q1"])
def test_a_person_whom_an_old_copy_has_as_removed_is_erased_again_and_stays_removed(subject):
    records = RecordsInHand(people())
    for kind, record_id in ((Enterprise, "e1"), (Enquiry, "q1")):
        records.drop(kind, record_id)
    answer = erased_again(records, subject, ON)
    assert answer.erases
    named = {change.record_id: change.fields for change in answer.sets}
    assert (named["e1"]["name"], named["q1"]["name"], named["p1"]["name"]) == ("", "", "")
    assert {"e1", "q1"} <= {drop.record_id for drop in answer.drops}
    for one in people():
        if isinstance(one, Enterprise | Enquiry):
            records.put(replace(one, anonymised_on=ON))
            records.drop(type(one), one.id)
    assert erased_again(records, subject, ON) is None


def test_of_a_removed_claim_the_words_go_again_and_what_stands_is_not_removed():
    claim = SeedClaim(id="c9", enterprise_id="e1", barrier="No money for a stall.")
    records = RecordsInHand([*people(), claim])
    assert erased_again(records, claim.id, ON).drops == ()
    records.drop(SeedClaim, claim.id)
    (drop,) = erased_again(records, claim.id, ON).drops
    assert (drop.kind, drop.record_id) == (SeedClaim, claim.id)
    assert erased_again(records, "nobody", ON) is None
