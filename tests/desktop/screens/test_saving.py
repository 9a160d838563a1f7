"""Saving and "Try again": never older text over newer, and a form's sheet as it is now."""

from dataclasses import replace

from PySide6.QtWidgets import QPushButton

from desktop.operations import form_filling
from desktop.presenters.form_keeping import OPENED_SINCE
from desktop.presenters.form_pages import ANSWERED_SINCE, FormPresenter
from desktop.presenters.saving import FieldSaver
from desktop.views.form_pages.fields import TextField
from desktop.views.kit.problem_bar import ProblemBar
from forms.facts.casework import FormResponse
from forms.facts.people import Enterprise
from storage.errors import VaultFull
from tests.desktop.screens.desk import FakeView, context
from tests.desktop.screens.people import MARY


def phone(words):
    return lambda writing: writing.unit.set(Enterprise, MARY, phone=words)


class TestAField:
    def saver(self, vault):
        made = context(vault)
        return FieldSaver(made, FakeView(), f"enterprise/{MARY}"), made.tell

    def failing(self, vault, saver, words="1"):
        vault.fails_with = VaultFull()
        saver.commit("phone", phone(words))
        vault.fails_with = None

    def test_try_again_writes_what_failed(self, vault):
        saver, told = self.saver(vault)
        self.failing(vault, saver)
        told.agains[-1]()
        assert vault.get(Enterprise, MARY).phone == "1"

    def test_try_again_never_writes_over_what_came_after(self, vault):
        saver, told = self.saver(vault)
        self.failing(vault, saver)
        saver.commit("phone", phone("2"))
        told.agains[-1]()
        assert vault.get(Enterprise, MARY).phone == "2"

    def test_not_from_a_page_that_was_open_before_either(self, vault):
        saver, told = self.saver(vault)
        self.failing(vault, saver)
        FieldSaver(saver._context, FakeView(), f"enterprise/{MARY}").commit("phone", phone("2"))
        told.agains[-1]()
        assert vault.get(Enterprise, MARY).phone == "2"

    def test_a_draft_that_was_not_kept_can_be_tried_again_as_it_stands_by_then(self, vault):
        saver, told = self.saver(vault)
        vault.fails_with = VaultFull()
        for text in ("Two cli", "Two clients"):
            saver.keep_draft("note", text)
        assert all(told.agains), "the words say: press Try again"
        vault.fails_with = None
        told.agains[-1]()
        assert list(vault.half_typed.values()) == ["Two clients"]
        saver.drop_draft("note")
        told.agains[-1]()
        assert vault.half_typed == {}, "what was added is not half typed again"

    def test_another_field_is_another_matter(self, vault):
        saver, told = self.saver(vault)
        self.failing(vault, saver)
        place = lambda writing: writing.unit.set(Enterprise, MARY, place="Mells")  # noqa: E731
        saver.commit("place", place)
        assert told.settled == []
        told.agains[-1]()
        kept = vault.get(Enterprise, MARY)
        assert (kept.phone, kept.place) == ("1", "Mells")

    def test_a_later_success_takes_its_own_bar_away(self, vault):
        saver, told = self.saver(vault)
        self.failing(vault, saver)
        saver.commit("phone", phone("2"))
        assert told.settled == [told.agains[-1]]
        saver.commit("phone", phone("3"))
        assert len(told.settled) == 1


def test_the_bar_goes_for_its_own_trouble_alone(qtbot):
    bar, mine, other = ProblemBar(), lambda: None, lambda: None
    qtbot.addWidget(bar)
    bar.show_problem("The disk is full.", again=mine)
    bar.solved(other)
    assert bar.words == "The disk is full."
    bar.solved(mine)
    assert bar.words == ""
    assert not any(each.isVisible() for each in bar.findChildren(QPushButton))


def _below(pages):
    waiting = [each for page in pages for each in page.asked]
    while waiting:
        each = waiting.pop()
        waiting += each.inside
        yield each


def test_what_was_typed_while_a_save_was_on_its_way_has_a_draft_at_once(qtbot):
    field = TextField("Phone")
    qtbot.addWidget(field)
    typed = []
    field.typed.connect(typed.append)
    field.editor.setText("01233")
    field.commit()
    field.editor.setText("01233 1")
    field.show_saved("Saved")
    assert typed == ["01233 1"]
    field.commit()
    field.show_saved("Saved")
    assert typed == ["01233 1"]


class TestAForm:
    def open(self, vault, made=None, **named):
        made, view = made or context(vault), FakeView()
        presenter = FormPresenter(made, view, "activity_return", enterprise_id=MARY, **named)
        presenter.load()
        asked = {one.ref.rsplit("/", 1)[-1]: one.ref
                 for page in view.last["show_form"][1] for one in page.asked}  # fmt: skip
        return presenter, made, asked

    def failing(self, vault, presenter, ref):
        vault.fails_with = VaultFull()
        presenter.answer(ref, "18")
        vault.fails_with = None

    def sheet(self, vault):
        (kept,) = vault.all(FormResponse)
        return vault.forms.sheet(kept.id).instance_xml

    def test_try_again_keeps_the_sheet_as_it_is_now(self, vault):
        presenter, made, at = self.open(vault)
        self.failing(vault, presenter, at["hours_week"])
        presenter.answer(at["period_from"], "1/7/2022")
        made.tell.agains[-1]()
        assert "<hours_week>18</hours_week>" in self.sheet(vault)
        assert "<period_from>2022-07-01</period_from>" in self.sheet(vault)

    def test_a_form_that_was_opened_again_is_not_written_over(self, vault):
        presenter, made, at = self.open(vault)
        presenter.answer(at["period_from"], "1/7/2022")
        self.failing(vault, presenter, at["hours_week"])
        later, _, _ = self.open(vault, made)
        later.answer(at["period_to"], "1/8/2022")
        made.tell.agains[-1]()
        assert "<period_to>2022-08-01</period_to>" in self.sheet(vault)
        assert made.tell.problems[-1] == OPENED_SINCE

    def test_finish_again_finishes_what_stands_there_now(self, vault, monkeypatch):
        presenter, made, at = self.open(vault)
        monkeypatch.setattr("forms.engine.session.FormSession.validate", lambda _: ())
        monkeypatch.setattr(form_filling, "record_from_form", lambda *_: None)
        vault.fails_with = VaultFull()
        presenter.finish()
        vault.fails_with = None
        again = made.tell.agains[-1]
        presenter.answer(at["period_from"], "1/7/2022")
        again()
        (kept,) = vault.all(FormResponse)
        assert kept.state == "final"
        assert "2022-07-01" in kept.instance_xml


class TestDraftsOfAForm:
    def of(self, vault, made, **named):
        return TestAForm().open(vault, made, **named)

    def test_half_typed_text_of_one_answer_sheet_is_never_shown_in_another(self, vault):
        made = context(vault)
        final = FormResponse(
            id="done", form_id="activity_return", form_version="", enterprise_id=MARY,
            state="final",
        )  # fmt: skip
        first, _, at = self.of(vault, made)
        first.answer(at["period_from"], "1/7/2022")
        (draft,) = vault.all(FormResponse)
        first.keep_typed(at["hours_week"], "7")
        vault.hold(replace(final, form_version=draft.form_version))
        revising, _, _ = self.of(vault, made, response_id="done")
        revising.versions.revise("A typing mistake")
        assert revising._form.session.node(at["hours_week"]).value == ""

    def test_a_revision_finds_its_own_again(self, vault):
        made = context(vault)
        first, _, at = self.of(vault, made)
        first.answer(at["period_from"], "1/7/2022")
        (draft,) = vault.all(FormResponse)
        vault.hold(replace(draft, state="final"))
        revising, _, _ = self.of(vault, made, response_id=draft.id)
        revising.versions.revise("A typing mistake")
        revising.keep_typed(at["hours_week"], "7")
        (revision,) = (one for one in vault.all(FormResponse) if one.supersedes)
        back, _, _ = self.of(vault, made, response_id=revision.id)
        assert back._form.session.node(at["hours_week"]).value == "7"

    def two_drafts(self, vault):
        """Two people each began the form on their own laptop: both drafts are here."""
        made = context(vault)
        first, _, at = self.of(vault, made)
        first.answer(at["period_from"], "1/7/2022")
        (draft,) = vault.all(FormResponse)
        other = replace(draft, id="0-other")
        vault.hold(other)
        return made, at, draft.id, other.id

    def test_two_drafts_of_one_form_keep_their_half_typed_text_apart(self, vault):
        made, at, mine, theirs = self.two_drafts(vault)
        first, _, _ = self.of(vault, made, response_id=mine)
        first.keep_typed(at["hours_week"], "7")
        other, _, _ = self.of(vault, made, response_id=theirs)
        assert other._form.session.node(at["hours_week"]).value == ""
        other.keep_typed(at["hours_week"], "9")
        again, _, _ = self.of(vault, made, response_id=mine)
        assert again._form.session.node(at["hours_week"]).value == "7"

    def test_text_typed_before_the_first_answer_goes_with_the_draft(self, vault):
        made = context(vault)
        first, _, at = self.of(vault, made)
        first.keep_typed(at["hours_week"], "7")
        first.answer(at["period_from"], "1/7/2022")
        (draft,) = vault.all(FormResponse)
        vault.hold(replace(draft, id="0-other"))
        other, _, _ = self.of(vault, made, response_id="0-other")
        assert other._form.session.node(at["hours_week"]).value == ""
        mine, _, _ = self.of(vault, made, response_id=draft.id)
        assert mine._form.session.node(at["hours_week"]).value == "7"

    def test_text_kept_before_drafts_had_names_of_their_own_is_found(self, vault):
        made = context(vault)
        first, _, at = self.of(vault, made)
        first.answer(at["period_from"], "1/7/2022")
        vault.half_typed[f"form/{MARY}/activity_return/{at['hours_week']}"] = "7"
        again, _, _ = self.of(vault, made)
        assert again._form.session.node(at["hours_week"]).value == "7"

    def test_an_entry_taken_out_comes_back_only_as_the_last_thing_done(self, vault):
        made, view = context(vault), FakeView()
        form = FormPresenter(made, view, "seed_claim", enterprise_id=MARY)
        form.load()
        every = list(_below(view.last["show_form"][1]))
        repeat = next(each for each in every if each.can_add)
        form.add(repeat.ref)
        count = len(form._form.session.node(repeat.ref).nodes)
        form.remove(form._form.session.node(repeat.ref).nodes[-1].ref)
        (_, back) = made.tell.undos[-1]
        form.add(repeat.ref)
        back()
        assert made.tell.problems[-1] == ANSWERED_SINCE
        assert len(form._form.session.node(repeat.ref).nodes) == count
        form.remove(form._form.session.node(repeat.ref).nodes[-1].ref)
        made.tell.undos[-1][1]()
        assert len(form._form.session.node(repeat.ref).nodes) == count

    def test_an_entry_that_is_back_already_is_not_said_to_come_back(self, vault):
        made, view = context(vault), FakeView()
        form = FormPresenter(made, view, "seed_claim", enterprise_id=MARY)
        form.load()
        repeat = next(each for each in _below(view.last["show_form"][1]) if each.can_add)
        form.add(repeat.ref)
        count = len(form._form.session.node(repeat.ref).nodes)
        form.remove(form._form.session.node(repeat.ref).nodes[-1].ref)
        offered = made.tell.undos[-1][1]
        assert offered not in made.tell.settled
        form.undo()  # "Undo the last answer" brings it back
        assert offered in made.tell.settled  # the bar offers it no more
        offered()  # pressed at that very moment
        assert len(form._form.session.node(repeat.ref).nodes) == count
        assert "nothing was taken back now" in made.tell.problems[-1]
        assert "If the entry is still missing" in made.tell.problems[-1]

    def test_a_draft_opened_by_its_id_finds_what_was_half_typed(self, vault):
        made = context(vault)
        first, _, at = self.of(vault, made)
        first.answer(at["period_from"], "1/7/2022")
        first.keep_typed(at["hours_week"], "7")
        (draft,) = vault.all(FormResponse)
        view = FakeView()
        by_id = FormPresenter(made, view, "", response_id=draft.id)
        by_id.load()
        assert by_id._form.session.node(at["hours_week"]).value == "7"
