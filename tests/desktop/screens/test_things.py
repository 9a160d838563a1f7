"""Things to check: words that differ in bold, what else was merged, what was typed stays."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QPushButton

from desktop.operations.decisions import put_back
from desktop.operations.errors import NothingWritten
from desktop.operations.writing import write
from desktop.presenters.differing import marked
from desktop.presenters.field_words import can_be_typed
from desktop.presenters.merged import line
from desktop.presenters.people import Names
from desktop.presenters.things_to_check import ThingsPresenter, things_to_check
from desktop.presenters.value_said import Said
from desktop.views.kit.marked import MarkedLabel
from desktop.views.things_to_check.choosing import Choosing
from desktop.views.things_to_check.merged import MergedBeside
from desktop.views.things_to_check.screen import ThingsScreen
from forms.change import DELETED, Changed, Changes
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from forms.values import SetClock
from storage.trail import TrailEntry
from tests.desktop.screens.desk import COACH, FakeView, context
from tests.desktop.screens.gallery import shown_by
from tests.desktop.screens.people import MARY, full_vault, phone_clash
from tests.desktop.shell.world import NOW, make_context, make_vault

PARTED = min(head.at for head in phone_clash().heads)


def entry(verb, by, minutes, before, after):
    at = PARTED + timedelta(minutes=minutes)
    named = {"kind": "enterprise", "record_id": MARY}
    return TrailEntry(at=at, by_id=by, verb=verb, before=before, after=after, **named)


def with_merged():
    vault = full_vault()
    place = vault.get(Enterprise, MARY).place
    vault.trail += [
        entry("set", COACH.id, -60, {"email": ""}, {"email": "old@example.org"}),
        entry("set", COACH.id, 5, {"place": "Ashford"}, {"place": place}),
        entry("received", "lead-1", 9, {"email": "a@example.org"}, {"email": "b@example.org"}),
        entry("received", "lead-1", 9, {"phone": "1"}, {"phone": "2"}),
    ]
    return vault


@pytest.mark.parametrize(
    ("before", "now", "bold"),
    [
        ("1 Mill Lane, BA3 4AB", "1 Mill Lane, BA3 4BX", ["4BX"]),
        ("1 Mill Lane, BA3 4AB", "Old Forge, BA3 4AB", ["Old Forge"]),
        ("", "Old Forge", []),
        ("01303", "01303", []),
        ("01303 1", "01233 2", []),  # nothing is as it was: no marks
        ("Mill Lane", "", []),
    ],
)
def test_the_words_that_differ_are_marked(before, now, bold):
    pieces = marked(before, now)
    assert "".join(text for text, _ in pieces) == now
    runs, last = [], False
    for text, differs in pieces:
        if differs and last:
            runs[-1] += text
        elif differs:
            runs.append(text)
        last = differs or (last and not text.strip())
        if last and not differs:
            runs[-1] += text
    assert [run.strip() for run in runs] == bold


@given(st.text(max_size=60), st.text(max_size=60))
def test_marks_never_change_the_words(before, now):
    assert "".join(text for text, _ in marked(before, now)) == now


def test_what_was_merged_is_told_with_whose_it_was_and_older_changes_are_not():
    vault = with_merged()
    thing = next(
        each for each in things_to_check(vault.reader, COACH, load_pack("kent")) if each.id == "c1"
    )
    assert {each.field for each in thing.merged} == {"place", "email"}
    assert line(thing.merged).startswith("Also merged for you without asking: ")
    assert "village or town (yours)" in line(thing.merged)
    by_field = {each.field: each for each in thing.merged}
    assert by_field["place"].may_put_back
    assert not by_field["email"].may_put_back, "it changed again since"
    assert by_field["email"].was == "a@example.org"


def test_a_record_that_came_whole_was_not_merged():
    vault = full_vault()
    vault.trail += [entry("received", "lead-1", 9, {}, {"email": "b@example.org", "place": "X"})]
    thing = next(
        each for each in things_to_check(vault.reader, COACH, load_pack("kent")) if each.id == "c1"
    )
    assert not thing.merged


def test_see_folds_it_out_and_put_it_back_says_which(qtbot):
    shown = shown_by(qtbot)
    screen, made = shown("things_to_check", vault=with_merged())
    (part,) = screen.findChildren(MergedBeside)
    assert part.isVisibleTo(screen)
    (see,) = [b for b in part.findChildren(QPushButton) if b.text() == "See"]
    backs = [b for b in part.findChildren(QPushButton) if b.text() == "Put it back"]
    assert not any(each.isVisibleTo(part) for each in backs)
    see.click()
    assert see.text() == "Fold away"
    (back,) = [each for each in backs if each.isVisibleTo(part)]
    assert back.accessibleName() == "Put village or town back to Ashford"
    back.click()
    assert made.tell.failures == []
    assert made.session.vault.get(Enterprise, MARY).place == "Ashford"
    assert made.tell.undos[-1][0].endswith("put back")


def test_nothing_of_the_page_is_ever_a_window_of_its_own(qtbot, qapp):
    """Shown before it has a parent, a part takes the keyboard away from the program's window."""

    class Windows(QObject):
        def __init__(self):
            super().__init__()
            self.seen = []

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QAbstractButton):
                self.seen += [watched.text()] if watched.isWindow() else []
            return False

    watch, beside = Windows(), MergedBeside()
    qtbot.addWidget(beside)
    qapp.installEventFilter(watch)
    try:
        thing = next(
            each
            for each in things_to_check(with_merged().reader, COACH, load_pack("kent"))
            if each.id == "c1"
        )
        beside.show_merged(thing.merged)
    finally:
        qapp.removeEventFilter(watch)
    assert [each.text() for each in beside.findChildren(QAbstractButton)].count("Put it back") == 2
    assert watch.seen == []


def test_without_anything_merged_nothing_is_said(qtbot):
    screen, _ = shown_by(qtbot)("things_to_check")
    (part,) = screen.findChildren(MergedBeside)
    assert not part.isVisibleTo(screen)


def test_on_a_real_vault_it_is_a_step_and_an_older_value_is_refused(tmp_path):
    vault = make_vault(tmp_path / "v", SetClock(NOW))
    context = make_context(vault)
    told = {"kind": "enterprise", "record_id": "ent-1", "field": "place"}
    failed = []

    def ask(before, after):
        write(
            context,
            lambda writing: put_back(writing, before=before, after=after, **told),
            owner=context,
            on_done=lambda _done: None,
            on_failed=failed.append,
            name="Place put back",
        )

    ask("Hythe", "Holcombe")
    assert failed == []
    assert vault.reader.get(Enterprise, "ent-1").place == "Hythe"
    ask("Lyminge", "Holcombe")
    assert [type(each) for each in failed] == [NothingWritten]
    assert vault.reader.get(Enterprise, "ent-1").place == "Hythe"
    context.tell.undos[-1][1]()
    assert vault.reader.get(Enterprise, "ent-1").place == "Holcombe"
    vault.close()


def test_what_was_typed_for_one_thing_waits_while_another_is_looked_at(qtbot):
    vault = full_vault()
    first, second = things_to_check(vault.reader, COACH, load_pack("kent"))
    part = Choosing(ThingsPresenter(context(vault), FakeView()).half_of)
    qtbot.addWidget(part)
    part.show_thing(first)
    part.use_new.setChecked(True)
    part.new.set_text("01303 9")
    part.show_thing(second)
    assert (part.choice, part.new.text) == ("", "")
    part.show_thing(first)
    assert (part.choice, part.new.text) == ("new", "01303 9")


def test_a_thing_goes_with_its_record_and_is_there_again_with_it():
    vault = full_vault()
    made, view = context(vault), FakeView()
    presenter = ThingsPresenter(made, view)
    presenter.load()
    asked, vault.open_conflicts = vault.open_conflicts, []
    removed = Changed("enterprise", MARY, frozenset({DELETED}))
    made.broadcast.announce(Changes(at=NOW, by="lead-1", records=(removed,)))
    assert presenter.current is None
    assert view.count["show_nothing"] == 1
    vault.open_conflicts = asked
    made.broadcast.announce(Changes(at=NOW, by=COACH.id, records=(removed,)))
    assert presenter.current is not None


def test_a_marked_label_is_plain_text_that_wraps_and_says_what_differs(qtbot):
    made = MarkedLabel()
    qtbot.addWidget(made)
    made.show_pieces((("1 Mill Lane, <b>BA3</b> ", False), ("4BX", True)))
    assert made.text() == "1 Mill Lane, <b>BA3</b> 4BX"
    assert made.accessibleDescription() == "Differs: 4BX"
    assert made.heightForWidth(60) > made.heightForWidth(600)
    made.resize(200, made.heightForWidth(200))
    made.show()
    with_mark = made.grab().toImage()
    made.show_pieces((("1 Mill Lane, <b>BA3</b> 4BX", False),))
    assert made.accessibleDescription() == ""
    assert made.grab().toImage() != with_mark


class TestWhatStandsInAField:
    @pytest.fixture
    def said(self):
        reader = full_vault().reader
        return Said(reader, Names(reader, COACH), load_pack("kent"))

    def test_codes_and_ids_are_never_shown(self, said):
        pack = load_pack("kent")
        service, place = pack.service_types[0], pack.places[0]
        assert said("service_types", (service.code, "not_in_the_pack")) == (
            f"{service.label}, not in the pack"
        )
        assert said("district", place.code) == place.name
        assert said("coach_id", COACH.id) == "you"
        assert said("coach_id", "somebody") == "a colleague"
        assert said("files", ("nowhere",)) == "a file"
        assert said("enquiry_id", "01ABC") == "a record"
        assert said("said_by", "saw it") not in ("", "saw_it")
        assert said("price_pence", 2000) == "£20.00"
        assert said("service_types", ()) == "empty"

    @pytest.mark.parametrize("field", ["state", "coach_id", "district", "entity_form", "strand"])
    def test_what_is_one_of_a_few_is_never_typed(self, field):
        kind = "checklist_item" if field == "state" else "enterprise"
        assert not can_be_typed(kind, field)


def test_the_next_thing_begins_at_its_top_with_its_first_choice(qtbot, heard):
    vault = full_vault()
    here = context(vault)
    screen = ThingsScreen(here)
    qtbot.addWidget(screen)
    screen.resize(800, 260)
    screen.show()
    screen.activateWindow()
    screen.arrive()
    later = next(b for b in screen.findChildren(QPushButton) if b.text() == "Decide later")
    later.setFocus()
    qtbot.waitUntil(later.hasFocus)
    later.click()
    assert screen._choosing.use_mine.hasFocus()
    assert screen._body.verticalScrollBar().value() == 0
    assert heard[-1][0].startswith("2 of 2. ")
