"""Forms of the programme: which versions there are; a workbook checked, compared and published.

The check runs beside the vault. Refuses to publish what was not shown, and says of every draft on
an older version what moving it would do, enterprise by enterprise. A checklist file of the
programme (.toml) is looked at in the same way, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import checklist_look
from desktop.operations import form_publishing as publishing
from desktop.operations.writing import Written
from desktop.presenters import words
from desktop.presenters.change_preview import (
    PerEnterprise,
    of_checklist,
    of_drafts,
    rule_lines,
    summed_up,
)
from desktop.presenters.saving import unread
from desktop.presenters.tries import Tries
from forms.engine.library import forms_of
from forms.values import Role, london_day

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.context import Context
    from desktop.operations.form_publishing import Proposal, Workbook

CHECK, PUBLISH = "check", "publish"
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
    per_enterprise: tuple[PerEnterprise, ...] = ()
    summed_up: str = ""  # "3 of 40 drafts would lose or owe something."
    can_publish: bool = False
    is_checklist: bool = False  # a look at the programme's checklist: nothing to publish


class PublishingView(Protocol):
    """What the presenter asks of the page."""

    def show_forms(self, forms: tuple[FormCardLine, ...], *, may_publish: bool) -> None:
        """Every form and version."""
        ...

    def show_unread(self, words: str) -> None:
        """Nobody could look which forms there are."""
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
        self._tries = Tries(context, view)
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
            on_failed=unread(self._context, self._view.show_unread, self.load),
        )

    def check(self, path: Path) -> None:
        """Read and check a workbook, beside the vault."""
        failed = partial(self._not_checked, path)
        for before in (CHECK, PUBLISH):  # another workbook is wanted now
            self._tries.settled(before)
        self._proposal = None
        self._view.show_workbook(None)
        self._view.show_busy(f"Checking {path.name} ...")
        if path.suffix.casefold() == ".toml":
            self._context.read(
                checklist_look.held,
                owner=self._view,
                on_done=partial(self._look_at, path),
                on_failed=failed,
            )
            return
        jobs: Any = self._context.jobs  # the network lane is known to the real Jobs alone
        jobs.run(
            lambda: publishing.read_file(path),
            owner=self._view,
            on_done=partial(self._checked, path),
            on_failed=failed,
            lane="network",
        )

    def _look_at(self, path: Path, known: tuple[checklist_look.Held, ...]) -> None:
        """The programme's checklist as another file has it: judged beside the vault."""
        jobs: Any = self._context.jobs
        pack, today = self._context.pack, self._context.today
        jobs.run(
            lambda: checklist_look.look(path, pack, known, today),
            owner=self._view,
            on_done=self._looked,
            on_failed=partial(self._not_checked, path),
            lane="network",
        )

    def _looked(self, look: checklist_look.Look) -> None:
        self._view.show_busy("")
        self._view.show_workbook(shown_checklist(look))

    def open_row(self, row_id: str, *, is_checklist: bool) -> None:
        """The enterprise that a checklist was looked at for, or the draft of a form."""
        if is_checklist:
            self._context.open_route("enterprise", id=row_id)
        else:
            self._context.open_route("form", response=row_id)

    def _checked(self, path: Path, workbook: Workbook) -> None:
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
            on_failed=partial(self._not_checked, path),
        )

    def _proposed(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._view.show_busy("")
        self._view.show_workbook(shown_of(proposal, may=self._may))

    def _not_checked(self, path: Path, error: Exception) -> None:
        self._view.show_busy("")
        again = partial(self.check, path)
        self._view.show_refusal(self._tries.failed(CHECK, error, again))

    def publish(self, *, ticked: bool) -> None:
        """Publish what was shown."""
        if self._proposal is None:
            return
        self._tries.write(
            PUBLISH,
            partial(publishing.publish, proposal=self._proposal, ticked=ticked),
            on_done=partial(self._published, self._proposal),
            says=self._view.show_refusal,
        )

    def _published(self, proposal: Proposal, written: Written[str]) -> None:
        if self._proposal is proposal:  # no other workbook was looked at since
            self._proposal = None
            self._view.show_workbook(None)
        title = proposal.form.title
        self._context.tell.say(f"{title}, version {written.result}, is published")
        self.load()

    def withdraw(self, form_id: str, version: str) -> None:
        """Offer a version no more."""
        self._tries.write(
            f"withdraw {form_id} {version}",
            partial(publishing.retire, form_id=form_id, version=version),
            on_done=self._withdrawn,
            says=self._view.show_refusal,
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
    drafts = of_drafts(proposal.drafts)
    return Shown(
        name=proposal.workbook.name,
        heading=heading,
        problems=tuple(map(str, proposal.workbook.problems)),
        changes=tuple(said),
        losses=tuple(map(str, changes.loses)) if changes is not None else (),
        per_enterprise=drafts,
        summed_up=summed_up(drafts, "draft"),
        can_publish=may and not proposal.already,
    )


def shown_checklist(look: checklist_look.Look) -> Shown:
    """The programme's checklist as another file has it, in words."""
    if not look.is_readable:
        return Shown(
            name=look.name,
            heading=f"{look.name} cannot be used as a checklist yet",
            problems=look.problems,
            is_checklist=True,
        )
    found = of_checklist(look)
    return Shown(
        name=look.name,
        heading=f"{look.name} beside the checklist in use",
        problems=(),
        changes=rule_lines(look.rules) or ("Nothing is different.",),
        per_enterprise=found,
        summed_up=summed_up(found, "enterprise"),
        is_checklist=True,
    )
