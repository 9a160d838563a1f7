"""The files of an enterprise: what we hold, who gave it, what it proves, whether it is in date.

Refuses to hand a file to any other program: a look at it is made in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.files import KINDS, add_file
from desktop.operations.preview import Preview, preview
from desktop.presenters import words
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen, words_for
from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.money import ClaimLine
from forms.rules.pack import Pack
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

FILE_ENDINGS = tuple(KINDS)
_KIND_WORDS = {
    "application/pdf": "PDF",
    "image/png": "Picture",
    "image/jpeg": "Picture",
    "text/plain": "Text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as a row."""

    id: str
    name: str
    kind: str
    size: str
    added: str
    given_by: str
    proves: str  # what it is evidence for
    in_date: str  # "Runs out 28 Nov 2026", "Ran out 3 Oct 2026", ""
    late: bool = False


def documents(reader: Any, pack: Pack, enterprise_id: str, today: date) -> tuple[Document, ...]:
    """Every file of an enterprise, newest first."""
    items = reader.all(ChecklistItem, enterprise_id=enterprise_id)
    lines = reader.all(ClaimLine, enterprise_id=enterprise_id)
    rows = []
    for each in reader.all(Attachment, enterprise_id=enterprise_id):
        mine = [item for item in items if each.id in item.files]
        proves = [_title(pack, item.code) for item in mine]
        proves += [f"Claim: {line.what or 'a line'}" for line in lines if each.id in line.files]
        ends = min((i.expires_on for i in mine if i.expires_on), default=None)
        rows.append(
            Document(
                id=each.id,
                name=each.name or "No name",
                kind=_KIND_WORDS.get(each.mime, "File"),
                size=words.size(each.size),
                added=words.day(each.added_on, "not known"),
                given_by=each.given_by,
                proves=", ".join(proves),
                in_date=_in_date(ends, today),
                late=ends is not None and ends < today,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.id, reverse=True))


def _title(pack: Pack, code: str) -> str:
    rule = pack.checklist_rule(code)
    return rule.title if rule else code


def _in_date(ends: date | None, today: date) -> str:
    if ends is None:
        return ""
    if ends < today:
        return f"Ran out {words.day(ends)}"
    if ends <= today + timedelta(days=60):
        return f"Runs out soon: {words.day(ends)}"
    return f"Runs out {words.day(ends)}"


class DocumentsView(ShowsFields, Protocol):
    """What the presenter asks of the documents page."""

    def show_documents(self, rows: tuple[Document, ...]) -> None:
        """Show these rows."""
        ...

    def show_preview(self, seen: Preview) -> None:
        """Show a look at the chosen file."""
        ...

    def show_no_preview(self, words: str) -> None:
        """Say why there is nothing to see."""
        ...


class DocumentsPresenter:
    """Lists files, adds one, makes a look at one."""

    def __init__(self, context: Context, view: DocumentsView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._saver = FieldSaver(context, view, f"documents/{enterprise_id}")
        self._wanted: tuple[str, int] = ("", 0)
        context.broadcast.listen(view, self._hear, "attachment", "checklist_item", "claim_line")

    def load(self) -> None:
        """Read the list again."""
        pack, today = self._context.pack, london_day(self._context.clock.now())
        self._context.read(
            lambda reader: documents(reader, pack, self._enterprise_id, today),
            owner=self._view,
            on_done=self._view.show_documents,
        )

    def add(self, path: Path, caption: str, given_by: str) -> None:
        """Add a file that a person chose."""
        operation = partial(
            _add, enterprise_id=self._enterprise_id, path=path, caption=caption, given_by=given_by
        )
        self._saver.commit("file", operation)

    def look(self, attachment_id: str, page: int = 0) -> None:
        """Make a look at one page of a file."""
        self._wanted = (attachment_id, page)
        self._context.with_vault(
            partial(preview, attachment_id=attachment_id, page=page),
            owner=self._view,
            on_done=partial(self._seen, attachment_id, page),
            on_failed=self._not_seen,
        )

    def _seen(self, attachment_id: str, page: int, seen: Preview) -> None:
        if (attachment_id, page) == self._wanted:
            self._view.show_preview(seen)

    def _not_seen(self, error: Exception) -> None:
        self._view.show_no_preview(words_for(error))

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _add(writing: Any, *, enterprise_id: str, **fields: Any) -> str:
    return add_file(writing, enterprise_id, **fields)
