"""In, out or ask: size, place, CQC line, DBS level.

Refuses to say that CQC is not needed: it prints the facts, the source and "check with CQC".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from forms.facts.people import Enterprise, Leader
from forms.rules.finding import Finding, Verdict, Weight
from forms.rules.pack import Choice, Pack
from forms.rules.rates import rate_on

# from this day a self-employed person may ask for more than basic, through an umbrella body
ENHANCED_FOR_SELF_EMPLOYED = date(2026, 1, 21)
_CQC_SOURCE = "SI 2014/2936 Sch 1 para 1 (P29); CQC guidance on ongoing role (P30)"
_DBS_SOURCE = "P32, P33, P36, P93"


def size_test(pack: Pack, employees: int | None, on: date, subject: str = "") -> Finding:
    """Whether an enterprise is small enough for the programme (fewer than the pack's limit)."""
    limit = pack.employee_limit
    if employees is None:
        return Finding(
            rule="SIZE",
            code="SIZE_NOT_KNOWN",
            verdict=Verdict.UNKNOWN,
            because="How many people it employs is not written down.",
            source=pack.size_basis,
            as_of=on,
            subject=subject,
        )
    if employees >= limit:
        return Finding(
            rule="SIZE",
            code="NOT_MICRO",
            verdict=Verdict.UNMET,
            because=f"It employs {employees}. A micro-provider here employs fewer than {limit}.",
            source=pack.size_basis,
            as_of=on,
            subject=subject,
        )
    near = employees == limit - 1
    return Finding(
        rule="SIZE",
        code="",
        verdict=Verdict.MET,
        because=f"It employs {employees}, fewer than {limit}."
        + (" One more would end it." if near else ""),
        source=pack.size_basis,
        as_of=on,
        weight=Weight.NOTES if near else Weight.BLOCKS,
        subject=subject,
    )


def in_area(pack: Pack, district: str, on: date, subject: str = "") -> Finding:
    """Whether the district belongs to the programme on that day."""
    place = pack.place(district) if district else None
    if not district:
        code, verdict, because = "NO_DISTRICT", Verdict.UNKNOWN, "The district is not written down."
    elif place is None:
        code, verdict = "OUT_OF_AREA", Verdict.UNMET
        because = f"{district} is not a place of this programme."
    elif on < place.valid_from or (place.valid_to is not None and on > place.valid_to):
        code, verdict = "OUT_OF_AREA", Verdict.UNMET
        because = f"{place.name} is not a district on this day."
    else:
        code, verdict, because = "", Verdict.MET, f"It is in {place.name}."
    return Finding(
        rule="AREA", code=code, verdict=verdict, because=because, as_of=on, subject=subject
    )


def area_groups(pack: Pack, district: str, town: str = "") -> list[Choice]:
    """The groupings that a place belongs to; a town may be grouped apart from its district."""
    place = pack.place(district)
    if place is None:
        return []
    codes = set(place.groups)
    said = town.casefold()
    codes |= {group for name, group in place.town_groups if name.casefold() in said}
    return [group for group in pack.area_groups if group.code in codes]


class Light(StrEnum):
    """How near to the CQC line."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareFacts:
    """What decides the CQC line. None means nobody has asked yet."""

    personal_care: bool | None = None
    entity_form: str = ""
    people: int | None = None  # who give the care
    directed_by: str = ""  # customer | relative | attorney | enterprise | council | ""
    shares_rota: bool | None = None  # shares, covers, or is managed by others
    agency_involved: bool | None = None
    council_package: bool | None = None


def care_facts(enterprise: Enterprise, leaders: Sequence[Leader] = ()) -> CareFacts:
    """What is known about the care, from the enterprise, its answers and who runs it.

    Answers in `Enterprise.facts`: directed_by (customer, relative, attorney, enterprise,
    council), shares_rota, agency_involved, council_package.
    """
    facts = enterprise.facts
    employed = enterprise.employee_count
    services = enterprise.service_types
    return CareFacts(
        personal_care=bool({"pc", "nurse"} & set(services)) if services else None,
        entity_form=enterprise.entity_form,
        people=None if employed is None else max(1, len(leaders)) + employed,
        directed_by=str(facts.get("directed_by") or ""),
        shares_rota=_yes_no(facts.get("shares_rota")),
        agency_involved=_yes_no(facts.get("agency_involved")),
        council_package=_yes_no(facts.get("council_package")),
    )


def _yes_no(answer: object) -> bool | None:
    return answer if isinstance(answer, bool) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CqcScreen:
    """The light, the facts it stands on, what to do. Never a ruling."""

    light: Light
    facts: tuple[str, ...]
    advice: str
    record: bool = False  # keep the signed answers
    source: str = _CQC_SOURCE


def cqc_screen(care: CareFacts) -> CqcScreen:
    """Where the arrangement stands to the CQC line, with its facts. Always: check with CQC."""
    if care.personal_care is False:
        facts = ("No personal care is given.",)
        return CqcScreen(
            light=Light.GREEN,
            facts=facts,
            advice="Ask again if the work changes. When in doubt, check with CQC.",
        )
    if care.personal_care is None:
        return CqcScreen(
            light=Light.AMBER,
            facts=("It is not known whether personal care is given.",),
            advice="Answer that first, then check with CQC.",
        )
    red = _red_facts(care)
    if red:
        return CqcScreen(
            light=Light.RED,
            facts=tuple(red),
            advice="Stop: ask CQC or a solicitor before any personal care.",
            record=True,
        )
    amber = _amber_facts(care)
    if amber:
        return CqcScreen(
            light=Light.AMBER,
            facts=tuple(amber),
            advice="Ask CQC before any personal care, and write down what they say.",
            record=True,
        )
    return CqcScreen(
        light=Light.GREEN,
        facts=(
            "One person gives the care, by themselves.",
            f"The {care.directed_by} directs the care.",
            "No agency and nobody else's rota.",
        ),
        advice="Keep the signed answers, ask again at each change, and check with CQC.",
        record=True,
    )


def _red_facts(care: CareFacts) -> list[str]:
    facts = []
    if care.entity_form and care.entity_form != "SOLE":
        facts.append(f"A body ({care.entity_form}) would supply the care.")
    if care.people is not None and care.people > 1:
        facts.append(f"{care.people} people give the care.")
    if care.shares_rota and (care.people or 1) > 1:
        facts.append("They share, cover or are managed.")
    if care.council_package:
        facts.append("The council arranges the care as a package.")
    return facts


def _amber_facts(care: CareFacts) -> list[str]:
    facts = []
    if care.shares_rota:
        facts.append("Somebody would cover or share a rota: that may be an agency.")
    elif care.shares_rota is None:
        facts.append("It is not known whether anybody covers or shares a rota.")
    if care.agency_involved:
        facts.append("An agency is involved.")
    elif care.agency_involved is None:
        facts.append("It is not known whether an agency is involved.")
    if care.directed_by not in ("customer", "relative", "attorney"):
        facts.append("It is not the customer, a relative or an attorney who directs the care.")
    if care.people is None:
        facts.append("It is not known how many people give the care.")
    if not care.entity_form:
        facts.append("The legal form is not chosen yet.")
    return facts


class DbsLevel(StrEnum):
    """How deep a DBS check may go."""

    BASIC = "basic"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced with the adults' barred list"


# work that counts as regulated activity with adults (a different thing from CQC's)
_REGULATED = frozenset({"pc", "nurse", "med"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DbsAnswer:
    """The level the work calls for, the level that can be had that day, and the fee."""

    called_for: DbsLevel
    can_get: DbsLevel
    fee: Decimal | None
    because: str
    source: str = _DBS_SOURCE


def dbs_level(
    pack: Pack,
    services: Sequence[str],
    on: date,
    *,
    handles_money: bool = False,
    conveys: bool = False,
    organisation_asks: bool = False,
    volunteer: bool = False,
) -> DbsAnswer:
    """The DBS level on a day. Before 21 January 2026 a sole trader alone got only basic."""
    if _REGULATED & set(services) or handles_money or conveys:
        wanted = DbsLevel.ENHANCED_BARRED
        because = "This work is regulated activity with adults."
    elif "mh" in services:
        wanted = DbsLevel.ENHANCED
        because = "This is close work with adults that is not regulated activity now."
    else:
        wanted = DbsLevel.BASIC
        because = "This work is not regulated activity: a barred-list check would be unlawful."
    can = wanted
    if (
        wanted is not DbsLevel.BASIC
        and on < ENHANCED_FOR_SELF_EMPLOYED
        and not (organisation_asks or volunteer)
    ):
        can = DbsLevel.BASIC
        because += (
            " Before 21 January 2026 a self-employed person alone could get only a basic check;"
            " more needed an organisation to ask."
        )
    kind = "dbs_basic" if can is DbsLevel.BASIC else "dbs_enhanced"
    fee = rate_on(pack, "dbs_volunteer" if volunteer else kind, on)
    return DbsAnswer(
        called_for=wanted, can_get=can, fee=fee.value if fee else None, because=because
    )


def permission_screen(leader: Leader, on: date) -> Finding:
    """Whether the person's permission covers self-employment. Yes, no or not yet; no advice."""
    said = leader.self_employment_permission
    verdict = {
        "not needed": Verdict.MET,
        "confirmed": Verdict.MET,
        "not confirmed": Verdict.UNMET,
    }.get(said, Verdict.UNKNOWN)
    code = "" if verdict is Verdict.MET else "PERMISSION_NOT_CONFIRMED"
    because = {
        Verdict.MET: f"Permission to be self-employed: {said}.",
        Verdict.UNMET: "Permission to be self-employed: not confirmed. Refer to an immigration "
        "adviser; the coach gives no immigration advice.",
        Verdict.UNKNOWN: "It is not written down whether permission is needed.",
    }[verdict]
    return Finding(
        rule="C60",
        code=code,
        verdict=verdict,
        because=because,
        source="P72",
        as_of=on,
        weight=Weight.BLOCKS if verdict is Verdict.UNMET else Weight.WARNS,
        subject=leader.id,
    )


def size_and_area(pack: Pack, enterprise: Enterprise, on: date) -> list[Finding]:
    """S02 in two parts: small enough, and in the programme's area."""
    return [
        size_test(pack, enterprise.employee_count, on, enterprise.id),
        in_area(pack, enterprise.district, on, enterprise.id),
    ]
