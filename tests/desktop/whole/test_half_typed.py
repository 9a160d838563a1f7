"""Every text on every screen: typed, not left, not saved, and the laptop dies: it is there again.

The fields are found by walking every screen. Each place in the code where one is made stands in a
table with how its text is kept, so that a new field that keeps none is red from its first day.
"""

import ast
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from desktop.navigation import Route
from desktop.presenters.saving import FieldSaver
from desktop.views.enterprise.editables import Editables
from desktop.views.form_pages import fields as form_fields
from desktop.views.form_pages.fields import TextField
from desktop.views.kit.fields import SecretField
from desktop.views.kit.screen import Screen
from desktop.views.screens import SCREENS

VIEWS = Path(__file__).parents[3] / "desktop" / "views"
TYPED = " zq"
ASKS = {
    "From",
    "As at",
    "When",
    "Whom is it about? Type part of a name",
    "Other words",
}
AT_OTHER_TIMES = {  # they stand in no sight of the practice records; each has its own test
    "Version of the assessment",
    "Signed on",
    "Signed by",
    "Look at it again on",
    "What the data protection officer said",
    "Why are the answers changed?",
    "New value",
    "Why? This goes in the history. You can leave it empty.",
    "The council's public key",  # pasted from a letter: not typed
}


MAKERS = {"TextField", "WhenField", "DayField", "LineField", "BoxField", "FindField", "LongText",
          "OneLine", "QLineEdit", "QPlainTextEdit", "QTextEdit", "bare_line", "as_bare_line",
          "SecretField", "NameIt"}  # fmt: skip
AT_THE_TABLE = {"line", "_secret"}
DRAFT = "kept as a draft, given back; walked below or in a test of its own"
TABLE = "kept with the sitting (tests/desktop/together/test_half_done.py)"
FINDS = "asks the list, keeps nothing of the record"
NEVER = "never written down"
BEFORE = "there are no records yet to keep it in"
PASTED = "pasted from a letter, or a name of a few letters that is asked for and gone"
PARTS = "the field itself"
KEPT_HOW = {
    "caseload_tools.py": {PASTED: 1},
    "caseload_views.py": {FINDS: 1},
    "checklist/item.py": {DRAFT: 5},
    "claim/line_card.py": {DRAFT: 9},
    "claim/moves.py": {DRAFT: 2},
    "claim/screen.py": {DRAFT: 2},
    "claims/panel.py": {FINDS: 1},
    "council_key.py": {PASTED: 1},
    "documents/adding.py": {DRAFT: 2},
    "enterprise/editables.py": {DRAFT: 2},
    "enterprise/move_stage.py": {DRAFT: 4},
    "enterprise/newcomer.py": {DRAFT: 10},
    "enterprise/overview.py": {DRAFT: 3},
    "entity_guide/result.py": {DRAFT: 1},
    "entity_guide/screen.py": {DRAFT: 1},
    "first_run_pages.py": {BEFORE: 6},
    "form_pages/fields.py": {PARTS: 2},
    "form_pages/many_field.py": {FINDS: 1},
    "form_pages/questions.py": {DRAFT: 3},
    "form_pages/status.py": {DRAFT: 1},
    "impact/scope_bar.py": {FINDS: 2},
    "kit/fields.py": {PARTS: 5},
    "kit/naming.py": {PASTED: 1},
    "listing/checks.py": {DRAFT: 3},
    "listing/moves.py": {DRAFT: 1},
    "market/directory.py": {FINDS: 2},
    "market/gaps.py": {DRAFT: 4},
    "privacy/person.py": {DRAFT: 2},
    "reports/choices.py": {FINDS: 2},
    "things_to_check/choosing.py": {DRAFT: 2},
    "timeline/capture.py": {DRAFT: 1},
    "timeline/panel.py": {DRAFT: 3},
    "timeline/quick_note.py": {FINDS: 1, DRAFT: 1},
    "together/guide_page.py": {TABLE: 2},
    "together/home_page.py": {TABLE: 1},
    "together/page.py": {PARTS: 1},
    "together/pin_card.py": {NEVER: 3},
    "together/pin_page.py": {NEVER: 1},
    "together/sheet_page.py": {TABLE: 1},
    "together/sign_page.py": {TABLE: 1},
    "together/step_page.py": {TABLE: 1},
    "unlock.py": {NEVER: 2},
    "ways/cards.py": {NEVER: 6},
}


def made_in(path):
    """How many fields for text a module makes."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    calls = (each for each in nodes if isinstance(each, ast.Call))
    makers = MAKERS | AT_THE_TABLE if path.parent.name == "together" else MAKERS
    return sum(getattr(call.func, "id", "") in makers for call in calls)


def test_each_place_where_a_field_is_made_says_how_its_text_is_kept():
    made = {p.relative_to(VIEWS).as_posix(): made_in(p) for p in sorted(VIEWS.rglob("*.py"))}
    told = {name: sum(how.values()) for name, how in KEPT_HOW.items()}
    assert {name: count for name, count in made.items() if count} == told


def texts(screen):
    """(name, number among its like) -> editor, of every text that can be typed and kept."""
    found, met = {}, Counter()
    for kind in (QLineEdit, QPlainTextEdit):
        for one in screen.findChildren(kind):
            secret = isinstance(one, QLineEdit) and one.echoMode() != QLineEdit.EchoMode.Normal
            looks = bool(one.property("searches")) and "one line" not in one.accessibleName()
            if one.isReadOnly() or not one.isEnabled() or secret or looks:
                continue
            name = one.accessibleName()
            if name in ASKS or any(isinstance(p, SecretField) for p in parents(one)):
                continue
            found[name, met[name]] = one
            met[name] += 1
    return found


def parents(widget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


def text_of(editor):
    return editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()


def type_into(editor):
    if editor.isVisible():
        QTest.keyClicks(editor, TYPED)
    elif isinstance(editor, QLineEdit):  # it comes into sight by a choice
        editor.setText(TYPED)
        editor.textEdited.emit(TYPED)
    else:
        editor.setPlainText(TYPED)
    return text_of(editor)


@pytest.fixture
def at_once(monkeypatch):
    """Drafts follow each key; a pause saves nothing."""
    monkeypatch.setattr(form_fields, "DRAFT_EVERY_MS", 0)
    monkeypatch.setattr(form_fields, "COMMIT_AFTER_MS", 10_000_000)


def lost_on(whole, qtbot, *places):
    """What was typed at these places and is not there again, in words; and how many came back."""
    lost, back = [], 0
    for name, params in places:
        whole.open(name, params)
        typed = {key: type_into(one) for key, one in texts(whole.view.front).items()}
        for each in whole.view.front.findChildren(TextField):
            qtbot.waitUntil(lambda each=each: not each._draft.isActive())
        whole.settle()  # nobody leaves a field, nothing is flushed: only what is on disk is there
        room, again = opened_anew(whole, name, params, qtbot)
        found = texts(again)
        for key, text in typed.items():
            now = text_of(found[key]) if key in found else None
            back += now == text
            if now != text and key[0] not in AT_OTHER_TIMES:
                lost.append(f"{name} {params.get('tab', '')}: {key}: {text!r} is {now!r}")
        whole.program.desk.context.broadcast.forget(again)
        room.hide()
    return lost, back


@pytest.mark.timeout(300)
def test_what_is_typed_on_any_screen_and_not_saved_is_there_again(whole, at_once, qtbot):
    lost, back = lost_on(whole, qtbot, *whole.places())
    assert lost == []
    assert back > 50


def test_without_drafts_it_would_be_lost(whole, at_once, qtbot, monkeypatch):
    """The walk above is of something."""
    monkeypatch.setattr(FieldSaver, "keep_draft", lambda *_args: None)
    one = whole.subject
    overview = ("enterprise", dict(one, tab="overview"))
    lost, back = lost_on(whole, qtbot, ("move_stage", one), ("quick_note", {}), overview)
    assert len(lost) > 10
    assert back == 0


def opened_anew(whole, name, params, qtbot):
    """The screen as it is built after a restart."""
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(1100, 700)
    with Screen.built_in(room):
        made = SCREENS[name].make(whole.program.desk.context, Route(name, tuple(params.items())))
    room.show()
    made.show()
    for _ in range(4):
        whole.settle()
    for each in made.findChildren(Editables):  # a long page is built bit by bit
        qtbot.waitUntil(lambda each=each: each.is_complete or not each.isVisible())
    whole.settle()
    return room, made
