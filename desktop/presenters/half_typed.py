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


def half_of(scope: str) -> str:
    """The name of the draft of the form of this scope, for whoever writes it down."""
    return f"{scope}/{HALF}"


class HalfTyped:
    """The draft of one form; its scope names the record it is about, so that erasure finds it."""

    def __init__(self, context: Context, view: object, scope: str) -> None:
        """`scope` is like `stage/<enterprise>`; `view` is whose page it is."""
        self._saver = FieldSaver(context, view, scope)  # type: ignore[arg-type]  # drafts alone
        self._kept = False  # a draft may be on disk

    @property
    def name(self) -> str:
        """Its name, for whoever writes down what stands in it."""
        return half_of(self._saver.scope)

    def keep(self, said: Mapping[str, str]) -> None:
        """Keep what stands in the fields; nothing drops what was kept.

        The same once more is not written: a button may have been pressed for it since.
        """
        if said:
            self._kept = True
            text = json.dumps(dict(said), ensure_ascii=False)
            if not self._saver.keeps(HALF, text):
                self._saver.keep_draft(HALF, text)
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
