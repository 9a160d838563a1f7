"""What the Ctrl+K box offers: people first, then what can be done, then adding someone new.

Refuses to answer an older question after a newer one was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from desktop.actions import Actions
    from desktop.context import Context
    from storage.search import Hit

MOST_PEOPLE = 7
MOST_ACTIONS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """One line in the list. An empty key is a line that only says something."""

    key: str
    words: str
    beside: str = ""


class FindView(Protocol):
    """The box, as the presenter sees it."""

    def show_offers(self, offers: list[Offer]) -> None:
        """Show these, or fold the list away when there are none."""
        ...


class FindPresenter:
    """Turns typing into offers, and a picked offer into a step."""

    def __init__(self, view: FindView, context: Context, actions: Actions) -> None:
        self._view = view
        self._context = context
        self._actions = actions
        self._asked = ""

    def typed(self, words: str) -> None:
        """Look for what is typed now."""
        self._asked = words.strip()
        if not self._asked:
            self._view.show_offers([])
            return
        asked = self._asked
        self._context.read(
            lambda reader: (asked, reader.search(asked, limit=MOST_PEOPLE)),
            owner=self._view,
            on_done=self._found,
        )

    def picked(self, key: str) -> None:
        """Open or do what was picked."""
        what, _, rest = key.partition(":")
        if what == "enterprise":
            self._context.open_route("enterprise", id=rest)
        elif what == "action":
            self._actions[rest].run()

    def _found(self, answer: tuple[str, list[Hit]]) -> None:
        asked, hits = answer
        if asked != self._asked:
            return
        offers = [_person(hit) for hit in hits if hit.enterprise_id]
        offers += [
            Offer(f"action:{each.name}", each.words, each.shortcut)
            for each in self._actions.matching(asked)[:MOST_ACTIONS]
        ]
        self._view.show_offers(offers or [Offer("", f"No match for '{asked}'. Try fewer letters.")])


_KINDS = {
    "enterprise": "enterprise",
    "leader": "leader",
    "enquiry": "enquiry",
    "session": "timeline",
    "action": "action",
    "checklist_item": "checklist",
    "attachment": "document",
    "seed_claim": "claim",
    "claim_line": "claim",
    "register_entry": "listing",
}


def _person(hit: Hit) -> Offer:
    shown = hit.title if len(hit.title) <= 60 else f"{hit.title[:59]}…"
    return Offer(f"enterprise:{hit.enterprise_id}", shown, _KINDS.get(hit.kind, ""))
