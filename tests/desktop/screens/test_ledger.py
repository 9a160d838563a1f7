"""Where everything is: the words of the ledger on a real vault, and what was not taken first."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.context import Session
from desktop.presenters.ledger import EMPTY, LedgerPresenter
from desktop.presenters.sent_and_safe import SafePresenter
from desktop.views.ledger import LedgerScreen
from desktop.views.sent_and_safe import SentAndSafe
from forms.change import Ack
from forms.facts.people import Colleague, Enterprise
from forms.values import SetClock
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, mary
from tests.storage.register_pages import IDENTITY, LATER, page, state_of


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def vault(tmp_path, clock):
    made, _ = Vault.create(
        tmp_path / "vault", passphrase="three quiet rivers", clock=clock,  # noqa: S106  a test's own
        cost=Cost(memory=8, passes=1),
    )  # fmt: skip
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(mary())
    yield made
    made.close()


def on(vault):
    made = context(vault)
    made.session = Session(vault=vault, actor=COACH, pack=made.session.pack, register_name="Kent")
    return made


def acknowledge(vault, results):
    ops = vault.exchange.unsent()
    acks = [
        Ack(
            seq=op.seq,
            feed_seq=number,
            result=results(op),
            words="The register kept its own value.",
        )
        for number, op in enumerate(ops, start=1)
    ]
    vault.exchange.acknowledge(acks, NOON + timedelta(minutes=5))


def test_before_anything_is_sent_it_begins_with_what_waits(vault, view):
    LedgerPresenter(on(vault), view).load()
    picture = view.last["show_ledger"]
    assert picture.view == "waiting"
    assert picture.counts["waiting"] == len(picture.lines) > 0
    assert {line.state for line in picture.lines} == {"To send"}
    assert "There is no copy yet" in picture.says
    assert any(line.whose for line in picture.lines)


def test_a_copy_and_a_later_edit_are_told_apart(vault, view, clock):
    clock.moment = NOON + timedelta(minutes=1)
    vault.back_up()
    clock.moment = NOON + timedelta(minutes=9)
    with vault.change(by=COACH.id, at=clock.now()) as unit:
        unit.set(Enterprise, MARY, phone="01303 2")
    presenter = LedgerPresenter(on(vault), view)
    presenter.choose("no_copy")
    picture = view.last["show_ledger"]
    assert [line.copied for line in picture.lines] == ["not yet"]
    presenter.choose("all")
    assert {line.copied for line in view.last["show_ledger"].lines} == {"in a copy", "not yet"}


def test_the_number_of_all_is_the_one_that_is_said_and_others_records_are_told_apart(vault, view):
    presenter = LedgerPresenter(on(vault), view)
    presenter.choose("all")
    mine = view.last["show_ledger"].counts["all"]
    assert f"{mine} records and 0 files on this laptop." in view.last["show_ledger"].says
    vault.exchange.adopt(IDENTITY)
    vault.exchange.absorb(page(state_of(Colleague(id="dev", name="Dev Patel"))), LATER)
    presenter.choose("all")
    picture = view.last["show_ledger"]
    assert picture.counts["all"] == len(picture.lines) == mine
    assert (
        f"Listed: {mine} records written here, 0 files. "
        f"On this laptop now: {mine + 1} records, whoever wrote." in picture.says
    )


def test_an_empty_view_says_what_that_means(vault, view):
    presenter = LedgerPresenter(on(vault), view)
    presenter.choose("refused")
    assert view.last["show_ledger"].empty == EMPTY["refused"]
    assert view.last["show_ledger"].lines == ()


def test_enter_leads_to_the_record(vault, view):
    made = on(vault)
    presenter = LedgerPresenter(made, view)
    presenter.load()
    line = next(x for x in view.last["show_ledger"].lines if x.enterprise_id)
    presenter.open(line)
    assert made.goes.routes == [("enterprise", {"id": MARY})]


def test_the_screen_turns_between_views(vault, qtbot):
    screen = LedgerScreen(on(vault))
    qtbot.addWidget(screen)
    screen.show()
    assert screen._views["waiting"].isChecked()
    screen._views["refused"].click()
    assert screen._views["refused"].isChecked()
    assert screen._empty.text() == EMPTY["refused"]
    assert not screen._table.isVisible()


def test_what_was_not_taken_comes_first_with_the_registers_words(vault, view):
    vault.exchange.adopt(IDENTITY)
    acknowledge(vault, lambda op: "refused:ROLE" if op.kind == "leader" else "ok")
    LedgerPresenter(on(vault), view).load()
    picture = view.last["show_ledger"]
    assert picture.view == "refused"
    (line,) = picture.lines
    assert line.state == "Not taken"
    assert line.because == "The register kept its own value."
    safe = FakeView()
    SafePresenter(safe, on(vault)).load()
    assert safe.last["show_page"].not_taken == 1


def test_this_laptop_goes_by_its_name_and_not_by_an_id_of_ours(vault, view, monkeypatch):
    monkeypatch.setattr("platform.node", lambda: "kitchen\x00-laptop\n" + "x" * 99)
    SafePresenter(view, on(vault)).load()
    assert view.last["show_page"].device == ""  # it has not joined
    vault.exchange.adopt(IDENTITY)
    SafePresenter(view, on(vault)).load()
    assert view.last["show_page"].device == "kitchen-laptop" + "x" * 46
    monkeypatch.setattr("platform.node", lambda: "")
    SafePresenter(view, on(vault)).load()
    assert view.last["show_page"].device == "a laptop without a name"


def press(screen, words):
    next(each for each in screen.findChildren(QPushButton) if each.text() == words).click()


def test_who_can_open_the_records_is_said_and_whether_it_is_enough(vault, view, qtbot):
    SafePresenter(view, on(vault)).load()
    said = view.last["show_page"].ways
    assert said == (
        "These records open with your passphrase or the recovery sheet. "
        "The council has no key to them."
    )
    made = on(vault)
    screen = SentAndSafe()
    qtbot.addWidget(screen)
    screen.use(SafePresenter(screen, made))
    screen.show()
    screen.arrive()
    assert screen._ways.text() == said
    for words in ("Where everything is", "Privacy: copies, consent, erasure"):
        press(screen, words)
    assert [name for name, _ in made.goes.routes] == ["ledger", "privacy"]


def test_a_good_copy_can_be_put_back_though_nothing_is_broken(vault, view):
    vault.back_up()
    made = on(vault)
    made.mend = lambda: None
    presenter = SafePresenter(view, made)
    presenter.load()
    assert view.last["show_page"].may_put_back
    presenter.put_back()
    assert "Nothing is deleted" in view.last["show_mend"]


def test_records_are_called_what_people_call_them(tmp_path, clock, view):
    vault, _ = Vault.create(tmp_path / "practice", practice=True, clock=clock)
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add_all([*mary(), Colleague(id="qa-7", name="Lee Marsh", role="qa")])
    presenter = LedgerPresenter(on(vault), view)
    presenter.choose("all")
    vault.close()
    said = {line.what for line in view.last["show_ledger"].lines}
    assert "Checklist: Public liability insurance" in said
    assert "Colleague: Lee Marsh" in said
    assert not [each for each in said if each.endswith(": C07")]
