"""Small pictures beside the names of files: one job each, so that a click in between need not wait.

Refuses to ask twice for what cannot be shown: it keeps the drawing of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.errors import FileRefused
from desktop.operations.preview import Preview, preview
from desktop.trouble import in_words

if TYPE_CHECKING:
    from desktop.context import Context


class ShowsSmall(Protocol):
    """A list of files."""

    def show_small(self, document_id: str, image: Any) -> None:
        """Show a small picture beside a file's name."""
        ...


class SmallWanted:
    """Makes them in the order in which they were asked for."""

    def __init__(
        self, context: Context, view: ShowsSmall, decode: Callable[[Preview, int], Any]
    ) -> None:
        """`decode(look, widest)` makes a picture of a look; it runs in the vault lane."""
        self._context, self._view, self._decode = context, view, decode
        self._asked: set[str] = set()
        self._waiting: list[str] = []

    def want(self, document_ids: Sequence[str], widest: int) -> None:
        """Make small pictures of these files, each of them once."""
        new = [one for one in document_ids if one not in self._asked]
        self._asked.update(new)
        idle = not self._waiting
        self._waiting += new
        if idle and self._waiting:
            self._next(widest)

    def forget(self, document_id: str) -> None:
        """Ask for it again with the next list: it has come since."""
        self._asked.discard(document_id)

    def _next(self, widest: int) -> None:
        document_id, decode = self._waiting[0], self._decode

        def work(vault: Any) -> Any:
            return decode(preview(vault, document_id, width=widest), widest)

        self._context.with_vault(
            work,
            owner=self._view,
            on_done=partial(self._came, document_id, widest),
            on_failed=partial(self._failed, document_id, widest),
        )

    def _came(self, document_id: str, widest: int, image: Any) -> None:
        self._view.show_small(document_id, image)
        self._go_on(document_id, widest)

    def _failed(self, document_id: str, widest: int, error: Exception) -> None:
        """It keeps the drawing of its kind, and the next one has its turn.

        Damaged, gone or not here yet: the look at it says so in words.
        """
        if in_words(error).ours:
            self._context.tell.failed(error)
        elif not isinstance(error, FileRefused):
            self._asked.discard(document_id)  # may come yet: asked for again with the next list
        self._go_on(document_id, widest)

    def _go_on(self, document_id: str, widest: int) -> None:
        self._waiting.remove(document_id)
        if self._waiting:
            self._next(widest)
