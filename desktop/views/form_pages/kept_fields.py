"""Fields that a button saves, held together: what is half typed in them is kept and comes back.

A text is kept every two seconds, when its field is left and when the laptop locks; what is chosen
beside it goes with it. Refuses to put what was kept over what somebody is typing, and to take out
of a field what was typed while the rest of it was being saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from desktop.views.form_pages.choices import RadiosField
from desktop.views.form_pages.fields import ChoiceField, Field, TextField

if TYPE_CHECKING:
    from desktop.presenters.half_typed import HalfTyped


class KeptFields:
    """Texts and choices by their keys."""

    def __init__(
        self,
        half: HalfTyped,
        press: str,
        fields: Mapping[str, Field],
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        """`press`: the button that saves them, "" for one of several; `then`: after giving back."""
        self._half, self._then = half, then
        self._texts = {k: each for k, each in fields.items() if isinstance(each, TextField)}
        self._choices = {
            key: each for key, each in fields.items() if isinstance(each, ChoiceField | RadiosField)
        }
        self._asked_for = False
        self._is_emptied = False  # one after the other: what stands in the next was taken too
        for text in self._texts.values():
            text.saved_by(press)
            text.typed.connect(self._keep)
        for choice in self._choices.values():
            choice.committed.connect(self._keep)

    @property
    def name(self) -> str:
        """The name of their draft: it goes in the commit of what was taken."""
        return self._half.name

    def give_back(self) -> None:
        """Ask for what was half typed: once, when the fields and their choices are there."""
        if not self._asked_for:
            self._asked_for = True
            self._half.read(self._arrived)

    def take(self) -> dict[str, str]:
        """The button was pressed: what stands in the fields."""
        said = {key: each.take() for key, each in self._texts.items()}
        return said | {key: each.value for key, each in self._choices.items()}

    def was_taken(self, said: Mapping[str, str] | None = None) -> None:
        """It is on disk: ready for the next, with what was typed since.

        `said`: what was taken, where these fields were built anew after the press.
        """
        self._is_emptied = True
        for key, text in self._texts.items():
            text.was_taken((said or {}).get(key))
        self._is_emptied = False
        if self._half_typed():
            self.stays()  # what the button did not take, and what was typed since
        else:
            self._half.drop()

    def stays(self) -> None:
        """Not all of it was taken: kept anew, for a commit may have dropped its draft."""
        self._half.keep(self._half_typed(), self._chosen(), anew=True)

    def _keep(self, _typed: object = None) -> None:
        if not self._is_emptied:
            self._half.keep(self._half_typed(), self._chosen())

    def _half_typed(self) -> dict[str, str]:
        return {key: each.text for key, each in self._texts.items() if each.is_dirty and each.text}

    def _chosen(self) -> dict[str, str]:
        return {key: each.value for key, each in self._choices.items() if each.value}

    def _arrived(self, said: dict[str, str]) -> None:
        if any(each.is_dirty for each in self._texts.values()):
            return  # somebody has begun anew, and that is kept
        for key, choice in self._choices.items():
            if _offers(choice, said.get(key, "")):
                choice.set_value(said[key])
        told = False
        for key, text in self._texts.items():
            if said.get(key):
                text.restore(said[key])
                if told:
                    text.show_nothing()  # said once
                told = True
        if self._then is not None:
            self._then()


def _offers(choice: ChoiceField | RadiosField, code: str) -> bool:
    if isinstance(choice, ChoiceField):
        return bool(code) and choice.editor.findData(code) >= 0
    return bool(code)
