"""A context for tests of screens: jobs run on the spot, what is told and opened is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shiboken6 import delete

from desktop.alive import is_alive
from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.settings import Settings
from desktop.views.form_pages.fields import flush_fields
from forms.rules.pack import load_pack
from forms.values import Actor, Role, SetClock
from tests.desktop.screens.memory import NOON, MemoryVault

COACH = Actor("coach-1", "Sam Reed", Role.COACH)
LEAD = Actor("lead-1", "Priya Shah", Role.LEAD)
QA = Actor("qa-1", "Lee Marsh", Role.QA)
FINANCE = Actor("finance-1", "Ola Bright", Role.FINANCE)


class OnTheSpot:
    """Jobs that run when asked."""

    is_idle = True

    def run(self, work, *, owner, on_done, on_failed, **_lane):
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 -- the same border as the real one
            on_failed(error)
        else:
            on_done(result)

    def through(self, _lane, work):
        return work()


class BusyLane(OnTheSpot):
    """Jobs that are done when the test says so, in their order; or fail by `fault`.

    As in the real lanes nothing is told to a page that is gone.
    """

    is_idle = False

    def __init__(self):
        self.waiting, self.fault = [], None

    def run(self, work, *, owner, on_done, on_failed, **_lane):
        self.waiting.append((work, owner, on_done, on_failed))

    def step(self, place=0):
        """Do what was asked first, or what stands at that place."""
        work, owner, on_done, on_failed = self.waiting.pop(place)
        if self.fault is not None:
            on_failed(self.fault)
            return

        def to_owner(tell, outcome):
            if is_alive(owner):
                tell(outcome)

        done, failed = partial(to_owner, on_done), partial(to_owner, on_failed)
        super().run(work, owner=owner, on_done=done, on_failed=failed)

    def catch_up(self):
        """Do what was asked so far, and what that asks for."""
        while self.waiting:
            self.step()


@dataclass
class Told:
    """What the window was asked to say."""

    said: list[Any] = field(default_factory=list)
    problems: list[Any] = field(default_factory=list)
    undos: list[Any] = field(default_factory=list)
    redos: list[Any] = field(default_factory=list)
    failures: list[Any] = field(default_factory=list)
    agains: list[Any] = field(default_factory=list)  # what "Try again" was given
    settled: list[Any] = field(default_factory=list)

    def say(self, words):
        self.said.append(words)

    def note(self, words):
        self.said.append(words)

    def problem(self, words, *, details="", again=None):
        self.problems.append(words)
        self.agains.append(again)

    def offer_undo(self, words, undo):
        self.undos.append((words, undo))

    def offer_redo(self, words, redo):
        self.redos.append((words, redo))

    def failed(self, error, *, again=None):
        self.failures.append(error)
        self.agains.append(again)

    def solved(self, again):
        self.settled.append(again)

    def saved(self, at):
        pass


@dataclass
class Went:
    """Where a screen wanted to go."""

    routes: list[Any] = field(default_factory=list)
    backs: int = 0

    def open_route(self, name, **params):
        self.routes.append((name, params))

    def back(self):
        self.backs += 1


def context(vault=None, *, actor=COACH, pack=None, moment=NOON) -> Context:
    """A context over a memory vault (or a real one)."""
    pack = pack or load_pack("kent")

    held: Any = vault or MemoryVault()
    session = Session(vault=held, actor=actor, pack=pack)
    return Context(
        clock=SetClock(moment),
        jobs=OnTheSpot(),
        tell=Told(),
        goes=Went(),
        settings=Settings(None),
        session=session,
        broadcast=Broadcast(),
    )


class FakeView:
    """A view that remembers what it was last asked to show."""

    def __init__(self):
        self.last: dict[str, Any] = {}
        self.named: dict[str, dict[str, Any]] = {}
        self.count: dict[str, int] = {}

    def __getattr__(self, name):
        def remember(*args, **named):
            self.last[name] = args[0] if len(args) == 1 else args
            self.named[name] = named
            self.count[name] = self.count.get(name, 0) + 1

        return remember

    def is_in_sight(self):
        return True

    @property
    def saved(self):
        """Key and words of the last field that was saved."""
        return self.last.get("field_saved")

    @property
    def failed(self):
        """Key and words of the last field that was not."""
        return self.last.get("field_failed")


def typed_and_left(field, text):
    field.editor.setText(text)
    field.editor.textEdited.emit(text)
    field.editor.editingFinished.emit()


def lock(page, lane):
    """The page flushes and is gone; then what was asked for is written."""
    flush_fields(page)
    delete(page)
    assert not is_alive(page)
    lane.catch_up()
