"""Every line of speed that the project set itself: what must hold, and which bench shows it.

One table for the benches, which print a figure's goal beside it, and for docs/benchmarks.md, where
each goal has its row. Refuses to judge: a figure is printed as it came.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of one figure: `least` is a floor, otherwise it is a ceiling."""

    bench: str  # as `./dev bench` takes it: the bench, or a part of it
    figure: str  # the figure's name, as the bench prints it
    bound: float
    unit: str
    least: bool = False

    def __str__(self) -> str:
        """In words: at most 100 ms."""
        side = "at least" if self.least else "at most"
        return f"{side} {self.bound:,g} {self.unit}".rstrip()


def _of(bench: str, *rows: tuple[str, float, str]) -> list[Goal]:
    """Ceilings; a name that begins with a plus sign is a floor's."""
    return [
        Goal(bench, name.removeprefix("+"), bound, unit, name.startswith("+"))
        for name, bound, unit in rows
    ]


_GROWTH = "pull behind 1,000,000 ops / behind 10,000, {}: processor"
TABLE: tuple[Goal, ...] = (
    *_of(
        "sync:loopback",
        ("+push 10,000 records, speed in PouchDBs", 4, "x"),
        ("+push 10,000 records, speed in Ankis", 1, "x"),
        ("+pull 10,000 records, fresh, speed in PouchDBs", 8, "x"),
        ("+pull 10,000 records, fresh, speed in Ankis", 1.2, "x"),
        ("push 10,000 records, bytes in PouchDBs", 0.15, "x"),
        ("push 10,000 records, bytes in Ankis", 0.75, "x"),
        ("pull 10,000 records, fresh, bytes in PouchDBs", 0.36, "x"),
        ("pull 10,000 records, fresh, bytes in Ankis", 0.75, "x"),
        ("+push 100 changed, speed in Ankis", 1, "x"),
        ("+pull 100 changed, speed in Ankis", 1, "x"),
        ("push 100 changed, bytes in Ankis", 0.6, "x"),
        ("pull 100 changed, bytes in Ankis", 0.6, "x"),
        ("nothing changed, requests", 1, ""),
        ("nothing changed, bytes both ways", 900, "B"),
        ("fresh pull: write lock, median", 50, "ms"),
        ("fresh pull: write lock, longest", 50, "ms"),
    ),
    *_of(
        "sync:line",
        ("+slow line: push 1,000, speed in PouchDBs", 12, "x"),
        ("+slow line: push 1,000, speed in Ankis", 2.5, "x"),
        ("+slow line: pull 1,000, speed in PouchDBs", 12, "x"),
        ("+slow line: pull 1,000, speed in Ankis", 2.5, "x"),
        ("slow line: nothing changed, round trips", 1.2, ""),
    ),
    *_of(
        "vault:edit",
        ("one edit through vault.change", 3, "x two rows"),
        ("one edit through vault.change, by the clock", 1.6, "x SQLModel"),
    ),
    *_of(
        "vault:file",
        ("vault file: bulk insert", 1.3, "x plain"),
        ("vault file: warm fetch all", 1.3, "x plain"),
        ("vault file: search", 1.3, "x plain"),
        ("vault file: cold scan", 2.5, "x plain"),
        ("vault file: point lookup over plain", 50, "us"),
        ("vault file: open with raw key", 50, "ms"),
    ),
    *_of(
        "vault:search",
        ("search box, first results p95", 50, "ms"),
        ("memory while scanning", 20, "MB more"),
    ),
    *_of("vault:trail", ("one edit with 1,000,000 trail rows", 10, "% slower")),
    *(
        Goal(f"register:{part}:{one.lower()}", name.format(one), bound, unit, least)
        for part, name, bound, unit, least in (
            ("ops", "single-field ops a second, {}, one laptop", 15_000, "/s", True),
            (
                "history",
                _GROWTH,
                1.2,
                "x",
                False,
            ),
            ("laptops", "1,000 laptops, one worker, {}", 60, "s", False),
        )
        for one in ("SQLite", "PostgreSQL")
    ),
    *_of(
        "register:feed",
        ("feed: rows missed under 6 writers", 0, "rows"),
        ("+feed: ours, the way alone / best strategy", 0.9, "x"),
    ),
    *_of(
        "desk",
        ("first unlock to Today, everything read", 1000, "ms"),
        ("unlock to Today, everything read", 1000, "ms"),
        ("click to first paint p95", 100, "ms"),
        ("click to everything painted p95", 100, "ms"),
        ("filter and find keystroke p95", 50, "ms"),
        ("the window's own work a click, p95", 100, "ms"),
        ("the window's own work a keystroke, p95", 50, "ms"),
        ("worst event-loop gap", 100, "ms"),
        ("memory of the app, peak", 400, "MB"),
        ("memory of both together, over the laps", 400, "MB"),
        ("memory of all together, at most", 400, "MB"),
        ("kinds of things that grew", 0, ""),
    ),
    *_of(
        "caseload",
        ("key accepted to first rows", 100, "ms"),
        ("filter keystroke p95", 50, "ms"),
        ("opening a record p95", 100, "ms"),
        ("peak memory of the app", 400, "MB"),
    ),
    *_of(
        "impact",
        ("impact: first paint", 1000, "ms"),
        ("impact: the second look", 1000, "ms"),
        ("figure: first paint", 1000, "ms"),
        ("figure: Stop in its months until nothing is under way", 1000, "ms"),
        ("impact: worst event-loop gap", 100, "ms"),
    ),
    *_of("startup", ("unlock screen / bare window", 1.5, "x")),
    *_of(
        "report",
        ("impact report for 1,000 enterprises (PDF)", 5, "s"),
        ("the same with HTML and XLSX", 5, "s"),
    ),
    *_of(
        "forms",
        ("form of 700 nodes, opened", 60, "ms"),
        ("one answer, mean", 15, "us"),
        ("+peer, opened again: times ours", 20, "x"),
        ("+peer, opening first: times ours", 20, "x"),
        ("+peer, one answer, mean: times ours", 15, "x"),
        ("answers that end otherwise there", 0, "nodes"),
        ("1,000 rows checked", 100, "ms"),
        ("a page of 25 questions, opened and painted", 30, "ms"),
        ("the 200th line added", 0.5, "ms"),
        ("a list of 20,000 narrowed", 0.1, "ms"),
    ),
)


def goal_of(bench: str, figure: str) -> Goal | None:
    """The goal of a figure, if it has one."""
    return next((one for one in TABLE if (one.bench, one.figure) == (bench, figure)), None)


def goals_of(bench: str) -> list[Goal]:
    """All that a bench, or a part of it, should show."""
    return [one for one in TABLE if one.bench == bench]
