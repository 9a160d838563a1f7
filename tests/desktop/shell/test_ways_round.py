"""The ways round: a copy put back, looking at newer records, this computer's log-in."""

from functools import partial

import keyring
import keyring.backend
import keyring.backends.fail
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop.context import Session
from desktop.jobs import Jobs
from desktop.operations import vault as vaults
from desktop.operations.vault import Secret
from desktop.presenters.log_in import LogInPresenter
from desktop.presenters.sent_and_safe import SafePresenter
from desktop.presenters.unlock import LOOK, NO_COPY, ONLY_HEADER, PUT_BACK, UnlockPresenter
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from desktop.views.sent_and_safe import SentAndSafe
from desktop.views.settings import SettingsScreen
from desktop.views.unlock import UnlockPage
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from storage import keystore
from storage.errors import KeyringRefused, VaultDamaged, VaultReadOnly
from storage.vault import Vault
from tests.desktop.audit import audit
from tests.desktop.shell.test_unlock import Page
from tests.desktop.shell.world import COACH, QUICK, WORDS, OnTheSpot, make_context


@pytest.fixture
def folder(tmp_path, clock):
    """A vault with a copy, and one enterprise that was written after it."""
    vault, _ = Vault.create(tmp_path / "v", passphrase=WORDS, clock=clock, cost=QUICK)
    _write(vault, clock, "before")
    vault.back_up()
    _write(vault, clock, "after")
    vault.close()
    return tmp_path / "v"


def _write(vault, clock, name):
    with vault.change(by="coach-1", at=clock.now()) as unit:
        unit.add(Enterprise(id=name, name=name))


def spoil(folder):
    """Every page of the records file is damaged."""
    records = folder / "records.db"
    spoiled = bytearray(records.read_bytes())
    for place in range(0, len(spoiled), 700):
        spoiled[place] ^= 0xFF
    records.write_bytes(bytes(spoiled))


@pytest.fixture
def ask(folder, clock):
    page, opened = Page(), []
    presenter = UnlockPresenter(page, OnTheSpot(), folder, clock, opened.append)
    yield page, presenter, opened
    for session in opened:
        session.vault.close()


def test_a_damaged_file_offers_the_newest_good_copy_in_words(ask, folder):
    page, presenter, opened = ask
    spoil(folder)
    presenter.open_by(WORDS)
    words, press = page.offer
    assert words.startswith(
        "Part of the records file is damaged. Your last good copy is from today 09:00 and "
    )
    assert words.endswith("Nothing has been deleted.")
    assert press == PUT_BACK
    assert (opened, page.problems) == ([], [])


def test_put_back_opens_the_copy_and_keeps_the_damaged_file(ask, folder):
    page, presenter, opened = ask
    spoil(folder)
    presenter.open_by(WORDS)
    presenter.take_offer(WORDS)
    assert opened[0].vault.reader.get(Enterprise, "before") is not None
    assert "are back. Nothing was deleted." in opened[0].greeting
    assert (folder / "damaged-1-records.db").exists()
    assert page.forgot == 1


@pytest.mark.parametrize("copy", ["good", "damaged"])
def test_a_lost_vault_json_is_not_called_damaged_records(ask, folder, copy):
    page, presenter, opened = ask
    (folder / "vault.json").unlink()
    if copy == "damaged":
        for path in (folder / "copies").iterdir():
            (path / "records.db").write_bytes(b"no records")
    presenter.open_by(WORDS)
    assert page.offer == (ONLY_HEADER, PUT_BACK)
    presenter.take_offer(WORDS)
    assert "copy" not in page.busy[-1]
    assert page.problems == []
    assert opened[0].vault.reader.get(Enterprise, "after") is not None
    assert opened[0].greeting == "Your records open again. Nothing was deleted."
    assert list(folder.glob("damaged-*")) == []


def test_later_changes_that_can_be_read_come_back_too(ask):
    page, presenter, opened = ask
    presenter.mend_first()
    presenter.open_by(WORDS)
    assert "1 later change can be put back" in page.offer[0]
    presenter.take_offer(WORDS)
    assert opened[0].vault.reader.get(Enterprise, "after") is not None


def test_not_now_opens_what_can_be_opened(ask):
    page, presenter, opened = ask
    presenter.mend_first()
    presenter.open_by(WORDS)
    presenter.leave_offer()
    assert page.offer == ("", "")
    presenter.open_by(WORDS)
    assert len(opened) == 1
    assert opened[0].greeting == ""


def test_without_a_copy_nothing_is_promised(tmp_path, clock):
    Vault.create(tmp_path / "w", passphrase=WORDS, clock=clock, cost=QUICK)[0].close()
    spoil(tmp_path / "w")
    page = Page()
    UnlockPresenter(page, OnTheSpot(), tmp_path / "w", clock, pytest.fail).open_by(WORDS)
    assert page.problems == [NO_COPY]


def test_newer_records_may_be_looked_at_and_not_changed(ask, folder, clock):
    page, presenter, opened = ask
    with Vault.open(folder, passphrase=WORDS, clock=clock) as vault:
        vault._db.rows("PRAGMA user_version = 99000")
    presenter.open_by(WORDS)
    assert page.offer == (
        "A newer version made these records. Update this program. You can look but not change.",
        LOOK,
    )
    presenter.take_offer(WORDS)
    assert opened[0].read_only
    assert opened[0].vault.reader.get(Enterprise, "after") is not None
    with pytest.raises(VaultReadOnly), opened[0].vault.change(by="c", at=clock.now()):
        pytest.fail("it was opened for looking")


def test_the_page_shows_the_offer_and_takes_it_away(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show()
    page.show_busy("Opening your records...")
    page.show_offer("Part of the records file is damaged.", PUT_BACK)
    assert page._take.isVisible()
    assert page._take.isEnabled()
    page.show_log_in()
    assert [str(each) for each in audit(page)] == []
    page.show_offer("", "")
    assert not page._take.isVisible()


class Mended:
    def __init__(self):
        self.mends, self.health = [], []

    def show_mend(self, words):
        self.mends.append(words)

    def show_health(self, words, lines, *, well):
        self.health.append(well)

    def show_busy(self, words, done, of):
        pass

    def watch(self):
        pass

    def show_stopped(self, words):
        assert words == ""

    def show_page(self, page):
        pass

    def show_unread(self, words):
        raise AssertionError(words)


def test_check_my_data_offers_the_copy_when_it_finds_damage(context, monkeypatch):
    def damaged(vault, progress):
        raise VaultDamaged

    view, asked = Mended(), []
    context.mend = lambda: asked.append("mend")
    presenter = SafePresenter(view, context)
    presenter.check()
    assert view.mends == []
    monkeypatch.setattr(vaults, "copy_and_check", damaged)
    presenter.check()
    assert view.health == [True, False]
    assert view.mends[0].startswith("Your newest copy is from today 09:00. ")
    presenter.mend()
    assert asked == ["mend"]


def test_the_offer_is_on_the_page(context, qtbot):
    asked = []
    context.mend = lambda: asked.append("mend")
    screen = SentAndSafe()
    qtbot.addWidget(screen)
    screen.use(SafePresenter(screen, context))
    screen.show()
    screen.show_health("Something needs looking at.", (), well=False)
    screen.show_mend("Your newest copy is from today 09:00.")
    assert [str(each) for each in audit(screen)] == []
    (mend,) = (b for b in screen.findChildren(QPushButton) if b.text() == "Close and put it back")
    mend.click()
    assert asked == ["mend"]


def test_who_asks_for_the_copy_goes_on_at_the_button_that_puts_it_back(context, qtbot):
    context.mend = lambda: None
    vaults.back_up(context.session.vault)
    screen = SentAndSafe()
    qtbot.addWidget(screen)
    screen.use(SafePresenter(screen, context))
    screen.show()
    screen.activateWindow()
    screen.arrive()
    button = partial(button_of, screen)
    put_back = button("Put the newest copy back")
    put_back.setFocus()
    qtbot.waitUntil(put_back.hasFocus)
    put_back.click()
    assert button("Close and put it back").hasFocus()
    screen.arrive()  # read again: the offer stands, and stands once
    assert not [b for b in shown(screen) if b.text() == "Put the newest copy back"]
    assert len([b for b in shown(screen) if b.text() == "Close and put it back"]) == 1
    button("Check my data").setFocus()
    button("Check my data").click()
    assert button("Check my data").hasFocus(), "it was out of reach while it checked"
    assert not [b for b in shown(screen) if b.text() == "Close and put it back"]


def shown(screen):
    return [b for b in screen.findChildren(QPushButton) if b.isVisibleTo(screen)]


def button_of(screen, words):
    return next(b for b in shown(screen) if b.text() == words)


class Remembering(keyring.backend.KeyringBackend):
    """A key store in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def key_store(monkeypatch):
    backend = Remembering()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return backend


class Lanes(OnTheSpot):
    def through(self, _lane, work):
        return work()


@pytest.fixture
def real(folder, clock):
    """A context over a vault that is no practice vault."""
    vault = Vault.open(folder, passphrase=WORDS, clock=clock)
    made = make_context(vault, clock, jobs=Lanes())
    made.session = Session(vault=vault, actor=COACH, pack=load_pack("kent"))
    yield made
    vault.close()


class Card:
    def __init__(self):
        self.on, self.busy, self.problems = [], [], []

    def show_log_in(self, *, on):
        self.on.append(on)

    def show_log_in_busy(self, words):
        self.busy.append(words)

    def show_log_in_problem(self, words):
        self.problems.append(words)


def test_the_log_in_is_switched_on_opens_and_is_switched_off(real, folder, clock, key_store):
    card = Card()
    presenter = LogInPresenter(card, real)
    presenter.load()
    presenter.switch()
    assert card.on == [False, True]
    assert vaults.opens_with_log_in(folder)
    real.session.vault.close()

    page, opened = Page(), []
    unlock = UnlockPresenter(page, OnTheSpot(), folder, clock, opened.append)
    unlock.look_at_ways()
    assert page.log_in
    unlock.open_by_log_in()
    assert len(opened) == 1

    real.session.vault = opened[0].vault
    presenter.switch()
    opened[0].vault.close()
    assert card.on == [False, True, False]
    assert key_store.kept == {}
    assert not vaults.opens_with_log_in(folder)


def test_a_key_store_that_keeps_nothing_is_refused_in_words(real, folder, monkeypatch):
    monkeypatch.setattr(keyring, "get_keyring", keyring.backends.fail.Keyring)
    card = Card()
    LogInPresenter(card, real).switch()
    assert card.problems == [KeyringRefused.words]
    assert not vaults.opens_with_log_in(folder)


def test_a_key_store_that_never_answers_is_left_alone(real, folder, monkeypatch, key_store):
    import threading

    answer = threading.Event()
    monkeypatch.setattr(key_store, "set_password", lambda *_words: answer.wait())
    monkeypatch.setattr(keystore, "PATIENCE_SECONDS", 0.01)
    card = Card()
    LogInPresenter(card, real).switch()
    answer.set()
    assert card.problems == [keystore.NO_ANSWER]
    assert not vaults.opens_with_log_in(folder)


def test_a_log_in_that_fails_leaves_the_passphrase(ask, folder, clock, key_store):
    page, presenter, opened = ask
    with Vault.open(folder, passphrase=WORDS, clock=clock) as vault:
        vault.access.use_keyring()
    key_store.kept.clear()
    presenter.open_by_log_in()
    assert "Your records still open with your passphrase" in page.problems[0]
    presenter.open_by(WORDS)
    assert len(opened) == 1


def test_locking_meanwhile_seals_nothing(real, folder, key_store):
    vault = real.session.vault
    vault.close()
    vaults.begin_log_in(vault, lambda work: work())
    assert not vaults.opens_with_log_in(folder)


def test_a_secret_is_never_printed():
    assert WORDS not in repr(Secret(passphrase=WORDS, recovery=WORDS))


def test_the_settings_page_says_on_and_off(real, qtbot, key_store):
    screen = SettingsScreen(real.settings)
    qtbot.addWidget(screen)
    screen.use(LogInPresenter(screen, real))
    screen.resize(920, 556)
    screen.show()
    screen.arrive()
    assert screen._log_in_state.words == "Off"
    screen._switch.click()
    assert screen._log_in_state.words == "On"
    for _ in range(5):
        QApplication.processEvents()
    assert [str(each) for each in audit(screen)] == []
    screen.show_log_in_problem("It did not answer.")
    assert screen._log_in_words.isVisible()


def test_practice_records_need_no_log_in(context, qtbot):
    screen = SettingsScreen(context.settings)
    qtbot.addWidget(screen)
    screen.use(LogInPresenter(screen, context))
    screen.show()
    assert not screen._log_in.isVisible()


def test_mending_practice_records_puts_the_copy_back_and_opens_it(program, qtbot):
    vault = program.desk.context.session.vault
    folder, _copy = vault.place.folder, vault.back_up()
    program.desk.context.mend()
    qtbot.waitUntil(lambda: program.desk is not None and program.jobs.is_idle)
    assert (folder / "damaged-1-records.db").exists()
    assert program.desk.context.session.vault.reader.get(Enterprise, "ent-0") is not None
    assert "are back. Nothing was deleted." in program.desk.context.session.greeting


def test_newer_records_come_up_for_looking_only(qtbot, folder, clock):
    with Vault.open(folder, passphrase=WORDS, clock=clock) as vault:
        vault._db.rows("PRAGMA user_version = 99000")
    frame = Frame()
    jobs = Jobs(frame)
    made = Program(frame, jobs, Settings(), folder, clock)
    made.start()
    frame.show()
    page = frame.centralWidget()
    page.passphrase.edit.setText(WORDS)
    page.open_button.click()
    qtbot.waitUntil(lambda: page._take.isVisible() and jobs.is_idle)
    page._take.click()
    qtbot.waitUntil(lambda: made.desk is not None and jobs.is_idle)
    said = [each.text() for each in made.desk.view.findChildren(QLabel)]
    assert any(words.startswith("LOOKING ONLY") for words in said)
    for name in ("caseload", "sent_and_safe", "settings"):
        made.desk.view.open_route(name)
        qtbot.waitUntil(lambda: jobs.is_idle)
    assert made.desk.view.problem.isHidden()
    frame.close()
    qtbot.waitUntil(lambda: jobs.is_idle)
