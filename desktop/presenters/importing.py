"""Bringing enquiries in from a file: look first, then add all in one go, then "Undo this import".

Nothing is written before the person has seen what would happen to every row. Refuses while the data
protection assessment is not signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import importing
from desktop.operations.errors import FileRefused
from desktop.operations.importing import Judged, Row
from desktop.operations.writing import Written
from desktop.presenters import words
from desktop.presenters.tries import Tries
from desktop.presenters.undo import take_back
from forms.facts.people import Dpia
from forms.rules.gate import may_record

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.context import Context

ADD, READ = "add", "read"
COLUMNS = "Name, Phone, Email, District, Village, Channel, Idea, Date, Privacy notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLine:
    """One row of the file in words."""

    id: str
    number: str
    who: str
    happens: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPicture:
    """What would happen."""

    file: str
    says: str
    columns: str
    rows: tuple[RowLine, ...]
    count: int  # how many would be added


class ImportView(Protocol):
    """What the presenter asks of the page."""

    def show_wait(self, words: str) -> None:
        """The file is being read."""
        ...

    def show_plan(self, picture: ImportPicture) -> None:
        """What would happen."""
        ...

    def show_added(self, words: str, *, may_undo: bool) -> None:
        """It is done; stays until the next."""
        ...

    def show_problem(self, words: str) -> None:
        """Why it is not."""
        ...

    def show_not_added(self, words: str) -> None:
        """Why nothing was added; what would happen stays in sight."""
        ...


class ImportPresenter:
    """Reads, shows, adds, takes back."""

    def __init__(self, context: Context, view: ImportView) -> None:
        self._context, self._view = context, view
        self._tries = Tries(context, view)
        self._judged: Judged | None = None
        self._file = ""
        self._step = 0

    def read(self, path: Path) -> None:
        """Look at a file; nothing is written."""
        self._judged, self._file, self._step = None, path.name, 0
        self._view.show_wait(f"Reading {path.name}")
        pack, today = self._context.pack, self._context.today

        def work(vault: Any) -> Judged:
            gate = may_record(vault.reader.all(Dpia), "enquiry", today)
            if gate.blocks:
                raise FileRefused(words.say_days(gate.because))
            rows = importing.read_table(path)
            return importing.judge(rows, importing.known_enquiries(vault.reader), pack, today)

        self._tries.settled(ADD)  # another file is wanted now
        self._context.with_vault(
            work,
            owner=self._view,
            on_done=self._planned,
            on_failed=partial(self._not_read, path),
        )

    def add(self) -> None:
        """Add every good row in one commit."""
        if self._judged is None or not self._judged.good:
            return
        rows = self._judged.good
        self._tries.write(
            ADD,
            partial(importing.add_all, rows=rows, gate_open=True),
            on_done=self._added,
            says=self._view.show_not_added,
            name=f"{words.counted(len(rows), 'enquiry', 'enquiries')} brought in",
        )

    def undo(self) -> None:
        """Take this import back."""
        if self._step:
            take_back(self._context, self._step)
            self._step = 0
            self._view.show_added("The import was taken back.", may_undo=False)

    def _planned(self, judged: Judged) -> None:
        self._tries.settled(READ)
        self._judged = judged
        good = len(judged.good)
        left = len(judged.rows) - good
        said = f"{words.counted(good, 'enquiry', 'enquiries')} would be added"
        said += f", {words.counted(left, 'row')} left out." if left else ". Nothing is left out."
        used = f"Columns used: {', '.join(judged.columns)}."
        if judged.ignored:
            used += f" Not used: {', '.join(judged.ignored)}."
        self._view.show_plan(
            ImportPicture(
                file=self._file,
                says=said,
                columns=used,
                rows=tuple(_line(row) for row in judged.rows),
                count=good,
            )
        )

    def _added(self, written: Written[int]) -> None:
        self._judged = None
        said = f"{words.counted(written.result, 'enquiry', 'enquiries')} from {self._file} are in."
        self._context.with_vault(
            lambda vault: vault.steps.to_undo(""),
            owner=self._view,
            on_done=partial(self._may_undo, said),
        )

    def _may_undo(self, said: str, step: Any) -> None:
        self._step = step.n if step is not None else 0
        self._view.show_added(said, may_undo=bool(self._step))

    def _not_read(self, path: Path, error: Exception) -> None:
        again = partial(self.read, path)
        self._view.show_problem(self._tries.failed(READ, error, again))


def _line(row: Row) -> RowLine:
    who = ", ".join(part for part in (row.who.leader, row.who.place, row.who.phone) if part)
    if row.problem:
        happens, look = f"Left out: {row.problem}", "warn"
    else:
        happens, look = f"Will be added. {row.note}".strip(), "info" if row.note else "done"
    return RowLine(
        id=str(row.number),
        number=str(row.number),
        who=who or "Nobody named",
        happens=happens,
        look=look,
    )
