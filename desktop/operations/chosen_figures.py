"""The figures a person chose for the front of the next report. Kept on this laptop only.

Refuses ids that are no figure: what cannot be read is an empty choice.
"""

from __future__ import annotations

import json
from typing import Any

from forms.rules.indicators import DEFINITIONS

KEY = "report/figures"


def read(vault: Any) -> tuple[str, ...]:
    """The chosen figures, in the order they were chosen."""
    kept = vault.drafts.read(KEY)
    try:
        found = json.loads(kept) if kept else []
    except ValueError:
        return ()
    if not isinstance(found, list):
        return ()
    return tuple(str(each) for each in found if each in DEFINITIONS)


def turn(vault: Any, indicator_id: str) -> tuple[str, ...]:
    """Put a figure among the chosen ones, or take it out when it is there."""
    ids = [each for each in read(vault) if each != indicator_id]
    if len(ids) == len(read(vault)):
        ids.append(indicator_id)
    return keep(vault, tuple(ids))


def keep(vault: Any, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Choose exactly these."""
    if ids:
        vault.drafts.keep(KEY, json.dumps(list(ids)))
    else:
        vault.drafts.drop(KEY)
    return ids
