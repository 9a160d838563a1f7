"""What stands in a field, in people's words: names for ids and files, labels for codes.

Refuses to show a code or an id: what nobody knows here is "a colleague", "a file", "a record".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop.presenters.checklist_picture import SAID_CHOICES
from desktop.presenters.field_words import value_words
from desktop.presenters.overview_picture import ORIGINS, STRANDS
from desktop.presenters.people import Names
from forms.facts.casework import Attachment
from forms.rules.pack import Pack

PEOPLE = frozenset(
    {"coach_id", "approver_id", "checked_by_id", "by_id", "assessor_id", "witness_id"}
)


class Said:
    """Says the values of fields; the names of files are read when one is met."""

    def __init__(self, reader: Any, names: Names, pack: Pack) -> None:
        self._reader, self._names = reader, names
        services, groups = _choices(pack.service_types), _choices(pack.target_groups)
        channels, reasons = _choices(pack.channels), _choices(pack.closing_reasons)
        self._labels: dict[str, dict[str, str]] = {
            "service_types": services,
            "service_type": services,
            "target_groups": groups,
            "target_group": groups,
            "channel": channels,
            "heard_from": channels,
            "came_by": channels,
            "closed_reason": reasons,
            "district": {each.code: each.name for each in pack.places},
            "entity_form": {each.code: each.name for each in pack.entity_forms},
            "cost_kind": {each.id: each.title for each in pack.seed_policy.cost_kinds},
            "strand": dict(STRANDS),
            "origin": dict(ORIGINS),
            "said_by": dict(SAID_CHOICES),
        }

    def __call__(self, field: str, value: Any) -> str:
        """One value as it is shown."""
        if not value or not isinstance(value, str | list | tuple):
            return value_words(field, value)
        each = [value] if isinstance(value, str) else [str(one) for one in value]
        if field == "files":
            return ", ".join(map(self._file, each))
        if field in PEOPLE:
            return ", ".join(map(self._names.who, each))
        if field.endswith("_id"):
            return "a record"
        labels = self._labels.get(field)
        if labels is None:
            return value_words(field, value)
        return ", ".join(labels.get(one) or one.replace("_", " ") for one in each)

    def _file(self, file_id: str) -> str:
        found = self._reader.get(Attachment, file_id)
        return found.name if found is not None and found.name else "a file"


def _choices(choices: Iterable[Any]) -> dict[str, str]:
    return {each.code: each.label for each in choices}
