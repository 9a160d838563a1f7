"""The frame of an enterprise record: who this is, the stage, how far, and whether money is held.

Refuses to hold any page's content: each tab has its own presenter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.people import Identity, identity
from desktop.presenters.saving import Seen, unread, when_seen
from desktop.presenters.together_leaving import share
from forms.facts.casework import ChecklistItem, StageEvent
from forms.facts.listing import RegisterEntry
from forms.facts.people import Enterprise
from forms.rules.checklist import checklist, progress
from forms.rules.pack import Pack
from forms.rules.pathway import current_stage, in_order
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

TABS = (
    ("overview", "Overview"),
    ("checklist", "Checklist"),
    ("timeline", "Timeline"),
    ("documents", "Documents"),
    ("claims", "Claims"),
    ("listing", "Listing"),
)
_KINDS = ("enterprise", "leader", "consent", "stage_event", "checklist_item", "register_entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands above the tabs."""

    identity: Identity
    stage: str  # "Setting up since 20 May 2026"
    progress: str  # "9 of 14"
    hold: str  # "Listing suspended since 12 Feb 2027", or nothing
    to_check: int  # things to check on this record


def frame(reader: Any, pack: Pack, enterprise_id: str, today: date) -> Frame:
    """The frame of one enterprise. Raises NothingWritten when it is not on this laptop."""
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("This record is not on this laptop. Go back to the caseload.")
    items = reader.all(ChecklistItem, enterprise_id=enterprise_id)
    counted = progress(checklist(pack, enterprise, items, today))
    hold = _hold(reader, enterprise)
    mine = {enterprise_id, *(item.id for item in items)}
    return Frame(
        identity=identity(reader, pack, enterprise, today),
        stage=stage_words(pack, reader.all(StageEvent, enterprise_id=enterprise_id)),
        progress=str(counted),
        hold=hold,
        to_check=sum(c.record_id in mine for c in reader.conflicts(open_only=True)),
    )


def _hold(reader: Any, enterprise: Enterprise) -> str:
    """A suspension, from the moment it is asked for: it never waits to be seen."""
    if enterprise.suspended_on is not None:
        return f"Listing suspended since {words.day(enterprise.suspended_on)}. Money waits."
    asked = [d for d in reader.decisions(state="waiting") if d.name == "listing.suspend"]
    if not asked:
        return ""
    mine = {entry.id for entry in reader.all(RegisterEntry, enterprise_id=enterprise.id)}
    if not any(each.subject_id in mine for each in asked):
        return ""
    return (
        "A suspension of the listing is asked for. It goes to the council with the next exchange."
    )


def stage_words(pack: Pack, events: list[StageEvent]) -> str:
    """The present stage and since when."""
    now = current_stage(events)
    if not now:
        return "No stage yet"
    label = next((each.label for each in pack.stages if each.code == now), now)
    return f"{label} since {words.day(in_order(events)[-1].on)}"


class EnterpriseView(Seen, Protocol):
    """What the presenter asks of the record's frame."""

    def show_frame(self, frame: Frame) -> None:
        """Show who this is."""
        ...

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        ...


class EnterprisePresenter:
    """Keeps the frame in step with the record."""

    def __init__(self, context: Context, view: EnterpriseView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read the frame again."""
        self._context.read(
            partial(
                frame,
                pack=self._context.pack,
                enterprise_id=self._enterprise_id,
                today=london_day(self._context.clock.now()),
            ),
            owner=self._view,
            on_done=self._view.show_frame,
            on_failed=unread(self._context, self._view.show_missing, self.load),
        )

    def move_stage(self) -> None:
        """Go to the page that moves the stage."""
        self._context.open_route("move_stage", id=self._enterprise_id)

    def share_screen(self) -> None:
        """Sit down together at one screen."""
        share(self._context, self._enterprise_id)

    def quick_note(self) -> None:
        """Write a note on this record."""
        self._context.open_route("quick_note", enterprise=self._enterprise_id)

    def guide(self) -> None:
        """Go to the legal-entity guide."""
        self._context.open_route("entity_guide", id=self._enterprise_id)

    def open_things(self) -> None:
        """Go to the things to check."""
        self._context.open_route("things_to_check")

    def _hear(self, news: News) -> None:
        if news.touches(*_KINDS) or news.changes.conflicts or news.changes.decisions:
            when_seen(self._view, self.load)
