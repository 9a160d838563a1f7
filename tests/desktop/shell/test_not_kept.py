"""A disk that takes nothing while words are half typed, and the window or the records close."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from desktop.desk_upkeep import Upkeep
from desktop.leaving import _readable
from desktop.operations import vault as vaults
from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.not_kept import NotKeptBar
from desktop.views.unlock import UnlockPage
from forms.facts.people import Enterprise
from storage.drafts import Drafts
from storage.errors import FileMissing, VaultFull, VaultUnwell
from storage.vault import Vault
from tests.desktop.shell.world import QUICK, WORDS

NOTE = "Two clients are waiting"


class Disk:
    """Of the laptop: takes nothing that is written while it is full."""

    error: type[Exception] | None = None


@pytest.fixture
def disk(program, monkeypatch):
    made = Disk()
    real_begin, real_keep, real_drop = Vault.change, Drafts.keep, Drafts.drop

    def refusing(real):
        def asked(*given, **named):
            if made.error is not None:
                raise made.error
            return real(*given, **named)

        return asked

    monkeypatch.setattr(Vault, "change", refusing(real_begin))
    monkeypatch.setattr(Drafts, "keep", refusing(real_keep))
    monkeypatch.setattr(Drafts, "drop", refusing(real_drop))
    yield made
    made.error = None


def idle(program, qtbot):
    qtbot.waitUntil(lambda: program.jobs.is_idle)


def field_of(screen, words):
    return next(each for each in screen.findChildren(TextField) if each.words == words)


def note_typed(program, qtbot, text=NOTE):
    program.desk.view.open_route("quick_note", enterprise="ent-0")
    idle(program, qtbot)
    note = field_of(program.desk.view.front, "What happened?")
    note.editor.setFocus()
    qtbot.keyClicks(note.editor, text)
    return note


def bar_of(program):
    found = program.frame.centralWidget().findChildren(NotKeptBar)
    return next((each for each in found if not each.isHidden()), None)


def button(program, words):
    return next(b for b in bar_of(program).findChildren(QPushButton) if b.text() == words)


@pytest.mark.parametrize("error", [VaultFull, VaultUnwell])
def test_a_window_with_words_that_the_disk_does_not_take_stays_and_says_what(
    program, qtbot, disk, error
):
    note_typed(program, qtbot)
    disk.error = error
    program.frame.close()
    assert program.desk is not None
    assert program.frame.isVisible()
    said = bar_of(program).words
    assert "Quick note, “What happened?”" in said
    assert "Everything that was saved before is safe." in said
    assert "Free about 200 MB and try again" in said
    assert NOTE not in said
    assert button(program, "Try again and close").hasFocus()
    program.frame.close()  # no way round it, and no second bar
    assert len(program.desk.view.findChildren(NotKeptBar)) == 1
    disk.error = None


def test_with_room_again_it_closes_and_the_words_are_there(program, qtbot, disk, clock):
    note_typed(program, qtbot)
    disk.error = VaultFull
    program.frame.close()
    disk.error = None
    qtbot.keyClick(button(program, "Try again and close"), Qt.Key.Key_Space)
    assert program.desk is None
    assert not program.frame.isVisible()
    again = Vault.open(program.folder, clock=clock)
    assert again.drafts.read("quick_note/ent-0/note") == NOTE
    again.close()


def test_the_words_can_be_copied_and_are_lost_by_a_press_of_their_own_alone(
    program, qtbot, disk, clock
):
    note_typed(program, qtbot)
    disk.error = VaultFull
    program.frame.close()
    button(program, "Copy the words").click()
    assert NOTE in QGuiApplication.clipboard().text()
    assert bar_of(program)._copied.isVisible(), "closing takes it off the clipboard"
    button(program, "Close and lose the words").click()
    assert program.desk is None
    assert not program.frame.isVisible()
    disk.error = None
    again = Vault.open(program.folder, clock=clock)
    assert again.drafts.read("quick_note/ent-0/note") == ""
    again.close()


def test_what_the_disk_refused_before_is_asked_about_too(program, qtbot, disk):
    note = note_typed(program, qtbot)
    disk.error = VaultFull
    note._keep_draft()  # two seconds have passed
    idle(program, qtbot)
    program.desk.view.open_route("help")
    idle(program, qtbot)
    program.frame.close()
    assert "Quick note" in bar_of(program).words
    disk.error = None
    program.frame.close()
    assert program.desk is None


def test_a_field_that_saves_itself_is_named_and_one_that_has_its_draft_is_not(
    program, qtbot, disk, monkeypatch
):
    program.desk.view.open_route("enterprise", id="ent-0", tab="overview")
    idle(program, qtbot)
    phone = field_of(program.desk.view.front, "Phone")
    phone.editor.setFocus()
    phone.editor.selectAll()
    qtbot.keyClicks(phone.editor, "01632 960002")
    disk.error = VaultFull
    program.frame.close()
    assert "“Phone”" in bar_of(program).words
    disk.error = None
    monkeypatch.setattr(Vault, "change", lambda *_a, **_n: (_ for _ in ()).throw(VaultFull()))
    program.frame.close()
    assert program.desk is None, "its draft is on disk: it comes back half typed"


def test_a_closing_with_room_asks_nothing(program, qtbot, disk):
    note_typed(program, qtbot)
    program.frame.close()
    assert program.desk is None


def lose(program):
    program.frame.close()
    button(program, "Close and lose the words").click()


def locked(program, qtbot):
    """As records with a passphrase: the page asks for it."""
    program.desk._session.practice = False
    program.lock()
    idle(program, qtbot)
    page = program.frame.centralWidget()
    assert isinstance(page, UnlockPage)
    return page


def test_a_lock_that_could_not_keep_the_words_says_so_and_claims_nothing(
    program, qtbot, disk, clock
):
    note_typed(program, qtbot)
    vault = program.desk.context.session.vault
    disk.error = VaultFull
    page = locked(program, qtbot)
    assert not vault.is_open
    said = bar_of(program).words
    assert "Quick note" in said
    assert "is not on the disk" in said
    assert "Closing Hedgerow" in said
    everything = " ".join(each.text() for each in page.findChildren(type(page._state)))
    assert "still here" not in everything
    for held in program.leaving._held:
        assert NOTE.encode() not in held.sealed
        assert "Mary" not in repr(held)
    lose(program)


def opened_again(program, qtbot, clock):
    program.practice_folder = program.folder
    with qtbot.waitSignal(program.opened):
        program.open_practice()
    idle(program, qtbot)


def test_after_the_unlock_the_words_stand_there_and_are_kept(program, qtbot, disk, clock):
    note_typed(program, qtbot)
    disk.error = VaultFull
    locked(program, qtbot)
    disk.error = None
    opened_again(program, qtbot, clock)
    assert field_of(program.desk.view.front, "What happened?").text == NOTE
    assert program.desk.context.session.vault.drafts.read("quick_note/ent-0/note") == NOTE
    assert program.leaving._held == []


def test_where_there_is_still_no_room_they_stand_there_and_can_be_tried_again(
    program, qtbot, disk, clock, monkeypatch
):
    monkeypatch.setattr(Upkeep, "begin", lambda _upkeep: None)
    monkeypatch.setattr(vaults, "put_papers_in", lambda _vault: 0)
    note_typed(program, qtbot)
    disk.error = VaultFull
    locked(program, qtbot)
    opened_again(program, qtbot, clock)
    assert field_of(program.desk.view.front, "What happened?").text == NOTE
    assert "laptop is full" in program.desk.view.problem.words
    program.frame.close()
    assert "Quick note" in bar_of(program).words, "still not kept"
    disk.error = None
    program.desk.view.problem.try_again()
    idle(program, qtbot)
    assert bar_of(program) is None, "it is kept: nothing is said of it any more"
    assert program.desk.context.session.vault.drafts.read("quick_note/ent-0/note") == NOTE


def test_closing_while_locked_asks_before_the_held_words_go(program, qtbot, disk):
    note_typed(program, qtbot)
    disk.error = VaultFull
    locked(program, qtbot)
    program.frame.close()
    assert program.frame.isVisible()
    page = program.frame.centralWidget()
    assert not page.counts.isVisible(), "“Kept on this laptop” would not be so"
    assert not button(program, "Close and lose the words").hasFocus()
    assert button(program, "Close and lose the words").focusPolicy() & Qt.FocusPolicy.TabFocus
    lose(program)
    assert not program.frame.isVisible()


def test_a_press_that_the_lock_overtakes_is_not_called_still_here(program, qtbot, disk):
    idle(program, qtbot)
    disk.error = VaultFull
    program.desk.context.change(
        lambda unit: unit.set(Enterprise, "ent-0", place="Wye"), owner=program.desk.view.front
    )
    page = locked(program, qtbot)
    assert "could not be saved" in page.passphrase.problem
    assert "still here" not in page.passphrase.problem


def test_a_choice_that_the_arrow_keys_came_to_is_told_of_and_tried_again(program, qtbot, disk):
    program.desk.view.open_route("enterprise", id="ent-0", tab="overview")
    idle(program, qtbot)
    front = program.desk.view.front
    chosen = next(each for each in front.findChildren(ChoiceField) if each.editor.count() > 2)
    chosen.editor.setFocus()
    qtbot.keyClick(chosen.editor, Qt.Key.Key_Down)
    assert chosen.editor.is_under_way
    disk.error = VaultFull
    program.frame.close()
    assert front.title() in bar_of(program).words
    idle(program, qtbot)
    disk.error = None
    button(program, "Try again and close").click()
    assert program.desk is None


def test_many_fields_kept_as_one_are_copied_as_words():
    assert _readable('{"name": "Ruth Vale", "phone": "01632"}') == "Ruth Vale\n01632"
    assert _readable("Two clients") == "Two clients"


def test_what_is_held_opens_with_the_key_of_its_records_alone(vault, tmp_path, clock):
    other, _sheet = Vault.create(tmp_path / "other", passphrase=WORDS, clock=clock, cost=QUICK)
    sealed = vault.drafts.sealed(NOTE)
    assert NOTE.encode() not in sealed
    assert vault.drafts.unsealed(sealed) == NOTE
    with pytest.raises(FileMissing):
        other.drafts.unsealed(sealed)
    other.close()
