"""The records told again from the trail alone, and compared with the records as they are.

A second way to the same truth: when both agree, no write went past the trail. Looking changes
nothing; `mend` writes the records as the trail tells them, when a person has decided so. Refuses to
remove a record that the trail does not know: it is named, and stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from forms.change import DELETED, Json
from forms.facts.kinds import KINDS, fields_of
from storage import meta as m
from storage import outbox, rows, story_places, summary, trail
from storage.database import Database
from storage.hearing import Tell, counted, nobody
from storage.meta import Meta
from storage.rows import Stored

Key = tuple[str, str]
Told = dict[tuple[str, str], dict[str, Json]]
_NO_STATE = (trail.ASKED, trail.ANSWERED)


def told(db: Database, tell: Tell = nobody) -> Told:
    """(kind, record id) -> fields, as the trail alone tells them."""
    out: Told = {}
    there = int(db.row("SELECT count(*) FROM trail")[0])
    for entry in counted(trail.whole(db), tell, "Entries of the story read", there):
        key = (entry.kind, entry.record_id)
        if entry.verb in _NO_STATE:
            continue
        if entry.verb == trail.LEFT:
            out.pop(key, None)
        elif key in out and entry.verb != trail.ERASED:
            out[key] |= entry.after
        else:
            out[key] = {DELETED: False} | rows.told_whole(entry.kind, entry.after)
    return out


def kept(db: Database, tell: Tell = nobody, of: int = 0) -> Told:
    """(kind, record id) -> fields, as the tables hold them. `of`: how many there should be."""
    out: Told = {}
    for kind in KINDS.values():
        if kind.local:
            continue
        found = rows.each_where(db, kind, {}, removed_too=True)
        for held in counted(found, tell, "Records read", of, done=len(out)):
            out[kind.name, held.record.id] = fields_of(held.record) | {DELETED: held.deleted}
    return out


def differences(db: Database, tell: Tell = nobody) -> list[str]:
    """Where trail and tables disagree: kind, id and field names; never a value."""
    story = told(db, tell)
    tables = kept(db, tell, len(story))
    out = [f"{kind} {one}: only in the trail" for kind, one in sorted(story.keys() - tables.keys())]
    out += [f"{kind} {one}: not in the trail" for kind, one in sorted(tables.keys() - story.keys())]
    both = sorted(story.keys() & tables.keys())
    for key in counted(both, tell, "Records held against their story", len(both)):
        odd = [name for name, value in tables[key].items() if story[key].get(name) != value]
        if odd:
            out.append(f"{key[0]} {key[1]}: {', '.join(odd)}")
    return out


@dataclass(frozen=True, slots=True)
class Mended:
    """Records written again as the trail tells them, by kind; and those that it does not know."""

    counts: dict[str, int]
    unknown: int


def mend(db: Database, tell: Tell = nobody) -> Mended:
    """Make records, lists and search agree with the trail, in one transaction.

    A record that was gone comes back with the dots its own ops gave it; the register is read from
    the start at the next exchange, so that it can say what is newer. `tell` hears how far it is;
    what it raises ends it, and nothing is changed.
    """
    with db.transaction():
        story = told(db, tell)
        tables = kept(db, tell, len(story))
        odd = [key for key, fields in story.items() if tables.get(key) != fields]
        lost = [key for key in odd if key not in tables]
        dots = _own_dots(db, set(lost))
        again = [_again(db, key, story[key], dots) for key in odd]
        tell("Writing again what differs from its story", 0, 0)
        rows.save(db, again)
        tell("Making lists and search again", 0, 0)
        summary.rebuild(db)
        tell("Making the index of the story again", 0, 0)
        story_places.begin_anew(db)
        if lost:
            Meta(db).drop(m.BOOKMARK)
    counts: dict[str, int] = {}
    for kind, _ in odd:
        counts[kind] = counts.get(kind, 0) + 1
    return Mended(counts, len(tables.keys() - story.keys()))


def _again(
    db: Database, key: Key, fields: dict[str, Json], dots: dict[Key, dict[str, rows.Dots]]
) -> Stored:
    kind = KINDS[key[0]]
    plain = {name: value for name, value in fields.items() if name != DELETED}
    record = rows.checked(kind, key[1], plain)
    held = rows.load(db, kind, [key[1]]).get(key[1]) or Stored(kind, record, dots.get(key, {}))
    return replace(held, record=record, deleted=bool(fields[DELETED]))


def _own_dots(db: Database, wanted: set[Key]) -> dict[Key, dict[str, rows.Dots]]:
    out: dict[Key, dict[str, rows.Dots]] = {}
    for op in outbox.journal(db) if wanted else ():
        key = (op.kind, op.record_id)
        if key in wanted:
            names = list(op.fields) if op.base or op.was else ["*"]
            out.setdefault(key, {}).update(dict.fromkeys(names, (op.dot,)))
    return out
