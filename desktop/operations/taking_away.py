"""A file that should not be there is taken away, and put back: a wrong photo, the wrong person's.

The record is marked as gone and nothing names the file any more; its story stays, and so do its
bytes until the rules of retention end them. A step that only this file showed says again what was
said before it, with its day: no tick rests on a document that is not there. Refuses what somebody
else relies on: a step that was checked with it, a claim that was sent. At the table only what came
in today goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.operations.answers import item_id, set_item
from desktop.operations.errors import FileRefused, NothingWritten
from desktop.operations.writing import Writing
from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.money import ClaimLine, SeedClaim
from forms.rules.claims import EDITABLE
from storage.one_case import Seen

GONE = "This file is no longer here. Nothing was changed."
CHECKED = "This file stays: somebody checked a step with it. Ask them to look again before it goes."
SENT = "This file stays: it is part of a claim that was sent. Withdraw the claim first."
GONE_HERE = "This one is gone already."
CHECKED_HERE = "This one stays. Somebody has checked it. Your coach can help."
EARLIER = "This one stays. It was kept on an earlier day. Your coach can help."
CLAIMED = "This one stays. It is part of a claim. Your coach can help."


def take_away(writing: Writing, attachment_id: str) -> str:
    """The coach takes a file away from the record. Returns its name. Raises FileRefused."""
    found = writing.reader.get(Attachment, attachment_id)
    if found is None:
        raise FileRefused(GONE)
    items, lines = _named_by(writing.reader, found)
    if any(item.checked_by_id for item in items):
        raise FileRefused(CHECKED)
    for line in lines:
        claim = writing.reader.get(SeedClaim, line.claim_id)
        if claim is not None and claim.state not in EDITABLE:
            raise FileRefused(SENT)
    case = Seen(writing.reader, found.enterprise_id)  # it knows what a step said before its papers
    for item in items:
        writing.unit.set(ChecklistItem, item.id, **_said_without(case, item, found))
    for line in lines:
        writing.unit.set(ClaimLine, line.id, files=_without(line.files, attachment_id))
    writing.unit.remove(Attachment, attachment_id, why="taken away")
    return str(found.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAway:
    """What was taken away at the table, with what the step said before."""

    paper_id: str
    code: str
    said_by: str
    evidence_on: date | None
    said_without: str  # what it says now
    is_last: bool  # the step shows no other file of today


def take_away_here(writing: Writing, enterprise_id: str, code: str, paper_id: str) -> TakenAway:
    """Two people take back what they kept today. Raises FileRefused without the file's name."""
    reader = writing.reader
    found = reader.get(Attachment, paper_id)
    item = reader.get(ChecklistItem, item_id(enterprise_id, code))
    if found is None or item is None or paper_id not in item.files:
        raise FileRefused(GONE_HERE)
    if item.checked_by_id:
        raise FileRefused(CHECKED_HERE)
    if found.added_on != writing.today:
        raise FileRefused(EARLIER)
    if reader.is_in_a_claim(paper_id):
        raise FileRefused(CLAIMED)
    fields = _said_without(reader, item, found)
    writing.unit.remove(Attachment, paper_id, why="taken away at the table")
    set_item(writing, enterprise_id, code, **fields)
    return TakenAway(
        paper_id=paper_id,
        code=code,
        said_by=item.said_by,
        evidence_on=item.evidence_on,
        said_without=fields.get("said_by", item.said_by),
        is_last=writing.today not in _days_of(reader, fields["files"]),
    )


def put_back_here(writing: Any, enterprise_id: str, taken: TakenAway) -> str:
    """It was right after all: the paper and what the step said with it. Returns its id."""
    item = writing.reader.get(ChecklistItem, item_id(enterprise_id, taken.code))
    if item is None:
        raise NothingWritten(GONE_HERE)
    writing.unit.bring_back(Attachment, taken.paper_id, why="put back at the table")
    fields: dict[str, Any] = {"files": (*_without(item.files, taken.paper_id), taken.paper_id)}
    if item.said_by in ("", taken.said_by, taken.said_without):
        fields |= {"said_by": taken.said_by, "evidence_on": taken.evidence_on}
    set_item(writing, enterprise_id, taken.code, **fields)
    return taken.paper_id


def _said_without(reader: Any, item: ChecklistItem, file: Attachment) -> dict[str, Any]:
    """What a step shows and says without one of its files.

    "Saw it" of last month is no less true because of a wrong photo. A step with other papers goes
    back to the day of the newest of them. A document that is named by its reference is still named.
    """
    left = _without(item.files, file.id)
    fields: dict[str, Any] = {"files": left}
    if item.said_by != "document" or (item.evidence_ref and not left):
        return fields
    if not left:
        said, day = reader.said_before_papers(item.id)
        fields |= {"said_by": said, "evidence_on": date.fromisoformat(day) if day else None}
    elif item.evidence_on == file.added_on:
        fields["evidence_on"] = max(_days_of(reader, left), default=None)
    return fields


def _days_of(reader: Any, files: tuple[str, ...]) -> list[date]:
    kept = (reader.get(Attachment, each) for each in files)
    return [each.added_on for each in kept if each is not None and each.added_on is not None]


def _named_by(reader: Any, file: Attachment) -> tuple[list[ChecklistItem], list[ClaimLine]]:
    items = reader.all(ChecklistItem, enterprise_id=file.enterprise_id)
    lines = reader.all(ClaimLine, enterprise_id=file.enterprise_id)
    return (
        [each for each in items if file.id in each.files],
        [each for each in lines if file.id in each.files],
    )


def _without(files: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(each for each in files if each != one)
