"""What is promised at the table: by a day at home, brought later, or found out by the coach.

A day that is half typed is a draft beside the records until it is kept or put away. Refuses a
promise without a day, a day gone by, and the same promise twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import together
from desktop.presenters import words
from desktop.presenters.together_picture import home_days, long_day, to_bring
from desktop.presenters.typed_when import day_rule

if TYPE_CHECKING:
    from desktop.presenters.together import AtTable, TogetherPresenter
    from desktop.presenters.together_picture import Step

HOME = "home"
FIND_OUT_DAYS = 7
FINDS_OUT = "Your coach will find out."
STILL_TO_COME = "Choose a day that is still to come."


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A promise that is being made: for which step, and the day as far as it was said."""

    step: str  # its key
    bring: bool = False
    day: str = ""  # an offered day, 2026-11-28; "" while another is typed
    typed: str = ""

    def to_text(self) -> str:
        """As it is kept in a draft."""
        return json.dumps(asdict(self))


def half_from(text: str) -> Half | None:
    """A promise that was half made; None when there is none, or it cannot be read."""
    try:
        kept: Any = json.loads(text) if text else None
        if not isinstance(kept, dict):
            return None
        return Half(
            step=str(kept["step"]),
            bring=bool(kept["bring"]),
            day=str(kept["day"]),
            typed=str(kept["typed"]),
        )
    except (KeyError, ValueError):
        return None  # a draft of another version


class SaysHow(Protocol):
    """A view that says how it went."""

    def say_saved(self, words: str) -> None:
        """It is on disk."""
        ...

    def say_problem(self, words: str) -> None:
        """It is not; what to do."""
        ...


class PromisesView(SaysHow, Protocol):
    """What the presenter asks of the window."""

    def show_home(
        self, text: str, days: tuple[tuple[str, str], ...], half: Half, *, again: bool
    ) -> None:
        """When will it be done at home, or brought? `again`: it was begun before."""
        ...


class TogetherPromises:
    """Makes promises and takes them back, for the question that is open."""

    def __init__(self, table: AtTable, view: PromisesView, go: TogetherPresenter) -> None:
        self._table, self._view, self._go = table, view, go
        self._half: Half | None = None

    def take_up(self, kept: str) -> None:
        """What was half promised before the power went."""
        self._half = half_from(kept)

    def ask(self, *, bring: bool = False) -> None:
        """Ask by when it will be done at home, or brought."""
        step = self._go.step
        if step is None:
            return
        half = self._half
        begun = half is not None and (half.step, half.bring) == (step.key, bring)
        if half is None or not begun:
            half = self._half = Half(step=step.key, bring=bring)
        days = home_days(self._table.today)
        self._view.show_home(_said(step, bring=bring), days, half, again=begun)

    def ask_again(self) -> bool:
        """Go on where a promise was half made; whether there is one for the open question."""
        half, step = self._half, self._go.step
        if half is None or step is None or step.key != half.step:
            return False
        self.ask(bring=half.bring)
        return True

    def keep_half(self, code: str, typed: str) -> None:
        """The day as far as it is typed, on this laptop only."""
        if self._half is not None:
            self._half = replace(self._half, day=code, typed=typed)
            self._table.keep_draft(HOME, self._half.to_text())

    def put_away(self) -> None:
        """No promise is made now."""
        if self._half is not None:
            self._half = None
            self._table.drop_draft(HOME)

    def take_home(self, code: str, typed: str) -> None:
        """Promise it for a day: one that was offered, or one that was typed."""
        step, today = self._go.step, self._table.today
        if step is None:
            return
        try:
            due_on = date.fromisoformat(code) if code else day_rule(today, ahead=True).day(typed)
        except words.NotThat as error:
            self._view.say_problem(str(error))
            return
        if due_on is None or due_on < today:
            self._view.say_problem(STILL_TO_COME)
            return
        said = _said(step, bring=self._half is not None and self._half.bring)
        self._write(partial(_take_home, self._table.enterprise_id, said, due_on), self._taken_home)

    def take_back(self, promise_id: str) -> None:
        """A promise that is not wanted any more."""
        self._write(partial(_take_back, promise_id), lambda _result: self._go.load())

    def not_sure(self) -> None:
        """The coach finds out."""
        step = self._go.step
        if step is None:
            return
        due_on = self._table.today + timedelta(days=FIND_OUT_DAYS)
        text = f"Find out for {self._table.first_name or 'them'}: {step.title}"
        said = f"Find out about: {step.title}, by {long_day(due_on)}"
        if said in self._table.sitting.coach_does:  # pressed twice: promised once
            self._view.say_saved(FINDS_OUT)
            return
        operation = partial(_coach_does, self._table.enterprise_id, text, due_on)
        self._write(operation, partial(self._promised, said))

    def _write(self, operation: Any, then: Any) -> None:
        self._table.write_and_say(operation, self._view, then)

    def _taken_home(self, _result: object) -> None:
        self.put_away()
        self._go.load()
        self._go.go_on()

    def _promised(self, said: str, _result: object) -> None:
        self._table.sitting.promise(said)
        self._table.keep_sitting()
        self._view.say_saved(FINDS_OUT)


def _said(step: Step, *, bring: bool) -> str:
    return to_bring(step.title) if bring and step.shows else step.title


def _coach_does(enterprise_id: str, text: str, due_on: date, writing: Any) -> str:
    return together.coach_does(writing, enterprise_id, text=text, due_on=due_on)


def _take_home(enterprise_id: str, text: str, due_on: date, writing: Any) -> str:
    return together.take_home(writing, enterprise_id, text=text, due_on=due_on)


def _take_back(promise_id: str, writing: Any) -> None:
    together.take_back(writing, promise_id)
