"""The main paths by keyboard and mouse, on the screens themselves."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton

from desktop.views.charts.course_line import CourseLine
from desktop.views.claim.line_card import LineCard
from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.form_pages.table import RowsTable
from desktop.views.impact.tile_card import TileCard
from forms.facts.casework import ChecklistItem, EntityDecision, FormResponse
from forms.facts.money import ClaimLine
from forms.facts.people import Enterprise
from forms.values import derived_id
from tests.desktop.screens.desk import FINANCE
from tests.desktop.screens.gallery import shown_by
from tests.desktop.screens.people import MARY


@pytest.fixture
def show(qtbot):
    return shown_by(qtbot)


def named(screen, kind, name):
    """The widget a person would call by this name."""
    for each in screen.findChildren(kind):
        if each.accessibleName() == name:
            return each
    raise AssertionError(f"no {kind.__name__} called {name!r}")


def typed(qtbot, line, text):
    """Type over what stands there and leave the field."""
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def said(screen):
    """Everything that stands on a screen."""
    return "\n".join(each.text() for each in screen.findChildren(QLabel) if each.isVisible())


def test_typing_in_a_field_saves_it_and_says_when(show, vault, qtbot):
    screen, _ = show("overview", vault=vault)
    typed(qtbot, named(screen, QLineEdit, "Village or town"), "Wittersham")
    assert vault.get(Enterprise, MARY).place == "Wittersham"
    assert "Saved on this laptop 14:32" in said(screen)
    assert "Wittersham, Ashford" in said(screen)


def test_a_failed_commit_keeps_the_text_and_the_next_try_saves_it(show, vault, qtbot):
    screen, _ = show("overview", vault=vault)
    line = named(screen, QLineEdit, "Village or town")
    vault.fails_with = OSError("no room")
    typed(qtbot, line, "Wittersham")
    assert line.text() == "Wittersham"
    assert "What you typed is still here" in said(screen)
    vault.fails_with = None
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert vault.get(Enterprise, MARY).place == "Wittersham"


def test_half_typed_text_becomes_a_draft(show, vault, qtbot, monkeypatch):
    def refuse(**_named):
        raise OSError("no record is written")

    screen, _ = show("overview", vault=vault)
    line = named(screen, QLineEdit, "Village or town")
    line.selectAll()
    monkeypatch.setattr(vault, "change", refuse)  # so that the pause saves nothing; drafts are kept
    qtbot.keyClicks(line, "Witt")
    qtbot.waitUntil(lambda: vault.half_typed.get(f"overview/{MARY}/place") == "Witt")
    assert vault.get(Enterprise, MARY).place == "Tenterden"


def test_a_draft_comes_back_to_its_field_and_is_gone_once_saved(show, vault, qtbot):
    vault.half_typed = {
        f"overview/{MARY}/place": "Witter",
        "claim/02-claim/02-line-1/supplier": "Weald Ins",
        f"checklist/{MARY}/C07/note": "Asked for",
    }
    screen, _ = show("overview", vault=vault)
    line = named(screen, QLineEdit, "Village or town")
    assert line.text() == "Witter"
    assert "not finished last time" in said(screen)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert vault.get(Enterprise, MARY).place == "Witter"
    assert f"overview/{MARY}/place" not in vault.half_typed
    claim, _ = show("claim", vault=vault)
    assert claim._costs.field("02-line-1", "supplier").text == "Weald Ins"
    checklist, _ = show("checklist", vault=vault)
    checklist.findChild(RowsTable).choose("C07")
    item = checklist._panels["checklist"]._item
    assert item._note.text == "Asked for"
    item._note.commit()
    assert vault.get(ChecklistItem, derived_id(MARY, "C07")).note == "Asked for"
    assert f"checklist/{MARY}/C07/note" not in vault.half_typed


def test_the_days_of_an_item_follow_the_calendar_past_midnight(show, vault):
    screen, made = show("checklist", vault=vault)
    screen.findChild(RowsTable).choose("C07")
    item = screen._panels["checklist"]._item
    today = item._seen_on.rule_now().today
    made.clock.moment += timedelta(days=1)
    table = screen.findChild(RowsTable)
    assert table.choose(next(row.id for row in table.rows if row.id != "C07"))
    for field in (item._seen_on, item._ends_on):
        assert field.rule_now().today == today + timedelta(days=1)


def test_a_field_being_typed_in_is_not_written_over(qtbot):
    field = TextField("Place")
    qtbot.addWidget(field)
    field.show()
    field.set_text("Tenterden")
    QApplication.sendEvent(field.editor, QFocusEvent(QFocusEvent.Type.FocusIn))
    field.editor.setFocus()
    qtbot.waitUntil(field.editor.hasFocus)
    qtbot.keyClick(field.editor, Qt.Key.Key_End)
    qtbot.keyClicks(field.editor, " East")
    field.set_text("Somewhere else")
    assert field.text == "Tenterden East"
    field._draft.stop()


def test_a_lock_commits_fields_and_keeps_notes_as_drafts(show, vault, qtbot):
    screen, _ = show("overview", vault=vault)
    screen.open_tab("timeline")
    line = named(screen, QLineEdit, "Village or town")
    line.setText("Wittersham")
    note = screen._panels["timeline"]._note
    note._put("Half a story")
    screen.flush()
    assert vault.get(Enterprise, MARY).place == "Wittersham"
    assert vault.half_typed[f"timeline/{MARY}/note"] == "Half a story"


def test_what_can_be_done_is_in_the_find_box(show, vault):
    screen, made = show("overview", vault=vault)
    actions = {each.name: each for each in screen.actions_here()}
    actions["enterprise.note"].run()
    assert made.goes.routes == [("quick_note", {"enterprise": MARY})]
    actions["enterprise.checklist"].run()
    assert screen.keep_state()["tab"] == "checklist"
    assert all(each.words for each in actions.values())


def test_the_tabs_are_built_when_opened_and_kept(show, vault, qtbot):
    screen, _ = show("overview", vault=vault)
    assert list(screen._panels) == ["overview"]
    qtbot.mouseClick(named(screen, QPushButton, "Checklist"), Qt.MouseButton.LeftButton)
    assert screen.keep_state()["tab"] == "checklist"
    panel = screen._panels["checklist"]
    screen.restore_state({"tab": "timeline"})
    screen.restore_state({"tab": "checklist"})
    assert screen._panels["checklist"] is panel


def test_a_tab_out_of_sight_reads_when_it_is_shown_next(show, vault, qtbot):
    screen, _ = show("timeline", vault=vault)
    timeline = screen._panels["timeline"]
    rows = timeline._model.rowCount()
    screen.open_tab("overview")
    screen._panels["overview"]._presenter.keep_promise(
        screen._panels["overview"]._presenter._picture.promises[0]
    )
    assert timeline._model.rowCount() == rows
    screen.open_tab("timeline")
    assert timeline._model.rowCount() == rows + 2


def test_an_item_is_ticked_in_its_pane_and_the_row_follows(show, vault, qtbot):
    screen, made = show("checklist", vault=vault)
    table = screen.findChild(RowsTable)
    assert table.choose("C07")
    box = next(f for f in screen.findChildren(ChoiceField) if f.heading.text() == "How far is it?")
    box.editor.setCurrentIndex(box.editor.findData("done"))
    box.editor.activated.emit(box.editor.currentIndex())
    assert vault.get(ChecklistItem, derived_id(MARY, "C07")).state == "done"
    assert made.tell.undos[-1][0] == "“Public liability insurance” is done"
    assert "C07" not in {row.id for row in table.rows}


def test_the_claims_findings_follow_the_keys(show, vault, qtbot):
    screen, _ = show("claim", vault=vault)
    card = next(c for c in screen.findChildren(LineCard) if c.line_id == "02-line-2")
    assert "ended on 1 Dec 2022" in said(card)
    line = card.field("cost_on").editor
    line.selectAll()
    qtbot.keyClicks(line, "14/11/2022")
    assert "ended on 1 Dec 2022" not in said(card)
    assert vault.get(ClaimLine, "02-line-2").cost_on.day == 14
    assert vault.get(ClaimLine, "02-line-2").cost_on.month == 12
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert vault.get(ClaimLine, "02-line-2").cost_on.month == 11
    card.field("cost_on")._draft.stop()


def test_sending_a_claim_says_that_it_waits(show, vault, qtbot):
    screen, _ = show("claim", vault=vault)
    qtbot.mouseClick(named(screen, QPushButton, "Submit the claim"), Qt.MouseButton.LeftButton)
    assert [each.name for each in vault.requests] == ["claim.submit"]
    assert "It goes to the register with the next exchange" in said(screen)


def test_finance_is_not_offered_what_is_not_finances(show, vault):
    screen, _ = show("claim", vault=vault, actor=FINANCE)
    words = {each.text() for each in screen.findChildren(QPushButton)}
    assert not words & {"Submit the claim", "Approve the claim", "Recommend the claim"}
    assert "There is nothing for you to decide here now." in said(screen)


def test_the_guide_keeps_a_choice_with_its_tick(show, vault, qtbot):
    screen, _ = show("entity_guide", vault=vault)
    typed(qtbot, named(screen, QLineEdit, "How many people will run it?"), "1")
    assert "1 of 16 answered" in said(screen)
    screen._pages.open(4)
    form = next(f for f in screen.findChildren(ChoiceField) if "Which form" in f.heading.text())
    form.set_value("SOLE")
    screen._result._why._put("She works alone")
    keep = named(screen, QPushButton, "Keep this choice")
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert vault.all(EntityDecision) == []
    tick = "This was information, not advice. The person decided."
    named(screen, QCheckBox, tick).click()
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert [each.chosen for each in vault.all(EntityDecision)] == ["SOLE"]


def test_a_form_keeps_each_answer_and_its_summary_leads_to_the_question(show, vault, qtbot):
    screen, _ = show("form", vault=vault)
    typed(qtbot, named(screen, QLineEdit, "From"), "1/7/2022")
    assert len(vault.all(FormResponse)) == 1
    qtbot.mouseClick(named(screen, QPushButton, "Finish the form"), Qt.MouseButton.LeftButton)
    links = screen.findChildren(QPushButton)
    link = next(each for each in links if "how many people" in each.text().lower())
    link.click()
    assert screen._pages.titles[screen._pages.at] == "People"
    assert all(state.state == "draft" for state in vault.all(FormResponse))


def test_next_leaves_out_pages_that_are_not_asked(show, vault):
    screen, _ = show("form", vault=vault)
    screen._pages.show_page(1, shown=False)
    screen._pages._go_next()
    assert screen._pages.at == 2
    screen._pages._go_back()
    assert screen._pages.at == 0


def test_a_tile_opens_its_records_by_key(show, vault, qtbot):
    screen, made = show("impact", vault=vault)
    tile = screen.findChildren(TileCard)[0]
    assert "1 enterprise" in tile.accessibleName()
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert made.goes.routes == [
        ("figure", {"id": "I-06", "on": "2022-11-20", "since": "", "area": ""})
    ]


def test_the_chart_has_its_numbers_in_words_and_rows(show, vault):
    screen, _ = show("impact", vault=vault)
    chart = screen.findChild(CourseLine)
    assert "1 enterprise at 20 Nov 2022" in chart.accessibleDescription()
    assert chart.table_rows()[-1] == ("20 Nov 2022", "1 enterprise", "60", "1")
    assert len(chart.table_rows()) == 11


def test_the_number_equals_the_rows_on_the_screen(show, vault):
    screen, _ = show("figure", vault=vault)
    table = next(t for t in screen.findChildren(RowsTable) if "behind" in t.accessibleName())
    assert screen._shown.text() == f"{len(table.rows)} enterprise"


def test_a_wheel_over_a_list_does_not_change_it(qtbot):
    field = ChoiceField("District", (("a", "Ashford"), ("b", "Dover")))
    qtbot.addWidget(field)
    field.set_value("a")
    field.show()
    box = field.editor

    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(box, wheel)
    assert field.value == "a"
    said = []
    field.committed.connect(said.append)
    field.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    QApplication.sendEvent(box, wheel)
    assert (field.value, said, wheel.isAccepted()) == ("a", [], False)
