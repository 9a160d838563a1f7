"""`python -m desktop.devtools.shots OUT_DIR`: a picture of every screen, fed by the practice data.

Each registered screen at the window's usual size, in light, dark and high contrast, at 100, 150 and
200 % text, and the pages before the vault is open. Refuses to touch a real vault: it makes its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QWidget

from desktop import bootstrap, theme
from desktop.devtools import shots_together
from desktop.devtools.shots_joined import joined_vault
from desktop.jobs import Jobs
from desktop.operations.vault import session_of
from desktop.presenters.first_run import Step
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.enterprise.editables import Editables
from desktop.views.first_run import FirstRun
from desktop.views.main_window_frame import Frame
from desktop.views.screens import SCREENS
from desktop.views.unlock import UnlockPage
from forms.facts.casework import Attachment
from forms.facts.money import SeedClaim
from forms.values import SystemClock

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from storage.reader import Reader

LOOKS = tuple(
    (name, percent) for name in ("light", "dark", "contrast") for percent in (100, 150, 200)
)
JOINED = ("today", "things_to_check", "sent_and_safe", "carry", "ways_in")
TABS = ("overview", "checklist", "timeline", "documents", "claims", "listing")
SHEET = (
    "alder",
    "amber",
    "anchor",
    "apple",
    "apron",
    "bacon",
    "badge",
    "bamboo",
    "barley",
    "basil",
)


class Camera:
    """Takes the pictures of one look."""

    def __init__(
        self, app: QApplication, folder: Path, look: str, size: tuple[int, int] | None = None
    ) -> None:
        """`size`: another one of the window, in pixels, than a person's first."""
        self._app, self._folder, self._look, self._size = app, folder, look, size
        self.taken: list[Path] = []

    def take(self, frame: QWidget, jobs: Jobs, name: str) -> None:
        """Wait until nothing is under way, then save a picture."""
        self.settle(jobs)
        fields = [each for each in frame.findChildren(Editables) if each.isVisible()]
        while not all(each.is_complete for each in fields):
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.settle(jobs)
        file = self._folder / f"{name}-{self._look}.png"
        if not frame.grab().save(str(file)):
            raise OSError(f"{file.name} could not be written")
        self.taken.append(file)

    def frame(self) -> Frame:
        """A window to be looked at."""
        made = Frame()
        name, _, percent = self._look.partition("-")
        theme.apply(self._app, name, int(percent), made)
        if self._size is not None:
            made.resize(*self._size)
        return made

    def settings(self) -> Settings:
        """Those of a person who chose this look."""
        made = Settings()
        theme_name, _, percent = self._look.partition("-")
        made.set("theme", theme_name)
        made.set("text_percent", int(percent))
        return made

    def settle(self, jobs: Jobs) -> None:
        """Let jobs report and layouts settle."""
        waits = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        while not jobs.is_idle:
            self._app.processEvents(waits)
        for _ in range(4):
            self._app.sendPostedEvents()
            self._app.processEvents()


def asked(arguments: list[str]) -> argparse.Namespace:
    """What the command line asks for. Ends the program when it cannot be understood."""
    word = argparse.ArgumentParser(
        prog="python -m desktop.devtools.shots",
        description="A picture of every screen, fed by practice records.",
    )
    word.add_argument("folder", type=Path, help="where the pictures go")
    word.add_argument(
        "--look",
        action="append",
        choices=[f"{name}-{percent}" for name, percent in LOOKS],
        help="only this theme and text size; may be given more than once",
    )
    word.add_argument("--size", type=_size, metavar="WxH", help="of the window: 1024x700")
    return word.parse_args(arguments)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def main(arguments: list[str]) -> int:
    """Take every picture; gives back the exit code."""
    wanted = asked(arguments)
    folder: Path = wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    app = bootstrap.make_app()
    taken = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, percent in LOOKS:
            if wanted.look and f"{name}-{percent}" not in wanted.look:
                continue
            camera = Camera(app, folder, f"{name}-{percent}", wanted.size)
            _before_opening(app, camera)
            _with_records(camera, Path(scratch) / f"{name}-{percent}")
            _joined(camera, Path(scratch) / f"{name}-{percent}-joined")
            taken += len(camera.taken)
    sys.stdout.write(f"{taken} pictures in {folder}\n")
    return 0


def _before_opening(app: QApplication, camera: Camera) -> None:
    frame = camera.frame()
    jobs = Jobs(frame)
    frame.show_page(UnlockPage())
    frame.show()
    camera.take(frame, jobs, "unlock")
    first_run = FirstRun()
    frame.show_page(first_run)
    first_run.show_sheet(SHEET)
    first_run.ask_words(3, 11)
    for number, step in enumerate(Step, start=1):
        first_run.show_step(step)
        if step is Step.DOWNLOAD:
            first_run.show_busy("Joining your council's register...")
        camera.take(frame, jobs, f"first-run-{number}-{step}")
    frame.close()
    app.processEvents()


def _with_records(camera: Camera, folder: Path) -> None:
    frame = camera.frame()
    jobs = Jobs(frame)
    program = Program(frame, jobs, camera.settings(), folder, SystemClock())
    program.start(practice=True)
    frame.show()
    camera.settle(jobs)
    if program.desk is None:
        raise RuntimeError("the practice records did not open")
    view, reader = program.desk.view, program.desk.context.session.vault.reader
    about = subjects(reader)
    for name, row in SCREENS.items():
        if row.needs:
            view.open_route(name, **about.get(name, {"id": about["enterprise"]["id"]}))
        else:
            view.open_route(name)
        camera.take(frame, jobs, name)
    for tab in TABS:
        view.open_route("enterprise", tab=tab, **about["enterprise"])
        camera.take(frame, jobs, f"enterprise-{tab}")
    sharing = shots_together.pages(program, about["enterprise"]["id"], lambda: camera.settle(jobs))
    for page, window in sharing:
        camera.take(window, jobs, f"together-{page}")
    frame.close()


def subjects(reader: Reader) -> dict[str, dict[str, str]]:
    """What the screens that need a record are opened with: things in the middle of the work."""
    under_way = reader.caseload(view="setting up").ids or reader.caseload().ids
    rich = [one for one in under_way if reader.all(Attachment, enterprise_id=one)]
    enterprise = (rich or list(under_way))[0]
    claims = sorted(reader.all(SeedClaim), key=lambda claim: claim.state)
    return {
        "enterprise": {"id": enterprise},
        "claim": {"id": claims[0].id if claims else ""},
        "figure": {"id": "I-06"},
        "item_everybody": {"id": "C07"},
        "form": {"id": "activity_return", "enterprise": enterprise},
    }


def _joined(camera: Camera, folder: Path) -> None:
    """What only a laptop that has joined can show."""
    frame = camera.frame()
    jobs = Jobs(frame)
    clock = SystemClock()
    program = Program(frame, jobs, camera.settings(), folder, clock)
    jobs.run(
        lambda: session_of(joined_vault(folder, clock)),
        owner=frame,
        on_done=program.open,
        on_failed=program.complain,
    )
    frame.show()
    camera.settle(jobs)
    if program.desk is None:
        raise RuntimeError("the joined laptop did not open")
    program.desk.exchanger.stop()  # its register does not exist
    for name in JOINED:
        program.desk.view.open_route(name)
        camera.take(frame, jobs, f"{name}-joined")
    frame.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
