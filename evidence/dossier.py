"""Gather the facts of a programme as of a day, once, with where they came from and their hash.

The hash covers every fact, so two reports with the same hash say the same. Refuses to write,
to fetch, and to read the clock: the day is given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

import msgspec

from forms.engine.kept_answers import kept_answers
from forms.facts.casework import Action, ChecklistItem, EntityDecision, FormResponse, StageEvent
from forms.facts.listing import Concern, QACheck, RegisterEntry
from forms.facts.market import MarketGap, Signpost
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
from forms.rules.indicators import Answered
from forms.rules.indicators.survey import FORM
from forms.rules.indicators.world import World
from forms.rules.pack import Pack
from forms.values import london_day

F = TypeVar("F")
_JSON = msgspec.json.Encoder(order="deterministic")
_AT_ONCE = 500  # records
_READ_FORMS = frozenset({FORM})  # forms whose answers feed figures
_LONGEST_ANSWER = 30  # a code, a day or a number; longer is somebody's own words


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
        found = hashlib.sha256()
        for piece in pieces(replace(self, provenance=Provenance())):
            found.update(piece)
        return found.hexdigest()

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

    whole = Dossier(
        pack=pack,
        as_of=as_of,
        enquiries=read(Enquiry),
        tallies=read(Tally),
        enterprises=read(Enterprise),
        stage_events=read(StageEvent),
        returns=read(ActivityReturn),
        claims=read(SeedClaim),
        lines=read(ClaimLine),
        claim_events=read(ClaimEvent),
        entries=read(RegisterEntry),
        checks=read(QACheck),
        concerns=read(Concern),
        decisions=read(EntityDecision),
        dpias=read(Dpia),
        gaps=read(MarketGap),
        signposts=read(Signpost),
        items=tuple(_without(item, "note") for item in read(ChecklistItem)),
        answers=tuple(_answered(response) for response in read(FormResponse)),
        leaders=tuple(_without(leader, "private_note") for leader in read(Leader)),
        consents=read(Consent),
        colleagues=read(Colleague),
        actions=read(Action),
        provenance=provenance_of(reader, practice=practice),
    )
    return back_to(whole, as_of)


def back_to(dossier: Dossier, day: date) -> Dossier:
    """The same facts as of an earlier day (or the same): what is dated later is not kept."""

    def until(records: tuple[F, ...], field: str) -> tuple[F, ...]:
        return tuple(x for x in records if _by(getattr(x, field), day))

    claims, later = _split(dossier.claims, day)
    return replace(
        dossier,
        as_of=day,
        enquiries=until(dossier.enquiries, "created_on"),
        tallies=until(dossier.tallies, "on"),
        stage_events=until(dossier.stage_events, "on"),
        claims=claims,
        lines=tuple(line for line in dossier.lines if line.claim_id not in later),
        checks=until(dossier.checks, "seen_on"),
        concerns=until(dossier.concerns, "raised_on"),
        decisions=until(dossier.decisions, "decided_on"),
        consents=until(dossier.consents, "given_on"),
        gaps=until(dossier.gaps, "opened_on"),
        signposts=until(dossier.signposts, "on"),
        answers=until(dossier.answers, "on"),
    )


def within(dossier: Dossier, *, since: date | None = None, area: str = "") -> Dossier:
    """The same facts for a period, and for one district when a place code is given.

    What belongs to another district is out of sight, not left out; what is earlier is left out by
    each figure that speaks of a period, with the reason.
    """
    if not area:
        return replace(dossier, since=since)
    here = frozenset(e.id for e in dossier.enterprises if e.district == area)

    def theirs(records: tuple[F, ...], field: str = "enterprise_id") -> tuple[F, ...]:
        return tuple(x for x in records if getattr(x, field) in here)

    def placed(records: tuple[F, ...]) -> tuple[F, ...]:
        return tuple(x for x in records if getattr(x, "district", "") == area)

    return replace(
        dossier,
        since=since,
        area=area,
        enquiries=placed(dossier.enquiries),
        tallies=placed(dossier.tallies),
        gaps=placed(dossier.gaps),
        signposts=placed(dossier.signposts),
        enterprises=theirs(dossier.enterprises, "id"),
        stage_events=theirs(dossier.stage_events),
        returns=theirs(dossier.returns),
        claims=theirs(dossier.claims),
        lines=theirs(dossier.lines),
        claim_events=theirs(dossier.claim_events),
        entries=theirs(dossier.entries),
        checks=theirs(dossier.checks),
        concerns=theirs(dossier.concerns),
        decisions=theirs(dossier.decisions),
        items=theirs(dossier.items),
        answers=theirs(dossier.answers),
        leaders=theirs(dossier.leaders),
        consents=theirs(dossier.consents),
        actions=theirs(dossier.actions),
    )


def _without(record: F, name: str) -> F:
    """The record without these words; one that has none is not made anew."""
    return replace(record, **{name: ""}) if getattr(record, name) else record  # type: ignore[type-var]


def _answered(response: FormResponse) -> Answered:
    """A filled form as plain answers: without the words written in it, which may name people."""
    given = kept_answers(response.instance_xml)
    values = {name: text for name, text in given.items() if len(text) <= _LONGEST_ANSWER}
    done = response.finalised_at
    return Answered(
        id=response.id,
        form_id=response.form_id,
        enterprise_id=response.enterprise_id,
        state=response.state,
        on=_day(given.get("asked_on", "")) or (london_day(done) if done is not None else None),
        values=values if response.form_id in _READ_FORMS else {},
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _split(
    claims: tuple[SeedClaim, ...], as_of: date
) -> tuple[tuple[SeedClaim, ...], frozenset[str]]:
    """Claims drafted by the day, and the ids of those drafted later."""
    kept = tuple(claim for claim in claims if _by(claim.drafted_on, as_of))
    return kept, frozenset({c.id for c in claims} - {c.id for c in kept})


def _by(day: date | None, as_of: date) -> bool:
    return day is None or day <= as_of


def provenance_of(reader: Reader, *, practice: bool) -> Provenance:
    """How complete the records are now."""

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


def pieces(dossier: Dossier) -> Iterator[bytes]:
    """The dossier as JSON, bit by bit: the whole of a county's is 60 MB."""
    mark = b"{"
    for name in (one.name for one in fields(dossier)):
        yield mark + b'"' + name.encode() + b'":'
        value = getattr(dossier, name)
        if isinstance(value, tuple):
            yield b"["
            for start in range(0, len(value), _AT_ONCE):
                some = _JSON.encode(value[start : start + _AT_ONCE])[1:-1]
                yield b"," + some if start else some
            yield b"]"
        else:
            yield _JSON.encode(value)
        mark = b","
    yield b"}"
