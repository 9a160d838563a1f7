"""What is half typed in fields that a button saves: one draft for all of them, on this laptop only.

Refuses to give back what it cannot read: it is of another version of this program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from desktop.presenters.saving import FieldSaver

if TYPE_CHECKING:
    from desktop.context import Context

HALF = "half"


class HalfTyped:
    """The draft of one form; its scope names the record it is about, so that erasure finds it."""

    def __init__(self, context: Context, view: object, scope: str) -> None:
        """`scope` is like `stage/<enterprise>`; `view` is whose page it is."""
        self._saver = FieldSaver(context, view, scope)  # type: ignore[arg-type]  # drafts alone
        self._kept = False  # a draft may be on disk

    def keep(self, said: Mapping[str, str]) -> None:
        """Keep what stands in the fields; nothing drops what was kept."""
        if said:
            self._kept = True
            self._saver.keep_draft(HALF, json.dumps(dict(said), ensure_ascii=False))
        elif self._kept:
            self.drop()

    def drop(self) -> None:
        """It is saved, or was taken out again."""
        self._kept = False
        self._saver.drop_draft(HALF)

    def read(self, show: Callable[[dict[str, str]], None]) -> None:
        """Give back what was never saved, if there is any."""

        def arrived(kept: str) -> None:
            try:
                said = json.loads(kept)
            except ValueError:
                return
            if isinstance(said, dict):
                self._kept = True
                show({str(key): str(text) for key, text in said.items()})

        self._saver.read_draft(HALF, arrived)
