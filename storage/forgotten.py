"""Words that went because they were kept long enough: they go from this laptop's story too.

The fields of a record are emptied by the register (a claim) or by a person (details of a DBS
certificate). Here trail and journal of the record lose the same fields, so that "number and date
only" is true of the whole file. Refuses to touch fields that still say something, and work that the
register does not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable

from forms.facts.listing import QACheck
from forms.facts.money import ClaimLine, SeedClaim
from forms.rules.retention import CLAIM_WORDS, LINE_WORDS, OVER
from storage import outbox, steps, summary
from storage.database import Database
from storage.rows import Stored, as_text

DBS_WORDS = ("level", "seen_how")
_IDS = "IN (SELECT value FROM json_each(?))"


def follow(db: Database, touched: Iterable[Stored]) -> None:
    """Clean the story of those among these records whose words have gone."""
    gone = [(item, names) for item in touched if (names := _emptied(db, item))]
    ids = [item.record.id for item, _ in gone]
    unsent = {op.record_id for op in outbox.unsent_of(db, ids)} if ids else set()
    by_names: dict[tuple[str, ...], list[Stored]] = {}
    for item, names in gone:
        if item.record.id not in unsent:
            by_names.setdefault(names, []).append(item)
    for names, items in by_names.items():
        _clean(db, items, names)


def _emptied(db: Database, item: Stored) -> tuple[str, ...]:
    """The fields that have gone for good; () when it is no such record, or they say something."""
    record = item.record
    names: tuple[str, ...] = ()
    if isinstance(record, SeedClaim) and record.state in OVER:
        names = CLAIM_WORDS
    elif isinstance(record, ClaimLine) and _is_over(db, record.claim_id):
        names = LINE_WORDS
    elif isinstance(record, QACheck) and record.kind == "dbs":
        names = DBS_WORDS
    return () if any(getattr(record, name) for name in names) else names


def _is_over(db: Database, claim_id: str) -> bool:
    row = db.row("SELECT state FROM seed_claim WHERE id = ?", (claim_id,))
    return row is not None and row[0] in OVER


def _clean(db: Database, items: list[Stored], names: tuple[str, ...]) -> None:
    ids = [item.record.id for item in items]
    wanted = as_text(ids)
    said = " OR ".join(
        f"coalesce(json_extract({column}, '$.{name}'), '') <> ''"
        for column in ("before", "after")
        for name in names
    )
    if not db.row(f"SELECT 1 FROM trail WHERE record_id {_IDS} AND ({said})", (wanted,)):  # noqa: S608
        return
    steps.forget(db, ids)
    db.do(
        f"UPDATE trail SET before = {_without('before', names)}, "  # noqa: S608
        f"after = {_without('after', names)} WHERE record_id {_IDS}",
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


def _without(column: str, names: tuple[str, ...]) -> str:
    """SQL for a JSON column whose named fields are empty; fields that are not there stay so."""
    emptied = ", ".join(f"'$.{name}', ''" for name in names)
    return f"json_replace({column}, {emptied})"
