"""The list of record kinds, and how a record becomes wire values and back.

One table drives vault tables, wire checks and register columns; a kind missing here does not
exist. Refuses unknown Python types at import time; unknown *fields* from a newer peer are kept
by the caller, never dropped.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from forms.facts import (
    casework,
    decisions,
    handover,
    listing,
    market,
    money,
    people,
    published,
)
from forms.facts.field import Policy

Record = Any  # one of the frozen dataclasses below; each has `id: str`
Json = Any  # str | int | float | bool | None | list | dict


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a kind: its Python type without None, whether None is allowed, its policy."""

    name: str
    type: type
    optional: bool
    policy: Policy
    required: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its wire name, its dataclass, whether it is only ever added to."""

    name: str
    cls: type
    append_only: bool = False
    local: bool = False  # never travels by ops (decision requests)

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """Every field but `id`, in order."""
        return _specs(self.cls)

    @property
    def parent_field(self) -> str | None:
        """The field that ties the record to an enterprise, if it has one."""
        return "enterprise_id" if any(s.name == "enterprise_id" for s in self.specs) else None


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("dpia", people.Dpia),
        Kind("colleague", people.Colleague),
        Kind("tally", people.Tally, append_only=True),
        Kind("enquiry", people.Enquiry),
        Kind("enterprise", people.Enterprise),
        Kind("leader", people.Leader),
        Kind("consent", people.Consent),
        Kind("activity_return", people.ActivityReturn),
        Kind("stage_event", casework.StageEvent, append_only=True),
        Kind("session", casework.CoachingSession),
        Kind("action", casework.Action),
        Kind("checklist_item", casework.ChecklistItem),
        Kind("entity_decision", casework.EntityDecision),
        Kind("form_response", casework.FormResponse),
        Kind("attachment", casework.Attachment),
        Kind("signature", casework.Signature, append_only=True),
        Kind("seed_claim", money.SeedClaim),
        Kind("claim_line", money.ClaimLine),
        Kind("claim_event", money.ClaimEvent, append_only=True),
        Kind("register_entry", listing.RegisterEntry),
        Kind("qa_check", listing.QACheck),
        Kind("concern", listing.Concern),
        Kind("market_gap", market.MarketGap),
        Kind("signpost", market.Signpost),
        Kind("handover", handover.Handover),
        Kind("published_form", published.PublishedForm),
        Kind("published_pack", published.PublishedPack),
        Kind("decision_request", decisions.DecisionRequest, local=True),
    )
}
MOST_NUMBER = 10**12  # of anything: ten billion pounds, a terabyte
_WORDS = (str, tuple, dict)
_BY_CLASS = {kind.cls: kind for kind in KINDS.values()}
_ALLOWED = (str, int, bool, date, datetime, Decimal, tuple, dict)


def kind_of(record_or_class: object) -> Kind:
    """The kind of a record or of a record class. Raises KeyError for anything else."""
    cls = record_or_class if isinstance(record_or_class, type) else type(record_or_class)
    return _BY_CLASS[cls]


@cache
def _specs(cls: type) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(cls)
    out = []
    for item in fields(cls):
        if item.name == "id":
            continue
        hint, optional = _without_none(hints[item.name])
        plain = get_origin(hint) or hint
        if plain not in _ALLOWED:
            raise TypeError(f"{cls.__name__}.{item.name}: {hint} cannot travel")
        required = item.default is MISSING and item.default_factory is MISSING
        policy = item.metadata.get("policy", Policy.FACT)
        out.append(FieldSpec(item.name, plain, optional, policy, required))
    return tuple(out)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [arg for arg in get_args(hint) if arg is not type(None)]
        return rest[0], True
    return hint, False


def to_json(value: object) -> Json:
    """One Python value as it travels: dates ISO, datetimes ISO UTC, Decimal as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return value


@cache
def defaults_of(kind: str) -> Mapping[str, Json]:
    """What a record of this kind holds, as it travels, where nobody has said anything."""
    cls = KINDS[kind].cls
    required = {s.name: "" for s in KINDS[kind].specs if s.required}
    fresh = cls(id="", **required)
    plain = {s.name: to_json(getattr(fresh, s.name)) for s in KINDS[kind].specs if not s.required}
    return types.MappingProxyType(plain)


def from_json(spec: FieldSpec, value: Json) -> object:
    """The Python value of a field from the wire. Raises ValueError in plain words."""
    if value is None:
        if spec.optional:
            return None
        raise ValueError(f"{spec.name} may not be empty")
    try:
        return _CONVERT[spec.type](value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{spec.name} cannot be {value!r}") from error


def fits(spec: FieldSpec, value: Json) -> bool:
    """Whether a value may stand in a field: of its type, and one that everybody can hold.

    Every number of a record is money or a count, from nought; every moment says its time zone.
    """
    try:
        found = from_json(spec, value)
        if spec.type in _WORDS and not can_be_kept(value):
            return False
        if isinstance(found, datetime):
            return found.tzinfo is not None and bool(found.astimezone(UTC))
        if isinstance(found, Decimal):  # written out, neither may fill a page
            return found.is_finite() and abs(found.adjusted()) < 20 and 0 <= found <= MOST_NUMBER
    except (ValueError, ArithmeticError):
        return False
    return type(found) is not int or 0 <= found <= MOST_NUMBER


def can_be_kept(value: Json) -> bool:
    """Whether every text inside a value is one that every database can hold: NUL ends a text."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return all(can_be_kept(name) and can_be_kept(one) for name, one in value.items())
    return not isinstance(value, list) or all(map(can_be_kept, value))


def _exactly(cls: type) -> Any:
    def check(value: Json) -> object:
        if type(value) is not cls:
            raise TypeError(f"not a {cls.__name__}")
        return value

    return check


_CONVERT: Mapping[type, Any] = {
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    dict: _exactly(dict),
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: lambda v: Decimal(_exactly(str)(v)),
    tuple: lambda v: tuple(_exactly(str)(x) for x in _exactly(list)(v)),
}


def fields_of(record: Record) -> dict[str, Json]:
    """All fields of a record but its id, as they travel."""
    return {s.name: to_json(getattr(record, s.name)) for s in kind_of(record).specs}


def record_from(kind: Kind, record_id: str, values: Mapping[str, Json]) -> Record:
    """A record from wire values; missing fields take their defaults, unknown ones are ignored.

    Raises ValueError when a value does not fit its field or a required one is missing.
    """
    known = {s.name: from_json(s, values[s.name]) for s in kind.specs if s.name in values}
    missing = [s.name for s in kind.specs if s.required and s.name not in known]
    if missing:
        raise ValueError(f"{kind.name} needs {', '.join(missing)}")
    return kind.cls(id=record_id, **known)
