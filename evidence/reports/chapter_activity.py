"""Chapter 4: the nine areas of work, and the way from enquiry to enterprise."""

from __future__ import annotations

from evidence.blocks import (
    HIDDEN,
    Block,
    Bullets,
    Chart,
    Column,
    Format,
    Heading,
    Para,
    Table,
    shown,
)
from evidence.charts import Bar, bars
from evidence.reports.pictures import figures_table
from evidence.reports.view import View
from forms.rules.indicators import Figure


def activity(view: View) -> list[Block]:
    """Chapter 4: the nine areas of work, and the way from enquiry to enterprise."""
    stages = ("ENQUIRY", "FIRST_CONVERSATION", "IDEA_CHECK", "SET_UP", "READY", "LISTED", "TRADING",
              "SUSTAINED")  # fmt: skip
    words = {choice.code: choice.label for choice in view.dossier.pack.stages}
    reached = [
        sum(1 for e in view.dossier.enterprises if view.dossier.first(e.id, stage))
        for stage in stages
    ]
    cells = [view.count(number) for number in reached]
    table = Table(
        key="funnel",
        caption="Cases that have reached each stage",
        columns=(Column("Stage", row_header=True), Column("Cases", Format.COUNT)),
        rows=tuple((words.get(s, s), cell) for s, cell in zip(stages, cells, strict=True)),
        note="A case counts once in each stage it has ever reached. A stage may be skipped.",
    )
    drawing = bars(
        [
            Bar(words.get(s, s), cell if isinstance(cell, int) else None,
                str(cell) if isinstance(cell, int) else HIDDEN.words)
            for s, cell in zip(stages, cells, strict=True)
        ]
    )  # fmt: skip
    alt = "Bars, one a stage, from enquiry to sustained. The table below has the same numbers."
    chart = Chart(caption="From enquiry to enterprise", alt=alt, drawing=drawing, table=table)
    return [
        Heading(1, "4. Activity in the nine areas"),
        _areas(view),
        *([chart] if any(reached) else [Para("No stage is recorded yet.")]),
        *_timing(view),
        *_closures(view),
    ]


def _timing(view: View) -> list[Block]:
    ids = ("I-01", "I-02", "I-03", "I-04", "I-39")
    rows = tuple(
        (_label(view, n, f), view.shown(f), f.note) for n in ids for f in view.indicators[n].figures
    )
    return [figures_table("enquiries", "Enquiries and how they went on", rows)]


def _label(view: View, number: str, figure: Figure) -> str:
    """The indicator's title, or the figure's own label when it is a second one."""
    item = view.indicators[number]
    return item.title if figure is item.main else figure.label


def _closures(view: View) -> list[Block]:
    main, *reasons = view.indicators["I-09"].figures
    if main.value is None or not reasons:
        return [Para(f"Cases closed: {view.shown(main)}.")]
    cells = view.parts(reasons)
    rows = tuple((f.label, cell) for f, cell in zip(reasons, cells, strict=True))
    return [
        Table(
            key="closures",
            caption="Cases closed, by reason",
            columns=(Column("Reason", row_header=True), Column("Cases", Format.COUNT)),
            rows=rows,
            total=("All reasons", view.count(len(main.rows))),
        )
    ]


def _areas(view: View) -> Block:
    dossier = view.dossier
    none = "no records kept for this yet"
    decisions = shown(view.count(len(dossier.decisions)), Format.COUNT)
    published = view.shown(view.figure("I-33"))
    fifteen = " (chapter 15)" if view.has("sustain") else ""
    return Bullets(
        (
            f"Find gaps in local support: gaps written down: {view.shown(view.figure('I-36'))}.",
            f"Find people who may set up: enquiries recorded: {view.shown(view.figure('I-01'))}.",
            f"Advice and support: legal-form decisions recorded: {decisions}; "
            f"{view.shown(view.figure('I-05', 'any_origin'))} established.",
            f"Training for new enterprises: training done: {view.shown(view.figure('I-42'))}.",
            f"Register and quality assurance: published entries: {published}; with every check "
            f"in date: {view.shown(view.figure('I-34'))}.",
            f"Engage and promote: enquiries by a non-digital channel: "
            f"{view.shown(view.figure('I-39'))}; events and spending are not recorded yet.",
            f"Show people the way to enterprises: started, of those shown options: "
            f"{view.shown(view.figure('I-37'))}.",
            "Evidence of impact: this report.",
            f"Plan for sustainability: {none}{fifteen}.",
        ),
        numbered=True,
    )
