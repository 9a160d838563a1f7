"""Unlock: words for each way it can go, on real vaults with a quick key."""

import shutil
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel

from desktop.operations.long_work import Progress
from desktop.presenters.unlock import UnlockPresenter, making_ready
from desktop.views.unlock import UnlockPage
from desktop.views.waiting import Waiting
from storage.vault import Vault
from tests.desktop.shell.world import WORDS, OnTheSpot
from tests.storage.golden import VAULTS
from tests.storage.samples import PASSPHRASE


class Held:
    """Jobs that are not done yet."""

    def run(self, work, **_):
        pass


class Page:
    def __init__(self):
        self.busy, self.problems, self.ways, self.forgot = [], [], [], 0
        self.steps, self.work, self.stopped = [], [], []
        self.offer, self.log_in = ("", ""), False

    def show_busy(self, words):
        self.busy.append(words)

    def show_step(self, words):
        self.steps.append(words)

    def show_work(self, words, done, of):
        self.work.append((words, done, of))

    def show_stopped(self, words):
        self.stopped.append(words)

    def show_problem(self, words, details=""):
        self.problems.append(words)

    def show_ways(self, *, recovery):
        self.ways.append(recovery)

    def show_log_in(self):
        self.log_in = True

    def show_offer(self, words, press):
        self.offer = (words, press)

    def forget_typed(self):
        self.forgot += 1


@pytest.fixture
def ask(made, clock):
    page, opened = Page(), []
    presenter = UnlockPresenter(page, OnTheSpot(), made[0], clock, opened.append)
    yield page, presenter, opened
    for session in opened:
        session.vault.close()


def test_the_passphrase_opens_and_nothing_typed_is_kept(ask):
    page, presenter, opened = ask
    presenter.open_by(WORDS)
    assert len(opened) == 1
    assert page.forgot == 1
    assert page.problems == []


def test_a_wrong_one_is_said_plainly_and_may_be_mended(ask):
    page, presenter, opened = ask
    presenter.open_by("apple bicycle harbour 4818")
    assert page.problems == [
        "That passphrase did not open this laptop's records. Check Caps Lock. "
        "You can use your recovery sheet."
    ]
    assert page.forgot == 0
    presenter.open_by(WORDS)
    assert len(opened) == 1


def test_the_recovery_sheet_opens_too(ask, made):
    page, presenter, opened = ask
    presenter.use_recovery()
    presenter.open_by(" ".join(made[1]))
    assert page.ways == [True]
    assert len(opened) == 1


def test_a_sheet_with_a_word_missing_says_so(ask, made):
    page, presenter, _ = ask
    presenter.use_recovery()
    presenter.open_by(" ".join(made[1][:-1]))
    assert "16 were typed" in page.problems[0]


def test_nothing_typed_asks_for_it(ask):
    page, presenter, _ = ask
    presenter.open_by("   ")
    assert page.problems == ["Type your passphrase."]


def test_a_vault_that_is_open_elsewhere_is_said(ask, made, clock):
    page, presenter, _ = ask
    other = Vault.open(made[0], passphrase=WORDS, clock=clock)
    presenter.open_by(WORDS)
    other.close()
    assert "already open in another window" in page.problems[0]


def test_a_damaged_file_is_said_and_not_taken_for_a_wrong_passphrase(ask, made):
    page, presenter, _ = ask
    records = made[0] / "records.db"
    spoiled = bytearray(records.read_bytes())
    for place in range(0, len(spoiled), 700):
        spoiled[place] ^= 0xFF
    records.write_bytes(bytes(spoiled))
    presenter.open_by(WORDS)
    assert "damaged" in page.problems[0]
    assert "Nothing has been deleted" in page.problems[0]


def test_the_page_keeps_what_was_typed_and_shows_it_when_asked(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show()
    qtbot.keyClicks(page.passphrase.edit, "apple")
    page.show_problem("No.")
    assert page.passphrase.value() == "apple"
    assert page.passphrase.edit.echoMode() == page.passphrase.edit.EchoMode.Password
    page.passphrase.show_box.click()
    assert page.passphrase.edit.echoMode() == page.passphrase.edit.EchoMode.Normal
    page.forget_typed()
    assert page.passphrase.value() == ""
    assert page.passphrase.edit.echoMode() == page.passphrase.edit.EchoMode.Password


def test_a_passphrase_can_be_pasted(qtbot, qapp):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show()
    qapp.clipboard().setText(WORDS)
    page.passphrase.edit.paste()
    qapp.clipboard().clear()
    assert page.passphrase.value() == WORDS


def test_records_of_an_older_version_are_made_ready_in_steps_that_are_said(
    tmp_path, clock, monkeypatch
):
    shutil.copytree(VAULTS / "0.1.0", tmp_path / "v")
    page, opened = Page(), []
    presenter = UnlockPresenter(page, OnTheSpot(), tmp_path / "v", clock, opened.append)
    heard = Progress.heard

    def looked(self, *step):
        heard(self, *step)
        assert presenter.look()  # as the page does, ten times a second

    monkeypatch.setattr(Progress, "heard", looked)
    presenter.open_by(PASSPHRASE)
    for session in opened:
        session.vault.close()
    said = "Hedgerow is making your records ready for this version. This is done once. "
    assert page.steps == [
        said + "1 of 3: copying them as they are, and checking the copy...",
        said + "2 of 3: bringing them up to this version...",
        said + "3 of 3: opening them...",
    ]
    assert not presenter.look()


def test_records_of_this_version_open_without_a_word_of_it(ask):
    page, presenter, opened = ask
    presenter.open_by(WORDS)
    assert opened
    assert page.steps == []
    assert not presenter.look()


def test_the_pages_show_the_step_under_way(qtbot, clock, tmp_path):
    told = Progress()
    unlock, waiting = UnlockPage(), Waiting("Opening...", partial(making_ready, told))
    for page in (unlock, waiting):
        qtbot.addWidget(page)
        page.show()
    jobs = Held()
    presenter = UnlockPresenter(unlock, jobs, tmp_path, clock, pytest.fail)
    unlock.use(presenter)
    presenter.open_by(WORDS)
    presenter._told.heard("bringing them up to this version", 2, 3)
    told.heard("bringing them up to this version", 2, 3)
    for page in (unlock, waiting):
        labels = page.findChildren(QLabel)
        qtbot.waitUntil(
            lambda labels=labels: any("2 of 3: bringing" in one.text() for one in labels)
        )
