"""Secrets of a joined laptop changed in the window: passphrase, sheet, council key, new key."""

import pytest

from desktop.views.new_key import NewKeyPage
from desktop.views.unlock import UnlockPage
from forms.facts.people import Enterprise
from storage.errors import WrongPassphrase
from storage.escrow import fresh_council_key, private_of
from storage.vault import Vault
from tests.desktop.shell.test_with_register import (
    WORDS,
    idle,
    join,
    joined,
    line,
    program,
    register,
    write,
)

__all__ = ["line", "program", "register"]  # fixtures


def test_the_passphrase_and_the_sheet_can_be_changed(program, register, qtbot, qapp):
    desk = joined(qtbot, program, register)
    desk.view.open_route("ways_in")
    page = desk.view.front
    page.passphrase.old.set_value("not the one in use")
    page.passphrase.new.set_value("harbour apple bicycle 99")
    page.passphrase.again.set_value("harbour apple bicycle 99")
    page.passphrase.change.click()
    idle(qtbot, program)
    assert "did not open" in page.problem.words
    assert page.passphrase.new.value() == "harbour apple bicycle 99"
    page.passphrase.old.set_value(WORDS)
    page.passphrase.change.click()
    idle(qtbot, program)
    assert "is changed" in page.done.words
    assert page.passphrase.old.value() == page.passphrase.new.value() == ""
    page.recovery.make.click()
    idle(qtbot, program)
    words = " ".join(page.recovery.sheet.words)
    page.recovery.sheet.copy()
    assert page.recovery.sheet.words[0] in qapp.clipboard().text()
    program.lock()
    assert qapp.clipboard().text() == ""
    assert page.recovery.sheet.words == ()
    idle(qtbot, program)
    for secret in ({"passphrase": "harbour apple bicycle 99"}, {"recovery": words}):
        Vault.open(program.folder, clock=register.clock, **secret).close()


def test_the_council_is_let_in_on_the_first_day_and_two_people_open(
    program, register, qtbot, tmp_path
):
    made = fresh_council_key()
    join(qtbot, program, register.code("ann"), made.public)
    qtbot.waitUntil(lambda: program.desk is not None)
    idle(qtbot, program)
    write(qtbot, program, name="Weald Companions", district="E07000105")
    program.lock()
    idle(qtbot, program)
    private = private_of(*(" ".join(sheet) for sheet in made.sheets))
    with Vault.open(program.folder, clock=register.clock, council=private) as vault:
        assert [one.name for one in vault.reader.all(Enterprise)] == ["Weald Companions"]
        assert vault.access.ways() == ("escrow", "passphrase", "recovery")


def test_the_council_is_let_in_by_its_key_and_out_again(program, register, qtbot):
    desk = joined(qtbot, program, register)
    desk.view.open_route("ways_in")
    page = desk.view.front
    idle(qtbot, program)
    made = fresh_council_key()
    ask = page.council.key
    assert ask.field.value() == ""
    ask.field.edit.setText(made.public[:-1] + ("0" if made.public[-1] != "0" else "1"))
    ask.compare.click()
    assert "letter of it is wrong" in page.problem.words
    assert ask.field.value()
    assert not ask.is_asking
    ask.field.edit.setText(made.public)
    ask.compare.click()
    assert ask.is_asking
    ask.differ.click()
    assert (ask.field.value(), ask.is_asking) == ("", False)
    ask.field.edit.setText(made.public)
    ask.compare.click()
    ask.field.typed.emit("another")  # a letter more, and the words are of another key
    assert not ask.is_asking
    ask.agree.click()
    idle(qtbot, program)
    assert page.council.let_out.isHidden()
    ask.field.edit.setText(made.public)
    ask.compare.click()
    ask.agree.click()
    idle(qtbot, program)
    assert not page.council.let_out.isHidden()
    assert page.council.key.isHidden()
    page.council.let_out.click()
    idle(qtbot, program)
    assert page.council.let_out.isHidden()


def test_everything_is_locked_with_a_new_key(program, register, qtbot):
    desk = joined(qtbot, program, register)
    write(qtbot, program, name="Weald Companions", district="E07000105")
    desk.view.open_route("ways_in")
    page = desk.view.front
    page.new_key.old.set_value("not the one in use")
    for field in (page.new_key.new, page.new_key.again):
        field.set_value("harbour apple bicycle 99")
    page.new_key.lock.click()
    idle(qtbot, program)
    assert "did not open" in page.problem.words
    assert program.desk is desk
    page.new_key.old.set_value(WORDS)
    page.new_key.lock.click()
    idle(qtbot, program)
    qtbot.waitUntil(lambda: isinstance(program.frame.centralWidget(), NewKeyPage))
    done = program.frame.centralWidget()
    sheet = " ".join(done.sheet.words)
    assert program.desk is None
    done._go()
    qtbot.waitUntil(lambda: isinstance(program.frame.centralWidget(), UnlockPage))
    assert done.sheet.words == ()
    idle(qtbot, program)
    with pytest.raises(WrongPassphrase):
        Vault.open(program.folder, passphrase=WORDS, clock=register.clock)
    for secret in ({"passphrase": "harbour apple bicycle 99"}, {"recovery": sheet}):
        with Vault.open(program.folder, clock=register.clock, **secret) as again:
            assert [one.name for one in again.reader.all(Enterprise)] == ["Weald Companions"]
