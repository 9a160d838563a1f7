"""One enterprise on two pages: who, how far, what is checked, what it does, what it was paid.

For the coach and the leader to read together. Carries no private note and no reason for a
suspension.
"""

from __future__ import annotations

from decimal import Decimal

from evidence.blocks import (
    Block,
    Column,
    Document,
    Fact,
    Facts,
    Format,
    Heading,
    Para,
    Table,
    Value,
    apart,
    long_date,
    short_date,
)
from evidence.dossier import Dossier
from evidence.reports.reasons import title_of
from forms.facts.people import Enterprise
from forms.rules.indicators import NOT_COLLECTED
from forms.rules.indicators.quality import status_on, status_words


def build(dossier: Dossier, enterprise_id: str) -> Document:
    """The summary. Raises KeyError when there is no such enterprise."""
    enterprise = dossier.by_id[enterprise_id]
    return Document(
        title=dossier.name_of(enterprise_id),
        subtitle=f"Where things stand on {long_date(dossier.as_of)}",
        council=f"{dossier.pack.title}, {dossier.pack.council}",
        as_of=dossier.as_of,
        reference="",
        provenance=dossier.provenance.in_words,
        published=False,
        blocks=(
            *_facts(dossier, enterprise),
            *_story(dossier, enterprise),
            *_returns(dossier, enterprise),
            *_claims(dossier, enterprise),
            *_checks(dossier, enterprise),
        ),
        mark="Practice data" if dossier.provenance.practice else "",
    )


CHECK_WORDS = {"dbs": "DBS check", "food": "Food hygiene", "moving_handling": "Moving and handling"}


def _check(kind: str) -> str:
    return CHECK_WORDS.get(kind, kind.replace("_", " ").capitalize())


def _facts(dossier: Dossier, enterprise: Enterprise) -> list[Block]:
    latest = dossier.latest_returns.get(enterprise.id)
    paid = sum(x.pence for x in dossier.paid_lines if x.enterprise_id == enterprise.id)
    hours = latest.hours_week if latest else None
    people = latest.people if latest else None
    told = f"Quarter to {short_date(latest.period_to)}" if latest else "No recent return"
    stages = {choice.code: choice.label for choice in dossier.pack.stages}
    stage = dossier.stage_at(enterprise.id, dossier.as_of)
    why = dossier.why_not_active(enterprise, dossier.as_of)
    return [
        Facts(
            (
                Fact("Stage", stages.get(stage, stage) or "No stage yet",
                     why or "Active"),
                Fact("Hours a week", NOT_COLLECTED if hours is None else f"{hours.normalize():f}",
                     told),
                Fact("People supported", NOT_COLLECTED if people is None else str(people), told),
                Fact("Legal form", *_in_two(_form(dossier, enterprise.entity_form))),
                Fact("Established", _day(enterprise.established_on), ""),
                Fact("Seed fund paid", *_paid(dossier, enterprise, paid)),
            )
        )
    ]  # fmt: skip


def _paid(dossier: Dossier, enterprise: Enterprise, pence: int) -> tuple[str, str]:
    """The sum and what stands below it; without a claim there is no sum, not even nothing."""
    if not any(line.enterprise_id == enterprise.id for line in dossier.lines):
        return "No claim", "Nothing was asked for"
    return f"£{Decimal(pence) / 100:,.2f}", ""


def _in_two(name: str) -> tuple[str, str]:
    """A name, and what it has in brackets, to stand below it."""
    head, found, rest = name.partition(" (")
    return head, rest.removesuffix(")").capitalize() if found else ""


def _form(dossier: Dossier, code: str) -> str:
    names = {form.code: form.name for form in dossier.pack.entity_forms}
    return names.get(code, code) or "Not chosen yet"


def _day(day: object) -> str:
    return short_date(day) if day else "Not yet"  # type: ignore[arg-type]


def _story(dossier: Dossier, enterprise: Enterprise) -> list[Block]:
    words = {choice.code: choice.label for choice in dossier.pack.stages}
    events = dossier.stages.get(enterprise.id, ())
    services = {choice.code: choice.label for choice in dossier.pack.service_types}
    where = (enterprise.place, dossier.district_name(enterprise.district))
    named = dict.fromkeys(each for each in where if each)  # a town is a district too
    place = ", ".join(map(apart, named))
    names = ", ".join(services.get(code, code) for code in enterprise.service_types)
    rows = tuple((short_date(e.on), words.get(e.stage, e.stage)) for e in events)
    return [
        Heading(1, "The way so far"),
        Para(f"{place}. {names or 'No services recorded yet'}."),
        Table(
            key="stages",
            caption="Stages",
            columns=(Column("Day"), Column("Stage", row_header=True)),
            rows=rows,
        ),
    ]


def _returns(dossier: Dossier, enterprise: Enterprise) -> list[Block]:
    items = sorted(dossier.returns_of.get(enterprise.id, ()), key=lambda r: (r.period_to, r.id))
    rows: list[tuple[Value, ...]] = [
        (f"{short_date(r.period_from)} to {short_date(r.period_to)}", r.hours_week,
         r.dp_hours_week, r.people, None if r.price_pence is None else Decimal(r.price_pence) / 100)
        for r in items
        if r.received_on is not None and r.received_on <= dossier.as_of
    ]  # fmt: skip
    return [
        Heading(1, "What it does"),
        Table(
            key="returns",
            caption="Returns",
            columns=(
                Column("Period", row_header=True, width=1.4),
                Column("Hours a week", Format.HOURS),
                Column("By direct payment", Format.HOURS),
                Column("People", Format.COUNT),
                Column("Price an hour", Format.POUNDS),
            ),
            rows=tuple(rows),
        ),
    ]


def _claims(dossier: Dossier, enterprise: Enterprise) -> list[Block]:
    lines = [x for x in dossier.lines if x.enterprise_id == enterprise.id]
    rows: list[tuple[Value, ...]] = [
        (x.what or "A cost", Decimal(x.pence) / 100,
         f"Paid {short_date(x.paid_on)}" if x.paid_on and x.paid_on <= dossier.as_of
         else (title_of(x.code) if x.outcome == "rejected" else "Not decided or not paid yet"))
        for x in lines
    ]  # fmt: skip
    return [
        Heading(1, "Seed fund"),
        Table(
            key="lines",
            caption="Costs claimed",
            columns=(
                Column("Cost", row_header=True, width=1.2),
                Column("Amount", Format.POUNDS),
                Column("What came of it", width=1.6),
            ),
            rows=tuple(rows),
        ),
    ]


def _checks(dossier: Dossier, enterprise: Enterprise) -> list[Block]:
    entries = [e for e in dossier.entries if e.enterprise_id == enterprise.id]
    status = ", ".join(status_words(status_on(dossier, entry)) for entry in entries)
    rows: list[tuple[Value, ...]] = [
        (_check(c.kind), _day(c.seen_on), _day(c.expires_on)
         if c.expires_on else "No end date")
        for c in dossier.checks
        if c.enterprise_id == enterprise.id
    ]  # fmt: skip
    return [
        Heading(1, "Register"),
        Para(f"Register entry: {status or 'none yet'}."),
        Table(
            key="checks",
            caption="Checks seen",
            columns=(Column("Check", row_header=True), Column("Seen on"), Column("Runs out on")),
            rows=tuple(rows),
        ),
    ]
