"""What a page's buttons ask for: once while it is under way, and "Try again" where it can help.

The page says that it was not done; the bar of the window says why, with the button. It writes what
was pressed for, and what was typed since stays. Refuses to offer another try of what is wrong with
what was typed or chosen: that is said on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.operations.writing import Operation, Written, write
from desktop.presenters.saving import words_for
from desktop.presenters.words import NotThat
from desktop.pressed import Taken
from desktop.trouble import in_words, may_pass

if TYPE_CHECKING:
    from desktop.context import Context

NOT_DONE = "That was not done. Try again, at the top, does it once more."
Again = Callable[[], None]
Says = Callable[[str], None]


class Tries:
    """Of one page, by what was pressed."""

    def __init__(self, context: Context, owner: object) -> None:
        """`owner`: whose page it is."""
        self._context, self._owner = context, owner
        self._under_way: set[str] = set()
        self._open: dict[str, Again] = {}  # what "Try again" was given

    @property
    def under_way(self) -> frozenset[str]:
        """What is being written: a second press is none."""
        return frozenset(self._under_way)

    def write(
        self,
        what: str,
        operation: Operation[Any],
        *,
        on_done: Callable[[Written[Any]], None],
        says: Says,
        name: str = "",
        drops: Iterable[str] | Taken = (),
        again: Again | None = None,
    ) -> None:
        """Write it; `says` gets why not, "" once it is. Nothing while the same is being written.

        "Try again" does the very same, with the drafts as they were taken at the press, or `again`
        where that has to be worked out anew.
        """
        if what in self._under_way:
            return
        self._under_way.add(what)
        taken = drops if isinstance(drops, Taken) else self._context.pressed.now(drops)
        once_more = again or partial(
            self.write, what, operation, on_done=on_done, says=says, name=name, drops=taken
        )

        def done(written: Written[Any]) -> None:
            self._under_way.discard(what)
            self.settled(what)
            says("")
            on_done(written)

        def failed(error: Exception) -> None:
            self._under_way.discard(what)
            says(self.failed(what, error, once_more))

        write(
            self._context,
            operation,
            owner=self._owner,
            on_done=done,
            on_failed=failed,
            name=name,
            drops=taken,
        )

    def failed(self, what: str, error: Exception, again: Again) -> str:
        """What the page says of it; where another try can help, the window offers it."""
        self.settled(what)  # the bar of an older failure
        if isinstance(error, NotThat) or not (in_words(error).ours or may_pass(error)):
            return words_for(error)
        self._open[what] = again
        self._context.tell.failed(error, again=again)
        return NOT_DONE

    def settled(self, what: str) -> None:
        """It is done, or wanted no more: nothing is tried again."""
        again = self._open.pop(what, None)
        if again is not None:
            self._context.tell.solved(again)
