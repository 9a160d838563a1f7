"""What a rule says: a code, met | unmet | unknown, plain words, and where the rule comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a rule is met. Unknown means a fact is missing, and the words say which."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class Weight(StrEnum):
    """What an unmet finding does."""

    BLOCKS = "blocks"
    WARNS = "warns"
    NOTES = "notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule applied once. The letter, the screen and the register print the same finding."""

    rule: str  # e.g. S03
    code: str  # e.g. OUT_OF_WINDOW; "" when met
    verdict: Verdict
    because: str  # plain words with the facts in them
    source: str = ""  # paper and paragraph, or page
    as_of: date | None = None
    weight: Weight = Weight.BLOCKS
    subject: str = ""  # record id it is about, e.g. a claim line

    @property
    def blocks(self) -> bool:
        """Whether this finding stops the thing it is about."""
        return self.verdict is not Verdict.MET and self.weight is Weight.BLOCKS


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop it, in order."""
    return [finding for finding in findings if finding.blocks]
