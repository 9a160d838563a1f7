"""Laptops on the screen, with a real register: the list, one in full, closing it in two steps."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.context import Session
from desktop.navigation import route
from desktop.presenters.devices import PRACTICE
from desktop.views.form_pages.table import RowsTable
from desktop.views.screens import SCREENS
from forms.values import Actor
from sync.client import transport
from sync.errors import DeviceRevoked, Unreachable
from tests.desktop.screens.cut_line import line_to
from tests.desktop.screens.desk import context
from tests.desktop.screens.test_screens import named, said
from tests.sync.test_photos import photo
from tests.sync.vaults import world_of_vaults
from tests.sync.world import PEOPLE, enterprise, leader


@pytest.fixture
def world(tmp_path):
    with world_of_vaults(tmp_path) as made:
        yield made


@pytest.fixture
def line(world, monkeypatch):
    """The line of the laptop on the desk; set `trouble` to cut it."""

    return line_to(world, monkeypatch, transport)


@pytest.fixture
def desk(world, line, qtbot):
    """The screen for one person, on their own laptop."""

    def sit_down(who):
        laptop = world.laptop(who)
        world.round(laptop)
        here = context(laptop.vault)
        here.clock = world.clock
        name, role = PEOPLE[who]
        here.session = Session(
            vault=laptop.vault,
            actor=Actor(who, name, role),
            pack=here.session.pack,
            register_name="Kent County Council",
        )
        screen = SCREENS["devices"].make(here, route("devices"))
        qtbot.addWidget(screen)
        screen.resize(920, 800)
        screen.show()
        screen.arrive()
        return screen

    return sit_down


@pytest.fixture
def ann(world):
    """Ann's laptop: a case that was sent, and a change that was not taken."""
    ann, ben = world.laptop("ann"), world.laptop("ben")
    case = ann.add(enterprise())
    ann.add(leader(case))
    theirs = ben.add(enterprise("ben", name="Marsh Meals"))
    ben.add(leader(theirs, name="Joe Reed"))
    world.settle_down()
    world.system("enterprise", case.id, {"coach_id": "ben"})
    world.later(days=40)
    ann.set(case.id, phone="01303 9")
    world.round(ann)
    return ann


def press(qtbot, screen, words):
    qtbot.mouseClick(named(screen, QPushButton, words), Qt.MouseButton.LeftButton)


def choose(screen, whose):
    table = screen.findChild(RowsTable)
    (line,) = [one for one in table.rows if one.whose == whose]
    table.choose(line.id)
    return line


def test_a_lead_sees_every_laptop_and_why_something_was_not_taken(world, ann, desk):
    screen = desk("lee")
    assert "3 laptops." in said(screen)
    line = choose(screen, "Ann Marsh")
    assert line.heard == "today 10:00"
    words = said(screen)
    assert "Sent 3 changes, the last today 10:00." in words
    assert "1 change kept apart until somebody has looked." in words
    assert "What is written on it and was never sent, nobody can see from here." in words
    assert line.waits == "not known"
    assert "Kept apart, today 10:00: Enterprise, Mary Fenn." in words
    assert "This case is with another coach now." in words


def test_a_lead_sees_how_much_waits_on_a_laptop_and_as_of_when(world, ann, desk):
    case = ann.add(enterprise())
    photo(ann, case, b"One.")
    photo(ann, case, b"Two.")
    world.later(days=3)
    world.round(ann, with_files=False)
    screen = desk("lee")
    assert choose(screen, "Ann Marsh").waits == "2, oldest 10 Apr 2022"
    words = said(screen)
    assert "2 changes and files, the oldest from 10 Apr 2022, waited on it to be sent" in words
    assert "as of its last contact today 10:00" in words
    world.round(ann)
    world.round(ann)
    screen = desk("lee")
    assert choose(screen, "Ann Marsh").waits == "nothing"


def test_closing_takes_two_presses_and_the_laptop_is_told(world, ann, desk, qtbot):
    screen = desk("lee")
    choose(screen, "Ann Marsh")
    press(qtbot, screen, "Close as lost…")
    assert "Close it as lost?" in said(screen)
    assert "Ann Marsh: ann. From its next try on" in said(screen)
    press(qtbot, screen, "Leave it open")
    assert "Close it as lost?" not in said(screen)
    world.round(ann)  # still open
    press(qtbot, screen, "Close as lost…")
    press(qtbot, screen, "Close it")
    assert "3 laptops, 1 of them closed." in said(screen)
    assert choose(screen, "Ann Marsh").state == "Closed today 10:00"
    assert not named(screen, QPushButton, "Close as lost…").isVisibleTo(screen)
    with pytest.raises(DeviceRevoked):
        world.round(ann)


def test_this_very_laptop_cannot_be_closed_from_itself(world, ann, desk):
    screen = desk("lee")
    line = choose(screen, "You")
    assert line.label.endswith("(this one)")
    assert not named(screen, QPushButton, "Close as lost…").isVisibleTo(screen)


def test_a_coach_sees_their_own_and_may_close_a_lost_one(world, ann, desk, qtbot):
    world.laptop("ann", "old")
    screen = desk("ann")
    table = screen.findChild(RowsTable)
    assert {one.whose for one in table.rows} == {"You"}
    (old,) = [one for one in table.rows if not one.is_this]
    table.choose(old.id)
    press(qtbot, screen, "Close as retired…")
    press(qtbot, screen, "Close it")
    assert "2 laptops, 1 of them closed." in said(screen)


def test_without_a_line_it_says_so_and_asks_again(world, ann, desk, line, qtbot):
    line.trouble = Unreachable()
    screen = desk("lee")
    assert "3 laptops" not in said(screen)
    assert str(Unreachable()) in said(screen)
    line.trouble = None
    press(qtbot, screen, "Ask again")
    assert "3 laptops." in said(screen)


def test_the_laptop_before_is_never_closed_for_one_that_was_not_answered(
    world, ann, desk, line, qtbot
):
    screen = desk("lee")
    choose(screen, "Ann Marsh")
    press(qtbot, screen, "Close as lost…")
    line.trouble = Unreachable()
    ben = choose(screen, "Ben Hurst")
    assert "Sent 3 changes" not in said(screen)  # Ann's
    assert "Close it as lost?" not in said(screen)
    for words in ("Close as lost…", "Close as retired…", "Close it"):
        assert not named(screen, QPushButton, words).isVisibleTo(screen)
    screen._presenter.close("lost")
    screen._presenter.close_now()
    line.trouble = None
    press(qtbot, screen, "Ask again")
    assert "3 laptops." in said(screen)  # none of them closed
    assert f"{ben.whose}: {ben.label}" in said(screen)
    press(qtbot, screen, "Close as retired…")
    assert f"{ben.whose}: {ben.label}. It gets nothing any more" in said(screen)


def test_practice_records_know_of_no_laptops(qtbot):
    here = context()
    here.session = Session(
        vault=here.session.vault, actor=here.actor, pack=here.session.pack, practice=True
    )
    screen = SCREENS["devices"].make(here, route("devices"))
    qtbot.addWidget(screen)
    screen.show()
    assert PRACTICE in said(screen)
