"""A new version, enterprise by enterprise: a table of counts, and the lines of the chosen one.

Shows and moves nothing: a draft is moved on its own page, when somebody wants to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.models.rows import Column
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import announce
from desktop.views.kit.labels import paragraph, small, strong
from desktop.views.kit.layout import clear, column, panel, scrolling

if TYPE_CHECKING:
    from desktop.presenters.change_preview import PerEnterprise

ROWS = 8  # in sight


class PerEnterpriseTable(QWidget):
    """The table, and below it what the chosen row means."""

    def __init__(
        self, found: tuple[PerEnterprise, ...], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.table = RowsTable(
            name,
            (
                Column("Enterprise", lambda r: str(r.name)),
                Column("Kept", lambda r: _count(r.kept), by=lambda r: r.kept),
                Column("Left out", lambda r: _count(r.dropped), by=lambda r: r.dropped),
                Column("To do now", lambda r: _count(r.required), by=lambda r: r.required),
                Column("Does not fit", lambda r: _count(r.misfits), by=lambda r: r.misfits),
            ),
        )
        self._lines = column(gap=0)
        self._lines.setContentsMargins(12, 8, 12, 8)
        self._more = scrolling(panel(self._lines, "card"), "What it means for this enterprise")
        self.setLayout(column(self.table, self._more, gap=1))
        self.table.chosen.connect(self._chosen)
        self.table.show_rows(found)
        row = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(row * (min(ROWS, len(found)) + 1) + 12)
        self._more.setFixedHeight(row * 6)
        self._more.setVisible(bool(found))
        if found:
            self.table.choose(found[0].id)

    @property
    def lines(self) -> list[str]:
        """What is said of the chosen one."""
        found = (self._lines.itemAt(n) for n in range(self._lines.count()))
        return [str(w.property("text")) for i in found if i is not None and (w := i.widget())]

    def _chosen(self, row: PerEnterprise) -> None:
        clear(self._lines)
        self._lines.addWidget(strong(row.name))
        for head, lines in row.parts:
            self._lines.addWidget(small(head, wrap=True))
            for line in lines:
                self._lines.addWidget(paragraph(line))
        if not row.parts:
            self._lines.addWidget(paragraph("Nothing to move yet."))
        self._lines.addStretch(1)
        announce(self.table, row.spoken)


def _count(number: int) -> str:
    return f"{number:,}" if number else "none"
