"""What can be wrong with a formula.

FormulaError
├── FormulaSyntax   it cannot be read: position and plain words
└── FormulaFault    it was read, but this data cannot be worked out with it
"""

from __future__ import annotations


class FormulaError(Exception):
    """A formula is at fault. `start` and `end` are character positions in its text."""

    def __init__(self, message: str, start: int = 0, end: int = 0, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.fix = fix


class FormulaSyntax(FormulaError):
    """The text is not a formula."""


class FormulaFault(FormulaError):
    """The formula met data or a function it cannot work with."""
