"""Screens opened over a vault that is new, refuses to be read, or has not answered yet."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QApplication, QLabel, QTableView

from desktop.devtools.shots import TABS
from desktop.navigation import route
from desktop.views.screens import SCREENS
from tests.desktop.shell.world import Told, make_context

RECORDS = ("enterprise", "move_stage", "entity_guide", "claim", "figure", "privacy_person")
LISTS = (
    "today", "caseload", "claims", "impact", "directory", "market_gaps", "things_to_check",
    "ledger", "recent_changes", "handovers", "privacy", "quick_note",
)  # fmt: skip
# the rest, and why: without records, or about the making of one; they have tests of their own
ELSEWHERE = (
    "settings", "keys", "help", "ways_in", "carry", "devices", "sent_and_safe", "reports",
    "forms", "form", "new_enterprise", "import_enquiries", "share_screen",
)  # fmt: skip
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


def refusing(error, *, jobs=None):
    """A context whose records cannot be read."""
    made = make_context(Bad(error), jobs=jobs)
    made.tell = Heard()
    return made


def every_place():
    """(name, parameters) of the coach's and the lead's screens and every tab of a record."""
    for name in (*LISTS, *RECORDS):
        known = {"id": "I-06" if name == "figure" else "ent-1"}
        yield name, known if SCREENS[name].needs else {}
    for tab in TABS:
        yield "enterprise", {"id": "ent-1", "tab": tab}


def opened(qtbot, context, name, params):
    """The screen, as it is when it has just come to the front."""
    screen = SCREENS[name].make(context, route(name, **params))
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
