"""The item models keep Qt's own rules, and say every cell in words."""

import pytest
from PySide6.QtGui import Qt, QTextDocument

from desktop.models.rows import LOOK, ROW, Column, RowsModel
from desktop.models.timeline import ENTRY, TimelineModel
from desktop.presenters.timeline import timeline
from forms.rules.pack import load_pack
from tests.desktop.screens.desk import COACH
from tests.desktop.screens.people import MARY, full_vault


@pytest.mark.parametrize(
    "typed", ["Mary", "<b>bold</b> & more", "one\n<img src=x>\n&lt;", "3 < 4 > 2", "<script>x", ""]
)
def test_a_tool_tip_shows_what_was_typed_and_never_reads_it_as_markup(typed):
    model = RowsModel((Column("Name", str),))
    model.show([typed])
    tip = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    if Qt.mightBeRichText(tip):
        document = QTextDocument()
        document.setHtml(tip)
        assert document.toPlainText() == typed
    else:
        assert tip == typed
    assert model.index(0, 0).data() == typed


def test_rows(qtmodeltester):
    model = RowsModel(
        (
            Column("Name", lambda row: row[0], lambda row: "done"),
            Column("Adds", lambda row: str(row[1]), right=True),
        )
    )
    model.show([("Mary", 1), ("Joe", 2)])
    qtmodeltester.check(model)
    cell = model.index(1, 1)
    assert cell.data() == "2"
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Adds: 2"
    assert cell.data(ROW) == ("Joe", 2)
    assert cell.data(LOOK) is None
    assert model.index(0, 0).data(LOOK) == "done"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Name"
    model.show([])
    qtmodeltester.check(model)
    assert model.rowCount() == 0


def test_timeline(qtmodeltester):
    model = TimelineModel()
    entries = timeline(full_vault(), load_pack("kent"), COACH, MARY)
    model.show(entries)
    qtmodeltester.check(model)
    days = {entry.on for entry in entries}
    assert model.rowCount() == len(entries) + len(days)
    heading, first = model.index(0, 0), model.index(1, 0)
    assert heading.data() == "Sun 13 Nov 2022"
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable
    assert first.data(ENTRY) is entries[0]
    assert "Visit, 50 min" in first.data(Qt.ItemDataRole.AccessibleTextRole)
