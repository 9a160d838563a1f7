"""Forms that were published elsewhere: taken in when the desk opens and whenever one arrives.

Says what came and what was not taken in. Shows no screen and opens no form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.operations.form_arrivals import TakenIn, take_in

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context


class FormArrivals:
    """Listens for published forms as long as its owner lives."""

    def __init__(self, context: Context, owner: object) -> None:
        self._context, self._owner = context, owner
        context.broadcast.listen(owner, self._heard, "published_form")

    def look(self) -> None:
        """Take in what is there."""
        pack_id = self._context.session.pack.id
        self._context.with_vault(
            lambda vault: take_in(vault, pack_id), owner=self._owner, on_done=self._taken
        )

    def _heard(self, _news: News) -> None:
        self.look()

    def _taken(self, taken: TakenIn) -> None:
        if taken.new:
            came = "; ".join(taken.new)
            self._context.tell.say(f"New on this laptop: {came}. Drafts stay as they are")
        for words in taken.refused:
            self._context.tell.problem(words)
