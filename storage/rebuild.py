"""The records told again from the trail alone, and compared with the records as they are.

A second way to the same truth: when both agree, no write went past the trail. Refuses to change
anything; what to do about a difference is a person's decision.
"""

from __future__ import annotations

from forms.change import DELETED, Json
from forms.facts.kinds import KINDS, fields_of
from storage import rows, trail
from storage.database import Database

Told = dict[tuple[str, str], dict[str, Json]]
_NO_STATE = (trail.ASKED, trail.ANSWERED)


def told(db: Database) -> Told:
    """(kind, record id) -> fields, as the trail alone tells them."""
    out: Told = {}
    for entry in trail.whole(db):
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


def kept(db: Database) -> Told:
    """(kind, record id) -> fields, as the tables hold them."""
    out: Told = {}
    for kind in KINDS.values():
        if kind.local:
            continue
        for held in rows.load_where(db, kind, {}, removed_too=True):
            out[kind.name, held.record.id] = fields_of(held.record) | {DELETED: held.deleted}
    return out


def differences(db: Database) -> list[str]:
    """Where trail and tables disagree: kind, id and field names; never a value."""
    story, tables = told(db), kept(db)
    out = [f"{kind} {one}: only in the trail" for kind, one in sorted(story.keys() - tables.keys())]
    out += [f"{kind} {one}: not in the trail" for kind, one in sorted(tables.keys() - story.keys())]
    for key in sorted(story.keys() & tables.keys()):
        odd = [name for name, value in tables[key].items() if story[key].get(name) != value]
        if odd:
            out.append(f"{key[0]} {key[1]}: {', '.join(odd)}")
    return out
