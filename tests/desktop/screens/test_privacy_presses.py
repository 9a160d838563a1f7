"""One person's privacy, pressed faster than the laptop writes: nothing is lost without a word."""

import pytest
from PySide6.QtWidgets import QAbstractButton

from desktop.context import Session
from desktop.operations import consents
from desktop.operations.consents import PURPOSES
from desktop.views.privacy.person import PersonScreen
from forms.facts.people import Consent
from forms.values import SetClock
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, colleagues, mary, signed_dpia

PURPOSE_NAMES = {code: title for code, title, _ in PURPOSES}


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(tmp_path / "vault", practice=True, clock=SetClock(NOON))
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all([*mary(), *colleagues(), signed_dpia()])
    yield made
    made.close()


@pytest.fixture
def page(vault, lane, qtbot):
    here = context(vault, actor=COACH)
    here.session = Session(vault=vault, actor=COACH, pack=here.session.pack)
    here.jobs = lane
    made = PersonScreen(here, MARY)
    qtbot.addWidget(made)
    made.show()
    lane.catch_up()
    return made


def agree_buttons(page):
    found = page.findChildren(QAbstractButton)
    return [each for each in found if each.accessibleName().startswith("They agree")]


def test_two_purposes_and_the_wish_pressed_at_once_are_all_written(page, lane, vault):
    before = {each.id for each in vault.reader.all(Consent)}
    page._by.editor.setText("Mary Thorne")
    page._why.editor.setText("She is moving")
    first, second = agree_buttons(page)[:2]
    first.click()
    second.click()
    second.click()  # twice: once
    page._ask.click()
    lane.catch_up()
    written = [each for each in vault.reader.all(Consent) if each.id not in before]
    assert len(written) == len({each.purpose for each in written}) == 2
    assert {each.purpose for each in written} <= {code for code, _, _ in PURPOSES}
    (asked,) = vault.reader.decisions()
    assert (asked.name, asked.payload) == ("person.erase", {"because": "She is moving"})
    assert page._why.text == ""


def test_a_wish_that_failed_stays_when_a_consent_is_written(page, lane, vault, monkeypatch):
    def full(*_args, **_named):
        raise OSError(28, "No space left on device")

    page._why.editor.setText("She is moving")
    with monkeypatch.context() as patch:
        patch.setattr("desktop.operations.consents.decisions.ask", full)
        page._ask.click()
        lane.catch_up()
    assert not vault.reader.decisions()
    page._by.editor.setText("Mary Thorne")
    agree_buttons(page)[0].click()
    lane.catch_up()
    assert page._why.text == "She is moving"


@pytest.mark.parametrize("first_fails", [True, False])
def test_of_two_consents_the_one_that_failed_is_still_said(
    page, lane, vault, monkeypatch, tmp_path, first_fails
):
    page._by.editor.setText("Her aunt Ann")
    give, asked = consents.give, []

    def one_is_full(writing, **named):
        asked.append(named["purpose"])
        if (len(asked) == 1) == first_fails:
            raise OSError(28, "No space left on device")
        give(writing, **named)

    before = len(vault.reader.all(Consent))
    with monkeypatch.context() as patch:
        patch.setattr("desktop.operations.consents.give", one_is_full)
        first, second = agree_buttons(page)[:2]
        first.click()
        second.click()
        lane.catch_up()
    assert len(vault.reader.all(Consent)) == before + 1
    assert page._problem.words
    assert page._by.text == "Her aunt Ann"
    assert "Her aunt Ann" in vault.drafts.read(page._agreeing.name)  # as a power cut leaves it
    page._presenter.own_copy(tmp_path / "theirs")
    lane.catch_up()
    assert page._problem.words  # another thing that went well takes it not away
    failed = PURPOSE_NAMES[asked[0 if first_fails else 1]]
    next(each for each in agree_buttons(page) if each.accessibleName().endswith(failed)).click()
    lane.catch_up()
    assert not page._problem.words
    assert page._by.text == "Mary Thorne"
    assert not vault.drafts.read(page._agreeing.name)


def test_the_name_stays_while_one_of_two_consents_is_not_written(page, lane, vault, monkeypatch):
    first, second = agree_buttons(page)[:2]
    page._by.editor.setText("Her aunt Ann")
    first.click()
    lane.waiting, kept = [], lane.waiting
    second.click()
    lane.waiting, later = kept, lane.waiting
    lane.catch_up()
    assert page._by.text == "Her aunt Ann"
    lane.waiting = later
    lane.catch_up()
    assert page._by.text == "Mary Thorne"  # the leader, for the next
