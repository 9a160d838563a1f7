"""What is asked for and what the answer looks like, whatever the decision.

Refuses to hold anything but facts: an answer lists the changes to write, it does not write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms.facts.decisions import DecisionRequest
from forms.rules.claims import stop
from forms.rules.finding import Finding
from forms.rules.pack import Pack
from forms.rules.records import Records
from forms.values import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Fields of one record that change, as Python values."""

    kind: type
    record_id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A record that goes (erasure of a person's files)."""

    kind: type
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Yes, and exactly this is to be written, in one transaction."""

    words: str
    sets: tuple[Sets, ...] = ()
    adds: tuple[Any, ...] = ()
    drops: tuple[Drop, ...] = ()
    findings: tuple[Finding, ...] = ()  # warnings that did not stop it
    erases: bool = False  # what these records said before goes out of every log


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No, with every reason."""

    findings: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, each once, in order."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    @property
    def words(self) -> str:
        """The reasons in plain words, each once."""
        return " ".join(dict.fromkeys(finding.because for finding in self.findings))


Answer = Granted | Refused


def refuse(findings: Sequence[Finding]) -> Refused:
    """A refusal with these reasons."""
    return Refused(findings=tuple(findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision asked for by somebody on a day, and the records around it."""

    pack: Pack
    request: DecisionRequest
    records: Records
    actor: Actor
    on: date
    problems: list[Finding] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The id of what is decided on."""
        return self.request.subject_id

    def no(self, rule: str, code: str, because: str) -> Finding:
        """A reason to refuse."""
        return stop(self.subject, rule, code, because)

    def text(self, name: str, *, needed: str = "") -> str:
        """A text of the payload; `needed` says what is missing when it is empty."""
        value = self.request.payload.get(name, "")
        text = value.strip() if isinstance(value, str) else ""
        if needed and not text:
            self.problems.append(self.no("PAYLOAD", "INCOMPLETE", needed))
        return text

    def day(self, name: str, *, needed: str = "") -> date | None:
        """A day of the payload, written like 2022-03-21."""
        value = self.request.payload.get(name)
        if value in (None, ""):
            if needed:
                self.problems.append(self.no("PAYLOAD", "INCOMPLETE", needed))
            return None
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            because = f"“{str(value)[:20]}” is not a day."
            self.problems.append(self.no("PAYLOAD", "NOT_A_DAY", because))
            return None
