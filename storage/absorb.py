"""Taking in a page of the register's feed: field by field, never over unsent work.

A page may take several commits: what is here is then ahead of the bookmark, never behind it, and
told once more it says the same. Rows are read again inside each transaction. A field with an unsent
edit keeps what the person typed and the register's value is remembered beside it. Absence is never
removal, save for what the page names as left or for a whole snapshot. Refuses to drop what it does
not understand: that is parked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from forms.change import DELETED, Changes, Op, Page, RecordState, Verb
from forms.facts.kinds import KINDS, Kind, fields_of
from storage import arrivals, erase, forgotten, late_words, leave, outbox, rows, shadow, trail
from storage.books import Books
from storage.database import Database
from storage.errors import ValueRefused
from storage.meta import stamp
from storage.pace import Pace
from storage.rows import Dots, Stored, as_text
from storage.shadow import Shadow
from storage.trail import TrailEntry

_SLICE = 100
_IDS = "IN (SELECT value FROM json_each(?))"
_HELD = "result = 'held:unknown_record'"  # as the index outbox_held says it
Pending = dict[tuple[str, str], str]  # (record id, field) -> newest unsent dot


def absorb(
    db: Database,
    page: Page,
    at: datetime,
    on_erased: Callable[[erase.Erased], None] | None = None,
    pace: Pace | None = None,
) -> tuple[Changes, Page | None]:
    """Apply a page inside the caller's transaction, or its beginning when `pace` says so.

    The rest comes back, None for nothing. At least one record is taken in each time; what left
    goes last. `on_erased` is told what was cleaned now.
    """
    books = Books(db, at, words_later=True)
    if pace is not None:
        books.is_enough, books.most = pace.is_enough, pace.rows
    late_words.begin(db)
    books.parked_before = bool(db.rows("SELECT 1 FROM parked LIMIT 1"))
    if page.whole:  # what it does not name is known now; a record typed in between is not meant
        page = replace(page, whole=False, left=(*page.left, *_not_named(db, page)))
    told: list[tuple[str, str]] = []
    rest = _take(books, page, told)
    books.write()
    erased = erase.follow(
        books, [item for key, item in books.records.items() if key in books.touched]
    )
    forgot = forgotten.follow(db, [*told, *books.records])
    if on_erased is not None:
        on_erased(replace(erased, forgot=forgot))
    if not rest.count:
        busy = bool(page.count) and books.is_enough()
        left = page.left if busy else tuple(leave.leave(books, page.left))
        rest = replace(rest, left=left)
    if rest.count or rest.left:
        return books.changes(), rest
    leave.sweep_attic(db, at)
    return books.changes(), None


def _not_named(db: Database, page: Page) -> list[str]:
    named = {one for block in page.columns for one in block.ids}
    return leave.not_named(db, named | {state.record_id for state in page.states})


def _take(books: Books, page: Page, told: list[tuple[str, str]]) -> Page:
    """Take in as many records as there is time for; the page of the others.

    `told` gets (kind, id) of what was told in columns and taken in.
    """
    states, later = [*page.states], [*page.columns]
    begun, room = False, books.most
    while later and room > 0 and not (begun and books.is_enough()):
        block = later.pop(0)
        if len(block.ids) > room:
            later.insert(0, block.part(room))
            block = block.part(0, room)
        odd, after = arrivals.take(books, block)
        room -= len(block.ids)
        begun = begun or len(odd.ids) < len(block.ids)
        states += odd.states()
        waiting = set(after.ids)
        ids = [one for one in block.ids if one not in waiting]
        told += [(block.kind, one) for one in ids]
        _here_again(books.db, ids)
        if after.ids:
            later.insert(0, after)
    start = 0
    while start < len(states) and not (begun and books.is_enough()):
        begun = True
        _slice(books, states[start : start + _SLICE])
        start += _SLICE
    return replace(page, states=tuple(states[start:]), columns=tuple(later))


def pending_in(ops: Iterable[Op]) -> Pending:
    """Which fields have unsent edits, and the newest of each."""
    out: Pending = {}
    for op in ops:
        names = op.fields if op.verb is not Verb.DELETE else {DELETED: True}
        for name in names:
            out[op.record_id, name] = op.dot
    return out


def _slice(books: Books, states: Sequence[RecordState]) -> None:
    db = books.db
    ids = [state.record_id for state in states]
    pending = pending_in(outbox.unsent_of(db, ids))
    clashing = {
        row[0]
        for row in db.rows(
            "SELECT DISTINCT record_id FROM clash WHERE settled_at IS NULL "
            "AND record_id IN (SELECT value FROM json_each(?))",
            (as_text(ids),),
        )
    }
    by_kind: dict[str, list[RecordState]] = {}
    for state in states:
        by_kind.setdefault(state.kind, []).append(state)
    for name, some in by_kind.items():
        kind = KINDS.get(name)
        if kind is None or kind.local:
            for state in some:
                _park(db, state, "a kind this version does not know", books.at)
            continue
        held = rows.load(db, kind, [state.record_id for state in some])
        for state in some:
            known = books.records.get((name, state.record_id)) or held.get(state.record_id)
            if known is None:
                _arrive(books, kind, state)
            else:
                _meet(books, known, state, pending)
            if state.heads or state.record_id in clashing:
                _check_clashes(books, kind, state, pending)
    _here_again(db, ids)


def _here_again(db: Database, ids: Sequence[str]) -> None:
    """The register names them: they are ours after all, and what waited for them counts."""
    if db.row(f"SELECT 1 FROM outbox WHERE {_HELD} LIMIT 1"):  # noqa: S608
        db.do(
            f"UPDATE outbox SET result = 'ok', words = '' WHERE {_HELD} AND record_id {_IDS}",  # noqa: S608
            (as_text(list(ids)),),
        )
    for table in ("leaving", "held_back"):
        if db.row(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608
            db.do(f"DELETE FROM {table} WHERE record_id {_IDS}", (as_text(list(ids)),))  # noqa: S608


def _arrive(books: Books, kind: Kind, state: RecordState) -> None:
    """A record this laptop does not have."""
    known = rows.specs_of(kind.name)
    fields = {name: value for name, value in state.fields.items() if name in known}
    try:
        record = rows.checked(kind, state.record_id, fields)
    except ValueRefused as error:
        _park(books.db, state, str(error), books.at)
        return
    held = Stored(kind, record, _versions(kind, state), state.deleted, _unknown(kind, state))
    books.put(held, [*fields, *([DELETED] if state.deleted else [])])
    after = rows.telling(kind.name, fields)
    after |= {DELETED: True} if state.deleted else {}
    books.tell(_entry(books, state, {}, after))
    if books.parked_before:
        books.db.do(
            "DELETE FROM parked WHERE kind = ? AND record_id = ?", (kind.name, state.record_id)
        )


def _meet(books: Books, held: Stored, state: RecordState, pending: Pending) -> None:
    """A record this laptop has: field by field."""
    before = fields_of(held.record) | {DELETED: held.deleted}
    incoming = dict(state.fields)
    if state.deleted or held.deleted or DELETED in state.versions:
        incoming[DELETED] = state.deleted
    taken = {
        name: value
        for name, value in incoming.items()
        if name == DELETED or name in rows.specs_of(held.kind.name)
    }
    shown = {name: v for name, v in taken.items() if not _is_pending(state, name, pending)}
    for name in set(taken) - set(shown):
        _remember(books.db, state, name, taken[name])
    for name in shown:
        if (state.record_id, name) in pending:  # what was remembered before is old news now
            shadow.forget(books.db, state.kind, state.record_id, name)
    _take_all(books, held, state, shown)
    held.extra |= _unknown(held.kind, state)
    after = fields_of(held.record) | {DELETED: held.deleted}
    changed = {name: after[name] for name in after if after[name] != before[name]}
    if changed:
        was = {name: before[name] for name in changed}
        books.tell(_entry(books, state, was, changed))
    books.put(held, changed)


def _take_all(books: Books, held: Stored, state: RecordState, shown: dict[str, object]) -> None:
    """All fields at once; when one does not fit, one by one, and that one is parked."""
    plain = {name: value for name, value in shown.items() if name != DELETED}
    try:
        held.record = rows.checked(held.kind, held.record.id, fields_of(held.record) | plain)
        for name in plain:
            held.ver[name] = _dots(state, name)
    except ValueRefused as error:
        for name, value in plain.items():
            if not books.take_value(held, name, value, _dots(state, name)):
                _park(books.db, state, str(error), books.at)
    if DELETED in shown:
        held.deleted = bool(shown[DELETED])
        held.ver[DELETED] = _dots(state, DELETED)


def _is_pending(state: RecordState, name: str, pending: Pending) -> bool:
    """Whether an edit made here is newer than anything the register has seen of this field."""
    if name == DELETED and state.deleted:
        # A removal elsewhere waits for any unsent edit of the record: a person decides.
        return any(record_id == state.record_id for record_id, _ in pending)
    mine = pending.get((state.record_id, name))
    # When the register already names our newest op, only the receipt was lost.
    return mine is not None and mine not in state.versions.get(name, ())


def _remember(db: Database, state: RecordState, name: str, value: object) -> None:
    shadow.keep(
        db,
        Shadow(
            kind=state.kind,
            record_id=state.record_id,
            field=name,
            value=value,
            versions=_dots(state, name),
            heads=state.heads.get(name, ()),
            before=state.before.get(name),
        ),
    )


def _check_clashes(books: Books, kind: Kind, state: RecordState, pending: Pending) -> None:
    held = books.records.get((kind.name, state.record_id))
    if held is None:
        return
    # a removal that the register has forgotten is nothing to check any more, and it tells none
    for name in {**state.fields, **state.versions, DELETED: None}:
        if name not in rows.specs_of(kind.name) and name != DELETED:
            continue
        if _is_pending(state, name, pending):
            continue
        books.clash(
            held, name, state.heads.get(name, ()), _dots(state, name), state.before.get(name)
        )


def _versions(kind: Kind, state: RecordState) -> dict[str, Dots]:
    """Versions as a row keeps them: "*" for the one most fields share."""
    dots = {name: tuple(found) for name, found in state.versions.items()}
    names = rows.specs_of(kind.name)
    if names and names.keys() <= dots.keys():
        shared = dots[next(iter(names))]
        rest = {name: found for name, found in dots.items() if found != shared or name == DELETED}
        return {"*": shared, **rest}
    return dots


def _unknown(kind: Kind, state: RecordState) -> dict[str, object]:
    known = rows.specs_of(kind.name)
    return {name: value for name, value in state.fields.items() if name not in known}


def _dots(state: RecordState, name: str) -> Dots:
    return tuple(state.versions.get(name, ()))


def _entry(
    books: Books, state: RecordState, before: dict[str, object], after: dict[str, object]
) -> TrailEntry:
    return TrailEntry(
        at=state.last_at or books.at,
        by_id=state.last_actor_id or "register",
        verb=trail.RECEIVED,
        kind=state.kind,
        record_id=state.record_id,
        before=before,
        after=after,
    )


def _park(db: Database, state: RecordState, why: str, at: datetime) -> None:
    body = asdict(state)
    db.do(
        "INSERT OR REPLACE INTO parked(kind, record_id, state, why, at) VALUES (?,?,?,?,?)",
        (state.kind, state.record_id, _text(body), why, stamp(at)),
    )


def _text(body: dict[str, object]) -> str:
    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return stamp(value)
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return value

    return as_text(plain(body))
