"""What two people changed at the same time and nobody was asked about: other fields, both kept.

Told beside a thing to check, so that a merge is never silent. Refuses to count a field that is a
thing to check itself; and to put back what changed since, what the register decides, or money.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.presenters import words
from desktop.presenters.field_words import MONEY_KINDS, field_words
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, FieldSpec, defaults_of, fields_of
from forms.values import LONDON

if TYPE_CHECKING:
    from desktop.presenters.people import Names
    from desktop.presenters.value_said import Said
    from forms.change import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One field that was changed beside the thing to check, and merged."""

    kind: str
    record_id: str
    field: str
    what: str  # "phone"
    whose: str  # "yours", "P. Shah's"
    was: str
    now: str
    who: str  # "you, Tue 18 Nov 2026 14:05"
    before: Any
    after: Any
    may_put_back: bool  # it still stands as it was merged

    @property
    def short(self) -> str:
        """For the one line: "phone (yours)"."""
        return f"{self.what} ({self.whose})"


def merged_beside(reader: Any, names: Names, said: Said, conflict: Conflict) -> tuple[Merged, ...]:
    """Other fields of the record that either side changed since the two values parted."""
    if not conflict.heads or conflict.kind not in KINDS:
        return ()
    parted = min(head.at for head in conflict.heads)
    open_here = {
        each.field
        for each in reader.conflicts(open_only=True)
        if each.record_id == conflict.record_id
    }
    kind = KINDS[conflict.kind]
    known = {spec.name: spec for spec in kind.specs}
    record = reader.get(kind.cls, conflict.record_id)
    held = {} if record is None else fields_of(record)
    last: dict[str, Any] = {}
    for entry in reader.history(conflict.record_id):
        whole = entry.verb == "received" and not entry.before  # it came here for the first time
        if whole or entry.verb not in ("set", "received") or entry.at < parted:
            continue
        for name in entry.after:
            if name in known and name not in open_here and name != conflict.field:
                last[name] = entry
    return tuple(
        _merged(names, said, conflict, known[name], entry, held.get(name))
        for name, entry in last.items()
    )


def _merged(
    names: Names, said: Said, conflict: Conflict, spec: FieldSpec, entry: Any, held: Any
) -> Merged:
    name = spec.name
    before = entry.before.get(name, defaults_of(conflict.kind).get(name))
    who = names.who(entry.by_id) or "the register"
    on = words.weekday(entry.at.astimezone(LONDON).date())
    what = field_words(conflict.kind, name).rpartition(": ")[2]
    return Merged(
        kind=conflict.kind,
        record_id=conflict.record_id,
        field=name,
        what=what,
        whose="yours" if who == "you" else f"{who}'s",
        was=said(name, before),
        now=said(name, entry.after.get(name)),
        who=f"{who}, {on} {words.clock_time(entry.at)}",
        before=before,
        after=entry.after.get(name),
        may_put_back=held == entry.after.get(name)
        and spec.policy is Policy.FACT
        and conflict.kind not in MONEY_KINDS,
    )


def line(merged: tuple[Merged, ...]) -> str:
    """All in one line, or "" when there are none."""
    if not merged:
        return ""
    return f"Also merged for you without asking: {', '.join(each.short for each in merged)}."
