"""Five laptops and one register: real encrypted vaults, real enrolment, real rounds, in process.

Two of the laptops are the coach's; the lead, QA and finance have one each. Refuses shortcuts: a
laptop learns of another's work only through the register.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from desktop.journey.plan import Person, Programme

if TYPE_CHECKING:
    from forms.rules.pack import Pack
    from forms.values import Clock
    from storage.keys import Cost
    from storage.vault import Vault
    from sync.client.transport import Transport


@dataclass(slots=True)
class Laptop:
    """One device of one person, with or without signal."""

    name: str
    person: Person
    vault: Vault
    transport: Transport
    online: bool = True
    level: int = -1  # how much of the register's work it has seen; see Crew.tide


@dataclass(slots=True)
class Totals:
    """What all rounds of all laptops moved."""

    pushed: int = 0
    pulled: int = 0


@dataclass(slots=True)
class Crew:
    """Everybody's laptops, level with the register when they have signal."""

    clock: Clock
    laptops: dict[str, Laptop] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)
    tide: int = 0  # rises whenever a laptop sent something
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close vaults, line and register, last opened first."""
        self._open.close()

    def laptop(self, name: str) -> Laptop:
        """The laptop with this name."""
        return self.laptops[name]

    def bring_level(self, laptop: Laptop) -> None:
        """One round with the register, if the laptop has signal and there is anything to say."""
        from sync.client.exchange import run_round

        waiting = laptop.vault.reader.unsent_count() + len(
            laptop.vault.reader.decisions(state="waiting")
        )
        if not laptop.online or (laptop.level == self.tide and not waiting):
            return
        report = run_round(laptop.vault, laptop.transport, self.clock)
        self.totals.pushed += report.pushed
        self.totals.pulled += report.pulled
        if waiting:
            self.something_new()
        laptop.level = self.tide

    def something_new(self) -> None:
        """The register has something that the other laptops have not seen."""
        self.tide += 1

    def keep_open(self, thing: object) -> None:
        """Close this when the journey ends."""
        self._open.callback(thing.close)  # type: ignore[attr-defined]


def gather_crew(
    folder: Path,
    programme: Programme,
    pack: Pack,
    clock: Clock,
    *,
    database: str = "",
    cost: Cost | None = None,
) -> Crew:
    """A register, its people, and a vault enrolled for each laptop, all under `folder`."""
    from sync.client.transport import in_process
    from sync.register import admin
    from sync.register.app import create_app
    from sync.register.store import open_store

    crew = Crew(clock)
    try:
        store = open_store(database or f"sqlite:///{folder / 'register.db'}")
        crew.keep_open(store)
        admin.init(store, pack.id, clock=clock)
        app = create_app(store, clock, {pack.id: pack}, admin.signing_key(store))
        line = in_process(app)
        crew.keep_open(line)
        for person in programme.people:
            admin.add_person(store, person.id, person.name, person.role, clock=clock)
            for name in person.devices:
                code = admin.enrol_code(store, person.id, clock)
                crew.laptops[name] = _enrolled(crew, folder / name, person, line, code, cost)
    except BaseException:
        crew.close()
        raise
    return crew


def _enrolled(
    crew: Crew, folder: Path, person: Person, line: Transport, code: str, cost: Cost | None
) -> Laptop:
    """A new encrypted vault that has joined the register with a code."""
    from storage.vault import Vault
    from sync.client.enrol import enrol

    passphrase = secrets.token_urlsafe(24)
    vault, _sheet = Vault.create(folder, passphrase=passphrase, clock=crew.clock, cost=cost)
    crew.keep_open(vault)
    enrol(vault, line, code, crew.clock, label=folder.name)
    return Laptop(folder.name, person, vault, line)
