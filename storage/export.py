"""Everything out, in open formats: CSV and JSON of each kind, the story of the records, the files.

A folder or a zip that any program can read and `storage.import_export` reads back equal. It is
readable by anybody who has it: that is its purpose, and the person is told so before. A shared
export holds only who agreed to that purpose, no private notes and no story. Refuses to write over
anything and to leave a half-written export under its final name.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from forms.change import DELETED, Json
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, Kind, Record, fields_of
from forms.values import london_day
from storage import consents, open_cells, rows, trail
from storage.atomic import make_folder, name_for_good, write_whole
from storage.database import Database
from storage.errors import ChangeRefused, FileMissing, classified
from storage.files import Files
from storage.filetypes import ENDINGS, JPEG
from storage.rows import Stored

FORMAT = 1
CONTENTS = "contents.json"
STORY = "story.json"
_RESPONSE = "form_response"
# whose a record is, and whom it is about without belonging to their case
_TIES = ("id", "enterprise_id", "subject_id", "case_id")
Add = Callable[[str, bytes], None]
Tell = Callable[[int, int], None]  # parts written, parts there are
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

    def find(self, db: Database, kind: Kind) -> list[Stored]:
        """The records of one kind that go out, ordered by id."""
        if self.subject:
            return rows.load_tied(db, kind, _TIES, self.subject)
        if self.enterprises is None:
            return rows.load_where(db, kind, {}, removed_too=True)
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
    """One export: from where, what, as of when, to where, with which pages."""

    db: Database
    files: Files
    target: Path
    now: datetime
    selection: Selection
    pages: Mapping[str, bytes]
    tell: Tell


def export(
    db: Database,
    files: Files,
    target: Path,
    now: datetime,
    selection: Selection | None = None,
    pages: Mapping[str, bytes] | None = None,
    tell: Tell | None = None,
) -> Exported:
    """Write a new folder, or a zip when the name ends so, with `pages` for people to read.

    `tell` hears how many parts are written of how many; when it raises, nothing is left behind.
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
        order = _Order(db, files, target, now, selection, pages or {}, tell or _silent)
        done = _write(order, unfinished)
        name_for_good(unfinished, target)
    except OSError as error:
        raise classified(error) from error
    finally:
        with suppress(OSError):  # on a dead disk it stays, under a name that says what it is
            _clear(unfinished)
    return done


def _write(order: _Order, path: Path) -> Exported:
    if order.target.suffix.lower() != ".zip":
        make_folder(path)
        return _fill(order, lambda name, data: _put(path, name, data))
    with path.open("xb") as out:
        path.chmod(0o600)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
            done = _fill(order, parts.writestr)
        out.flush()
        os.fsync(out.fileno())
    return done


def _fill(order: _Order, put: Add) -> Exported:
    selection, db = order.selection, order.db
    sums: dict[str, str] = {}

    def add(name: str, data: bytes) -> None:
        sums[name] = hashlib.sha256(data).hexdigest()
        put(name, data)

    for name, page in {"README.txt": _README.encode(), **order.pages}.items():
        add(name, page)
    counts: dict[str, int] = {}
    wanted: dict[str, Record] = {}
    out: list[Stored] = []
    for number, kind in enumerate(KINDS.values()):
        order.tell(number, len(KINDS))
        items = selection.find(db, kind)
        counts[kind.name] = len(items)
        out += items
        add(f"records/{kind.name}.json", _json([_told(item, selection) for item in items]))
        add(f"records/{kind.name}.csv", _table(kind, items, selection))
        if kind.name == "attachment":
            wanted = {i.record.sha256: i.record for i in items if not i.deleted}
    if not selection.is_shared:
        chosen = {item.record.id for item in out} if selection.subject else None
        told = trail.whole(db) if chosen is None else trail.of_records(db, chosen)
        add(STORY, _json([_entry(e) for e in told]))
        _forms(order.db, out, add)
    missing = tuple(_files(order, wanted, add))
    about = {
        "hedgerow_export": FORMAT,
        "taken_at": order.now.isoformat(),
        "purpose": selection.purpose,
        "counts": counts,
        "missing_files": missing,
        "sha256": sums,
    }
    put(CONTENTS, _json(about))
    return Exported(order.target, counts, len(wanted) - len(missing), missing)


def _forms(db: Database, out: Sequence[Stored], add: Add) -> None:
    """The forms that the answers in `out` were given on, as ODK's tools read them."""
    asked = {(i.record.form_id, i.record.form_version) for i in out if i.kind.name == _RESPONSE}
    for number, (form_id, version) in enumerate(sorted(asked), 1):
        found = db.row(
            "SELECT xform FROM form_definition WHERE form_id = ? AND version = ?",
            (form_id, version),
        )
        if found is not None:
            add(f"forms/{number:04d}.xml", str(found[0]).encode())


def _told(item: Stored, selection: Selection) -> dict[str, Json]:
    told: dict[str, Json] = {
        "id": item.record.id,
        "fields": selection.fields(item),
        DELETED: item.deleted,
    }
    if not selection.is_shared and not selection.subject:
        told |= {"versions": {n: list(dots) for n, dots in item.ver.items()}, "extra": item.extra}
    return told


def _table(kind: Kind, items: Sequence[Stored], selection: Selection) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(open_cells.heading(kind))
    for item in items:
        fields = selection.fields(item)
        table.writerow(open_cells.row_of(kind, item.record.id, fields, deleted=item.deleted))
    return out.getvalue().encode("utf-8-sig")


def _entry(entry: trail.TrailEntry) -> dict[str, Json]:
    return asdict(entry) | {"at": entry.at.isoformat()}


def _file(files: Files, sha256: str, mime: str, add: Add) -> bool:
    try:
        data = files.read(sha256)
    except FileMissing:
        return False  # still on another laptop; named in contents.json
    add(f"files/{sha256}{ENDINGS.get(mime, ('',))[0]}", data)
    return True


def _files(order: _Order, wanted: Mapping[str, Record], add: Add) -> Iterator[str]:
    """Write the files; the sums of those whose bytes are not here. A small copy then stands in."""
    for number, (sha, named) in enumerate(wanted.items()):
        order.tell(len(KINDS) + number, len(KINDS) + len(wanted))
        if not _file(order.files, sha, named.mime, add):
            yield sha
            if named.small_sha256:
                _file(order.files, named.small_sha256, JPEG, add)


def _silent(_done: int, _of: int) -> None:
    """Nobody listens."""


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _put(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    make_folder(path.parent)
    write_whole(path, data)


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
