"""Chapters 6 to 8 and part of 14: what people told in questionnaires, and gaps in support.

Where nobody was asked it says so and how it would be. Refuses other people's results as ours.
"""

from __future__ import annotations

from evidence.blocks import Block, Column, Format, Heading, Para, Table, Value
from evidence.reports.view import View
from evidence.suppress import small
from forms.rules.indicators import Figure, anyway
from forms.rules.indicators.survey import DOMAINS


def outcomes(view: View) -> list[Block]:
    """Chapter 6."""
    main = view.figure("I-41")
    said = f"{main.label}: {view.shown(main)}. {main.note}"
    blocks: list[Block] = [
        Heading(1, "6. Outcomes for people"),
        Para(
            f"{said} The programme counts people supported and keeps no record of a named person "
            "who is supported."
        ),
    ]
    rows = _domain_rows(view)
    if rows:
        blocks.append(
            Table(
                key="domains",
                caption="How people answered, on average: 1 hardly ever, 4 always",
                columns=(
                    Column("Statement about", row_header=True, width=1.6),
                    Column("At the start", Format.HOURS),
                    Column("Answers", Format.COUNT),
                    Column("Later", Format.HOURS),
                    Column("Answers later", Format.COUNT),
                ),
                rows=rows,
                note="Not all the people asked at the start were asked later. Nobody is followed "
                "by name.",
            )
        )
        return blocks
    return [*blocks, _how_to_ask()]


def _domain_rows(view: View) -> tuple[tuple[Value, ...], ...]:
    figures = {f.key: f for f in view.indicators["I-41"].figures}
    rows = []
    for name, words in DOMAINS.items():
        start, later = figures.get(f"{name}_start"), figures.get(f"{name}_later")
        if start is None and later is None:
            continue
        cells: list[Value] = [words]
        for found in (start, later):
            cells += [None, None] if found is None else [view.value(found), _asked(view, found)]
        rows.append(tuple(cells))
    return tuple(rows)


def _asked(view: View, figure: Figure) -> Value:
    return view.count(len(figure.denominator))


def _how_to_ask() -> Para:
    return Para(
        "To fill this chapter the programme would ask a sample of people, in their own words and "
        "with its own plain questions, before they start and after six months. The Birmingham "
        "study did this with 143 people in 27 organisations and found more personal and more "
        "valued support at a similar or lower hourly cost. That is its result, not this "
        "programme's."
    )


def leaders(view: View) -> list[Block]:
    """Chapter 7."""
    told = any(view.indicators[n].collected for n in ("I-29", "I-30", "I-31"))
    if told:
        words = "Leaders answer for themselves. Who did not answer may feel otherwise."
    else:
        words = (
            f"{view.indicators['I-29'].note} So this report makes no claim about how leaders' "
            "work or well-being changed."
        )
    return [
        Heading(1, "7. Outcomes for enterprise leaders"),
        Para(words),
        Table(
            key="leaders",
            caption="What leaders say, and published figures to compare with",
            columns=(
                Column("Indicator", row_header=True, width=1.5),
                Column("This programme"),
                Column("Asked", Format.COUNT, width=0.6),
                Column("Published elsewhere"),
            ),
            rows=tuple(_leader_row(view, n) for n in ("I-29", "I-30", "I-31")),
        ),
    ]


def _leader_row(view: View, number: str) -> tuple[Value, ...]:
    item = view.indicators[number]
    asked = None if item.value is None else view.count(len(item.denominator))
    return item.title, view.shown(item.main), asked, item.compare_with or "—"


def gaps(view: View) -> list[Block]:
    """Chapter 8."""
    opened, *parts = view.indicators["I-36"].figures
    blocks: list[Block] = [Heading(1, "8. Choice and market gaps closed")]
    if opened.value is None:
        blocks.append(Para(f"Gaps opened, matched and closed: {opened.shown}. {opened.note}"))
    else:
        blocks.append(_gaps_table(view, opened, parts))
    taken = view.figure("I-37")
    shown = [f for f in view.indicators["I-37"].figures if f.key == "shown"]
    hidden = any(view.is_hidden(each) for each in shown)
    times = f" Options were shown {view.shown(shown[0])} times." if shown and not hidden else ""
    blocks += [
        Para(
            f"Signposts and take-up: {view.shown(taken)}. {taken.note}{times} Sourcing steps "
            f"followed: {view.indicators['I-38'].shown}. {view.indicators['I-38'].note}"
        ),
        Para(
            "The register adds choice. Published entries on this day: "
            f"{view.shown(view.figure('I-33'))}{' (annex C)' if view.has('register') else ''}."
        ),
    ]
    return blocks


def _gaps_table(view: View, opened: Figure, parts: list[Figure]) -> Table:
    states = [f for f in parts if f.key not in ("days", "closed_then")]
    cells = view.parts(states)
    days = next(f for f in parts if f.key == "days")
    return Table(
        key="gaps",
        caption="Gaps in local support that somebody wrote down",
        columns=(Column("State", row_header=True), Column("Gaps", Format.COUNT)),
        rows=tuple((f.label, cell) for f, cell in zip(states, cells, strict=True)),
        total=("Opened", view.count(len(opened.rows))),
        note=f"{_then(view, parts)}{_how_long(view, days)} A gap nobody wrote down is not here.",
    )


def _then(view: View, parts: list[Figure]) -> str:
    """How many were closed in the period, those of before too; a sentence, or none."""
    found = next((f for f in parts if f.key == "closed_then"), None)
    if found is None or view.is_hidden(found):
        return ""
    return (
        "The table has the gaps that were opened in the period. Closed in it, whenever they were "
        f"opened: {view.shown(found)}. "
    )


def _how_long(view: View, days: Figure) -> str:
    if days.value is None or view.is_hidden(days):
        return f"How long it took to close one: {view.shown(days)}."
    return f"Half of the closed ones were closed within {view.shown(days)}."


def deadweight(view: View) -> str:
    """What leaders say would have happened anyway, as a sentence."""
    figure = anyway(view.dossier)
    if figure.value is None:
        return (
            "Deadweight: part of it would have happened anyway. The three-point question to "
            "leaders (yes the same, later or smaller, no) is not collected yet."
        )
    counts = [sum(1 for r in figure.rows if r.value == v) for v in {r.value for r in figure.rows}]
    if view.published and any(small(n, view.below) for n in counts):
        return "Deadweight: asked of leaders, and too few answered to show it."
    return (
        f"Deadweight: by their own word, {figure.shown} of what {len(figure.denominator)} leaders "
        "do would not have begun, or only later or smaller. A half is counted for later or smaller."
    )
