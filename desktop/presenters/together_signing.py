"""Signing at the table: the exact words, and the name that is put to exactly these.

A signature that is not given yet is a draft beside the records: a power cut loses no stroke. It
belongs to its words. Refuses to put strokes under other words than they were drawn for, and to keep
them once they are signed, cleared or the sitting is left.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import together
from desktop.operations.together import Signing
from desktop.presenters import words
from desktop.presenters.together_sheet import wording
from forms.rules.signatures import stroke_points, stroke_text, wording_hash

if TYPE_CHECKING:
    from desktop.operations.writing import Written
    from desktop.presenters.together import AtTable

SIGNING = "signing"
Strokes = tuple[tuple[tuple[int, int], ...], ...]  # points in thousandths of the pad's width


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfSigned:
    """What stands on the page and is not signed."""

    name: str
    agreed: bool
    strokes: Strokes = ()


class SignView(Protocol):
    """What the presenter asks of the signing page."""

    def show_words(self, wording: str, name: str, signed: str) -> None:
        """The exact words, the name to sign with, and who signed before today."""
        ...

    def show_half(self, half: HalfSigned) -> None:
        """What was drawn and typed for these very words, and not signed."""
        ...

    def show_signed(self, words: str) -> None:
        """It is on disk."""
        ...

    def say_problem(self, words: str) -> None:
        """It is not signed; what to do."""
        ...


class SignPresenter:
    """Shows the words, keeps the signature over exactly these."""

    def __init__(self, table: AtTable, view: SignView) -> None:
        self._table, self._view = table, view
        self._wording = ""

    def show(self) -> None:
        """The words as they are now, and what was begun under them."""
        table = self._table
        if table.picture is None:
            return
        self._wording = wording(
            table.picture.name, table.context.actor.name, table.sitting, table.picture.promised
        )
        self._view.show_words(self._wording, table.picture.name, table.picture.signed)
        table.context.with_vault(
            lambda vault: table.context.unkept.read(vault.drafts, SIGNING),
            owner=table.owner,
            on_done=partial(self._begun, wording_hash(self._wording)),
        )

    def keep_half(self, half: HalfSigned) -> None:
        """What was drawn or typed so far, on this laptop only. With nothing drawn the rest goes."""
        if not self._wording:
            return
        if not half.strokes and not half.agreed and half.name == self._own_name:
            self._table.drop_draft(SIGNING)
            return
        kept = {
            "words": wording_hash(self._wording),
            "name": half.name,
            "agreed": half.agreed,
            "strokes": [stroke_text(each) for each in half.strokes],
        }
        self._table.keep_draft(SIGNING, json.dumps(kept))

    def sign(self, name: str, *, agreed: bool, strokes: Strokes = ()) -> None:
        """Sign with a drawing, or with a typed name and a tick."""
        if not name.strip():
            self._view.say_problem("Write your name first.")
            return
        if not strokes and not agreed:
            self._view.say_problem("Sign in the box, or tick that this is your name.")
            return
        way = "drawn" if strokes else "typed"
        signing = Signing(
            about="visit",
            wording=self._wording,
            name=name,
            way=way,
            strokes=tuple(stroke_text(each) for each in strokes),
        )
        operation = partial(_sign, self._table.enterprise_id, signing)
        done = partial(self._signed, name.strip())
        self._table.write(operation, on_done=done, on_failed=self._view.say_problem)

    @property
    def _own_name(self) -> str:
        return self._table.picture.name if self._table.picture is not None else ""

    def _begun(self, words_hash: str, kept: str) -> None:
        if not kept:
            return
        half = half_signed(kept, words_hash)
        if half is None:
            self._table.drop_draft(SIGNING)  # the words are others now
        elif words_hash == wording_hash(self._wording):
            self._view.show_half(half)

    def _signed(self, name: str, written: Written[Any]) -> None:
        said = f"Signed by {name} at {words.clock_time(written.at)}."
        self._table.sitting.signed = said
        self._table.keep_sitting()
        self._view.show_signed(f"{said} You can sign again. The first one stays.")


def half_signed(text: str, words_hash: str) -> HalfSigned | None:
    """What was begun under these words; None when it was under others, or cannot be read."""
    try:
        kept: Any = json.loads(text)
        if not isinstance(kept, dict) or kept["words"] != words_hash:
            return None
        strokes = (stroke_points(str(each)) for each in kept["strokes"])
        return HalfSigned(
            name=str(kept["name"]),
            agreed=kept["agreed"] is True,
            strokes=tuple(tuple(points) for points in strokes if points),
        )
    except (KeyError, TypeError, ValueError):
        return None  # a draft of another version


def _sign(enterprise_id: str, signing: Signing, writing: Any) -> str:
    signed = together.sign(writing, enterprise_id, signing)
    writing.vault.drafts.drop(SIGNING)  # in the same commit: it is there once
    return signed
