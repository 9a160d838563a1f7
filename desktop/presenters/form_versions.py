"""Other versions and revisions of the form that is open: to look at, to move a draft to.

Refuses to move a draft otherwise than it was shown: an answer given since takes the preview away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from desktop.operations import form_filling as filling
from desktop.operations.errors import NothingWritten
from desktop.presenters.form_states import move_preview

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.form_filling import Filled, Opened
    from desktop.presenters.form_keeping import FormKeeper
    from desktop.presenters.form_open import OpenForm
    from desktop.presenters.form_view import FormView
    from forms.engine.migrate import Migration


class FormVersions:
    """What a form's page offers besides answering."""

    def __init__(
        self,
        context: Context,
        view: FormView,
        keeper: FormKeeper,
        *,
        on_moved: Callable[[str], None],
        on_failed: Callable[[Exception], None],
        on_revised: Callable[[Opened, Filled], None],
    ) -> None:
        self._context, self._view, self._keeper = context, view, keeper
        self._on_moved, self._on_failed, self._on_revised = on_moved, on_failed, on_revised
        self._form: OpenForm | None = None
        self._move: Migration | None = None
        self._said = 0  # how often something was answered

    def of(self, form: OpenForm) -> None:
        """Another form is open, or the same one anew; a preview was of what stood there before."""
        self._form = form
        if self._move is not None:
            self.stay()

    def preview_move(self) -> None:
        """Show what moving this draft to the newer version would do. Changes nothing."""
        form, clock, pack_id = self._form, self._context.clock, self._context.pack.id
        if form is None or not form.opened.newer:
            return
        now = replace(form.opened, instance_xml=form.session.to_xml(), earlier=())
        self._context.with_vault(
            lambda vault: filling.preview_move(vault, pack_id, now, clock),
            owner=self._view,
            on_done=partial(self._previewed, form, self._said),
            on_failed=self._on_failed,
        )

    def move(self) -> None:
        """Move the draft as it was shown."""
        form, move = self._form, self._move
        if form is None or move is None:
            return
        operation = partial(
            filling.move_draft,
            response_id=form.begun.response_id,
            moved=move,
            before=f"version {form.session.form.version}",
        )
        self._keeper.close("move", operation, self._moved, self.preview_move)

    def stay(self) -> None:
        """Leave the draft on its version."""
        self._move = None
        self._view.show_move(None)

    def answered(self) -> None:
        """What was previewed, or is being worked out, lacks the answer that was just given."""
        self._said += 1
        if self._move is not None:
            self.stay()

    def revise(self, reason: str) -> None:
        """Change a finished form: a new revision on the same version; the old one stays."""
        form = self._form
        if form is None or form.opened.response is None or not form.is_final:
            return
        try:
            filled = filling.revised(form.opened.response, form.opened.instance_xml, reason)
        except NothingWritten as refusal:
            self._view.field_failed("reason", str(refusal))
            return
        self._on_revised(form.opened, filled)

    def look_at(self, response_id: str) -> None:
        """Another revision of this form, to read."""
        if self._form is not None:
            begun = self._form.begun
            self._context.open_route(
                "form", id=begun.form_id, enterprise=begun.enterprise_id, response=response_id
            )

    def _previewed(self, form: OpenForm, said: int, moved: Migration) -> None:
        if form is not self._form or said != self._said:
            self.preview_move()  # this one would leave behind what was answered meanwhile
            return
        self._move = moved
        self._view.show_move(move_preview(moved))

    def _moved(self, response_id: str) -> None:
        self.stay()
        self._on_moved(response_id)
