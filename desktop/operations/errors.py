"""Faults of operations that a person can act on. Each str() is a plain sentence.

OperationFault
├── NothingWritten   a field was empty or a record is gone; what was typed stays on the screen
├── GateShut         the data protection assessment is not signed yet
├── FileRefused      a file is too large, empty or of a kind that is not kept
└── NotPrinted       no printer, or it did not take the page
Everything else is a bug or comes from storage.errors.
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
