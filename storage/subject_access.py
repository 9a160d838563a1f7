"""Everything this laptop holds about one person, in one action, for that person to have.

Records (private notes and removed ones too), who changed them and when, files, and half-typed text.
What other laptops and the register hold is theirs to add. Refuses to mix two people's cases. A note
may name somebody else: the coach looks it through before handing it over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from forms.facts.people import Enquiry, Enterprise
from storage.atomic import write_whole
from storage.errors import RecordUnknown
from storage.export import Exported, Selection

if TYPE_CHECKING:
    from storage.vault import Vault

DRAFTS = "half_typed.json"


def export_subject(vault: Vault, subject_id: str, target: Path) -> Exported:
    """A folder about one enterprise and its enquiry, or one enquiry. Raises RecordUnknown."""
    ids = ids_of(vault, subject_id)
    done = vault.export_to(target, Selection(subject=ids))
    drafts = vault.drafts.about(ids)
    drafts |= vault.forms.half_filled(ids)
    write_whole(target / DRAFTS, json.dumps(drafts, ensure_ascii=False, indent=1).encode())
    return done


def ids_of(vault: Vault, subject_id: str) -> frozenset[str]:
    """The enterprise and the enquiry it came from, whichever of the two is named."""
    enterprise = vault.reader.get(Enterprise, subject_id)
    enquiry = vault.reader.get(Enquiry, subject_id)
    if enterprise is None and enquiry is None:
        raise RecordUnknown
    ids = {subject_id}
    if enterprise is not None:
        ids |= {one.id for one in vault.reader.all(Enquiry, enterprise_id=enterprise.id)}
        ids |= {enterprise.enquiry_id}
    if enquiry is not None:
        ids |= {enquiry.enterprise_id}
        ids |= {one.id for one in vault.reader.all(Enterprise, enquiry_id=enquiry.id)}
    return frozenset(ids - {""})
