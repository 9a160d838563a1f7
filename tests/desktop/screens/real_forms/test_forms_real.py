"""Forms on a real encrypted vault: their own version, crashes, revisions, moves, publishing."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel

from desktop.operations import form_filling as filling
from desktop.operations import form_publishing as publishing
from desktop.operations.writing import write
from desktop.presenters.form_publishing import PublishingPresenter
from desktop.presenters.reminders import reminders
from desktop.views.form_pages.file_field import FileField
from desktop.views.form_pages.screen import FormScreen
from forms.change import Identity
from forms.engine.versions import fingerprint
from forms.facts.casework import Attachment, ChecklistItem, FormResponse
from forms.rules.pack import load_pack
from storage.forms import Definition
from tests.desktop.screens.desk import COACH, LEAD, FakeView
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY
from tests.desktop.screens.real_forms.world import (
    BOOK,
    desk,
    only,
    opened,
    published,
    refs,
)


def test_what_the_pack_ships_is_kept_on_first_opening_and_wins_over_a_changed_pack(vault):
    opened(vault, "activity_return")
    (card,) = vault.reader.form_versions("activity_return")
    assert card.state == "shipped"
    assert vault.forms.xform("activity_return", card.version).startswith("<")


def test_answers_are_a_log_and_one_record_however_many_there_are(vault, books):
    published(vault, books["one"])
    presenter, view = opened(vault)
    before = vault.reader.unsent_count()
    for text in ("a", "b", "c", "d"):
        presenter.answer(refs(view)["kept"].ref, text)
    record = only(vault, "draft")
    assert vault.reader.unsent_count() == before + 1  # the record when it was begun
    assert [s.after for s in vault.forms.log(record.id)] == ["a", "b", "c", "d"]
    assert [s.before for s in vault.forms.log(record.id)] == ["", "a", "b", "c"]
    presenter.put_down()
    assert "<kept>d</kept>" in only(vault, "draft").instance_xml
    assert vault.reader.unsent_count() == before + 2
    presenter.put_down()  # nothing new: nothing to send
    assert vault.reader.unsent_count() == before + 2


def test_after_a_crash_the_last_answer_is_there_and_reaches_the_record(vault, books):
    published(vault, books["one"])
    presenter, view = opened(vault)
    presenter.answer(refs(view)["kept"].ref, "first")
    presenter.answer(refs(view)["kept"].ref, "last")  # and then nobody leaves the form
    _, again = opened(vault)
    assert refs(again)["kept"].value == "last"
    write(desk(vault), filling.put_all_down, owner=vault, on_done=lambda _: None)
    assert "<kept>last</kept>" in only(vault, "draft").instance_xml
    assert vault.forms.open_sheets() == []


def test_a_form_may_ask_who_works_at_the_laptop_and_which_it_is(vault, tmp_path):
    path = tmp_path / "asks.md"
    path.write_text(
        "| survey | | | |\n| | type | name | label |\n| | username | who | |\n"
        "| | deviceid | laptop | |\n| | phonenumber | phone | |\n| | text | kept | What |\n"
        "| settings | | | |\n| | form_title | form_id | version |\n| | Asks | asks | 1 |\n",
        "utf-8",
    )
    vault.exchange.adopt(
        Identity(
            register_url="https://r.example",
            device_id="d-7",
            incarnation=1,
            role="coach",
            actor_id=COACH.id,
            actor_name=COACH.name,
            signing_key=b"k" * 32,
        )
    )
    published(vault, publishing.read_file(path))
    presenter, view = opened(vault, "asks")
    presenter.answer(refs(view)["kept"].ref, "yes")
    sheet = vault.forms.sheet(only(vault, "draft").id).instance_xml
    assert f"<who>{COACH.name}</who><laptop>d-7</laptop><phone/>" in sheet


def test_a_draft_stays_on_its_version_until_somebody_moves_it_after_looking(vault, books):
    published(vault, books["one"])
    presenter, view = opened(vault)
    presenter.answer(refs(view)["kept"].ref, "stays")
    presenter.answer(refs(view)["gone"].ref, "goes")
    proposal, failed = published(vault, books["two"])
    assert "tick first" in str(failed[0])  # a question is taken out
    proposal, failed = published(vault, books["two"], ticked=True)
    assert not failed
    assert proposal.form.version == "2022-11-20.1"  # nobody had to think of it
    assert [d.moved and len(d.moved.dropped) for d in proposal.drafts] == [1]

    presenter, view = opened(vault)
    assert set(refs(view)) == {"kept", "gone"}
    status = view.last["show_status"]
    assert "newer version" in status.newer
    presenter.versions.preview_move()
    preview = dict(view.last["show_move"].parts)
    assert preview["Kept as they are (1)"] == ("What stays: stays",)
    assert preview["Left out (1)"] == ("What goes: goes (is not asked any more)",)
    assert preview["Must be answered now (1)"] == ("How many (must be answered now)",)
    presenter.versions.stay()
    assert only(vault, "draft").form_version == "1"
    presenter.versions.preview_move()
    presenter.versions.move()
    record = only(vault, "draft")
    assert record.form_version == "2022-11-20.1"
    assert set(refs(view)) == {"kept", "fresh"}
    assert refs(view)["kept"].value == "stays"
    assert any(s.before == "goes" for s in vault.forms.log(record.id))  # nothing is lost


def test_a_finished_form_is_changed_as_a_new_revision_with_a_reason(vault, books):
    published(vault, books["one"])
    presenter, view = opened(vault)
    presenter.answer(refs(view)["kept"].ref, "as it was")
    presenter.finish()
    final = only(vault, "final")
    published(vault, books["two"], ticked=True)

    presenter, view = opened(vault, response_id=final.id)
    assert view.last["show_status"].final
    presenter.answer(refs(view)["kept"].ref, "sneaked in")
    assert only(vault, "final").instance_xml == final.instance_xml
    presenter.versions.revise("  ")
    assert view.last["field_failed"][0] == "reason"
    assert vault.reader.all(FormResponse, state="draft") == []
    presenter.versions.revise("Mary told me the year was wrong")
    presenter.answer(refs(view)["kept"].ref, "as it is")
    draft = only(vault, "draft")
    assert (draft.supersedes, draft.form_version) == (final.id, "1")
    assert draft.reason == "Mary told me the year was wrong"
    assert "deprecatedID" in draft.instance_xml
    presenter.finish()
    revised, old = only(vault, "final"), only(vault, "superseded")
    assert (revised.id, old.id) == (draft.id, final.id)
    assert old.instance_xml == final.instance_xml
    assert "<kept>as it is</kept>" in revised.instance_xml

    _, view = opened(vault, response_id=revised.id)
    (earlier,) = view.last["show_status"].earlier
    assert earlier.response_id == final.id
    _, view = opened(vault, response_id=final.id)
    assert refs(view)["kept"].value == "as it was"
    assert not view.last["show_status"].revisable


def test_a_version_that_is_not_here_is_said_in_words(vault):
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add(FormResponse(id="r-9", form_id="visit", form_version="7", instance_xml="<data/>"))
    _, view = opened(vault, response_id="r-9")
    assert "version 7" in view.last["show_missing"]
    assert "kept as they are" in view.last["show_missing"]


def test_only_a_lead_publishes(vault, books):
    made = desk(vault)
    proposal = publishing.propose(vault, "kent", books["one"], date(2022, 11, 20), made.clock)
    failed = []
    write(
        made, partial(publishing.publish, proposal=proposal, ticked=True), owner=made,
        on_done=lambda _: None, on_failed=failed.append,
    )  # fmt: skip
    assert "Only a project lead" in str(failed[0])
    assert vault.reader.form_versions("visit") == []


def test_the_same_version_with_other_words_is_refused(vault, books):
    published(vault, books["one"])
    xform = books["one"].xform.replace("What stays", "Something else")
    other = Definition(
        form_id="visit", version="1", title="Visit", state="published", xform=xform,
        fingerprint=fingerprint(xform),
    )  # fmt: skip
    with pytest.raises(Exception, match="says other things"):
        vault.forms.keep(other)


def test_the_screen_of_forms_shows_what_would_change_before_it_does(vault, tmp_path):
    path = tmp_path / "visit.md"
    view, made = FakeView(), desk(vault, LEAD)
    presenter = PublishingPresenter(made, view)
    presenter.load()
    assert any(form.title == "Activity return" for form in view.last["show_forms"])
    path.write_text(BOOK.replace("text", "txet", 1), "utf-8")
    presenter.check(path)
    assert not view.last["show_workbook"].can_publish
    assert any("txet" in words for words in view.last["show_workbook"].problems)
    path.write_text(BOOK, "utf-8")
    presenter.check(path)
    assert view.last["show_workbook"].heading == "Visit, version 1: a new form"
    presenter.publish(ticked=False)
    assert made.tell.said == ["Visit, version 1, is published"]
    presenter.check(path)
    assert view.last["show_workbook"].heading == "Visit, version 1, is published already"


def test_today_says_what_runs_out_without_opening_a_form(vault, books, monkeypatch):
    published(vault, books["listed"])
    presenter, view = opened(vault, "steps")
    presenter.answer(refs(view)["ins_state"].ref, "done")
    presenter.answer(refs(view)["ins_expires"].ref, "20/12/2022")
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add(
            ChecklistItem(
                id="c-1", enterprise_id=MARY, code="C07", state="done",
                expires_on=date(2022, 11, 10),
            )
        )  # fmt: skip
    monkeypatch.setattr("forms.engine.xform_reader.read_form", None)
    pack, today = load_pack("kent"), NOON.date()
    shown, more = reminders(vault.reader, pack, today)
    assert more == 0
    assert [(r.text, r.when) for r in shown] == [
        (pack.checklist_rule("C07").title, "ran out 10 Nov 2022"),
        ("Insurance", "runs out 20 Dec 2022, in 30 days"),
    ]
    shown, _ = reminders(vault.reader, pack, today - timedelta(days=40))
    assert [r.text for r in shown if r.text == "Insurance"] == []


PHOTO = """
| survey | | | |
| | type | name | label |
| | image | photo | A photo of it |
| settings | | | |
| | form_title | form_id | version |
| | Photo | photo | 1 |
"""


def test_a_file_answers_a_question_and_is_in_the_vault_before_its_name(vault, tmp_path):
    book = tmp_path / "photo.md"
    book.write_text(PHOTO, "utf-8")
    published(vault, publishing.read_file(book))
    picture = tmp_path / "fence.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    presenter, view = opened(vault, "photo")
    presenter.attach(refs(view)["photo"].ref, picture)
    assert "<photo>fence.png</photo>" in only(vault, "draft").instance_xml
    (kept,) = [a for a in vault.reader.all(Attachment) if a.caption == "A photo of it"]
    assert vault.files.read(kept.sha256) == picture.read_bytes()
    presenter.attach(refs(view)["photo"].ref, tmp_path / "gone.png")
    assert "cannot be read" in view.last["field_failed"][1]


def test_a_file_question_is_asked_with_a_button(vault, tmp_path, qtbot):
    book = tmp_path / "photo.md"
    book.write_text(PHOTO, "utf-8")
    published(vault, publishing.read_file(book))
    picture = tmp_path / "fence.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    screen = FormScreen(desk(vault), "photo", MARY, choose=lambda _: picture)
    qtbot.addWidget(screen)
    field = screen.findChild(FileField)
    field.wanted.emit()
    assert "fence.png" in [each.text() for each in field.findChildren(QLabel)]
    screen._presenter.undo()
    assert "No file yet" in [each.text() for each in field.findChildren(QLabel)]
