"""Where every record and file is: on this laptop, in a copy, sent, accepted, or refused because.

Read from the books alone: the outbox with its receipts, the stored files, the newest good copy.
Refuses to call anything sent without a receipt, and to call a copy one that was not checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forms.change import DELETED, Verb
from forms.facts.kinds import KINDS
from storage.columns import NOT_TAKEN
from storage.database import Database
from storage.files import NOT_TAKEN_FILES, TO_SEND
from storage.meta import stamp, unstamp
from storage.rows import as_text

_IDS = "IN (SELECT value FROM json_each(?))"
FILE = "file"
_Stands = tuple["Standing", tuple[str, ...]]


class Standing(StrEnum):
    """How far the newest of a record or a file has got. One word a line; the worst counts."""

    REFUSED = "refused"  # the register has it and did not take all of it: `because` says why
    HELD = "held"  # the register has it and waits for something else before it counts
    WAITING = "waiting"  # on this laptop, not sent
    ACCEPTED = "accepted"  # sent, and it stands


class View(StrEnum):
    """Which lines to show."""

    ALL = "all"
    WAITING = "waiting"
    REFUSED = "refused"  # refused in whole or in part, or held
    NO_COPY = "no_copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One record that was written on this laptop, or one file."""

    kind: str  # a kind of record, or "file"
    record_id: str  # of the record; for a file, of the attachment that names it
    enterprise_id: str
    title: str  # "" where a kind has no words of its own
    written_at: datetime | None
    in_copy: bool  # the newest good copy has it as it is now
    sent_at: datetime | None  # of the newest receipt
    waiting: int  # changes without a receipt; for a file, 1 or 0
    standing: Standing
    because: tuple[str, ...] = ()  # the register's words, oldest first
    size: int = 0  # bytes, of a file
    small_sent_at: datetime | None = None  # of a photo: when its small copy was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCounts:
    """How many records and files there are, and how many of them are not all the way."""

    here: int  # records on this laptop, those of others too
    written: int  # records written or changed on this laptop
    waiting: int
    refused: int
    no_copy: int
    files: int
    files_waiting: int
    files_refused: int
    files_no_copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The counts, and the lines of one view, newest first."""

    counts: LedgerCounts
    lines: tuple[LedgerLine, ...]
    copied_at: datetime | None  # when the newest good copy was taken


def ledger(
    db: Database,
    copied_at: datetime | None,
    view: View | str,
    limit: int,
    known: LedgerCounts | None = None,
) -> Ledger:
    """The ledger as of the newest good copy. Raises ValueError for a view that is not there.

    `known`: the counts, where they were read just before; a limit of 0 reads them alone.
    """
    view = View(view)
    amiss = _amiss(db)
    since = stamp(copied_at) if copied_at else ""
    lines: list[LedgerLine] = []
    if limit:
        lines = [*_records(db, view, amiss, since, limit), *_files(db, view, since, limit)]
    lines.sort(key=lambda line: stamp(line.written_at) if line.written_at else "", reverse=True)
    counts = known or _counts(db, amiss, since)
    return Ledger(counts=counts, lines=tuple(lines[:limit]), copied_at=copied_at)


# What names a file: a record here, or one that went to another coach before its bytes were sent.
_NAMING = (
    "SELECT id, enterprise_id, name, sha256, small_sha256 FROM attachment WHERE deleted = 0 "
    "UNION ALL SELECT record_id, json_extract(body, '$.fields.enterprise_id'), "
    "json_extract(body, '$.fields.name'), json_extract(body, '$.fields.sha256'), "
    "json_extract(body, '$.fields.small_sha256') FROM attic WHERE kind = 'attachment' "
    "AND NOT json_extract(body, '$._deleted') AND record_id NOT IN (SELECT id FROM attachment) "
    "AND json_extract(body, '$.fields.sha256') IN "
    "(SELECT sha256 FROM stored_file WHERE sent_at IS NULL)"
)


@dataclass(frozen=True, slots=True)
class _Fault:
    """What stands against a record after its last receipts."""

    standing: Standing
    because: tuple[str, ...]


def _amiss(db: Database) -> dict[str, _Fault]:
    """Records with a field whose newest op was not taken. A later edit that was taken clears it."""
    ids = [row[0] for row in db.rows(f"SELECT DISTINCT +record_id FROM outbox WHERE {NOT_TAKEN}")]  # noqa: S608
    if not ids:
        return {}  # the usual case, and the rest would read all that was ever written here
    found = db.rows(
        "SELECT record_id, verb, fields, result, words FROM outbox "  # noqa: S608
        f"WHERE acked_at IS NOT NULL AND record_id {_IDS} ORDER BY hlc, inc, seq",
        (as_text(ids),),
    )
    said: dict[str, dict[str, tuple[str, str]]] = {}
    for record_id, verb, fields, result, words in found:
        names = [DELETED] if verb == Verb.DELETE else list(json.loads(fields))
        word, _, rest = result.partition(":")
        bad = set(names) if word in ("refused", "held") else set(rest.split(",")) & set(names)
        of_record = said.setdefault(record_id, {})
        for name in names:
            if word in ("refused", "partly", "held") and name in bad:
                of_record[name] = (word, words)
            else:
                of_record.pop(name, None)
    return {record_id: _fault(fields) for record_id, fields in said.items() if fields}


def _fault(fields: dict[str, tuple[str, str]]) -> _Fault:
    held = all(word == "held" for word, _ in fields.values())
    because = tuple(dict.fromkeys(words for _, words in fields.values() if words))
    return _Fault(Standing.HELD if held else Standing.REFUSED, because)


# Each walks an index in its order, and keeps no more than the lines asked for.
_NEWEST = {
    View.ALL: "SELECT record_id FROM outbox GROUP BY record_id ORDER BY max(at) DESC LIMIT ?",
    View.WAITING: "SELECT record_id FROM (SELECT w.record_id, (SELECT max(at) FROM outbox o "
    "WHERE o.record_id = w.record_id) AS newest FROM outbox w WHERE w.acked_at IS NULL "
    "GROUP BY w.record_id) ORDER BY newest DESC LIMIT ?",
    View.REFUSED: f"SELECT record_id FROM outbox WHERE record_id {_IDS} "  # noqa: S608
    "GROUP BY record_id ORDER BY max(at) DESC LIMIT ?",
    View.NO_COPY: "SELECT record_id FROM outbox GROUP BY record_id HAVING max(at) > ? "
    "ORDER BY max(at) DESC LIMIT ?",
}
_LINES = (
    "SELECT record_id, kind, max(at), sum(acked_at IS NULL), max(acked_at) FROM outbox "  # noqa: S608
    f"WHERE record_id {_IDS} GROUP BY record_id ORDER BY max(at) DESC"
)
_WRITTEN = (
    "SELECT count(*), coalesce(sum(written > ?), 0) FROM "
    "(SELECT max(at) AS written FROM outbox GROUP BY record_id)"
)
_WAITING = (
    "SELECT count(*) FROM (SELECT record_id FROM outbox WHERE acked_at IS NULL GROUP BY record_id)"
)


def _records(
    db: Database, view: View, amiss: dict[str, _Fault], since: str, limit: int
) -> list[LedgerLine]:
    about = {View.REFUSED: (as_text(sorted(amiss)),), View.NO_COPY: (since,)}.get(view, ())
    newest = [row[0] for row in db.rows(_NEWEST[view], (*about, limit))]
    found = db.rows(_LINES, (as_text(newest),))
    places = _places(db, [(kind, record_id) for record_id, kind, *_ in found])
    lines = []
    for record_id, kind, written, waiting, sent in found:
        fault = amiss.get(record_id)
        title, enterprise_id = places.get(record_id, ("", ""))
        lines.append(
            LedgerLine(
                kind=kind,
                record_id=record_id,
                enterprise_id=enterprise_id,
                title=title,
                written_at=unstamp(written),
                in_copy=bool(since) and written <= since,
                sent_at=unstamp(sent),
                waiting=int(waiting),
                standing=_standing(fault, int(waiting)),
                because=fault.because if fault else (),
            )
        )
    return lines


def _standing(fault: _Fault | None, waiting: int) -> Standing:
    if fault is not None and fault.standing is Standing.REFUSED:
        return Standing.REFUSED
    if waiting:
        return Standing.WAITING
    return fault.standing if fault else Standing.ACCEPTED


def _not_made(db: Database) -> dict[str, _Fault]:
    """Attachments that the register did not take when they were made: it takes no bytes for them.

    One of which it refused a later edit, or one field, is there, and its bytes go.
    """
    found = db.rows(
        f"SELECT record_id, result, words FROM outbox WHERE {NOT_TAKEN} AND verb = 'new' "  # noqa: S608
        "AND kind = 'attachment' AND result NOT LIKE 'partly%'"
    )
    return {
        record_id: _fault({"": (result.partition(":")[0], words)})
        for record_id, result, words in found
    }


def _files(db: Database, view: View, since: str, limit: int) -> list[LedgerLine]:
    not_made = _not_made(db)
    where, values = "1", []
    having = "1"
    if view is View.WAITING:
        where, having = "f.sent_at IS NULL AND r.sha256 IS NULL", "best LIKE '0%'"
    elif view is View.REFUSED:
        where, having = "f.sent_at IS NULL", "(r.words IS NOT NULL OR best LIKE '1%')"
    elif view is View.NO_COPY:
        where, values = "f.stored_at > ?", [since]
    found = db.rows(
        # the best of the records that name it: the others' columns come from the same row
        f"SELECT min((a.id {_IDS}) || a.id) AS best, a.id, a.enterprise_id, a.name, "  # noqa: S608
        "f.stored_at, f.sent_at, f.size, r.words, "
        "(SELECT s.sent_at FROM stored_file s WHERE s.sha256 = a.small_sha256) "
        f"FROM stored_file f JOIN ({_NAMING}) a ON a.sha256 = f.sha256 "
        f"LEFT JOIN file_refused r ON r.sha256 = f.sha256 WHERE {where} "
        f"GROUP BY f.sha256 HAVING {having} ORDER BY f.stored_at DESC LIMIT ?",
        (as_text(sorted(not_made)), *values, limit),
    )
    lines = []
    for _, record_id, enterprise_id, name, stored, sent, size, refused, small in found:
        stands = _standing_of_file(not_made.get(record_id), refused, sent=bool(sent))
        lines.append(
            LedgerLine(
                kind=FILE,
                record_id=record_id,
                enterprise_id=enterprise_id,
                title=name,
                written_at=unstamp(stored),
                in_copy=bool(since) and stored <= since,
                sent_at=unstamp(sent),
                waiting=0 if sent else 1,
                standing=stands[0],
                because=stands[1],
                size=size,
                small_sent_at=unstamp(small),
            )
        )
    return lines


def _standing_of_file(fault: _Fault | None, refused: str | None, *, sent: bool) -> _Stands:
    """A file that is not sent was refused, itself or with every record of it, or it waits."""
    if sent:
        return Standing.ACCEPTED, ()
    if refused:
        return Standing.REFUSED, (refused,)
    if fault is not None:
        return fault.standing, fault.because
    return Standing.WAITING, ()


def _places(db: Database, wanted: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Record id -> (title, enterprise id), as far as the record is here."""
    ids = as_text([record_id for _, record_id in wanted])
    out: dict[str, tuple[str, str]] = {}
    for name in {kind for kind, _ in wanted}:
        kind = KINDS.get(name)
        if kind is None or not kind.parent_field:
            continue
        sql = f'SELECT id, enterprise_id FROM "{name}" WHERE id {_IDS}'  # noqa: S608
        out.update((row[0], ("", row[1])) for row in db.rows(sql, (ids,)))
    sql = f"SELECT record_id, title, enterprise_id FROM find WHERE record_id {_IDS}"  # noqa: S608
    out.update((row[0], (row[1], row[2])) for row in db.rows(sql, (ids,)))
    return out


def _counts(db: Database, amiss: Iterable[str], since: str) -> LedgerCounts:
    written, no_copy = db.row(_WRITTEN, (since,))
    (waiting,) = db.row(_WAITING)
    (files_waiting,) = db.row(f"SELECT count(*) {TO_SEND}")
    (files_refused,) = db.row(f"SELECT count(*) {NOT_TAKEN_FILES}")
    files, files_no_copy = db.row(
        "SELECT count(*), coalesce(sum(stored_at > ?), 0) "  # noqa: S608
        f"FROM stored_file WHERE sha256 IN (SELECT sha256 FROM ({_NAMING}))",
        (since,),
    )
    here = sum(
        int(db.row(f'SELECT count(*) FROM "{kind.name}" WHERE deleted = 0')[0])  # noqa: S608
        for kind in KINDS.values()
        if not kind.local
    )
    return LedgerCounts(
        here=here,
        written=int(written),
        waiting=int(waiting),
        refused=len(list(amiss)),
        no_copy=int(no_copy),
        files=int(files),
        files_waiting=int(files_waiting),
        files_refused=int(files_refused),
        files_no_copy=int(files_no_copy),
    )
