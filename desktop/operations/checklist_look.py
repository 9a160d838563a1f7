"""Another checklist, looked at before it is used: what it would mean for every enterprise here.

Reads in the vault lane, judges beside it. Changes nothing and keeps nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.operations.errors import NothingWritten
from forms.facts.casework import ChecklistItem
from forms.facts.people import Enterprise
from forms.rules.checklist_change import ChecklistChange, RuleChange, change_for, rule_changes
from forms.rules.pack_file import read_with

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from forms.rules.pack import Pack

LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is known of one enterprise."""

    enterprise: Enterprise
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A checklist file, and what it would mean."""

    name: str
    problems: tuple[str, ...]
    rules: tuple[RuleChange, ...] = ()
    changes: tuple[tuple[str, str, ChecklistChange], ...] = ()  # enterprise id, name, change

    @property
    def is_readable(self) -> bool:
        """Whether it could be used as it is."""
        return not self.problems


def held(reader: Any) -> tuple[Held, ...]:
    """Every enterprise of this laptop with its items (vault lane)."""
    items: dict[str, list[ChecklistItem]] = defaultdict(list)
    for item in reader.all(ChecklistItem):
        items[item.enterprise_id].append(item)
    return tuple(
        Held(enterprise=each, items=tuple(items[each.id])) for each in reader.all(Enterprise)
    )


def look(path: Path, pack: Pack, known: Iterable[Held], on: date) -> Look:
    """Read a checklist file and judge it for each enterprise; beside the vault lane."""
    try:
        if path.stat().st_size > LIMIT:
            raise NothingWritten(f"{path.name} is larger than 5 MB. Nothing was read.")
        text = path.read_bytes()
    except OSError as error:
        raise NothingWritten(
            f"{path.name} cannot be read. Check that it is still there and not open elsewhere."
        ) from error
    other, problems = read_with(pack.id, text, path.name)
    if other is None or problems:
        return Look(name=path.name, problems=tuple(map(str, problems)))
    return Look(
        name=path.name,
        problems=(),
        rules=rule_changes(pack, other),
        changes=tuple(
            (one.enterprise.id, one.enterprise.name,
             change_for(pack, other, one.enterprise, one.items, on))
            for one in known
        ),
    )  # fmt: skip
