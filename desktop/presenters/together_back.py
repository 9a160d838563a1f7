"""The way back to a shared screen that was never left: the records were locked, or the power went.

The screen may still be turned to somebody when the passphrase is typed. So the records open on that
person's window again, and not on the caseload. A sitting of an earlier day is put on the timeline.
Refuses to lead back to a record that is gone, and to a screen that could not be left.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from desktop.presenters.together import SITTING
from desktop.presenters.together_picture import long_day
from desktop.presenters.together_sheet import kept_sitting
from desktop.presenters.together_visit import forget_shared, put_half_away, tell_visit

if TYPE_CHECKING:
    from desktop.context import Context
    from storage.vault import Vault


def back_to(context: Context) -> str:
    """The enterprise to go back to before anything else is shown; "" for none."""
    session = context.session
    day, enterprise_id = session.shared
    return enterprise_id if day == context.today.isoformat() and not session.read_only else ""


def tell_of_earlier(context: Context, owner: object) -> None:
    """Put a sitting of an earlier day, that was never left, on the timeline."""
    day, enterprise_id = context.session.shared
    if not enterprise_id or day == context.today.isoformat() or context.session.read_only:
        return

    def known(text: str) -> None:
        sitting = kept_sitting(text)
        kept = sitting is not None and sitting.on.isoformat() == day
        if sitting is not None and kept and sitting.is_worth_telling(context.clock.now()):
            done = partial(_told, context, sitting.on)
            tell_visit(context, enterprise_id, sitting, owner=owner, on_done=done)
        else:
            forget()

    def forget() -> None:
        work = partial(_forget, day, enterprise_id)
        context.with_vault(work, owner=owner, on_done=_forgotten)

    context.with_vault(partial(_kept, enterprise_id), owner=owner, on_done=known)


def _kept(enterprise_id: str, vault: Vault) -> str:
    return vault.one_case(enterprise_id).drafts.read(SITTING)


def _forget(day: str, enterprise_id: str, vault: Vault) -> None:
    put_half_away(vault.one_case(enterprise_id).drafts)
    forget_shared(vault, day, enterprise_id)


def _forgotten(_nothing: None) -> None:
    """There was nothing to tell."""


def _told(context: Context, day: date) -> None:
    context.tell.say(f"What you did together on {long_day(day)} is on the timeline.")
