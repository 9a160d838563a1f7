"""A line of a play, with the faults that lines have.

Refuses to know what must hold: `tests.sync.play` checks it.
"""

from __future__ import annotations

from sync import errors
from tests.sync import papers


class Wire:
    """A line with faults: each is used once."""

    def __init__(self, play, name):
        self.play, self.name, self.url = play, name, "http://register.invalid"
        self.fault, self.late = "", []
        self.between_parts = lambda: None  # done once, before a part that is not the first

    def send(self, method, path, headers, body):
        fault, self.fault = self.fault, ""
        if fault in ("drop pull", "forged pull") and path != "/v1/pull":
            self.fault, fault = fault, ""  # its turn comes
        if fault in papers.FAULTS and (method != "PATCH" or "start=0" in path):
            self.fault, fault = fault, ""  # a first part gets through
        if fault in ("drop request", "drop pull", "drop part"):
            raise errors.Unreachable
        if fault == "slow part":
            raise errors.Slow
        if method == "PATCH" and "start=0" not in path:
            meanwhile, self.between_parts = self.between_parts, lambda: None
            meanwhile()
        if fault == "register dies":
            self.play.crash = True
        answer = self.play.line.send(method, path, headers, body)
        if fault == "twice":
            answer = self.play.line.send(method, path, headers, body)
        if fault == "late":
            for old in self.late[-2:]:
                self.play.line.send(*old)
        self.late.append((method, path, headers, body))
        return self._back(fault, answer)

    def _back(self, fault, answer):
        """What of the answer arrives."""
        if fault in ("drop answer", "drop part's answer"):
            raise errors.Unreachable
        if fault == "cut answer":
            half = answer.body[: len(answer.body) // 2]
            return type(answer)(answer.status, answer.headers, half)
        return self.play.forged(answer) if fault == "forged pull" else answer
