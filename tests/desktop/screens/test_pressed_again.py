"""A button pressed again, with other words, while the first is written: the words stay."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.navigation import Route
from desktop.presenters.claim_picture import Move
from desktop.presenters.saving import STILL_ASKING
from desktop.views.claim.screen import ClaimScreen
from desktop.views.enterprise.move_stage import MoveStageScreen
from desktop.views.enterprise.newcomer import NewcomerScreen
from desktop.views.enterprise.overview import OverviewPanel
from desktop.views.listing.panel import ListingPanel
from desktop.views.market.gaps import GapsScreen
from desktop.views.timeline.panel import TimelinePanel
from desktop.views.timeline.quick_note import QuickNoteScreen
from forms.facts.casework import Action, CoachingSession, StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.market import MarketGap
from forms.facts.people import Dpia, Leader
from tests.desktop.screens.desk import COACH, LEAD, QA, context
from tests.desktop.screens.people import CLAIM, MARY, marys_claim

FIRST, SECOND = "Rang her", "She rang back"


@pytest.fixture
def shown(vault, lane, qtbot):
    """Shows a page on the vault, with the lane busy from then on."""

    def show(make, *args, actor=COACH):
        here = context(vault, actor=actor)
        here.jobs = lane
        page = make(here, *args)
        qtbot.addWidget(page)
        page.show()
        lane.catch_up()
        return page

    return show


def put(field, text):
    getattr(field.editor, "setPlainText", getattr(field.editor, "setText", None))(text)


def twice(field, press, lane):
    """The first words and its button, other words and its button; then what stands there."""
    put(field, FIRST)
    press()
    put(field, SECOND)
    press()
    lane.catch_up()
    return field.text


def notes(vault):
    found = [each.note for each in vault.reader.all(CoachingSession, enterprise_id=MARY)]
    return [each for each in found if each in {FIRST, SECOND}]


def test_of_the_timeline(shown, vault, lane):
    page = shown(TimelinePanel, MARY)
    assert twice(page._note, page._add_pressed, lane) == SECOND
    assert notes(vault) == [FIRST]
    assert vault.half_typed[f"timeline/{MARY}/note"] == SECOND
    page._add_pressed()
    lane.catch_up()
    assert (notes(vault), page._note.text) == ([FIRST, SECOND], "")


def test_of_the_quick_note(shown, vault, lane):
    page = shown(QuickNoteScreen, MARY)
    assert twice(page._note, page._add_pressed, lane) == SECOND
    assert notes(vault) == [FIRST]


def promises(vault):
    return {each.text: each for each in vault.reader.all(Action, enterprise_id=MARY)}


def test_of_what_comes_next(shown, vault, lane):
    page = shown(OverviewPanel, MARY)
    text = page._next._texts["text"]
    assert twice(text, page._add_pressed, lane) == SECOND
    assert FIRST in promises(vault)
    assert SECOND not in promises(vault)


def test_a_promise_is_added_while_another_is_ticked_off(shown, vault, lane):
    page = shown(OverviewPanel, MARY)
    put(page._next._texts["text"], FIRST)
    done = next(b for b in page.findChildren(QPushButton) if b.accessibleName()[:5] == "Done:")
    done.click()
    page._add_pressed()
    lane.catch_up()
    assert FIRST in promises(vault)
    assert promises(vault)[done.accessibleName()[6:]].done_on is not None


def test_of_somebody_new(shown, vault, lane):
    page = shown(NewcomerScreen)
    assert twice(page._leader, page._add_pressed, lane) == SECOND
    names = {each.name for each in vault.reader.all(Leader)}
    assert FIRST in names
    assert SECOND not in names


def test_of_the_sign_off(shown, vault, lane):
    for each in vault.reader.all(Dpia):
        vault.records.pop((Dpia, each.id))
    page = shown(NewcomerScreen, actor=LEAD)
    put(page._version, "2")
    put(page._signed_on, "3/11")
    assert twice(page._signed_by, page._sign_pressed, lane) == SECOND
    assert [each.payload["signed_by"] for each in vault.requests] == [FIRST]


def test_of_a_stage(shown, vault, lane):
    page = shown(MoveStageScreen, MARY)
    page._stage.set_value("PAUSED")
    put(page._pause, "She is away")
    put(page._review, "1/2/2023")
    page._considered()
    assert page._move.isEnabled()
    assert twice(page._note, page._move_pressed, lane) == SECOND
    assert [each.note for each in vault.reader.all(StageEvent)].count(FIRST) == 1
    assert SECOND not in {each.note for each in vault.reader.all(StageEvent)}


def test_of_a_gap(shown, vault, lane):
    page = shown(GapsScreen, Route("market_gaps"))
    page._district.set_value("E07000105")
    page._service.set_value(page._presenter.choices["service"][0][0])
    assert twice(page._words, page._add_pressed, lane) == SECOND
    assert [each.words for each in vault.reader.all(MarketGap)] == [FIRST]


class TestAListing:
    @pytest.fixture
    def page(self, vault, shown):
        vault.hold(RegisterEntry(id="e1", enterprise_id=MARY, status="published"))
        return shown(ListingPanel, MARY, actor=QA)

    def press(self, page, name):
        move = next(each for each in page._moves._shown if each.name == name)
        page._moves._press(move)

    def test_of_its_reason(self, page, vault, lane):
        def press():
            self.press(page, "listing.suspend")

        assert twice(page._moves.reason, press, lane) == SECOND
        assert [each.payload for each in vault.requests] == [{"reason": FIRST}]

    def test_another_move_is_told_to_wait(self, page, vault, lane):
        put(page._moves.reason, FIRST)
        self.press(page, "listing.suspend")
        self.press(page, "listing.remove")
        assert page._moves._answer.text() == STILL_ASKING
        lane.catch_up()
        assert [each.name for each in vault.requests] == ["listing.suspend"]
        assert page._moves.reason.text == ""

    def test_a_reason_stays_when_a_move_does_not_use_it(self, vault, lane, shown):
        vault.hold(RegisterEntry(id="e1", enterprise_id=MARY, status="suspended"))
        page = shown(ListingPanel, MARY, actor=QA)
        put(page._moves.reason, FIRST)
        self.press(page, "listing.reinstate")
        lane.catch_up()
        assert [each.payload for each in vault.requests] == [{}]
        assert page._moves.reason.text == FIRST

    def test_of_a_check(self, page, vault, lane):
        kept = page._check
        kept._choices["kind"].set_value("identity")
        kept._choices["seen_how"].set_value("document")
        assert twice(kept._texts["reference"], page._check_wanted, lane) == SECOND
        assert [each.reference for each in vault.reader.all(QACheck)] == [FIRST]


class TestAClaim:
    @pytest.fixture
    def page(self, vault, shown):
        vault.hold(*marys_claim())
        return shown(ClaimScreen, CLAIM)

    def press(self, page, name):
        move = next(each for each in page._moves._shown[0] if each.name == name)
        page._moves._press(move)

    def test_of_its_note(self, page, vault, lane):
        def press():
            self.press(page, "claim.withdraw")

        assert twice(page._moves._fields["claim.withdraw"]["note"], press, lane) == SECOND
        assert [each.payload["note"] for each in vault.requests] == [FIRST]

    def test_another_move_is_told_to_wait(self, page, vault, lane):
        note = page._moves._fields["claim.withdraw"]["note"]
        put(note, FIRST)
        self.press(page, "claim.submit")
        self.press(page, "claim.withdraw")
        assert page._answer_bad.words == STILL_ASKING
        lane.catch_up()
        assert [each.name for each in vault.requests] == ["claim.submit"]
        assert note.text == FIRST
        assert page._presenter.may_ask()

    def test_one_asked_for_with_the_connection_is_waited_for(self, page, lane):
        presenter = page._presenter
        presenter._context.session.register_name = "Kent"
        presenter.ask(Move(name="claim.approve", title="", needs=(), stops=(), online_only=""), {})
        self.press(page, "claim.submit")
        assert page._answer_bad.words == STILL_ASKING
        lane.catch_up()  # there is no register to be reached
        assert presenter.may_ask()

    @pytest.fixture
    def asked(self, page, monkeypatch):
        """A note goes with a move that is decided while one waits; gives its answer and fields."""
        sent = []

        def ask(_context, request, *, on_done, **_rest):
            sent.append((request, on_done))

        monkeypatch.setattr("desktop.operations.decisions.ask_online", ask)
        page._presenter._context.session.register_name = "Kent"
        move = Move(
            name="claim.approve", title="Approve", needs=("note",), stops=(), online_only=""
        )
        can = SimpleNamespace(moves=(move,), lines=(), today=page._moves._today)
        page._moves.show_moves(can)
        put(page._moves._fields[move.name]["note"], FIRST)
        page._moves._press(move)
        ((request, on_done),) = sent
        return can, lambda: on_done(replace(request, state="granted", words="Approved."))

    def test_its_moves_built_anew_before_the_answer(self, page, vault, lane, asked):
        can, answer = asked
        other = replace(can.moves[0], name="claim.withdraw")
        page._moves.show_moves(SimpleNamespace(moves=(*can.moves, other), lines=(), today=None))
        lane.catch_up()  # what was pressed for is half typed until there is an answer
        note = page._moves._fields["claim.approve"]["note"]
        assert note.text == FIRST
        put(note, f"{FIRST} {SECOND}")
        answer()
        lane.catch_up()
        assert note.text == SECOND
        assert list(vault.half_typed.values()) == [f'{{"note": "{SECOND}"}}']
        assert page._answer_good.words.startswith("Approved.")

    def test_its_move_is_gone_before_the_answer(self, page, vault, lane, asked):
        _can, answer = asked
        page._moves.show_moves(SimpleNamespace(moves=(), lines=(), today=None))
        answer()
        lane.catch_up()
        assert vault.half_typed == {}
