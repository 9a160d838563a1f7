"""A full disk at the table: said where they sit; what is held is neither hidden nor old."""

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.presenters.saving import words_for
from desktop.presenters.together import SITTING
from desktop.presenters.together_leaving import CARD
from desktop.presenters.together_promises import HOME, half_from
from desktop.presenters.together_signing import SIGNING
from storage.drafts import Drafts
from storage.errors import VaultFull
from tests.desktop.together.people import MARY, PIN
from tests.support.full_disk import Disk


@pytest.fixture
def disk(monkeypatch):
    made = Disk(monkeypatch, (Drafts, "keep"))
    yield made
    made.is_full = False


def drafts(program):
    return program.desk.context.session.vault.one_case(MARY).drafts


def again_of(window):
    return next(b for b in window.problem.findChildren(QPushButton) if b.text() == "Try again")


def at_a_step(share, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    settle()
    return window


def half_a_day(window, settle, typed):
    window.presenter.promises.ask(bring=True)
    window.presenter.promises.keep_half("typed", typed)
    settle()


def test_the_table_says_it_with_a_button_and_the_button_keeps_it(share, settle, disk, program):
    window = at_a_step(share, settle)
    disk.is_full = True
    half_a_day(window, settle, "next Fri")
    assert window.problem.words == str(VaultFull())
    assert again_of(window).isVisible()
    disk.is_full = False
    again_of(window).click()
    settle()
    assert half_from(drafts(program).read(HOME)).typed == "next Fri"
    assert not window.problem.words


def test_after_a_lock_what_is_held_stands_there_and_an_older_word_never_comes_over_a_newer(
    share, settle, disk, program, locked_and_opened
):
    window = at_a_step(share, settle)
    disk.is_full = True
    half_a_day(window, settle, "next Fri")
    locked_and_opened()
    again = program.desk.together.window
    promises = again.presenter.promises
    assert promises._half.typed == "next Fri"  # though it is not on the disk
    assert drafts(program).read(HOME) == ""
    disk.is_full = False
    again.turn.ready.emit()
    settle()
    promises.keep_half("typed", "next Friday, 5 Dec")
    settle()
    program.jobs.run(
        program.desk.context.unkept.try_again,
        owner=program,
        on_done=lambda _: None,
        on_failed=program.complain,
    )
    settle()
    assert half_from(drafts(program).read(HOME)).typed == "next Friday, 5 Dec"


def test_what_was_put_away_is_not_put_back(share, settle, disk, program):
    window = at_a_step(share, settle)
    disk.is_full = True
    half_a_day(window, settle, "next Fri")
    disk.is_full = False
    window.presenter.promises.put_away()
    settle()
    again_of(window).click()
    settle()
    assert drafts(program).read(HOME) == ""


def test_who_has_left_finds_nothing_of_it_put_back(share, settle, disk, program):
    window = at_a_step(share, settle)
    window.step.answered.emit("done", "told us")
    settle()
    disk.is_full = True
    half_a_day(window, settle, "next Fri")
    disk.is_full = False
    window.pin.pin_given.emit(PIN)
    settle()
    assert program.desk.together is None
    program.desk.context.unkept.try_again()
    kept = drafts(program)
    assert (kept.read(HOME), kept.read(SIGNING)) == ("", "")
    assert "null" in kept.read(SITTING) or kept.read(SITTING)


def test_how_the_coach_is_reached_is_said_at_the_table_and_tried_again(
    share, settle, disk, program
):
    window = at_a_step(share, settle)
    disk.is_full = True
    window.sheet.reach.emit("01303 000001, mornings")
    settle()
    assert window.problem.words == str(VaultFull())
    assert not program.desk.view.problem.words  # nobody sees that one
    assert any(half.name == CARD for half in program.desk.context.unkept.lost)
    seen = []
    window.ways._sheet._card.read(seen.append)
    settle()
    assert seen == ["01303 000001, mornings"]
    disk.is_full = False
    again_of(window).click()
    settle()
    assert program.desk.context.session.vault.drafts.read(CARD) == "01303 000001, mornings"
    assert not window.problem.words


def test_without_a_button_nobody_is_told_to_press_one(share, settle):
    window = share()
    window.table.context.tell.failed(VaultFull())
    assert window.problem.words == words_for(VaultFull())
    assert not again_of(window).isVisible()
