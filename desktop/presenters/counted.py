"""How much of each checklist is done, for the rows of a list: the same count as on the record.

Refuses to count by itself: `forms.rules.checklist` says what applies and what is settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.facts.casework import ChecklistItem
from forms.facts.people import Enterprise
from forms.rules.checklist import Progress, checklist, progress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from forms.rules.pack import Pack
    from storage.reader import Reader


def counted(
    reader: Reader, pack: Pack, enterprise_ids: Iterable[str], on: date
) -> dict[str, Progress]:
    """Progress of these enterprises on a day (vault lane)."""
    ids = list(enterprise_ids)
    items = reader.under(ChecklistItem, ids)
    return {
        each.id: progress(checklist(pack, each, items.get(each.id, ()), on))
        for each in reader.get_all(Enterprise, ids)
    }


def done_words(counts: Progress | None) -> str:
    """A progress in words: '9 of 14'."""
    return f"{counts.done} of {counts.total}" if counts is not None and counts.total else ""
