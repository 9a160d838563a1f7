"""The caseload as a list: ids for what is typed, then only the lines on the screen.

Ids come from a prefix index, a thousand at most; lines are fetched a page at a time. Refuses to
load everybody in order to show twenty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forms.values import london_day
from storage.database import Database
from storage.errors import VaultBug
from storage.rows import as_text

QUIET_DAYS = 30
_IS_CONTACT = """s.enterprise_id = c.enterprise_id AND s.deleted = 0
    AND s.kind IN ('visit', 'call', 'message', 'event')"""
# The day of the last contact there was by :today, '' for none. The line itself holds the latest of
# all, also of what is only planned: which of them has come is known when it is read.
CONTACT = f"""CASE WHEN c.last_contact > :today THEN coalesce((SELECT max(s."on") FROM session s
    WHERE {_IS_CONTACT} AND +s."on" <= :today), '') ELSE c.last_contact END"""  # noqa: S608
_KIND_ON = f"""(SELECT s.kind FROM session s WHERE {_IS_CONTACT} AND +s."on" = {{0}}
    ORDER BY s.at DESC, s.id DESC LIMIT 1)"""  # noqa: S608
# The day of the last contact; of somebody nobody has been in touch with since, the day they came.
_SEEN = f"""coalesce(nullif({CONTACT}, ''), (SELECT min(s."on") FROM stage_event s
    WHERE s.enterprise_id = c.enterprise_id AND s.deleted = 0), '')"""  # noqa: S608
# view -> condition on the caseload line; :quiet is the day before which contact counts as long ago
VIEWS: dict[str, str] = {
    "all": "1",
    "active": "c.stage NOT IN ('PAUSED', 'CLOSED')",
    "starting": "c.stage IN ('', 'ENQUIRY', 'FIRST_CONVERSATION', 'IDEA_CHECK')",
    "setting up": "c.stage = 'SET_UP'",
    "ready": "c.stage IN ('READY', 'LISTED')",
    "trading": "c.stage IN ('TRADING', 'SUSTAINED')",
    "stuck": "c.waiting_on <> '' AND c.stage NOT IN ('PAUSED', 'CLOSED')",
    "quiet": f"{_SEEN} < :quiet AND c.stage NOT IN ('PAUSED', 'CLOSED')",
    "paused": "c.stage = 'PAUSED'",
    "closed": "c.stage = 'CLOSED'",
}


_BY_NAME = "coalesce(nullif(c.name, ''), c.leader)"
# order -> what comes first; what is empty comes last either way
ORDERS: dict[str, str] = {
    "name": f"{_BY_NAME} COLLATE NOCASE {{way}}",
    "place": "c.place = '', c.place COLLATE NOCASE {way}",
    "stage": "c.stage = '', c.stage {way}",
    "done": "c.of = 0, CAST(c.done AS REAL) / c.of {way}",
    "next": "c.next_due = '', c.next_due {way}",
    "waiting": "c.waiting_on = '', c.waiting_on COLLATE NOCASE {way}",
    "contact": f"{CONTACT} = '', {CONTACT} {{way}}",
}


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many enterprises match, and the ids of the first ones by name."""

    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadRow:
    """One line of the caseload."""

    id: str
    name: str
    leader: str
    place: str
    district: str
    stage: str  # "" before the first stage event
    done: int
    of: int
    next_action: str
    next_due: date | None
    waiting_on: str
    last_contact: date | None  # by today
    entity_form: str
    last_kind: str = ""  # of the last contact: visit | call | message | event
    planned: date | None = None  # the next contact after today
    planned_kind: str = ""


def match_words(typed: str) -> str:
    """What is typed as a prefix query: every word must begin a word. '' when there are none."""
    return " ".join(f'"{word}"*' for word in words_of(typed))


def words_of(typed: str) -> list[str]:
    """The words in what is typed, signs left out."""
    return re.findall(r"[^\W_]+", typed.casefold())


def find(
    db: Database, typed: str, view: str, limit: int, now: datetime, order: str = "name"
) -> Caseload:
    """Ids for what is typed, in one of the orders; "-" before it turns it round."""
    if view not in VIEWS:
        raise VaultBug(f"there is no view {view!r}")
    if order.removeprefix("-") not in ORDERS:
        raise VaultBug(f"there is no order {order!r}")
    first = ORDERS[order.removeprefix("-")].format(way="DESC" if order.startswith("-") else "ASC")
    values: dict[str, object] = {"limit": limit, **_days(now)}
    match = match_words(typed)
    source = f"caseload c WHERE {VIEWS[view]}"
    if match:
        values["match"] = match
        source = (
            "caseload_words w JOIN caseload c ON c.n = w.rowid "
            f"WHERE caseload_words MATCH :match AND {VIEWS[view]}"
        )
    ids = tuple(
        row[0]
        for row in db.rows(
            f"SELECT c.enterprise_id FROM {source} "  # noqa: S608 - constants of this module
            f"ORDER BY {first}, {_BY_NAME} COLLATE NOCASE, c.enterprise_id LIMIT :limit",
            values,
        )
    )
    if len(ids) < limit:
        return Caseload(len(ids), ids)
    count = db.row(f"SELECT count(*) FROM {source}", values)[0]  # noqa: S608
    return Caseload(int(count), ids)


def seen_between(db: Database, first: date, last: date, limit: int) -> list[str]:
    """Ids of the enterprises whose last contact by `last` lies between these days, latest first."""
    return [
        row[0]
        for row in db.rows(
            f"SELECT c.enterprise_id, {CONTACT} AS seen FROM caseload c "  # noqa: S608
            "WHERE c.last_contact >= :first AND seen BETWEEN :first AND :today "
            "ORDER BY seen DESC, coalesce(nullif(c.name, ''), c.leader) COLLATE NOCASE "
            "LIMIT :limit",
            {"first": first.isoformat(), "today": last.isoformat(), "limit": limit},
        )
    ]


def counts(db: Database, now: datetime) -> dict[str, int]:
    """How many enterprises each view holds, in one pass."""
    sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in VIEWS.values())
    row = db.row(f"SELECT {sums} FROM caseload c", _days(now))  # noqa: S608
    return dict(zip(VIEWS, (int(value) for value in row), strict=True))


def lines(db: Database, ids: Iterable[str], today: date) -> list[CaseloadRow]:
    """The lines of these enterprises, in the order asked for."""
    wanted = list(ids)
    found = {
        row[0]: row for row in db.rows(_LINES, {"ids": as_text(wanted), "today": today.isoformat()})
    }
    return [_line(found[one]) for one in wanted if one in found]


# "+": by the enterprise, not by the day
_LINES = f"""
WITH l AS (SELECT c.*, {CONTACT} AS seen,
    CASE WHEN c.last_contact > :today THEN (SELECT min(s."on") FROM session s
      WHERE {_IS_CONTACT} AND +s."on" > :today) ELSE '' END AS planned
  FROM caseload c WHERE c.enterprise_id IN (SELECT value FROM json_each(:ids)))
SELECT enterprise_id, name, leader, place, district, stage, done, of, next_action, next_due,
  waiting_on, seen, entity_form, {_KIND_ON.format("c.seen")}, planned,
  {_KIND_ON.format("c.planned")} FROM l c
"""  # noqa: S608 - constants of this module


def _line(row: tuple[str, ...]) -> CaseloadRow:
    return CaseloadRow(
        id=row[0],
        name=row[1],
        leader=row[2],
        place=row[3],
        district=row[4],
        stage=row[5],
        done=int(row[6]),
        of=int(row[7]),
        next_action=row[8],
        next_due=date.fromisoformat(row[9]) if row[9] else None,
        waiting_on=row[10],
        last_contact=date.fromisoformat(row[11]) if row[11] else None,
        entity_form=row[12],
        last_kind=row[13] or "",
        planned=date.fromisoformat(row[14]) if row[14] else None,
        planned_kind=row[15] or "",
    )


def _days(now: datetime) -> dict[str, str]:
    today = london_day(now)
    return {"today": today.isoformat(), "quiet": (today - timedelta(days=QUIET_DAYS)).isoformat()}
