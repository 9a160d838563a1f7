"""Puts a sitting on the timeline, and only then counts it as told.

The visit, the draft that says it was told and the mark of the shared screen are one commit: nothing
of it is there, and everything can be tried again, until all of it is on disk. Refuses to tell the
same sitting twice, whichever way it is told: leaving, "Try again", or the next day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from desktop.operations import together
from desktop.operations import vault as vaults
from desktop.operations.writing import write
from desktop.presenters.together import SITTING
from desktop.presenters.together_promises import HOME
from desktop.presenters.together_sheet import kept_sitting
from desktop.presenters.together_signing import SIGNING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from desktop.context import Context
    from desktop.operations.writing import Writing, Written
    from desktop.presenters.together_sheet import Sitting
    from storage.one_case import CaseDrafts
    from storage.vault import Vault


def tell_visit(
    context: Context,
    enterprise_id: str,
    sitting: Sitting,
    *,
    owner: object,
    on_done: Callable[[], None] | None = None,
) -> None:
    """Write the visit; when that fails the desk says so and offers to try again.

    `context` is the coach's own, with the whole records. The clock of the sitting stands still.
    """
    vault, now = context.session.vault, context.clock.now()
    told = replace(sitting)
    told.leave()
    visit = _Visit(
        on=sitting.on,
        id=sitting.visit,
        done=sitting.untold(),
        minutes=sitting.minutes(now),
        text=told.to_text(now),
    )
    operation = partial(_tell, vault=vault, enterprise_id=enterprise_id, visit=visit)

    def forget(vault: Vault) -> None:
        """What the disk refused of the sitting is over with it."""
        drafts = vault.one_case(enterprise_id).drafts
        context.unkept.forget(drafts, SITTING, SIGNING, HOME)

    def written(_written: Written[None]) -> None:
        context.with_vault(forget, owner=owner, on_done=_forgotten)
        if on_done is not None:
            on_done()

    def tell() -> None:
        write(context, operation, owner=owner, on_done=written, on_failed=failed)

    def failed(error: Exception) -> None:
        context.tell.failed(error, again=tell)

    tell()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A sitting as it was when it was left: it may go on before this is written."""

    on: date
    id: str  # on the timeline
    done: tuple[str, ...]
    minutes: int
    text: str  # of the draft, once it is told


def _tell(writing: Writing, *, vault: Vault, enterprise_id: str, visit: _Visit) -> None:
    """The visit on the timeline; what stood half done goes, unless a later sitting has begun."""
    together.write_visit(
        writing,
        enterprise_id,
        done=visit.done,
        minutes=visit.minutes,
        on=visit.on,
        visit_id=visit.id,
    )
    drafts = vault.one_case(enterprise_id).drafts
    kept = kept_sitting(drafts.read(SITTING))
    if kept is None or kept.on < visit.on or kept.visit == visit.id:
        drafts.keep(SITTING, visit.text)
        put_half_away(drafts)
    forget_shared(vault, visit.on.isoformat(), enterprise_id)


def _forgotten(_nothing: None) -> None:
    """It is told."""


def put_half_away(drafts: CaseDrafts) -> None:
    """The sitting is left: a signature not given and a day not kept go with it."""
    for key in (SIGNING, HOME):
        drafts.drop(key)


def forget_shared(vault: Vault, day: str, enterprise_id: str) -> None:
    """The screen is no longer shared with this person since that day; another one's mark stays."""
    if vaults.shared_with(vault) == (day, enterprise_id):
        vaults.note_shared(vault)
