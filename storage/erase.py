"""When the register has erased a person: nothing of them stays behind in this laptop's own books.

The records come anonymised from the register; here trail, journal, settled clashes, attic and
drafts of the same enterprise lose their words too, and a stub says that it was done. Refuses to
touch work that the register does not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from forms.change import DELETED
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, Record, fields_of
from storage import clashes, drafts, erased, leave, outbox, rows, steps, summary, trail
from storage.books import Books
from storage.columns import NOT_TAKEN
from storage.database import Database
from storage.rows import Stored, as_text
from storage.story_places import OF
from storage.trail import TrailEntry

_IDS = "IN (SELECT value FROM json_each(?))"
ERASED_RESULT = "erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased, by id, and how many files lost their key for it.

    `forgot` says that words of others went which were kept long enough (`storage.forgotten`).
    """

    subjects: tuple[str, ...] = ()
    files: int = 0
    forgot: bool = False


def follow(books: Books, touched: Iterable[Stored]) -> Erased:
    """Clean the books of every enterprise or enquiry among these that the register anonymised."""
    ids = {item.enterprise_id or str(item.record.id) for item in touched} | books.cases
    if not ids:
        return Erased()
    found = erased.cases(books.db, ids)
    return Erased(tuple(found), clean(books, found)) if found else Erased()


def after_refusal(books: Books, refused: Iterable[tuple[str, str]]) -> None:
    """The register has now heard, and not taken, what was written here of somebody erased.

    `refused` are (kind, id) of records. Their words were work until the receipt came; from here on
    nobody may have them, and a private note must not come back with the value it had before.
    """
    cases = {
        item.enterprise_id or str(item.record.id)
        for kind, one in set(refused)
        for item in rows.load(books.db, KINDS[kind], [one]).values()
    }
    found = erased.cases(books.db, cases)
    if found:
        clean(books, found)


def clean(books: Books, subjects: list[str]) -> int:
    """Take their words out of everything but the records themselves; how many files went."""
    db = books.db
    _empty_removed(db, subjects)
    _empty_private(db, subjects)
    everything = of(db, subjects)
    refused, waits = _refused_when_made(db, everything)
    leave.take_out(books, refused)
    ids = as_text([item.record.id for item in everything])
    db.do(
        f"UPDATE trail SET before = '{{}}', after = '{{}}', note = '' WHERE n IN ({OF})",  # noqa: S608
        (ids,),
    )
    db.do(
        "UPDATE outbox SET fields = '{}', base = '{}', was = '{}', note = '', words = '', "  # noqa: S608
        f"result = '{ERASED_RESULT}' WHERE acked_at IS NOT NULL AND record_id {_IDS} "
        f"AND record_id NOT {_IDS}",  # theirs go with the receipt of what still waits
        (ids, as_text(sorted(waits))),
    )
    db.do(f"DELETE FROM clash WHERE settled_at IS NOT NULL AND record_id {_IDS}", (ids,))  # noqa: S608
    db.do(f"DELETE FROM attic WHERE record_id {_IDS}", (ids,))  # noqa: S608
    for table in ("form_sheet", "form_answer", "form_expiry"):
        db.do(f"DELETE FROM {table} WHERE enterprise_id {_IDS}", (as_text(subjects),))  # noqa: S608
    steps.forget(db, subjects)
    drafts.forget(db, {*subjects, *(str(item.record.id) for item in everything)})
    out = {item.record.id for item in refused}
    kept = [item for item in everything if item.record.id not in out]
    trail.write(db, [_stub(books, item) for item in kept])
    summary.refresh_search(db, kept)  # their words may be on the list of those that wait
    summary.squeeze(db)
    return _drop_keys(db, _file_names([*kept, *(replace(one, deleted=True) for one in refused)]))


def _refused_when_made(db: Database, items: list[Stored]) -> tuple[list[Stored], set[str]]:
    """Records that are here alone: the register never takes them; and which still wait for it."""
    ids = as_text([item.record.id for item in items])
    refused = {
        row[0]
        for row in db.rows(
            f"SELECT record_id FROM outbox WHERE {NOT_TAKEN} AND verb = 'new' "  # noqa: S608
            f"AND result LIKE 'refused%' AND record_id {_IDS}",
            (ids,),
        )
    }
    waits = {op.record_id for op in outbox.unsent_of(db, list(refused))} if refused else set()
    return [item for item in items if item.record.id in refused - waits], waits


def _empty_removed(db: Database, subjects: list[str]) -> None:
    """What was removed before loses every word here, whatever the register tells of it."""
    gone = [item for item in of(db, subjects) if item.deleted]
    rows.save(db, [replace(item, record=_bare(item), extra={}) for item in gone])
    clashes.empty(db, [item.record.id for item in gone])
    summary.refresh(db, gone)


def _empty_private(db: Database, subjects: list[str]) -> None:
    """The coach's private notes go here: the register tells them to nobody but who wrote them.

    So it does not tell either that it has emptied them.
    """
    noted = []
    for item in of(db, subjects):
        names = rows.names_with(item.kind.name, Policy.PRIVATE)
        said = {name: "" for name in names if getattr(item.record, name)}
        if said:
            noted.append(replace(item, record=replace(item.record, **said)))
    rows.save(db, noted)
    summary.refresh(db, noted)


def _bare(item: Stored) -> Record:
    """The record with nothing but what its kind needs, whose it is, and what its bytes are called.

    A copy that is put back finds by those names which bytes have to go.
    """
    known = {s.name for s in item.kind.specs if s.required} | {"enterprise_id", "small_sha256"}
    kept = {s.name: getattr(item.record, s.name) for s in item.kind.specs if s.name in known}
    return item.kind.cls(id=item.record.id, **kept)


def _file_names(everything: list[Stored]) -> list[str]:
    """What their removed records name: whole files, and small copies of photos."""
    gone = [i.record for i in everything if i.kind.name == "attachment" and i.deleted]
    return [name for one in gone for name in (one.sha256, one.small_sha256) if name]


def _drop_keys(db: Database, names: list[str]) -> int:
    """Forget the keys of files that only these people's removed records named."""
    return db.do(
        f"DELETE FROM stored_file WHERE sha256 {_IDS} "  # noqa: S608
        "AND sha256 NOT IN (SELECT sha256 FROM attachment WHERE deleted = 0 "
        "UNION SELECT small_sha256 FROM attachment WHERE deleted = 0)",
        (as_text(names),),
    )


def of(db: Database, subjects: list[str]) -> list[Stored]:
    """The subjects and all that hangs on them, removed ones included."""
    return [
        item
        for kind in KINDS.values()
        if not kind.local
        for item in rows.load_tied(db, kind, ("id", "enterprise_id"), subjects)
    ]


def _stub(books: Books, item: Stored) -> TrailEntry:
    """What is left of a record's story: how it is now, so that it can still be told."""
    now = rows.telling(item.kind.name, fields_of(item.record)) | {DELETED: item.deleted}
    return TrailEntry(
        at=books.at,
        by_id="register",
        verb=trail.ERASED,
        kind=item.kind.name,
        record_id=item.record.id,
        after=now,
    )
