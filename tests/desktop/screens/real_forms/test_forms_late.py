"""Answers and previews that meet a move, a Finish or a leaving that is not yet on disk."""

from __future__ import annotations

import pytest

from desktop.operations import form_filling as filling
from forms.facts.casework import FormResponse
from storage.errors import VaultFull
from tests.desktop.screens.desk import BusyLane, OnTheSpot
from tests.desktop.screens.real_forms.world import (
    newer_offered,
    only,
    opened,
    published,
    refs,
)


def test_an_answer_given_while_a_move_is_worked_out_moves_too(vault, books):
    presenter, view = newer_offered(vault, books)
    held = presenter._context.jobs = BusyLane()
    presenter.versions.preview_move()
    presenter.answer(refs(view)["kept"].ref, "second")
    held.catch_up()
    assert dict(view.last["show_move"].parts)["Kept as they are (1)"] == ("What stays: second",)
    presenter.versions.move()
    held.catch_up()
    record = only(vault, "draft")
    assert record.form_version == "2022-11-20.1"
    assert "<kept>second</kept>" in record.instance_xml


def test_a_preview_does_not_outlive_the_draft_that_it_is_of(vault, books):
    presenter, view = newer_offered(vault, books)
    presenter.versions.preview_move()
    assert view.last["show_move"] is not None
    presenter.finish()
    assert only(vault, "final")
    assert view.last["show_move"] is None


def test_a_preview_that_comes_when_the_form_is_finished_is_not_shown(vault, books):
    presenter, view = newer_offered(vault, books)
    held = presenter._context.jobs = BusyLane()
    presenter.versions.preview_move()
    presenter._context.jobs = OnTheSpot()
    presenter.finish()
    held.catch_up()
    assert view.last.get("show_move") is None
    presenter.versions.move()
    assert only(vault, "final").form_version == "1"


def full(*_, **__):
    raise VaultFull


@pytest.mark.parametrize("ending", ["finish", "move_draft"])
def test_what_was_answered_reaches_the_record_also_when_its_end_was_refused(
    vault, books, monkeypatch, ending
):
    presenter, view = newer_offered(vault, books)
    presenter.answer(refs(view)["kept"].ref, "last")
    with monkeypatch.context() as once:
        once.setattr(filling, ending, full)
        if ending == "finish":
            presenter.finish()
        else:
            presenter.versions.preview_move()
            presenter.versions.move()
    assert "<kept>first</kept>" in only(vault, "draft").instance_xml
    presenter.put_down()
    assert "<kept>last</kept>" in only(vault, "draft").instance_xml


def test_leaving_a_form_whose_finish_is_on_its_way_changes_nothing_of_it(vault, books):
    presenter, view = newer_offered(vault, books)
    presenter.answer(refs(view)["kept"].ref, "last")
    held = presenter._context.jobs = BusyLane()
    presenter.finish()
    presenter.put_down()
    held.step()
    finished = only(vault, "final")
    assert "<kept>last</kept>" in finished.instance_xml
    held.catch_up()
    assert only(vault, "final") == finished
    assert vault.forms.open_sheets() == []


def held_at_its_end(vault, books, ending):
    """A draft with a newer version; its Finish, or its move, is asked for and not yet on disk."""
    presenter, view = newer_offered(vault, books)
    if ending == "move":
        presenter.versions.preview_move()
    held = presenter._context.jobs = BusyLane()
    (presenter.finish if ending == "finish" else presenter.versions.move)()
    return presenter, view, held


def test_an_answer_given_while_a_move_is_written_is_given_on_the_new_sheet(vault, books):
    presenter, view, held = held_at_its_end(vault, books, "move")
    presenter.answer(refs(view)["kept"].ref, "second")
    presenter.answer(refs(view)["kept"].ref, "third")
    presenter.answer(refs(view)["gone"].ref, "has no place")
    held.catch_up()
    assert presenter._form.session.node(refs(view)["kept"].ref).value == "third"
    record = only(vault, "draft")
    sheet = vault.forms.sheet(record.id).instance_xml
    assert "<kept>third</kept>" in sheet
    assert "fresh" in sheet  # it is the sheet of the new version
    (told,) = presenter._context.tell.problems
    assert "What goes: has no place" in told
    presenter.put_down()
    held.catch_up()
    assert "<kept>third</kept>" in only(vault, "draft").instance_xml


def test_an_answer_given_while_a_finish_is_written_is_named_and_changes_nothing(vault, books):
    presenter, view, held = held_at_its_end(vault, books, "finish")
    presenter.answer(refs(view)["kept"].ref, "too late")
    presenter.finish()  # pressed twice
    held.catch_up()
    assert "<kept>first</kept>" in only(vault, "final").instance_xml
    assert "field_failed" not in view.last
    (told,) = presenter._context.tell.problems
    assert "What stays: too late" in told


@pytest.mark.parametrize("ending", ["finish", "move"])
def test_an_answer_given_before_an_end_that_is_refused_reaches_the_record(
    vault, books, monkeypatch, ending
):
    monkeypatch.setattr(filling, "finish", full)
    monkeypatch.setattr(filling, "move_draft", full)
    presenter, view, held = held_at_its_end(vault, books, ending)
    presenter.answer(refs(view)["kept"].ref, "meanwhile")
    presenter.put_down()  # and the page is left
    held.catch_up()
    assert "<kept>meanwhile</kept>" in only(vault, "draft").instance_xml


def test_a_form_that_could_not_be_put_down_is_put_down_when_it_is_left_again(
    vault, books, monkeypatch
):
    published(vault, books["one"])
    presenter, view = opened(vault)
    for text in ("first", "last"):
        presenter.answer(refs(view)["kept"].ref, text)
    with monkeypatch.context() as once:
        once.setattr(filling, "put_down", full)
        presenter.put_down()
    assert view.last["field_failed"][0] == "left"
    assert "<kept>first</kept>" in only(vault, "draft").instance_xml
    presenter.put_down()
    assert "<kept>last</kept>" in only(vault, "draft").instance_xml
    assert view.last["field_saved"][0] == "left"


def test_finish_waits_for_a_file_that_is_on_its_way(vault, books, tmp_path):
    published(vault, books["one"])
    presenter, view = opened(vault)
    paper, bad = tmp_path / "letter.txt", tmp_path / "run.exe"
    paper.write_text("Dear Mary", "utf-8")
    bad.write_bytes(b"MZ")
    kept = refs(view)["kept"].ref
    held = presenter._context.jobs = BusyLane()
    presenter.attach(kept, bad)
    presenter.finish()
    held.catch_up()
    assert vault.reader.all(FormResponse, state="final") == []
    assert "is not finished" in presenter._context.tell.problems[-1]
    presenter.attach(kept, paper)
    presenter.finish()
    held.catch_up()
    assert "<kept>letter.txt</kept>" in only(vault, "final").instance_xml
