"""Screens opened over a vault that is new, refuses to be read, or has not answered yet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QTableView

from desktop.devtools.shots import TABS
from desktop.navigation import route
from desktop.views.screens import SCREENS
from sync.errors import Unreachable
from tests.desktop.shell.world import OnTheSpot, Told, make_context

# What a new vault shows: words of there being none and a next step; or a page that is whole without
# any record (a form, a choice, words to read); or a page about one record, never open over none.
LIST, WHOLE, ONE = "list", "whole", "one"
ENT = (("id", "ent-1"),)


@dataclass(frozen=True, slots=True)
class Place:
    """One screen, and what its states mean where they differ from the usual ones."""

    name: str
    params: tuple[tuple[str, str], ...] = ()
    new: str = LIST  # what a new vault shows
    reads: bool = True  # False: it shows nothing out of the records, so nothing can fail
    joined: bool = False  # looked at as a laptop that has joined a council
    looks_late: bool = False  # reads nothing before somebody asks it to
    far: bool = False  # asks the register: with no line it says so, with "Ask again"

    @property
    def label(self) -> str:
        """Its name in the list of tests."""
        return "/".join((self.name, *(value for _, value in self.params)))


def _table():
    lists = (
        "today", "caseload", "claims", "impact", "directory", "market_gaps", "things_to_check",
        "ledger", "recent_changes", "handovers", "privacy", "quick_note", "reports",
    )  # fmt: skip
    yield from map(Place, lists)
    # "Nothing waits to be sent" and "No copy yet" are its words of none; its step: Check my data
    yield Place("sent_and_safe", joined=True)
    # none of its own: the programme's forms are there from the first day
    yield Place("forms", new=WHOLE)
    # a page of choices: the two that look into the vault show nothing before they have looked
    yield Place("settings", new=WHOLE, joined=True)
    yield Place("ways_in", new=WHOLE, joined=True)
    yield Place("new_enterprise", new=WHOLE)
    # "0 changes" is a fact it has looked up; a laptop that never joined says so and what to do
    yield Place("carry", new=WHOLE, joined=True)
    # what it shows is the register's: "none" is not an answer it can have
    yield Place("devices", new=WHOLE, joined=True, far=True)
    # shows the columns it knows; the records are asked when a file is chosen
    yield Place("import_enquiries", new=WHOLE, looks_late=True)
    # words and keys of the program itself
    yield Place("keys", new=WHOLE, reads=False)
    yield Place("help", new=WHOLE, reads=False)
    for name in ("enterprise", "move_stage", "entity_guide", "claim", "privacy_person"):
        yield Place(name, ENT, new=ONE)
    yield Place("share_screen", ENT, new=ONE)
    # no enterprises at all: says so, and where they are added
    yield Place("item_everybody", (("id", "C07"),), new=LIST)
    yield Place("figure", (("id", "I-06"),), new=ONE)
    yield Place("form", (("id", "newcomer"), ("enterprise", "ent-1")), new=ONE)
    for tab in TABS:
        yield Place("enterprise", (*ENT, ("tab", tab)), new=ONE)


PLACES = tuple(_table())
# "there is none": no screen may say so before somebody has looked
NOTHING = re.compile(
    r"^(No(?! names:)|None|Nothing|Nobody|0) |^(Nothing|None)\.|not collected yet", re.IGNORECASE
)


class Bad:
    """Whatever is asked of it, it fails in the same way."""

    def __init__(self, error):
        self._error = error

    def __getattr__(self, _name):
        return Bad(self._error)

    def __call__(self, *_args, **_named):
        raise self._error


class Never:
    """Jobs that have not come back yet."""

    def run(self, work, *, owner, on_done, on_failed, lane=None):
        del work, owner, on_done, on_failed, lane


class Heard(Told):
    """Also what "Try again" would do."""

    def __init__(self):
        super().__init__()
        self.agains = []

    def failed(self, error, *, again=None):
        super().failed(error, again=again)
        self.agains.append(again)


class Spot(OnTheSpot):
    """Every lane is here, also the one beside the vault's."""

    def through(self, _lane, work):
        return work()


class NoLine(Spot):
    """The vault answers; the council's register is out of reach."""

    def run(self, work, *, owner, on_done, on_failed, lane=None):
        if lane == "network":
            on_failed(Unreachable())
        else:
            super().run(work, owner=owner, on_done=on_done, on_failed=on_failed, lane=lane)


class Waits:
    """Rounds that found no line."""

    is_running = False
    last_trouble = str(Unreachable())
    needs_code = False

    def run_now(self):
        """There is no line now either."""


def refusing(error, *, jobs=None, joined=False):
    """A context whose records cannot be read."""
    return over(Bad(error), jobs=jobs, joined=joined)


def over(vault, *, jobs=None, joined=False):
    """A context that hears what the window is told; `joined`: no practice records."""
    made = make_context(vault, jobs=jobs or Spot())
    made.tell = Heard()
    if joined:
        made.session.practice = False
        made.session.register_name = "Kent County Council"
    return made


def opened(qtbot, context, place):
    """The screen, as it is when it has just come to the front."""
    screen = SCREENS[place.name].make(context, route(place.name, **dict(place.params)))
    qtbot.addWidget(screen)
    screen.resize(1000, 640)
    screen.show()
    screen.arrive()
    QApplication.processEvents()  # parts that came late are shown by the layout
    return screen


def said(screen):
    """The words that are in sight, or would be after scrolling."""
    return [
        each.text()
        for each in screen.findChildren(QLabel)
        if each.isVisibleTo(screen) and each.text().strip()
    ]


def held(screen):
    """The words in sight, and what there is to choose from."""
    boxes = screen.findChildren(QComboBox)
    return said(screen), [each.itemText(n) for each in boxes for n in range(each.count())]


def says_nothing(screen):
    """What the screen says about there being none."""
    return [words for words in said(screen) if NOTHING.search(words)]


def bare_tables(screen):
    """Names of tables in sight that have no rows."""
    return [
        each.accessibleName()
        for each in screen.findChildren(QTableView)
        if each.isVisibleTo(screen) and not each.model().rowCount()
    ]


def steps(screen):
    """What can be pressed."""
    return [b for b in screen.findChildren(QPushButton) if b.isVisibleTo(screen) and b.isEnabled()]
