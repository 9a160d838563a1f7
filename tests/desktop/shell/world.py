"""A small made-up world in a real practice vault, and a context over it that works on the spot."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from desktop.context import Context, Session
from desktop.settings import Settings
from forms.facts.casework import Action, ChecklistItem, CoachingSession, StageEvent
from forms.facts.people import Enterprise, Leader
from forms.rules.pack import load_pack
from forms.values import Actor, Role, SetClock, derived_id, new_id
from storage.keys import Cost
from storage.vault import Vault

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
QUICK = Cost(memory=8, passes=1)  # of a key that need not be hard to guess
WORDS = "apple bicycle harbour 4817"
COACH = Actor("coach-1", "Coach One", Role.COACH)
PEOPLE = (
    ("Mary's Helping Hands", "Mary Thorne", "Ashwick", "SET_UP", 9),
    ("Pearce Meals", "Joe Pearce", "Holcombe", "IDEA_CHECK", 2),
    ("Ann at Home", "Ann Whitcombe", "Mells", "READY", 11),
    ("Garden Friends", "Dev Patel", "Lyminge", "TRADING", 14),
)


def make_vault(folder, clock, extra=0, **own):
    """A vault with four enterprises, and `extra` more lines; practice, or with its `own` secret."""
    vault, _ = Vault.create(folder, clock=clock, **(own or {"practice": True}))
    with vault.change(by=COACH.id, at=clock.now() - timedelta(days=1)) as unit:
        for number in range(len(PEOPLE)):
            _add_visit(unit, number)  # planned the day before
    with vault.change(by=COACH.id, at=clock.now()) as unit:
        for number, row in enumerate(PEOPLE):
            _add(unit, number, *row)
    for start in range(0, extra, 500):
        with vault.change(by=COACH.id, at=clock.now()) as unit:
            for number in range(start, min(start + 500, extra)):
                unit.add(Enterprise(id=new_id(), name=f"Enterprise {number:05}", place="Hythe"))
    return vault


def _add_visit(unit, number):
    unit.add(
        CoachingSession(
            id=f"was-{number}",
            enterprise_id=f"ent-{number}",
            on=TODAY - timedelta(days=20 * number),
            at=NOW + timedelta(hours=number) if number < 1 else None,
            kind="visit",
            minutes=50,
        )
    )


def _add(unit, number, name, leader, place, stage, done):
    one = f"ent-{number}"
    unit.add(Enterprise(id=one, name=name, coach_id=COACH.id, place=place, phone="01303 000000"))
    unit.add(Leader(id=f"lead-{number}", enterprise_id=one, name=leader))
    unit.add(StageEvent(id=f"stage-{number}", enterprise_id=one, stage=stage, on=date(2026, 10, 1)))
    for item in range(14):
        code = f"C{item + 1:02}"
        unit.add(
            ChecklistItem(
                id=derived_id(one, code),
                enterprise_id=one,
                code=code,
                state="done" if item < done else "to do",
            )
        )
    unit.add(
        Action(
            id=f"mine-{number}",
            enterprise_id=one,
            text=("Send the price list", "Choose a trading name", "Ring about the check", "")[
                number
            ]
            or "Ask for the autumn return",
            due_on=TODAY + timedelta(days=number - 1),
        )
    )
    if number == 2:
        unit.add(
            Action(
                id="theirs-2",
                enterprise_id=one,
                text="Criminal record check",
                owner="other",
                waiting_on="the county",
                start_on=TODAY - timedelta(days=19),
            )
        )


class OnTheSpot:
    """Jobs that run at once, for presenters without a thread."""

    def run(self, work, *, owner, on_done, on_failed, lane=None):
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 -- as the lanes do
            on_failed(error)
        else:
            on_done(result)


class Told:
    """What the window would have said."""

    def __init__(self):
        self.redos, self.settled = [], []
        self.said, self.problems, self.undos, self.errors, self.saves = [], [], [], [], []

    def say(self, words):
        self.said.append(words)

    def note(self, words):
        self.said.append(words)

    def problem(self, words, *, details="", again=None):
        self.problems.append(words)

    def offer_undo(self, words, undo):
        self.undos.append((words, undo))

    def offer_redo(self, words, redo):
        self.redos.append((words, redo))

    def failed(self, error, *, again=None):
        self.errors.append(error)

    def solved(self, again):
        self.settled.append(again)

    def saved(self, at):
        self.saves.append(at)


class Went:
    """Where the screen would have led."""

    def __init__(self):
        self.places = []

    def open_route(self, name, **params):
        self.places.append((name, params))

    def back(self):
        self.places.append(("back", {}))


def make_context(vault, clock=None, *, jobs=None, actor=COACH):
    """A context over a vault; jobs run on the spot unless others are given."""
    return Context(
        clock=clock or SetClock(NOW),
        jobs=jobs or OnTheSpot(),
        tell=Told(),
        goes=Went(),
        settings=Settings(),
        session=Session(vault=vault, actor=actor, pack=load_pack("kent"), practice=True),
    )
