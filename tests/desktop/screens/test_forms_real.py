"""Forms on a real encrypted vault: their own version, crashes, revisions, moves, publishing."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel

from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.operations import form_filling as filling
from desktop.operations import form_publishing as publishing
from desktop.operations.writing import write
from desktop.presenters.form_pages import FormPresenter
from desktop.presenters.form_publishing import PublishingPresenter
from desktop.presenters.reminders import reminders
from desktop.settings import Settings
from desktop.views.form_pages.file_field import FileField
from desktop.views.form_pages.screen import FormScreen
from forms.change import Identity
from forms.engine.versions import fingerprint
from forms.facts.casework import Attachment, ChecklistItem, FormResponse
from forms.rules.pack import load_pack
from forms.values import SetClock
from storage.errors import VaultFull
from storage.forms import Definition
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, LEAD, FakeView, OnTheSpot, Told, Went
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, mary

WORDS = "three quiet rivers"
BOOK = """
| survey | | | | |
| | type | name | label | required |
| | text | kept | What stays | |
| | text | gone | What goes | |
| settings | | | |
| | form_title | form_id | version |
| | Visit | visit | 1 |
"""
NEXT = """
| survey | | | | |
| | type | name | label | required |
| | text | kept | What stays | |
| | integer | fresh | How many | yes |
| settings | | | |
| | form_title | form_id | version |
| | Visit | visit | |
"""
LISTED = """
| checklist | | | | | | |
| | code | label | help | evidence | expires | warn_days |
| | ins | Insurance | Ask for it | none | required | 60 |
| survey | | | |
| | type | name | label |
| | checklist | | |
| settings | | | |
| | form_title | form_id | version |
| | Steps | steps | 1 |
"""


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(
        tmp_path / "vault", passphrase=WORDS, clock=SetClock(NOON), cost=Cost(memory=8, passes=1)
    )
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(mary())
    yield made
    made.close()


def desk(vault, actor=COACH):
    return Context(
        clock=SetClock(NOON),
        jobs=OnTheSpot(),
        tell=Told(),
        goes=Went(),
        settings=Settings(None),
        session=Session(vault=vault, actor=actor, pack=load_pack("kent")),
        broadcast=Broadcast(),
    )


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The workbooks, checked once in the worker process."""
    folder = tmp_path_factory.mktemp("books")
    found = {}
    for name, text in (("one", BOOK), ("two", NEXT), ("listed", LISTED)):
        path = folder / f"{name}.md"
        path.write_text(text, "utf-8")
        found[name] = publishing.read_file(path)
        assert found[name].xform, found[name].problems
    return found


def published(vault, book, *, ticked=False):
    made = desk(vault, LEAD)
    proposal = publishing.propose(vault, "kent", book, date(2022, 11, 20), made.clock)
    failed = []
    write(
        made,
        partial(publishing.publish, proposal=proposal, ticked=ticked),
        owner=made,
        on_done=lambda _: None,
        on_failed=failed.append,
    )
    return proposal, failed


def opened(vault, form="visit", **named):
    view, made = FakeView(), desk(vault)
    presenter = FormPresenter(made, view, form, enterprise_id=MARY, **named)
    presenter.load()
    assert not made.tell.failures
    return presenter, view


def refs(view):
    title, pages = view.last["show_form"]
    del title
    return {each.ref.rsplit("/", 1)[-1]: each for page in pages for each in page.asked}


class Held:
    """Jobs that wait in their lane until they are let go, the oldest first."""

    is_idle = False

    def __init__(self):
        self.waiting = []

    def run(self, work, **named):
        self.waiting.append(partial(OnTheSpot().run, work, **named))

    def through(self, _lane, work):
        return work()

    def one(self):
        self.waiting.pop(0)()

    def all(self):
        while self.waiting:
            self.one()


def newer_offered(vault, books):
    """A draft of the first version that says "first", a second version, and the draft open."""
    published(vault, books["one"])
    presenter, view = opened(vault)
    presenter.answer(refs(view)["kept"].ref, "first")
    presenter.put_down()
    published(vault, books["two"], ticked=True)
    return opened(vault)


def only(vault, state):
    (found,) = vault.reader.all(FormResponse, state=state)
    return found


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


def test_an_answer_given_while_a_move_is_worked_out_moves_too(vault, books):
    presenter, view = newer_offered(vault, books)
    held = presenter._context.jobs = Held()
    presenter.versions.preview_move()
    presenter.answer(refs(view)["kept"].ref, "second")
    held.all()
    assert dict(view.last["show_move"].parts)["Kept as they are (1)"] == ("What stays: second",)
    presenter.versions.move()
    held.all()
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
    held = presenter._context.jobs = Held()
    presenter.versions.preview_move()
    presenter._context.jobs = OnTheSpot()
    presenter.finish()
    held.all()
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
    held = presenter._context.jobs = Held()
    presenter.finish()
    presenter.put_down()
    held.one()
    finished = only(vault, "final")
    assert "<kept>last</kept>" in finished.instance_xml
    held.all()
    assert only(vault, "final") == finished
    assert vault.forms.open_sheets() == []


def held_at_its_end(vault, books, ending):
    """A draft with a newer version; its Finish, or its move, is asked for and not yet on disk."""
    presenter, view = newer_offered(vault, books)
    if ending == "move":
        presenter.versions.preview_move()
    held = presenter._context.jobs = Held()
    (presenter.finish if ending == "finish" else presenter.versions.move)()
    return presenter, view, held


def test_an_answer_given_while_a_move_is_written_is_given_on_the_new_sheet(vault, books):
    presenter, view, held = held_at_its_end(vault, books, "move")
    presenter.answer(refs(view)["kept"].ref, "second")
    presenter.answer(refs(view)["kept"].ref, "third")
    presenter.answer(refs(view)["gone"].ref, "has no place")
    held.all()
    assert presenter._form.session.node(refs(view)["kept"].ref).value == "third"
    record = only(vault, "draft")
    sheet = vault.forms.sheet(record.id).instance_xml
    assert "<kept>third</kept>" in sheet
    assert "fresh" in sheet  # it is the sheet of the new version
    (told,) = presenter._context.tell.problems
    assert "What goes: has no place" in told
    presenter.put_down()
    held.all()
    assert "<kept>third</kept>" in only(vault, "draft").instance_xml


def test_an_answer_given_while_a_finish_is_written_is_named_and_changes_nothing(vault, books):
    presenter, view, held = held_at_its_end(vault, books, "finish")
    presenter.answer(refs(view)["kept"].ref, "too late")
    presenter.finish()  # pressed twice
    held.all()
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
    held.all()
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
    held = presenter._context.jobs = Held()
    presenter.attach(kept, bad)
    presenter.finish()
    held.all()
    assert vault.reader.all(FormResponse, state="final") == []
    assert "is not finished" in presenter._context.tell.problems[-1]
    presenter.attach(kept, paper)
    presenter.finish()
    held.all()
    assert "<kept>letter.txt</kept>" in only(vault, "final").instance_xml


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
