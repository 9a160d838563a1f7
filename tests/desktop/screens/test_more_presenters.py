"""Guide, forms, things to check, impact, reports, documents, newcomers: with a fake view."""

from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from desktop.operations.reports import checks, file_name
from desktop.presenters.entity_guide import GuidePresenter
from desktop.presenters.figure import FigurePresenter
from desktop.presenters.form_pages import FormPresenter
from desktop.presenters.impact import ImpactPresenter
from desktop.presenters.newcomer import Newcomer, NewcomerPresenter, SignOff
from desktop.presenters.reports import Choice, Plan, ReportsPresenter
from desktop.presenters.things_to_check import ThingsPresenter
from evidence.dossier import gather
from forms.facts.casework import EntityDecision, FormResponse
from forms.facts.people import Dpia, Enterprise, Tally
from tests.desktop.screens.desk import LEAD, FakeView, context
from tests.desktop.screens.people import MARY, amount_clash, phone_clash


class TestGuide:
    dance: ClassVar = {"Q1": "3", "Q2": "no", "Q3": "no", "Q4": "no", "Q5": "yes", "Q6": "yes",
             "Q7": "no", "Q8": "yes", "Q12": "yes", "Q14": "5k_20k"}  # fmt: skip

    def open(self, vault, view, answers=()):
        made = context(vault)
        presenter = GuidePresenter(made, view, MARY)
        presenter.load()
        for question, answer in dict(answers).items():
            presenter.answer(question, answer)
        return presenter, made

    def test_sixteen_questions_in_pages_each_asked_once(self, vault, view):
        self.open(vault, view)
        picture, _ = view.last["show_guide"]
        asked = [ask.id for page in picture.groups for ask in page.asks]
        assert sorted(asked) == sorted(f"Q{n}" for n in range(1, 17))

    def test_the_ranking_follows_each_answer_with_reasons(self, vault, view):
        self.open(vault, view, self.dance)
        result, answered, of = view.last["show_result"]
        assert result.top[0].code == "CICG"
        assert result.headline.startswith("Community interest company")
        assert "ahead of" in result.headline
        assert (answered, of) == (10, 16)
        assert result.excluded
        assert all(because for _, because in result.excluded)

    def test_a_number_that_cannot_be_is_said_at_its_question(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.answer("Q1", "a few")
        assert view.failed[0] == "Q1"

    def test_a_choice_needs_the_tick_and_the_reason(self, vault, view):
        presenter, _ = self.open(vault, view, self.dance)
        presenter.choose("CICG", "Hall lease", information_not_advice=False)
        assert "information, not advice" in view.failed[1]
        presenter.choose("CICG", " ", information_not_advice=True)
        assert vault.all(EntityDecision) == []
        presenter.choose("CICG", "Hall lease", information_not_advice=True)
        (decision,) = vault.all(EntityDecision)
        assert decision.chosen == "CICG"
        assert decision.answers["Q5"] == "yes"
        assert decision.ranked["CICG"]["score"] > 0
        assert vault.get(Enterprise, MARY).entity_form == "CICG"

    def test_unfinished_answers_come_back(self, vault, view):
        self.open(vault, view, {"Q1": "2", "Q3": "yes"})
        again = FakeView()
        self.open(vault, again)
        _, answers = again.last["show_guide"]
        assert answers == {"Q1": "2", "Q3": "yes"}

    def test_no_answer_is_no_ranking(self, vault, view):
        self.open(vault, view)
        assert view.last["show_result"][0].headline == "Answer the questions to see what fits."


class TestForms:
    def open(self, vault, view, form="activity_return", **named):
        made = context(vault)
        presenter = FormPresenter(made, view, form, enterprise_id=MARY, **named)
        presenter.load()
        return presenter, made

    def refs(self, view):
        pages = view.last.get("show_changes", (view.last["show_form"][1],))[0]
        return {each.ref.rsplit("/", 1)[-1]: each for page in pages for each in page.asked}

    def test_a_page_a_group_with_its_state_in_words(self, vault, view):
        presenter, _ = self.open(vault, view)
        title, pages = view.last["show_form"]
        assert title == "Activity return"
        assert [page.title for page in pages][:2] == ["The quarter", "Hours a week"]
        assert {page.state for page in pages} == {"Not started"}
        presenter.answer(self.refs(view)["period_from"].ref, "1/7/2022")
        pages, _ = view.last["show_changes"]
        assert pages[0].state == "1 of 4 answered"
        assert self.refs(view)["period_from"].value == "01/07/2022"

    def test_every_answer_is_on_disk_and_comes_back(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.answer(self.refs(view)["hours_week"].ref, "18")
        (kept,) = vault.all(FormResponse)
        assert (kept.state, kept.form_id) == ("draft", "activity_return")
        assert "<hours_week>18</hours_week>" in kept.instance_xml
        again = FakeView()
        self.open(vault, again)
        assert self.refs(again)["hours_week"].value == "18"
        assert len(vault.all(FormResponse)) == 1

    def test_an_answer_shows_what_follows_from_it(self, vault, view):
        presenter, _ = self.open(vault, view)
        assert not self.refs(view)["dp_hours_week"].relevant
        presenter.answer(self.refs(view)["hours_week"].ref, "18")
        assert self.refs(view)["dp_hours_week"].relevant

    def test_what_cannot_be_held_is_said_and_not_kept(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.answer(self.refs(view)["hours_week"].ref, "plenty")
        assert self.refs(view)["hours_week"].problem
        assert vault.all(FormResponse) == []

    def test_finishing_too_soon_lists_what_is_left_in_the_same_words(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.finish()
        problems = view.last["show_problems"]
        assert len(problems) >= 5
        shown = {each.problem for each in self.refs(view).values() if each.problem}
        assert {each.words for each in problems} == shown
        assert any(each.page > 0 for each in problems)
        assert "show_finished" not in view.last

    def test_a_finished_form_is_final(self, vault, view):
        presenter, _ = self.open(vault, view)
        for name, value in {
            "period_from": "1/7/2022", "period_to": "30/9/2022", "received_on": "10/10/2022",
            "told": "told_us", "hours_week": "18", "people": "5", "employees": "0",
        }.items():  # fmt: skip
            presenter.answer(self.refs(view)[name].ref, value)
        presenter.finish()
        assert view.last["show_finished"] == "Finished. Saved on this laptop 14:32"
        assert [each.state for each in vault.all(FormResponse)] == ["final"]

    def test_a_repeat_grows_and_shrinks_and_comes_back(self, vault, view):
        presenter, made = self.open(vault, view, "seed_claim")
        repeat = next(
            each for page in view.last["show_form"][1] for each in page.asked
            if each.kind == "repeat"
        )  # fmt: skip
        before = len(repeat.inside)
        presenter.add(repeat.ref)

        def instances():
            pages = view.last["show_form"][1]
            return next(e for p in pages for e in p.asked if e.kind == "repeat").inside

        assert len(instances()) == before + 1
        presenter.remove(instances()[-1].ref)
        assert len(instances()) == before
        made.tell.undos[-1][1]()
        assert len(instances()) == before + 1

    def test_a_form_that_is_not_there_says_so(self, vault, view):
        self.open(vault, view, "no_such_form")
        assert "no_such_form" in view.last["show_missing"]


class TestThings:
    def open(self, vault, view):
        made = context(vault)
        presenter = ThingsPresenter(made, view)
        presenter.load()
        return presenter, made

    def test_both_values_with_who_and_when(self, vault, view):
        self.open(vault, view)
        thing, number, of = view.last["show_thing"]
        assert (number, of) == (1, 2)
        assert (thing.about, thing.what) == ("Mary Thorne", "Enterprise: phone")
        assert (thing.mine.words, thing.mine.who) == ("01233 222222", "you, Fri 18 Nov 2022 14:05")
        assert thing.theirs.who == "Priya Shah, Fri 18 Nov 2022 16:20"

    @pytest.mark.parametrize(
        ("choice", "text", "value"),
        [
            ("mine", "", "01233 222222"),
            ("theirs", "", "01233 111111"),
            ("new", "01233 333333", "01233 333333"),
        ],
    )
    def test_a_choice_is_settled_with_its_note(self, vault, view, choice, text, value):
        presenter, _ = self.open(vault, view)
        presenter.choose(choice, text, "Rang her")
        assert vault.settled == [("c1", value, "Rang her")]
        assert view.last["show_thing"][0].id == "c2"

    def test_nothing_is_chosen_for_anybody(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.choose("", "", "")
        assert view.failed == ("choice", "Choose one of the values first.")
        assert vault.settled == []

    def test_later_leaves_it_open(self, vault, view):
        presenter, made = self.open(vault, view)
        presenter.decide_later()
        assert view.last["show_thing"][0].id == "c2"
        presenter.decide_later()
        assert view.last["show_thing"][0].id == "c1"
        assert made.tell.said == ["2 things are left for later. Nothing is lost."]
        assert made.goes.backs == 1
        assert vault.settled == []

    def test_later_works_when_there_is_only_one(self, vault, view):
        vault.open_conflicts = [phone_clash()]
        presenter, made = self.open(vault, view)
        presenter.decide_later()
        assert made.goes.backs == 1
        assert vault.settled == []

    def test_one_answer_for_all_alike_is_said_and_offers_no_way_back(self, vault, view):
        vault.open_conflicts = [phone_clash("c1"), amount_clash(), phone_clash("c3")]
        presenter, made = self.open(vault, view)
        assert view.last["offer_for_all"] == (2, 2)
        presenter.choose_for_alike("mine")
        assert [(each[0], each[1]) for each in vault.settled] == [
            ("c1", "01233 222222"), ("c3", "01233 222222"),
        ]  # fmt: skip
        assert made.tell.said == ["Yours chosen for 2 things"]
        assert made.tell.undos == []

    def test_on_money_there_is_no_answer_for_all(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.decide_later()
        assert view.last["offer_for_all"] == (0, 0)
        presenter.choose_for_alike("mine")
        presenter.choose_for_rest("mine")
        assert vault.settled == []

    def test_the_same_for_all_never_takes_in_money(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.choose_for_rest("theirs")
        assert [each[0] for each in vault.settled] == ["c1"]

    def test_a_new_amount_is_typed_in_pounds(self, vault, view):
        presenter, _ = self.open(vault, view)
        presenter.decide_later()
        presenter.choose("new", "£250", "")
        assert vault.settled == [("c2", 25000, "")]

    def test_the_last_one_leaves_an_empty_page(self, vault, view):
        vault.open_conflicts = []
        self.open(vault, view)
        assert view.count["show_nothing"] == 1


class TestImpact:
    def test_every_count_equals_the_rows_behind_it(self, vault):
        picture = None
        for number in range(1, 43):
            view = FakeView()
            FigurePresenter(context(vault), view, f"I-{number:02}", "").load()
            picture = view.last["show_indicator"]
            for figure in picture.figures:
                assert figure.heading.startswith(str(len(figure.rows)))
        assert picture is not None
        assert picture.id == "I-42"

    def test_active_now_names_its_rows(self, vault, view):
        FigurePresenter(context(vault), view, "I-06", "").load()
        figure = view.last["show_indicator"].figures[0]
        assert figure.shown == "1 enterprise"
        assert [row.name for row in figure.rows] == ["Mary's Helping Hands"]

    def test_before_the_first_day_she_is_left_out_with_the_reason(self, vault, view):
        FigurePresenter(context(vault), view, "I-06", "2022-06-15").load()
        figure = view.last["show_indicator"].figures[0]
        assert figure.rows == ()
        assert len(figure.left_out) == 1
        assert figure.left_out[0].why

    def test_nothing_recorded_is_said_and_never_zero(self, vault, view):
        presenter = ImpactPresenter(context(vault), view)
        presenter.load()
        picture = view.last["show_impact"]
        empty = [tile for tile in picture.all if not tile.collected]
        assert empty
        assert {tile.shown for tile in empty} == {"Not collected yet"}
        assert len(picture.all) == 42

    def test_the_line_ends_at_the_day_and_at_the_tile(self, vault, view):
        ImpactPresenter(context(vault), view).load()
        picture = view.last["show_course"]
        assert picture.line[-1].on == date(2022, 11, 20)
        assert picture.line[-1].value == 1
        assert [p.value for p in picture.line if p.on < date(2022, 7, 1)] == [0] * 6
        assert [step.count for step in picture.target] == [60, 223, 416]

    @pytest.mark.parametrize("typed", ["31/2/2023", "1/1/1999", ""])
    def test_a_day_that_cannot_be_keeps_the_figures(self, vault, view, typed):
        presenter = ImpactPresenter(context(vault), view)
        presenter.load()
        presenter.set_day(typed)
        assert view.last["show_problem"]
        assert view.count["show_impact"] == 1


class FakeRendering:
    def __init__(self):
        self.step = SimpleNamespace(words="page 3", done=3, of=14)
        self.is_over, self.fault, self.stopped = False, None, False
        self.pages = []

    def stop(self):
        self.stopped = True


class TestReports:
    @pytest.fixture
    def started(self):
        return []

    def open(self, vault, view, started):
        def start(gathered, kind, target):
            rendering = FakeRendering()
            started.append((kind, target, gathered.choice, rendering))
            return rendering

        return ReportsPresenter(context(vault), view, view, start=start)

    def plan(self, folder, kinds=("html", "xlsx"), **named):
        fields: dict[str, Any] = {"as_of": date(2022, 11, 20)}
        return Plan(choice=Choice(**(fields | named)), folder=folder, kinds=kinds)

    def test_files_are_made_one_by_one_and_told_at_the_end(self, vault, view, started, tmp_path):
        presenter = self.open(vault, view, started)
        presenter.make(self.plan(tmp_path))
        assert [each[0] for each in started] == ["html"]
        presenter.tick()
        assert view.last["show_step"] == ("Web page: page 3", 1, 3)
        started[0][3].is_over = True
        presenter.tick()
        assert [each[0] for each in started] == ["html", "xlsx"]
        started[1][3].is_over = True
        presenter.tick()
        made = view.last["show_made"]
        assert [each.name for each in made.files] == [
            "impact-assessment-2022-11-20-internal.html",
            "impact-assessment-2022-11-20-internal.xlsx",
        ]
        assert not presenter.is_busy

    def test_stop_keeps_what_is_finished_and_says_so(self, vault, view, started, tmp_path):
        presenter = self.open(vault, view, started)
        presenter.make(self.plan(tmp_path))
        started[0][3].is_over = True
        presenter.tick()
        presenter.stop()
        assert started[1][3].stopped
        assert view.last["show_stopped"] == "Stopped. Finished and kept: Web page."
        assert not presenter.is_busy

    def test_a_broken_process_says_what_is_safe(self, vault, view, started, tmp_path):
        presenter = self.open(vault, view, started)
        presenter.make(self.plan(tmp_path))
        started[0][3].fault = EvidenceFault("This laptop is full. Your records are safe.")
        started[0][3].is_over = True
        presenter.tick()
        assert view.last["show_stopped"] == "This laptop is full. Your records are safe."
        assert not presenter.is_busy

    def test_two_at_once_is_one(self, vault, view, started, tmp_path):
        presenter = self.open(vault, view, started)
        presenter.make(self.plan(tmp_path))
        presenter.make(self.plan(tmp_path))
        assert len(started) == 1

    def test_checks_say_what_is_missing_and_whether_it_may_go_out(self, vault):
        made = context(vault)
        dossier = gather(vault.reader, made.pack, date(2022, 11, 20))
        inside = checks(dossier, made.pack, Choice(as_of=date(2022, 11, 20)))
        outside = checks(dossier, made.pack, Choice(as_of=date(2022, 11, 20), published=True))
        assert not inside[0].fine
        assert outside[0].fine
        assert "under 5" in outside[0].words
        assert any("not collected yet" in each.words for each in inside)
        assert any("two values" in each.words for each in inside)

    def test_the_version_is_in_the_file_name(self):
        named = file_name(Choice(as_of=date(2023, 3, 31), published=True), "pdf")
        assert named == "impact-assessment-2023-03-31-published.pdf"


class EvidenceFault(Exception):
    """Stands for evidence's own: known by its name."""


class TestNewcomers:
    def open(self, vault, view):
        made = context(vault)
        presenter = NewcomerPresenter(made, view)
        presenter.load()
        return presenter, made

    def test_before_the_sign_off_only_a_count_and_the_reason(self, vault, view):
        vault.records = {k: v for k, v in vault.records.items() if k[0] is not Dpia}
        presenter, made = self.open(vault, view)
        picture = view.last["show_gate"]
        assert not picture.gate_open
        assert "people may only be counted" in picture.because
        before = len(vault.all(Enterprise))
        presenter.add(Newcomer(leader="Joe Pearce"))
        assert view.failed[0] == "leader"
        presenter.keep_typed(Newcomer(leader="Joe Pearce"))
        assert vault.half_typed == {}
        presenter.count(picture.channels[0][0], "")
        assert sum(each.count for each in vault.all(Tally)) == 1
        assert view.last["show_gate"].counted_today == 1
        assert len(vault.all(Enterprise)) == before
        assert made.goes.routes == []

    def test_a_lead_asks_for_the_sign_off_and_a_coach_cannot(self, vault, view):
        vault.records = {k: v for k, v in vault.records.items() if k[0] is not Dpia}
        self.open(vault, view)
        assert not view.last["show_gate"].may_sign
        assert "to have the sign-off noted" in view.last["show_gate"].because
        lead = FakeView()
        presenter = NewcomerPresenter(context(vault, actor=LEAD), lead)
        presenter.load()
        assert lead.last["show_gate"].may_sign
        assert "Ask " not in lead.last["show_gate"].because
        typed = {"version": "2", "signed_on": "14/1/2022", "review_on": "", "comments": "Agreed"}
        presenter.sign(SignOff(signed_by="", **typed))
        assert vault.requests == []
        assert lead.failed[0] == "sign"
        presenter.sign(SignOff(signed_by="J. Adeyemi, Corporate Director", **typed))
        (request,) = vault.requests
        assert (request.name, request.subject_id) == ("dpia.sign", "dpia-2")
        assert request.payload["signed_on"] == "2022-01-14"
        assert "asked for" in lead.last["show_gate"].asked

    def test_after_it_the_record_opens(self, vault, view):
        presenter, made = self.open(vault, view)
        presenter.add(Newcomer(leader="Joe Pearce", channel="phone"))
        (name, params) = made.goes.routes[0]
        assert name == "enterprise"
        assert vault.get(Enterprise, params["id"]) is not None
