"""The real vault behind the same handful of calls that the laptop in memory has."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forms.facts.kinds import KINDS, kind_of
from storage.keys import Cost
from storage.vault import Vault
from tests.sync.world import World

QUICK = Cost(memory=8, passes=1)
PASSPHRASE = "plum tree river"  # noqa: S105 - of an invented coach


class VaultLaptop:
    """A vault in a folder of its own, on the machine's memory where there is one."""

    def __init__(self, clock):
        self.clock = clock
        shm = Path("/dev/shm")  # noqa: S108 - mkdtemp below makes a name of its own
        where = shm if shm.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="hedgerow-", dir=where))
        self.vault, _ = Vault.create(
            self.folder / "vault", passphrase=PASSPHRASE, clock=clock, cost=QUICK
        )
        self.kinds = {}

    def close(self):
        self.vault.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def exchange(self):
        return self.vault.exchange

    @property
    def reader(self):
        return self.vault.reader

    @property
    def files(self):
        return self.vault.files

    def _me(self):
        return self.vault.exchange.identity().actor_id

    def change(self):
        return self.vault.change(by=self._me(), at=self.clock.now())

    def add(self, record):
        with self.change() as unit:
            unit.add(record)
        return record

    def set(self, record_id, **values):
        with self.change() as unit:
            unit.set(self._class(record_id), record_id, **values)

    def remove(self, record_id):
        with self.change() as unit:
            unit.remove(self._class(record_id), record_id, why="not needed")

    def bring_back(self, cls, record_id):
        with self.change() as unit:
            unit.bring_back(cls, record_id, why="needed after all")

    def settle(self, record_id, name, value):
        (clash,) = [
            c
            for c in self.vault.reader.conflicts(open_only=True)
            if (c.record_id, c.field) == (record_id, name)
        ]
        with self.change() as unit:
            unit.settle(clash.id, value, note="asked her")

    def ask(self, request):
        with self.change() as unit:
            unit.ask(request)

    def get(self, cls, record_id):
        return self.vault.reader.get(cls, record_id)

    def all(self, cls, **equal):
        return self.vault.reader.all(cls, **equal)

    @property
    def asked(self):
        return {one.id: one for one in self.vault.reader.decisions()}

    @property
    def clashes(self):
        return {
            (c.record_id, c.field): c.heads for c in self.vault.reader.conflicts(open_only=True)
        }

    def _class(self, record_id):
        for kind in KINDS.values():
            if not kind.local and self.vault.reader.get(kind.cls, record_id) is not None:
                return kind_of(kind.cls).cls
        raise KeyError(record_id)


@contextmanager
def world_of_vaults(folder: Path) -> Iterator[World]:
    """A register on SQLite whose laptops are real encrypted vaults."""
    with World(f"sqlite:///{folder / 'register.db'}", laptop=VaultLaptop) as made:
        yield made
        for laptop in made.laptops.values():
            laptop.close()
