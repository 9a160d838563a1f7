"""Search words of what came from the register: indexed after it, in short steps, never forgotten.

Indexing costs more than all the rest of a pull, and nobody may wait for it before working. So a
page leaves the place in the trail up to which search knows every word, in its own transaction;
`catch_up` goes on from there a step at a time, and what it has not reached yet is read where it
lies, so search finds it all the same. A crash anywhere leaves a place that is true. Refuses to let
the words of an erased person wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forms.facts.kinds import KINDS
from storage import meta as m
from storage import rows, summary, trail
from storage.database import Database
from storage.meta import Meta
from storage.rows import Stored
from storage.search import PEOPLE, Hit, bare

STEP = 100  # records indexed in one transaction: about thirty thousandths of a second
LIVE = 2_000  # records read where they lie for one search: the newest of those that wait
_WAITING = "FROM trail WHERE n > ? AND verb = ?"


def begin(db: Database) -> None:
    """From here on words wait, inside the transaction that brings them."""
    meta = Meta(db)
    if not meta.text(m.WORDS_UP_TO):
        meta.put(m.WORDS_UP_TO, trail.newest(db))


def forget(db: Database) -> None:
    """Search knows every word there is, inside the transaction that saw to it."""
    Meta(db).drop(m.WORDS_UP_TO)


def waiting(db: Database) -> int:
    """How many changes of records search has not taken in yet."""
    place = Meta(db).text(m.WORDS_UP_TO)
    if not place:
        return 0
    return int(db.row(f"SELECT count(*) {_WAITING}", (int(place), trail.RECEIVED))[0])


def catch_up(db: Database, most: int = STEP) -> bool:
    """Index the words of the next records in one transaction. Whether more may wait."""
    place = Meta(db).text(m.WORDS_UP_TO)
    if not place:
        return False
    with db.transaction():
        found = db.rows(
            f"SELECT n, kind, record_id {_WAITING} ORDER BY n LIMIT ?",
            (int(place), trail.RECEIVED, most),
        )
        summary.refresh_search(db, _records(db, ((kind, one) for _, kind, one in found)))
        if len(found) < most:
            forget(db)
            return False
        Meta(db).put(m.WORDS_UP_TO, found[-1][0])
    return True


@dataclass(frozen=True, slots=True)
class Late:
    """What a search found among records that wait, and which records those are."""

    hits: tuple[Hit, ...] = ()
    ids: frozenset[str] = frozenset()


def look(db: Database, words: Sequence[str]) -> Late:
    """Records that wait and hold every word, people first. An index may hold old words of them."""
    place = Meta(db).text(m.WORDS_UP_TO)
    if not place or not words:
        return Late()
    found = db.rows(
        f"SELECT DISTINCT kind, record_id FROM (SELECT kind, record_id {_WAITING} "  # noqa: S608
        "ORDER BY n DESC LIMIT ?)",
        (int(place), trail.RECEIVED, LIVE),
    )
    wanted = [bare(word) for word in words]
    hits = []
    for item in _records(db, found):
        title, text = summary.found_by(item)
        if not item.deleted and _holds(bare(text).casefold(), wanted):
            hits.append(
                Hit(
                    kind=item.kind.name,
                    record_id=item.record.id,
                    enterprise_id=item.enterprise_id,
                    title=title,
                )
            )
    hits.sort(key=lambda hit: hit.kind not in PEOPLE)
    return Late(tuple(hits), frozenset(one for _, one in found))


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _records(db: Database, found: Iterable[tuple[str, str]]) -> list[Stored]:
    by_kind: dict[str, list[str]] = {}
    for kind, record_id in found:
        if kind in summary.SEARCHED:
            by_kind.setdefault(kind, []).append(record_id)
    return [
        item for kind, ids in by_kind.items() for item in rows.load(db, KINDS[kind], ids).values()
    ]
