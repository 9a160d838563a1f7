"""Undo and redo as the window offers them: do it, tell everyone, and offer the way back.

Refuses to undo silently: the person is told what it was, or why it has to stay.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.operations.undo import Turn, Turned, numbered, turn
from desktop.presenters.step_words import words_of
from desktop.trouble import may_pass

if TYPE_CHECKING:
    from desktop.context import Context
    from storage.vault import Vault


def take_back(context: Context, n: int = 0, enterprise_id: str = "") -> None:
    """Undo step `n`; without a number the newest, of one enterprise when it is named."""
    _turn(context, Turn(back=True, n=n, enterprise_id=enterprise_id))


def do_again(context: Context, n: int = 0, enterprise_id: str = "") -> None:
    """Redo step `n`; without a number the last that was taken back."""
    _turn(context, Turn(back=False, n=n, enterprise_id=enterprise_id))


def _turn(context: Context, wanted: Turn) -> None:
    by, at = context.actor.id, context.clock.now()
    this = [wanted]  # with its number, as soon as the lane has looked which is the newest

    def work(vault: Vault) -> Turned | None:
        this.append(numbered(vault, wanted))
        return turn(vault, this[-1], by=by, at=at)

    context.with_vault(
        work,
        owner=context,
        on_done=partial(_turned, context, wanted),
        on_failed=lambda error: _not_turned(context, this[-1], error),
    )


def _not_turned(context: Context, wanted: Turn, error: Exception) -> None:
    """What has to stay is no trouble: it is said calmly, and nothing stays on the window for it."""
    from storage.errors import CannotUndo

    if isinstance(error, CannotUndo):
        context.tell.note(str(error))
    else:
        again = partial(_turn, context, wanted) if may_pass(error) else None
        context.tell.failed(error, again=again)


def _turned(context: Context, wanted: Turn, turned: Turned | None) -> None:
    if turned is None:
        context.tell.note("Nothing to undo." if wanted.back else "Nothing to do again.")
        return
    context.tell.saved(turned.changes.at)
    context.broadcast.announce(turned.changes)
    n, words = turned.step.n, words_of(turned.step)
    if wanted.back:
        context.tell.offer_redo(f"Undone: {words}", partial(do_again, context, n))
    else:
        context.tell.offer_undo(f"Done again: {words}", partial(take_back, context, n))
