"""Cases on offer, on the screen, with real vaults and a real register."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.context import Session
from desktop.navigation import route
from desktop.views.kit.fields import ChoiceField
from desktop.views.screens import SCREENS
from forms.facts.people import Enterprise
from forms.values import Actor
from tests.desktop.screens.desk import context
from tests.desktop.screens.test_screens import named, said
from tests.sync.vaults import world_of_vaults
from tests.sync.world import PEOPLE, enterprise, leader


@pytest.fixture
def world(tmp_path):
    with world_of_vaults(tmp_path) as made:
        yield made


@pytest.fixture
def desk(world, qtbot):
    """A screen for one person, on their own laptop."""

    def sit_down(who, name="handovers", **params):
        laptop = world.laptop(who)
        world.round(laptop)
        here = context(laptop.vault)
        here.clock = world.clock
        full, role = PEOPLE[who]
        here.session = Session(
            vault=laptop.vault,
            actor=Actor(who, full, role),
            pack=here.session.pack,
            register_name="Kent County Council",
        )
        screen = SCREENS[name].make(here, route(name, **params))
        qtbot.addWidget(screen)
        screen.resize(920, 700)
        screen.show()
        screen.arrive()
        QApplication.processEvents()
        return screen

    return sit_down


@pytest.fixture
def case(world):
    ann, _ = world.laptop("ann"), world.laptop("ben")
    made = ann.add(enterprise(strand="home_support"))
    ann.add(leader(made))
    world.settle_down()
    return made


def press(qtbot, screen, words):
    """Press the button that begins so; what is laid out anew is on the screen after it."""
    (found,) = [
        each
        for each in screen.findChildren(QPushButton)
        if each.accessibleName().partition(":")[0] == words
    ]
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def offer_it(qtbot, screen, to):
    choice = screen.findChild(ChoiceField)
    choice.set_value(to)
    press(qtbot, screen, "Offer it")


def test_a_case_is_offered_accepted_and_gone(world, case, desk, qtbot):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    mine = desk("ann", id=case.id)
    assert "Offer Mary Fenn to another coach" in said(mine)
    press(qtbot, mine, "Offer it")
    assert "Choose to whom the case shall go." in said(mine)
    offer_it(qtbot, mine, "ben")
    assert "The offer goes out with the next exchange. The case stays with you." in said(mine)
    assert "Asked. The answer comes with the next exchange." in said(mine)
    world.settle_down()
    today = desk("ben", "today")
    assert "1 case is offered to you" in said(today)
    theirs = desk("ben")
    words = said(theirs)
    assert "from Ann Marsh to you" in words
    assert "Mary Fenn" not in words
    press(qtbot, theirs, "Accept")
    assert "Accepted. The case comes with the next exchange." in said(theirs)
    assert "1 case is offered to you" not in said(desk("ben", "today"))
    world.settle_down()
    assert ben.get(Enterprise, case.id).coach_id == "ben"
    assert ann.get(Enterprise, case.id) is None
    assert "Accepted today." in said(desk("ann"))


def test_declined_it_says_so_to_whoever_offered_it(world, case, desk, qtbot):
    offer_it(qtbot, desk("ann", id=case.id), "ben")
    world.settle_down()
    press(qtbot, desk("ben"), "Decline")
    world.settle_down()
    again = desk("ann", id=case.id)
    assert "Declined today." in said(again)
    assert named(again, QPushButton, "Offer it").isEnabled()


def test_an_offer_is_taken_back(world, case, desk, qtbot):
    offer_it(qtbot, desk("ann", id=case.id), "ben")
    world.settle_down()
    mine = desk("ann", id=case.id)
    assert "This case is on offer already. Take that offer back first." in said(mine)
    press(qtbot, mine, "Take it back")
    world.settle_down()
    assert "Nothing is offered to you." in said(desk("ben"))
    assert "Taken back today." in said(desk("ann"))


def test_news_takes_neither_the_chosen_coach_nor_the_focus(world, case, desk, qtbot):
    ann = world.laptop("ann")
    other = ann.add(enterprise(name="Marsh Meals"))
    ann.add(leader(other, name="Joe Reed"))
    world.settle_down()
    mine = desk("ann", id=case.id)
    choice = mine.findChild(ChoiceField)
    choice.set_value("ben")
    named(mine, QPushButton, "Offer it").setFocus()
    mine._presenter.load()  # news of anything else
    QApplication.processEvents()
    assert mine.findChild(ChoiceField) is choice
    assert (choice.value(), mine.focusWidget()) == ("ben", named(mine, QPushButton, "Offer it"))
    offer_it(qtbot, desk("ann", id=other.id), "ben")
    named(mine, QPushButton, "Offer it").setFocus()
    mine._presenter.load()  # news of an offer
    QApplication.processEvents()
    world.settle_down()
    mine._presenter.load()
    QApplication.processEvents()
    backs = [b.accessibleName() for b in mine.findChildren(QPushButton) if b.isVisible()]
    assert any(each.startswith("Take it back: A case") for each in backs)
    again = mine.findChild(ChoiceField)
    assert again is not choice
    assert (again.value(), mine.focusWidget()) == ("ben", named(mine, QPushButton, "Offer it"))


def test_with_nothing_on_offer_it_says_how_to_begin(world, case, desk):
    words = said(desk("ann"))
    assert "Nothing is offered to you." in words
    assert "A case is offered from its own page." in words
