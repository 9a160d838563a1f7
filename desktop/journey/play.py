"""Play the journey: cases to steps, steps on laptops, the lead's vault to figures and files.

Refuses to print a figure of its own: every one is read from the lead's vault at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.journey.actions import action
from desktop.journey.crew import gather_crew
from desktop.journey.plan import Case, Step, case_codes, in_order, load_case, load_programme
from desktop.journey.scene import Scene
from desktop.journey.unfold import unfold
from forms.rules.pack import load_pack
from forms.values import SetClock

if TYPE_CHECKING:
    from storage.keys import Cost


@contextmanager
def stage(database: str = "", *, cost: Cost | None = None) -> Iterator[Scene]:
    """Laptops and register, ready for the first step; everything is gone when it ends.

    `cost` makes the passphrases of these throw-away vaults cheaper to turn into keys.
    """
    programme = load_programme()
    pack = load_pack(programme.pack)
    clock = SetClock(datetime.combine(pack.programme_starts, time(9), UTC))
    with tempfile.TemporaryDirectory(prefix="hedgerow-journey-") as name:
        folder = Path(name)
        papers = folder / "papers"
        papers.mkdir()
        with gather_crew(folder, programme, pack, clock, database=database, cost=cost) as crew:
            yield Scene(crew, pack, programme, clock, papers)


def steps_of(scene: Scene, codes: Iterable[str]) -> list[Step]:
    """The steps of these cases and of the programme itself, in order."""
    cases = [load_case(code) for code in codes]
    steps = [step for case in cases for step in unfold(case, scene.programme.report_on)]
    return in_order([*_of_the_programme(scene), *steps])


def _of_the_programme(scene: Scene) -> list[Step]:
    dpia = scene.programme.dpia
    nobody = Case(code="programme", title="", story="", tables={})
    return [
        Step(on=dpia["signed_on"], at=time(9), case=nobody, device="lead", do="dpia", data=dpia)
    ]


def play_step(scene: Scene, step: Step) -> None:
    """Put the clock there, hear what is new, do it, send it."""
    scene.clock.set(step.on, step.at.hour, step.at.minute)
    laptop = scene.laptop(step)
    scene.crew.bring_level(laptop)
    action(step)(scene, step)
    if step.do != "draft":
        scene.crew.bring_level(laptop)


def play(scene: Scene, codes: Iterable[str] = (), until: date | None = None) -> None:
    """Play cases (all that ship when none is named) up to and with a day."""
    for step in steps_of(scene, codes or case_codes()):
        if until is None or step.on <= until:
            play_step(scene, step)
    if until is None:
        scene.clock.set(scene.programme.report_on, 18)
    for laptop in scene.crew.laptops.values():
        scene.crew.bring_level(laptop)
