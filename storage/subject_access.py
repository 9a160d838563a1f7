"""Everything this laptop holds about one person, in one action, for that person to have.

Records (private notes and removed ones too), who changed them and when, files, and half-typed text.
`vault.case_of` gathers it for a page that people read (evidence.reports.own_copy); `export_subject`
writes all of it beside those pages, whole or not at all. What other laptops and the register hold
is theirs to add. Refuses to mix two people's cases. A note may name somebody else: the coach looks
it through before handing it over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from forms.facts.kinds import KINDS, Record
from forms.facts.people import Enquiry, Enterprise
from storage import trail
from storage.errors import RecordUnknown
from storage.export import Exported, Selection
from storage.trail import TrailEntry

if TYPE_CHECKING:
    from storage.database import Database
    from storage.drafts import Drafts
    from storage.files import Files
    from storage.reader import Reader
    from storage.vault import Vault

DRAFTS = "half_typed.json"


@dataclass(frozen=True, slots=True)
class Held:
    """One record about the person. `removed`: it was taken away here, and is still kept."""

    kind: str
    record: Record
    removed: bool


@dataclass(frozen=True, slots=True)
class SubjectCase:
    """All that is held about one person. `files`: sha256 -> whether its bytes are here."""

    ids: frozenset[str]
    records: tuple[Held, ...]
    story: tuple[TrailEntry, ...]
    drafts: dict[str, str]
    files: dict[str, bool]


def gather(db: Database, files: Files, drafts: Drafts, ids: frozenset[str]) -> SubjectCase:
    """What the vault holds about these ids. `vault.case_of` is the door."""
    mine = Selection(subject=ids)
    held = [
        Held(kind.name, item.record, item.deleted)
        for kind in KINDS.values()
        for item in mine.find(db, kind)
    ]
    named = {one.record.id for one in held}
    return SubjectCase(
        ids=ids,
        records=tuple(held),
        story=tuple(trail.of_records(db, named)),
        drafts=drafts.about(ids | named),
        files={
            one.record.sha256: files.has(one.record.sha256)
            for one in held
            if one.kind == "attachment" and not one.removed
        },
    )


def export_subject(
    vault: Vault, subject_id: str, target: Path, pages: Mapping[str, bytes] | None = None
) -> Exported:
    """A folder about one enterprise and its enquiry, or one enquiry, with `pages` by file name.

    Raises RecordUnknown, ChangeRefused (the name is taken), VaultFull.
    """
    case = vault.case_of(subject_id)
    drafts = json.dumps(case.drafts, ensure_ascii=False, indent=1).encode()
    more = {DRAFTS: drafts} | dict(pages or {})
    return vault.export_to(target, Selection(subject=case.ids), more)


def ids_of(reader: Reader, subject_id: str) -> frozenset[str]:
    """The enterprise and the enquiry it came from, whichever of the two is named."""
    enterprise = reader.get(Enterprise, subject_id)
    enquiry = reader.get(Enquiry, subject_id)
    if enterprise is None and enquiry is None:
        raise RecordUnknown
    ids = {subject_id}
    if enterprise is not None:
        ids |= {one.id for one in reader.all(Enquiry, enterprise_id=enterprise.id)}
        ids |= {enterprise.enquiry_id}
    if enquiry is not None:
        ids |= {enquiry.enterprise_id}
        cases = reader.all(Enterprise, enquiry_id=enquiry.id)
        ids |= {one.id for one in (*cases, *reader.removed(Enterprise, enquiry_id=enquiry.id))}
    return frozenset(ids - {""})
