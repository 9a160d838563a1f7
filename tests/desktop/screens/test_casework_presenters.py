"""Timeline, overview, checklist and stages, with a view that only remembers."""

import re
from datetime import date

import pytest

from desktop.presenters.checklist import ChecklistPresenter
from desktop.presenters.overview import OverviewPresenter
from desktop.presenters.stages import StagePresenter
from desktop.presenters.timeline import GROUPS, TimelinePresenter
from forms.facts.casework import ChecklistItem, CoachingSession, StageEvent
from forms.facts.people import Enterprise, Leader
from forms.values import derived_id
from tests.desktop.screens.desk import COACH, QA, FakeView, context
from tests.desktop.screens.people import MARY


def item_of(vault, code):
    return vault.get(ChecklistItem, derived_id(MARY, code))


class TestTimeline:
    def open(self, vault, view):
        presenter = TimelinePresenter(context(vault), view, MARY)
        presenter.load()
        return presenter

    def test_newest_first_and_edits_wait_until_asked_for(self, vault, view):
        presenter = self.open(vault, view)
        entries, left_out = view.last["show_entries"]
        days = [each.on for each in entries]
        assert days == sorted(days, reverse=True)
        assert entries[0].head == "Visit, 50 min"
        assert left_out == 0
        presenter.show_groups(["calls"])
        entries, left_out = view.last["show_entries"]
        assert [each.head for each in entries] == ["Call"]
        assert left_out == 3

    def test_an_added_note_comes_back_at_once(self, vault, view):
        self.open(vault, view).add_note("Met at the hall.", "visit", "45", "18/11/2022")
        entries, _ = view.last["show_entries"]
        assert entries[0].body == "Met at the hall."
        assert entries[0].on == date(2022, 11, 18)
        assert view.saved == ("note", "Saved on this laptop 14:32")
        assert view.count["note_added"] == 1

    def test_a_visit_has_the_length_and_the_time_that_were_typed(self, vault, view):
        self.open(vault, view).add_note("Sees the hall.", "visit", "1h30", "18/11/2022 4pm")
        entries, _ = view.last["show_entries"]
        assert (entries[0].head, entries[0].when) == ("Visit, 90 min", "16:00")
        assert entries[0].on == date(2022, 11, 18)

    @pytest.mark.parametrize(
        ("minutes", "on", "at"), [("a while", "", "minutes"), ("", "31/2/2022", "on")]
    )
    def test_a_slip_is_said_where_it_is_and_nothing_is_written(self, vault, view, minutes, on, at):
        before = len(vault.all(CoachingSession))
        self.open(vault, view).add_note("Met.", "visit", minutes, on)
        assert view.failed[0] == at
        assert len(vault.all(CoachingSession)) == before
        assert "note_added" not in view.count

    def test_a_planned_visit_is_said_to_be_one_and_has_not_happened_yet(self, vault, view):
        presenter = self.open(vault, view)
        for typed in ("tomorrow 10am", "today 11pm", "today 9am"):
            presenter.add_note(typed, "visit", "", typed)
        entries = {each.body: each.head for each in view.last["show_entries"][0]}
        assert [entries[each] for each in ("tomorrow 10am", "today 11pm", "today 9am")] == [
            "Visit, planned", "Visit, planned", "Visit",
        ]  # fmt: skip
        seen = FakeView()
        OverviewPresenter(context(vault), seen, MARY).load()
        last = seen.last["show_overview"].last
        assert last[0].body == "today 9am"

    def test_edits_are_folded_by_day_and_person(self, vault, view):
        made = context(vault)
        overview = OverviewPresenter(made, FakeView(), MARY)
        overview.load()
        overview.set_text("phone", "text", "01233 999999")
        overview.set_text("place", "text", "Ashford")
        presenter = TimelinePresenter(made, view, MARY)
        presenter.load()
        presenter.show_groups(GROUPS)
        edits = [e for e in view.last["show_entries"][0] if e.group == "edits"]
        assert [each.head for each in edits] == ["2 edits"]
        assert "phone: 01233 000000 → 01233 999999" in edits[0].body

    def test_a_private_note_is_shown_to_its_writer_alone(self, vault, view):
        vault.hold(
            CoachingSession(
                id="n9", enterprise_id=MARY, on=date(2022, 11, 14), note="Call",
                private_note="Worried", by_id="coach-1",
            )
        )  # fmt: skip
        self.open(vault, view)
        assert any("Worried" in each.body for each in view.last["show_entries"][0])
        other = FakeView()
        TimelinePresenter(context(vault, actor=QA), other, MARY).load()
        assert not any("Worried" in each.body for each in other.last["show_entries"][0])

    def test_a_full_disk_keeps_the_text_and_says_what_to_do(self, vault, view):
        presenter = self.open(vault, view)
        vault.fails_with = VaultFault("This laptop is full. What you typed is still here.")
        presenter.add_note("Long story", "note", "", "")
        assert view.failed == ("note", "This laptop is full. What you typed is still here.")
        assert "note_added" not in view.count


class VaultFault(Exception):
    """Stands for storage's own: named alike, known by its name."""


class TestOverview:
    def open(self, vault, view, actor=COACH):
        presenter = OverviewPresenter(context(vault, actor=actor), view, MARY)
        presenter.load()
        return presenter

    def test_next_first_then_what_is_blocked(self, vault, view):
        self.open(vault, view)
        promises = view.last["show_overview"].promises
        assert [(p.text, p.blocks) for p in promises] == [
            ("Show public liability insurance", False),
            ("Quote for the tablet", True),
        ]

    def test_a_field_is_committed_on_its_own(self, vault, view):
        self.open(vault, view).set_text("employee_count", "whole", "2")
        assert vault.get(Enterprise, MARY).employee_count == 2
        assert view.saved == ("employee_count", "Saved on this laptop 14:32")

    def test_a_leaders_field_goes_to_the_leader(self, vault, view):
        self.open(vault, view).set_text("leader.name", "text", "Mary Thorne-Day")
        assert vault.get(Leader, "01-leader").name == "Mary Thorne-Day"

    def test_a_day_that_cannot_be_stays_on_the_screen(self, vault, view):
        self.open(vault, view).set_text("established_on", "day", "31/02/2022")
        assert view.failed[0] == "established_on"
        assert vault.get(Enterprise, MARY).established_on == date(2022, 6, 1)

    def test_an_answer_moves_the_checklist(self, vault, view):
        presenter = self.open(vault, view)
        presenter.set_choice("fact.music", "yes_no", "yes")
        assert vault.get(Enterprise, MARY).facts["music"] is True
        presenter.set_choice("fact.music", "yes_no", "")
        assert "music" not in vault.get(Enterprise, MARY).facts

    def test_half_typed_text_is_kept_as_a_draft_and_dropped_when_saved(self, vault, view):
        presenter = self.open(vault, view)
        presenter.keep_draft("place", "Tenter")
        assert vault.half_typed == {f"overview/{MARY}/place": "Tenter"}
        presenter.set_text("place", "text", "Tenterden")
        assert vault.half_typed == {}


class TestChecklist:
    def open(self, vault, view, actor=COACH):
        made = context(vault, actor=actor)
        presenter = ChecklistPresenter(made, view, MARY)
        presenter.load()
        return presenter, made

    def rows(self, view):
        picture, _ = view.last["show_checklist"]
        return {row.id: row for row in picture.rows}

    def test_states_are_words_with_their_reason_and_source(self, vault, view):
        self.open(vault, view)
        rows = self.rows(view)
        assert rows["C10"].state_words == "Checked"
        assert rows["C01"].state_words == "Done, not checked"
        assert rows["C07"].state_words == "Doing"
        assert rows["C31"].because == "Always works with her sister"
        assert "Where does the work happen" in rows["C07"].why
        assert rows["C07"].authority == "Insurer"
        assert rows["C07"].sources[0].line == (
            "Leeds Directory: what a community micro-enterprise has to show (Leeds asks £5m), "
            "leedsdirectory.org/register/community-micro-enterprise-criteria, read on 20 Nov 2026"
        )

    def test_no_item_names_its_source_by_a_code(self, vault, view):
        self.open(vault, view)
        said = [s.line for row in self.rows(view).values() for s in row.sources]
        assert len(said) > 30
        assert [each for each in said if re.search(r"\b[PS]\d|\[[A-Z]\]", each)] == []

    def test_employing_somebody_brings_its_items_at_once(self, vault, view):
        presenter, _ = self.open(vault, view)
        assert "C09" not in self.rows(view)
        vault.hold(Enterprise(id=MARY, coach_id="coach-1", entity_form="SOLE", employee_count=2))
        presenter.load()
        assert {"C09", "C45"} <= set(self.rows(view))

    def test_not_needed_waits_for_its_reason(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.choose("C21")
        presenter.set_state("not needed", "")
        assert view.last["ask_reason"] == "not needed"
        assert item_of(vault, "C21") is None
        presenter.set_reason("Trained by her last employer")
        assert item_of(vault, "C21").state == "not needed"

    def test_a_state_can_be_taken_back_by_name(self, vault, view):
        presenter, made = self.open(vault, view)
        presenter.choose("C07")
        presenter.set_state("done", "")
        assert item_of(vault, "C07").state == "done"
        (words, undo) = made.tell.undos[-1]
        assert words == "“Public liability insurance” is done"
        undo()
        assert item_of(vault, "C07").state == "doing"

    def test_the_coach_is_not_the_second_person(self, vault, view):
        self.open(vault, view)
        assert view.last["show_checklist"][0].may_check is False
        other = FakeView()
        presenter, _ = self.open(vault, other, actor=QA)
        assert other.last["show_checklist"][0].may_check is True
        presenter.choose("C01")
        presenter.verify()
        assert item_of(vault, "C01").checked_by_id == QA.id
        assert self.rows(other)["C01"].state_words == "Checked"

    def test_waiving_takes_another_persons_yes(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.choose("C21")
        presenter.set_state("waived", "Agreed at the panel")
        assert item_of(vault, "C21").approver_id == ""
        assert self.rows(view)["C21"].state_words == "To do"
        other = FakeView()
        presenter, _ = self.open(vault, other, actor=QA)
        presenter.choose("C21")
        presenter.set_state("waived", "Agreed at the panel")
        assert self.rows(other)["C21"].state_words == "Waived"

    def test_filters_split_the_rows_without_losing_one(self, vault, view):
        presenter, _ = self.open(vault, view)
        shown, picture = {}, None
        for section in ("open", "done", "questions"):
            presenter.show(section)
            picture, rows = view.last["show_checklist"]
            shown[section] = {row.id for row in rows}
        assert picture is not None
        assert sum(map(len, shown.values())) == len(picture.rows)
        assert "C31" in shown["done"]


class TestStages:
    def open(self, vault, view):
        made = context(vault)
        presenter = StagePresenter(made, view, MARY)
        presenter.load()
        return presenter, made

    def test_ready_names_every_must_item_that_is_open(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.consider("READY", "", "", "")
        found = view.last["show_findings"]
        assert view.named["show_findings"] == {"may": False}
        assert any(each.words.startswith("Public liability insurance") for each in found)
        presenter.move("")
        assert view.failed[0] == "move"
        assert len(vault.all(StageEvent)) == 2

    def test_closing_wants_a_reason_from_the_list(self, vault, view):
        presenter, made = self.open(vault, view)
        presenter.consider("CLOSED", "", "", "")
        assert view.named["show_findings"] == {"may": False}
        presenter.consider("CLOSED", "TRANSPORT", "", "")
        assert view.named["show_findings"] == {"may": True}
        presenter.move("The bus was cut")
        event = vault.all(StageEvent)[0]
        assert (event.stage, event.reason, event.note) == ("CLOSED", "TRANSPORT", "The bus was cut")
        assert made.goes.routes == [("enterprise", {"id": MARY})]

    @pytest.mark.parametrize("on", ["31/02/2022", "25/12/2022"])
    def test_a_day_that_is_not_or_has_not_come_stops_it(self, vault, view, on):
        presenter, _ = self.open(vault, view)
        presenter.consider("PAUSED", "Illness", on, "25/12/2023")
        assert view.named["show_findings"] == {"may": False}
