"""Enquiries from a spreadsheet or CSV: read apart, judged row by row, added in one commit.

`read_table` and `judge` change nothing: they say what would happen. `add_all` does it, as one step
that undo takes back. Refuses to guess: a column it does not know is named and left out, a row that
cannot be is left out with its reason.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from desktop.operations import casework
from desktop.operations.casework import Newcomer
from desktop.operations.errors import FileRefused
from desktop.operations.table_worker import MOST_BYTES
from desktop.operations.writing import Writing
from forms.facts.people import Enquiry
from forms.rules.pack import Pack

WORKER = (sys.executable, "-m", "desktop.operations.table_worker")
SECONDS = 40
NAMES = {  # a column's heading, in small letters -> the field
    "name": "leader", "full name": "leader", "leader": "leader", "contact": "leader",
    "business": "name", "business name": "name", "trading name": "name", "enterprise": "name",
    "phone": "phone", "telephone": "phone", "mobile": "phone", "tel": "phone",
    "email": "email", "e-mail": "email", "email address": "email",
    "district": "district", "area": "district", "council": "district",
    "village": "place", "town": "place", "place": "place", "village or town": "place",
    "channel": "channel", "how they got in touch": "channel", "source": "channel",
    "idea": "idea", "notes": "idea", "what they want to do": "idea",
    "date": "on", "date of enquiry": "on", "enquiry date": "on", "created": "on",
    "privacy notice": "notice", "notice given": "notice",
}  # fmt: skip
_YES = {"yes", "y", "true", "1", "given"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the file, and what will become of it."""

    number: int  # as a spreadsheet counts it
    who: Newcomer
    problem: str  # why it is left out, "" when it is added
    note: str  # what could not be read of it, "" when all was


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an import would do."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...]  # headings that are used
    ignored: tuple[str, ...]  # headings that mean nothing here

    @property
    def good(self) -> tuple[Row, ...]:
        """The rows that will be added."""
        return tuple(row for row in self.rows if not row.problem)


def read_table(path: Path) -> list[list[str]]:
    """The rows of a file, read in a process of its own. Raises FileRefused in words."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b"x" * (MOST_BYTES + 1)
    except OSError as error:
        raise FileRefused("This file cannot be opened. Nothing was added.") from error
    root = str(Path(__file__).resolve().parents[2])
    rest = os.environ.get("PYTHONPATH", "")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in (root, rest) if p)}
    try:
        done = subprocess.run(  # noqa: S603  our own module, no shell, no arguments
            list(WORKER),
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=env,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise FileRefused(
            "This file could not be read. Nothing was added. Save it as CSV and try again."
        ) from error
    if "refused" in answer:
        raise FileRefused(f"{answer['refused']} Nothing was added.")
    rows: list[list[str]] = answer["rows"]
    return rows


def judge(
    rows: Sequence[Sequence[str]], known: Sequence[Enquiry], pack: Pack, today: date
) -> Judged:
    """What would become of each row. Raises FileRefused when no column is known."""
    if not rows:
        raise FileRefused("This file has no rows. Nothing was added.")
    head = [" ".join(cell.casefold().split()) for cell in rows[0]]
    fields = [NAMES.get(each, "") for each in head]
    if "leader" not in fields:
        raise FileRefused(
            "No column is called “Name”, so nobody could be added. Name the columns in the first "
            "row: Name, Phone, Email, District, Village, Channel, Idea, Date."
        )
    judge_row = _Judge(known, pack, today)
    made = []
    for number, row in enumerate(rows[1:], start=2):
        values: dict[str, str] = {}
        for field, cell in zip(fields, row, strict=False):
            if field and cell and field not in values:
                values[field] = cell
        if values:
            made.append(judge_row(number, values))
    return Judged(
        rows=tuple(made),
        columns=tuple(c for c, f in zip(rows[0], fields, strict=True) if f),
        ignored=tuple(c for c, f in zip(rows[0], fields, strict=True) if c and not f),
    )


class _Judge:
    """Looks at one row after another, and remembers those before."""

    def __init__(self, known: Sequence[Enquiry], pack: Pack, today: date) -> None:
        self._today = today
        self._districts = {p.name.casefold(): p.code for p in pack.places}
        self._districts |= {p.code.casefold(): p.code for p in pack.places}
        self._channels = {c.label.casefold(): c.code for c in pack.channels}
        self._channels |= {c.code.casefold(): c.code for c in pack.channels}
        self._here = {key for e in known for key in _keys(e.name, e.phone, e.email)}

    def __call__(self, number: int, values: dict[str, str]) -> Row:
        notes: list[str] = []
        on = self._day(values.get("on", ""), notes)
        who = Newcomer(
            leader=values.get("leader", ""),
            name=values.get("name", ""),
            phone=values.get("phone", ""),
            email=values.get("email", ""),
            district=self._coded(values.get("district", ""), self._districts, "District", notes),
            place=values.get("place", ""),
            channel=self._coded(values.get("channel", ""), self._channels, "Channel", notes),
            idea=values.get("idea", ""),
            notice_given=values.get("notice", "").casefold() in _YES,
            rang_on=on,
        )
        problem = self._problem(who)
        if not problem:
            self._here |= _keys(who.leader, who.phone, who.email)
        return Row(number=number, who=who, problem=problem, note=" ".join(notes))

    def _problem(self, who: Newcomer) -> str:
        if not who.leader:
            return "No name."
        if not (who.phone or who.email):
            return "No phone and no email: nobody could be reached."
        if who.rang_on is not None and who.rang_on > self._today:
            return "The day has not come yet."
        if self._here & _keys(who.leader, who.phone, who.email):
            return "Is here already, or twice in the file."
        return ""

    def _coded(self, text: str, codes: dict[str, str], what: str, notes: list[str]) -> str:
        code = codes.get(text.casefold(), "")
        if text and not code:
            notes.append(f"{what} “{text}” is not known and is left empty.")
        return code

    def _day(self, text: str, notes: list[str]) -> date | None:
        if not text:
            return None
        found = _written_day(text)
        if found is None:
            notes.append(f"“{text}” is not a day: today is taken.")
        return found


def _written_day(text: str) -> date | None:
    """A day as spreadsheets write it: 2022-10-03, or 3/10/2022 with the day first."""
    parts = [part for part in re.split(r"[/. -]", text.strip()[:10]) if part]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    first, month, last = (int(part) for part in parts)
    year, day = (first, last) if len(parts[0]) == 4 else (last, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _keys(name: str, phone: str, email: str) -> set[str]:
    """What two records of one person share: the name with a number, or with an address."""
    who = " ".join(name.casefold().split())
    digits = "".join(c for c in phone if c.isdigit())[-9:]
    found = {f"{who}/{digits}"} if digits else set()
    return found | ({f"{who}/{email.strip().casefold()}"} if email.strip() else set())


def add_all(writing: Writing, rows: Sequence[Row], *, gate_open: bool) -> int:
    """Take all of them on, in this one commit; how many."""
    for row in rows:
        casework.new_enterprise(writing, row.who, gate_open=gate_open)
    return len(rows)


def known_enquiries(reader: Any) -> list[Enquiry]:
    """Whom the records hold already."""
    return list(reader.all(Enquiry))
