"""Nothing a coach types lies readable on the disk: not in the vault, not beside it, not in temp."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forms.facts.casework import Attachment, CoachingSession
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from tests.faults import weak
from tests.storage.samples import COACH, NOON, new_vault
from tests.support.goals import Tell

CANARIES = [f"canary{number:03d}bird" for number in range(50)]


def use_everything(folder: Path) -> None:
    """Names, notes, drafts, files, search, sorting, copies; then stop without closing."""
    vault = new_vault(folder)
    one = Enterprise(id=new_id(), name=CANARIES[0], access_needs=CANARIES[1])
    with vault.change(by=CANARIES[2], at=NOON) as unit:
        unit.add(one)
        unit.add(Leader(id=new_id(), enterprise_id=one.id, name=CANARIES[3], phone=CANARIES[4]))
        for canary in CANARIES[5:40]:
            unit.add(
                CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note=canary * 50)
            )
    stored = vault.files.store(("%PDF-" + CANARIES[40] * 9000).encode(), name="letter.pdf")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(
            Attachment(
                id=new_id(),
                enterprise_id=one.id,
                sha256=stored.sha256,
                size=stored.size,
                mime=stored.mime,
                name=CANARIES[41] + ".pdf",
            )
        )
        unit.set(Enterprise, one.id, name=CANARIES[42])
    vault.drafts.keep(CANARIES[43], CANARIES[44])
    assert vault.reader.search(CANARIES[3])
    vault._db.rows("SELECT note FROM session ORDER BY note || id DESC")
    vault.back_up()
    vault.drafts.drop(CANARIES[43])
    vault._db.checkpoint()
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, one.id, name=CANARIES[45])
    vault._db.close()


def readable(folder: Path) -> list[str]:
    """Canaries found in any file, in the encodings a file could hold them."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [
                f"{path.name}: {canary}"
                for canary in CANARIES
                if canary.encode() in data or canary.encode("utf-16-le") in data
            ]
    return found


def test_no_word_is_readable_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    for name in ("SQLITE_TMPDIR", "TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(temp))
    use_everything(tmp_path / "v")
    assert len(list((tmp_path / "v").rglob("*"))) >= 6
    assert readable(tmp_path) == []
    assert list(temp.iterdir()) == []


def test_without_the_key_the_same_search_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak.use(monkeypatch, weak.NoKey)
    use_everything(tmp_path / "v")
    assert readable(tmp_path)


def sat(home: Path, *more: str) -> list[str]:
    """A session at the window in a home of its own, to its end; what it said, line by line."""
    home.mkdir()
    for name in ("home", "temp"):
        (home / name).mkdir()
    own = {name: str(home / "home") for name in ("HOME", "XDG_RUNTIME_DIR", "USERPROFILE")}
    own |= {f"XDG_{name}_HOME": str(home / "home" / name) for name in ("DATA", "CONFIG", "CACHE")}
    own |= {name: str(home / "temp") for name in ("TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR")}
    out = home.parent / f"{home.name}-report.html"  # readable on purpose, and not looked at
    command = [sys.executable, "-m", "tests.faults.window_session", str(home / "v"), str(out)]
    with (home / "said.txt").open("wb") as said, (home / "errors.txt").open("wb") as errors:
        done = subprocess.run(
            [*command, *more],
            cwd=Path(__file__).parents[2],
            env={**os.environ, **own},
            stdout=said,
            stderr=errors,
            check=False,
        )
    ends = 0 if "lock" in more else -signal.SIGKILL
    assert done.returncode == ends, (home / "errors.txt").read_text()
    return (home / "said.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_session_at_the_window_and_a_kill_leave_no_word(tmp_path: Path, goal: Tell) -> None:
    home = tmp_path / "laptop"
    said = sat(home)
    found = readable(home)
    goal(26, "words in files after a session at the window and a kill", runs=1, failures=len(found))
    assert found == []
    assert "half typed: 1" in said  # it was there to be found
    assert sum(line.startswith("title:") for line in said) > 40
    kept = {path.parent.name for path in home.rglob("*") if path.is_file()}
    assert {"v", "files", "troubles"} <= kept  # log, copies, attachments and a crash report too
    assert (home / "log.txt").stat().st_size
    assert (tmp_path / "laptop-report.html").stat().st_size > 10_000


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_crash_report_that_tells_too_much_is_found(tmp_path: Path) -> None:
    home = tmp_path / "laptop"
    sat(home, "leak")
    assert any(hit.endswith(CANARIES[7]) for hit in readable(home))


def locked(home: Path, *more: str) -> dict[str, int]:
    """What the window still shows and holds when the laptop is locked."""
    said = sat(home, "lock", *more)
    assert "before: 0 0" not in said
    (last,) = (line for line in said if line.startswith("locked:"))
    return dict(json.loads(last.partition(":")[2]))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_locked_window_shows_no_word_and_holds_neither_file_nor_key(
    tmp_path: Path, goal: Tell
) -> None:
    left = locked(tmp_path / "laptop")
    goal(27, "words, files and key held by a locked window", runs=1, failures=sum(left.values()))
    assert left == {"shown": 0, "held": 0, "key": 0}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_page_that_stays_behind_the_lock_is_found(tmp_path: Path) -> None:
    assert locked(tmp_path / "laptop", "slack")["shown"] > 0


def test_the_key_is_in_no_text_about_the_vault(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        key = vault._key.raw.hex()
        told = [repr(vault.__dict__), repr(vault._db.__dict__)]
        told.append((tmp_path / "v" / "vault.json").read_text())
        assert not any(key in text for text in told)
    with pytest.raises(ValueError, match="wiped"):
        _ = vault._key.raw


def test_saved_means_on_the_disk(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        ask = vault._db.row
        assert ask("PRAGMA synchronous")[0] == 2  # FULL
        assert ask("PRAGMA journal_mode")[0] == "wal"
        assert ask("PRAGMA temp_store")[0] == 2  # MEMORY
        assert ask("PRAGMA secure_delete")[0] == 1
        assert ask("PRAGMA foreign_keys")[0] == 1


CRASH = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
if "refuse" in sys.argv:
    from desktop.no_dumps import refuse_dumps
    assert refuse_dumps()
import ctypes
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_crash_hands_the_memory_to_nobody() -> None:
    def told(*more: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", CRASH, *more],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    assert told("refuse") == ["0", "0"]
    assert told()[0] == "1"  # without it the kernel would
