"""The lights go out: sectors that no sync had confirmed survive, are lost or are torn at random.

Below the cipher, with the product's own driver: what lay on the disk when an edit was called saved
is kept; what was written after it survives sector by sector as chance has it. Losing part of what
was confirmed (the mutant) goes red. It cannot show that a sync reaches the disk: that is the word
FULL, which `test_plain_text` reads back from the vault, and a disk that keeps its word.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from storage import rebuild
from storage.check import problems
from storage.errors import StorageError
from tests.storage.samples import COACH, NOON, new_vault, reopen

SECTOR = 512
FILES = ("records.db", "records.db-wal")
Disk = dict[str, bytes]


def disk_of(folder: Path) -> Disk:
    return {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}


def written(folder: Path, edits: int) -> list[Disk]:
    """The disk after each saved edit; one edit in seven is followed by a checkpoint."""
    disks = []
    vault = new_vault(folder)
    for number in range(edits):
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=f"e{number:04d}", name="n" * (number * 37 % 900)))
        disks.append(disk_of(folder))
        if number % 7 == 6:
            vault._db.checkpoint()
    vault.close()
    return disks


def mixed(safe: bytes, later: bytes, chance: random.Random) -> bytes:
    """The safe bytes, and of those written later whichever sectors made it."""
    out = bytearray(safe)
    survives = chance.random()
    for start in range(0, len(later), SECTOR):
        new = later[start : start + SECTOR]
        if new != safe[start : start + SECTOR] and chance.random() < survives:
            out.extend(bytes(max(0, start + len(new) - len(out))))
            out[start : start + len(new)] = new
    return bytes(out)


def after_the_dark(home: Path, safe: Disk, later: Disk, seed: int) -> set[str] | None:
    """Who is in the vault when the lights are on again; None when it does not open whole."""
    chance = random.Random(seed)  # noqa: S311 - a seed, not a secret
    folder = home / "dark"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(home / "v" / "vault.json", folder / "vault.json")
    # A checkpoint writes the database only after the log is confirmed: the log's tail is at risk.
    (folder / FILES[0]).write_bytes(safe[FILES[0]])
    (folder / FILES[1]).write_bytes(mixed(safe.get(FILES[1], b""), later[FILES[1]], chance))
    try:
        with reopen(folder) as vault:
            if problems(vault._db) or rebuild.differences(vault._db):
                return None
            return {one.id for one in vault.reader.all(Enterprise)}
    except StorageError:
        return None


def lost(home: Path, seeds: int, *, confirmed: int = 0) -> int:
    """In how many runs an edit that was called saved is gone, or the vault is not whole."""
    disks = written(home / "v", 34)
    bad = 0
    for seed in range(seeds):
        at = [n for n in range(5, 33) if n % 7 != 6][seed % 24]  # no checkpoint between the two
        base = at - confirmed if at % 7 >= confirmed else at
        found = after_the_dark(home, disks[base], disks[at + 1], seed)
        bad += found is None or not {f"e{n:04d}" for n in range(at + 1)} <= found
    return bad


def test_no_saved_edit_is_lost_when_the_lights_go_out(tmp_path: Path) -> None:
    assert lost(tmp_path, 60) == 0


@pytest.mark.long
@pytest.mark.timeout(900)
def test_no_saved_edit_is_lost_in_five_thousand_dark_moments(tmp_path: Path) -> None:
    assert lost(tmp_path, 5000) == 0


def test_when_saved_is_said_before_the_sync_edits_are_lost(tmp_path: Path) -> None:
    assert lost(tmp_path, 60, confirmed=1) > 0
