"""The saved views of the caseload: which is in use, one's own, and the order and columns of each.

Kept on this laptop only (a filter can hold a name). Refuses to filter or sort: the vault does, by
what stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters.list_memory import LONGEST_NAME, OWN, ListMemory, OwnView

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context

VIEWS = (
    ("all", "All"),
    ("stuck", "Waiting on others"),
    ("ready", "Ready to trade"),
    ("trading", "Trading"),
    ("quiet", "Quiet"),
)
ORDERS = ("name", "place", "stage", "done", "next", "waiting", "contact")  # column by column
MEMORY = "list/caseload"  # key of the desk's memory


class SavedViews:
    """Changes the memory of the list, keeps it, and says when the list is to be asked again."""

    def __init__(
        self, context: Context, owner: object, kept: Callable[[], None], chosen: str
    ) -> None:
        """`owner`: the screen; when it is gone, `kept` is not called."""
        self._context, self._owner, self._kept = context, owner, kept
        self.chosen = chosen  # a code of VIEWS, or OWN and a name
        self.memory: ListMemory | None = None  # until it has been read

    @property
    def own(self) -> OwnView | None:
        """The own view in use, if one is."""
        return self._known.view(self.chosen)

    @property
    def order(self) -> str:
        """The order of the view in use: "contact", or "-contact" the other way round."""
        kept = self._known.orders.get(self.chosen, "name")
        return kept if kept.removeprefix("-") in ORDERS else "name"

    def sort_by(self, column: int) -> None:
        """Sort by a column; again turns it round. Kept for this view."""
        if not self._are_read():
            return
        wanted = ORDERS[column]
        turned = f"-{wanted}" if self.order == wanted else wanted
        self._keep(self._known.ordered(self.chosen, turned))

    def toggle_column(self, column: int) -> None:
        """Show or hide a column."""
        if self._are_read():
            self._keep(self._known.toggled(ORDERS[column]))

    def keep(self, name: str, words: str) -> None:
        """Keep what is shown now, filtered by `words`, as a view of one's own."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name or not self._are_read():
            return
        base = self.own.base if self.own is not None else self.chosen
        order = self.order
        memory = self._known.with_view(OwnView(name=name, words=words, base=base))
        self.chosen = OWN + name
        self._keep(memory.ordered(self.chosen, order))
        self._context.tell.say(f"View “{name}” kept.")

    def forget(self) -> None:
        """Forget the own view in use; can be taken back."""
        own, key, order = self.own, self.chosen, self.order
        if own is None:
            return
        self.chosen = own.base
        self._keep(self._known.without(key))

        def undo() -> None:  # beside what was kept since
            self._keep(self._known.with_view(own).ordered(key, order))

        self._context.tell.offer_undo(f"View “{own.name}” forgotten", undo)

    @property
    def _known(self) -> ListMemory:
        return self.memory or ListMemory()

    def _are_read(self) -> bool:
        """Before that a change would take the place of what is kept."""
        if self.memory is None:
            self._context.tell.note("Your list is still being read. Try again in a moment.")
        return self.memory is not None

    def _keep(self, memory: ListMemory) -> None:
        self.memory, text = memory, memory.as_text()
        self._context.with_vault(
            lambda vault: None if vault.is_read_only else vault.desk.keep(MEMORY, text),
            owner=self._owner,
            on_done=lambda _nothing: self._kept(),
        )
