"""Filling in a form: on which version it opens, each answer on disk at once, finish, change, move.

An answer is a row of this laptop's log and the sheet as it then stands; the record that travels is
written when the form is begun, put down and finished, so that a hundred answers are not a hundred
changes to send. Refuses to change a finished form in place: that is a new revision with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from desktop.operations.answers import record_from_form
from desktop.operations.errors import NothingWritten
from desktop.operations.form_arrivals import keep_shipped
from desktop.operations.writing import Writing
from forms.engine.library import load_form
from forms.engine.migrate import Migration, migrated
from forms.engine.problems import FormRefused, refused
from forms.engine.xform_reader import read_form
from forms.facts.casework import FormResponse
from forms.values import new_id

if TYPE_CHECKING:
    from forms.engine.checklist_view import Expiry
    from forms.engine.model import FormDef
    from forms.values import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which form somebody wants to fill in, for whom; or which kept answers."""

    pack_id: str
    form_id: str = ""
    enterprise_id: str = ""
    response_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A form with the answers there are, on the version they were given on."""

    form: FormDef
    response: FormResponse | None = None
    instance_xml: str = ""  # as it stands on this laptop; "" for a fresh one
    newer: str = ""  # the version that is offered now, when it is another one
    earlier: tuple[FormResponse, ...] = ()  # the revisions before this one, newest first
    device_id: str = ""  # this laptop as its register knows it; "" before it has joined one


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it stands after an answer."""

    response_id: str
    form_id: str
    form_version: str
    enterprise_id: str
    instance_xml: str
    reason: str = ""
    supersedes: str = ""
    ends: tuple[Expiry, ...] = ()  # of a checklist form: what runs out when


FAULT = "(fault) "  # how a line of the log begins that is no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer, as the log keeps it."""

    ref: str
    before: str
    after: str


# -- which version ------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _read(xform: str) -> FormDef:
    return read_form(xform)


def offered(vault: Any, pack_id: str, form_id: str) -> FormDef:
    """The version that a fresh form opens on: what was published or shipped last.

    What the pack ships is kept in the vault the first time, so that its answers open for ever.
    Raises FormRefused.
    """
    newest = _keep_shipped(vault, pack_id, form_id)
    if newest is None:
        return load_form(pack_id, form_id)
    return _read(vault.forms.xform(form_id, newest.version))


def _keep_shipped(vault: Any, pack_id: str, form_id: str) -> Any:
    """Keep what the pack ships; the version that is offered, None when nothing can be kept."""
    known = vault.forms.versions(form_id)
    try:
        shipped = load_form(pack_id, form_id)
    except FormRefused:
        if not any(each.state == "published" for each in known):
            raise
        shipped = None
    if shipped is not None and all(each.version != shipped.version for each in known):
        if vault.is_read_only:
            return None
        keep_shipped(vault, pack_id, form_id)
    return vault.forms.newest(form_id)


def on_version(vault: Any, pack_id: str, form_id: str, version: str) -> FormDef:
    """The very version that answers were given on. Raises FormRefused when it is not here."""
    xform = vault.forms.xform(form_id, version)
    if xform:
        return _read(xform)
    try:
        shipped = load_form(pack_id, form_id)
    except FormRefused:
        shipped = None
    if shipped is None or shipped.version != version:
        raise refused(
            "version-not-here",
            f"These answers were given on version {version or '(none)'} of the form, "
            "which is not on this laptop. The answers are kept as they are.",
            "Ask whoever published the form for its workbook, and publish it here too.",
        )
    return shipped


def _device_id(vault: Any) -> str:
    """The laptop's id, for a form that asks for it; a shared screen and practice know none."""
    is_practice = getattr(vault, "is_practice", False)
    exchange = None if is_practice else getattr(vault, "exchange", None)
    identity = None if exchange is None else exchange.identity()
    return "" if identity is None else str(identity.device_id)


def open_form(vault: Any, asking: Asking) -> Opened:
    """The draft there is, the kept answers that are named, or a fresh form."""
    kept = _kept(vault.reader, asking)
    form_id = kept.form_id if kept is not None else asking.form_id
    if kept is None:
        form = offered(vault, asking.pack_id, form_id)
        return Opened(form=form, device_id=_device_id(vault))
    newer = ""
    if kept.state == "draft":
        try:
            newest = _keep_shipped(vault, asking.pack_id, form_id)
        except FormRefused:
            newest = None  # offered no more; what was begun can still be finished
        if newest is not None and newest.version != kept.form_version:
            newer = newest.version
    form = on_version(vault, asking.pack_id, form_id, kept.form_version)
    sheet = vault.forms.sheet(kept.id) if kept.state == "draft" else None
    return Opened(
        form=form,
        response=kept,
        instance_xml=sheet.instance_xml if sheet is not None else kept.instance_xml,
        newer=newer,
        earlier=tuple(_before(vault.reader, kept)),
    )


def _kept(reader: Any, asking: Asking) -> FormResponse | None:
    if asking.response_id:
        named: FormResponse | None = reader.get(FormResponse, asking.response_id)
        if named is None:
            raise NothingWritten("This form is not on this laptop.")
        return named
    drafts = reader.all(
        FormResponse, form_id=asking.form_id, enterprise_id=asking.enterprise_id, state="draft"
    )
    return drafts[-1] if drafts else None


def _before(reader: Any, response: FormResponse) -> Iterable[FormResponse]:
    seen = {response.id}
    while response.supersedes and response.supersedes not in seen:
        seen.add(response.supersedes)
        earlier = reader.get(FormResponse, response.supersedes)
        if earlier is None:
            return
        response = earlier
        yield response


# -- answers ------------------------------------------------------------------------------------


def keep_answers(writing: Writing, filled: Filled, said: tuple[Said, ...]) -> str:
    """Answers in the log and the sheet as it stands, in one commit; the record when it is new."""
    from storage.forms import Answered, Sheet

    _begin(writing, filled)
    sheet = Sheet(
        response_id=filled.response_id,
        enterprise_id=filled.enterprise_id,
        instance_xml=filled.instance_xml,
        by_id=writing.actor.id,
    )
    log = [Answered(ref=each.ref, before=each.before, after=each.after) for each in said]
    writing.vault.forms.answer(sheet, log)
    _note_endings(writing, filled)
    return filled.response_id


def _begin(writing: Writing, filled: Filled) -> FormResponse:
    known: FormResponse | None = writing.reader.get(FormResponse, filled.response_id)
    if known is not None:
        if known.state != "draft":
            raise NothingWritten("This form is finished. Change it as a new revision.")
        return known
    made = FormResponse(
        id=filled.response_id,
        form_id=filled.form_id,
        form_version=filled.form_version,
        enterprise_id=filled.enterprise_id,
        state="draft",
        supersedes=filled.supersedes,
        instance_xml=filled.instance_xml,
        opened_at=writing.at,
        by_id=writing.actor.id,
        reason=filled.reason,
    )
    writing.unit.add(made)
    return made


def _note_endings(writing: Writing, filled: Filled) -> None:
    from storage.forms import Ending

    ends = [
        Ending(code=one.code, label=one.label, expires_on=one.expires_on, warn_on=one.warn_on)
        for one in filled.ends
    ]
    writing.vault.forms.note_endings(filled.response_id, filled.enterprise_id, ends)


def put_down(writing: Writing, response_id: str) -> bool:
    """The form was left: its record gets what the sheet of this laptop says; whether it did."""
    sheet = writing.vault.forms.sheet(response_id)
    if sheet is None:
        return False
    record: FormResponse | None = writing.reader.get(FormResponse, response_id)
    changed = record is not None and record.state == "draft"
    if record is not None and changed and record.instance_xml != sheet.instance_xml:
        writing.unit.set(FormResponse, response_id, instance_xml=sheet.instance_xml)
    writing.vault.forms.put_down(response_id)
    return changed


def put_all_down(writing: Writing) -> int:
    """After a crash or a power cut: every record gets its last answers. How many there were."""
    return sum(put_down(writing, one) for one in writing.vault.forms.open_sheets())


def finish(writing: Writing, filled: Filled, answers: dict[str, object]) -> str:
    """Finish a form; an earlier revision stays readable and counts no more.

    A finished form that tells a record (an activity return) also writes that record, once.
    """
    known = _begin(writing, filled)
    if not known.supersedes:
        record = record_from_form(filled.form_id, filled.enterprise_id, answers)
        if record is not None:
            writing.unit.add(record)
    writing.unit.set(
        FormResponse,
        filled.response_id,
        state="final",
        instance_xml=filled.instance_xml,
        finalised_at=writing.at,
    )
    if known.supersedes and writing.reader.get(FormResponse, known.supersedes) is not None:
        writing.unit.set(FormResponse, known.supersedes, state="superseded")
        writing.vault.forms.note_endings(known.supersedes, filled.enterprise_id, ())
    _note_endings(writing, filled)
    writing.vault.forms.put_down(filled.response_id)
    return filled.response_id


def revised(response: FormResponse, instance_xml: str, reason: str) -> Filled:
    """A finished form to be changed: a new revision on the same version. Refuses without reason."""
    if response.state != "final":
        raise NothingWritten("Only a finished form is changed as a new revision.")
    if not reason.strip():
        raise NothingWritten("Nothing was changed: write first why the answers are changed.")
    return Filled(
        response_id=new_id(),
        form_id=response.form_id,
        form_version=response.form_version,
        enterprise_id=response.enterprise_id,
        instance_xml=instance_xml,
        reason=reason.strip(),
        supersedes=response.id,
    )


# -- another version ----------------------------------------------------------------------------


def preview_move(vault: Any, pack_id: str, opened: Opened, clock: Clock) -> Migration:
    """What moving a draft to the version offered now would keep, drop and ask. Changes nothing."""
    newer = offered(vault, pack_id, opened.form.form_id)
    return migrated(opened.form, opened.instance_xml, newer, clock=clock)


def move_draft(writing: Writing, response_id: str, moved: Migration, before: str) -> str:
    """Move a draft after somebody agreed; the answers that are dropped stay in the log."""
    from storage.forms import Answered, Sheet

    record: FormResponse | None = writing.reader.get(FormResponse, response_id)
    if record is None or record.state != "draft":
        raise NothingWritten("Only a draft is moved. Nothing was changed.")
    if not writing.vault.forms.xform(record.form_id, moved.version):
        raise NothingWritten("The newer version is not on this laptop. Nothing was changed.")
    log = [Answered(ref="", before=before, after=f"moved to version {moved.version}")]
    log += [Answered(ref=line.ref, before=line.value, after="") for line in moved.dropped]
    sheet = Sheet(
        response_id=response_id,
        enterprise_id=record.enterprise_id,
        instance_xml=moved.xml,
        by_id=writing.actor.id,
    )
    writing.vault.forms.answer(sheet, log)
    writing.unit.set(FormResponse, response_id, form_version=moved.version, instance_xml=moved.xml)
    writing.vault.forms.put_down(response_id)
    return response_id
