"""Recent changes: what was done on this laptop, newest first, each with its way back.

Refuses to hide what cannot be taken back: it stays in the list and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.presenters.chip import date_words
from desktop.presenters.saving import Seen, when_seen
from desktop.presenters.step_words import words_of
from desktop.presenters.undo import do_again, take_back
from forms.values import LONDON, london_day

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context
    from storage.reader import Reader
    from storage.steps import Step
    from storage.vault import Vault

SHOWN = 50  # lines on the page; Show more adds as many again
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One step in words."""

    n: int
    what: str
    when: str  # "today 14:32"
    enterprise_id: str
    who: str  # the enterprise, or ''
    is_undone: bool
    why_not: str


class RecentChangesView(Seen, Protocol):
    """The page, as the presenter sees it."""

    def show_changes(self, lines: tuple[ChangeLine, ...], more: int) -> None:
        """Show these; `more` are further back."""
        ...


class RecentChangesPresenter:
    """Reads the list; takes back and does again."""

    def __init__(self, view: RecentChangesView, context: Context, enterprise_id: str = "") -> None:
        self._view, self._context, self._enterprise_id = view, context, enterprise_id
        self._shown = SHOWN
        context.broadcast.listen(view, self._heard)

    def load(self) -> None:
        """Read the list again."""
        today, of, shown = london_day(self._context.clock.now()), self._enterprise_id, self._shown
        self._context.with_vault(
            lambda vault: gather(vault, today, of, shown),
            owner=self._view,
            on_done=lambda found: self._view.show_changes(*found),
            on_failed=partial(self._context.tell.failed, again=self.load),
        )

    def to_today(self) -> None:
        """Where work begins."""
        self._context.open_route("today")

    def more(self) -> None:
        """Further back."""
        self._shown = min(self._shown + SHOWN, MOST)
        self.load()

    def turn(self, line: ChangeLine) -> None:
        """Take it back, or do it again."""
        (do_again if line.is_undone else take_back)(self._context, line.n)

    def open(self, enterprise_id: str) -> None:
        """To the enterprise."""
        self._context.open_route("enterprise", id=enterprise_id)

    def _heard(self, _news: News) -> None:
        when_seen(self._view, self.load)


def gather(
    vault: Vault, today: date, enterprise_id: str, shown: int
) -> tuple[tuple[ChangeLine, ...], int]:
    """The lines and how many are further back (vault lane)."""
    steps = vault.steps.recent(MOST, enterprise_id)
    names = _names(vault.reader, {step.enterprise_id for step in steps[:shown]} - {""})
    lines = tuple(_line(step, today, names) for step in steps[:shown])
    return lines, len(steps) - len(lines)


def _names(reader: Reader, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name or row.leader for row in reader.caseload_rows(sorted(ids))}


def _line(step: Step, today: date, names: dict[str, str]) -> ChangeLine:
    day = date_words(london_day(step.at), today)
    return ChangeLine(
        n=step.n,
        what=words_of(step),
        when=f"{day} {step.at.astimezone(LONDON):%H:%M}",
        enterprise_id=step.enterprise_id if step.enterprise_id in names else "",
        who=names.get(step.enterprise_id, ""),
        is_undone=step.is_undone,
        why_not=step.why_not,
    )
