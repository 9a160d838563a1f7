"""Case files become one list of dated steps, in the order in which they happened.

A case is told in tables (enquiry, enterprise, claim, return ...) and in extra `[[step]]`s.
Refuses to know what a step does: that is `actions.py` and the modules it names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from importlib import resources
from typing import Any

from desktop.journey.errors import CaseError

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the programme, and the laptops that are theirs."""

    id: str
    name: str
    role: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Who works in the programme, which pack it uses, when the DPIA was signed."""

    pack: str
    report_on: date
    people: tuple[Person, ...]
    dpia: Table
    evidence: Mapping[str, Table]  # checklist code -> what a coach is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as its file tells it."""

    code: str
    title: str
    story: str
    tables: Table

    def many(self, name: str) -> list[Table]:
        """The tables of a list such as claim or return; none is an empty list."""
        return list(self.tables.get(name, []))

    def enterprise(self, key: str) -> Table:
        """The enterprise with this key. Raises CaseError."""
        for table in self.many("enterprise"):
            if table["key"] == key:
                return table
        raise CaseError(f"{self.code}: no enterprise is called {key}.")

    def claim(self, key: str) -> Table:
        """The claim with this key. Raises CaseError."""
        for table in self.many("claim"):
            if table["key"] == key:
                return table
        raise CaseError(f"{self.code}: no claim is called {key}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that one person does on one laptop at one moment."""

    on: date
    at: time
    case: Case
    device: str
    do: str
    tell: str = ""
    data: Table = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When it happened, London time without a zone: only for putting steps in order."""
        return datetime.combine(self.on, self.at)

    def of(self, name: str) -> Any:
        """A value that the step cannot do without. Raises CaseError."""
        if name not in self.data:
            raise CaseError(f"{self.case.code}, {self.on}, {self.do}: {name} is missing.")
        return self.data[name]


def case_codes() -> list[str]:
    """The codes of the cases that ship, in order."""
    folder = resources.files("desktop.journey") / "cases"
    names = sorted(entry.name for entry in folder.iterdir())
    return [name.removesuffix(".toml") for name in names if name.startswith("K")]


def load_programme() -> Programme:
    """The programme and its people."""
    told = _read("programme")
    people = tuple(
        Person(id=p["id"], name=p["name"], role=p["role"], devices=tuple(p["devices"]))
        for p in told["person"]
    )
    return Programme(
        pack=told["pack"],
        report_on=told["report_on"],
        people=people,
        dpia=told["dpia"],
        evidence=_read("evidence"),
    )


def load_case(code: str) -> Case:
    """One case. Raises CaseError when there is none of that code."""
    told = _read(code)
    return Case(code=told["code"], title=told["title"], story=told["story"], tables=told)


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Steps by moment; steps of one moment stay as their case tells them."""
    return sorted(steps, key=lambda step: step.moment)


def _read(name: str) -> dict[str, Any]:
    source = resources.files("desktop.journey") / "cases" / f"{name}.toml"
    if not source.is_file():
        raise CaseError(f"There is no case called {name}.")
    with source.open("rb") as stream:
        return tomllib.load(stream)
