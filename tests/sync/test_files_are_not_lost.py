"""Bytes that one laptop alone has: a case that goes first, a register put back, a month after."""

from __future__ import annotations

import pytest

from forms.facts.casework import Attachment
from storage import leave
from sync import errors
from sync.client.carry import write_out
from sync.client.files import GONE, fetch
from tests.sync.test_small_copies import photo
from tests.sync.world import enterprise


def moved(world, case):
    answer = world.ask(world.laptop("lee"), "case.transfer", case.id, to_coach_id="ben")
    assert answer.state == "granted", answer.words


def forgets(world, sha256):
    """The register was put back to before the bytes came."""
    world.store.write(lambda tx: tx.blobs.drop(sha256))


@pytest.fixture
def gone(vaults):
    """Ann's photo, of a case that is Ben's before it was sent."""
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    one = photo(ann, case, 1)
    vaults.round(ann, with_files=False)
    moved(vaults, case)
    vaults.round(ann, with_files=False)
    assert ann.all(Attachment) == []
    return ann, one


def test_a_photo_goes_to_the_council_although_its_case_is_another_coachs(vaults, gone):
    ann, one = gone
    assert [each.sha256 for each in ann.files.unsent()] == [one.sha256]
    (line,) = [x for x in ann.vault.ledger("waiting").lines if x.kind == "file"]
    assert (line.record_id, line.title) == (one.id, "photo.txt")
    assert ann.vault.ledger("all").counts.files_waiting == 1
    report = vaults.round(ann)
    assert (report.files_sent, report.refused) == (1, [])
    ben = vaults.laptop("ben")
    vaults.round(ben)
    assert len(fetch(ben, vaults.line, vaults.clock, one.sha256)) == one.size
    assert ann.vault.ledger("waiting").lines == ()
    assert vaults.round(ann).requests == 1


def test_who_had_the_case_before_reads_nothing_of_it(vaults, gone):
    ann, one = gone
    vaults.round(ann)
    path = f"/v1/blob/{one.sha256}?for={one.id}&start=0"
    from sync.client.wire import Line, Told

    line = Line(vaults.line, ann.exchange.identity(), vaults.clock)
    with pytest.raises(Told) as told:
        line.raw("GET", path, b"")
    assert told.value.trouble.trouble == "unknown_file"


def test_who_never_had_the_case_sends_nothing_of_it(vaults, gone):
    _, one = gone
    ben = vaults.laptop("ben")
    vaults.round(ben)
    fay = vaults.laptop("fay")
    from sync.client.wire import Line, Told

    line = Line(vaults.line, fay.exchange.identity(), vaults.clock)
    with pytest.raises(Told):
        line.raw("PATCH", f"/v1/blob/{one.sha256}?for={one.id}&start=0", b"x")


def test_a_month_later_what_was_sent_leaves_with_its_key_and_what_was_not_stays(vaults, gone):
    ann, one = gone
    vaults.later(days=40)
    with ann.vault._db.transaction():
        leave.sweep_attic(ann.vault._db, vaults.clock.now())
    assert ann.files.has(one.sha256), "the only copy of it"
    assert vaults.round(ann).files_sent == 1
    with ann.vault._db.transaction():
        leave.sweep_attic(ann.vault._db, vaults.clock.now())
    ann.files.sweep()
    assert not ann.files.has(one.sha256)
    assert not ann.files.has(one.small_sha256)
    assert ann.vault._db.rows("SELECT 1 FROM attic WHERE kind = 'attachment'") == []


def test_what_stands_in_another_case_too_keeps_its_key(vaults, gone):
    ann, one = gone
    again = photo(ann, ann.add(enterprise()), 1)
    assert again.sha256 == one.sha256
    vaults.round(ann)
    vaults.later(days=40)
    with ann.vault._db.transaction():
        leave.sweep_attic(ann.vault._db, vaults.clock.now())
    assert ann.files.has(one.sha256)
    assert ann.files.has(one.small_sha256)


def test_a_day_later_a_register_that_was_put_back_gets_its_files_again(vaults):
    ann = vaults.laptop("ann")
    one = photo(ann, ann.add(enterprise()), 1)
    vaults.round(ann)
    vaults.round(ann)
    forgets(vaults, one.sha256)
    assert vaults.round(ann).requests == 1, "no bookmark tells of it"
    vaults.later(days=1, minutes=1)
    report = vaults.round(ann)
    assert (report.files_again, report.files_sent) == (1, 1)
    assert vaults.store.read(lambda tx: tx.blobs.complete([one.sha256])) == {one.sha256}
    assert vaults.round(ann).requests == 1


def test_the_bytes_of_a_record_that_was_refused_stay_here_and_are_not_offered(vaults):
    ann, ben = vaults.laptop("ann"), vaults.laptop("ben")
    case = ann.add(enterprise())
    vaults.settle_down()
    one = photo(ben, case, 1)  # of a case that never was his
    report = vaults.round(ben)
    assert (len(report.refused), report.files_sent) == (1, 0)
    assert ben.files.has(one.sha256), "it waits for a person"
    (line,) = [x for x in ben.vault.ledger("refused").lines if x.kind == "file"]
    assert (line.record_id, line.standing, line.because) == (
        one.id,
        "refused",
        tuple(report.refused),
    )
    assert [x for x in ben.vault.ledger("waiting").lines if x.kind == "file"] == []
    assert ben.vault.ledger("all").counts.files_waiting == 0
    assert vaults.round(ben).requests == 1


def test_only_the_laptop_that_has_it_is_asked_again(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    one = photo(ann, ann.add(enterprise()), 1)
    vaults.settle_down()
    forgets(vaults, one.sha256)
    vaults.later(days=1, minutes=1)
    assert vaults.round(lee).files_again == 0
    with pytest.raises(errors.Refused, match="not at the council yet"):
        fetch(lee, vaults.line, vaults.clock, one.sha256)


def test_a_register_that_says_nothing_of_files_is_not_asked_again(vaults):
    """One that is older than this: its answer leaves the names out."""
    from tests.sync.test_hostile import Evil, raw

    ann = vaults.laptop("ann")
    one = photo(ann, ann.add(enterprise()), 1)
    vaults.round(ann)
    vaults.round(ann)
    forgets(vaults, one.sha256)
    vaults.later(days=1, minutes=1)
    report = vaults.round(ann, Evil(vaults, raw("/v1/sums", lacking=[])))
    assert report.files_again == 0
    assert ann.files.unsent() == []


def test_a_file_that_came_from_the_register_is_not_offered_to_it(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    one = photo(ann, ann.add(enterprise()), 1)
    vaults.settle_down()
    fetch(lee, vaults.line, vaults.clock, one.sha256)
    assert lee.files.unsent() == []
    assert vaults.round(lee).requests == 1


def test_a_photo_that_is_damaged_here_is_said_once_and_holds_up_no_other(vaults, tmp_path):
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    bad, good = photo(ann, case, 1), photo(ann, case, 2)
    name = ann.vault.files._db.row(
        "SELECT file_name FROM stored_file WHERE sha256 = ?", (bad.sha256,)
    )[0]
    path = next(ann.folder.rglob(name))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    report = vaults.round(ann)
    assert (report.files_sent, report.refused) == (1, [GONE])
    assert vaults.store.read(lambda tx: tx.blobs.complete([good.sha256]))
    assert vaults.round(ann).refused == []  # it was said
    (line,) = [x for x in ann.vault.ledger("refused").lines if x.kind == "file"]
    assert (line.record_id, line.because) == (bad.id, (GONE,))
    out = write_out(ann, tmp_path / "out", vaults.clock)  # a stick is not stopped by it either
    assert (out.files, out.left) == (0, 1)
    path.write_bytes(whole)  # found in a copy
    assert vaults.round(ann).files_sent == 1
    assert ann.files.unsent() == []
    assert [x for x in ann.vault.ledger("refused").lines if x.kind == "file"] == []
