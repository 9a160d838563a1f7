"""First run and enrolment by keys alone, against a register on a loopback socket."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.jobs import Jobs
from desktop.operations import vault as vaults
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.kit.sheet import SheetWords
from desktop.views.main_window_frame import Frame
from forms.facts.people import Enterprise
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.whole.keyboard import CTRL, SHIFT, Key, Keyboard
from tests.sync.conftest import serving
from tests.sync.world import World

QUICK = Cost(memory=8, passes=1)
WORDS = "apple bicycle harbour 4817"


@pytest.fixture
def register(tmp_path):
    with World(f"sqlite:///{tmp_path / 'register.db'}") as world, serving(world) as url:
        world.address = url
        yield world


@pytest.fixture
def keys(qtbot, tmp_path, register, monkeypatch):
    """The program as it starts on a new laptop."""

    def quick(folder, passphrase, clock):
        return vaults.Made(*Vault.create(folder, passphrase=passphrase, clock=clock, cost=QUICK))

    monkeypatch.setattr(vaults, "create", quick)
    frame = Frame()
    program = Program(frame, Jobs(frame), Settings(), tmp_path / "records", register.clock)
    program.start()
    frame.show()
    frame.activateWindow()
    yield Keyboard(program, qtbot)
    frame.close()
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def sheet_on_screen(keys):
    (sheet,) = keys.program.frame.findChildren(SheetWords)
    assert sheet.isVisible()
    return sheet.words


def word_asked(keys):
    """The number in the name of the field in front: "Word number 5"."""
    assert keys.name.startswith("Word number "), keys.name
    return int(keys.name.removeprefix("Word number "))


def test_from_the_first_page_to_the_first_enquiry_at_the_council(keys, register, heard):
    assert keys.name == "Join my council"  # the focus starts on the main way
    keys.press(Key.Key_Return)
    assert keys.name == "Address of the register"
    keys.type(register.address)
    keys.tab_to("Code for this laptop")
    keys.type("wrong")
    keys.press(Key.Key_Return)
    assert "four groups" in keys.seen  # said at once, not after passphrase and sheet
    assert keys.name == "Code for this laptop"
    keys.write("ABCD-EFGH-2345-6789")  # as a code looks, and none that the council gave
    keys.press(Key.Key_Return)
    assert keys.name == "Passphrase"
    keys.type("short")
    keys.press(Key.Key_Tab)
    keys.tab_to("The same again")
    keys.type("short")
    keys.press(Key.Key_Return)
    assert "Three" in keys.seen or "letters" in keys.seen
    assert keys.name in ("Passphrase", "The same again")
    keys.fill("The same again", WORDS)
    keys.tab_to("Passphrase", back=True)
    keys.write(WORDS)
    keys.push("Continue")
    sheet = sheet_on_screen(keys)
    assert len(sheet) == 17
    keys.push("I have it on paper")
    for _ in range(2):
        keys.type(sheet[word_asked(keys) - 1])
        keys.press(Key.Key_Tab)
    keys.push("Continue")
    keys.push("Go on without it")  # the council's key comes later
    # the code was wrong: back to it, with the words that say so and the address still there
    keys.until(lambda: keys.name == "Code for this laptop")
    assert "code" in keys.seen
    keys.write(register.code("ann"))
    keys.press(Key.Key_Return)
    keys.until(lambda: keys.program.desk is not None)
    assert keys.place.name == "today"
    assert keys.at is not keys.program.frame

    keys.press(Key.Key_N, CTRL | SHIFT)
    keys.fill("Name", "Ruth Vale")
    keys.push("Take this person on")
    (made,) = keys.reader.all(Enterprise)
    desk = keys.program.desk
    heard.clear()
    keys.press(Key.Key_F5)
    keys.until(lambda: not desk.exchanger.is_running)
    assert [words for words, _ in heard if words.startswith("Up to date with the register")]
    assert desk.exchanger.chip.words.startswith("Up to date with the register")
    assert register.row(made.id) is not None
    desk.view.undo.clear()


def test_locked_and_opened_again_and_a_wrong_passphrase_is_kept(keys, register):
    keys.press(Key.Key_Return)
    keys.type(register.address)
    keys.fill("Code for this laptop", register.code("ann"))
    keys.press(Key.Key_Return)
    keys.type(WORDS)
    keys.fill("The same again", WORDS)
    keys.press(Key.Key_Return)
    sheet = sheet_on_screen(keys)
    keys.push("I have it on paper")
    for _ in range(2):
        keys.type(sheet[word_asked(keys) - 1])
        keys.press(Key.Key_Tab)
    keys.push("Continue")
    keys.push("Go on without it")
    keys.until(lambda: keys.program.desk is not None)
    keys.press(Key.Key_2, CTRL)
    keys.press(Key.Key_L, CTRL)
    assert keys.name == "Your passphrase"
    keys.type("apple bicycle")
    keys.press(Key.Key_Return)
    keys.until(lambda: "did not open" in keys.seen)
    assert (keys.name, keys.at.text()) == ("Your passphrase", "apple bicycle")
    keys.write(WORDS)
    keys.press(Key.Key_Return)
    keys.until(lambda: keys.program.desk is not None)
    assert keys.place.name == "caseload"
    keys.press(Key.Key_L, CTRL)
    keys.push("I forgot my passphrase")
    assert keys.name == "The words of your recovery sheet"
    keys.type(" ".join(sheet))
    keys.press(Key.Key_Return)
    keys.until(lambda: keys.program.desk is not None)
    assert keys.place.name == "caseload"
