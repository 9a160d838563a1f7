"""Approval and payment on the screen with a real register; without a line they say why not."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.navigation import route
from desktop.settings import Settings
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.screens import SCREENS
from forms.facts.money import ClaimLine, SeedClaim
from forms.rules.pack import load_pack
from forms.values import Actor
from storage.keys import Cost
from storage.vault import Vault
from sync.client import transport
from sync.errors import Unreachable
from tests.desktop.screens.cut_line import line_to
from tests.desktop.screens.desk import Told, Went
from tests.desktop.screens.test_screens import named, said, typed
from tests.sync.world import PEOPLE, World, claim, enterprise, leader, line_of, notice

WORDS = "three quiet rivers"


@pytest.fixture
def world(tmp_path):
    made = []

    def laptop(clock):
        folder = tmp_path / f"vault-{len(made)}"
        vault, _ = Vault.create(
            folder, passphrase=WORDS, clock=clock, cost=Cost(memory=8, passes=1)
        )
        made.append(vault)
        return vault

    with World(f"sqlite:///{tmp_path / 'register.db'}", laptop=laptop) as world:
        yield world
    for vault in made:
        vault.close()


@pytest.fixture
def case(world):
    """A claim for £23, drafted and sent by Ann, checked and recommended by Quin."""
    ann, quin = world.laptop("ann"), world.laptop("quin")
    mary = enterprise(employee_count=0)
    asked = claim(mary)
    cost = line_of(asked)
    with ann.change(by="ann", at=world.clock.now()) as unit:
        unit.add_all([mary, leader(mary), notice(mary), asked, cost])
    world.round(ann)
    assert world.ask(ann, "claim.submit", asked.id).state == "granted"
    world.round(quin)
    assert world.ask(quin, "claim.check", asked.id, lines={cost.id: ""}).state == "granted"
    assert world.ask(quin, "claim.recommend", asked.id).state == "granted"
    return SimpleNamespace(claim=asked.id, line=cost.id, coach=ann)


@pytest.fixture
def line(world, monkeypatch):
    """The line of the laptop on the desk; set `trouble` to cut it."""

    return line_to(world, monkeypatch, transport)


@pytest.fixture
def desk(world, jobs, qtbot):
    """The claim's screen for one person, on their own laptop."""

    def sit_down(who, case):
        vault = world.laptop(who)
        world.round(vault)
        name, role = PEOPLE[who]
        context = Context(
            clock=world.clock,
            jobs=jobs,
            tell=Told(),
            goes=Went(),
            settings=Settings(None),
            session=Session(
                vault=vault,
                actor=Actor(who, name, role),
                pack=load_pack("kent"),
                register_name="Kent County Council",
            ),
            broadcast=Broadcast(),
        )
        screen = SCREENS["claim"].make(context, route("claim", id=case.claim))
        qtbot.addWidget(screen)
        screen.resize(920, 556)
        screen.show()
        qtbot.waitUntil(lambda: jobs.is_idle)
        assert not context.tell.failures
        return screen, vault

    return sit_down


def press(qtbot, jobs, screen, words):
    qtbot.mouseClick(named(screen, QPushButton, words), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: jobs.is_idle)


def test_the_lead_approves_and_finance_pays(world, case, line, desk, jobs, qtbot):
    screen, vault = desk("lee", case)
    press(qtbot, jobs, screen, "Approve the claim")
    assert "Approved: £23.00." in said(screen)
    world.round(vault)
    assert vault.reader.get(SeedClaim, case.claim).approved_by_id == "lee"
    assert world.ask(case.coach, "claim.agree", case.claim).state == "granted"
    assert world.ask(world.laptop("kay"), "claim.commit", case.claim).state == "granted"
    screen, vault = desk("fay", case)
    cost = next(f for f in screen.findChildren(ChoiceField) if f.heading.text() == "Which cost?")
    cost.set_value(case.line)
    typed(qtbot, named(screen, QLineEdit, "Paid on"), "1/3/2022")
    typed(qtbot, named(screen, QLineEdit, "Finance's reference"), "FIN-0001")
    press(qtbot, jobs, screen, "Note a payment")
    assert "Paid: £23.00 on 1 Mar 2022." in said(screen)
    world.round(vault)
    paid = vault.reader.get(ClaimLine, case.line)
    assert (paid.paid_on.isoformat(), paid.payment_reference) == ("2022-03-01", "FIN-0001")


def test_without_a_line_nothing_is_approved_and_nothing_waits(world, case, line, desk, jobs, qtbot):
    screen, vault = desk("lee", case)
    line.trouble = Unreachable()
    press(qtbot, jobs, screen, "Approve the claim")
    assert "Nothing was decided. Try again when there is a signal." in screen._answer_bad.words
    assert vault.reader.decisions(state="waiting") == []
    world.round(vault)
    assert vault.reader.get(SeedClaim, case.claim).state == "RECOMMENDED"


def test_the_coach_who_drafted_it_is_offered_no_approval(world, case, line, desk):
    screen, _ = desk("ann", case)
    words = {each.text() for each in screen.findChildren(QPushButton)}
    assert "Approve the claim" not in words
    assert "Recommended" in said(screen)
