"""Where Today leads: to an enterprise, a claim, a list, a new note, a shared screen.

Refuses to change anything: what Today does about a line is in its presenter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters.together_leaving import share

if TYPE_CHECKING:
    from desktop.context import Context


class TodayDoors:
    """One method a way out of the page."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def open(self, enterprise_id: str) -> None:
        """To the enterprise."""
        self._context.open_route("enterprise", id=enterprise_id)

    def open_checklist(self, enterprise_id: str) -> None:
        """To its checklist."""
        self._context.open_route("enterprise", id=enterprise_id, tab="checklist")

    def open_claim(self, claim_id: str) -> None:
        """To the claim."""
        self._context.open_route("claim", id=claim_id)

    def share_screen(self, enterprise_id: str) -> None:
        """Sit down together at one screen."""
        share(self._context, enterprise_id)

    def see(self, view: str) -> None:
        """The caseload, as one of its views."""
        self._context.open_route("caseload", view=view)

    def see_to_check(self) -> None:
        """Things to check."""
        self._context.open_route("things_to_check")

    def see_offers(self) -> None:
        """Cases that are offered to me."""
        self._context.open_route("handovers")

    def new_enterprise(self) -> None:
        """Take somebody on."""
        self._context.open_route("new_enterprise")

    def new_note(self) -> None:
        """A quick note about anybody."""
        self._context.open_route("quick_note")
