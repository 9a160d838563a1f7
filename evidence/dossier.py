"""Gather the facts of a programme as of a day, once, with where they came from and their hash.

The hash covers every fact, so two reports with the same hash say the same. Refuses to write,
to fetch, and to read the clock: the day is given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

import msgspec

from forms.facts.casework import Action, EntityDecision, StageEvent
from forms.facts.listing import Concern, QACheck, RegisterEntry
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import (
    ActivityReturn,
    Colleague,
    Consent,
    Dpia,
    Enquiry,
    Enterprise,
    Leader,
    Tally,
)
from forms.rules.indicators.world import World
from forms.rules.pack import Pack

F = TypeVar("F")


class Reader(Protocol):
    """What a dossier needs of a vault: its read side."""

    def all(self, cls: type[Any], **equals: object) -> list[Any]:
        """Records of one kind, deleted ones left out, ordered by id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How complete the vault was when the facts were taken."""

    unsent: int | None = None  # edits on this laptop that the register does not have yet
    last_exchange: datetime | None = None
    to_check: int | None = None  # fields with two values, waiting for a person
    practice: bool = False  # fictional practice data

    @property
    def in_words(self) -> str:
        """One or two sentences for the cover and the footer."""
        parts = []
        if self.practice:
            parts.append("Practice data: every person and enterprise is invented.")
        if self.last_exchange is not None:
            day = self.last_exchange.date()
            parts.append(f"The register was last reached on {day.day} {day:%B %Y}.")
        else:
            parts.append("These records have not been exchanged with a register.")
        if self.unsent:
            parts.append(f"{self.unsent} changes on this laptop were not sent yet.")
        if self.to_check:
            parts.append(f"{self.to_check} fields had two values and were still to be checked.")
        return " ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Dossier(World):
    """A world of facts, with names for people to read, provenance and a hash."""

    leaders: tuple[Leader, ...] = ()
    consents: tuple[Consent, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    actions: tuple[Action, ...] = ()
    provenance: Provenance = Provenance()

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every fact, the pack and the day: same hash, same figures."""
        facts = replace(self, provenance=Provenance())
        packed = msgspec.json.encode(facts, order="deterministic")
        return hashlib.sha256(packed).hexdigest()

    def name_of(self, enterprise_id: str) -> str:
        """An enterprise as people call it."""
        enterprise = self.by_id.get(enterprise_id)
        if enterprise is None:
            return "Unknown enterprise"
        if enterprise.anonymised_on is not None:
            return "Erased at the person's wish"
        return enterprise.name or "Unnamed enterprise"

    def district_name(self, code: str) -> str:
        """A district's name, or that it is not recorded."""
        place = self.pack.place(code)
        return place.name if place else (code or "Not recorded")


def gather(reader: Reader, pack: Pack, as_of: date, *, practice: bool = False) -> Dossier:
    """Every fact a report needs, as of a day. One read per kind; nothing dated later is kept.

    Private notes stay in the vault.
    """

    def read(cls: type[F]) -> tuple[F, ...]:
        return tuple(sorted(reader.all(cls), key=lambda record: str(getattr(record, "id", ""))))

    def until(cls: type[F], field: str) -> tuple[F, ...]:
        return tuple(x for x in read(cls) if _by(getattr(x, field), as_of))

    claims, later = _split(read(SeedClaim), as_of)
    return Dossier(
        pack=pack,
        as_of=as_of,
        enquiries=until(Enquiry, "created_on"),
        tallies=until(Tally, "on"),
        enterprises=read(Enterprise),
        stage_events=until(StageEvent, "on"),
        returns=read(ActivityReturn),
        claims=claims,
        lines=tuple(line for line in read(ClaimLine) if line.claim_id not in later),
        claim_events=read(ClaimEvent),
        entries=read(RegisterEntry),
        checks=until(QACheck, "seen_on"),
        concerns=until(Concern, "raised_on"),
        decisions=until(EntityDecision, "decided_on"),
        dpias=read(Dpia),
        leaders=tuple(replace(leader, private_note="") for leader in read(Leader)),
        consents=until(Consent, "given_on"),
        colleagues=read(Colleague),
        actions=read(Action),
        provenance=_provenance(reader, practice=practice),
    )


def _split(
    claims: tuple[SeedClaim, ...], as_of: date
) -> tuple[tuple[SeedClaim, ...], frozenset[str]]:
    """Claims drafted by the day, and the ids of those drafted later."""
    kept = tuple(claim for claim in claims if _by(claim.drafted_on, as_of))
    return kept, frozenset({c.id for c in claims} - {c.id for c in kept})


def _by(day: date | None, as_of: date) -> bool:
    return day is None or day <= as_of


def _provenance(reader: Reader, *, practice: bool) -> Provenance:
    def ask(name: str) -> Any:
        question = getattr(reader, name, None)
        return question() if callable(question) else None

    open_ones = ask("conflicts")
    return Provenance(
        unsent=ask("unsent_count"),
        last_exchange=ask("last_sent_at"),
        to_check=len(open_ones) if open_ones is not None else None,
        practice=practice,
    )


def to_json(dossier: Dossier) -> bytes:
    """The dossier as it travels to a rendering process."""
    return msgspec.json.encode(dossier)


def from_json(packed: bytes) -> Dossier:
    """A dossier from the pipe. Raises msgspec.ValidationError when it does not fit."""
    return msgspec.json.decode(packed, type=Dossier)
