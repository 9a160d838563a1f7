"""What the register does by the retention schedule without being asked: old words of DBS checks.

A person takes level and sighting off a check when the schedule says so; the bodies of the ops that
said them before lie on in the log. Once the day has come and the check says nothing any more, they
go, with an entry in the audit log that names the records. Hashes and chain stay, so the log still
adds up. Refuses a check that still says something (a person has to look at it first), one whose
day has not come, one with a thing to check, and one with an edit that nobody has looked at yet:
its words would go unread.
"""

from __future__ import annotations

from datetime import date

from forms.rules import retention
from forms.values import Clock, london_day
from sync.register import audit
from sync.register.rows import Row
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

RULE = "dbs_details"
KIND = "qa_check"
WORDS = ("level", "seen_how")


def due(tx: Tx, on: date) -> list[str]:
    """Checks whose older words go on that day and have not gone yet, by id."""
    found = [row.id for row in tx.records.of_kind(KIND) if _may_go(row, on)]
    return sorted(tx.log.with_bodies(found) - tx.untaken.not_looked_at(found)) if found else []


def run(store: RegisterStore, clock: Clock) -> int:
    """Do what is due today. How many checks lost their older words. Safe to run again."""
    now = clock.now()

    def work(tx: Tx) -> int:
        tx.take_time()
        gone = due(tx, london_day(now))
        if gone:
            tx.log.erase_bodies(gone)
            about = {"erased": gone, "rule": RULE}
            act = audit.Act(act="retention", by=audit.SYSTEM_ACTOR, about=about)
            audit.note(tx, act, now)
        return len(gone)

    return store.write(work)


def _may_go(row: Row, on: date) -> bool:
    said = [row.fields.get(name) for name in WORDS]
    seen = str(row.fields.get("seen_on") or "")
    if row.fields.get("kind") != "dbs" or any(said) or row.heads or not seen:
        return False
    return retention.rule(RULE).due_on(date.fromisoformat(seen)) <= on
