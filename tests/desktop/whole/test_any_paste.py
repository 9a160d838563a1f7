"""Every field of every screen takes a paste of anything: nothing breaks, nothing is lost or run.

The fields are found by walking every screen, so a new one is in it from its first day.
"""

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from desktop.models.tips import plain_tip
from desktop.presenters.first_run import Step
from desktop.trouble import OUR_MISTAKE
from desktop.views.first_run import FirstRun
from desktop.views.unlock import UnlockPage
from forms.facts.casework import ChecklistItem
from forms.facts.money import ClaimLine
from forms.facts.people import Enterprise, Leader

CTRL = Qt.KeyboardModifier.ControlModifier
MEGABYTE = "Mary was here. " * 70_000
PASTES = {
    "nul": "before\0after\x1b[31m\x07",
    "right to left": "\u202emalice\u202c مرحبا بالعالم",
    "emoji": "👩🏽\u200d🦽 🧑\u200d🤝\u200d🧑 é́́́",
    "markup": '<b>bold</b><script>alert(1)</script><img src=x onerror="x">&amp;',
    "lines": "one\r\ntwo\n\n\tthree\u2028four",
    "formula": '=HYPERLINK("http://example.org","x")',
    "statement": "'; DROP TABLE enterprise; --",
    "lone surrogate": "half of a pair: \ud83d.",
    "numbers": "999999999999999999999999999999,99-12/0",
}
SEEN_ROWS = 30  # of a table whose tips are looked at
LONG_SHOWN = 2_000  # letters of a megabyte that must still be there: a field may have a limit


def fields(window):
    """Every field in sight that can be typed in."""
    return [
        one
        for kind in (QLineEdit, QPlainTextEdit)
        for one in window.findChildren(kind)
        if one.isVisibleTo(window) and one.isEnabled() and not one.isReadOnly()
    ]


def text_of(field):
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def paste(field, text):
    field.setFocus()
    QApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_A, CTRL)
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)


def tips(window):
    """Every tool tip in sight: of widgets, and of the cells of tables."""
    top = QModelIndex()
    for each in window.findChildren(QWidget):
        yield each.toolTip()
    for table in window.findChildren(QAbstractItemView):
        model = table.model()
        if model is None or not table.isVisibleTo(window):
            continue
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(top)
        for row in range(min(model.rowCount(top), SEEN_ROWS)):
            for column in range(columns):
                yield str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or "")


def marked_tips(window):
    """Tips that Qt reads as markup and that hold any besides our own line breaks."""
    for tip in tips(window):
        inner = tip.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "")
        if Qt.mightBeRichText(tip) and "<" in inner:
            yield tip


def test_a_tip_that_is_markup_is_seen(qtbot):
    """The look at the tips would go red."""
    page = QWidget()
    qtbot.addWidget(page)
    label = QLabel(page)
    label.setToolTip("Missing: " + PASTES["markup"])
    assert list(marked_tips(page)) == [label.toolTip()]
    label.setToolTip(plain_tip(PASTES["markup"]))
    assert list(marked_tips(page)) == []


def called(field):
    return field.accessibleName() or field.objectName() or type(field).__name__


@pytest.fixture(autouse=True)
def _clean_clipboard(qapp):
    yield
    qapp.clipboard().clear()


def try_all(screen, whole, where):
    """Paste each thing into each field and leave it; what is wrong, in words."""
    wrong = []
    for number, (kind, text) in enumerate(PASTES.items()):
        for at, field in enumerate(fields(screen)):
            if kind != "markup" and (number + at) % 3:
                continue  # each field gets markup and a third of the rest; together they get all
            paste(field, text)
            if kind == "markup" and text_of(field) != text:
                wrong.append(f"{where}: {called(field)} holds {text_of(field)[:40]!r}")
            QTest.keyClick(field, Qt.Key.Key_Tab)
        whole.settle()
        if kind == "markup":
            wrong += [f"{where}: tip read as markup: {t[:40]}" for t in marked_tips(whole.view)]
        if OUR_MISTAKE in whole.view.problem.words:
            wrong.append(f"{where}: {kind}: our own mistake")
            whole.view.problem.clear()
    return wrong


@pytest.mark.timeout(300)
def test_every_field_of_every_screen_takes_anything(whole):
    wrong, seen = [], set()
    for name, params in whole.places():
        whole.open(name, params)
        where = f"{name} {params.get('tab', '')}".strip()
        seen |= {called(each) for each in fields(whole.view.front)}
        wrong += try_all(whole.view.front, whole, where)
        wrong += [
            f"{where}: read as markup: {each.text()[:40]}"
            for each in whole.view.front.findChildren(QLabel)
            if each.textFormat() != Qt.TextFormat.PlainText and each.text()
        ]
    assert wrong == []
    assert len(seen) > 40  # the walk does find fields
    assert not (whole.program.folder / "troubles").exists()
    reader = whole.program.desk.context.session.vault.reader
    said = repr([reader.all(kind) for kind in (Enterprise, Leader, ChecklistItem, ClaimLine)])
    assert "DROP TABLE" in said  # as it was typed: to be read, never to be run
    assert reader.all(Enterprise)


def test_names_that_are_markup_are_plain_in_the_tips_of_tables(whole):
    here = whole.program.desk.context
    with here.session.vault.change(by=here.actor.id, at=here.clock.now()) as unit:
        for one in here.session.vault.reader.all(Enterprise):
            unit.set(Enterprise, one.id, name=PASTES["markup"])
        for one in here.session.vault.reader.all(Leader):
            unit.set(Leader, one.id, name=PASTES["markup"])
    held = set()
    for name in ("caseload", "claims"):
        whole.open(name, {})
        whole.settle()
        held |= {name for tip in tips(whole.view.front) if "script" in tip}
        assert list(marked_tips(whole.view)) == []
    assert held == {"caseload", "claims"}


@pytest.mark.timeout(200)
def test_a_megabyte_is_taken_in_one_go_and_none_of_it_is_lost_in_silence(whole):
    for name, params in (
        ("quick_note", {}),
        ("new_enterprise", {}),
        ("enterprise", dict(whole.subject, tab="timeline")),
    ):
        whole.open(name, params)
        for field in fields(whole.view.front):
            paste(field, MEGABYTE)
            kept = len(text_of(field))
            limit = field.maxLength() if isinstance(field, QLineEdit) else len(MEGABYTE)
            assert kept in (len(MEGABYTE), limit), called(field)
            assert kept > LONG_SHOWN, called(field)
            paste(field, "")
            QTest.keyClick(field, Qt.Key.Key_Delete)
        whole.settle()
    assert whole.view.problem.words == ""


@pytest.mark.parametrize("kind", PASTES)
def test_fields_before_the_records_are_open(qtbot, kind):
    pages: list[QWidget] = [UnlockPage(), FirstRun()]
    for page in pages:
        qtbot.addWidget(page)
        page.show()
        page.activateWindow()
        for step in Step if isinstance(page, FirstRun) else (None,):
            if step is not None:
                page.show_step(step)
            for field in fields(page):
                paste(field, PASTES[kind])
                QTest.keyClick(field, Qt.Key.Key_Return)
                if "\n" not in PASTES[kind] and "\0" not in PASTES[kind]:
                    assert text_of(field), called(field)
    assert [b for page in pages for b in page.findChildren(QPushButton)]
