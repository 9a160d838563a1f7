"""Pages whose buttons write: what a full disk did not take has "Try again", and it is true."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from shiboken6 import delete

from desktop.context import Session
from desktop.navigation import Route
from desktop.operations import form_publishing as publishing
from desktop.operations import importing, privacy
from desktop.presenters.directory import DirectoryPresenter
from desktop.presenters.form_publishing import PublishingPresenter
from desktop.presenters.handovers import HandoversPresenter
from desktop.presenters.importing import ImportPresenter
from desktop.presenters.market_gaps import GapsPresenter
from desktop.presenters.privacy import PrivacyPresenter
from desktop.presenters.privacy_person import PersonPresenter
from desktop.presenters.saving import words_for
from desktop.presenters.tries import NOT_DONE, Tries
from desktop.views.market.gaps import GapsScreen
from desktop.views.privacy.person import PersonScreen
from forms.facts.market import MarketGap, Signpost
from forms.facts.people import Consent, Enquiry
from forms.values import SetClock
from storage.errors import VaultFull, VaultReadOnly
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, LEAD, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, colleagues, mary, signed_dpia
from tests.support.full_disk import Disk

LONG_AGO = date(2010, 5, 1)
ASHFORD = "E07000105"
FILE = "Name,Phone\nAda Mistry,01303 1\n"


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(tmp_path / "vault", practice=True, clock=SetClock(NOON))
    ended = Consent(
        id="ended", enterprise_id=MARY, purpose="photo", given_on=LONG_AGO, withdrawn_on=LONG_AGO
    )
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all([*mary(), *colleagues(), signed_dpia(), ended])
        unit.add(MarketGap(id="gap", district=ASHFORD, service_type="pc", opened_on=LONG_AGO))
        unit.add(Signpost(id="before", on=LONG_AGO, district=ASHFORD, shown=("Name 1",)))
    yield made
    made.close()


@dataclass
class Desk:
    """A page's context, and a disk that can be full."""

    vault: Any
    here: Any
    folder: Any
    disk: Disk

    def count(self, cls):
        return len(self.vault.reader.all(cls))


@pytest.fixture
def desk(vault, monkeypatch, tmp_path):
    here = context(vault)
    here.session = Session(vault=vault, actor=LEAD, pack=here.session.pack)
    return Desk(vault, here, tmp_path, Disk(monkeypatch, (vault, "change")))


def gap_of(presenter, _desk):
    said = {"district": ASHFORD, "place": "", "service_type": "pc", "target_group": ""}
    presenter.add("3", **said, times="", heard_from="", words="Nobody cooks")


def imported(presenter, desk):
    path = desk.folder / "list.csv"
    path.write_text(FILE, encoding="utf-8")
    presenter.read(path)
    presenter.add()


def proposed(presenter, desk):
    presenter._proposal = SimpleNamespace(form=SimpleNamespace(title="A form"))
    presenter.publish(ticked=False)


def due(presenter, _desk):
    presenter.load()
    line = next(d for d in presenter._view.last["show_privacy"].due if d.rule == "consent_ended")
    presenter.act(line)


def agreed_to(presenter, _desk):
    presenter.load()
    purposes = presenter._view.last["show_person"].purposes
    presenter.give(next(p for p in purposes if p.purpose == "photo"), "Mary Thorne", "spoken")


LISTING = SimpleNamespace(name="Name 1")
PRESSES = {
    "a gap is written down": (GapsPresenter, gap_of, "show_problem"),
    "a gap is matched": (GapsPresenter, lambda p, _: p.match("gap", MARY), "show_problem"),
    "a gap is closed": (GapsPresenter, lambda p, _: p.close("gap", "filled"), "show_problem"),
    "a listing was shown": (DirectoryPresenter, lambda p, _: p.showed(LISTING), "show_problem"),
    "what came of it": (
        DirectoryPresenter,
        lambda p, _: p.came_of_it("before", "started"),
        "show_problem",
    ),
    "a case is offered": (
        partial(HandoversPresenter, case_id=MARY),
        lambda p, _: p.offer("coach-1"),
        "show_problem",
    ),
    "enquiries are added": (ImportPresenter, imported, "show_not_added"),
    "a form is published": (PublishingPresenter, proposed, "show_refusal"),
    "what is due is done": (PrivacyPresenter, due, "show_problem"),
    "they agree": (partial(PersonPresenter, enterprise_id=MARY), agreed_to, "show_problem"),
    "their wish": (
        partial(PersonPresenter, enterprise_id=MARY),
        lambda p, _: p.wish("moving"),
        "show_problem",
    ),
}


def written(desk):
    """Everything in the vault, by kind: how many, and how they stand."""
    kinds = (MarketGap, Signpost, Enquiry, Consent)
    found = [sorted(map(repr, desk.vault.reader.all(cls))) for cls in kinds]
    return found, len(desk.vault.reader.decisions())


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_that_the_disk_refused_is_tried_again(name, desk, monkeypatch):
    make, press, says = PRESSES[name]
    published = []
    monkeypatch.setattr(publishing, "publish", lambda _w, **it: published.append(it) or "2")
    view = FakeView()
    presenter = make(desk.here, view)
    before = written(desk), len(published)
    desk.disk.is_full = True
    press(presenter, desk)
    assert (written(desk), len(published)) == before
    assert view.last[says] == NOT_DONE
    assert [type(each) for each in desk.here.tell.failures] == [VaultFull]
    again = desk.here.tell.agains[-1]
    desk.disk.is_full = False
    again()
    assert (written(desk), len(published)) != before
    assert again in desk.here.tell.settled
    assert not view.last[says]
    after = written(desk), len(published)
    if name == "a listing was shown":
        press(presenter, desk)
    assert (written(desk), len(published)) == after  # it was written once


def test_the_button_of_the_page_does_it_too_and_the_bar_goes(desk):
    view = FakeView()
    presenter = DirectoryPresenter(desk.here, view)
    desk.disk.is_full = True
    presenter.showed(LISTING)
    desk.disk.is_full = False
    presenter.showed(LISTING)
    assert desk.count(Signpost) == 2
    assert desk.here.tell.settled == [desk.here.tell.agains[-1]]


def test_two_listings_pressed_at_once_are_one_signpost(desk, lane):
    desk.here.jobs = lane
    presenter = DirectoryPresenter(desk.here, FakeView())
    presenter.showed(LISTING)
    presenter.showed(LISTING)
    presenter.showed(SimpleNamespace(name="Name 2"))
    lane.catch_up()
    (made,) = [each for each in desk.vault.reader.all(Signpost) if each.id != "before"]
    assert made.shown == ("Name 1", "Name 2")


def test_a_listing_that_was_refused_is_of_its_own_search(desk):
    view = FakeView()
    presenter = DirectoryPresenter(desk.here, view)
    presenter.ask(district=ASHFORD)
    desk.disk.is_full = True
    presenter.showed(LISTING)
    desk.disk.is_full = False
    presenter.ask(district="E07000113")
    desk.here.tell.agains[-1]()
    (made,) = [each for each in desk.vault.reader.all(Signpost) if each.id != "before"]
    assert (made.district, made.shown) == (ASHFORD, ("Name 1",))
    assert presenter._search.shown == set()


def test_what_is_wrong_with_what_was_chosen_has_no_other_try(desk):
    view = FakeView()
    GapsPresenter(desk.here, view).match("gap", "")
    assert view.last["show_problem"] not in ("", NOT_DONE)
    assert not desk.here.tell.agains
    assert Tries(desk.here, view).failed("x", VaultReadOnly(), print) == str(VaultReadOnly())


def test_a_mistake_of_ours_leaves_its_report(desk, monkeypatch, tmp_path):
    view = FakeView()
    presenter = ImportPresenter(desk.here, view)
    with monkeypatch.context() as patch:
        patch.setattr(importing, "read_table", lambda _path: 1 / 0)
        presenter.read(tmp_path / "list.csv")
    assert view.last["show_problem"] == NOT_DONE
    assert isinstance(desk.here.tell.failures[-1], ZeroDivisionError)
    (tmp_path / "list.csv").write_text(FILE, encoding="utf-8")
    desk.here.tell.agains[-1]()
    assert view.last["show_plan"].count == 1
    assert desk.here.tell.settled == desk.here.tell.agains


@pytest.mark.parametrize("what", ["own_copy", "everything"])
def test_a_copy_that_the_disk_refused_is_written_by_try_again(desk, monkeypatch, tmp_path, what):
    view = FakeView()

    def full(*_args, **_named):
        raise VaultFull

    with monkeypatch.context() as patch:
        patch.setattr(privacy, what, full)
        if what == "own_copy":
            PersonPresenter(desk.here, view, MARY).own_copy(tmp_path / "copy")
        else:
            PrivacyPresenter(desk.here, view).take_out(tmp_path / "all.zip")
    assert view.last["show_problem"] == NOT_DONE
    desk.here.tell.agains[-1]()
    assert list(tmp_path.glob("copy")) + list(tmp_path.glob("all.zip"))
    assert desk.here.tell.settled == desk.here.tell.agains


def typed_on(page, field, lane, desk, press):
    """Pressed on a full disk, then a word more; then "Try again"."""
    field.editor.setText("Nobody cooks")
    field.editor.textEdited.emit("Nobody cooks")
    desk.disk.is_full = True
    press()
    lane.catch_up()
    desk.disk.is_full = False
    field.editor.setText("Nobody cooks on Sundays")
    field.editor.textEdited.emit("Nobody cooks on Sundays")
    field._keep_draft()
    lane.catch_up()
    desk.here.tell.agains[-1]()


@pytest.mark.parametrize("ending", ["stays", "gone"])
def test_what_was_typed_since_stays_with_a_gap(desk, lane, qtbot, ending):
    desk.here.jobs = lane
    page = GapsScreen(desk.here, Route("market_gaps"))
    lane.catch_up()
    page._district.set_value(ASHFORD)
    page._service.set_value("pc")
    typed_on(page, page._words, lane, desk, page._add_pressed)
    name = page._new.name
    if ending == "gone":
        delete(page)
    lane.catch_up()
    made = [each.words for each in desk.vault.reader.all(MarketGap) if each.id != "gap"]
    assert made == ["Nobody cooks"]
    assert "on Sundays" in desk.vault.drafts.read(name)
    assert "Nobody cooks" not in desk.vault.drafts.read(name)
    if ending == "stays":
        assert page._words.text == "on Sundays"
        assert not page._problem.words
        delete(page)


def test_what_was_typed_since_stays_with_a_wish(desk, lane, qtbot):
    desk.here.jobs = lane
    page = PersonScreen(desk.here, MARY)
    lane.catch_up()
    typed_on(page, page._why, lane, desk, page._wish_pressed)
    lane.catch_up()
    (asked,) = desk.vault.reader.decisions()
    assert asked.payload == {"because": "Nobody cooks"}
    assert page._why.text == "on Sundays"
    assert not page._problem.words
    delete(page)


def test_no_page_speaks_of_a_button_that_is_not_there():
    assert "Try again" in str(VaultFull())
    assert "ry again" not in words_for(VaultFull())
    assert words_for(VaultFull()).endswith("then do it once more.")
