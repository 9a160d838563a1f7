"""Publishing a form: checked in the worker process, compared with the version before, then kept.

It is a record too, so that every other laptop of the programme gets it (`form_arrivals`).

Refuses a workbook with an error, other words under a version that is taken, and changes that leave
answers in old records only unless a person ticked that they know. Moves no draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from desktop.operations.errors import NothingWritten
from desktop.operations.form_arrivals import keep_shipped
from desktop.operations.form_filling import on_version
from desktop.operations.writing import Writing
from forms.engine.compile import check_workbook
from forms.engine.diff import FormDiff, diff
from forms.engine.library import load_form
from forms.engine.markup import safe_parser
from forms.engine.migrate import Migration, migrated
from forms.engine.problems import FormRefused
from forms.engine.versions import fingerprint, next_version, packed
from forms.engine.xform_reader import read_form
from forms.facts.casework import FormResponse
from forms.facts.people import Enterprise
from forms.facts.published import PublishedForm
from forms.values import Role, new_id

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from forms.engine.model import FormDef
    from forms.engine.problems import Problem
    from forms.values import Clock

LIMIT = 20 * 1024 * 1024
_XF = "{http://www.w3.org/2002/xforms}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A workbook that was read and checked."""

    name: str
    data: bytes
    problems: tuple[Problem, ...]
    xform: str = ""  # "" while a problem keeps it from being a form
    compiler: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What moving one enterprise's draft would do, if somebody wants to later."""

    response_id: str
    enterprise: str
    moved: Migration | None  # None: its answers cannot be read on the new version


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A form as it would be published, beside the version before."""

    form: FormDef
    xform: str
    workbook: Workbook
    before: str  # the version before, "" when this is the first
    changes: FormDiff | None
    already: bool  # this very version is here
    pack_id: str
    drafts: tuple[Draft, ...] = ()

    @property
    def needs_tick(self) -> bool:
        """Whether answers given before would stay in old records only."""
        return self.changes is not None and bool(self.changes.loses)


def read_file(path: Path) -> Workbook:
    """Read and check a workbook; runs in a lane of its own, the worker may take a minute."""
    try:
        if path.stat().st_size > LIMIT:
            raise NothingWritten(f"{path.name} is larger than 20 MB. Nothing was read.")
        data = path.read_bytes()
    except OSError as error:
        raise NothingWritten(
            f"{path.name} cannot be read. Check that it is still there and not open elsewhere."
        ) from error
    checked = check_workbook(data, path.name)
    made = checked.compiled
    return Workbook(
        name=path.name,
        data=data,
        problems=checked.problems,
        xform="" if made is None else made.xform,
        compiler="" if made is None else made.pyxform_version,
    )


def propose(vault: Any, pack_id: str, workbook: Workbook, today: date, clock: Clock) -> Proposal:
    """The form of a workbook beside the version before it, with what it would do to drafts."""
    form = read_form(workbook.xform)
    known = vault.forms.versions(form.form_id)
    taken = {each.version: each.fingerprint for each in known}
    xform = workbook.xform
    if not form.version:
        xform = with_version(xform, next_version(today, taken))
        form = read_form(xform)
    before = _before(vault, pack_id, form.form_id, known)
    changes = diff(before, form) if before is not None else None
    return Proposal(
        form=form,
        xform=xform,
        workbook=workbook,
        before="" if before is None else before.version,
        changes=changes,
        already=taken.get(form.version) == fingerprint(xform),
        pack_id=pack_id,
        drafts=_drafts(vault, pack_id, form, clock),
    )


def _before(vault: Any, pack_id: str, form_id: str, known: list[Any]) -> FormDef | None:
    newest = vault.forms.newest(form_id)
    if newest is not None:
        return read_form(vault.forms.xform(form_id, newest.version))
    if known:
        return read_form(vault.forms.xform(form_id, known[0].version))
    try:
        return load_form(pack_id, form_id)
    except FormRefused:
        return None  # the first of its name


def _drafts(vault: Any, pack_id: str, form: FormDef, clock: Clock) -> tuple[Draft, ...]:
    """Each enterprise's draft on an older version, and what moving it would do."""
    found: list[Draft] = []
    reader = vault.reader
    for response in reader.all(FormResponse, form_id=form.form_id, state="draft"):
        if response.form_version == form.version:
            continue
        enterprise = reader.get(Enterprise, response.enterprise_id)
        sheet = vault.forms.sheet(response.id)
        text = response.instance_xml if sheet is None else sheet.instance_xml
        moved: Migration | None
        try:
            old = on_version(vault, pack_id, form.form_id, response.form_version)
            moved = migrated(old, text, form, clock=clock)
        except FormRefused:
            moved = None
        name = "No enterprise" if enterprise is None else enterprise.name
        found.append(Draft(response_id=response.id, enterprise=name, moved=moved))
    return tuple(sorted(found, key=lambda each: each.enterprise))


def with_version(xform: str, version: str) -> str:
    """The XForm with a version written on its primary instance."""
    html = etree.fromstring(xform.encode(), safe_parser())
    instance = html.find(f".//{_XF}model/{_XF}instance")
    if instance is not None and len(instance):
        instance[0].set("version", version)
    return etree.tostring(html, encoding="unicode")


def publish(writing: Writing, proposal: Proposal, *, ticked: bool) -> str:
    """Keep the version for ever and offer it from now on. Returns the version."""
    from storage.forms import Definition

    if writing.actor.role is not Role.LEAD:
        raise NothingWritten("Only a project lead publishes forms. Nothing was published.")
    if proposal.needs_tick and not ticked:
        raise NothingWritten(
            "Nothing was published: tick first that you know which answers stay in old records."
        )
    form = proposal.form
    travels = packed(proposal.xform)
    keep_shipped(writing.vault, proposal.pack_id, form.form_id)
    writing.vault.forms.keep(
        Definition(
            form_id=form.form_id,
            version=form.version,
            title=form.title or form.form_id,
            state="published",
            xform=proposal.xform,
            fingerprint=fingerprint(proposal.xform),
            source=proposal.workbook.data,
            source_name=proposal.workbook.name,
            compiler=proposal.workbook.compiler,
            by_id=writing.actor.id,
        )
    )
    writing.unit.add(
        PublishedForm(
            id=new_id(),
            form_id=form.form_id,
            version=form.version,
            xform=travels,
            fingerprint=fingerprint(proposal.xform),
            title=form.title or form.form_id,
            compiler=proposal.workbook.compiler,
            published_at=writing.at,
            by_id=writing.actor.id,
        )
    )
    return form.version


def retire(writing: Writing, form_id: str, version: str) -> None:
    """Offer a version no more; what was answered on it goes on opening on it."""
    if writing.actor.role is not Role.LEAD:
        raise NothingWritten("Only a project lead withdraws forms. Nothing was changed.")
    for record in writing.reader.all(PublishedForm, form_id=form_id, version=version):
        writing.unit.set(PublishedForm, record.id, state="retired")
    writing.vault.forms.retire(form_id, version)
