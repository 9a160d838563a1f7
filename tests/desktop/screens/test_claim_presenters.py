"""A claim from draft to paid as four different people see it."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLabel

from desktop.presenters import words
from desktop.presenters.claim import ClaimPresenter
from desktop.presenters.claim_picture import REASONS, Move
from desktop.presenters.claims import ClaimList, ClaimsPresenter, in_order
from desktop.views.claim.moves import MovesPane
from desktop.views.claims.panel import ClaimsPanel
from forms.facts.casework import Attachment
from forms.facts.decisions import DecisionRequest
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Enterprise
from tests.desktop.screens.desk import COACH, FINANCE, LEAD, QA, FakeView, context
from tests.desktop.screens.memory import NOON, MemoryVault
from tests.desktop.screens.people import CLAIM, MARY

FIRST, SECOND = "02-line-1", "02-line-2"


def opened(vault, actor=COACH, claim_id=CLAIM):
    view, made = FakeView(), context(vault, actor=actor)
    presenter = ClaimPresenter(made, view, claim_id)
    presenter.load()
    return presenter, view, made


def put(vault, **fields):
    vault.hold(replace(vault.get(SeedClaim, CLAIM), **fields))


def moves(view):
    return {each.name: each for each in view.last["show_claim"].moves}


def words_of(view, line_id):
    return [each.words for each in view.last["show_findings"][line_id] if each.stops]


def test_each_cost_says_what_stands_against_it_in_words(vault):
    _, view, _ = opened(vault)
    assert words_of(view, FIRST) == []
    late = "The cost is of 14 Dec 2022. The 6 months from 1 Jun 2022 ended on 1 Dec 2022."
    assert late in words_of(view, SECOND)
    assert "Something that shows the price is missing." in words_of(view, SECOND)


def test_findings_follow_every_key_press_and_nothing_is_written(vault):
    presenter, view, _ = opened(vault)
    presenter.typing(SECOND, "cost_on", "14/11/2022")
    assert not any("ended on" in each for each in words_of(view, SECOND))
    presenter.typing(SECOND, "cost_on", "14/1")
    assert vault.get(ClaimLine, SECOND).cost_on == date(2022, 12, 14)


def test_a_field_that_is_left_is_committed_and_judged_again(vault):
    presenter, view, _ = opened(vault)
    presenter.set_line(SECOND, "cost_on", "14/11/2022")
    presenter.set_line(SECOND, "pence", "£249.50")
    presenter.set_line(SECOND, "quotes", "1")
    line = vault.get(ClaimLine, SECOND)
    assert (line.cost_on, line.pence, line.quotes) == (date(2022, 11, 14), 24950, 1)
    assert view.saved == (f"{SECOND}/quotes", "Saved on this laptop 14:32")
    assert view.last["show_claim"].total == "£338.50"


def test_the_kind_of_cost_brings_its_category(vault):
    presenter, _, _ = opened(vault)
    presenter.set_line(SECOND, "cost_kind", "venue_hire")
    assert vault.get(ClaimLine, SECOND).category == "VENUE_INITIAL"


def test_a_slip_is_said_at_its_field_and_the_value_on_disk_stays(vault):
    presenter, view, _ = opened(vault)
    presenter.set_line(SECOND, "pence", "about 250")
    assert view.failed[0] == f"{SECOND}/pence"
    assert vault.get(ClaimLine, SECOND).pence == 24900


def test_costs_are_added_and_taken_off(vault):
    presenter, view, _ = opened(vault)
    presenter.add_line()
    assert len(view.last["show_claim"].lines) == 3
    presenter.remove_line(SECOND)
    assert FIRST in [each.id for each in view.last["show_claim"].lines]
    assert vault.get(ClaimLine, SECOND) is None


def test_a_paper_goes_into_the_vault_and_beside_its_cost(vault, tmp_path):
    presenter, view, _ = opened(vault)
    path = tmp_path / "quote.txt"
    path.write_text("Tablet 249", encoding="utf-8")
    presenter.add_paper(SECOND, path)
    line = next(e for e in view.last["show_claim"].lines if e.id == SECOND)
    assert line.papers == ("quote.txt",)
    assert view.saved[0] == f"{SECOND}/files"


def test_sending_asks_the_register_and_waits_for_a_signal(vault):
    presenter, view, _ = opened(vault)
    presenter.ask(moves(view)["claim.submit"], {})
    assert [each.name for each in vault.requests] == ["claim.submit"]
    assert view.named["show_answer"] == {"good": True}
    assert "next exchange" in view.last["show_answer"]
    assert "waits for a signal" in view.last["show_claim"].asked[0]
    assert vault.get(SeedClaim, CLAIM).state == "DRAFT"


def test_a_refusal_is_shown_with_its_reason(vault):
    vault.requests.append(
        DecisionRequest(
            id="d1", name="claim.submit", subject_id=CLAIM, asked_by_id="coach-1", asked_at=NOON,
            state="refused", words="The claim has no costs yet.",
        )
    )  # fmt: skip
    _, view, _ = opened(vault)
    assert view.last["show_claim"].asked == (
        f"Submit the claim: not granted, {words.day(NOON.date())}. The claim has no costs yet.",
    )


def refused(name, day, state="refused"):
    return DecisionRequest(
        id=f"{name}-{day}", name=name, subject_id=CLAIM, asked_by_id="coach-1", asked_at=day,
        answered_at=day, state=state, words="Somebody else has to.",
    )  # fmt: skip


def test_a_refusal_goes_with_the_next_word_on_it_and_with_the_end_of_the_claim(vault):
    earlier = NOON - timedelta(days=9)
    vault.requests.append(refused("claim.check", earlier))
    vault.requests.append(refused("claim.withdraw", earlier))
    _, view, _ = opened(vault)
    assert len(view.last["show_claim"].asked) == 2
    vault.requests.append(refused("claim.check", NOON, state="granted"))
    _, view, _ = opened(vault)
    assert [each.split(":")[0] for each in view.last["show_claim"].asked] == ["Take the claim back"]
    put(vault, state="CLOSED")
    _, view, _ = opened(vault)
    assert view.last["show_claim"].asked == ()
    vault.requests.append(refused("claim.close", NOON))  # news on the day it came
    _, view, _ = opened(vault)
    assert len(view.last["show_claim"].asked) == 1


@pytest.mark.parametrize(
    ("actor", "state", "can", "cannot"),
    [
        (COACH, "DRAFT", {"claim.submit", "claim.withdraw"}, {"claim.approve", "claim.pay"}),
        (QA, "SUBMITTED", {"claim.check", "claim.return", "claim.reject"}, {"claim.pay"}),
        (LEAD, "RECOMMENDED", {"claim.approve", "claim.decline", "claim.refer"}, {"claim.pay"}),
        (FINANCE, "COMMITTED", {"claim.pay"}, {"claim.approve"}),
    ],
)
def test_each_role_is_offered_its_own_moves(vault, actor, state, can, cannot):
    put(vault, state=state)
    _, view, _ = opened(vault, actor=actor)
    offered = set(moves(view))
    assert can <= offered
    assert not cannot & offered


def test_whoever_checked_does_not_approve(vault):
    put(vault, state="RECOMMENDED", checked_by_id=QA.id, recommended_by_id=QA.id)
    _, view, _ = opened(vault, actor=QA)
    assert moves(view)["claim.approve"].stops
    _, view, _ = opened(vault, actor=LEAD)
    assert moves(view)["claim.approve"].stops == ()


@pytest.mark.parametrize("record_id", [CLAIM, FIRST])
def test_whoever_wrote_in_it_is_told_beforehand_that_somebody_else_decides(vault, record_id):
    kind, fields = (
        (SeedClaim, {"barrier": "None"}) if record_id == CLAIM else (ClaimLine, {"pence": 9900})
    )
    with vault.change(by=LEAD.id, at=NOON) as unit:
        unit.set(kind, record_id, **fields)
    put(vault, state="RECOMMENDED", checked_by_id=QA.id, recommended_by_id=QA.id)
    _, view, _ = opened(vault, actor=LEAD)
    (why,) = moves(view)["claim.approve"].stops
    assert "wrote in this claim or its costs" in why
    assert "a lead or somebody of council QA who wrote nothing in it" in why


def test_approval_without_a_connection_says_why_not_and_keeps_nothing(vault):
    put(vault, state="RECOMMENDED", checked_by_id=QA.id, recommended_by_id=QA.id)
    presenter, view, _ = opened(vault, actor=LEAD)
    presenter.ask(moves(view)["claim.approve"], {})
    assert view.named["show_answer"] == {"good": False}
    assert "this needs a connection" in view.last["show_answer"]
    assert vault.requests == []


def test_a_payment_wants_its_cost_day_and_reference(vault):
    put(vault, state="COMMITTED")
    presenter, view, _ = opened(vault, actor=FINANCE)
    move = moves(view)["claim.pay"]
    assert move.needs == ("line", "paid_on", "reference")
    presenter.ask(move, {"line_id": "", "paid_on": None, "reference": ""})
    assert view.last["show_answer"] == "Choose which cost."
    presenter.ask(move, {"line_id": FIRST, "paid_on": date(2022, 11, 20), "reference": ""})
    assert "reference" in view.last["show_answer"]


def test_sending_back_wants_a_note(vault):
    put(vault, state="SUBMITTED", submitted_by_id=COACH.id)
    presenter, view, _ = opened(vault, actor=QA)
    presenter.ask(moves(view)["claim.return"], {"note": " "})
    assert vault.requests == []
    presenter.ask(moves(view)["claim.return"], {"note": "Which days is the cover for?"})
    assert vault.requests[0].payload == {"note": "Which days is the cover for?"}


def test_days_travel_as_text(vault):
    put(vault, state="PAID")
    presenter, view, _ = opened(vault, actor=QA)
    presenter.ask(moves(view)["claim.evidence"], {"line_id": FIRST, "on": date(2022, 11, 20)})
    assert vault.requests[0].payload == {"line_id": FIRST, "on": "2022-11-20"}


def test_history_names_people_and_reasons(vault):
    _, view, _ = opened(vault, claim_id="03-claim")
    said = [each.words for each in view.last["show_claim"].history]
    assert said == ["Paid by Ola Bright. Reference FIN-88.", "Sent by you", "Draft begun by you"]


def test_a_claim_that_is_not_here_says_so(vault):
    _, view, _ = opened(vault, claim_id="nowhere")
    assert "not on this laptop" in view.last["show_missing"]


def test_every_reason_has_words_a_person_can_read():
    assert all(said.endswith(".") and code.isupper() for code, said in REASONS)


class TestList:
    def open(self, vault, enterprise_id=""):
        view, made = FakeView(), context(vault)
        presenter = ClaimsPresenter(made, view, enterprise_id)
        presenter.load()
        return presenter, view, made

    def test_states_are_words_and_counts_add_up(self, vault):
        presenter, view, _ = self.open(vault)
        rows, counts = view.last["show_claims"]
        assert [(r.state, r.amount) for r in rows] == [("Draft", "£338.00"), ("Paid", "£23.00")]
        assert (
            counts["all"] == sum(n for code, n in counts.items() if code not in ("all", "you")) == 2
        )
        presenter.show("paid")
        assert [r.id for r in view.last["show_claims"][0]] == ["03-claim"]

    def test_a_draft_with_nothing_against_it_is_ready(self, vault):
        vault.records.pop((ClaimLine, SECOND))
        _, view, _ = self.open(vault)
        assert view.last["show_claims"][0][0].state == "Ready to send"

    def test_beginning_one_opens_it(self, vault):
        presenter, _, made = self.open(vault, MARY)
        presenter.begin()
        (name, params) = made.goes.routes[0]
        assert name == "claim"
        assert vault.get(SeedClaim, params["id"]).applicant == "Mary Thorne"

    def test_what_was_asked_shows_in_the_list(self, vault):
        presenter, view, _ = opened(vault)
        presenter.ask(moves(view)["claim.submit"], {})
        _, view, _ = self.open(vault)
        assert view.last["show_claims"][0][0].waiting == "Asked, waiting for a signal"


def test_one_photo_of_a_receipt_in_two_claims_is_shown_and_stops_nothing(vault):
    line = vault.get(ClaimLine, FIRST)
    photos = [
        Attachment(id=f"photo-{n}", enterprise_id=case, sha256="a" * 64, size=9, mime="image/jpeg")
        for n, case in enumerate((line.enterprise_id, "another"))
    ]
    twin = replace(line, id="twin", claim_id="other", enterprise_id="another", files=("photo-1",))
    vault.hold(*photos, replace(line, files=("photo-0",)), twin)
    _, view, _ = opened(vault)
    said = [each for each in view.last["show_findings"][FIRST] if "same paper" in each.words]
    assert [(each.look, each.stops) for each in said] == [("warn", False)]
    assert "second look" in said[0].words


def test_a_change_and_money_asked_back_have_words_and_moves(vault):
    put(vault, state="CLAWBACK_OPEN")
    _, view, _ = opened(vault, actor=FINANCE)
    assert moves(view)["claim.recover"].needs == ("line", "on", "reference")
    assert view.last["show_claim"].state == "To be paid back"
    put(vault, state="VARIATION")
    _, view, _ = opened(vault, actor=LEAD)
    assert {"claim.vary_agree", "claim.vary_refuse"} <= set(moves(view))
    assert "claim.look" not in moves(view)


@pytest.mark.parametrize(
    ("actor", "state", "mine"),
    [
        (QA, "SUBMITTED", True),
        (QA, "APPROVED", False),
        (LEAD, "RECOMMENDED", True),
        (FINANCE, "COMMITTED", True),
        (FINANCE, "SUBMITTED", False),
        (COACH, "RETURNED", True),
        (COACH, "SUBMITTED", False),
    ],
)
def test_what_waits_for_this_person_is_one_press_away(vault, actor, state, mine):
    view = FakeView()
    claim = vault.get(SeedClaim, CLAIM)
    vault.hold(replace(claim, state=state, drafted_by_id=COACH.id))
    presenter = ClaimsPresenter(context(vault, actor=actor), view)
    presenter.load()
    rows, counts = view.last["show_claims"]
    row = next(each for each in rows if each.id == CLAIM)
    assert row.for_you == mine
    presenter.show("you")
    shown, again = view.last["show_claims"]
    assert again == counts
    assert counts["you"] == len(shown)
    assert (CLAIM in {each.id for each in shown}) == mine


def test_why_a_claim_came_back_stands_in_the_list(vault):
    view = FakeView()
    vault.hold(
        replace(vault.get(SeedClaim, CLAIM), state="RETURNED"),
        ClaimEvent(id="z-back", claim_id=CLAIM, enterprise_id=MARY, from_state="SUBMITTED",
                   to_state="RETURNED", on=date(2022, 11, 19), note="Two quotes are missing."),
    )  # fmt: skip
    ClaimsPresenter(context(vault), view).load()
    row = view.last["show_claims"][0][0]
    assert (row.id, row.why) == (CLAIM, "Two quotes are missing.")


class TestTheListOfClaims:
    """What is missing, who did what, and finding one among many."""

    @pytest.fixture
    def view(self):
        return FakeView()

    def rows(self, vault, view):
        presenter = ClaimsPresenter(context(vault), view)
        presenter.load()
        return presenter, view.last["show_claims"][0]

    def test_what_is_missing_of_a_draft_is_said_in_words(self, vault, view):
        _, rows = self.rows(vault, view)
        mine = next(row for row in rows if row.id == CLAIM)
        line = vault.all(ClaimLine, claim_id=CLAIM)[0]
        vault.hold(replace(line, pence=0, what=""))
        _, rows = self.rows(vault, view)
        now = next(row for row in rows if row.id == CLAIM)
        assert "A cost: write what it is and an amount." in now.missing
        assert len(now.missing) > len(mine.missing)
        assert now.missing_words == f"{len(now.missing)} things"

    def test_who_did_what_is_the_newest_first(self, vault, view):
        _, rows = self.rows(vault, view)
        paid = next(row for row in rows if row.state == "Paid")
        assert paid.trail[0].startswith("Paid, by ")
        assert paid.missing == ()
        assert paid.missing_words == ""

    def test_a_claim_is_found_by_what_is_typed(self, vault, view):
        presenter, rows = self.rows(vault, view)
        assert len(rows) > 1
        word = rows[0].what.split()[0]
        presenter.find(f"  {word.upper()} {rows[0].who.split()[0].lower()}")
        shown, counts = view.last["show_claims"]
        assert rows[0] in shown
        assert all(word in row.what for row in shown)
        assert counts["all"] == len(rows)
        presenter.find("nobody of this name")
        assert view.last["show_claims"][0] == ()
        presenter.find("")
        assert len(view.last["show_claims"][0]) == len(rows)


class TestPanel:
    """The list on the page: what is said of the chosen claim goes with it."""

    @pytest.fixture
    def panel(self, vault, qtbot):
        made = ClaimsPanel(context(vault))
        qtbot.addWidget(made)
        made.show()
        known = made._presenter._list
        rows = tuple(
            replace(row, why="The total is over the limit", missing=(f"<b>{row.id}</b>", "x"))
            if row.state == "Draft"
            else row
            for row in known.rows
        )
        made._presenter._list = replace(known, rows=rows)
        made._presenter.show("all")
        made._table.choose(next(r.id for r in made._table.rows if r.state == "Draft"))
        return made

    def test_why_goes_when_its_claim_is_chosen_no_more(self, panel):
        assert panel._why.words == "Draft: The total is over the limit"
        panel._filters["paid"].click()
        assert [r.state for r in panel._table.rows] == ["Paid"]
        assert (panel._why.words, panel._why.isVisible()) == ("", False)

    def test_what_filters_stays_in_sight(self, panel):
        panel._filters["paid"].click()
        panel._find.setText("mary")
        everything = panel._presenter._list
        drafts = [n for n, row in enumerate(everything.rows) if row.state == "Draft"]
        found = ClaimList(
            tuple(everything.rows[n] for n in drafts),
            {code: len(drafts) if code in {"all", "draft"} else 0 for code in everything.counts},
            tuple(everything.words[n] for n in drafts),
        )
        panel._presenter._arrived(found)
        assert panel._table.rows == ()
        assert panel._find.isVisible()
        assert panel._filters["paid"].isVisible()
        panel._find.clear()
        panel._filters["all"].click()
        assert [r.state for r in panel._table.rows] == ["Draft"]
        assert not panel._filters["paid"].isVisible()

    def test_what_is_missing_is_plain_text_in_its_tip_too(self, panel):
        tip = panel._strip._missing.toolTip()
        assert "&lt;b&gt;" in tip
        assert "<b>" not in tip


def test_steps_of_one_day_are_told_as_they_happened():
    def step(number, before, after):
        return ClaimEvent(
            id=f"{number}", claim_id="c", enterprise_id="e", from_state=before, to_state=after,
            on=date(2022, 11, 20),
        )  # fmt: skip

    events = [
        step(9, "DRAFT", "SUBMITTED"),
        step(1, "CHECKED", "RETURNED"),
        step(5, "SUBMITTED", "CHECKED"),
    ]
    told = [each.to_state for each in in_order(events)]
    assert told == ["SUBMITTED", "CHECKED", "RETURNED"]
    assert in_order([]) == []


def test_reasons_that_stop_several_moves_are_said_once(qtbot):
    def move(title, *stops):
        return Move(name=title, title=title, needs=(), stops=stops, online_only="")

    pane = MovesPane(lambda _move: None, lambda: True)
    qtbot.addWidget(pane)
    moves = (move("Return it", "You drafted it."), move("Reject it", "You drafted it."))
    pane.show_moves(SimpleNamespace(moves=moves, lines=(), today=date(2022, 11, 20)))
    said = [each.text() for each in pane.findChildren(QLabel)]
    assert said == ["Not now: Return it, Reject it", "You drafted it."]


def test_a_record_without_claims_has_nothing_to_filter(qtbot):
    vault = MemoryVault().hold(Enterprise(id="e", name="New one"))
    panel = ClaimsPanel(context(vault), "e")
    qtbot.addWidget(panel)
    panel.show()
    assert not [each for each in panel._filters.values() if each.isVisible()]
    assert panel._begin.isVisible()
