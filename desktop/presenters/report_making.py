"""A report becomes files: one process at a time, a counted plan, a plain word of how it ended.

The view's timer calls `tick` while one is made. Refuses to begin a second report meanwhile, and to
take away what was finished before somebody stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop.operations import reports
from desktop.operations.long_work import Progress, in_units
from desktop.operations.reports import KIND_WORDS, KINDS, Choice, Gathered, Rendering
from desktop.presenters import words
from desktop.presenters.saving import words_for

Starter = Callable[..., Rendering]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was asked for, and where its files go."""

    choice: Choice
    folder: Path
    kinds: tuple[str, ...] = KINDS

    def target(self, kind: str) -> Path:
        """Where the file of one kind goes."""
        return self.folder / reports.file_name(self.choice, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished report."""

    words: str  # "Report made, 14 pages"
    files: tuple[Path, ...]


class MakingView(Protocol):
    """What is said while a report is made."""

    def show_step(self, words: str, done: int, of: int) -> None:
        """A step of the work, with a counted plan."""
        ...

    def show_made(self, made: Made) -> None:
        """It is done; stays until the next one is asked for."""
        ...

    def show_stopped(self, words: str) -> None:
        """It was stopped or failed: what happened, what is safe, what to do."""
        ...


class Making:
    """The files of one report."""

    def __init__(self, view: MakingView, start: Starter) -> None:
        self._view = view
        self._start = start
        self._plan: Plan | None = None
        self._gathered: Gathered | None = None
        self._running: Rendering | None = None
        self._left: list[str] = []

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._plan is not None

    @property
    def is_at_work(self) -> bool:
        """Whether a process draws for it."""
        return self._running is not None

    def is_of(self, plan: Plan) -> bool:
        """Whether it is this very plan that is being made, not one that was stopped."""
        return self._plan is plan

    def begin(self, plan: Plan) -> bool:
        """Take the plan; False, with the reason said, when it names no kind of file."""
        if not plan.kinds:
            self._view.show_stopped("Choose at least one kind of file first.")
            return False
        self._plan, self._left, self._gathered = plan, list(plan.kinds), None
        self._view.show_step("Reading the records", 0, len(plan.kinds) + 1)
        return True

    def go_on_with(self, gathered: Gathered) -> None:
        """The facts are here: the first file."""
        self._gathered = gathered
        self._next()

    def say_gathering(self, told: Progress) -> None:
        """How far the facts are, which come before the first file."""
        if self._plan is not None and self._gathered is None and told.words:
            said = in_units(told.words, told.done, told.of)
            self._view.show_step(said, 0, len(self._plan.kinds) + 1)

    def stop(self) -> None:
        """Stop safely: what is finished stays."""
        if self._running is not None:
            self._running.stop()
        plan = self._let_go()
        if plan is not None:
            kept = [each for each in plan.kinds if each not in self._left]
            words_kept = ", ".join(KIND_WORDS[each] for each in kept)
            ending = f" Finished and kept: {words_kept}." if kept else " No file was left behind."
            self._view.show_stopped(f"Stopped.{ending}")

    def tick(self) -> None:
        """Look how the process is doing."""
        if self._running is None or self._plan is None:
            return
        running = self._running
        self._step(running.step.words)
        if not running.is_over:
            return
        self._running = None
        if running.fault is not None:
            self.fail(words_for(running.fault))
            return
        self._left.pop(0)
        self._next()

    def fail(self, said: str) -> None:
        """It goes no further, and says why."""
        self._let_go()
        self._view.show_stopped(said)

    def _let_go(self) -> Plan | None:
        """It is over: the facts of a whole programme stay in no memory. Gives what it was."""
        plan, self._plan, self._running, self._gathered = self._plan, None, None, None
        return plan

    def _next(self) -> None:
        plan = self._plan
        if plan is None or self._gathered is None:
            return
        if not self._left:
            self._finish(plan)
            return
        kind = self._left[0]
        self._step("starting")
        try:
            plan.folder.mkdir(parents=True, exist_ok=True)
            self._running = self._start(self._gathered, kind, plan.target(kind))
        except OSError:
            self.fail(
                f"Nothing can be written to {plan.folder.name}. Choose another folder. "
                "Your records are safe."
            )

    def _step(self, said: str) -> None:
        if self._plan is None:
            return
        kind = KIND_WORDS[self._left[0]]
        done = len(self._plan.kinds) - len(self._left) + 1
        self._view.show_step(f"{kind}: {said}", done, len(self._plan.kinds) + 1)

    def _finish(self, plan: Plan) -> None:
        self._let_go()
        files = tuple(plan.target(kind) for kind in plan.kinds)
        said = "Report made"
        if "pdf" in plan.kinds:
            said += f", {words.counted(reports.count_pages(plan.target('pdf')), 'page')}"
        self._view.show_made(Made(words=said, files=files))
