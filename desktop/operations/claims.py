"""Seed-fund claims on the laptop: drafting them, their lines and papers.

Everything after the draft is the register's to decide (desktop.operations.decisions). Refuses to
change a claim that has left the coach's hands.
"""

from __future__ import annotations

from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.operations.writing import Writing
from forms.facts.money import ClaimLine, SeedClaim
from forms.values import new_id

EDITABLE = ("DRAFT", "RETURNED")


def start_claim(
    writing: Writing, enterprise_id: str, *, policy_version: str, applicant: str
) -> str:
    """Begin a draft with one empty line. Returns the claim's id."""
    claim = SeedClaim(
        id=new_id(),
        enterprise_id=enterprise_id,
        policy_version=policy_version,
        drafted_by_id=writing.actor.id,
        drafted_on=writing.today,
        applicant=applicant,
    )
    writing.unit.add(claim)
    writing.unit.add(ClaimLine(id=new_id(), claim_id=claim.id, enterprise_id=enterprise_id))
    return claim.id


def _open_claim(writing: Writing, claim_id: str) -> SeedClaim:
    claim: SeedClaim | None = writing.reader.get(SeedClaim, claim_id)
    if claim is None:
        raise NothingWritten("Nothing was changed: this claim is no longer on this laptop.")
    if claim.state not in EDITABLE:
        raise NothingWritten(
            "Nothing was changed: this claim has been sent. Withdraw it to change it."
        )
    return claim


def set_claim(writing: Writing, claim_id: str, **fields: Any) -> None:
    """Change fields of a draft claim."""
    _open_claim(writing, claim_id)
    writing.unit.set(SeedClaim, claim_id, **fields)


def add_line(writing: Writing, claim_id: str) -> str:
    """Add an empty line to a draft. Returns its id."""
    claim = _open_claim(writing, claim_id)
    line = ClaimLine(id=new_id(), claim_id=claim_id, enterprise_id=claim.enterprise_id)
    writing.unit.add(line)
    return line.id


def set_line(writing: Writing, line_id: str, **fields: Any) -> None:
    """Change fields of a line of a draft."""
    line = _line(writing, line_id)
    _open_claim(writing, line.claim_id)
    writing.unit.set(ClaimLine, line_id, **fields)


def remove_line(writing: Writing, line_id: str) -> None:
    """Take a line off a draft; history keeps it."""
    line = _line(writing, line_id)
    _open_claim(writing, line.claim_id)
    writing.unit.remove(ClaimLine, line_id, why="taken off the draft")


def _line(writing: Writing, line_id: str) -> ClaimLine:
    line: ClaimLine | None = writing.reader.get(ClaimLine, line_id)
    if line is None:
        raise NothingWritten("Nothing was changed: this line is no longer on this laptop.")
    return line


def attach_to_line(writing: Writing, line_id: str, attachment_id: str) -> None:
    """Put a paper beside a line: quote, price list or receipt."""
    line = _line(writing, line_id)
    if attachment_id not in line.files:
        set_line(writing, line_id, files=(*line.files, attachment_id))
