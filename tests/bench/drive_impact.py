"""Open Impact over a practice vault and print what it took, as JSON: `FOLDER`.

First paint is the frame of the page with the step it is at; the figures and their course follow.
While they are worked out a coach goes on: a note is saved, and how long that waited is measured.
"""

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import QEventLoop

from desktop.operations import vault as vaults
from desktop.views.kit.bars import Busy
from forms.facts.people import Enterprise
from tests.bench.driven import Gaps, opened_desk, ready, started

folder = Path(sys.argv[1])
WAITS = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
app, clock, frame, program = started(folder)
app.processEvents()
ready()


def idle() -> None:
    while not program.jobs.is_idle:
        app.processEvents(WAITS)
    frame.repaint()


def shown() -> bool:
    """The figures are on the page: the tiles came."""
    page: Any = opened_desk(program).view.front
    return bool(page._tiles.count() > 0)


def since(start: float) -> float:
    return (perf_counter() - start) * 1000


session = vaults.open_practice(folder, clock)
session.place = ""  # from the beginning, wherever the last run ended
program.open(session)
idle()
gaps = Gaps()
begun = perf_counter()
opened_desk(program).context.open_route("impact")
app.processEvents()
frame.repaint()
first = since(begun)
saved: list[float] = []
context = opened_desk(program).context
one = context.session.vault.reader.caseload().ids[0]
asked = perf_counter()
context.with_vault(lambda vault: None, owner=frame, on_done=lambda _: saved.append(since(asked)))
while not shown():
    app.processEvents(WAITS)
figures = since(begun)
idle()
everything = since(begun)
worst = gaps.worst
context.open_route("today")
idle()
opened_desk(program).view._screens._held.clear()  # the page itself is built again
begun = perf_counter()
context.open_route("impact", again="1")
app.processEvents()
frame.repaint()
while not shown():
    app.processEvents(WAITS)
second = since(begun)
seen: dict[str, float] = {}
for stop in (False, True):
    figure = {"id": "I-11" if stop else "I-04"}
    begun = perf_counter()
    context.open_route("figure", **figure)
    app.processEvents()
    frame.repaint()
    seen.setdefault("first", since(begun))
    page: Any = opened_desk(program).view.front
    if stop:
        while "months" not in page.findChild(Busy).words:
            app.processEvents(WAITS)
        begun = perf_counter()
        page.stop_work()
    idle()
    seen["stop" if stop else "whole"] = since(begun)
assert context.session.vault.reader.get(Enterprise, one) is not None
outcome = {
    "impact: first paint": (first, 1),
    "impact: a vault job in between waited": (saved[0], 1),
    "impact: all figures": (figures, 1),
    "impact: months and districts too": (everything, 1),
    "impact: the second look": (second, 1),
    "figure: first paint": (seen["first"], 1),
    "figure: everything": (seen["whole"], 1),
    "figure: Stop in its months until nothing is under way": (seen["stop"], 1),
    "impact: worst event-loop gap": (worst, 1),
}
program.close()
print(json.dumps(outcome))
