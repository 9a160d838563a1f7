"""Answers given after Finish or "Move this draft" was pressed, while that is not yet on disk.

They are of a sheet that is being left: written to it they would stand on the old version, or be
refused. They wait, and are given on the sheet that comes, or where they were when nothing came of
it. Refuses to drop one silently: what has no place on the new sheet is named, with its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.operations.form_filling import FAULT

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.form_filling import Said
    from desktop.presenters.form_open import OpenForm

Kept = list[tuple[str, tuple["Said", ...]]]  # key of the field, what was said there
NOT_IN_IT = "This was answered while the form was being {done}, and is not in it: {what}. {do}"


class LateAnswers:
    """Of one form page. Between `begin` and the next sheet it takes what is said."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: Kept | None = None  # None: no end is on its way
        self._labels: dict[str, str] = {}  # by ref, as the sheet that is left calls its questions
        self._closed = False  # on disk; the next sheet has not been read yet
        self.left = False  # the page was left meanwhile

    @property
    def are_taken(self) -> bool:
        """Whether an end is on its way."""
        return self._kept is not None

    def begin(self) -> None:
        """The end is on its way to the disk."""
        self._kept, self._closed, self.left = [], False, False
        self._labels = {}

    def took(self, form: OpenForm, key: str, said: tuple[Said, ...]) -> bool:
        """Whether this waits here."""
        if self._kept is None:
            return False
        self._kept.append((key, said))
        self._labels |= {one.ref: _label(form, one.ref) for one in said}
        return True

    def leave(self) -> None:
        """The page was left."""
        self.left = True

    def closed(self) -> None:
        """The end is on disk: the next sheet that is read is the one to answer on."""
        self._closed = True

    def give_back(self) -> Kept:
        """Nothing came of it: what waits, in the order it was said; nothing waits any more."""
        kept, self._kept, self._closed = self._kept or [], None, False
        return kept

    def for_sheet(self, form: OpenForm) -> list[tuple[str, str]]:
        """What is to be answered on the sheet that came, by ref; the newest of each.

        What has no place on this one is told.
        """
        if not self._closed:
            return []
        said = {
            one.ref: one
            for _key, all_said in self.give_back()
            for one in all_said
            if not one.after.startswith(FAULT)  # a line of the log, no answer
        }
        fits = {ref for ref in said if _fits(form, ref)}
        lost = [
            f"{self._labels[ref] or 'an entry of a list'}: {one.after or 'nothing'}"
            for ref, one in said.items()
            if ref not in fits
        ]
        if lost:
            done, do = ("finished", "Change the form to put it in.")
            if not form.is_final:
                done, do = ("moved", "Look whether it has a place there.")
            words = NOT_IN_IT.format(done=done, what="; ".join(lost), do=do)
            self._context.tell.problem(words)
        return [(ref, one.after) for ref, one in said.items() if ref in fits]


def _fits(form: OpenForm, ref: str) -> bool:
    """Whether it is a question of this sheet that can be answered with a value."""
    if form.is_final or not ref:
        return False
    try:
        node = form.session.node(ref)
    except KeyError:
        return False
    return not node.nodes and node.kind not in {"note", "group", "repeat"} and not node.readonly


def _label(form: OpenForm, ref: str) -> str:
    """What the form calls it; "" for an entry that was taken out."""
    try:
        return form.session.node(ref).label if ref else ""
    except KeyError:
        return ""
