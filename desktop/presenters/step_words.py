"""A step in words: the name it was given, or what its trail rows tell.

Refuses to quote more of a note than one line holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters.field_words import FIELD_WORDS, KIND_WORDS

if TYPE_CHECKING:
    from storage.steps import Step
    from storage.trail import TrailEntry

LONGEST = 60
_QUOTED = {"session": "note", "action": "text", "claim_line": "what", "attachment": "name"}
_DONE = {"new": "added", "delete": "taken away", "settle": "settled"}
_ASKED = "The council was asked for a decision"


def words_of(step: Step) -> str:
    """What the step did: `“Call with Joe” added`, `Phone changed`, `2 promises changed`."""
    if step.name:
        return step.name
    if not step.entries:
        return _ASKED
    first = step.entries[0]
    records = {entry.record_id for entry in step.entries}
    if len(records) == 1:
        return _one(step.entries)
    others = len(records) - 1
    more = "1 more record" if others == 1 else f"{others} more records"
    return f"{_one((first,))}, with {more}"


def added_words(text: str) -> str:
    """“Rang about the leaflet” added: the name of a step that adds what was typed."""
    return f"{_in_marks(text)} added"


def _one(entries: tuple[TrailEntry, ...]) -> str:
    first = entries[0]
    what = _quoted(first) or KIND_WORDS.get(first.kind, "Record")
    if first.verb in _DONE:
        return f"{what} {_DONE[first.verb]}"
    names = list(dict.fromkeys(name for entry in entries for name in entry.after))
    shown = [FIELD_WORDS.get(name, name.replace("_", " ")) for name in names[:3]]
    listed = ", ".join(shown) + (" and more" if len(names) > 3 else "")
    return f"{KIND_WORDS.get(first.kind, 'Record')}: {listed} changed"


def _quoted(entry: TrailEntry) -> str:
    text = str(entry.after.get(_QUOTED.get(entry.kind, ""), "")).strip()
    return _in_marks(text) if text else ""


def _in_marks(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= LONGEST else f"“{line[: LONGEST - 1].rstrip()}…”"
