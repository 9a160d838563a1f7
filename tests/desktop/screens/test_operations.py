"""What the working screens write: one commit each, nothing on a refusal."""

from datetime import date
from types import SimpleNamespace

import pytest
import shiboken6
from PySide6.QtCore import QObject

from desktop.alive import is_alive
from desktop.operations import answers, casework, claims, decisions
from desktop.operations.errors import FileRefused, GateShut, NothingWritten
from desktop.operations.files import LIMIT, add_file, read_file
from desktop.operations.writing import Writing
from forms.facts.casework import Action, Attachment, ChecklistItem, CoachingSession, StageEvent
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Consent, Enquiry, Enterprise, Leader, Tally
from tests.desktop.screens.desk import COACH, context
from tests.desktop.screens.memory import NOON, MemoryVault
from tests.desktop.screens.people import CLAIM, MARY


def run(vault, operation, *args, **named):
    with vault.change(by=COACH.id, at=NOON) as unit:
        return operation(Writing(unit, vault, COACH, NOON), *args, **named)


def test_a_note_is_on_the_timeline_of_today(vault):
    note = vault.get(CoachingSession, run(vault, casework.add_note, MARY, text=" Rang. "))
    assert (note.note, note.on.isoformat(), note.by_id) == ("Rang.", "2022-11-20", COACH.id)


def test_an_empty_note_writes_nothing(vault):
    before = dict(vault.records)
    with pytest.raises(NothingWritten):
        run(vault, casework.add_note, MARY, text="  ")
    assert vault.records == before


def test_a_new_person_is_enquiry_enterprise_leader_notice_and_stage_at_once():
    vault = MemoryVault()
    who = casework.Newcomer(leader="Joe Pearce", idea="Garden help", notice_given=True)
    new = run(vault, casework.new_enterprise, who, gate_open=True)
    (enquiry,) = vault.all(Enquiry)
    assert enquiry.enterprise_id == new
    assert [e.name for e in vault.all(Leader)] == ["Joe Pearce"]
    assert vault.get(Enterprise, new).coach_id == COACH.id
    assert [c.purpose for c in vault.all(Consent)] == ["privacy_notice"]
    assert [e.stage for e in vault.all(StageEvent)] == ["ENQUIRY"]


def test_before_the_sign_off_nobody_is_recorded_but_a_count_is():
    vault = MemoryVault()
    with pytest.raises(GateShut):
        run(vault, casework.new_enterprise, casework.Newcomer(leader="Joe"), gate_open=False)
    assert vault.records == {}
    run(vault, casework.count_anonymously, channel="phone", district="E07000105")
    assert [t.count for t in vault.all(Tally)] == [1]


def test_an_item_nobody_touched_is_made_under_its_derived_id(vault):
    record_id = run(vault, answers.set_item, MARY, "C21", state="doing")
    item = vault.get(ChecklistItem, record_id)
    assert (item.code, item.state, record_id) == ("C21", "doing", answers.item_id(MARY, "C21"))


@pytest.mark.parametrize("state", ["not needed", "waived"])
def test_not_needed_and_waived_want_a_reason(vault, state):
    with pytest.raises(NothingWritten, match="reason"):
        run(vault, answers.set_item, MARY, "C21", state=state)
    run(vault, answers.set_item, MARY, "C21", state=state, reason="Never alone with anybody")
    assert vault.get(ChecklistItem, answers.item_id(MARY, "C21")).state == state


def test_a_fact_is_answered_and_taken_back(vault):
    run(vault, casework.set_fact, MARY, "music", value=True)
    assert vault.get(Enterprise, MARY).facts["music"] is True
    run(vault, casework.set_fact, MARY, "music", value=None)
    assert "music" not in vault.get(Enterprise, MARY).facts


def test_a_promise_is_made_put_off_and_kept(vault):
    action = run(vault, casework.add_action, MARY, text="Ring the insurer")
    run(vault, casework.put_off_action, action, date(2030, 1, 7))
    assert vault.get(Action, action).due_on == date(2030, 1, 7)
    run(vault, casework.finish_action, action)
    assert vault.get(Action, action).done_on is not None


def test_a_sent_claim_cannot_be_changed(vault):
    with pytest.raises(NothingWritten, match="Withdraw"):
        run(vault, claims.set_line, "03-line", what="Something else")
    with pytest.raises(NothingWritten):
        run(vault, claims.add_line, "03-claim")
    assert vault.get(ClaimLine, "03-line").what == "Basic DBS check"


def test_a_draft_begins_with_one_empty_cost(vault):
    claim = run(vault, claims.start_claim, MARY, policy_version="p", applicant="Mary Thorne")
    assert vault.get(SeedClaim, claim).state == "DRAFT"
    assert len(vault.all(ClaimLine, claim_id=claim)) == 1


def test_the_same_decision_is_not_asked_twice(vault):
    run(vault, decisions.ask, "claim.submit", CLAIM)
    with pytest.raises(NothingWritten, match="already"):
        run(vault, decisions.ask, "claim.submit", CLAIM)
    assert len(vault.requests) == 1


@pytest.mark.parametrize("gone", [False, True])
def test_an_answer_from_the_register_is_told_also_when_the_page_is_gone(vault, monkeypatch, gone):
    """A page that still stood there would go on saying that the question waits."""
    desk, heard, said, page = context(vault), [], [], QObject()
    desk.broadcast.listen(desk, lambda news: heard.append(news.changes.decisions))
    monkeypatch.setattr(decisions, "_answer_of", lambda _far, asked, _clock: asked)
    asked = decisions.request_now(desk, "claim.approve", CLAIM, {})
    waiting = []
    desk.jobs = SimpleNamespace(run=lambda work, **named: waiting.append((work, named)))
    desk.jobs.through = lambda _lane, work: work()
    decisions.ask_online(desk, asked, owner=page, on_done=said.append, on_failed=said.append)
    if gone:
        shiboken6.delete(page)
    ((work, named),) = waiting
    assert is_alive(named["owner"]), "the answer would reach nobody"
    named["on_done"](work())
    assert heard == [1]
    assert said == ([] if gone else [asked])


def test_a_file_is_kept_and_read_back(vault, tmp_path):
    path = tmp_path / "schedule.txt"
    path.write_text("Cover to 1 May", encoding="utf-8")
    paper = run(vault, add_file, MARY, path, caption="Schedule")
    record, data = read_file(vault, paper)
    assert (record.name, data, record.mime) == ("schedule.txt", b"Cover to 1 May", "text/plain")
    assert vault.get(Attachment, paper).size == len(data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("run.exe", b"MZ", "only pictures"),
        ("empty.pdf", b"", "empty"),
        ("not.pdf", b"hello", "not what its name says"),
        ("big.txt", b"x" * (LIMIT + 1), "larger than 20 MB"),
    ],
)
def test_a_file_that_is_not_kept_says_why(vault, tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FileRefused, match=words):
        run(vault, add_file, MARY, path)
    assert vault.blobs == {}
