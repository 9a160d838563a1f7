"""Re-keys one vault again and again, each time killed one file operation later, and looks after it.

Run as a process of its own (it forks): `python -m tests.storage.rekey_kill FOLDER EVERY [careless]`
prints one JSON line. Killed anywhere, exactly one of the two passphrases opens, nothing is missing,
and every copy opens with the same key. `careless` does not take a swap up again that was begun: the
mutation that must be noticed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import backup, rebuild, reserve, slots, swap
from storage.errors import StorageError, WrongPassphrase
from storage.place import Place
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen

NEW = "harbour kettle moss"
LETTER = b"%PDF-1.7 a letter"
_EVENTS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "open")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def made(folder: Path) -> dict[str, Any]:
    """The vault to be re-keyed: records, a file, two copies. What it tells."""
    with new_vault(folder) as vault:
        stored = vault.files.store(LETTER, name="a.pdf")
        vault.back_up()
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add_all(Enterprise(id=new_id(), name=f"N{n}") for n in range(20))
        vault.files.store(LETTER + b" later", name="b.pdf")
        vault.back_up()
        return {"told": sorted(map(repr, rebuild.kept(vault._db).items())), "sha": stored.sha256}


def main(home: Path, every: int, *, careless: bool) -> dict[str, int]:
    """How often it was killed, and what was found wrong afterwards."""
    reserve.BYTES = 4096
    if careless:
        swap.settled = slots.read
    truth = made(home / "base")
    found = {"kills": 0, "old": 0, "new": 0, "wrong": 0}
    step = 0
    while True:
        step += every
        folder = home / f"at-{step}"
        shutil.copytree(home / "base", folder)
        ended = _killed_at(folder, step)
        verdict = _look(folder, truth)
        if ended:
            assert verdict == "new", verdict
            return found
        found["kills"] += 1
        found[verdict] += 1
        shutil.rmtree(folder)


def _killed_at(folder: Path, step: int) -> bool:
    """One re-key in a child; whether it came to its end."""
    child = os.fork()
    if child == 0:
        _die_at(step)
        try:
            Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _die_at(step: int) -> None:
    left = [step]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS or (event == "open" and not _writes(arguments)):
            return
        left[0] -= 1
        if left[0] == 0:
            os._exit(9)

    sys.addaudithook(hook)


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    return bool(flags & _WRITES) if mode is None else any(sign in mode for sign in "wax+")


def _look(folder: Path, truth: dict[str, Any]) -> str:
    """Which passphrase opens, or `wrong`."""
    opened = []
    for name, passphrase in (("old", PASSPHRASE), ("new", NEW)):
        try:
            with reopen(folder, passphrase=passphrase) as vault:
                if not _is_whole(vault, truth):
                    return "wrong"
        except WrongPassphrase:
            continue
        except StorageError:
            return "wrong"
        opened.append(name)
        header = slots.read(Place(folder))
        slots_of = {path: slots.read(Place(path)).slots for path in vault.place.copies.glob("*")}
        if any(one != header.slots for one in slots_of.values()):
            return "wrong"
    return opened[0] if len(opened) == 1 else "wrong"


def _is_whole(vault: Vault, truth: dict[str, Any]) -> bool:
    for copy in vault.copies():
        backup.verify(Place(copy.path), vault._key)
    return (
        sorted(map(repr, rebuild.kept(vault._db).items())) == truth["told"]
        and vault.files.read(truth["sha"]) == LETTER
        and len(vault.copies()) == 2
        and vault.check().ok
    )


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), careless="careless" in sys.argv)))
