"""The way in: a PIN first, then from the record or from Today; looking only is not shared."""

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop.presenters.together_leaving import ONLY_LOOKING, PinChooser, share
from desktop.views.settings import SettingsScreen
from desktop.views.today import TodayScreen
from desktop.views.together.before import BeforeScreen
from desktop.views.together.pin_card import PinCard
from forms.facts.casework import CoachingSession
from forms.values import new_id
from tests.desktop.together.people import MARY, NOW, PIN


def buttons(widget, words):
    return [b for b in widget.findChildren(QPushButton) if b.text() == words]


@pytest.fixture
def no_pin(program, settle):
    program.desk.context.session.vault.leaving_pin.take_away()
    settle()
    return program


def test_without_a_pin_the_page_to_choose_one_comes_first(no_pin, settle):
    desk = no_pin.desk
    share(desk.context, MARY)
    settle()
    assert desk.together is None
    screen = desk.view.front
    assert isinstance(screen, BeforeScreen)
    (start,) = buttons(screen, "Share the screen")
    assert not start.isEnabled()
    first, again = screen.findChildren(QLineEdit)
    for typed, other in (("8265", "8266"), ("12", "12"), ("1111", "1111")):
        first.setText(typed)
        again.setText(other)
        buttons(screen, "Set the PIN")[0].click()
        settle()
        assert screen._pin._problem.text()
        assert not start.isEnabled()
    first.setText(PIN)
    again.setText(PIN)
    buttons(screen, "Set the PIN")[0].click()
    settle()
    assert (first.text(), again.text(), screen._pin._problem.text()) == ("", "", "")
    assert start.isEnabled()
    start.click()
    settle()
    assert desk.together is not None
    assert desk.together.window.table.picture.name == "Mary Thorne"
    assert not isinstance(desk.view.front, BeforeScreen), "what is seen when the screen comes back"


def test_settings_change_the_pin_and_take_it_away(program, settle):
    program.desk.view.open_route("settings")
    settle()
    screen = program.desk.view.front
    assert isinstance(screen, SettingsScreen)
    (card,) = screen.findChildren(PinCard)
    assert card._state.words == "Set"
    buttons(card, "Take the PIN away")[0].click()
    settle()
    assert card._state.words == "Not set"
    assert not program.desk.context.session.vault.leaving_pin.is_set


def test_today_leads_to_the_person_who_is_seen_today(program, settle):
    context = program.desk.context
    visit = CoachingSession(
        id=new_id(), enterprise_id=MARY, on=NOW.date(), at=NOW, kind="visit", by_id="coach-1"
    )
    with context.session.vault.change(by="coach-1", at=NOW) as unit:
        unit.add(visit)
    program.desk.view.open_route("today")
    screen = program.desk.view.front
    assert isinstance(screen, TodayScreen)
    screen._presenter.load()
    settle()
    found = [
        b for b in screen.findChildren(QPushButton)
        if b.accessibleName() == "Share the screen with Mary Thorne"
    ]  # fmt: skip
    assert found
    found[0].click()
    settle()
    assert program.desk.together is not None


def test_records_that_are_only_looked_at_are_not_shared(program, settle):
    context = program.desk.context
    context.session.read_only = True
    share(context, MARY)
    settle()
    assert program.desk.together is None
    assert program.desk.view.undo.words == ONLY_LOOKING


def test_a_pin_that_is_not_typed_twice_alike_never_reaches_the_vault(program, settle):
    class Card:
        said = ""

        def show_pin_state(self, *, is_set, passphrase):
            raise AssertionError("it was set")

        def pin_failed(self, words):
            self.said = words

    card = Card()
    PinChooser(program.desk.context, card).choose("8265", "8256")
    settle()
    assert "not the same" in card.said
