"""Faults of operations that a person can act on. Each str() is a plain sentence.

OperationFault
├── NothingWritten   a field was empty or a record is gone; what was typed stays on the screen
├── GateShut         the data protection assessment is not signed yet
├── FileRefused      a file is too large, empty or of a kind that is not kept
├── NotPrinted       no printer, or it did not take the page
└── NoFigures        the process that works figures out ended, or could not read
FiguresMistake is a bug of ours in that process. Everything else is a bug or comes from
storage.errors.
"""

from __future__ import annotations


class OperationFault(Exception):
    """Something the person at the keyboard can put right."""


class NothingWritten(OperationFault):
    """There was nothing to write, or nothing to write it to."""


class GateShut(OperationFault):
    """Personal records are not allowed yet."""


class FileRefused(OperationFault):
    """The file was not added."""


class NotPrinted(OperationFault):
    """The page is not on paper."""


class NoFigures(OperationFault):
    """The figures did not come."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words
            or "The figures could not be worked out now. Your records are safe. "
            "Come back to this page to try again."
        )


class FiguresMistake(Exception):
    """A mistake of ours where figures are worked out. `elsewhere`: its frames, without values."""

    def __init__(self, elsewhere: tuple[str, ...]) -> None:
        super().__init__()
        self.elsewhere = elsewhere
