"""One bit wrong on any page, a file cut anywhere: noticed, said as damage, and nothing deleted."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise
from forms.values import SetClock, new_id
from storage import restore, slots, torn_log
from storage.errors import FileMissing, VaultDamaged, VaultMissing, VaultTooNew, WrongPassphrase
from storage.hearing import nobody
from storage.place import Place
from storage.vault import Vault
from tests.faults import weak
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen
from tests.support.goals import Tell

PAGE = 4096


def filled(folder: Path) -> Path:
    """A closed vault with some hundred pages; the path of its records."""
    vault = new_vault(folder)
    with vault.change(by=COACH, at=NOON) as unit:
        for number in range(60):
            one = Enterprise(id=new_id(), name=f"Enterprise {number}")
            unit.add(one)
            unit.add(
                CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note="n" * 900)
            )
    vault.close()
    return folder / "records.db"


def is_noticed(folder: Path, by: str = "every page") -> bool:
    """Whether opening, or this one check, says in known words that the file is damaged."""
    try:
        with reopen(folder) as vault:
            (check,) = (check for check in vault.check().checks if check.name == by)
            return not check.ok
    except VaultDamaged:
        return True


def flips_unnoticed(folder: Path, records: Path, every: int) -> tuple[int, int]:
    """(pages tried, pages where one flipped bit was not noticed)."""
    whole = records.read_bytes()
    chance = random.Random(3)  # noqa: S311 - a seed, not a secret
    tried = missed = 0
    for start in range(0, len(whole), PAGE * every):
        bad = bytearray(whole)
        bad[start + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
        records.write_bytes(bad)
        tried += 1
        missed += not is_noticed(folder)
    records.write_bytes(whole)
    return tried, missed


def test_a_flipped_bit_on_any_page_is_noticed(tmp_path: Path, goal: Tell) -> None:
    records = filled(tmp_path / "v")
    tried, missed = flips_unnoticed(tmp_path / "v", records, every=3)
    goal(5, "one bit flipped in a page of the records", runs=tried, failures=missed, seed=3)
    assert tried > 40
    assert missed == 0
    assert not is_noticed(tmp_path / "v")  # and the whole file is well


@pytest.mark.long
def test_a_flipped_bit_on_every_page_is_noticed(tmp_path: Path, goal: Tell) -> None:
    records = filled(tmp_path / "v")
    tried, missed = flips_unnoticed(tmp_path / "v", records, every=1)
    goal(5, "one bit flipped in a page of the records", runs=tried, failures=missed, seed=3)
    assert tried == records.stat().st_size // PAGE
    assert missed == 0


def test_without_page_seals_the_check_of_pages_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak.use(monkeypatch, weak.NoSeal)
    filled(tmp_path / "v")
    assert is_noticed(tmp_path / "v")


def test_without_page_seals_flipped_bits_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak.use(monkeypatch, weak.NoSeal)
    records = filled(tmp_path / "v")
    whole = bytearray(records.read_bytes())
    pages = range(40 * PAGE, len(whole), PAGE)  # past the pages that say what is where
    for start in pages:  # some are noticed by luck: garbled text, a row out of order
        whole[start + 3000] ^= 1
        records.write_bytes(whole)
        if not is_noticed(tmp_path / "v", by="records file"):
            return
        whole[start + 3000] ^= 1
    pytest.fail("every flip was noticed without a seal")


FRAME = PAGE + 24
HEAD = 32


def left_open(folder: Path) -> tuple[Path, bytes, list[int]]:
    """A vault that was never closed: its log, and the frame that each of its edits ends with."""
    ends = []
    log = folder / "records.db-wal"
    with new_vault(folder.with_name("alive")) as vault:
        for number in range(12):
            with vault.change(by=COACH, at=NOON) as unit:
                unit.add(Enterprise(id=f"e{number:02d}", name="n" * 900))
            size = (vault.place.folder / "records.db-wal").stat().st_size
            ends.append((size - HEAD) // FRAME)
        shutil.copytree(vault.place.folder, folder)
    shutil.rmtree(folder.with_name("alive"))
    (folder / "records.db-shm").unlink()
    return log, log.read_bytes(), ends


def log_flips_unnoticed(folder: Path, every: int) -> tuple[int, int]:
    """(frames tried, frames where one flipped bit cost a saved edit and was not noticed)."""
    log, whole, ends = left_open(folder)
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    chance = random.Random(5)  # noqa: S311 - a seed, not a secret
    tried = missed = 0
    for frame in range(0, ends[-2], every):  # a damaged newest edit looks like one cut short
        bad = bytearray(whole)
        bad[HEAD + frame * FRAME + chance.randrange(FRAME)] ^= 1 << chance.randrange(8)
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        log.write_bytes(bad)
        tried += 1
        for _ in range(2):  # said again the next time, not only once
            try:
                with reopen(folder) as vault:
                    missed += len(vault.reader.all(Enterprise)) < len(ends)
            except VaultDamaged:
                assert log.read_bytes() == bad
    return tried, missed


@pytest.mark.parametrize(
    "every", [7, pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
def test_a_flipped_bit_in_the_log_never_costs_a_saved_edit_unsaid(
    tmp_path: Path, every: int, goal: Tell
) -> None:
    tried, missed = log_flips_unnoticed(tmp_path / "v", every)
    goal(5, "one bit flipped in a frame of the log", runs=tried, failures=missed, seed=5)
    assert tried > 10
    assert missed == 0


def test_without_the_look_at_the_log_edits_vanish_unsaid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torn_log, "keep", lambda _: None)
    assert log_flips_unnoticed(tmp_path / "v", 31)[1] > 0


@pytest.mark.parametrize("lost", [False, True], ids=["vault.json stands", "vault.json is lost"])
def test_a_damaged_log_gives_way_to_the_copy_and_what_it_still_tells(
    tmp_path: Path, *, lost: bool
) -> None:
    log, whole, ends = left_open(tmp_path / "v")
    log.unlink()
    with reopen(tmp_path / "v") as vault:
        vault.back_up()
    bad = bytearray(whole)
    bad[HEAD + ends[6] * FRAME + 100] ^= 1  # the first frame of the eighth edit
    log.write_bytes(bad)
    if lost:  # the damaged log is still seen for what it is, and nobody's edits vanish unsaid
        (tmp_path / "v" / "vault.json").unlink()
    with pytest.raises(VaultMissing if lost else VaultDamaged):
        reopen(tmp_path / "v")
    assert Vault.what_can_be_put_back(tmp_path / "v", passphrase=PASSPHRASE).later_changes == 7
    assert log.read_bytes() == bad
    assert Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE).later_changes == 7
    assert (tmp_path / "v" / "damaged-1-records.db-wal").read_bytes() == bad
    with reopen(tmp_path / "v") as vault:
        assert [one.id for one in vault.reader.all(Enterprise)] == [f"e{n:02d}" for n in range(7)]


def test_a_whole_log_comes_along_where_only_vault_json_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    log, whole, ends = left_open(folder)
    log.unlink()
    with reopen(folder) as vault:
        vault.back_up()
    log.write_bytes(whole)  # as a power cut leaves it
    (folder / "vault.json").unlink()
    seen = Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE)
    assert seen == restore.PutBack(None, 0, 0, None)
    assert Vault.put_back(folder, passphrase=PASSPHRASE) == seen
    with reopen(folder) as vault:
        assert len(vault.reader.all(Enterprise)) == len(ends)


def test_a_look_writes_nothing_into_records_that_are_empty(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    with new_vault(folder) as vault:
        vault.back_up()
    (folder / "vault.json").unlink()
    (folder / "records.db").write_bytes(b"")
    assert Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE).taken_at == NOON
    assert (folder / "records.db").read_bytes() == b""


def bad_cuts(folder: Path, records: Path, every: int) -> tuple[int, int]:
    """(cuts tried, cuts that were not noticed, not left as they were, or without an offer)."""
    whole = records.read_bytes()
    tried = bad = 0
    for size in range(0, len(whole), PAGE * every):
        records.write_bytes(whole[:size])
        tried += 1
        seen = is_noticed(folder)
        kept = records.read_bytes() == whole[:size]
        offer = Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE).taken_at == NOON
        bad += not (seen and kept and offer)
    records.write_bytes(whole)
    return tried, bad


@pytest.mark.parametrize(
    "every", [23, pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(1800)])]
)
def test_a_file_cut_at_any_page_is_noticed_kept_and_a_copy_offered(
    tmp_path: Path, every: int, goal: Tell
) -> None:
    records = filled(tmp_path / "v")
    with reopen(tmp_path / "v") as vault:
        vault.back_up()
    tried, bad = bad_cuts(tmp_path / "v", records, every)
    goal(5, "the records file cut at a page", runs=tried, failures=bad)
    assert tried > 5
    assert bad == 0
    assert not is_noticed(tmp_path / "v")


def test_any_bit_of_a_copy_is_noticed_and_the_older_good_one_taken(
    tmp_path: Path, goal: Tell
) -> None:
    filled(tmp_path / "v")
    with reopen(tmp_path / "v") as vault:
        older, newer = vault.back_up(), vault.back_up()
    records = newer / "records.db"
    whole, place = records.read_bytes(), Place(tmp_path / "v")
    key = slots.read(place).opened(slots.PASSPHRASE, PASSPHRASE)
    tried = missed = 0
    for start in range(0, len(whole), PAGE * 19):
        bad = bytearray(whole)
        bad[start + start // PAGE % PAGE] ^= 1
        records.write_bytes(bad)
        tried += 1
        missed += restore._newest_good(place, key, nobody) != older
    goal(5, "one bit flipped in a page of a copy", runs=tried, failures=missed)
    assert tried > 5
    assert missed == 0


@pytest.mark.parametrize(
    "every", [997, pytest.param(61, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
def test_any_byte_of_an_attachment_and_any_cut_is_noticed(
    tmp_path: Path, every: int, goal: Tell
) -> None:
    with new_vault(tmp_path / "v") as vault:
        stored = vault.files.store(b"%PDF-1.7 " + bytes(150_000), name="a.pdf")
        (path,) = vault.place.files.iterdir()
        whole = path.read_bytes()
        tried = missed = 0
        for at in range(0, len(whole), every):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << at % 8
            for bad in (bytes(flipped), whole[:at], whole + whole[:at] if at else b""):
                path.write_bytes(bad)
                tried += 1
                try:
                    missed += vault.files.read(stored.sha256) is not None
                except FileMissing:
                    assert path.read_bytes() == bad
        path.write_bytes(whole)
        assert vault.files.read(stored.sha256).startswith(b"%PDF")
    goal(5, "an attachment flipped, cut or lengthened", runs=tried, failures=missed)
    assert missed == 0


@pytest.mark.parametrize("part", [0, 0.001, 0.25, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_noticed_and_left_as_it_is(tmp_path: Path, part: float) -> None:
    records = filled(tmp_path / "v")
    whole = records.read_bytes()
    cut = whole[: int(len(whole) * part)]
    records.write_bytes(cut)
    assert is_noticed(tmp_path / "v")
    assert records.read_bytes() == cut


def test_the_right_passphrase_on_a_damaged_file_is_never_called_wrong(tmp_path: Path) -> None:
    records = filled(tmp_path / "v")
    data = bytearray(records.read_bytes())
    data[:PAGE] = bytes(PAGE)
    records.write_bytes(data)
    with pytest.raises(VaultDamaged, match="Nothing has been deleted"):
        reopen(tmp_path / "v")
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v", passphrase="something else")  # noqa: S106


def test_a_wrong_passphrase_is_never_called_damage(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    clock = SetClock(NOON)
    for number in range(200):
        clock.moment += timedelta(seconds=60)
        with pytest.raises(WrongPassphrase, match="did not open"):
            Vault.open(tmp_path / "v", passphrase=f"guess {number}", clock=clock)
    reopen(tmp_path / "v").close()


def test_a_damaged_header_is_damage_and_never_opens(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    header = tmp_path / "v" / "vault.json"
    whole = header.read_bytes()
    chance = random.Random(4)  # noqa: S311 - a seed, not a secret
    for _ in range(150):
        bad = bytearray(whole)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        header.write_bytes(bad)
        with pytest.raises((VaultDamaged, VaultTooNew)):
            reopen(tmp_path / "v")
    header.write_bytes(whole)
    reopen(tmp_path / "v").close()


def test_the_records_of_another_vault_are_not_taken(tmp_path: Path) -> None:
    new_vault(tmp_path / "a").close()
    new_vault(tmp_path / "b").close()
    (tmp_path / "a" / "records.db").write_bytes((tmp_path / "b" / "records.db").read_bytes())
    with pytest.raises(VaultDamaged):
        reopen(tmp_path / "a")


@pytest.mark.parametrize("lost", ["vault.json", "records.db"])
def test_a_missing_part_is_said_and_nothing_is_made_in_its_place(tmp_path: Path, lost: str) -> None:
    new_vault(tmp_path / "v").close()
    (tmp_path / "v" / lost).unlink()
    with pytest.raises(VaultMissing, match="Nothing was made in their place"):
        reopen(tmp_path / "v")
    assert not (tmp_path / "v" / lost).exists()


def test_a_creation_that_never_ended_is_put_aside(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    (tmp_path / "v" / "vault.json").unlink()
    old = (tmp_path / "v" / "records.db").read_bytes()
    Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)[0].close()
    assert (tmp_path / "v" / "unfinished-1-records.db").read_bytes() == old
