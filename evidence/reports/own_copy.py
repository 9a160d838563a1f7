"""What is held about one person, for that person to read: every record, its story, files, drafts.

Made from what storage gathers for a subject access request; the same folder holds the files and the
exact records. Leaves out nothing that is kept, private notes and removed records included. Refuses
to explain a value away: an empty field is left out, never shown as a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from evidence.blocks import (
    Block,
    Bullets,
    Caveat,
    Column,
    Document,
    Heading,
    Para,
    Table,
    apart,
    long_date,
    short_date,
)
from forms.change import DELETED
from forms.facts.field import Policy
from forms.facts.kinds import KINDS
from forms.values import LONDON, london_day

if TYPE_CHECKING:
    from storage.subject_access import Held, SubjectCase
    from storage.trail import TrailEntry

# which records belong together: the exact files say it
_TIES = ("enterprise_id", "enquiry_id", "case_id", "subject_id", "small_sha256", "small_size")
_WORDS = {
    "session": "Talks, visits and notes",
    "action": "Promises",
    "qa_check": "Checks",
    "enterprise": "The enterprise",
    "enquiry": "The enquiry",
    "leader": "People who run it",
    "attachment": "Files",
    "checklist_item": "Checklist",
    "activity_return": "Activity returns",
    "form_response": "Forms filled in",
    "register_entry": "Listings",
    "seed_claim": "Seed fund claims",
    "consent": "What was agreed to",
    "stage_event": "Stages",
    "concern": "Concerns",
    "handover": "Offers of the case to another coach",
    "decision_request": "Decisions asked for",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asked, who answers.

    `names`: actor id -> the name that colleagues see. `labels`: field -> code -> its words.
    """

    about: str
    council: str
    taken_at: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    practice: bool = False


def build(case: SubjectCase, request: Request) -> Document:
    """The whole copy."""
    blocks: list[Block] = [*_first(case, request)]
    for kind in KINDS:
        held = [one for one in case.records if one.kind == kind]
        if held:
            blocks.append(Heading(1, _title(kind)))
            blocks += [
                _record(one, number if len(held) > 1 else 0, request)
                for number, one in enumerate(held, start=1)
            ]
    blocks += [*_drafts(case), *_files(case), *_story(case, request)]
    return Document(
        title="What we hold about you",
        subtitle=request.about,
        council=request.council,
        as_of=london_day(request.taken_at),
        reference="",
        provenance=f"Taken on {_moment(request.taken_at)} from one laptop of the programme.",
        published=False,
        blocks=tuple(blocks),
        mark="Practice data" if request.practice else "",
        cover=False,
    )


def _first(case: SubjectCase, request: Request) -> list[Block]:
    removed = sum(one.removed for one in case.records)
    kept = f" ({removed} of them removed and still kept)" if removed else ""
    return [
        Heading(1, f"What we hold about {request.about}"),
        Para(
            "This is everything that this laptop holds: "
            f"{_many(len(case.records), 'record')}{kept}, {_many(len(case.story), 'change')}, "
            f"{_many(len(case.files), 'file')}. The council register and other laptops may hold "
            "more; the programme's lead adds it."
        ),
        Caveat(
            "Before this is handed over",
            ("A note may name somebody else. Read it through and take out what is about them.",),
        ),
    ]


def _title(kind: str) -> str:
    return _WORDS.get(kind, f"{kind.replace('_', ' ').capitalize()} records")


def _record(held: Held, number: int, request: Request) -> Table:
    rows = []
    for spec in KINDS[held.kind].specs:
        value = getattr(held.record, spec.name)
        if value in (None, "", (), {}) or spec.name in _TIES:
            continue
        private = " (the coach's private note)" if spec.policy is Policy.PRIVATE else ""
        rows.append((_field(spec.name) + private, _worded(spec.name, value, request)))
    state = ", removed" if held.removed else ""
    return Table(
        key=f"{held.kind}-{number}",
        caption=_title(held.kind) + (f", {number}" if number else "") + state,
        columns=(Column("What", width=0.35, row_header=True), Column("What is written")),
        rows=tuple(rows),
    )


def _worded(name: str, value: object, request: Request) -> str:
    """A code in the programme's words, a colleague by name."""
    said = request.labels.get(name, {})
    if isinstance(value, tuple):
        return ", ".join(apart(said.get(str(one), str(one))) for one in value)
    if isinstance(value, str):
        return said.get(value) or (
            request.names.get(value, value) if name.endswith("_id") else value
        )
    return _shown(name, value)


def _drafts(case: SubjectCase) -> list[Block]:
    if not case.drafts:
        return []
    return [
        Heading(1, "Text half typed, not saved yet"),
        Bullets(tuple(case.drafts[key] for key in sorted(case.drafts))),
    ]


def _files(case: SubjectCase) -> list[Block]:
    absent = sum(not here for here in case.files.values())
    if not case.files:
        return []
    words = f"In the folder “files” beside this page: {_many(len(case.files) - absent, 'file')}."
    if absent:
        words += f" Not on this laptop: {_many(absent, 'file')}; the lead adds them."
    return [Heading(1, "The files themselves"), Para(words)]


def _story(case: SubjectCase, request: Request) -> list[Block]:
    rows = tuple(
        (
            _moment(entry.at),
            request.names.get(entry.by_id, entry.by_id),
            _title(entry.kind),
            _change(entry),
        )
        for entry in case.story
    )
    return [
        Heading(1, "Who changed what, and when"),
        Table(
            key="story",
            caption="Every change, oldest first",
            columns=(
                Column("When", width=0.8, row_header=True),
                Column("Who", width=0.7),
                Column("Where", width=0.8),
                Column("What", width=1.7),
            ),
            rows=rows,
        ),
    ]


def _change(entry: TrailEntry) -> str:
    parts = []
    for name, after in entry.after.items():
        if name in _TIES:
            continue
        if name == DELETED:
            parts.append("removed" if after else "kept")
        elif name in entry.before and entry.before[name] not in (None, ""):
            before, now = _quoted(name, entry.before[name]), _quoted(name, after)
            parts.append(f"{_field(name)}: {before} became {now}")
        elif after not in (None, "", [], {}):
            parts.append(f"{_field(name)}: {_quoted(name, after)}")
    words = "; ".join(parts) or entry.verb
    return f"{words}. {entry.note}" if entry.note else words


def _field(name: str) -> str:
    return name.removesuffix("_id").removesuffix("_on").replace("_", " ").capitalize()


def _quoted(name: str, value: object) -> str:
    said = _shown(name, value)
    if isinstance(value, list | tuple | dict):
        return f"“{said}”"  # each of several is apart already: apart once more would undo that
    return f"“{apart(said)}”"


def _shown(name: str, value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return _moment(value)
        case date():
            return long_date(value)
        case int() if name.endswith("pence"):
            return f"£{value // 100:,}.{value % 100:02}"
        case list() | tuple():
            return ", ".join(apart(_shown("", one)) for one in value)
        case dict():
            return "; ".join(
                f"{_field(str(key))}: {apart(_shown('', one))}" for key, one in value.items()
            )
        case None:
            return "nothing"
        case _:
            return str(value)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _moment(at: datetime) -> str:
    here = at.astimezone(LONDON)
    return f"{short_date(here.date())}, {here:%H:%M}"
