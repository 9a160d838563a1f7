"""What is done at a shared screen: ticks, files, promises to take home, a signature, a page.

Every function writes through one `Writing` whose vault is narrowed to one enterprise
(`storage.one_case`). Refuses a signature that is not whole, and to change one that is there.
"""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from desktop.operations.answers import item_id, set_item
from desktop.operations.casework import add_action, add_note
from desktop.operations.errors import FileRefused, NothingWritten
from desktop.operations.files import add_bytes, read_from_disk
from desktop.operations.whole_files import can_be_opened
from desktop.operations.writing import Writing
from forms.facts.casework import Action, Attachment, ChecklistItem, Signature
from forms.rules import signatures
from forms.values import derived_id, new_id
from storage.errors import RecordExists

CALLED = "This file"  # its name could name somebody else
UNREADABLE = (
    "This one can not be opened, so it was not kept. Nothing else is lost. Take it again, or "
    "choose another."
)
PAGE_NAME = "What we did today.pdf"
PAGE_CAPTION = "The page to take home"


def answer_item(
    writing: Writing, enterprise_id: str, code: str, *, state: str, said_by: str = ""
) -> str:
    """How far one item is, and who said so; the day is kept when something was seen."""
    fields: dict[str, Any] = {"state": state}
    if state == "done":
        fields["said_by"] = said_by
        if said_by in ("saw it", "document"):
            fields["evidence_on"] = writing.today
    return set_item(writing, enterprise_id, code, **fields)


def add_evidence(
    writing: Writing, enterprise_id: str, code: str, *, path: Path, given_by: str, caption: str
) -> str:
    """Keep a photo or a file, encrypted, and name it on the item. Returns the attachment's id.

    Raises FileRefused without the file's name, also for a photo or a paper that nobody could open
    later: the person at the table can take it again now.
    """
    known = writing.reader.get(ChecklistItem, item_id(enterprise_id, code))
    held = known.files if known is not None else ()
    data, mime = read_from_disk(path, called=CALLED)
    if not can_be_opened(data, mime):
        raise FileRefused(UNREADABLE)
    added = add_bytes(
        writing, enterprise_id, data, path.name, mime, caption=caption, given_by=given_by
    )
    set_item(
        writing,
        enterprise_id,
        code,
        files=(*held, added),
        said_by="document",
        evidence_on=writing.today,
    )
    return added


def take_home(writing: Writing, enterprise_id: str, *, text: str, due_on: date) -> str:
    """Something the person does by a day; what is promised already only gets the new day."""
    open_ones = (a for a in writing.reader.all(Action) if a.done_on is None)
    known = next((a for a in open_ones if a.owner == "leader" and a.text == text), None)
    if known is not None:
        writing.unit.set(Action, known.id, due_on=due_on)
        return str(known.id)
    return add_action(writing, enterprise_id, text=text, owner="leader", due_on=due_on)


def take_back(writing: Writing, action_id: str) -> None:
    """A promise that was pressed by mistake. Raises NothingWritten when it is gone already."""
    if writing.reader.get(Action, action_id) is None:
        raise NothingWritten("This is no longer on the list.")
    writing.unit.remove(Action, action_id, why="taken back at the table")


def coach_does(writing: Writing, enterprise_id: str, *, text: str, due_on: date) -> str:
    """Something the coach does by a day."""
    return add_action(writing, enterprise_id, text=text, owner="coach", due_on=due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What somebody puts their name to, exactly as it stands on the screen."""

    about: str
    wording: str
    name: str
    way: str = "typed"  # typed | drawn
    strokes: tuple[str, ...] = ()


def sign(writing: Writing, enterprise_id: str, signing: Signing) -> str:
    """Add a signature; those before it stay. Raises NothingWritten when it is not whole."""
    signature = Signature(
        id=new_id(),
        enterprise_id=enterprise_id,
        about=signing.about,
        wording=signing.wording,
        wording_sha256=signatures.wording_hash(signing.wording),
        name=signing.name.strip(),
        way=signing.way,
        strokes=signing.strokes,
        signed_at=writing.at,
        device=f"Hedgerow on {platform.system() or 'a computer'}",
        witness_id=writing.actor.id,
    )
    missing = signatures.faults(signature)
    if missing:
        raise NothingWritten(f"Not signed yet. {' '.join(missing)}")
    writing.unit.add(signature)
    return signature.id


def send_later(
    writing: Writing,
    enterprise_id: str,
    *,
    page: bytes,
    to: str,
    visit_id: str,
    remind: bool = True,
) -> None:
    """Keep the page with the record, and put sending it on the coach's list for tomorrow.

    The same page is kept once a visit. It is no evidence, so the narrowed vault does not show what
    is kept: its id says it.
    """
    stored = writing.vault.files.store(page, name=PAGE_NAME, mime="application/pdf")
    kept = Attachment(
        id=derived_id(enterprise_id, "page", visit_id, stored.sha256),
        enterprise_id=enterprise_id,
        sha256=stored.sha256,
        size=stored.size,
        mime=stored.mime,
        name=PAGE_NAME,
        caption=PAGE_CAPTION,
        added_on=writing.today,
    )
    with suppress(RecordExists):  # pressed twice
        writing.unit.add(kept)
    if not remind:
        return  # it is on the list since an earlier page of this sitting
    due_on = writing.today + timedelta(days=1)
    coach_does(writing, enterprise_id, text=f"Send today's page to {to}", due_on=due_on)


def write_visit(
    writing: Writing,
    enterprise_id: str,
    *,
    done: tuple[str, ...],
    minutes: int,
    on: date,
    visit_id: str,
) -> None:
    """Put the sitting on the timeline: what was done, how long it took; the same visit once."""
    text = "Worked together at one screen."
    if done:
        text += "\n" + "\n".join(done)
    with suppress(RecordExists):  # a try that failed was told by another way meanwhile
        add_note(
            writing,
            enterprise_id,
            text=text,
            kind="visit",
            minutes=max(1, min(minutes, 1440)),
            on=on,
            entry_id=visit_id,
        )
