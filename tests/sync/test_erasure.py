"""An erased person is gone from the register's log too, whatever became of what was written."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import pytest
from sqlalchemy import insert, select

from forms.facts.casework import Attachment, CoachingSession
from forms.facts.people import Enquiry, Leader
from forms.values import new_id
from storage import rebuild
from sync import errors
from sync.client.files import fetch
from sync.protocol import SCHEMA, WireOp
from sync.register import admin, audit, decide, quarantine
from sync.register.sql_log import LogTable
from sync.register.sql_status import StatusTable
from sync.register.sql_store import Tx
from sync.register.sql_untaken import Untaken
from sync.register.tables import op
from sync.register.verify import verify
from tests.sync.world import START, enterprise, leader


def session(case, **fields):
    return CoachingSession(id=new_id(), enterprise_id=case.id, on=START.date(), **fields)


def closed(world, who):
    """The person's laptop is closed as retired; it sends its last work."""
    (device,) = admin.devices(world.store, who)
    admin.revoke(world.store, device.id, world.clock, retired=True)
    with pytest.raises(errors.DeviceRevoked):
        world.round(world.laptop(who))


def erase(world, case):
    for who in ("lee", "kay"):  # one asks, another agrees
        answer = world.ask(world.laptop(who), "person.erase", case.id)
        assert answer.state == "granted", answer.words


def said(world, words):
    """How many ops and records of the register say this."""
    return world.store.read(
        lambda tx: sum(
            words in text
            for query in ("SELECT body FROM op", "SELECT body || heads FROM record")
            for text in tx.connection.exec_driver_sql(query).scalars()
        )
    )


def said_here(laptop, words):
    """Whether any book of a laptop says this."""
    db = laptop.vault._db
    tables = [row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        name
        for name in tables
        if not name.startswith(("find_", "sqlite_"))
        for row in db.rows(f'SELECT * FROM "{name}"')  # noqa: S608 - names of its own tables
        if any(words in str(value) for value in row)
    ]


def assert_it_adds_up(world):
    key = admin.register_key(world.store)
    report = world.store.read(lambda tx: verify(tx, key, [admin.audit_head(world.store)]))
    assert report.ok, report.faults


def test_what_was_emptied_by_hand_and_then_removed_goes_too(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    note = ann.add(session(case, note="A secret."))
    ann.set(note.id, note="")
    ann.remove(note.id)
    world.settle_down()
    assert said(world, "secret")
    erase(world, case)
    assert not said(world, "secret")
    assert world.row(note.id).deleted
    assert_it_adds_up(world)
    world.settle_down()
    assert ann.get(CoachingSession, note.id) is None


@pytest.mark.parametrize("removed", [True, False])
@pytest.mark.parametrize("first", ["", "A secret."])
def test_the_values_of_a_thing_to_check_go_too(vaults, removed, first):
    """Also where the value in use is empty, and of a record that was removed before."""
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    note = ann.add(session(case, note="As it was, a secret."))
    vaults.settle_down(ann, lee)
    for laptop, words in ((ann, first), (lee, "Another secret." if first else "A secret.")):
        laptop.set(note.id, note=words)
    vaults.round(ann)
    vaults.settle_down(lee, ann)
    assert vaults.row(note.id).heads.keys() == {"note"}
    if removed:
        ann.remove(note.id)
        vaults.settle_down(ann, lee)
    assert said(vaults, "secret")
    erase(vaults, case)
    assert said(vaults, "secret") == 0
    assert_it_adds_up(vaults)
    vaults.settle_down(ann, lee)
    assert [said_here(each, "secret") for each in (ann, lee)] == [[], []]
    assert ann.vault.reader.conflicts() == []


@pytest.mark.parametrize("removed", ["enquiry", "case"])
def test_the_half_of_a_person_that_was_removed_goes_too(vaults, removed):
    ann = vaults.laptop("ann")
    asked = ann.add(Enquiry(id=new_id(), name="Rosa Hill", created_on=START.date(), coach_id="ann"))
    case = ann.add(enterprise(name="Rosa Hill Walks", enquiry_id=asked.id))
    ann.set(asked.id, enterprise_id=case.id)
    ann.add(leader(case, name="Rosa Hill"))
    vaults.settle_down(ann)
    gone, stands = (asked, case) if removed == "enquiry" else (case, asked)
    ann.remove(gone.id)
    vaults.settle_down(ann)
    erase(vaults, stands)
    assert said(vaults, "Rosa Hill") == 0
    assert (vaults.row(gone.id).deleted, vaults.row(stands.id).deleted) == (True, False)
    assert_it_adds_up(vaults)
    vaults.settle_down(ann)
    assert said_here(ann, "Rosa Hill") == []
    assert ann.vault.reader.conflicts() == []


def test_a_photo_without_words_that_was_removed_goes_too(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    stored = ann.files.store(b"a photo", mime="image/jpeg")
    photo = ann.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=7, mime="image/jpeg"
        )
    )
    quick.settle_down()
    ann.remove(photo.id)
    quick.settle_down()
    here = lambda: quick.store.read(lambda tx: tx.blobs.complete([stored.sha256]))  # noqa: E731
    assert here() == {stored.sha256}
    erase(quick, case)
    assert here() == set()


@pytest.fixture
def paper(world):
    """Ann's paper of a case, at the register."""
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    stored = ann.files.store(b"a passport", mime="image/jpeg")
    record = ann.add(paper_of(case, stored))
    world.settle_down()
    return ann, case, stored, record


def paper_of(case, stored):
    return Attachment(
        id=new_id(),
        enterprise_id=case.id,
        sha256=stored.sha256,
        size=stored.size,
        mime="image/jpeg",
    )


def bytes_kept(world):
    return world.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT count(*) FROM blob_part").scalar()
    )


def test_who_has_only_written_down_a_hash_keeps_no_bytes_of_it(world, paper):
    _, case, stored, _ = paper
    ben = world.laptop("ben")
    ben.add(paper_of(ben.add(enterprise("ben")), stored))
    world.settle_down()
    erase(world, case)
    assert bytes_kept(world) == 0


def test_the_same_paper_of_another_case_stays_and_is_read_there(world, paper):
    """It was sent once, for the case that is erased; whoever gets the other one reads it."""
    ann, case, stored, _ = paper
    second = ann.add(enterprise())
    record = ann.add(paper_of(second, stored))
    world.settle_down()
    erase(world, case)
    assert bytes_kept(world) == 1
    world.ask(world.laptop("lee"), "case.transfer", second.id, to_coach_id="ben")
    ben = world.laptop("ben")
    world.settle_down()
    assert fetch(ben, world.line, world.clock, stored.sha256) == b"a passport"
    assert world.store.read(lambda tx: tx.blobs.shown_by({stored.sha256})) == {
        (stored.sha256, record.id)
    }


def test_bytes_that_the_record_names_no_more_go_with_it(world, paper):
    ann, case, _, record = paper
    other = ann.files.store(b"a passport, the right way up")
    ann.set(record.id, sha256=other.sha256, size=other.size)
    world.settle_down()
    assert bytes_kept(world) == 2
    erase(world, case)
    assert bytes_kept(world) == 0


def test_the_coachs_private_notes_go_at_the_register_and_on_the_laptop(vaults):
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    note = ann.add(session(case, private_note="A secret."))
    person = ann.add(leader(case, private_note="A secret of hers."))
    vaults.settle_down()
    erase(vaults, case)
    assert not said(vaults, "secret")
    vaults.settle_down()
    assert ann.get(CoachingSession, note.id).private_note == ""
    assert ann.get(Leader, person.id).private_note == ""
    assert rebuild.differences(ann.vault._db) == []


def test_what_was_refused_about_them_goes_too(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    case = ann.add(enterprise())
    world.round(ann)
    foreign = ben.add(session(case, note="Not his."))
    other = ben.add(enterprise(coach="ben"))
    own = ben.add(session(other, note="His own."))
    ben.set(foreign.id, note="Not his either.")
    world.round(ben)
    assert world.row(foreign.id) is None
    assert said(world, "Not his")
    erase(world, case)
    assert not said(world, "Not his")
    assert world.row(own.id).fields["note"] == "His own."
    assert said(world, "His own.") == 2, "another case keeps its words"
    assert_it_adds_up(world)


def test_what_was_kept_apart_about_them_goes_too(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.round(ann)
    ann.add(session(case, note="Her last visit."))
    closed(world, "ann")
    assert quarantine.kept(world.store)
    erase(world, case)
    assert not said(world, "Her last visit.")
    assert quarantine.kept(world.store) == []
    assert world.store.read(lambda tx: StatusTable(tx.connection).quarantined()) == 0
    assert_it_adds_up(world)


def test_what_a_newer_program_says_of_somebody_erased_is_not_kept(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.round(ann)
    erase(world, case)
    ann.add(session(case, note="A secret."))
    ann.journal[-1] = replace(ann.journal[-1], schema=SCHEMA + 1)
    world.round(ann)
    assert not said(world, "secret")
    assert_it_adds_up(world)


def test_a_private_note_that_was_on_its_way_does_not_come_back(vaults):
    """Not with its new words, and not with the ones it had before."""
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    note = ann.add(session(case, private_note="A secret."))
    vaults.settle_down()
    erase(vaults, case)
    ann.set(note.id, private_note="Another secret.")
    vaults.settle_down()
    vaults.settle_down()
    assert ann.get(CoachingSession, note.id).private_note == ""
    assert not said(vaults, "secret")
    assert not said_here(ann, "secret")
    assert rebuild.differences(ann.vault._db) == []


def test_what_was_written_of_them_meanwhile_goes_when_the_register_has_refused_it(vaults):
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    vaults.settle_down()
    erase(vaults, case)
    note = ann.add(session(case, note="Her secret."))
    stored = ann.files.store(b"a paper of hers", name="paper.txt")
    ann.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=stored.size,
            mime=stored.mime, name="her secret.txt",
        )
    )  # fmt: skip
    report = vaults.round(ann)
    assert len(report.refused) == 2
    vaults.round(ann)
    assert ann.get(CoachingSession, note.id) is None
    assert not ann.files.has(stored.sha256)
    assert not said_here(ann, "secret")
    assert rebuild.differences(ann.vault._db) == []
    vaults.later(days=1, minutes=1)
    report = vaults.round(ann)
    assert (report.mended, report.uneven) == (0, "")


def test_while_it_waits_to_be_sent_it_stays(vaults):
    """It may be about somebody else, and only the register can say that it is not taken."""
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    vaults.settle_down()
    erase(vaults, case)
    note = ann.add(session(case, note="Her secret."))

    def no_push(method, path, headers, body):
        if path == "/v1/push":
            raise errors.Unreachable
        return vaults.line.send(method, path, headers, body)

    with pytest.raises(errors.Unreachable):
        vaults.round(ann, SimpleNamespace(url=vaults.line.url, send=no_push))
    assert ann.get(CoachingSession, note.id).note == "Her secret."
    assert ann.exchange.unsent_count() == 1


def test_what_was_changed_while_its_first_words_were_being_refused_goes_too(vaults):
    """Its edit is of a record that the register never had: it is held there, and not refused."""
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    vaults.settle_down()
    erase(vaults, case)
    note = ann.add(session(case, note="Her secret."))  # nobody has told this laptop yet
    typed = iter(["Another secret."])

    def typing(method, path, headers, body):
        if path == "/v1/push":
            for words in typed:
                ann.set(note.id, note=words)
        return vaults.line.send(method, path, headers, body)

    vaults.round(ann, SimpleNamespace(url=vaults.line.url, send=typing))
    for _ in range(2):
        vaults.round(ann)
    assert ann.get(CoachingSession, note.id) is None
    assert not said_here(ann, "secret")
    assert rebuild.differences(ann.vault._db) == []


def overtaken(world, who, case, words):
    """An edit of a record that another laptop of the same coach has not sent: who has it, and it.

    The edit waits at the register.
    """
    first, second = world.laptop(who), world.laptop(who, f"{who}'s other")
    world.round(second)
    note = first.add(session(case, note="A first secret."))
    second.records[note.id] = deepcopy(first.records[note.id])
    second.set(note.id, note=words)
    world.round(second)
    assert said(world, words) == 1
    assert world.row(note.id) is None
    return second, note


def test_what_may_be_of_another_case_goes_by_name(world):
    """A lead's edit that waits does not say of whom it is. It goes, and everybody can know."""
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case, other = ann.add(enterprise()), ann.add(enterprise(name="Another"))
    world.settle_down()
    _, note = overtaken(world, "lee", other, "Of another case.")
    _, hers = overtaken(world, "ann", case, "Her secret.")
    world.ask(lee, "person.erase", case.id)
    answer = world.ask(world.laptop("kay"), "person.erase", case.id)
    assert "written by Ann Marsh, Lee Down: ask whether they were of somebody else" in answer.words
    entries = world.store.read(lambda tx: [text for _, text, _ in audit.leaves(tx)])
    told = [one for one in map(json.loads, entries) if "let go" in one]
    assert [one["let go"] for one in told] == [sorted([note.id, hers.id])]
    assert set(told[0]["let go"]) <= set(told[0]["erased"])
    assert told[0]["let go of"] == ["ann", "lee"]
    shown = world.store.read(
        lambda tx: tx.log.not_taken(tx.people.incarnations_of("lee"), limit=10)
    )
    assert ["erasure" in one.words for one in shown if one.record_id == note.id] == [True]
    assert_it_adds_up(world)


def test_an_edit_whose_record_never_comes_goes_too(world):
    case = world.laptop("ann").add(enterprise())
    world.settle_down()
    overtaken(world, "ann", case, "Her secret.")
    erase(world, case)
    assert not said(world, "secret")
    assert world.store.read(lambda tx: tx.log.waited_for()) == set()
    assert_it_adds_up(world)


@pytest.mark.parametrize("also_said", [False, True])
def test_a_record_that_was_sent_without_a_word_of_whose_it_is_hides_nothing(world, also_said):
    """Refused, it is sent again without words; what it said before, or its writer, still counts."""
    case = world.laptop("ann").add(enterprise())
    world.settle_down()
    _, note = overtaken(world, "ann", case, "Her secret.")

    def refused(tx):
        for n, fields in enumerate([{"enterprise_id": case.id}, None][not also_said :], start=1):
            wire = tx.connection.execute(select(op.c.body).where(op.c.record_id == note.id))
            born = msgspec.json.decode(wire.scalars().first(), type=WireOp)
            born.seq, born.verb, born.fields = n, "new", fields or {}
            body = msgspec.json.encode(born).decode() if fields else ""
            mine = tx.connection.execute(select(op).where(op.c.record_id == note.id)).mappings()
            row = dict(mine.first()) | {"feed_seq": 9_000 + n, "inc": 9_000, "seq": n}
            row |= {"verb": "new", "body": body, "result": "refused:NOT_YOURS", "later": ""}
            tx.connection.execute(insert(op).values(row))
        return tx.untaken.births()[note.id].case

    assert world.store.write(refused) == (case.id if also_said else "")
    sent = world.store.read(lambda tx: decide._never_made(tx, case.id))
    assert {*sent.of_it, *sent.perhaps} == {note.id}
    assert bool(sent.perhaps) != also_said


def test_what_another_coach_wrote_and_what_is_said_to_be_of_another_case_stays(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    case, hers = ann.add(enterprise()), ann.add(enterprise())
    other = ben.add(enterprise(coach="ben"))
    world.settle_down()
    overtaken(world, "ben", other, "His words.")
    world.laptop("ann", "ann's third").add(session(replace(hers, id=new_id()), note="Of a third."))
    world.round(world.laptop("ann", "ann's third"))
    erase(world, case)
    assert said(world, "His words.") == 1
    assert said(world, "Of a third.") == 1
    world.settle_down()
    assert said(world, "His words.") == 2, "its record came, and it counts"
    assert_it_adds_up(world)


def test_an_erasure_takes_the_time_it_takes(quick, monkeypatch):
    """It goes through the whole log, which may take longer than a question may."""
    steps = []
    for owner, name in ((Tx, "take_time"), (Untaken, "births"), (LogTable, "erase_bodies")):
        _note(monkeypatch, owner, name, steps)
    case = quick.laptop("ann").add(enterprise())
    quick.settle_down()
    erase(quick, case)
    assert steps == ["take_time", "births", "erase_bodies"]


def _note(monkeypatch, owner, name, steps):
    real = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *said: steps.append(name) or real(*said))


def test_what_overtook_a_record_of_somebody_erased_goes_when_it_comes(world, monkeypatch):
    monkeypatch.setattr(decide, "_wrote_here", lambda *_: False)  # the record itself says whose
    case = world.laptop("ann").add(enterprise())
    world.settle_down()
    overtaken(world, "ann", case, "Her secret.")
    erase(world, case)
    assert said(world, "Her secret.") == 1
    world.round(world.laptop("ann"))
    assert not said(world, "secret")
    assert_it_adds_up(world)


def test_what_comes_after_a_record_that_was_refused_for_an_erasure_is_not_kept(world):
    """The same laptop, in the same push or in a later one."""
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.settle_down()
    erase(world, case)
    first = ann.add(session(case, note="A secret."))
    ann.set(first.id, note="Another secret.")
    here = deepcopy(ann.records[first.id])
    world.round(ann)
    ann.records.setdefault(first.id, here)
    ann.set(first.id, note="A third secret.")
    world.round(ann)
    assert not said(world, "secret")
    assert_it_adds_up(world)
