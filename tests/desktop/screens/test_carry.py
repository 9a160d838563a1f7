"""Carry by hand on the screen, with a real vault and a real register."""

from __future__ import annotations

import errno

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.navigation import route
from desktop.presenters.carry import CarryPresenter
from desktop.views.carry import Carry
from desktop.views.screens import SCREENS
from forms.facts.people import Enterprise
from forms.rules.decisions import decide
from sync import errors
from sync.client import carry
from sync.register import admin
from sync.register.carry import take_file
from sync.register.service import Register
from tests.desktop.screens.desk import context
from tests.desktop.screens.test_screens import named, said
from tests.sync.test_sticks import fails_after
from tests.sync.vaults import VaultLaptop
from tests.sync.world import World, enterprise, kent


@pytest.fixture
def world(tmp_path):
    with World(f"sqlite:///{tmp_path / 'register.db'}", laptop=VaultLaptop) as made:
        yield made


@pytest.fixture
def ann(world):
    laptop = world.laptop("ann")
    yield laptop
    laptop.close()


@pytest.fixture
def page(world, ann, tmp_path, qtbot):
    """The screen of Ann's laptop; files go to and come from a folder that stands for a stick."""
    screen = Carry(
        choose_new=lambda _parent, name: tmp_path / name,
        choose_old=lambda _parent: tmp_path / "back.hedgerow",
    )
    here = context(ann.vault)
    here.clock = world.clock
    screen.use(CarryPresenter(screen, here))
    qtbot.addWidget(screen)
    screen.resize(920, 556)
    screen.show()
    screen.arrive()
    return screen


def press(qtbot, screen, words):
    qtbot.mouseClick(named(screen, QPushButton, words), Qt.MouseButton.LeftButton)


def at_the_council(world, folder):
    (asked,) = folder.glob("for-the-council-*.hedgerow")
    key = admin.signing_key(world.store)
    register = Register(world.store, world.clock, {"kent": kent()}, key, decide)
    take_file(register, asked, folder / "back.hedgerow", world.clock)


def test_there_and_back(world, ann, page, tmp_path, qtbot):
    case = ann.add(enterprise())
    page.arrive()
    assert "Waiting here: 1 change, 0 questions and 0 files." in said(page)
    press(qtbot, page, "Write a file for the council")
    assert "for-the-council-2022-03-01.hedgerow holds 1 change" in said(page)
    assert "Nothing counts as sent until" in said(page)
    assert "Waiting here: 1 change" in said(page)
    at_the_council(world, tmp_path)
    press(qtbot, page, "Read the council's answer")
    assert "Sent: 1 change and 0 files." in said(page)
    assert "Waiting here: 0 changes" in said(page)
    assert world.row(case.id).fields["name"] == ann.get(Enterprise, case.id).name


def test_a_file_that_is_something_else(page, tmp_path, qtbot):
    (tmp_path / "back.hedgerow").write_bytes(b"holiday pictures")
    press(qtbot, page, "Read the council's answer")
    assert "Nothing was changed" in said(page)


def test_a_file_that_is_not_there(page, qtbot):
    press(qtbot, page, "Read the council's answer")
    assert page.problem.isVisible()
    assert "was the stick taken out" in said(page)


def test_a_stick_that_is_full_or_pulled_out_is_no_mistake_of_ours(ann, page, qtbot, monkeypatch):
    ann.add(enterprise())
    for number, words in ((errno.ENOSPC, "not enough room"), (errno.EIO, "was it taken out")):
        fails_after(monkeypatch, 200, number)
        press(qtbot, page, "Write a file for the council")
        assert words in said(page)
        assert "made a mistake" not in said(page)
        monkeypatch.undo()


def test_an_answer_that_was_read_before_says_so(world, ann, page, tmp_path, qtbot):
    ann.add(enterprise())
    press(qtbot, page, "Write a file for the council")
    at_the_council(world, tmp_path)
    press(qtbot, page, "Read the council's answer")
    press(qtbot, page, "Read the council's answer")
    assert "Nothing in that answer was new." in said(page)


def test_what_came_in_before_it_failed_is_told_to_other_pages(
    world, ann, page, tmp_path, qtbot, monkeypatch
):
    case = ann.add(enterprise())
    world.settle_down(ann)
    lee = world.laptop("lee")
    world.settle_down(lee)
    lee.set(case.id, name="Quick Steps")
    world.settle_down(lee)
    heard = []
    page._presenter._context.broadcast.listen(page, heard.append)
    press(qtbot, page, "Write a file for the council")
    at_the_council(world, tmp_path)
    real = carry._take_in

    def again(*asked):
        real(*asked)
        raise errors.CarriedAgain(detail="epoch")

    monkeypatch.setattr(carry, "_take_in", again)
    press(qtbot, page, "Read the council's answer")
    assert errors.CarriedAgain().words in said(page)
    assert any(news.touches("enterprise") for news in heard)


def test_a_laptop_that_never_joined_is_told_so(qtbot, world):
    laptop = VaultLaptop(world.clock)
    try:
        screen = SCREENS["carry"].make(context(laptop.vault), route("carry"))
        qtbot.addWidget(screen)
        screen.show()
        screen.arrive()
        assert "has not joined a council yet" in said(screen)
        assert not named(screen, QPushButton, "Write a file for the council").isEnabled()
    finally:
        laptop.close()


def test_a_stick_that_is_too_small_says_what_did_not_go_in(ann, page, qtbot, monkeypatch):
    from types import SimpleNamespace

    from sync.client import carry
    from tests.sync.test_carry import three_papers

    three_papers(ann)
    page.arrive()
    assert "and 3 files, about 586 KB." in said(page)
    free = SimpleNamespace(free=carry.SPARE + 400_000)
    monkeypatch.setattr(carry.shutil, "disk_usage", lambda _: free)
    press(qtbot, page, "Write a file for the council")
    assert "holds 4 changes, 0 questions and 2 files" in said(page)
    assert "There was no room for 1 file. They wait here" not in said(page)
    assert "There was no room for 1 file. It waits here" in said(page)
