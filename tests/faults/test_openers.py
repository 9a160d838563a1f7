"""Two windows, or ten: exactly one writes, and a dead one holds nobody up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from forms.values import new_id
from storage.errors import VaultInUse, VaultReadOnly
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen

ROOT = Path(__file__).parents[2]
RACE = """
import os, sys
from pathlib import Path
from storage import opening, lock
from storage.errors import VaultInUse
from tests.storage.samples import reopen
folder, unlocked = Path(sys.argv[1]), "unlocked" in sys.argv
opening.keys.stretch("warm", b"0" * 16, opening.Cost(8, 1))
if unlocked:
    lock._take = lambda handle: None
go_out, go_in = os.pipe()
end_out, end_in = os.pipe()
told_out, told_in = os.pipe()
children = []
for _ in range(8):
    child = os.fork()
    if child == 0:
        os.close(go_in); os.close(end_in)
        os.read(go_out, 1)
        try:
            vault = reopen(folder)
            os.write(told_in, b"W")
        except VaultInUse:
            os.write(told_in, b"-")
        os.read(end_out, 1)
        os._exit(0)
    children.append(child)
os.close(go_out); os.close(go_in)
told = b""
while len(told) < 8:
    told += os.read(told_out, 8)
os.close(end_in)
for child in children:
    os.waitpid(child, 0)
print(told.count(b"W"))
"""


def test_a_second_opener_is_told_so_and_changes_nothing(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(VaultInUse, match="already open"):
        reopen(tmp_path / "vault")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), name="Still writing"))
    vault.close()
    reopen(tmp_path / "vault").close()


def test_a_reader_may_look_while_another_writes(vault: Vault, tmp_path: Path) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), name="Seen"))
    with reopen(tmp_path / "vault", passphrase=PASSPHRASE, read_only=True) as looking:
        assert [e.name for e in looking.reader.all(Enterprise)] == ["Seen"]
        with pytest.raises(VaultReadOnly), looking.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=new_id()))
        with pytest.raises(VaultReadOnly):
            looking.drafts.keep("a", "b")


def winners(folder: Path, *more: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", RACE, str(folder), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_of_eight_at_once_one_writes_again_and_again(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    assert [winners(tmp_path / "v") for _ in range(5)] == [1] * 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_without_the_lock_more_than_one_would(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    assert winners(tmp_path / "v", "unlocked") > 1


def test_a_killed_window_holds_nobody_up(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.storage.samples import reopen\n"
        "vault = reopen(Path(sys.argv[1]))\nprint('open', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "v")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(VaultInUse):
            reopen(tmp_path / "v")
        other.send_signal(signal.SIGKILL)
        other.wait()
    reopen(tmp_path / "v").close()
