"""What goes on by itself while a vault is open: copies, counts, forms put down, practice papers.

Refuses to hold up anything a person does: all of it runs in the lanes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.operations import vault as vaults
from desktop.presenters.today import rail_counts
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context
    from desktop.views.main_window import MainView

COPY_MS = 30 * 60_000


class Upkeep(QObject):
    """Begins with the first screen, ends with the vault."""

    def __init__(self, view: MainView, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.view, self.context = view, context
        self._changed = False
        self._copying = QTimer(self)
        self._copying.setInterval(COPY_MS)
        self._copying.timeout.connect(self._make_copy)
        context.broadcast.listen(self, self._heard)

    def begin(self) -> None:
        """The first screen is there."""
        self._copying.start()
        self._count()
        if not self.context.session.read_only:
            self._put_sheets_down()
            if self.context.session.practice:
                self.context.with_vault(vaults.put_papers_in, owner=self, on_done=self._papers_in)

    def end(self) -> None:
        """The vault is about to close."""
        self._copying.stop()
        self.context.broadcast.forget(self)
        if self.context.figures is not None:
            self.context.figures.end()
        if self.context.known is not None:
            self.context.known.forget()

    def _put_sheets_down(self) -> None:
        """Forms that a crash or a power cut left open: their records get the last answers."""
        from desktop.operations.form_filling import put_all_down
        from desktop.operations.writing import write

        self.context.with_vault(
            lambda vault: bool(vault.forms.open_sheets()),
            owner=self,
            on_done=lambda found: (
                write(self.context, put_all_down, owner=self, on_done=self._sheets_put_down)
                if found
                else None
            ),
        )

    def _sheets_put_down(self, written: object) -> None:
        """The records have what was answered; nobody needs to be told."""

    def _papers_in(self, count: int) -> None:
        """Whoever opens a document finds it: the lane of the vault did this before."""

    def _heard(self, news: News) -> None:
        del news
        self._changed = True
        self._count()

    def _count(self) -> None:
        today = london_day(self.context.clock.now())
        self.context.read(
            lambda reader: rail_counts(reader, today), owner=self, on_done=self._counted
        )

    def _counted(self, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self.view.show_count(name, count)

    @Slot()
    def _make_copy(self) -> None:
        """Every half hour in which something was saved, a verified copy."""
        if self._changed:
            self._changed = False
            self.context.with_vault(vaults.back_up, owner=self, on_done=self._copied)

    def _copied(self, at: object) -> None:
        """The ladder of copies has one more; Sent & safe says so when it is looked at."""
