"""Very many records would leave at once: Sent & safe says so, and a person lets them go."""

from PySide6.QtWidgets import QPushButton

from desktop.presenters.sent_and_safe import SafePresenter
from desktop.views.sent_and_safe import SentAndSafe
from forms.facts.people import Enterprise
from forms.values import new_id
from tests.desktop.screens.test_ledger import clock, on, vault  # noqa: F401 - fixtures
from tests.storage.register_pages import IDENTITY, LATER, page, state_of


def held_back(vault, count):  # noqa: F811 - the fixture's value
    vault.exchange.adopt(IDENTITY)
    cases = [Enterprise(id=new_id(), name=f"Case {number}") for number in range(count)]
    vault.exchange.absorb(page(*map(state_of, cases)), LATER)
    vault.exchange.absorb(page(left=tuple(case.id for case in cases), seq=11), LATER)
    return cases


def test_nothing_is_said_when_nothing_is_held_back(vault, qtbot):  # noqa: F811
    screen = shown(vault, qtbot)
    assert not [b for b in screen.findChildren(QPushButton) if b.text() == "Let them go"]


def test_it_is_said_and_they_stay_until_somebody_lets_them_go(vault, qtbot):  # noqa: F811
    cases = held_back(vault, 60)
    screen = shown(vault, qtbot)
    assert vault.reader.get(Enterprise, cases[0].id) is not None
    (go,) = [b for b in screen.findChildren(QPushButton) if b.text() == "Let them go"]
    go.click()
    assert vault.reader.get(Enterprise, cases[0].id) is None
    assert vault.exchange.held_back() == 0
    left = [b for b in screen.findChildren(QPushButton) if b.text() == "Let them go"]
    assert not [b for b in left if b.isVisible()]


def shown(vault, qtbot):  # noqa: F811
    screen = SentAndSafe()
    qtbot.addWidget(screen)
    screen.use(SafePresenter(screen, on(vault)))
    screen.resize(900, 560)
    screen.show()
    screen.arrive()
    return screen
