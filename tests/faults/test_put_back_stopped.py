"""A copy that is put back says how far it is, hears Stop at each step, and leaves nothing of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.facts.casework import Attachment
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import copied_files, restore, swap
from storage.vault import Vault
from tests.faults.test_put_back import damage_drafts
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen

PAPER = b"%PDF-1.7 letter"


class Stopped(Exception):
    """Somebody pressed Stop."""


def damaged(folder: Path) -> Enterprise:
    """Records with a copy, a paper that was lost since, and a page that is damaged."""
    late = Enterprise(id=new_id(), name="Late")
    with new_vault(folder) as vault:
        stored = vault.files.store(PAPER, name="letter.pdf", mime="application/pdf")
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id="e1", name="Early"))
            unit.add(
                Attachment(
                    id=new_id(),
                    enterprise_id="e1",
                    name="letter.pdf",
                    sha256=stored.sha256,
                    size=len(PAPER),
                    mime="application/pdf",
                )
            )
        vault.back_up()
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(late)
    (lost,) = (folder / "files").iterdir()
    lost.unlink()
    damage_drafts(folder)
    return late


def on_disk(folder: Path) -> dict[str, bytes]:
    """Every file and what is in it, but the lock, and the empty log of whoever only read."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("vault.lock", "records.db-shm")
        if path.name != "records.db-wal" or path.stat().st_size
    }


def told(folder: Path, stop_at: str = "", *, at_end: bool = False) -> list[str]:
    """What is said while the copy is put back; stopped where a step's words begin so, or end."""
    heard: list[str] = []

    def tell(words: str, done: int, of: int) -> None:
        assert 0 <= done <= of or not of
        heard.append(words)
        if stop_at and words.startswith(stop_at) and (not at_end or done == of):
            raise Stopped

    Vault.put_back(folder, passphrase=PASSPHRASE, tell=tell)
    return heard


STEPS = (
    "Looking at each page of the copied records",
    "Looking how the copied records hold together",
    "Entries of the copied records looked through",
    "Changes in the copy",
    "Changes looked through",
    "Photos and papers looked at",
    "Copied",
    "Later changes put back",
)
LAST = "Photos and papers looked at"
SOUND = (  # where the records need nothing but their vault.json
    "Looking at each page of your records",
    "Looking how your records hold together",
    "Entries of your records looked through",
)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("broken") / "v"
    damaged(folder)
    return folder


@pytest.fixture
def folder(broken: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(broken, tmp_path / "v"))


def test_each_step_is_said(folder: Path) -> None:
    heard = told(folder)
    for step in STEPS:
        assert any(words.startswith(step) for words in heard), step
    assert {words for words in heard if not words.startswith(STEPS)} == set()
    with reopen(folder) as vault:
        (paper,) = vault.reader.all(Attachment)
        assert vault.files.read(paper.sha256) == PAPER
        assert [one.name for one in vault.reader.all(Enterprise)] == ["Late", "Early"]


def left_as_it_was(folder: Path, step: str, *, at_end: bool = False) -> bool:
    before = on_disk(folder)
    with pytest.raises(Stopped):
        told(folder, stop_at=step, at_end=at_end)
    return on_disk(folder) == before


def test_stop_at_the_very_last_moment_leaves_all_as_it_was(folder: Path) -> None:
    assert left_as_it_was(folder, LAST, at_end=True)


@pytest.mark.parametrize("step", STEPS)
def test_stop_leaves_all_as_it_was(folder: Path, step: str) -> None:
    assert left_as_it_was(folder, step)
    told(folder)  # and it can be begun again
    with reopen(folder) as vault:
        assert vault.check().ok


def test_a_look_stops_too_and_changes_nothing(folder: Path) -> None:
    before = on_disk(folder)
    heard: list[str] = []

    def tell(words: str, _done: int, _of: int) -> None:
        heard.append(words)
        if words.startswith("Changes looked through"):
            raise Stopped

    with pytest.raises(Stopped):
        Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE, tell=tell)
    assert on_disk(folder) == before
    assert len(heard) > 5


def test_stop_while_a_lost_vault_json_is_sought_leaves_it_lost(tmp_path: Path) -> None:
    """Else the next try took the sound records for damaged ones, and an older copy's came."""
    folder = tmp_path / "v"
    with new_vault(folder) as vault:
        vault.back_up()
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id="e1", name="Early"))
    (folder / "vault.json").unlink()
    for step in SOUND:
        with pytest.raises(Stopped):
            told(folder, stop_at=step)
        assert not (folder / "vault.json").exists(), step
    assert {words for words in told(folder) if not words.startswith(SOUND)} == set()
    assert not list(folder.glob("damaged-*"))
    with reopen(folder) as vault:
        assert vault.check().ok


@pytest.mark.parametrize("step", STEPS)
def test_stop_leaves_a_vault_json_lost_that_was_lost_with_the_records(
    folder: Path, step: str
) -> None:
    (folder / "vault.json").unlink()
    assert left_as_it_was(folder, step)
    told(folder)
    with reopen(folder) as vault:
        assert vault.check().ok
        assert [one.name for one in vault.reader.all(Enterprise)] == ["Late", "Early"]


def test_sound_records_come_back_with_the_vault_json_of_a_copy_that_is_damaged(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "v"
    with new_vault(folder) as vault:
        vault.back_up()
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id="e1", name="Early"))
    (copy,) = (folder / "copies").iterdir()
    (copy / "records.db").write_bytes(b"no records")
    (folder / "vault.json").unlink()
    before = on_disk(folder)
    seen = Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE)
    assert seen == restore.PutBack(None, 0, 0, None)
    assert on_disk(folder) == before
    told(folder)
    with reopen(folder) as vault:
        assert [one.name for one in vault.reader.all(Enterprise)] == ["Early"]


_unlink = Path.unlink


def papers_stay(path: Path, *, missing_ok: bool = False) -> None:
    """Nothing is taken away from among the photos and papers; all else is."""
    if path.parent.name != "files":
        _unlink(path, missing_ok=missing_ok)


@pytest.mark.parametrize(
    ("of", "name", "without"),
    [
        (swap, "forget_unfinished", lambda *_: None),
        (copied_files.Path, "unlink", papers_stay),
    ],
    ids=["the unfinished file stays", "the papers stay"],
)
def test_the_suite_sees_what_is_left_behind(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    of: object,
    name: str,
    without: Callable[..., None],
) -> None:
    assert restore.swap is swap
    with monkeypatch.context() as broken_code:
        broken_code.setattr(of, name, without)
        assert not left_as_it_was(folder, LAST, at_end=True)
