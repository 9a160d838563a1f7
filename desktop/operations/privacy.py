"""What a person may ask of their records: an own copy, what is due to go, receipts, an export.

Plain functions for the vault lane. Erasing itself is a decision of the register (`person.erase`,
asked through desktop.operations.decisions); here is what comes before and after it. Refuses to
write a copy into a place that has one already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.operations.long_work import nobody

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from desktop.context import Session
    from desktop.operations.long_work import Tell
    from forms.values import Clock
    from storage.erasures import Receipt
    from storage.export import Exported
    from storage.retention import Due, Rule

PAGE, PRINT = "what_we_hold.html", "what_we_hold.pdf"


@dataclass(frozen=True, slots=True)
class Retention:
    """The schedule as it stands, and what is due by it on a day, longest first."""

    rules: tuple[Rule, ...]
    due: tuple[Due, ...]


def own_copy(session: Session, subject_id: str, target: Path, clock: Clock) -> Exported:
    """One person's own copy: a page to read, the same to print, exact records, files.

    `subject_id` is an enterprise or an enquiry. Raises RecordUnknown, ChangeRefused when `target`
    exists, VaultFull.
    """
    from evidence.html import render_html
    from evidence.pdf import render_pdf
    from evidence.reports import own_copy as report
    from storage.subject_access import export_subject

    vault = session.vault
    case = vault.case_of(subject_id)
    document = report.build(
        case,
        report.Request(
            about=_name(vault, subject_id),
            council=f"{session.pack.title}, {session.pack.council}",
            taken_at=clock.now(),
            names=_colleagues(vault),
            labels=_labels(session.pack),
            practice=session.practice,
        ),
    )
    pages = {PAGE: render_html(document), PRINT: render_pdf(document)}
    return export_subject(vault, subject_id, target, pages)


def everything(session: Session, target: Path, tell: Tell = nobody) -> Exported:
    """All records in open formats: a folder, or a zip when the name ends so.

    `tell` hears how far it is; what it raises ends it, and nothing is left behind.
    """
    exported: Exported = session.vault.export_to(target, tell=tell)
    return exported


def for_purpose(
    session: Session, enterprise_ids: Iterable[str], purpose: str, target: Path
) -> Exported:
    """Records of these enterprises for somebody else, for a purpose of storage.consents.

    Raises ConsentMissing naming who has not agreed; nothing is written then.
    """
    from storage.export import Selection

    chosen = Selection(enterprises=frozenset(enterprise_ids), purpose=purpose)
    exported: Exported = session.vault.export_to(target, chosen)
    return exported


def retention(session: Session, on: date) -> Retention:
    """What has been kept long enough by that day. Nothing is removed: each line is a task."""
    from storage.retention import due_list, schedule

    return Retention(schedule(), tuple(due_list(session.vault.reader, on)))


def receipts(session: Session) -> tuple[Receipt, ...]:
    """Every erasure that reached this laptop, oldest first; no names."""
    return tuple(session.vault.erasures.receipts())


def _name(vault: Any, subject_id: str) -> str:
    from forms.facts.people import Enquiry, Enterprise

    for cls in (Enterprise, Enquiry):
        found = vault.reader.get(cls, subject_id)
        if found is not None and found.name:
            return str(found.name)
    return "this person"


def _colleagues(vault: Any) -> dict[str, str]:
    from forms.facts.people import Colleague

    return {one.id: one.name for one in vault.reader.all(Colleague)}


def _labels(pack: Any) -> dict[str, dict[str, str]]:
    """Field -> code -> the programme's words."""
    return {
        "district": {one.code: one.name for one in pack.places},
        "entity_form": {one.code: one.name for one in pack.entity_forms},
        "stage": {one.code: one.label for one in pack.stages},
        "service_types": {one.code: one.label for one in pack.service_types},
        "target_groups": {one.code: one.label for one in pack.target_groups},
    }
