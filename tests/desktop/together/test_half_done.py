"""What is half done at the table is there again: the question, a day being typed, a signature.

The power goes without a word: nothing is flushed, only what lies in the drafts can come back. With
the drafts taken out the same walk comes back to nothing.
"""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest

from desktop.presenters.together_promises import HOME, TogetherPromises, half_from
from desktop.presenters.together_signing import SIGNING, half_signed
from desktop.views.form_pages.when_field import WhenField
from desktop.views.together.pad import LONG, SignaturePad
from desktop.views.together.step_list import FORM, GUIDE
from desktop.views.together.window import TogetherWindow
from forms.facts.casework import Action, Signature
from tests.desktop.together.cut_off import draw
from tests.desktop.together.people import MARY, PIN
from tests.desktop.together.reading import texts


@pytest.fixture
def drafts(program):
    """The drafts of Mary's table."""

    def read(key):
        return program.desk.context.session.vault.one_case(MARY).drafts.read(key)

    return read


@pytest.fixture
def power_cut(program, settle, monkeypatch):
    """Nothing is kept on the way out; gives the window that is there afterwards."""

    def go():
        monkeypatch.setattr(TogetherWindow, "flush", lambda _window: None)
        program.lock()
        settle()
        window = program.desk.together.window
        window.turn.ready.emit()
        settle()
        return window

    return go


@pytest.fixture
def at_words(share, settle):
    """Before the words that are signed."""
    window = share()
    window.turn.ready.emit()
    window.ways.sign_wanted()
    settle()
    return window


@pytest.fixture
def signing(at_words, settle):
    """At the words, with one stroke drawn and one begun."""
    window = at_words
    draw(window.sign._pad, 40, lift=True)
    draw(window.sign._pad, 60, lift=False)
    window.sign._draft.timeout.emit()  # two seconds
    settle()
    return window


@pytest.fixture
def typing_a_day(share, settle):
    """At the day of a promise, half typed."""
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    settle()
    window.step.home_wanted.emit(True)
    QTest.keyClicks(window.home._day.editor, "next thu")
    window.home._day._draft.timeout.emit()
    settle()
    return window


def test_a_signature_being_drawn_comes_back_under_the_same_words(signing, power_cut, program):
    drawn = signing.sign._pad.strokes
    assert len(drawn) == 2
    again = power_cut()
    assert again.front is again.sign
    assert again.sign._pad.strokes == drawn
    assert "not signed yet" in again.sign.status.text()
    reader = program.desk.context.session.vault.reader
    assert reader.all(Signature, enterprise_id=MARY) == []


def test_without_the_draft_no_stroke_comes_back(at_words, settle, power_cut):
    at_words.sign.half.disconnect()
    draw(at_words.sign._pad, 40, lift=True)
    settle()
    assert power_cut().sign._pad.strokes == ()


def test_strokes_are_never_put_under_other_words(signing, settle, drafts):
    assert drafts(SIGNING)
    signing.ways.picked("item.C07")
    signing.step.answered.emit("done", "saw it")  # now the words say more
    settle()
    signing.ways.sign_wanted()
    settle()
    assert signing.sign._pad.strokes == ()
    assert drafts(SIGNING) == ""


@pytest.mark.parametrize("how", ["signed", "cleared", "left"])
def test_a_signature_that_is_given_or_put_away_leaves_no_draft(
    how, signing, settle, drafts, program
):
    assert half_signed(drafts(SIGNING), "other words") is None
    if how == "signed":
        signing.sign._sign_pressed()
    elif how == "cleared":
        signing.sign._clear_pressed()
    else:
        signing.ask_to_leave()
        signing.pin.pin_given.emit(PIN)
    settle()
    assert drafts(SIGNING) == ""
    kept = program.desk.context.session.vault.reader.all(Signature, enterprise_id=MARY)
    assert [len(each.strokes) for each in kept] == ([2] if how == "signed" else [])


def test_a_name_half_typed_comes_back_too(at_words, settle, power_cut):
    window = at_words
    window.sign._name.edit.setFocus()
    window.sign._name.edit.selectAll()
    QTest.keyClicks(window.sign._name.edit, "M. Tho")
    window.sign._draft.timeout.emit()
    settle()
    assert power_cut().sign._name.value() == "M. Tho"


def test_a_day_half_typed_comes_back_at_the_same_promise(typing_a_day, power_cut, settle, program):
    del typing_a_day
    again = power_cut()
    assert again.front is again.home
    assert again.home._day.text == "next thu"
    assert again.home._days.value == ""
    assert "Thursday 26 November" in again.home._day.meant
    assert "began this before" in again.home.status.text()
    again.home._keep_pressed()
    settle()
    reader = program.desk.context.session.vault.reader
    promised = {
        a.text: a.due_on.isoformat() for a in reader.all(Action, owner="leader") if a.due_on
    }
    assert promised["Bring what shows it: Public liability insurance"] == "2026-11-26"


def test_without_the_draft_the_day_is_lost(share, settle, power_cut, monkeypatch):
    monkeypatch.setattr(TogetherPromises, "keep_half", lambda *_half: None)
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    settle()
    window.step.home_wanted.emit(False)
    QTest.keyClicks(window.home._day.editor, "next thu")
    window.home._day._draft.timeout.emit()
    settle()
    assert power_cut().home._day.text == ""


@pytest.mark.parametrize("how", ["kept", "not now", "left"])
def test_a_day_that_is_kept_or_put_away_leaves_no_draft(how, typing_a_day, settle, drafts):
    assert half_from(drafts(HOME)).typed == "next thu"
    if how == "kept":
        typing_a_day.home._keep_pressed()
    elif how == "not now":
        typing_a_day.home._back.click()
    else:
        typing_a_day.ask_to_leave()
        typing_a_day.pin.pin_given.emit(PIN)
    settle()
    assert drafts(HOME) == ""


def test_a_day_that_is_no_day_keeps_what_was_typed_and_says_so_at_the_field(typing_a_day, settle):
    day = typing_a_day.home._day
    for typed, said in (("31 feb", "31 February"), ("1 jan 2020", "still to come")):
        day.editor.clear()
        QTest.keyClicks(day.editor, typed)
        typing_a_day.home._keep_pressed()
        settle()
        assert said in day.status
        assert day.text == typed
        assert typing_a_day.front is typing_a_day.home


def test_choosing_an_offered_day_takes_the_typed_one_away(typing_a_day, settle, drafts):
    home = typing_a_day.home
    radios = home._days
    radios.set_value("2026-11-20")
    radios.committed.emit("2026-11-20")
    settle()
    assert home._day.text == ""
    assert (half_from(drafts(HOME)).day, half_from(drafts(HOME)).typed) == ("2026-11-20", "")


def test_the_sitting_goes_on_at_the_same_question(share, settle, power_cut):
    window = share()
    window.turn.ready.emit()
    picture = window.table.picture
    last = picture.musts[-1].key
    window.ways.picked(last)
    settle()
    again = power_cut()
    assert again.front is again.step
    assert again.step.step.key == last


@pytest.mark.parametrize("key", [FORM, GUIDE])
def test_the_form_and_the_guide_go_on_at_the_same_question(key, share, settle, power_cut):
    window = share()
    window.turn.ready.emit()
    window.ways.picked(key)
    settle()
    page = window.front
    page.go(-100)
    for _ in range(3):  # nothing is answered: only where one stands can lead back
        page.go(1)
    settle()
    again = power_cut()
    assert again.front._at == 3
    said = "\n".join(texts(again.front))
    assert "question 4 of" in said
    assert again.list._at == key


def test_the_day_of_these_answers_is_today_until_another_is_written(share, settle, program):
    window = share()
    window.turn.ready.emit()
    window.ways.picked(FORM)
    settle()
    page = window.front
    (field,) = page.findChildren(WhenField)
    assert (field.text, field.has_problem) == ("19/11/2026", False)
    page.go(1)
    settle()
    page.go(-1)
    assert page._asked[0][1].value == "19/11/2026"
    (field,) = page.findChildren(WhenField)
    field.editor.selectAll()
    QTest.keyClicks(field.editor, "17 nov")
    page.go(1)
    settle()
    assert page._asked[0][1].value == "17/11/2026"
    page.go(-1)
    (field,) = page.findChildren(WhenField)
    assert field.text == "17/11/2026"
    assert program.desk.together is not None


def test_a_mark_of_a_problem_goes_with_the_problem(typing_a_day, settle):
    day = typing_a_day.home._day
    day.editor.clear()
    QTest.keyClicks(day.editor, "31 feb")
    typing_a_day.home._keep_pressed()
    settle()
    assert day.editor.property("problem") is True
    day.editor.clear()
    QTest.keyClicks(day.editor, "1 dec")
    assert day.editor.property("problem") is False
    assert not day.has_problem


def test_a_stroke_that_goes_on_and_on_is_kept_as_several(qtbot):
    pad = SignaturePad()
    qtbot.addWidget(pad)
    pad.resize(700, 224)
    pad._follow(QPointF(0, 0), began=True)
    for n in range(LONG + 200):
        pad._follow(QPointF(n % 700, (n * 7) % 200), began=False)
    strokes = pad.strokes
    assert len(strokes) == 2
    assert strokes[0][-1] == strokes[1][0]
    assert max(map(len, strokes)) <= LONG
