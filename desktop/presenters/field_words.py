"""Fields of records in people's words, and typed words back into the field's own type.

Refuses a value that does not fit its field, in words that say what to type.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from desktop.presenters import words
from forms.facts.kinds import KINDS, FieldSpec, to_json

KIND_WORDS = {
    "enterprise": "Enterprise",
    "leader": "Leader",
    "enquiry": "Enquiry",
    "session": "Timeline entry",
    "action": "Promise",
    "checklist_item": "Checklist",
    "entity_decision": "Legal form",
    "form_response": "Form",
    "attachment": "File",
    "signature": "Signature",
    "seed_claim": "Claim",
    "claim_line": "Claim line",
    "activity_return": "Activity return",
    "register_entry": "Listing",
    "qa_check": "Check",
    "concern": "Concern",
    "stage_event": "Stage",
    "claim_event": "Claim step",
    "dpia": "Assessment",
    "tally": "Anonymous count",
    "colleague": "Colleague",
    "market_gap": "Gap",
    "signpost": "Signpost",
    "handover": "Offer of a case",
    "published_form": "Published form",
    "published_pack": "Programme pack",
    "consent": "Consent",
}
FIELD_WORDS = {
    "name": "name",
    "phone": "phone",
    "email": "email",
    "place": "village or town",
    "district": "district",
    "access_needs": "access needs",
    "entity_form": "legal form",
    "employee_count": "people employed",
    "facts": "facts for the checklist",
    "established_on": "established on",
    "first_delivery_on": "first paid day",
    "price_pence": "usual price an hour",
    "service_types": "services",
    "target_groups": "who it is for",
    "coach_id": "coach",
    "strand": "kind of work",
    "state": "state",
    "reason": "reason",
    "said_by": "who said so",
    "evidence_ref": "evidence",
    "evidence_on": "evidence seen on",
    "expires_on": "runs out on",
    "checked_by_id": "checked by",
    "checked_on": "checked on",
    "files": "files",
    "note": "note",
    "text": "what to do",
    "due_on": "due on",
    "done_on": "done on",
    "waiting_on": "waiting for",
    "what": "what it is",
    "cost_kind": "kind of cost",
    "pence": "amount",
    "cost_on": "date of cost",
    "supplier": "supplier",
    "quotes": "quotes",
    "invoice_no": "invoice number",
    "barrier": "what it removes",
    "applicant": "applicant",
    "hours_week": "hours a week",
    "people": "people supported",
    "_deleted": "kept or taken away",
}
CODED = frozenset(  # one of a few, never any words
    {
        "category",
        "came_by",
        "channel",
        "closed_reason",
        "closed_why",
        "code",
        "cost_kind",
        "district",
        "entity_form",
        "heard_from",
        "kind",
        "mime",
        "origin",
        "outcome",
        "owner",
        "purpose",
        "role",
        "said_by",
        "seen_how",
        "self_employment_permission",
        "service_type",
        "stage",
        "state",
        "status",
        "strand",
        "target_group",
    }
)
AHEAD = frozenset({"due_on", "review_on", "expires_on"})  # the days that are still to come
MONEY_KINDS = ("seed_claim", "claim_line")


def field_words(kind: str, field: str) -> str:
    """Enterprise: village or town."""
    return f"{KIND_WORDS.get(kind, 'Record')}: {FIELD_WORDS.get(field, field.replace('_', ' '))}"


def value_words(field: str, value: object) -> str:
    """A travelled value as it is shown."""
    if field == "_deleted":
        return "taken away" if value else "kept"
    if field.endswith("pence") and isinstance(value, int):
        return words.money(value)
    return words.plain(value)


def spec_of(kind: str, field: str) -> FieldSpec | None:
    """The field's type, or None when it is not one of this kind's."""
    known = KINDS.get(kind)
    return next((s for s in known.specs if s.name == field), None) if known else None


def can_be_typed(kind: str, field: str) -> bool:
    """Whether a new value can be written in one line: words, a number, an amount or a day."""
    if field in CODED or field.endswith(("_id", "sha256")):
        return False
    spec = spec_of(kind, field)
    return spec is not None and spec.type in (str, int, date, Decimal)


def read_value(kind: str, field: str, text: str, today: date) -> object:
    """Typed words as the field's travelled value. Raises NotThat in words."""
    spec = spec_of(kind, field)
    if spec is None or not can_be_typed(kind, field):
        raise words.NotThat("This field cannot be typed here. Choose one of the two values.")
    value = _typed(spec, text.strip(), today)
    if value is None and not spec.optional:
        raise words.NotThat("Write the new value first.")
    return to_json(value)


def _typed(spec: FieldSpec, text: str, today: date) -> object:
    if spec.type is date:
        return words.read_day(text, today, ahead=spec.name in AHEAD)
    if spec.name.endswith("pence"):
        return words.read_money(text)
    if spec.type is int:
        return words.read_whole(text)
    if spec.type is Decimal:
        return _decimal(text)
    return text


def _decimal(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise words.NotThat("Write a number, like 12.5.") from error
    if not value.is_finite():
        raise words.NotThat("Write a number, like 12.5.")
    return value
