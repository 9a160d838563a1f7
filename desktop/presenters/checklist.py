"""The set-up checklist of an enterprise: rows in plain words, why each applies, how far it is.

The rules say which items apply and what state they are in; this says it to people. Refuses
"not needed" and "waived" without a reason, and a check by the coach's own hand.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.answers import set_item, verify_item
from desktop.presenters import words
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen
from desktop.presenters.typed_when import WhenRule, day_rule
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context


from desktop.presenters.checklist_picture import ChecklistPicture, Row, checklist_picture

TYPED = ("note", "evidence_ref", "reason", "evidence_on", "expires_on")


class ChecklistView(ShowsFields, Protocol):
    """What the presenter asks of the checklist page."""

    def show_checklist(self, picture: ChecklistPicture, rows: tuple[Row, ...]) -> None:
        """Show these rows of the picture."""
        ...

    def show_section(self, section: str) -> None:
        """The filter that holds now."""
        ...

    def show_item(self, row: Row) -> None:
        """Show one item in full."""
        ...

    def restore(self, field: str, text: str) -> None:
        """Give half-typed text back to a field of the item."""
        ...

    def ask_reason(self, state: str) -> None:
        """A reason is needed before the state can be set."""
        ...


class ChecklistPresenter:
    """Reads the checklist, filters it, writes what is set."""

    def __init__(self, context: Context, view: ChecklistView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._picture: ChecklistPicture | None = None
        self._shown = "open"
        self._code = ""
        self._wanted_state = ""
        self._unsaved: dict[str, str] = {}  # by item and field: what could not be written
        self._saver = FieldSaver(context, view, f"checklist/{enterprise_id}")
        context.broadcast.listen(
            view, self._hear, "checklist_item", "enterprise", "attachment", "colleague"
        )

    def load(self) -> None:
        """Read everything again."""
        today = london_day(self._context.clock.now())
        self._context.read(
            partial(
                checklist_picture,
                pack=self._context.pack,
                actor=self._context.actor,
                enterprise_id=self._enterprise_id,
                today=today,
            ),
            owner=self._view,
            on_done=self._arrived,
        )

    def show(self, section: str) -> None:
        """Filter: open, all, done or questions."""
        self._shown = section
        self._show()

    def choose(self, code: str) -> None:
        """Look at one item, with what was half typed there."""
        fresh = code != self._code
        self._code, self._wanted_state = code, ""
        self._show_item()
        if fresh:
            keys = [f"{code}/{field}" for field in TYPED]
            for key in keys:
                if key in self._unsaved:
                    self._view.restore(key.partition("/")[2], self._unsaved[key])
            self._saver.read_drafts(keys, self._restore)

    def _restore(self, key: str, text: str) -> None:
        code, _, field = key.partition("/")
        if code == self._code and key not in self._unsaved:
            self._view.restore(field, text)

    def set_state(self, state: str, reason: str) -> None:
        """Set the state; asks for a reason where one is needed."""
        if state in ("not needed", "waived") and not reason.strip():
            self._wanted_state = state
            self._view.ask_reason(state)
            return
        self._wanted_state = ""
        fields: dict[str, Any] = {"state": state}
        if state in ("not needed", "waived"):
            fields["reason"] = reason.strip()
        if state == "waived" and self._picture is not None and self._picture.may_check:
            fields["approver_id"] = self._context.actor.id
        self._write("state", fields, {"reason": reason}, undo=True)

    def set_reason(self, reason: str) -> None:
        """The reason, together with the state that waited for it."""
        if self._wanted_state:
            self.set_state(self._wanted_state, reason)
        else:
            self._write("reason", {"reason": reason.strip()}, {"reason": reason})

    def set_text(self, field: str, text: str) -> None:
        """A text field: evidence reference, note, who said so."""
        self._write(field, {field: text.strip()}, {field: text})

    def day_rule(self, field: str) -> WhenRule:
        """How a day of this field is read: what runs out lies ahead, what was seen lies behind."""
        return day_rule(self._context.today, ahead=field == "expires_on")

    def set_day(self, field: str, text: str) -> None:
        """A day field."""
        try:
            value = self.day_rule(field).day(text)
        except words.NotThat as error:
            self._view.field_failed(field, str(error))
            return
        self._write(field, {field: value}, {field: text})

    def attach(self, paper_id: str) -> None:
        """Name a file as evidence."""
        row = self._row(self._code)
        if row is not None and paper_id:
            files = tuple(dict.fromkeys([*(paper.id for paper in row.files), paper_id]))
            self._write("files", {"files": files}, {})

    def verify(self) -> None:
        """A second person has looked at it."""
        operation = partial(_verify, enterprise_id=self._enterprise_id, code=self._code)
        self._saver.commit(f"{self._code}/verify", operation)

    def keep_draft(self, field: str, text: str) -> None:
        """Keep half-typed text."""
        self._saver.keep_draft(f"{self._code}/{field}", text)

    def _write(
        self, key: str, fields: dict[str, Any], typed: dict[str, str], *, undo: bool = False
    ) -> None:
        """`typed`: the texts of it, for it may fail while another item is on the page."""
        code, row = self._code, self._row(self._code)
        operation = partial(_set, enterprise_id=self._enterprise_id, code=code, fields=fields)
        name = f"“{row.title}” is {fields['state']}" if undo and row is not None else ""
        texts = {f"{code}/{each}": text for each, text in typed.items() if each in TYPED and text}
        self._saver.commit(
            f"{code}/{key}",
            operation,
            partial(self._written, tuple(texts)),
            name=name,
            if_not=partial(self._unsaved.update, texts),
            drops=[self._saver.draft(f"{code}/{field}") for field in fields],
        )

    def _written(self, keys: tuple[str, ...], _item_id: object) -> None:
        for key in keys:
            self._unsaved.pop(key, None)

    def _row(self, code: str) -> Row | None:
        rows = self._picture.rows if self._picture else ()
        return next((row for row in rows if row.id == code), None)

    def _arrived(self, picture: ChecklistPicture) -> None:
        first = self._picture is None
        self._picture = picture
        if first and not any(row.section == "open" for row in picture.rows):
            self._shown = "all"
            self._view.show_section("all")
        self._show()
        self._show_item()

    def _show(self) -> None:
        if self._picture is not None:
            rows = self._picture.rows
            if self._shown == "all":
                rows = tuple(row for row in rows if row.section != "questions")
            else:
                rows = tuple(row for row in rows if row.section == self._shown)
            self._view.show_checklist(self._picture, rows)

    def _show_item(self) -> None:
        row = self._row(self._code)
        if row is not None:
            self._view.show_item(row)

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _set(writing: Any, *, enterprise_id: str, code: str, fields: dict[str, Any]) -> str:
    return set_item(writing, enterprise_id, code, **fields)


def _verify(writing: Any, *, enterprise_id: str, code: str) -> None:
    verify_item(writing, enterprise_id, code)
