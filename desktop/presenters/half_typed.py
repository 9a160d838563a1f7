"""What is half typed in fields that a button saves: one draft for all of them, on this laptop only.

Refuses to give back what it cannot read: it is of another version of this program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.presenters.saving import FieldSaver, rest_of

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

    def keep(
        self,
        said: Mapping[str, str],
        beside: Mapping[str, str] | None = None,
        *,
        anew: bool = False,
    ) -> None:
        """Keep what stands in the fields, and what is chosen beside it; nothing typed drops both.

        The same once more is not written, unless `anew`: a button may have been pressed for it
        since.
        """
        if said:
            self._kept = True
            chosen = dict(beside or {})
            text = json.dumps({**said, **chosen}, ensure_ascii=False)
            if anew or not self._saver.keeps(HALF, text):
                self._saver.keep_draft(HALF, text, partial(_rest, chosen))
        elif self._kept:
            self.drop()

    def drop(self) -> None:
        """It is saved, or was taken out again."""
        self._kept = False
        self._saver.drop_draft(HALF)

    def read(self, show: Callable[[dict[str, str]], None]) -> None:
        """Give back what was never saved, if there is any."""

        def arrived(kept: str) -> None:
            said = _said(kept)
            if said is not None:
                self._kept = True
                show(said)

        self._saver.read_draft(HALF, arrived)


def half_said(vault: Any, name: str) -> dict[str, str]:
    """In the lane: what stands in the draft of this name; nothing where it cannot be read."""
    return _said(vault.drafts.read(name) or "") or {}


def _said(kept: str) -> dict[str, str] | None:
    try:
        said = json.loads(kept)
    except ValueError:
        return None
    return {str(key): str(text) for key, text in said.items()} if isinstance(said, dict) else None


def _rest(chosen: Mapping[str, str], text: str, taken: str) -> str:
    """What was typed behind what was taken, field by field; what is chosen stays beside it."""
    said, before = _said(text) or {}, _said(taken) or {}
    left = {
        key: rest
        for key, typed in said.items()
        if key not in chosen and (rest := rest_of(typed, before.get(key, "")))
    }
    return json.dumps({**left, **chosen}, ensure_ascii=False) if left else ""
