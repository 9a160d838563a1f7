"""Make the impact report of a practice vault once and print the seconds of each part: `FOLDER`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from evidence.dossier import gather
from evidence.html import render_html
from evidence.pdf import render_pdf
from evidence.reports.impact_assessment import build
from evidence.xlsx import render_xlsx
from forms.rules.pack import load_pack
from forms.values import SystemClock, london_day
from storage.vault import Vault

T = TypeVar("T")
clock = SystemClock()
vault = Vault.open(Path(sys.argv[1]), clock=clock)
times: dict[str, float] = {}


def timed(name: str, work: Callable[[], T]) -> T:
    start = perf_counter()
    outcome = work()
    times[name] = round(perf_counter() - start, 4)
    return outcome


dossier = timed("gather", lambda: gather(vault.reader, load_pack("kent"), london_day(clock.now())))
document = timed("build", lambda: build(dossier))
timed("pdf", lambda: render_pdf(document))
timed("html", lambda: render_html(document))
timed("xlsx", lambda: render_xlsx(document))
vault.close()
print(json.dumps(times))
