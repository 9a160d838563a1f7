"""Chapters 5, 7 and 12: enterprises and the people they support, leaders, equality."""

from __future__ import annotations

from collections.abc import Callable, Collection

from evidence.blocks import Block, Column, Format, Heading, Hidden, Para, Table
from evidence.reports.chapter_summary import coverage_words
from evidence.reports.pictures import hours_by_district
from evidence.reports.view import Grouping, View
from forms.facts.people import Enterprise

_STRANDS = {
    "home_support": "Support at home",
    "community_activity": "Activity in the community",
    "both": "Both",
}


def enterprises(view: View) -> list[Block]:
    """Chapter 5: by district, strand, service and legal form."""
    return [
        Heading(1, "5. Enterprises and the people they support"),
        Para(_first_words(view)),
        view.rows_behind("I-06"),
        Para(
            "An enterprise counts as active on a day when it has made its first delivery and is "
            "not closed, paused or suspended. People are counted within one enterprise: somebody "
            f"helped by two counts twice. Returns: {_inside(coverage_words(view))}.",
            small=True,
        ),
        *_once(
            *_districts(view),
            view.grouped(_spec("strand", "Enterprises by strand", "Strand", _strand)),
            view.grouped(
                _spec("entity", "Enterprises by legal form", "Legal form", lambda e: _form(view, e))
            ),
        ),
        _services(view),
        _means(view),
        _sustained(view),
    ]


def _first_words(view: View) -> str:
    hours, people = view.figure("I-11"), view.figure("I-13")
    said = (
        f"{view.shown(view.figure('I-05', 'any_origin'))} had been established, and "
        f"{view.shown(view.figure('I-06'))} were active."
    )
    if hours.value is None and people.value is None:
        return f"{said} No return tells of hours or people yet."
    return (
        f"{said} Together the active ones reported these hours of direct support: "
        f"{view.shown(hours)}. People supported: {view.shown(people)}."
    )


def _once(*blocks: Block) -> list[Block]:
    """The same sentence in place of several tables is said once."""
    return list(dict.fromkeys(blocks)) if all(isinstance(b, Para) for b in blocks) else [*blocks]


def _inside(words: str) -> str:
    return words[0].lower() + words[1:]


def _spec(key: str, caption: str, head: str, group_of: Callable[[Enterprise], str]) -> Grouping:
    return Grouping(key=key, caption=caption, head=head, group_of=group_of)


def _strand(enterprise: Enterprise) -> str:
    return _STRANDS.get(enterprise.strand, "Not recorded")


def _form(view: View, enterprise: Enterprise) -> str:
    names = {form.code: form.name for form in view.dossier.pack.entity_forms}
    code = enterprise.entity_form
    return names.get(code, code) or "Not recorded"


def _districts(view: View) -> list[Block]:
    dossier = view.dossier
    day = dossier.as_of
    places = [
        p for p in dossier.pack.places
        if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to)
        and (not dossier.area or p.code == dossier.area)  # the others are out of sight, not empty
    ]  # fmt: skip
    adults = {place.name: place.adults or 0 for place in places}
    made = view.grouped(
        Grouping(
            key="district",
            caption="Enterprises by district",
            head="District",
            group_of=lambda e: dossier.district_name(e.district),
            order=tuple(sorted(adults)),
            adults=adults if any(adults.values()) else None,
        )
    )
    if not isinstance(made, Table):
        return [made]
    hidden = sum(isinstance(row[3], Hidden) for row in made.rows)
    if dossier.area:
        return [made]
    told = hidden + sum(row[3] is None for row in made.rows) < len(made.rows)
    reporting = {dossier.district_name(enterprise.district) for enterprise, _ in dossier.reporting}
    charted = told and hidden < len(made.rows) / 2
    shown: Block = hours_by_district(made, reporting) if charted else made
    return [shown, *_nobody(made, adults)]


def _nobody(districts: Table, places: Collection[str]) -> list[Block]:
    """Where no enterprise is active, by name: the first thing a member asks of a district.

    Only the programme's own places: "Not recorded" is none.
    """
    names = [str(row[0]) for row in districts.rows if row[2] == 0 and row[0] in places]
    return [Para(f"{', '.join(names)}.", lead="No active enterprise:")] if names else []


def _services(view: View) -> Block:
    """One enterprise may give several services, so this adds up to more than all."""
    dossier = view.dossier
    words = {choice.code: choice.label for choice in dossier.pack.service_types}
    known = [
        e for e in dossier.enterprises if e.established_on and e.established_on <= dossier.as_of
    ]
    codes = sorted({code for e in known for code in e.service_types})
    if not codes:
        return Para("No established enterprise has its services recorded.")
    rows = []
    for code in codes:
        those = [e for e in known if code in e.service_types]
        trading = [e for e in those if e.id in dossier.active_ids]
        rows.append((words.get(code, code), view.count(len(those)), view.count(len(trading))))
    return Table(
        key="services",
        caption="Enterprises by service",
        columns=(
            Column("Service", row_header=True),
            Column("Established", Format.COUNT),
            Column("Active", Format.COUNT),
        ),
        rows=tuple(rows),
        note="An enterprise may give several services and counts once in each.",
    )


def _means(view: View) -> Block:
    item = view.indicators["I-14"]
    rows = tuple((figure.label, view.shown(figure)) for figure in item.figures)
    return Table(
        key="means",
        caption="Size of an enterprise",
        columns=(Column("Mean", row_header=True), Column("This programme")),
        rows=rows,
        note=f"To compare, from published figures of other programmes: {item.compare_with}.",
    )


def _sustained(view: View) -> Block:
    rows = tuple(
        (f.label, view.shown(f), view.count(len(f.denominator)) if f.value is not None else None)
        for f in view.indicators["I-08"].figures
    )
    return Table(
        key="sustained",
        caption="Still active after 6 and 12 months",
        columns=(
            Column("After", row_header=True),
            Column("Share still active"),
            Column("Old enough to ask", Format.COUNT),
        ),
        rows=rows,
    )


def equality(view: View) -> list[Block]:
    """Chapter 12: who is reached, and by which channels."""
    main, *groups = view.indicators["I-40"].figures
    rows = tuple((f.label, view.shown(f)) for f in groups)
    table = Table(
        key="reach",
        caption="Established enterprises that serve a priority group",
        columns=(Column("Group", row_header=True), Column("Share of established enterprises")),
        rows=rows,
        note="An enterprise may serve several groups.",
    )
    share = view.figure("I-39")
    return [
        Heading(1, "12. Equality"),
        Para(
            f"Established enterprises that serve at least one priority group: {view.shown(main)}. "
            f"{main.note}".strip()
        ),
        *([table] if rows else []),
        Para(
            f"Enquiries that came by a non-digital channel: {view.shown(share)}. "
            "The equality assessment asks that people without a computer or a smartphone are "
            "reached as well.",
        ),
        Para(
            "Equality questions are voluntary and are kept apart from the records of a case. None "
            "are recorded in this programme yet, so outcomes by protected characteristic are "
            "not collected yet.",
        ),
    ]
