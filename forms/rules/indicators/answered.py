"""A filled form as plain answers: what the indicators read of it.

Refuses to hold a person's name: answers are by enterprise, and who answered is a kind of person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One filled form. `state` is that of the form: draft, final or superseded."""

    id: str
    form_id: str
    enterprise_id: str = ""
    state: str = "final"
    on: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # question -> what was given

    def points(self, question: str) -> int | None:
        """The answer on a scale as a whole number, None when it was not given."""
        text = self.values.get(question, "")
        return int(text) if text.isascii() and text.isdigit() else None
