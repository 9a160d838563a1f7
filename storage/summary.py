"""What lists and the search box read, kept in step with the records in the same transaction.

One caseload line an enterprise (stage, progress, next action, who is waited on) and one search row
a record that has words. Derived: `rebuild` makes both again from the records alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forms.facts.kinds import KINDS
from storage import meta as m
from storage.database import Database
from storage.meta import Meta
from storage.rows import Stored, as_text, load_where
from storage.search import PEOPLE, terms_of

FEEDS_CASELOAD = frozenset(
    {"enterprise", "leader", "stage_event", "checklist_item", "action", "session"}
)
# kind -> (field for the title, fields whose words are found)
SEARCHED: dict[str, tuple[str, tuple[str, ...]]] = {
    "enterprise": ("name", ("name", "place", "district", "phone", "email")),
    "leader": ("name", ("name", "phone", "email", "private_note")),
    "enquiry": ("name", ("name", "phone", "email", "idea", "district")),
    "session": ("note", ("note", "private_note")),
    "action": ("text", ("text", "waiting_on")),
    "checklist_item": ("code", ("note", "reason", "evidence_ref")),
    "attachment": ("name", ("name", "caption")),
    "seed_claim": ("barrier", ("barrier", "applicant")),
    "claim_line": ("what", ("what", "supplier", "invoice_no")),
    "register_entry": ("trading_name", ("trading_name", "words", "contact")),
}
INDEXES = ("find_people", "find_people_parts", "find_notes", "find_notes_parts", "caseload_words")
_DIGITS_OF = "replace(replace(replace(replace(replace({0},' ',''),'-',''),'(',''),')',''),'+','')"
# As it was typed, and as digits in a row the way they are dialled here.
_PHONE_OF = "{0} || ' ' || " + _DIGITS_OF.replace("{0}", "replace({0},'+44','0')")
_CHUNK = 500

_CASELOAD = f"""
INSERT INTO caseload(enterprise_id, name, leader, place, district, entity_form, stage, done, of,
                     next_action, next_due, waiting_on, last_contact, words)
SELECT id, name, leader, place, district, entity_form, stage, done, of, next_action, next_due,
       waiting_on, last_contact,
       name || ' ' || leader || ' ' || place || ' ' || district || ' ' || entity_form || ' '
       || replace(stage, '_', ' ') || ' ' || phones
FROM (
  SELECT e.id, e.name, e.place, e.district, e.entity_form,
    coalesce((SELECT group_concat(name, ', ') FROM
      (SELECT name FROM leader WHERE enterprise_id = e.id AND deleted = 0 AND name <> ''
       ORDER BY id)), '') AS leader,
    coalesce((SELECT stage FROM stage_event WHERE enterprise_id = e.id AND deleted = 0
      ORDER BY "on" DESC, id DESC LIMIT 1), '') AS stage,
    (SELECT count(*) FROM checklist_item WHERE enterprise_id = e.id AND deleted = 0
      AND state IN ('done', 'waived')) AS done,
    (SELECT count(*) FROM checklist_item WHERE enterprise_id = e.id AND deleted = 0
      AND state <> 'not needed') AS of,
    coalesce((SELECT text FROM action WHERE enterprise_id = e.id AND deleted = 0
      AND done_on IS NULL AND owner = 'coach' ORDER BY due_on IS NULL, due_on, id LIMIT 1), '')
      AS next_action,
    coalesce((SELECT due_on FROM action WHERE enterprise_id = e.id AND deleted = 0
      AND done_on IS NULL AND owner = 'coach' ORDER BY due_on IS NULL, due_on, id LIMIT 1), '')
      AS next_due,
    coalesce((SELECT coalesce(nullif(waiting_on, ''), owner) FROM action
      WHERE enterprise_id = e.id AND deleted = 0 AND done_on IS NULL AND owner <> 'coach'
      ORDER BY due_on IS NULL, due_on, id LIMIT 1), '') AS waiting_on,
    coalesce((SELECT max("on") FROM session WHERE enterprise_id = e.id AND deleted = 0
      AND kind IN ('visit', 'call', 'message', 'event')), '') AS last_contact,
    {_PHONE_OF.format("e.phone")} || ' ' || coalesce((SELECT group_concat(
      {_PHONE_OF.format("phone")}, ' ') FROM leader
      WHERE enterprise_id = e.id AND deleted = 0), '') AS phones
  FROM enterprise e WHERE e.deleted = 0 AND e.id IN (SELECT value FROM json_each(?))
)
WHERE true
ON CONFLICT(enterprise_id) DO UPDATE SET
  name = excluded.name, leader = excluded.leader, place = excluded.place,
  district = excluded.district, entity_form = excluded.entity_form, stage = excluded.stage,
  done = excluded.done, of = excluded.of, next_action = excluded.next_action,
  next_due = excluded.next_due, waiting_on = excluded.waiting_on,
  last_contact = excluded.last_contact, words = excluded.words
"""  # noqa: S608 - constants only
_GONE = """
DELETE FROM caseload WHERE enterprise_id IN (SELECT value FROM json_each(?))
AND NOT EXISTS (SELECT 1 FROM enterprise e WHERE e.id = caseload.enterprise_id AND e.deleted = 0)
"""


def refresh(db: Database, records: Sequence[Stored]) -> None:
    """Bring lists and search in step with records just written."""
    refresh_search(db, records)
    refresh_caseload(db, cases_of(records))


def cases_of(records: Iterable[Stored]) -> set[str]:
    """The enterprises whose line of the caseload these records feed."""
    return {item.enterprise_id for item in records if item.kind.name in FEEDS_CASELOAD}


def refresh_caseload(db: Database, enterprise_ids: Iterable[str]) -> None:
    """Make the lines of these enterprises anew."""
    ids = sorted(enterprise_ids - {""} if isinstance(enterprise_ids, set) else enterprise_ids)
    for start in range(0, len(ids), _CHUNK):
        chunk = as_text(ids[start : start + _CHUNK])
        if db.do(_CASELOAD, (chunk,)) < len(ids[start : start + _CHUNK]):
            db.do(_GONE, (chunk,))  # a line was made for fewer than were asked: some are removed


def refresh_search(db: Database, records: Iterable[Stored]) -> None:
    """Make the search rows of these records anew."""
    rows, gone = [], []
    for item in records:
        if item.kind.name not in SEARCHED:
            continue
        title, words = found_by(item)
        if item.deleted or not words:
            gone.append((item.record.id,))
        else:
            both = (words, "") if item.kind.name in PEOPLE else ("", words)
            rows.append((item.kind.name, item.record.id, item.enterprise_id, title, *both))
    db.do_many("DELETE FROM find WHERE record_id = ?", gone)
    terms = sorted(terms_of(row[-1] or row[-2] for row in rows))
    db.do_many("INSERT OR IGNORE INTO find_term(term) VALUES (?)", [(one,) for one in terms])
    db.do_many(
        "INSERT INTO find(kind, record_id, enterprise_id, title, people, notes) "
        "VALUES (?,?,?,?,?,?) ON CONFLICT(record_id) DO UPDATE SET "
        "enterprise_id = excluded.enterprise_id, title = excluded.title, "
        "people = excluded.people, notes = excluded.notes",
        rows,
    )


def forget(db: Database, record_ids: Sequence[str]) -> None:
    """Drop the search rows of records that left."""
    db.do_many("DELETE FROM find WHERE record_id = ?", [(one,) for one in record_ids])


def squeeze(db: Database) -> None:
    """Leave nothing in the word indexes of what is not there any more.

    They keep deleted words until they happen to merge; after an erasure that is not good enough.
    """
    for index in INDEXES:
        db.do(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608 - our own names
    db.do("DELETE FROM find_term")
    db.do(
        "INSERT INTO find_term(term) SELECT term FROM "
        "(SELECT term FROM find_people_terms UNION SELECT term FROM find_notes_terms) "
        "WHERE term NOT GLOB '[0-9]*'"
    )


def rebuild(db: Database) -> None:
    """Make everything here anew from the records."""
    db.do("DELETE FROM find")
    db.do("DELETE FROM find_term")
    db.do("DELETE FROM caseload")
    Meta(db).drop(m.WORDS_UP_TO)
    for name in SEARCHED:
        refresh_search(db, load_where(db, KINDS[name], {}))
    refresh_caseload(db, {row[0] for row in db.rows("SELECT id FROM enterprise")})


def found_by(item: Stored) -> tuple[str, str]:
    """(title, words it is found by) of a record whose kind is searched."""
    title_field, names = SEARCHED[item.kind.name]
    parts = [str(getattr(item.record, name)) for name in names]
    phone = str(getattr(item.record, "phone", "")).replace("+44", "0")
    digits = "".join(sign for sign in phone if sign.isdigit())
    words = " ".join(part for part in (*parts, digits) if part)
    return str(getattr(item.record, title_field))[:200], words
