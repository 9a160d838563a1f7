"""One person's own copy, what is due to go, who agreed to what, and an erasure that stays done."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.change import RecordState
from forms.facts.casework import Attachment, CoachingSession, StageEvent
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS
from forms.facts.listing import QACheck
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Consent, Enquiry, Enterprise, Leader
from forms.rules.gate import live_consent
from forms.values import new_id
from storage import consents, erasures, import_export, rebuild, retention, summary
from storage.errors import ConsentMissing, RecordUnknown
from storage.subject_access import export_subject
from storage.vault import Vault
from tests.faults.test_put_back import damage_drafts
from tests.storage.register_pages import IDENTITY, LATER, ack, page, part
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen

PDF = b"%PDF-1.7 letter"


def case(vault: Vault, name: str) -> tuple[Enterprise, Leader, Attachment]:
    """An enterprise with an enquiry, a leader, a note, a file and half-typed text."""
    enquiry = Enquiry(id=new_id(), created_on=NOON.date(), name=name)
    one = Enterprise(id=new_id(), name=f"{name}'s", enquiry_id=enquiry.id)
    leader = Leader(id=new_id(), enterprise_id=one.id, name=name, private_note=f"{name} private")
    stored = vault.files.store(PDF + name.encode(), name="a.pdf")
    small = vault.files.store(b"small " + name.encode())
    file = Attachment(
        id=new_id(),
        enterprise_id=one.id,
        sha256=stored.sha256,
        size=stored.size,
        mime=stored.mime,
        name=f"{name}.pdf",
        small_sha256=small.sha256,
        small_size=small.size,
    )
    note = CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note=f"{name} rang")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all([enquiry, one, leader, file, note])
        unit.remove(CoachingSession, note.id, why="twice")
        unit.ask(
            DecisionRequest(
                id=new_id(),
                name="listing.submit",
                subject_id=one.id,
                asked_by_id=COACH,
                asked_at=NOON,
            )
        )
    vault.drafts.keep(f"note:{one.id}", f"{name} half")
    vault.drafts.keep(f"overview/{file.id}/half", f"{name} beside a record")
    return one, leader, file


def test_one_person_gets_everything_about_them_and_nothing_of_others(
    vault: Vault, tmp_path: Path
) -> None:
    mary, *_ = case(vault, "Mary")
    case(vault, "Nora")
    done = export_subject(vault, mary.id, tmp_path / "mary")
    assert {k: n for k, n in done.counts.items() if n} == {
        "enquiry": 1,
        "enterprise": 1,
        "leader": 1,
        "session": 1,
        "attachment": 1,
        "decision_request": 1,
    }
    whole = b"".join(p.read_bytes() for p in sorted(done.path.rglob("*")) if p.is_file())
    said = ("Mary's", "Mary private", "Mary rang", "Mary half", "Mary beside a record", "twice")
    for word in (*said, "Mary.pdf"):
        assert word.encode() in whole
    assert b"Nora" not in whole
    assert import_export.read(done.path).files
    story = json.loads((done.path / "story.json").read_bytes())
    assert {entry["verb"] for entry in story} == {"new", "delete", "asked"}
    by_enquiry = export_subject(vault, mary.enquiry_id, tmp_path / "again")
    assert by_enquiry.counts == done.counts
    with pytest.raises(RecordUnknown):
        export_subject(vault, new_id(), tmp_path / "nobody")


def test_the_schedule_is_whole_and_says_where_it_comes_from() -> None:
    rules = retention.schedule()
    assert len({rule.name for rule in rules}) == len(rules) == 6
    assert all(rule.kind in KINDS and rule.basis and rule.source for rule in rules)
    assert {rule.name for rule in rules if rule.months} == set(retention._DAYS)


def test_a_claim_is_due_for_the_words_of_a_cost_that_was_taken_off(tmp_path: Path) -> None:
    day = date(2010, 2, 1)
    with new_vault(tmp_path / "v", practice=True) as vault:
        one = Enterprise(id=new_id(), name="c")
        claim = SeedClaim(id=new_id(), enterprise_id=one.id, state="CLOSED", submitted_on=day)
        cost = ClaimLine(
            id=new_id(), claim_id=claim.id, enterprise_id=one.id, justification="Her knees"
        )
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add_all([one, claim])
        assert retention.due_list(vault.reader, date(2030, 1, 1)) == []
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(cost)
            unit.remove(ClaimLine, cost.id, why="not needed")
        (due,) = retention.due_list(vault.reader, date(2030, 1, 1))
        assert due.record_id == claim.id


def test_what_is_due_is_listed_to_the_day(tmp_path: Path) -> None:
    day = date(2020, 2, 29)
    with new_vault(tmp_path / "v", practice=True) as vault:
        closed, again = (Enterprise(id=new_id(), name="c") for _ in range(2))
        enquiry = Enquiry(id=new_id(), created_on=date(2019, 1, 1), closed_on=day)
        taken = Enquiry(id=new_id(), created_on=day, enterprise_id=closed.id)
        claim = SeedClaim(
            id=new_id(), enterprise_id=closed.id, state="CLOSED", submitted_on=day, barrier="b"
        )
        line = ClaimLine(
            id=new_id(), claim_id=claim.id, enterprise_id=closed.id, paid_on=date(2020, 4, 2)
        )
        check = QACheck(id=new_id(), enterprise_id=again.id, kind="dbs", level="x", seen_on=day)
        bare = QACheck(id=new_id(), enterprise_id=again.id, kind="dbs", reference="1", seen_on=day)
        ended = Consent(
            id=new_id(), enterprise_id=again.id, purpose="photo", given_on=day, withdrawn_on=day
        )
        events = [
            StageEvent(id=new_id(), enterprise_id=closed.id, stage="CLOSED", on=day),
            StageEvent(id=new_id(), enterprise_id=again.id, stage="CLOSED", on=day),
            StageEvent(
                id=new_id(), enterprise_id=again.id, stage="ENQUIRY", on=day + timedelta(days=1)
            ),
        ]
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add_all([closed, again, enquiry, taken, claim, line, check, bare, ended, *events])
        due = {d.rule.name: d for d in retention.due_list(vault.reader, date(2030, 1, 1))}
        assert {name: (d.record_id, d.due_on) for name, d in due.items()} == {
            "enquiry_not_taken_up": (enquiry.id, date(2021, 2, 28)),
            "case_closed": (closed.id, date(2026, 2, 28)),
            "seed_claim": (claim.id, date(2027, 3, 31)),
            "dbs_details": (check.id, date(2020, 8, 29)),
            "consent_ended": (ended.id, date(2026, 2, 28)),
        }
        for one in due.values():
            before = retention.due_list(vault.reader, one.due_on - timedelta(days=1))
            assert one not in before
            assert one in retention.due_list(vault.reader, one.due_on)


@pytest.mark.parametrize(
    ("given", "withdrawn", "purpose", "agrees"),
    [
        (0, None, "sharing", True),
        (1, None, "sharing", False),
        (-5, 1, "sharing", True),
        (-5, 0, "sharing", False),
        (None, None, "sharing", False),
        (-5, None, "photo", False),
    ],
)
def test_consent_counts_from_day_to_day_and_for_its_purpose(
    vault: Vault, given: int | None, withdrawn: int | None, purpose: str, agrees: bool
) -> None:
    today = NOON.date()

    def day(offset: int | None) -> date | None:
        return None if offset is None else today + timedelta(days=offset)

    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(
            Consent(
                id=new_id(),
                enterprise_id="e",
                purpose=purpose,
                given_on=day(given),
                withdrawn_on=day(withdrawn),
            )
        )
    assert (consents.agreed(vault._db, ["e"], "sharing", today) == {"e"}) is agrees
    if not agrees:
        with pytest.raises(ConsentMissing, match="Leave them out"):
            consents.require(vault._db, ["e"], "sharing", today)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["e", "f"]),
            st.sampled_from(["sharing", "photo"]),
            st.none() | st.integers(0, 6),
            st.none() | st.integers(0, 6),
        ),
        max_size=6,
    ),
    st.integers(0, 6),
)
def test_the_vaults_word_on_consent_is_the_rules(
    told: list[tuple[str, str, int | None, int | None]], on: int
) -> None:
    def day(after: int | None) -> date | None:
        return None if after is None else NOON.date() + timedelta(after)

    made = [
        Consent(
            id=new_id(), enterprise_id=who, purpose=why, given_on=day(one), withdrawn_on=day(two)
        )
        for who, why, one, two in told
    ]
    today = NOON.date() + timedelta(on)
    with TemporaryDirectory() as folder:
        vault = new_vault(Path(folder) / "v")
        with vault.change(by="ann", at=NOON) as unit:
            unit.add_all(made)
        found = consents.agreed(vault._db, ["e", "f"], "sharing", today)
        vault.close()
    assert found == {
        one
        for one in ("e", "f")
        if live_consent([c for c in made if c.enterprise_id == one], "sharing", today)
    }


def test_in_a_persons_own_copy_the_small_copy_stands_in_for_a_photo_that_is_elsewhere(
    tmp_path: Path,
) -> None:
    with new_vault(tmp_path / "v") as vault:
        one, _, file = case(vault, "Mary")
        small = f"files/{file.small_sha256}.jpg"
        done = export_subject(vault, one.id, tmp_path / "whole")
        assert (done.files, done.missing_files) == (1, ())
        assert not (tmp_path / "whole" / small).exists()
        with vault._db.transaction():
            vault._db.do("DELETE FROM stored_file WHERE sha256 = ?", (file.sha256,))
        done = export_subject(vault, one.id, tmp_path / "part")
        assert (done.files, done.missing_files) == (0, (file.sha256,))
        assert (tmp_path / "part" / small).read_bytes() == b"small Mary"


def erase(vault: Vault, one: Enterprise, leader: Leader, file: Attachment) -> None:
    """What the register sends when a person is erased."""
    enquiry = one.enquiry_id
    gone = [
        part(Enterprise, one.id, "1.1", name="", anonymised_on="2026-03-02"),
        part(Enquiry, enquiry, "1.2", name="", anonymised_on="2026-03-02"),
        part(Leader, leader.id, "1.3", name="", private_note=""),
        RecordState(
            kind="attachment",
            record_id=file.id,
            fields={},
            versions={"_deleted": ("1.4",)},
            deleted=True,
        ),
    ]
    for seq, state in enumerate(gone, start=100):
        vault.exchange.absorb(page(state, seq=seq), LATER)


def lived(folder: Path) -> tuple[Vault, Enterprise, Leader, Attachment]:
    vault = new_vault(folder)
    vault.exchange.adopt(IDENTITY)
    one, leader, file = case(vault, "Mary")
    case(vault, "Nora")
    ack(vault)
    return vault, one, leader, file


def words_left(vault: Vault) -> list[str]:
    tables = [row[0] for row in vault._db.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    return [t for t in tables if "Mary" in repr(vault._db.rows(f'SELECT * FROM "{t}"'))]  # noqa: S608


def test_an_erasure_keeps_counts_gives_a_receipt_and_takes_the_files(tmp_path: Path) -> None:
    vault, one, leader, file = lived(tmp_path / "v")
    before = (vault.reader.count(Enterprise), vault.reader.count(Leader))
    assert len(list(vault.place.files.iterdir())) == 4
    erase(vault, one, leader, file)
    assert (vault.reader.count(Enterprise), vault.reader.count(Leader)) == before
    assert len(list(vault.place.files.iterdir())) == 2, "hers went, whole and small"
    receipts = {receipt.subject_id: receipt for receipt in vault.erasures.receipts()}
    assert set(receipts) == {one.id, one.enquiry_id}
    mine = receipts[one.id]
    assert (mine.kept_as_counts, mine.files_removed) == ({"enterprise": 1, "leader": 1}, 2)
    assert mine.erased_at == LATER
    assert words_left(vault) == []
    assert rebuild.differences(vault._db) == []
    sealed = (tmp_path / "v" / "erasures.sealed").read_bytes()
    assert one.id.encode() not in sealed
    vault.close()


def blocks_with(vault: Vault, word: bytes) -> list[str]:
    """The blocks of the word indexes that still hold a word, wherever in them."""
    return [
        index
        for index in summary.INDEXES
        for (block,) in vault._db.rows(f"SELECT block FROM {index}_data")  # noqa: S608
        if word in block
    ]


@pytest.mark.parametrize("squeezes", [True, False])
def test_no_word_of_an_erased_person_stays_in_the_indexes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, squeezes: bool
) -> None:
    if not squeezes:  # the mutation: without it the words stay where they were
        monkeypatch.setattr(summary, "squeeze", lambda _: None)
    vault, one, leader, file = lived(tmp_path / "v")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Leader, leader.id, name="Qzwyxv")
    ack(vault)
    assert blocks_with(vault, b"qzwyxv")
    erase(vault, one, leader, file)
    assert bool(blocks_with(vault, b"qzwyxv")) is not squeezes
    assert vault.reader.search("qzwyxv") == []
    assert (vault._db.row("SELECT 1 FROM find_term WHERE term = 'qzwyxv'") is None) is squeezes
    assert vault.reader.search("nora")
    vault.close()


def test_a_copy_put_back_does_not_bring_an_erased_person_again(tmp_path: Path) -> None:
    vault, one, leader, file = lived(tmp_path / "v")
    vault.back_up()
    erase(vault, one, leader, file)
    vault.close()
    damage_drafts(tmp_path / "v")
    Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    with reopen(tmp_path / "v") as again:
        assert words_left(again) == []
        assert again.reader.count(Enterprise) == 2
        assert len(list(again.place.files.iterdir())) == 2
        assert rebuild.differences(again._db) == []
        assert [c.name for c in again.check().checks if not c.ok] == []


def test_without_the_list_of_erasures_the_copy_brings_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, one, leader, file = lived(tmp_path / "v")
    vault.back_up()
    erase(vault, one, leader, file)
    vault.close()
    damage_drafts(tmp_path / "v")
    monkeypatch.setattr(erasures.Erasures, "replay", lambda *_: [])
    Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    with reopen(tmp_path / "v") as again:
        assert "enterprise" in words_left(again)
