"""The table of goals in docs/benchmarks.md: one row for each goal, with the last figure.

Between two marks in the page. Refuses to touch anything outside of them, and a row whose goal no
figure was taken for: what was written there stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.bench.goals import TABLE, Goal
from tests.bench.measure import Figure

BEGIN, END = "<!-- goals -->", "<!-- end of goals -->"
HEAD = ("| bench | figure | goal | last | taken | machine |", "|---|---|---|---|---|---|")
NEVER = "not taken"
BUSY = 1.5  # a load above this, the bench's own work included, on two cores is said


def rows_of(page: str) -> dict[tuple[str, str], list[str]]:
    """{(bench, figure): cells} of the table that stands in a page."""
    inside = page.partition(BEGIN)[2].partition(END)[0]
    found = {}
    for line in inside.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) == len(HEAD[0].split(" | ")) and cells[0].startswith("`"):
            found[cells[0].strip("`"), cells[1]] = cells
    return found


def renewed(page: str, figures: Iterable[Figure]) -> str:
    """The page with a row for every goal, and with the figures that were taken."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    stood = rows_of(page)
    taken = {(one.bench, one.name): one for one in figures}
    rows = []
    for goal in TABLE:
        key = goal.bench, goal.figure
        last = stood.get(key, ["", "", "", NEVER, "", ""])[3:]
        if key in taken:
            last = [said(goal, taken[key]), moment(taken[key]), taken[key].machine]
        rows.append(f"| {' | '.join((f'`{goal.bench}`', goal.figure, str(goal), *last))} |")
    return "\n".join((before + BEGIN, "", *HEAD, *rows, "", END)) + after


def said(goal: Goal, figure: Figure) -> str:
    """A value, and that it misses its goal where it does."""
    value = f"{figure.value:,.0f}" if abs(figure.value) >= 1000 else f"{figure.value:.3g}"
    misses = figure.value < goal.bound if goal.least else figure.value > goal.bound
    floor = "more than " if figure.note.startswith("more than") else ""
    return f"{floor}{value} {figure.unit}".strip() + (": **missed**" if misses else "")


def moment(figure: Figure) -> str:
    """The day and minute, and the load where others worked too."""
    when = re.sub(r"T(\d\d:\d\d).*", r" \1", figure.taken)
    return f"{when}, load {figure.load:g}" if figure.load > BUSY else when
