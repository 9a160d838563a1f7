"""Every screen by its route name: words, and where its factory is. Imported only when opened.

A factory is `make(context: Context, route: Route) -> Screen`. A row here is all it takes for a
screen to exist: the rail, Ctrl+K, the screenshots and the accessibility audit all read this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.views.kit.screen import Screen


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One screen. `rail` is its place in the left rail, 1 to 6; 0 = not in the rail."""

    name: str
    words: str
    factory: str  # "module:function"
    rail: int = 0
    needs: tuple[str, ...] = ()  # parameters its route must carry

    def make(self, context: Context, route: Route) -> Screen:
        """Import the factory and build the screen."""
        module, _, function = self.factory.partition(":")
        make = cast("Callable[[Context, Route], Screen]", getattr(import_module(module), function))
        return make(context, route)


SCREENS: dict[str, ScreenRow] = {
    row.name: row
    for row in (
        ScreenRow("today", "Today", "desktop.views.today:make", rail=1),
        ScreenRow("caseload", "Caseload", "desktop.views.caseload:make", rail=2),
        ScreenRow("claims", "Claims", "desktop.views.claims.panel:make", rail=3),
        ScreenRow("impact", "Impact", "desktop.views.impact.screen:make", rail=4),
        ScreenRow("reports", "Reports", "desktop.views.reports.screen:make", rail=5),
        ScreenRow("sent_and_safe", "Sent & safe", "desktop.views.sent_and_safe:make", rail=6),
        ScreenRow("carry", "Carry by hand", "desktop.views.carry:make"),
        ScreenRow("forms", "Forms", "desktop.views.forms.screen:make"),
        ScreenRow("settings", "Settings", "desktop.views.settings:make"),
        ScreenRow("ways_in", "Passphrase and recovery sheet", "desktop.views.ways_in:make"),
        ScreenRow("recent_changes", "Recent changes", "desktop.views.recent_changes:make"),
        ScreenRow("keys", "Keys on the keyboard", "desktop.views.keys:make"),
        ScreenRow("help", "Help", "desktop.views.help:make"),
        ScreenRow(
            "enterprise", "Enterprise", "desktop.views.enterprise.screen:make", needs=("id",)
        ),
        ScreenRow(
            "move_stage",
            "Move the stage",
            "desktop.views.enterprise.move_stage:make",
            needs=("id",),
        ),
        ScreenRow(
            "share_screen", "Share the screen", "desktop.views.together.before:make", needs=("id",)
        ),
        ScreenRow("new_enterprise", "New enquiry", "desktop.views.enterprise.newcomer:make"),
        ScreenRow("quick_note", "Quick note", "desktop.views.timeline.quick_note:make"),
        ScreenRow(
            "entity_guide",
            "Legal-entity guide",
            "desktop.views.entity_guide.screen:make",
            needs=("id",),
        ),
        ScreenRow(
            "item_everybody",
            "Who has an item",
            "desktop.views.checklist.everybody:make",
            needs=("id",),
        ),
        ScreenRow("claim", "Claim", "desktop.views.claim.screen:make", needs=("id",)),
        ScreenRow("form", "Form", "desktop.views.form_pages.screen:make", needs=("id",)),
        ScreenRow(
            "figure", "A figure explained", "desktop.views.impact.figure:make", needs=("id",)
        ),
        ScreenRow("directory", "Directory", "desktop.views.market.directory:make"),
        ScreenRow("import_enquiries", "Bring enquiries in", "desktop.views.importing:make"),
        ScreenRow("ledger", "Where everything is", "desktop.views.ledger:make"),
        ScreenRow("handovers", "Cases on offer", "desktop.views.handovers:make"),
        ScreenRow("devices", "Laptops", "desktop.views.devices:make"),
        ScreenRow("privacy", "Privacy", "desktop.views.privacy.screen:make"),
        ScreenRow(
            "privacy_person",
            "Consent and own copy",
            "desktop.views.privacy.person:make",
            needs=("id",),
        ),
        ScreenRow("market_gaps", "Market gaps", "desktop.views.market.gaps:make"),
        ScreenRow(
            "things_to_check", "Things to check", "desktop.views.things_to_check.screen:make"
        ),
    )
}


def rail() -> list[ScreenRow]:
    """The rows of the left rail, in order."""
    return sorted((row for row in SCREENS.values() if row.rail), key=lambda row: row.rail)
