"""The listing tab: words, consent, checks, what is missing, what the public sees, decisions."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from shiboken6 import delete

from desktop.operations.listing import WORDS
from desktop.presenters.enterprise import frame
from desktop.presenters.listing import ListingPresenter
from desktop.presenters.listing_picture import ASKED
from desktop.views.enterprise.editables import Editables
from desktop.views.form_pages.fields import flush_fields
from desktop.views.listing.panel import ListingPanel
from forms.facts.decisions import DecisionRequest
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.pack import load_pack
from tests.desktop.audit import audit
from tests.desktop.screens.desk import COACH, QA, BusyLane, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, full_vault

ENTRY = "05-entry"
TODAY = NOON.date()


def check(kind, **more):
    return QACheck(
        id=f"check-{kind}",
        enterprise_id=MARY,
        kind=kind,
        seen_how="document",
        seen_by_id="qa-1",
        seen_on=date(2022, 10, 3),
        **more,
    )


@pytest.fixture
def vault():
    """Mary's listing, drafted and agreed; every check but the insurance was seen."""
    return full_vault().hold(
        RegisterEntry(
            id=ENTRY,
            enterprise_id=MARY,
            trading_name="Mary's Helping Hands",
            contact="01233 000000",
            districts=("E07000105",),
            services=("befr", "pc"),
            words="A friendly hand.",
        ),
        Consent(
            id="05-consent",
            enterprise_id=MARY,
            purpose="listing",
            given_by="Mary Thorne",
            given_on=date(2022, 10, 3),
            channel="in person",
        ),
        check("identity"),
        check("safeguarding"),
        check("declaration"),
    )


def opened(vault, actor=COACH):
    view, made = FakeView(), context(vault, actor=actor)
    presenter = ListingPresenter(made, view, MARY)
    presenter.load()
    return presenter, view, made


def shown(view):
    return view.last["show_listing"]


def moves(view):
    return {each.name: each for each in shown(view).moves}


def put(vault, **fields):
    vault.hold(replace(vault.get(RegisterEntry, ENTRY), **fields))


def test_every_public_word_can_be_written_and_nothing_else(vault):
    _, view, _ = opened(vault)
    assert {each.key for each in shown(view).fields} == set(WORDS)
    assert set(ASKED) - set(WORDS) == {"published_on"}
    assert "suspension_reason" not in WORDS
    assert "status" not in WORDS


def test_a_listing_begins_with_what_the_record_knows():
    vault = full_vault()
    presenter, view, _ = opened(vault)
    assert shown(view).state == "Not begun"
    presenter.begin()
    entry = vault.all(RegisterEntry, enterprise_id=MARY)[0]
    assert entry.trading_name == "Mary's Helping Hands"
    assert entry.districts == ("E07000105",)
    assert (shown(view).entry_id, shown(view).state) == (entry.id, "Draft")


def test_each_field_saves_itself(vault):
    presenter, view, _ = opened(vault)
    presenter.set_text("times", "text", " Weekdays ")
    presenter.set_text("languages", "text", "English, Polish,")
    presenter.set_choices("modes", ("1:1", "virtual"))
    entry = vault.get(RegisterEntry, ENTRY)
    assert (entry.times, entry.languages, entry.modes) == (
        "Weekdays",
        ("English", "Polish"),
        ("1:1", "virtual"),
    )
    assert view.saved == ("modes", "Saved on this laptop 14:32")


def test_a_status_is_no_field_that_can_be_written(vault):
    presenter, _, _ = opened(vault)
    with pytest.raises(ValueError, match="status"):
        presenter.set_text("status", "text", "published")


def test_what_is_missing_is_said_and_goes_when_it_is_seen(vault):
    presenter, view, _ = opened(vault)
    assert [each.words for each in shown(view).missing] == ["Not seen yet: insurance."]
    presenter.add_check(
        {"kind": "insurance", "seen_how": "document", "expires_on": "3/10/2023", "level": "£5m"}
    )
    assert shown(view).missing == ()
    row = next(each for each in shown(view).checks if each.kind == "Insurance")
    assert row.about == "Document, seen 20 Nov 2022 by you. Runs out 3 Oct 2023. £5m."
    assert view.count["check_added"] == 1


@pytest.mark.parametrize(
    ("typed", "key", "said"),
    [
        ({}, "check", "Choose what was checked."),
        ({"kind": "dbs"}, "check", "Choose how it was seen."),
        ({"kind": "dbs", "expires_on": "soon"}, "check.expires_on", "Write a day"),
        (
            {"kind": "dbs", "expires_on": "31/2/2023"},
            "check.expires_on",
            "There is no 31 February 2023",
        ),
    ],
)
def test_half_a_check_is_not_written(vault, typed, key, said):
    presenter, view, _ = opened(vault)
    presenter.add_check(typed)
    assert view.failed[0] == key
    assert view.failed[1].startswith(said)
    assert len(vault.all(QACheck)) == 3


def test_consent_is_given_and_taken_back(vault):
    presenter, view, _ = opened(vault)
    assert shown(view).consent == "Mary Thorne agreed on 3 Oct 2022, in person."
    presenter.take_consent_back()
    assert vault.get(Consent, "05-consent").withdrawn_on == TODAY
    assert not shown(view).has_consent
    assert "not agreed to be listed" in shown(view).missing[0].words or shown(view).missing
    presenter.agree("in person")
    assert shown(view).consent == "Mary Thorne agreed on 20 Nov 2022, in person."
    newest = vault.get(RegisterEntry, ENTRY).consent_id
    assert vault.get(Consent, newest).purpose == "listing"


def test_the_preview_is_the_directorys_own_view(vault):
    _, view, _ = opened(vault)
    preview = shown(view).preview
    assert preview.heading.startswith("The public sees nothing now.")
    assert ("Services", "Companionship and befriending, Personal care") in preview.lines
    assert ("Where they work", "Ashford") in preview.lines
    assert "Identity and address, seen Oct 2022" in preview.ticks
    assert "does not inspect" in preview.footer
    put(vault, status="published", published_on=date(2022, 11, 1), reviewed_by_id="qa-1")
    _, view, _ = opened(vault)
    assert shown(view).preview.heading == "The public sees this now"
    assert (shown(view).state, shown(view).since) == (
        "Published",
        "since 1 Nov 2022, reviewed by Lee Marsh",
    )


def test_a_service_whose_check_ran_out_is_not_in_the_preview(vault):
    vault.hold(check("safeguarding", expires_on=date(2022, 11, 1)))
    put(vault, status="published", published_on=date(2022, 10, 5))
    _, view, _ = opened(vault)
    assert ("Services", "Companionship and befriending") in shown(view).preview.lines


def test_the_coach_asks_for_a_review_and_it_waits(vault):
    presenter, view, _ = opened(vault)
    presenter.ask(moves(view)["listing.submit"], "")
    asked = vault.decisions(state="waiting")[0]
    assert (asked.name, asked.subject_id, asked.payload) == ("listing.submit", ENTRY, {})
    assert "waits on this laptop" in view.last["show_answer"]
    assert shown(view).asked == (
        "Ask for a review of the listing: asked 20 Nov 2022. "
        "It waits here until there is a connection.",
    )
    assert "listing.submit" not in moves(view)


def test_the_reviewer_publishes_and_the_words_stay_the_coachs(vault):
    put(vault, status="ready_for_review")
    _, view, _ = opened(vault, QA)
    publish = moves(view)["listing.publish"]
    assert publish.stops[0] == "Not seen yet: insurance."
    assert not shown(view).may_write
    assert shown(view).fields == ()
    _, view, _ = opened(vault, COACH)
    assert "listing.publish" not in moves(view)


def test_the_reason_of_a_suspension_does_not_come_back_after_a_lock(vault, qapp):
    put(vault, status="published", published_on=date(2022, 11, 1))
    here, lane = context(vault), BusyLane()
    here.jobs = lane
    panel = ListingPanel(here, MARY)
    lane.catch_up()
    panel._moves.reason.editor.setText("A complaint is looked into")
    suspend = next(each for each in panel._moves._shown if each.name == "listing.suspend")
    panel._moves._press(suspend)
    flush_fields(panel)
    delete(panel)
    lane.catch_up()
    assert vault.requests[0].payload == {"reason": "A complaint is looked into"}
    assert vault.half_typed == {}


def test_a_suspension_needs_a_reason_and_shows_at_once(vault):
    put(vault, status="published", published_on=date(2022, 11, 1))
    presenter, view, made = opened(vault)
    suspend = moves(view)["listing.suspend"]
    presenter.ask(suspend, "  ")
    assert vault.requests == []
    presenter.ask(suspend, "A complaint is looked into")
    assert vault.requests[0].payload == {"reason": "A complaint is looked into"}
    assert (shown(view).state, shown(view).look) == ("Suspended, as asked", "stop")
    assert shown(view).since == "asked by you 20 Nov 2022 14:32; goes to the council next"
    assert "until the council has your suspension" in shown(view).preview.heading
    assert "A complaint" not in str(shown(view).preview)
    above = frame(vault, made.pack, MARY, TODAY)
    assert above.hold.startswith("A suspension of the listing is asked for.")


def test_a_suspended_listing_is_hidden_and_a_reviewer_may_reinstate(vault):
    put(
        vault,
        status="suspended",
        suspended_on=date(2022, 11, 7),
        suspension_reason="A complaint",
        review_on=date(2022, 11, 21),
    )
    vault.hold(replace(vault.get(Enterprise, MARY), suspended_on=date(2022, 11, 7)))
    _, view, _ = opened(vault, QA)
    assert shown(view).since == "since 7 Nov 2022, to be looked at by 21 Nov 2022"
    assert shown(view).private == "A complaint"
    assert "A complaint" not in str(shown(view).preview)
    assert moves(view)["listing.reinstate"].stops == ()
    _, view, _ = opened(vault, COACH)
    assert "listing.reinstate" not in moves(view)


def test_a_refusal_is_said(vault):
    vault.requests.append(
        DecisionRequest(
            id="r",
            name="listing.submit",
            subject_id=ENTRY,
            asked_by_id="coach-1",
            asked_at=NOON,
            state="refused",
            words="It is suspended since 2022-11-07.",
        )
    )
    _, view, _ = opened(vault)
    assert shown(view).asked == (
        "Ask for a review of the listing: not agreed. It is suspended since 7 Nov 2022.",
    )


def test_a_record_that_is_gone_is_said():
    view = FakeView()
    ListingPresenter(context(full_vault()), view, "nobody").load()
    assert view.last["show_missing"] == "This record is not on this laptop."


def test_every_choice_has_a_name_in_the_pack():
    pack = load_pack("kent")
    assert all(each.label for each in pack.service_types)
    assert all(each.name for each in pack.places)


def _panel(vault, qtbot, actor=COACH):
    panel = ListingPanel(context(vault, actor=actor), MARY)
    qtbot.addWidget(panel)
    panel.resize(920, 480)
    panel.show()
    qtbot.waitUntil(lambda: all(part.is_complete for part in panel.findChildren(Editables)))
    for _ in range(5):
        QApplication.processEvents()
    return panel


@pytest.mark.parametrize("actor", [COACH, QA])
@pytest.mark.parametrize("status", ["draft", "published", "suspended"])
def test_nothing_to_mend_on_the_tab(vault, status, actor, qtbot):
    put(vault, status=status, published_on=date(2022, 11, 1))
    assert [str(each) for each in audit(_panel(vault, qtbot, actor))] == []


def test_suspending_by_hand(vault, qtbot):
    put(vault, status="published", published_on=date(2022, 11, 1))
    panel = _panel(vault, qtbot)
    suspend = next(b for b in panel.findChildren(QPushButton) if b.text() == "Suspend the listing")
    suspend.click()
    assert vault.requests == []
    panel._moves.reason.editor.setText("A complaint")
    suspend.click()
    QApplication.processEvents()
    assert vault.requests[0].name == "listing.suspend"
    assert panel._state.words == "Suspended, as asked"


@pytest.mark.parametrize("actor", [COACH, QA])
def test_a_contact_that_looks_like_an_address_is_said_to_who_writes_and_who_reviews(vault, actor):
    def said(contact, places):
        now = vault.records
        now[RegisterEntry, ENTRY] = replace(now[RegisterEntry, ENTRY], contact=contact)
        now[Enterprise, MARY] = replace(now[Enterprise, MARY], facts={"prem": places})
        picture = shown(opened(vault, actor)[1])
        warned = [each for each in picture.missing if "contact to publish" in each.words]
        assert {(each.look, each.state) for each in warned} <= {("warn", "Check it")}
        return [each.words for each in warned], dict(picture.preview.lines)["Contact to publish"]

    assert said("01233 000000", ["own"]) == ([], "01233 000000")
    (words,), public = said("01233 000000, 4 Mill Lane, TN30 6AA", ["own", "clienthome"])
    assert words.startswith("The contact to publish holds “4 Mill Lane, TN30 6AA”.")
    assert "If it is a home address, take it out." in words
    assert public == "01233 000000"
    (words,), public = said("01233 000000, TN30 6AA", ["hired"])
    assert "This will be public." in words
    assert public == "01233 000000, TN30 6AA"
