"""A laptop that has joined, by keys alone: a thing to check, and a damaged file put back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.devtools.shots_joined import WORDS, joined_vault
from desktop.jobs import Jobs
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from forms.facts.people import Enterprise
from forms.values import SetClock
from storage.vault import Vault
from sync.client import transport
from sync.errors import Unreachable
from tests.desktop.shell.test_ways_round import spoil
from tests.desktop.shell.world import NOW
from tests.desktop.whole.keyboard import CTRL, Key, Keyboard

MARY = "shots-1"


@pytest.fixture
def folder(tmp_path):
    """A joined laptop's records: one value changed on both sides, one change after the copy."""
    place, clock = tmp_path / "records", SetClock(NOW)
    with joined_vault(place, clock) as vault:
        vault.back_up()
        with vault.change(by="coach-shots", at=NOW) as unit:
            unit.set(Enterprise, MARY, name="Mary at Home")
    return place


@pytest.fixture
def keys(qtbot, folder, monkeypatch):
    """The program as it starts: it asks for the passphrase. There is no line."""

    def no_line(_identity):
        raise Unreachable

    monkeypatch.setattr(transport, "open_transport", no_line)
    frame = Frame()
    program = Program(frame, Jobs(frame), Settings(), folder, SetClock(NOW))
    program.start()
    frame.show()
    frame.activateWindow()
    yield Keyboard(program, qtbot)
    frame.close()
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def unlock(keys):
    assert keys.name == "Your passphrase"
    keys.type(WORDS)
    keys.press(Key.Key_Return)


def test_a_thing_to_check_is_settled(keys):
    unlock(keys)
    keys.until(lambda: keys.program.desk is not None)
    assert keys.reader.get(Enterprise, MARY).place == "Ashwick, Old Forge"
    keys.press(Key.Key_K, CTRL)
    keys.type("mary at home")
    keys.press(Key.Key_Return)
    keys.push("1 thing to check")
    assert keys.place.name == "things_to_check"
    assert "Ashwick, Mill Lane" in keys.seen
    assert "Ashwick, Old Forge" in keys.seen
    keys.push("Use this choice")
    assert "Choose one of the values first." in keys.seen
    keys.push("Decide later")
    assert len(keys.reader.conflicts()) == 1
    assert "1 thing is left for later. Nothing is lost." in keys.seen
    assert keys.place.name == "enterprise"  # the only one: back to where one was
    keys.push("1 thing to check")
    keys.push("Use mine")
    keys.fill("Why?", "Mary told me herself")
    keys.push("Use this choice")
    assert "Nothing to check." in keys.seen
    assert keys.reader.conflicts() == []
    assert keys.reader.get(Enterprise, MARY).place == "Ashwick, Mill Lane"
    assert keys.at is not None
    keys.program.desk.view.undo.clear()


def test_a_damaged_file_is_put_back_from_the_newest_good_copy(keys, folder):
    spoil(folder)
    unlock(keys)
    keys.until(lambda: "Your last good copy is from today" in keys.seen)
    assert "Nothing has been deleted." in keys.seen
    assert keys.name == "Put it back"
    keys.press(Key.Key_Return)
    keys.until(lambda: keys.program.desk is not None)
    assert "are back. Nothing was deleted." in keys.seen
    assert keys.reader.get(Enterprise, MARY) is not None
    assert list(folder.glob("damaged-1-*"))
    keys.program.desk.view.undo.clear()


def test_a_copy_is_put_back_though_nothing_is_broken(keys, folder):
    unlock(keys)
    keys.until(lambda: keys.program.desk is not None)
    keys.press(Key.Key_6, CTRL)
    keys.push("Put the newest copy back")
    assert keys.name == "Close and put it back", "the focus is at what was asked for"
    keys.press(Key.Key_Space)
    unlock(keys)
    keys.until(lambda: keys.name == "Put it back")
    keys.press(Key.Key_Space)
    keys.until(lambda: keys.program.desk is not None)
    assert "are back. Nothing was deleted." in keys.seen
    assert keys.reader.get(Enterprise, MARY).name == "Mary at Home"  # the later change too
    assert keys.name == "Send and fetch now"
    keys.program.desk.view.undo.clear()
    keys.press(Key.Key_L, CTRL)
    keys.until(lambda: keys.name == "Your passphrase")
    with Vault.open(folder, passphrase=WORDS, clock=SetClock(NOW)) as again:
        assert again.reader.get(Enterprise, MARY).name == "Mary at Home"
