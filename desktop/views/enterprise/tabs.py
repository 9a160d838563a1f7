"""What each tab of an enterprise record is: made, and its module read, when it is first opened.

Refuses to import a panel before it is wanted: a record opens on one tab.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.context import Context

OpenTab = Callable[[str], None]
PANELS = (  # what the makers below import: loaded ahead, once opening is quick
    "desktop.views.enterprise.overview",
    "desktop.views.checklist.panel",
    "desktop.views.timeline.panel",
    "desktop.views.documents.panel",
    "desktop.views.claims.panel",
    "desktop.views.listing.panel",
)


def _overview(context: Context, enterprise_id: str, open_tab: OpenTab, _item: str) -> QWidget:
    from desktop.views.enterprise.overview import OverviewPanel

    panel = OverviewPanel(context, enterprise_id)
    panel.tab_wanted.connect(open_tab)
    return panel


def _checklist(context: Context, enterprise_id: str, _open_tab: OpenTab, item: str) -> QWidget:
    from desktop.views.checklist.panel import ChecklistPanel

    panel = ChecklistPanel(context, enterprise_id)
    if item:
        panel.begin_at(item)
    return panel


def begin_at(panel: QWidget, item: str) -> None:
    """Show one item of the checklist, in a panel that is there already."""
    from desktop.views.checklist.panel import ChecklistPanel

    if isinstance(panel, ChecklistPanel):
        panel.begin_at(item)


def _timeline(context: Context, enterprise_id: str, _open_tab: OpenTab, _item: str) -> QWidget:
    from desktop.views.timeline.panel import TimelinePanel

    return TimelinePanel(context, enterprise_id)


def _documents(context: Context, enterprise_id: str, _open_tab: OpenTab, _item: str) -> QWidget:
    from desktop.views.documents.panel import DocumentsPanel

    return DocumentsPanel(context, enterprise_id)


def _claims(context: Context, enterprise_id: str, _open_tab: OpenTab, _item: str) -> QWidget:
    from desktop.views.claims.panel import ClaimsPanel

    return ClaimsPanel(context, enterprise_id)


def _listing(context: Context, enterprise_id: str, _open_tab: OpenTab, _item: str) -> QWidget:
    from desktop.views.listing.panel import ListingPanel

    return ListingPanel(context, enterprise_id)


# By the codes of `desktop.presenters.enterprise.TABS`; `open_tab` leads from one to another,
# `item` is that of the checklist to begin with.
MAKERS: dict[str, Callable[[Context, str, OpenTab, str], QWidget]] = {
    "overview": _overview,
    "checklist": _checklist,
    "timeline": _timeline,
    "documents": _documents,
    "claims": _claims,
    "listing": _listing,
}
