"""What filling in a form asks of the page that shows it.

Refuses to hold anything: the page draws what it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.presenters.saving import ShowsFields

if TYPE_CHECKING:
    from desktop.presenters.form_drawn import FormPage, Problem
    from desktop.presenters.form_states import FormStatus, MovePreview


class FormView(ShowsFields, Protocol):
    """What the presenter asks of the form page."""

    def show_form(self, title: str, pages: tuple[FormPage, ...]) -> None:
        """Draw everything anew."""
        ...

    def show_changes(self, pages: tuple[FormPage, ...], refs: frozenset[str]) -> None:
        """These refs changed in value, relevance, label or problem."""
        ...

    def show_status(self, status: FormStatus) -> None:
        """What this form is: a draft or finished, on which version; what can be done with it."""
        ...

    def show_move(self, preview: MovePreview | None) -> None:
        """What moving to the newer version would do; None takes it away."""
        ...

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """What keeps the form from being finished; the summary takes the focus."""
        ...

    def show_finished(self, words: str) -> None:
        """The form is finished and kept."""
        ...

    def show_missing(self, words: str) -> None:
        """The form cannot be opened."""
        ...
