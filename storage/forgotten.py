"""Words that went because they were kept long enough: they go from this laptop's story too.

The fields of a record are emptied by the register (a claim) or by a person (details of a DBS
certificate). Here trail and journal of the record lose the same fields, so that "number and date
only" is true of the whole file. Refuses to touch fields that still say something, and work that the
register does not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forms.facts.kinds import KINDS
from forms.rules.retention import CLAIM_WORDS, LINE_WORDS, OVER
from storage import outbox, rows, steps, summary
from storage.database import Database
from storage.rows import Stored, as_text
from storage.story_places import OF

DBS_WORDS = ("level", "seen_how")
_IDS = "IN (SELECT value FROM json_each(?))"
_OVER = ", ".join(f"'{state}'" for state in sorted(OVER))  # constants of forms.rules.claims
# kind -> of which of its records words go for good
_RIPE = {
    "seed_claim": f"state IN ({_OVER})",
    "claim_line": f"claim_id IN (SELECT id FROM seed_claim WHERE state IN ({_OVER}))",  # noqa: S608
    "qa_check": "kind = 'dbs'",
}
# kind -> (the fields that go for good, of which records: those named, and a claim's own costs)
_GOING = {
    "seed_claim": (CLAIM_WORDS, f"{_RIPE['seed_claim']} AND id {_IDS}"),
    "claim_line": (
        LINE_WORDS,
        f"{_RIPE['claim_line']} "  # noqa: S608 - as above
        f"AND id IN (SELECT value FROM json_each(?1) UNION SELECT id FROM claim_line "
        "WHERE claim_id IN (SELECT value FROM json_each(?1)))",
    ),
    "qa_check": (DBS_WORDS, f"{_RIPE['qa_check']} AND id {_IDS}"),
}

NAMED = ", ".join(f"'{kind}'" for kind in _GOING)  # for a statement


def _short(kind: str, names: Iterable[str]) -> str:
    places = [f"{column}, '$.{name}'" for column in ("fields", "was") for name in names]
    there = ", ".join(f"json_type({place})" for place in places)
    said = " || ".join(f"coalesce(json_extract({place}), '')" for place in places)
    return (
        f"(kind = '{kind}' AND coalesce({there}) IS NOT NULL AND {said} = '' "  # noqa: S608
        f"AND record_id NOT IN (SELECT id FROM {kind} WHERE NOT ({_RIPE[kind]})))"
    )


# Rows of the outbox that may say less here than they said to the register: of what goes for good
# they write something, and nothing of it is left. Known by their words, not by a mark, so that
# those which were shortened by an older release count too.
SHORTENED = f"({' OR '.join(_short(kind, names) for kind, (names, _) in _GOING.items())})"


def follow(db: Database, told: Iterable[tuple[str, str]]) -> bool:
    """Clean the story of those of these records, (kind, id), whose words have gone; whether any.

    The records themselves are written before, inside the same transaction.
    """
    ids = [one for kind, one in told if kind in _GOING]
    if not ids:
        return False
    gone = list(_emptied(db, as_text(ids)))
    found = [item.record.id for items, _ in gone for item in items]
    unsent = {op.record_id for op in outbox.unsent_of(db, found)} if found else set()
    cleaned = False
    for items, names in gone:
        some = [item for item in items if item.record.id not in unsent]
        if some:
            cleaned = _clean(db, some, names) or cleaned
    return cleaned


def _emptied(db: Database, wanted: str) -> Iterator[tuple[list[Stored], tuple[str, ...]]]:
    """Records in which the fields that go say nothing any more, kind by kind."""
    for kind, (names, which) in _GOING.items():
        silent = " AND ".join(f"coalesce({name}, '') = ''" for name in names)
        sql = f"SELECT id FROM {kind} WHERE {which} AND {silent}"  # noqa: S608 - constants of this module
        ids = [row[0] for row in db.rows(sql, (wanted,))]
        if ids:
            yield list(rows.load(db, KINDS[kind], ids).values()), names


def _clean(db: Database, items: list[Stored], names: tuple[str, ...]) -> bool:
    ids = [item.record.id for item in items]
    wanted = as_text(ids)
    said = " OR ".join(
        f"coalesce(json_extract({column}, '$.{name}'), '') <> ''"
        for column in ("before", "after")
        for name in names
    )
    if not db.row(f"SELECT 1 FROM trail WHERE n IN ({OF}) AND ({said})", (wanted,)):  # noqa: S608
        return False
    steps.forget(db, ids)
    db.do(
        f"UPDATE trail SET before = {_without('before', names)}, "  # noqa: S608
        f"after = {_without('after', names)} WHERE n IN ({OF})",
        (wanted,),
    )
    db.do(
        f"UPDATE outbox SET fields = {_without('fields', names)}, was = {_without('was', names)} "  # noqa: S608
        f"WHERE acked_at IS NOT NULL AND record_id {_IDS}",
        (wanted,),
    )
    db.do(
        f"DELETE FROM clash WHERE settled_at IS NOT NULL AND record_id {_IDS} "  # noqa: S608
        f"AND field {_IDS}",
        (wanted, as_text(list(names))),
    )
    summary.refresh_search(db, items)  # their words may be on the list of those that wait
    summary.squeeze(db)
    return True


def _without(column: str, names: tuple[str, ...]) -> str:
    """SQL for a JSON column whose named fields are empty; fields that are not there stay so."""
    emptied = ", ".join(f"'$.{name}', ''" for name in names)
    return f"json_replace({column}, {emptied})"
