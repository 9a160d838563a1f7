"""Walk the whole window over a practice vault and print what it took, as JSON: `FOLDER LAPS`.

Each time runs from the event to the paint that shows its result, as in `drive_window`; a screen
that says what it is doing and goes on (Impact over a county) counts to the paint that says so, and
the wait for its figures is told apart. The window's own processor time is what a busy machine
does not stretch.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

from desktop.operations import vault as vaults
from desktop.operations.reports import Choice
from desktop.presenters.report_making import Plan
from forms.facts.money import SeedClaim
from tests.bench.driven import Gaps, opened_desk, ready, started, touched
from tests.bench.measure import median, percentile
from tests.bench.memory import Watch, most
from tests.desktop.whole.growth import alive, grown
from tests.desktop.whole.laps import Laps

folder, laps_wanted = Path(sys.argv[1]), int(sys.argv[2])
WAITS = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
LONG = 100  # milliseconds: what takes longer is named on stderr
RECORDS = 12

app, clock, frame, program = started(folder)
frame.activateWindow()
app.processEvents()
ready()


def until_idle() -> None:
    """Until every job has reported back and what came of it is laid out and painted."""
    quiet = 0
    while quiet < 2:
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        quiet = quiet + 1 if program.jobs.is_idle else 0
    frame.repaint()


def timed(act: Callable[[], object]) -> tuple[float, float, float]:
    """Milliseconds to the first paint after it, to the paint with everything, and of processor."""
    start, used = perf_counter(), thread_time()
    touched(frame)
    act()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    frame.repaint()
    first = (perf_counter() - start) * 1000
    while not program.jobs.is_idle:
        app.processEvents(WAITS)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    frame.repaint()
    whole = (perf_counter() - start) * 1000
    own = (thread_time() - used) * 1000
    until_idle()
    return first, whole, own


def of_figures() -> int | None:
    """The process of the figures, while there is one."""
    figures: Any = opened_desk(program).context.figures
    pid: int | None = figures and figures._beside.pid
    return pid


began = perf_counter()
program.open(vaults.open_practice(folder, clock))  # the key is accepted here
while not program.jobs.is_idle:
    app.processEvents(WAITS)
frame.repaint()
first_today = (perf_counter() - began) * 1000
until_idle()
todays = []
for _ in range(5):
    opened_desk(program).end()
    program.desk = None
    until_idle()
    session = vaults.open_practice(folder, clock)
    session.place = ""
    todays.append(timed(partial(program.open, session))[1])

reader = opened_desk(program).context.session.vault.reader
claims = reader.caseload(view="trading").ids[:1]
one_claim = reader.all(SeedClaim, enterprise_id=claims[0])[0].id if claims else ""
walk = Laps(program, list(reader.caseload().ids[:RECORDS]), one_claim)
gaps, watch = Gaps(), Watch()
took: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
actions, before = 0, None
for number in range(laps_wanted):
    for what, act in walk.lap():
        gaps.now = what
        took[what].append(timed(act))
        actions += 1
        watch.look(of_figures())
        gaps.begin_again()  # looking is not the program's
    if number == laps_wanted // 2 - 1:
        before = alive()
        gaps.begin_again()  # counting is not the program's
after = alive()
over_laps = most(os.getpid()) + watch.helper_most
gaps.now = "report"
gaps.begin_again()  # counting is not the program's


def drawing(making: Any) -> int | None:
    """The process that draws a file, while there is one."""
    running = making._making._running
    return running._process.pid if running is not None and not running.is_over else None


KINDS = ("pdf", "html", "xlsx")
for published in (False, True):
    view: Any = opened_desk(program).view
    view.open_route("reports")
    until_idle()
    making = view.front._presenter
    asked = Choice(as_of=making.today, published=published)
    making.make(Plan(choice=asked, folder=folder.parent / "reports", kinds=KINDS))
    while making.is_busy:
        app.processEvents()
        making.tick()
        watch.look(of_figures(), drawing(making))
    until_idle()
made = list((folder.parent / "reports").iterdir())
if len(made) != 2 * len(KINDS):
    raise SystemExit("a report was not made")

KEYS = ("filter key", "find key")
clicks = [whole for name, all_of in took.items() if name not in KEYS for _, whole, _ in all_of]
own = [mine for name, all_of in took.items() if name not in KEYS for *_, mine in all_of]
own_keys = [mine for name in KEYS for *_, mine in took[name]]
firsts = [first for name, all_of in took.items() if name not in KEYS for first, *_ in all_of]
keys = [whole for name in KEYS for _, whole, _ in took[name]]
slow = sorted((median(w for _, w, _ in v), k) for k, v in took.items())
for whole, name in slow[::-1]:
    if whole > LONG / 2:
        first, mine = median(f for f, *_ in took[name]), median(m for *_, m in took[name])
        print(
            f"{name:<24} {first:6.0f} first, {whole:6.0f} whole, {mine:5.0f} own", file=sys.stderr
        )
print(f"worst gap {gaps.worst} ms in {gaps.where}", file=sys.stderr)
more = grown(before, after, megabytes=15) if before is not None else []
print("grown:", more, file=sys.stderr)
outcome = {
    "first unlock to Today, everything read": (first_today, 1),
    "unlock to Today, everything read": (median(todays), len(todays)),
    "click to first paint p95": (percentile(firsts, 0.95), len(firsts)),
    "click to everything painted p50": (median(clicks), len(clicks)),
    "click to everything painted p95": (percentile(clicks, 0.95), len(clicks)),
    "filter and find keystroke p95": (percentile(keys, 0.95), len(keys)),
    "the window's own work a click, p95": (percentile(own, 0.95), len(own)),
    "the window's own work a keystroke, p95": (percentile(own_keys, 0.95), len(own_keys)),
    "worst event-loop gap": (gaps.worst, actions),
    "memory of the app, peak": (most(os.getpid()), 1),
    "memory of the process of the figures, peak": (watch.helper_most, watch.looks),
    "memory of both together, over the laps": (over_laps, actions),
    "memory of all together, at most": (most(os.getpid()) + watch.beside_most, watch.looks),
    "memory of all together, at one moment": (watch.whole, watch.looks),
    "memory of all together, each page once": (watch.shared, watch.looks),
    "memory of the process that draws a report, peak": (watch.drawn_most, len(made)),
    "kinds of things that grew": (len(more), actions),
}
program.close()
print(json.dumps(outcome))
