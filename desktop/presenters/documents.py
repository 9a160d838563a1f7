"""The files of an enterprise: what we hold, who gave it, what it proves, whether it is in date.

Refuses to hand a file to any other program: a look at it is made in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.devices import over_the_line
from desktop.operations.far_files import fetch_next, is_elsewhere
from desktop.operations.files import KINDS, add_bytes, add_file
from desktop.operations.preview import Preview, preview
from desktop.operations.taking_away import take_away
from desktop.presenters import words
from desktop.presenters.documents_small import ShowsSmall, SmallWanted
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen, words_for
from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.money import ClaimLine
from forms.rules.pack import Pack
from forms.values import LONDON, london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

TAKEN = "taken"  # the key under which it is said whether a file went
NOT_HERE = ", not on this laptop"
SMALL_ONE = "This is a small copy."
LOOK_WIDEST = 1600  # pixels of a picture that is looked at
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
    group: str = "other"  # of KIND_GROUPS
    bytes: int = 0
    ends_on: date | None = None


KIND_GROUPS = (
    ("all", "Every kind"),
    ("picture", "Pictures"),
    ("pdf", "PDF"),
    ("other", "Text and office files"),
)
SORTS = (
    ("newest", "Newest first"),
    ("name", "By name"),
    ("ends", "Runs out first"),
    ("largest", "Largest first"),
)
_GROUP_OF = {"PDF": "pdf", "Picture": "picture"}
_SORTED_BY: dict[str, Callable[[Document], Any]] = {
    "newest": lambda _row: 0,  # as they come
    "name": lambda row: (row.name.casefold(), row.id),
    "ends": lambda row: (row.ends_on is None, row.ends_on or date.max),
    "largest": lambda row: -row.bytes,
}


def arranged(rows: tuple[Document, ...], kind: str, sort: str) -> tuple[Document, ...]:
    """The rows of one kind in one order; what is equal stays newest first."""
    shown = [row for row in rows if kind in ("all", row.group)]
    return tuple(sorted(shown, key=_SORTED_BY.get(sort, _SORTED_BY["newest"])))


def documents(
    reader: Any,
    pack: Pack,
    enterprise_id: str,
    today: date,
    elsewhere: frozenset[str] = frozenset(),
) -> tuple[Document, ...]:
    """Every file of an enterprise, newest first; `elsewhere`: those whose bytes are not here."""
    items = reader.all(ChecklistItem, enterprise_id=enterprise_id)
    lines = reader.all(ClaimLine, enterprise_id=enterprise_id)
    rows = []
    for each in reader.all(Attachment, enterprise_id=enterprise_id):
        mine = [item for item in items if each.id in item.files]
        proves = [_title(pack, item.code) for item in mine]
        proves += [f"Claim: {line.what or 'a line'}" for line in lines if each.id in line.files]
        ends = min((i.expires_on for i in mine if i.expires_on), default=None)
        kind = _KIND_WORDS.get(each.mime, "File")
        rows.append(
            Document(
                id=each.id,
                name=each.name or "No name",
                kind=kind,
                group=_GROUP_OF.get(kind, "other"),
                bytes=each.size,
                ends_on=ends,
                size=words.size(each.size) + (NOT_HERE if each.sha256 in elsewhere else ""),
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


class DocumentsView(ShowsFields, ShowsSmall, Protocol):
    """What the presenter asks of the documents page."""

    def show_documents(self, rows: tuple[Document, ...], of: int) -> None:
        """Show these rows, out of so many files."""
        ...

    def show_preview(self, seen: Preview, image: Any) -> None:
        """Show a look at the chosen file; `image` is what the view's own `decode` made of it."""
        ...

    def show_no_preview(self, words: str) -> None:
        """Say why there is nothing to see."""
        ...

    def show_gone(self) -> None:
        """The chosen file was taken away."""
        ...

    def show_fetching(self, words: str) -> None:
        """Say what stands for the file now, and whether the whole one comes; "" when it is here."""
        ...


class DocumentsPresenter:
    """Lists files, adds some, takes one away, makes a look at one."""

    def __init__(
        self,
        context: Context,
        view: DocumentsView,
        enterprise_id: str,
        decode: Callable[[Preview, int], Any] = lambda seen, _widest: seen,
    ) -> None:
        """`decode(look, widest)` makes a picture of a look; it runs in the vault lane."""
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._decode = decode
        self._saver = FieldSaver(context, view, f"documents/{enterprise_id}")
        self._wanted: tuple[str, int] = ("", 0)
        self._rows: tuple[Document, ...] = ()
        self._kind, self._sort = "all", "newest"
        self._pasted = 0
        self.small = SmallWanted(context, view, decode)
        context.broadcast.listen(view, self._hear, "attachment", "checklist_item", "claim_line")

    def load(self) -> None:
        """Read the list again."""
        pack, today = self._context.pack, london_day(self._context.clock.now())
        self._context.with_vault(
            lambda vault: documents(
                vault.reader, pack, self._enterprise_id, today, frozenset(vault.files.missing())
            ),
            owner=self._view,
            on_done=self._arrived,
        )

    def arrange(self, kind: str, sort: str) -> None:
        """Show one kind of file, in one order (codes of KIND_GROUPS and SORTS)."""
        self._kind, self._sort = kind, sort
        self._show()

    def add(
        self, paths: Sequence[Path], caption: str, given_by: str, drops: tuple[str, ...] = ()
    ) -> None:
        """Add files that a person chose or dropped; one that is refused stops no other.

        `drops` are the drafts of what was typed about them: they go with the last of the files.
        """
        for number, path in enumerate(paths):
            operation = partial(
                _add,
                enterprise_id=self._enterprise_id,
                path=path,
                caption=caption,
                given_by=given_by,
            )
            key = f"file {str(path)!a}"  # others that come meanwhile are told of by themselves
            typed = drops if number == len(paths) - 1 else ()
            self._saver.commit(key, operation, name=f"{path.name} added", drops=typed)

    def add_picture(
        self,
        encode: Callable[[], bytes],
        caption: str,
        given_by: str,
        drops: tuple[str, ...] = (),
    ) -> None:
        """Add a picture that was pasted; `encode` gives the bytes of a PNG, in the vault lane."""
        now = self._context.clock.now().astimezone(LONDON)
        operation = partial(
            _add_picture,
            enterprise_id=self._enterprise_id,
            encode=encode,
            name=f"Pasted picture {words.day(now.date())} {now:%H.%M}.png",
            caption=caption,
            given_by=given_by,
        )
        self._pasted += 1
        key = f"picture {self._pasted}"
        self._saver.commit(key, operation, name="A pasted picture added", drops=drops)

    def take_away(self, attachment_id: str) -> None:
        """A file that should not be here goes; the undo bar offers it back."""
        name = next((row.name for row in self._rows if row.id == attachment_id), "A file")
        operation = partial(_take_away, attachment_id=attachment_id)
        self._saver.commit(TAKEN, operation, self._gone, name=f"{name} taken away")

    def _gone(self, _name: str) -> None:
        self._wanted = ("", 0)
        self._view.show_gone()

    def look(self, attachment_id: str, page: int = 0) -> None:
        """Make a look at one page of a file."""
        self._wanted = (attachment_id, page)
        decode = self._decode

        def work(vault: Any) -> tuple[Preview, Any]:
            seen = preview(vault, attachment_id, page=page)
            return seen, decode(seen, LOOK_WIDEST)

        self._context.with_vault(
            work,
            owner=self._view,
            on_done=partial(self._seen, attachment_id, page),
            on_failed=partial(self._not_seen, attachment_id, page),
        )

    def _arrived(self, rows: tuple[Document, ...]) -> None:
        self._rows = rows
        self._show()

    def _show(self) -> None:
        self._view.show_documents(arranged(self._rows, self._kind, self._sort), len(self._rows))

    def _seen(self, attachment_id: str, page: int, made: tuple[Preview, Any]) -> None:
        if (attachment_id, page) == self._wanted:
            self._view.show_preview(*made)
            self._view.show_fetching("")
            if made[0].is_small:
                self._fetch(attachment_id, SMALL_ONE)

    def _not_seen(self, attachment_id: str, page: int, error: Exception) -> None:
        if (attachment_id, page) == self._wanted:
            self._view.show_no_preview(words_for(error))
            self._view.show_fetching("")
            if is_elsewhere(error):
                self._fetch(attachment_id, "")

    def _fetch(self, attachment_id: str, stands: str) -> None:
        """Have it brought from the register; a picture of the small copy meanwhile stands."""
        session = self._context.session
        if session.practice or session.read_only or not session.register_name:
            self._view.show_fetching(f"{stands} The whole one is not on this laptop.".strip())
            return
        coming = "The whole one is on its way." if stands else "It is being fetched."
        self._view.show_fetching(f"{stands} {coming}".strip())
        over_the_line(
            self._context,
            lambda far, clock: fetch_next(far, clock, attachment_id),
            owner=self._view,
            on_done=lambda _whole: self._came(attachment_id),
            on_failed=partial(self._did_not_come, attachment_id, stands),
        )

    def _came(self, attachment_id: str) -> None:
        self.small.forget(attachment_id)
        self.load()
        if self._wanted[0] == attachment_id:
            self.look(*self._wanted)

    def _did_not_come(self, attachment_id: str, stands: str, error: Exception) -> None:
        if self._wanted[0] == attachment_id:
            self._view.show_fetching(f"{stands} {words_for(error)}".strip())

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _add(writing: Any, *, enterprise_id: str, **fields: Any) -> str:
    return add_file(writing, enterprise_id, **fields)


def _take_away(writing: Any, *, attachment_id: str) -> str:
    return take_away(writing, attachment_id)


def _add_picture(
    writing: Any, *, enterprise_id: str, encode: Callable[[], bytes], name: str, **fields: Any
) -> str:
    return add_bytes(writing, enterprise_id, encode(), name, "image/png", **fields)
