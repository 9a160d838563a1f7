"""Faults of a journey, told apart in one place.

JourneyError
├── CaseError     a case file says something that cannot be played
└── StepRefusedError   a part of the product refused a step that the case expected to pass

Refuses to hide a bug: anything else that is raised is one, and goes through.
"""

from __future__ import annotations


class JourneyError(Exception):
    """The journey cannot go on. The words say where and why."""


class CaseError(JourneyError):
    """A case file names something that is not there."""


class StepRefusedError(JourneyError):
    """The product said no where the case expected yes."""
