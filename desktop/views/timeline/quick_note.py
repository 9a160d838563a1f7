"""Quick note (Ctrl+N): one line with chips, or whom, what, Add. Half-typed text is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.presenters.quick_note import QuickNotePresenter
from desktop.presenters.timeline import KIND_WORDS
from desktop.views.form_pages.choices import RadiosField
from desktop.views.form_pages.fields import ChoiceField, TextField, flush_fields, say_status
from desktop.views.form_pages.pages import narrow
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.labels import section, small, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.timeline.capture import CaptureLine

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.quick_note import Found

ADD = "Add the note"


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `enterprise`, if it is known."""
    return QuickNoteScreen(context, route.get("enterprise"))


class QuickNoteScreen(Screen, SeenPart):
    """What happened, and with whom?"""

    def __init__(
        self, context: Context, enterprise_id: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._find = TextField("Whom is it about? Type part of a name")
        self._who = ChoiceField("For", ())
        self._note = TextField("What happened?", lines=5)
        self._kind = RadiosField("Kind", tuple(KIND_WORDS.items()), across=True)
        self._kind.set_value("note")
        self._status = small("", wrap=True)
        self._nobody = EmptyState(
            "No enterprises yet. A note is kept with the enterprise it is about.",
            "Add the first one",
            self._new_pressed,
        )
        self._nobody.hide()
        self.line = CaptureLine(context, enterprise_id)
        self._build()
        self._presenter = QuickNotePresenter(context, self, enterprise_id)
        self._find.committed.connect(self._find_left)
        self._who.committed.connect(self._keep_chosen)
        self._kind.committed.connect(self._keep_chosen)
        self._note.saved_by(ADD)
        self._note.typed.connect(self._presenter.keep_draft)
        self._note.typed.connect(self._keep_chosen)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Quick note"

    def arrive(self) -> None:
        """Start with the line."""
        self.line.setFocus()

    def flush(self) -> None:
        """Keep the half-typed note."""
        flush_fields(self)

    def _build(self) -> None:
        self._status.hide()
        inner = QWidget()
        whom = row(self._find, self._who, gap=2)
        acts = row(button(ADD, self._add_pressed), None)
        acts.insertWidget(1, button("Go back", self._back_pressed))
        longer = section("Or write more")
        parts = (self._nobody, self.line, longer, whom, self._note, self._kind, acts, self._status)
        inner.setLayout(column(*parts, None, gap=2))
        page = QWidget()
        page.setLayout(column(title("Quick note"), narrow(inner), None, margin=2, gap=1))
        area = scrolling(page, "Quick note")
        self.setLayout(column(area, gap=0))

    def show_found(self, found: tuple[Found, ...], chosen: str, *, looked: bool) -> None:
        """Show whom the note could be for; an empty list is a mistake only when words were typed.

        `looked`: words were typed.
        """
        self._nobody.setVisible(not found and not looked)
        box = self._who.editor
        while box.count() > 1:
            box.removeItem(1)
        for each in found:
            box.addItem(each.words, each.id)
        self._who.set_value(chosen)
        if not found and looked:
            self._who.show_problem("No match. Try part of the name, or add a new enquiry.")
        else:
            self._who.show_nothing()

    def restore(self, text: str) -> None:
        """Give back half-typed text."""
        self._note.restore(text)

    def restore_kind(self, kind: str) -> None:
        """The kind that was chosen for it."""
        self._kind.set_value(kind)

    def note_added(self) -> bool:
        """Ready for the next one."""
        self._note.was_taken()
        if self._note.text:
            return True
        self._kind.set_value("note")
        return False

    def field_saved(self, _key: str, words: str) -> None:
        """It is on disk."""
        say_status(self._status, words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        if key == "who":
            self._who.show_problem(words)
        else:
            self._note.show_problem(words)

    def _keep_chosen(self, _chosen: object) -> None:
        self._presenter.keep_chosen(self._who.value, self._kind.value)

    def _find_left(self, text: object) -> None:
        self._presenter.find(str(text))

    def _add_pressed(self) -> None:
        if not self._presenter.is_adding:
            self._presenter.add(self._who.value, self._note.take(), self._kind.value)

    def _new_pressed(self) -> None:
        self._context.open_route("new_enterprise")

    def _back_pressed(self) -> None:
        self._context.goes.back()
