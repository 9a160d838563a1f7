"""Everything out, in open formats: CSV and JSON of each kind, the story of the records, the files.

A folder or a zip that any program can read and `storage.import_export` reads back equal. It is
readable by anybody who has it: that is its purpose, and the person is told so before. A shared
export holds only who agreed to that purpose, no private notes and no story. Refuses to write over
anything and to leave a half-written export under its final name.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import datetime
from pathlib import Path

from forms.change import DELETED, Json
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, Kind, Record, fields_of
from forms.values import london_day
from storage import consents, open_cells, rows, trail
from storage.atomic import name_for_good
from storage.database import Database
from storage.errors import ChangeRefused, FileMissing, classified
from storage.files import Files
from storage.filetypes import ENDINGS, JPEG
from storage.hearing import Tell, counted, nobody
from storage.parts_out import Parts, folder, zipped
from storage.rows import Stored
from storage.trail import TrailEntry

FORMAT = 1
CONTENTS = "contents.json"
STORY = "story.json"
_RESPONSE = "form_response"
# whose a record is, and whom it is about without belonging to their case
_TIES = ("id", "enterprise_id", "subject_id", "case_id")
_WRITTEN, _STORY_WRITTEN = "Records written", "Entries of the story written"
_README = """Records of a coaching programme, taken out of Hedgerow.

records/KIND.csv   one table for each kind of record, for a spreadsheet
records/KIND.json  the same, exact, for another program
story.json         who changed what and when, oldest first
forms/             the forms that answers were given on (ODK XForms)
files/             attached files, named by the SHA-256 of their bytes
contents.json      every file here with its SHA-256

Anybody who has this can read it. Keep it as safe as the people in it would wish.
In the tables a text that a spreadsheet would take for a formula has an apostrophe in front.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: records of each kind, files, and the files whose bytes were not here."""

    path: Path
    counts: dict[str, int]
    files: int
    missing_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records go out: all, those of some enterprises for one purpose, or one person's own.

    `subject` is for the person themselves: private notes, removed records and their story too.
    """

    enterprises: frozenset[str] | None = None
    purpose: str = ""
    subject: frozenset[str] = frozenset()

    @property
    def is_shared(self) -> bool:
        """Whether it goes to somebody else, for a purpose that was agreed to."""
        return self.enterprises is not None

    @property
    def is_everything(self) -> bool:
        """Whether all records go out."""
        return self.enterprises is None and not self.subject

    def find(self, db: Database, kind: Kind) -> Iterable[Stored]:
        """The records of one kind that go out, ordered by id."""
        if self.subject:
            return rows.load_tied(db, kind, _TIES, self.subject)
        if self.enterprises is None:
            return rows.each_where(db, kind, {}, removed_too=True)
        whose = "id" if kind.name == "enterprise" else "enterprise_id"
        tied = rows.load_tied(db, kind, (whose,), self.enterprises)
        return [item for item in tied if not item.deleted]

    def fields(self, item: Stored) -> dict[str, Json]:
        """Its fields; a coach's private notes stay unless everything goes out."""
        values = fields_of(item.record)
        if self.is_shared:
            for name in rows.names_with(item.kind.name, Policy.PRIVATE):
                values[name] = ""
        return values


@dataclass(frozen=True, slots=True)
class _Order:
    """One export: from where, what, as of when, with which pages; who hears how far it is."""

    db: Database
    files: Files
    now: datetime
    selection: Selection
    pages: Mapping[str, bytes]
    tell: Tell


@dataclass(slots=True)
class _Met:
    """What the records that were written say of the parts still to come."""

    counts: dict[str, int] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)  # of one person's; of everybody none is needed
    forms: set[tuple[str, str]] = field(default_factory=set)
    wanted: dict[str, Record] = field(default_factory=dict)  # files by their sum

    def note(self, item: Stored) -> None:
        """One more record is written."""
        self.counts[item.kind.name] += 1
        if item.kind.name == _RESPONSE:
            self.forms.add((item.record.form_id, item.record.form_version))
        elif item.kind.name == "attachment" and not item.deleted:
            self.wanted[item.record.sha256] = item.record


def export(
    db: Database,
    files: Files,
    target: Path,
    now: datetime,
    selection: Selection | None = None,
    pages: Mapping[str, bytes] | None = None,
    tell: Tell = nobody,
) -> Exported:
    """Write a new folder, or a zip when the name ends so, with `pages` for people to read.

    `tell` hears how far it is; when it raises, nothing is left behind.
    Raises ChangeRefused, ConsentMissing, VaultFull.
    """
    selection = selection or Selection()
    if selection.is_shared:
        consents.require(db, selection.enterprises or (), selection.purpose, london_day(now))
    if target.exists():
        raise ChangeRefused("There is something with this name already. Choose another name.")
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        _clear(unfinished)
        order = _Order(db, files, now, selection, pages or {}, tell)
        is_zip = target.suffix.lower() == ".zip"
        with zipped(unfinished, now) if is_zip else folder(unfinished) as parts:
            met, missing = _fill(order, parts)
        name_for_good(unfinished, target)
    except OSError as error:
        raise classified(error) from error
    finally:
        with suppress(OSError):  # on a dead disk it stays, under a name that says what it is
            _clear(unfinished)
    return Exported(target, met.counts, len(met.wanted) - len(missing), missing)


def _fill(order: _Order, parts: Parts) -> tuple[_Met, tuple[str, ...]]:
    """Write every part; what was met, and the files whose bytes are not here."""
    selection = order.selection
    for name, page in {"README.txt": _README.encode(), **order.pages}.items():
        parts.add(name, page)
    met = _Met()
    of = _number(order.db) if selection.is_everything else 0
    for kind in KINDS.values():
        _records(order, kind, parts, met, of)
    if not selection.is_shared:
        _story(order, parts, met)
        _forms(order.db, met.forms, parts)
    missing = tuple(_files(order, met.wanted, parts))
    about = {
        "hedgerow_export": FORMAT,
        "taken_at": order.now.isoformat(),
        "purpose": selection.purpose,
        "counts": met.counts,
        "missing_files": missing,
        "sha256": dict(parts.sums),
    }
    parts.add(CONTENTS, json.dumps(about, ensure_ascii=False, indent=1).encode())
    return met, missing


def _number(db: Database) -> int:
    """How many records there are, removed ones too."""
    return sum(int(db.row(f'SELECT count(*) FROM "{name}"')[0]) for name in KINDS)  # noqa: S608


def _records(order: _Order, kind: Kind, parts: Parts, met: _Met, of: int) -> None:
    """One kind, read once: exact records as they come, the table held back until they are out."""
    selection, done = order.selection, sum(met.counts.values())
    met.counts[kind.name] = 0
    held = io.BytesIO()
    cells = io.TextIOWrapper(held, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(cells)
    table.writerow(open_cells.heading(kind))

    def told() -> Generator[Json, None, None]:
        for item in counted(selection.find(order.db, kind), order.tell, _WRITTEN, of, done):
            fields = selection.fields(item)
            yield _told(item, fields, selection)
            table.writerow(open_cells.row_of(kind, item.record.id, fields, deleted=item.deleted))
            met.note(item)
            if selection.subject:
                met.ids.add(item.record.id)

    _list(parts, f"records/{kind.name}.json", told())
    parts.add(f"records/{kind.name}.csv", held.getvalue())


def _story(order: _Order, parts: Parts, met: _Met) -> None:
    if order.selection.subject:
        entries: Iterable[TrailEntry] = trail.of_records(order.db, met.ids)
        of = 0
    else:
        entries, of = trail.whole(order.db), int(order.db.row("SELECT count(*) FROM trail")[0])
    # Nothing else holds the one that counts: with the list it ends, and the question with it.
    told = (_entry(one) for one in counted(entries, order.tell, _STORY_WRITTEN, of))
    _list(parts, STORY, told)


def _list(parts: Parts, name: str, items: Generator[Json, None, None]) -> None:
    """A list in JSON, one item a line, written as it comes.

    Where it ends early the question behind it ends too: it must not outlive the vault.
    """
    with closing(items), parts.part(name) as put:
        before = b"[\n"
        for item in items:
            put(before + json.dumps(item, ensure_ascii=False).encode())
            before = b",\n"
        put(b"\n]" if before == b",\n" else b"[]")


def _forms(db: Database, asked: Collection[tuple[str, str]], parts: Parts) -> None:
    """The forms that the answers were given on, as ODK's tools read them."""
    for number, (form_id, version) in enumerate(sorted(asked), 1):
        found = db.row(
            "SELECT xform FROM form_definition WHERE form_id = ? AND version = ?",
            (form_id, version),
        )
        if found is not None:
            parts.add(f"forms/{number:04d}.xml", str(found[0]).encode())


def _told(item: Stored, fields: dict[str, Json], selection: Selection) -> dict[str, Json]:
    told: dict[str, Json] = {"id": item.record.id, "fields": fields, DELETED: item.deleted}
    if selection.is_everything:
        told |= {"versions": {n: list(dots) for n, dots in item.ver.items()}, "extra": item.extra}
    return told


def _entry(entry: TrailEntry) -> dict[str, Json]:
    named = {one.name: getattr(entry, one.name) for one in dataclass_fields(entry)}
    return named | {"at": entry.at.isoformat()}


def _files(order: _Order, wanted: Mapping[str, Record], parts: Parts) -> Iterator[str]:
    """Write the files; the sums of those whose bytes are not here. A small copy then stands in."""
    for number, (sha, named) in enumerate(wanted.items()):
        order.tell("Photos and papers written", number, len(wanted))
        if not _file(order.files, sha, named.mime, parts):
            yield sha
            if named.small_sha256:
                _file(order.files, named.small_sha256, JPEG, parts)


def _file(files: Files, sha256: str, mime: str, parts: Parts) -> bool:
    try:
        data = files.read(sha256)
    except FileMissing:
        return False  # still on another laptop; named in contents.json
    parts.add(f"files/{sha256}{ENDINGS.get(mime, ('',))[0]}", data)
    return True


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
