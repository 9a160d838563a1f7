"""Forms of the programme: which versions there are; a workbook checked, compared and published.

The check runs beside the vault. Refuses to publish what was not shown, and says of every draft on
an older version what moving it would do, enterprise by enterprise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import form_publishing as publishing
from desktop.operations.writing import Written, write
from desktop.presenters import words
from desktop.presenters.saving import words_for
from forms.engine.library import forms_of
from forms.values import Role, london_day

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.context import Context
    from desktop.operations.form_publishing import Draft, Proposal, Workbook

_STATES = {"shipped": "came with the programme", "published": "published", "retired": "withdrawn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version of a form."""

    form_id: str
    version: str
    words: str  # "version 2, published 20 Nov 2026"
    can_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCardLine:
    """A form and its versions, the newest first."""

    title: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A workbook that was read: what is wrong with it, or what publishing it would do."""

    name: str
    heading: str
    problems: tuple[str, ...]  # errors first
    changes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()  # changes that leave answers in old records only
    drafts: tuple[str, ...] = ()  # "Mary's Meals: 12 kept, 1 left out"
    can_publish: bool = False


class PublishingView(Protocol):
    """What the presenter asks of the page."""

    def show_forms(self, forms: tuple[FormCardLine, ...], *, may_publish: bool) -> None:
        """Every form and version."""
        ...

    def show_busy(self, words: str) -> None:
        """A workbook is being read; "" when it is over."""
        ...

    def show_workbook(self, shown: Shown | None) -> None:
        """What was found; None takes it away."""
        ...

    def show_refusal(self, words: str) -> None:
        """It was not done, and why."""
        ...


class PublishingPresenter:
    """Reads the versions, checks a workbook, publishes it."""

    def __init__(self, context: Context, view: PublishingView) -> None:
        self._context, self._view = context, view
        self._proposal: Proposal | None = None

    @property
    def _may(self) -> bool:
        return self._context.actor.role is Role.LEAD and not self._context.session.read_only

    def load(self) -> None:
        """Read the versions again."""
        pack_id = self._context.pack.id
        self._context.read(
            lambda reader: form_lines(reader.form_versions(), pack_id, may=self._may),
            owner=self._view,
            on_done=lambda forms: self._view.show_forms(forms, may_publish=self._may),
        )

    def check(self, path: Path) -> None:
        """Read and check a workbook, beside the vault."""
        self._proposal = None
        self._view.show_workbook(None)
        self._view.show_busy(f"Checking {path.name} ...")
        jobs: Any = self._context.jobs  # the network lane is known to the real Jobs alone
        jobs.run(
            lambda: publishing.read_file(path),
            owner=self._view,
            on_done=self._checked,
            on_failed=self._failed,
            lane="network",
        )

    def _checked(self, workbook: Workbook) -> None:
        if not workbook.xform:
            self._view.show_busy("")
            self._view.show_workbook(refusal_of(workbook))
            return
        pack_id, clock = self._context.pack.id, self._context.clock
        today = london_day(clock.now())
        self._context.with_vault(
            lambda vault: publishing.propose(vault, pack_id, workbook, today, clock),
            owner=self._view,
            on_done=self._proposed,
            on_failed=self._failed,
        )

    def _proposed(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._view.show_busy("")
        self._view.show_workbook(shown_of(proposal, may=self._may))

    def _failed(self, error: Exception) -> None:
        self._view.show_busy("")
        self._view.show_refusal(words_for(error))

    def publish(self, *, ticked: bool) -> None:
        """Publish what was shown."""
        if self._proposal is None:
            return
        write(
            self._context,
            partial(publishing.publish, proposal=self._proposal, ticked=ticked),
            owner=self._view,
            on_done=self._published,
            on_failed=self._failed,
        )

    def _published(self, written: Written[str]) -> None:
        title = self._proposal.form.title if self._proposal is not None else ""
        self._proposal = None
        self._view.show_workbook(None)
        self._context.tell.say(f"{title}, version {written.result}, is published")
        self.load()

    def withdraw(self, form_id: str, version: str) -> None:
        """Offer a version no more."""
        write(
            self._context,
            partial(publishing.retire, form_id=form_id, version=version),
            owner=self._view,
            on_done=self._withdrawn,
            on_failed=self._failed,
        )

    def _withdrawn(self, _written: Written[None]) -> None:
        self._context.tell.say("The version is not offered any more. Its answers still open")
        self.load()


def form_lines(versions: list[Any], pack_id: str, *, may: bool) -> tuple[FormCardLine, ...]:
    """Every form with its versions; what the pack ships is there before anybody opened it."""
    by_form: dict[str, list[VersionLine]] = {}
    titles: dict[str, str] = {}
    for each in versions:
        titles.setdefault(each.form_id, each.title)
        by_form.setdefault(each.form_id, []).append(
            VersionLine(
                form_id=each.form_id,
                version=each.version,
                words=_version_words(each),
                can_withdraw=may and each.state == "published",
            )
        )
    for card in forms_of(pack_id):
        lines = by_form.setdefault(card.form_id, [])
        titles.setdefault(card.form_id, card.title)
        if all(line.version != card.version for line in lines):
            said = f"version {card.version}, {_STATES['shipped']}"
            lines.append(
                VersionLine(
                    form_id=card.form_id, version=card.version, words=said, can_withdraw=False
                )
            )
    return tuple(
        FormCardLine(title=titles[form_id], versions=tuple(lines))
        for form_id, lines in sorted(by_form.items(), key=lambda pair: titles[pair[0]])
    )


def _version_words(each: Any) -> str:
    said = f"version {each.version}, {_STATES[each.state]}"
    if each.published_at:
        said += f" {words.day(london_day(datetime.fromisoformat(each.published_at)))}"
    return said


def refusal_of(workbook: Workbook) -> Shown:
    """A workbook that cannot become a form yet."""
    return Shown(
        name=workbook.name,
        heading=f"{workbook.name} cannot be published yet",
        problems=tuple(map(str, workbook.problems)),
    )


def shown_of(proposal: Proposal, *, may: bool) -> Shown:
    """What publishing would do, in words."""
    form, changes = proposal.form, proposal.changes
    said: list[str] = []
    if changes is not None:
        said = [str(change) for change in changes.changes if not change.loses]
        if not changes.changes:
            said = ["Nothing changed in the questions."]
    if proposal.already:
        heading = f"{form.title}, version {form.version}, is published already"
    elif proposal.before:
        heading = f"{form.title}: version {form.version} after version {proposal.before}"
    else:
        heading = f"{form.title}, version {form.version}: a new form"
    return Shown(
        name=proposal.workbook.name,
        heading=heading,
        problems=tuple(map(str, proposal.workbook.problems)),
        changes=tuple(said),
        losses=tuple(map(str, changes.loses)) if changes is not None else (),
        drafts=tuple(map(_draft_words, proposal.drafts)),
        can_publish=may and not proposal.already,
    )


def _draft_words(draft: Draft) -> str:
    if draft.moved is None:
        return f"{draft.enterprise}: stays on its own version; it cannot be moved"
    moved = draft.moved
    counts = (
        (len(moved.kept), "kept"),
        (len(moved.dropped), "left out"),
        (len(moved.newly_required), "to be answered now"),
        (len(moved.no_longer_fits), "that would not fit any more"),
    )
    said = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing answered yet"
    return f"{draft.enterprise}: {said}"
