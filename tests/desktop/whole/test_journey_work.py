"""Core journeys at the record by keys alone: guide, evidence, claim, report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
)

from desktop.views.checklist.item import ItemPane
from forms.facts.casework import Attachment, ChecklistItem, EntityDecision
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Dpia
from tests.desktop.shell.conftest import clock, program  # noqa: F401 -- fixtures
from tests.desktop.shell.world import NOW, TODAY
from tests.desktop.together.reading import photo
from tests.desktop.whole.keyboard import CTRL, Key, Keyboard

MARY = "ent-0"
ANSWERS = 60


@pytest.fixture
def keys(program, qtbot, answered_dialogs):  # noqa: F811 -- the fixture
    yield Keyboard(program, qtbot)
    program.desk.view.undo.clear()


def open_mary(keys, tab=""):
    keys.press(Key.Key_K, CTRL)
    keys.type("mary")
    keys.press(Key.Key_Return)
    assert keys.place.get("id") == MARY
    if tab:
        keys.push(tab)


def do(keys, words):
    """An action by its words, through Ctrl+K."""
    keys.press(Key.Key_K, CTRL)
    keys.type(words)
    keys.press(Key.Key_Return)


def test_the_legal_entity_guide_to_a_choice_with_its_reason(keys):
    open_mary(keys)
    do(keys, "legal-entity guide")
    assert keys.place.name == "entity_guide"
    pages = 0
    while "The choice" not in keys.seen:
        answer_the_page(keys)
        pages += 1
        assert keys.name == "Next"
        keys.press(Key.Key_Return)
    assert pages > 2
    assert "Answer the questions" not in keys.seen
    keys.pick("Which form was chosen?", "Sole trader")
    keys.fill("Why, in the person's words?", "I want to begin small")
    keys.push("This was information, not advice")
    keys.push("Keep this choice")
    (made,) = keys.reader.all(EntityDecision, enterprise_id=MARY)
    assert (made.chosen, made.chosen_why) == ("SOLE", "I want to begin small")
    assert len(made.answers) >= 10
    assert "Saved on this laptop" in keys.seen or "kept" in keys.seen.casefold()


def answer_the_page(keys):
    """The first answer to every question between here and Next."""
    for _ in range(ANSWERS):
        at = keys.at
        if keys.name == "Next":
            return
        if isinstance(at, QRadioButton):
            keys.press(Key.Key_Space)
        elif isinstance(at, QComboBox):
            keys.press(Key.Key_Down)
        elif isinstance(at, QLineEdit) and keys.name != "Find or do anything":
            keys.write("0")
        elif isinstance(at, QPlainTextEdit):
            keys.type("Nothing to say")
        keys.press(Key.Key_Tab)
    raise AssertionError("Tab never came to Next")


class FileDialog:
    """Waits for the dialog that asks for a file; types a name of the folder it shows, and Enter."""

    def __init__(self, name):
        self._name = name
        self._look = QTimer()
        self._look.setInterval(5)
        self._look.timeout.connect(self._answer)
        self._look.start()

    def _answer(self):
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            return
        self._look.stop()
        box = dialog.focusWidget()
        QTest.keyClicks(box, self._name)
        QTest.keyClick(box, Key.Key_Return)
        if dialog.isVisible():
            dialog.reject()  # the test then finds no file; a dialog left open would hold it up


def add_a_file(keys, name):
    open_mary(keys, "Documents")
    keys.fill("What is it?", "Insurance certificate")
    keys.fill("Who gave it?", "Mary")
    keys.tab_to("Add a file")
    dialog = FileDialog(name)
    keys.press(Key.Key_Return)
    keys.program.frame.activateWindow()  # as the window system does when a dialog has gone
    keys.settle()
    assert keys.name == "Add a file"
    del dialog
    (made,) = keys.reader.all(Attachment, enterprise_id=MARY)
    return made


def test_an_item_is_ticked_with_its_evidence(keys, tmp_path, monkeypatch):
    path = tmp_path / "policy.png"
    path.write_bytes(photo())
    monkeypatch.chdir(tmp_path)
    keys.program.frame.setProperty("files_come_from", str(tmp_path))  # as the last one did
    paper = add_a_file(keys, path.name)
    vault = keys.program.desk.context.session.vault
    assert vault.files.read(paper.sha256) == path.read_bytes()
    keys.push("Checklist")
    item = shown_item(keys)
    keys.pick("How far is it?", "Done")
    keys.pick("Who says so?", "Document attached")
    keys.fill("What was seen?", "Policy 0042")
    keys.fill("Seen on", "yesterday")
    keys.press(Key.Key_Tab)
    keys.pick("Use a file as evidence", "policy")
    done = keys.reader.get(ChecklistItem, item.id)
    assert (done.state, done.said_by, done.evidence_ref) == ("done", "document", "Policy 0042")
    assert done.evidence_on == TODAY - timedelta(days=1)
    assert done.files == (paper.id,)
    assert "Files: policy.png" in keys.seen
    keys.press(Key.Key_Z, CTRL)  # and one step back
    assert keys.reader.get(ChecklistItem, item.id).files == ()


def shown_item(keys):
    """The item that stands beside the table."""
    (pane,) = keys.program.desk.view.front.findChildren(ItemPane)
    (item,) = keys.reader.all(ChecklistItem, enterprise_id=MARY, code=pane.code)
    return item


def test_a_claim_is_drafted_to_the_point_where_nothing_stands_against_it(keys):
    open_mary(keys, "Claims")
    keys.push("Begin a claim")
    assert keys.place.name == "claim"
    keys.fill("What does this help with", "A check before the first visit")
    keys.fill("What is it?", "Basic DBS check")
    keys.pick("Kind of cost", "DBS check, basic")
    keys.fill("Pounds", "23")
    keys.fill("Date of the cost", "3 nov")
    keys.fill("Supplier", "Disclosure service")
    keys.fill("Invoice number", "B-17")
    keys.press(Key.Key_Tab)
    (claim,) = keys.reader.all(SeedClaim, enterprise_id=MARY)
    (line,) = keys.reader.all(ClaimLine, claim_id=claim.id)
    assert claim.barrier == "A check before the first visit"
    assert (line.pence, line.supplier, line.invoice_no) == (2300, "Disclosure service", "B-17")
    assert (line.cost_on.day, line.cost_on.month) == (3, 11)
    assert "£23.00" in keys.seen
    assert "What the policy says" in keys.seen
    assert "A document" in keys.seen or "paper" in keys.seen
    assert "The district is not written down." in keys.seen  # what is missing, in words
    keys.push("Add a cost")
    assert keys.name == "What is it?"  # the new one's
    keys.type("A second thought")
    keys.push("Remove cost 2")
    assert keys.name == "Add a cost"  # the focus is not lost with what was removed
    assert [one.what for one in keys.reader.all(ClaimLine, claim_id=claim.id)] == [line.what]


def test_a_report_goes_out_as_a_file_that_opens(keys, tmp_path, monkeypatch):
    import pypdf

    home = str(tmp_path / "documents")
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: home)
    vault = keys.program.desk.context.session.vault
    with vault.change(by="coach-1", at=NOW) as unit:
        unit.add(Dpia(id="dpia", version="1", signed_by="A. Officer", signed_on=TODAY))
    keys.press(Key.Key_5, CTRL)
    keys.tab_to("Make the report")
    keys.press(Key.Key_Return)
    keys.until(lambda: "Open the report" in buttons(keys))
    made = list((tmp_path / "documents").rglob("*.pdf"))
    assert len(made) == 1
    text = "".join(page.extract_text() for page in pypdf.PdfReader(made[0]).pages)
    assert "impact" in text.casefold()
    assert made[0].parent.name in keys.seen


def buttons(keys):
    front = keys.program.desk.view.front
    return [one.text() for one in front.findChildren(QPushButton) if one.isVisibleTo(front)]
