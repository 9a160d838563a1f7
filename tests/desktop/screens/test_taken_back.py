"""An older consent after a newer one was taken back counts nowhere: on no page, in no report."""

from datetime import date
from types import SimpleNamespace

import pytest

from desktop.operations import consents, listing
from desktop.operations.writing import Writing
from desktop.presenters.overview_picture import overview
from desktop.presenters.people import consent_words, identity
from desktop.presenters.privacy_person import PersonPresenter
from evidence.reports.chapters_words import stories
from forms.facts.people import Consent, Enterprise
from forms.rules.gate import live_consent
from forms.rules.pack import load_pack
from forms.values import SetClock
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, colleagues, mary, signed_dpia

TODAY = NOON.date()
OLD, NEW, BACK, AGAIN = (date(2022, 10, day) for day in (3, 5, 10, 20))
LONG_AGO = date(2010, 5, 1)


def consent(one, given_on, withdrawn_on=None, purpose="privacy_notice", whose=MARY):
    return Consent(
        id=one,
        enterprise_id=whose,
        purpose=purpose,
        given_by="Mary Thorne",
        given_on=given_on,
        withdrawn_on=withdrawn_on,
    )


def pair(purpose):
    """Another laptop noted the older one; the newer one was taken back."""
    return [consent("old", OLD, purpose=purpose), consent("new", NEW, BACK, purpose=purpose)]


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(tmp_path / "vault", practice=True, clock=SetClock(NOON))
    kept = [each for each in mary() if not isinstance(each, Consent)]
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all([*kept, *colleagues(), signed_dpia()])
    yield made
    made.close()


def add(vault, *some):
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(some)


def test_the_bar_above_a_record_says_that_it_was_taken_back(vault):
    add(vault, *pair("privacy_notice"))
    enterprise = vault.reader.get(Enterprise, MARY)
    said = identity(vault.reader, load_pack("kent"), enterprise, TODAY).consent
    assert said == "Consent withdrawn"
    add(vault, consent("again", AGAIN))
    said = identity(vault.reader, load_pack("kent"), enterprise, TODAY).consent
    assert said == "Privacy notice given 20 Oct 2022"


@pytest.mark.parametrize(
    ("some", "said"),
    [
        ([], "Privacy notice not given yet"),
        ([consent("a", None)], "Privacy notice not given yet"),
        ([consent("a", OLD), consent("b", NEW)], "Privacy notice given 5 Oct 2022"),
        ([consent("b", NEW), consent("a", OLD)], "Privacy notice given 5 Oct 2022"),
        ([consent("a", NEW, date(2099, 1, 1))], "Privacy notice given 5 Oct 2022"),
        ([consent("a", NEW, BACK), consent("b", OLD, purpose="photo")],
         "Privacy notice not given yet"),
    ],
)  # fmt: skip
def test_the_notice_is_said_by_the_rule(some, said):
    assert consent_words(some, TODAY) == said


def test_the_overview_offers_the_notice_again(vault):
    add(vault, *pair("privacy_notice"))
    pack = load_pack("kent")
    assert not overview(vault.reader, pack, COACH, MARY, NOON).notice_given
    add(vault, consent("again", AGAIN))
    assert overview(vault.reader, pack, COACH, MARY, NOON).notice_given


def test_their_page_says_that_they_do_not_agree(vault):
    add(vault, *pair("listing"))
    view = FakeView()
    PersonPresenter(context(vault), view, MARY).load()
    shown = {each.purpose: each for each in view.last["show_person"].purposes}
    assert not shown["listing"].holds
    assert len(shown["listing"].story) == 2


@pytest.mark.parametrize("purpose", ["case_study", "photo"])
def test_a_report_counts_no_story_that_was_taken_back(purpose):
    def said(*held):
        dossier = SimpleNamespace(consents=held, as_of=TODAY)
        return stories(SimpleNamespace(dossier=dossier))[1].text

    none = "No consent to a story is recorded."
    assert said(*pair(purpose)).startswith(none)
    assert said(consent("late", date(2022, 12, 1), purpose=purpose)).startswith(none)
    theirs = consent("theirs", OLD, purpose=purpose, whose="another")
    assert said(*pair(purpose), theirs).startswith("Consents to a story are recorded")


def test_an_ended_consent_that_is_removed_brings_no_older_one_back(vault):
    """Its end was theirs too: what the schedule takes away must not make them agree again."""
    add(
        vault,
        consent("older", LONG_AGO, purpose="listing"),
        consent("ended", date(2010, 6, 1), date(2011, 1, 1), purpose="listing"),
        consent("notice", LONG_AGO),
    )
    with vault.change(by=COACH.id, at=NOON) as unit:
        consents.remove_ended_consent(Writing(unit, vault, COACH, NOON), "ended")
    left = vault.reader.all(Consent, enterprise_id=MARY)
    assert live_consent(left, "listing", TODAY) is None
    assert vault.reader.agreed([MARY], "listing", TODAY) == frozenset()
    assert vault.reader.get(Consent, "older").withdrawn_on == date(2011, 1, 1)
    assert vault.reader.get(Consent, "notice").withdrawn_on is None


def test_a_listing_whose_end_is_still_to_come_can_be_taken_back_today(vault):
    add(vault, consent("soon", OLD, date(2022, 12, 1), purpose="listing"))
    with vault.change(by=COACH.id, at=NOON) as unit:
        listing.take_consent_back(Writing(unit, vault, COACH, NOON), MARY)
    assert vault.reader.get(Consent, "soon").withdrawn_on == TODAY
