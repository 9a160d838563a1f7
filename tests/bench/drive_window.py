"""Drive the real window over a practice vault and print what it took, as JSON: `FOLDER`.

Each time runs from the event to the paint that shows its result: every read it asked for has been
answered, laid out and painted. What a screen builds after that paint finishes untimed.
"""

import json
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtTest import QTest

from desktop.navigation import History, route
from desktop.operations import vault as vaults
from desktop.views.enterprise.editables import Editables
from tests.bench.driven import Gaps, opened_desk, ready, started, touched
from tests.bench.measure import median, percentile

folder = Path(sys.argv[1])
WORDS = ("mar", "smith", "care", "gard", "ash", "dover", "list", "tre", "jo", "kent")
RECORDS = 40
_HISTORY = History()
_HISTORY.go(route("caseload"))
CASELOAD = _HISTORY.as_text()
WAITS = QEventLoop.ProcessEventsFlag.WaitForMoreEvents

app, clock, frame, program = started(folder)
app.processEvents()
ready()


def until_shown() -> None:
    """Until every job has reported back and what came of it is painted."""
    quiet = 0
    while quiet < 2:
        app.processEvents()
        # outside exec() Qt keeps deleteLater() back: do what the running loop would
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        quiet = quiet + 1 if program.jobs.is_idle else 0
    frame.repaint()


def timed(act: Callable[[], object]) -> float:
    start = perf_counter()
    touched(frame)
    act()
    while not program.jobs.is_idle:
        app.processEvents(WAITS)  # sleeps like the running loop: a busy one holds up the lanes
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    frame.repaint()
    took = (perf_counter() - start) * 1000
    until_shown()
    return took


def until_built() -> None:
    """Until the fields out of sight are there too: a coach reads before opening the next."""
    page: Any = opened_desk(program).view.front
    parts = page.findChildren(Editables)
    while not all(part.is_complete for part in parts):
        app.processEvents(WAITS)


session = vaults.open_practice(folder, clock)  # the key is accepted here
program.open(session)
until_shown()
first = []
for _ in range(5):  # lock and open again: what a coach sees after typing the passphrase
    opened_desk(program).end()
    program.desk = None
    until_shown()
    session = vaults.open_practice(folder, clock)

    session.place = CASELOAD  # where the coach was when the laptop locked
    first.append(timed(partial(program.open, session)))
screen: Any = opened_desk(program).view.front
assert screen.model.rowCount() > 0, "the caseload shows nothing"
gaps = Gaps()
keys = []
for word in WORDS:
    for letter in word:
        keys.append(timed(partial(QTest.keyClicks, screen.filter_box, letter)))
    screen.filter_box.clear()
    screen.filter_box.textEdited.emit("")
    until_shown()
opens = []
ids = [screen.model.id_at(at) for at in range(RECORDS)]
for enterprise_id in ids:
    opens.append(
        timed(partial(opened_desk(program).context.open_route, "enterprise", id=enterprise_id))
    )
    until_built()
worst = gaps.worst
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
outcome = {
    "key accepted to first rows": (median(first), len(first)),
    "filter keystroke p50": (median(keys), len(keys)),
    "filter keystroke p95": (percentile(keys, 0.95), len(keys)),
    "opening a record p50": (median(opens), len(opens)),
    "opening a record p95": (percentile(opens, 0.95), len(opens)),
    "worst event-loop gap": (worst, 1),
    "peak memory of the app": (peak, 1),
}
program.close()
print(json.dumps(outcome))
