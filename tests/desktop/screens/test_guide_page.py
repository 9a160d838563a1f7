"""The legal-form guide at the table: what fits with its reasons, when to ask, why it was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton

from desktop.presenters.entity_guide import NO_ANSWER, NOT_KNOWN, NOTHING_YET, groups, result
from desktop.presenters.entity_guide import SAID_NOT_KNOWN as UNKNOWN
from desktop.presenters.overview_picture import overview
from desktop.views.together.guide_page import GuidePage
from forms.facts.casework import EntityDecision
from forms.rules.legal_entity import rank
from forms.rules.pack import load_pack
from tests.desktop.screens.desk import COACH, context
from tests.desktop.screens.memory import MemoryVault
from tests.desktop.screens.people import MARY, mary

ALONE = {
    "Q1": "1", "Q2": "yes", "Q3": "no", "Q4": "no", "Q5": "no", "Q6": "no", "Q7": "no",
    "Q8": "no", "Q9": "no", "Q10": "no", "Q11": "low", "Q12": "no", "Q13": "two_weeks",
    "Q14": "1k_5k", "Q15": "no", "Q16": "no",
}  # fmt: skip


@pytest.fixture
def guide(qtbot):
    made = MemoryVault().hold(*mary())
    page = GuidePage(context(made), MARY)
    qtbot.addWidget(page)
    page.resize(900, 900)
    page.show()
    return page, made


def answered(page, answers):
    for question, value in answers.items():
        page.answer(question, value)
    page.go(99)


def said(page):
    return [each.text() for each in page.findChildren(QLabel) if each.text()]


def test_one_person_sees_why_it_fits_and_no_form_that_nothing_speaks_for(guide):
    page, _ = guide
    answered(page, ALONE)
    words = said(page)
    assert "Sole trader" in words
    assert "For it: You want to start within two weeks." in words
    assert "What does not fit, and why" in words
    assert any(each.startswith("Sole trader comes first,") for each in words)
    offered = [each.text() for each in page._choice.findChildren(QRadioButton)]
    assert offered[0] == "Sole trader"
    assert "Ordinary partnership" not in offered  # it takes two, and nothing speaks for it


def test_care_by_staff_says_to_ask_first_and_never_that_no_check_is_needed(guide):
    page, _ = guide
    answered(page, ALONE | {"Q3": "yes", "Q4": "yes"})
    words = said(page)
    assert any(each.startswith("Take care: CQC check first") for each in words)
    assert "Ask for help first" in words
    assert "CQC" in words
    everything = " ".join(words).casefold()
    for never in ("not need cqc", "no need for cqc", "need not register", "without cqc"):
        assert never not in everything


def test_the_choice_keeps_its_reason_and_says_when_the_rules_changed(guide):
    page, vault = guide
    answered(page, ALONE)
    radio = page._choice.findChildren(QRadioButton)[0]
    radio.setFocus()
    QTest.keyClick(radio, Qt.Key.Key_Space)
    page._why.edit.setText("I want to begin soon")
    page._tick.click()
    keep = next(each for each in page.findChildren(QPushButton) if each.text().startswith("Keep"))
    keep.click()
    (kept,) = vault.all(EntityDecision)
    assert (kept.chosen, kept.chosen_why) == ("SOLE", "I want to begin soon")
    again = GuidePage(page._presenter._context, MARY)
    again.go(99)
    assert any("Why: I want to begin soon" in each for each in said(again))
    assert "The rules have changed since then. Look at it again." not in said(again)
    again.deleteLater()


PACK = load_pack("kent")
ASKS = tuple(ask for group in groups(PACK) for ask in group.asks)


@st.composite
def ways_through(draw):
    """Any answers to any of the questions, as a person may leave some out."""
    out = {}
    for ask in ASKS:
        codes = [code for code, _ in ask.choices] or ["1", "2", "3", "5", "12"]
        value = draw(st.sampled_from(["", *codes]))
        if value:
            out[ask.id] = value
    return out


@settings(max_examples=150, deadline=None)
@given(answers=ways_through())
def test_every_way_through_ends_in_words_that_say_what_fits_or_why_nothing_does(answers):
    told = result(PACK, rank(PACK, answers, None), answered=len(answers))
    assert told.headline.endswith((".", "?"))
    names = {form.name for form in PACK.entity_forms}
    shown = [option.name for option in told.top] + [name for name, _ in told.excluded]
    assert set(shown) <= names
    assert told.top or told.excluded
    assert all(because.strip() for _, because in told.excluded)
    facts = [said for option in told.top for _, said in option.facts]
    assert not [said for said in facts if "[" in said]


def test_a_fact_that_nobody_looked_up_says_so_in_words():
    answers = {**ALONE, "Q1": "4", "Q2": "no", "Q6": "yes", "Q7": "yes", "Q9": "yes"}
    told = result(PACK, rank(PACK, answers, None), answered=len(answers))
    charity = next(each for each in told.top if each.code.startswith("CIO"))
    assert "weeks to months (check this first)" in dict(charity.facts)["Register with"]


def test_every_question_can_be_left_not_known_and_changed_later(guide):
    page, _ = guide
    seen = 0
    while page._at < len(page.asks):
        seen += 1
        ask = page.asks[page._at]
        offered = [each for each in page.findChildren(QRadioButton) if each.text() == UNKNOWN]
        offered += [each for each in page.findChildren(QPushButton) if each.text() == UNKNOWN]
        assert len(offered) == 1, ask.text
        at = page._at
        offered[0].click()
        assert page._answers[ask.id] == NOT_KNOWN
        if page._at == at:
            page.go(1)
    assert seen == len(ASKS) == 16
    words = said(page)
    assert NO_ANSWER in words  # and not that two forms are close, for which nothing speaks
    assert "Not known yet. It could change this" in words
    assert "How many people will run it?" in words
    page.go(-99)
    page.answer("Q7", "yes")
    page.go(99)
    assert NOTHING_YET in said(page)
    answered(page, ALONE)
    assert not {NOTHING_YET, NO_ANSWER} & set(said(page))
    assert "Not known yet. It could change this" not in said(page)


def test_a_number_that_is_not_known_is_told_and_can_be_typed_after_all(guide):
    page, _ = guide
    next(each for each in page.findChildren(QPushButton) if each.text() == UNKNOWN).click()
    page.go(-1)
    assert UNKNOWN in said(page)
    page.first().setFocus()
    QTest.keyClicks(page.first(), "2")
    page.findChildren(QPushButton)[0].setFocus()
    page.go(1)
    page.go(-1)
    assert page.first().text() == "2"
    assert UNKNOWN not in said(page)


def test_rules_that_change_in_the_middle_are_those_of_the_result(qtbot):
    """Answers of then, ranked by the rules of now; the record says which rules they were."""
    vault = MemoryVault().hold(*mary())
    desk = context(vault)
    first = GuidePage(desk, MARY)
    qtbot.addWidget(first)
    for question, value in ALONE.items():
        first.answer(question, value)
    rules = (*PACK.entity_rules, replace(PACK.entity_rules[0], id="E99", when="Q1 = 1", scores={},
                                         excludes=("SOLE",), reason="Not this year."))  # fmt: skip
    desk.session.pack = replace(PACK, entity_rules=rules, entity_ruleset_version="2027-04")
    page = GuidePage(desk, MARY)
    qtbot.addWidget(page)
    page.go(99)
    words = said(page)
    assert "Sole trader: Not this year." in words
    offered = page._choice.findChildren(QRadioButton)
    assert "Sole trader" not in [each.text() for each in offered]
    offered[0].click()
    page._why.edit.setText("My accountant told me")
    page._tick.click()
    next(b for b in page.findChildren(QPushButton) if b.text().startswith("Keep")).click()
    (kept,) = vault.all(EntityDecision)
    assert kept.ruleset_version == "2027-04"
    assert "SOLE" not in kept.ranked


def test_the_record_says_when_why_and_who_wrote_the_choice_down():
    kept = EntityDecision(
        id="d", enterprise_id=MARY, decided_on=date(2026, 3, 2), chosen="SOLE",
        chosen_why="I want to begin soon", by_id="nobody-known",
    )  # fmt: skip
    vault = MemoryVault().hold(*mary())
    assert shown(vault).entity_chosen == ""
    vault.hold(kept)
    told = shown(vault).entity_chosen
    assert told.startswith("Chosen with the guide on 2 Mar 2026, written down by a colleague.")
    assert told.endswith("The reason given: I want to begin soon")
    mine = replace(kept, id="e", decided_on=date(2026, 4, 1), chosen="CLS", by_id=COACH.id)
    vault.hold(mine)
    assert "written down by you. Private company limited by shares." in shown(vault).entity_chosen


def shown(vault):
    return overview(vault, PACK, COACH, MARY, datetime(2026, 11, 20, 12, tzinfo=UTC))
