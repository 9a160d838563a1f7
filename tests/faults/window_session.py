"""A working session at the real window, ended by kill -9: what it leaves is searched for words.

Run as `python -m tests.faults.window_session FOLDER OUT [MODE]` with HOME and TMPDIR of its own.
Every screen is opened, a note is half typed, words are looked for, a file is kept and looked at, a
report is made into OUT (readable on purpose), a copy is taken, a mistake is made. Each window title
seen is printed. Modes: `leak`, the crash report tells what the error says; `lock`, the laptop is
locked instead and what is still shown and held is printed; `lock slack`, the page with the records
is not taken away. `leak` and `slack` are the mutations to be noticed.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop import bootstrap, trouble
from desktop.jobs import Jobs
from desktop.operations import preview, reports
from desktop.operations.vault import session_of
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from desktop.views.screens import SCREENS
from evidence.dossier import gather
from evidence.order import Order
from evidence.render_start import start_render
from forms.facts.casework import Action, Attachment, CoachingSession
from forms.facts.people import Enterprise, Leader
from forms.values import SetClock, new_id
from storage.vault import Vault
from tests.faults.test_plain_text import CANARIES
from tests.storage.register_pages import IDENTITY
from tests.storage.samples import COACH, NOON, new_vault

NAME, PHONE, NOTE, LEADER, FILE, TYPED, SOUGHT, WRONG, ACTION = CANARIES[:9]


def lived(folder: Path) -> Vault:
    """A vault of a laptop that has joined, with words to look for in it."""
    vault = new_vault(folder, clock=SetClock(NOON))
    vault.exchange.adopt(IDENTITY)
    stored = vault.files.store(("plain words of " + FILE).encode(), name="a.txt")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id="one", name=NAME, phone=PHONE, coach_id=COACH))
        unit.add(Leader(id=new_id(), enterprise_id="one", name=LEADER))
        unit.add(CoachingSession(id=new_id(), enterprise_id="one", on=NOON.date(), note=NOTE))
        unit.add(Action(id=new_id(), enterprise_id="one", text=ACTION, due_on=NOON.date()))
        unit.add(
            Attachment(
                id="file",
                enterprise_id="one",
                sha256=stored.sha256,
                size=stored.size,
                mime=stored.mime,
                name=FILE + ".txt",
            )
        )
    return vault


class Sitting:
    """The program in its window, one person before it."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.frame = Frame()
        self.jobs = Jobs(self.frame)
        settings = Settings(folder / "settings.json")
        self.program = Program(self.frame, self.jobs, settings, folder, SetClock(NOON))
        self.program.open(session_of(lived(folder)))
        self.frame.show()
        self.settle()
        assert self.program.desk is not None
        self.desk = self.program.desk
        self.desk.exchanger.stop()  # its register does not exist
        self.vault = self.desk.context.session.vault

    def settle(self) -> None:
        """Until nothing is under way; say every title that shows."""
        while not self.jobs.is_idle:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        for _ in range(4):
            self.app.sendPostedEvents()
            self.app.processEvents()
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for widget in self.app.topLevelWidgets():
            print("title:", widget.windowTitle(), flush=True)

    def look_at_everything(self) -> int:
        """Every screen there is; how many."""
        for name, row in SCREENS.items():
            wanted = {"figure": "I-06", "form": "activity_return"}.get(name, "one")
            more = {"enterprise": "one"} if name == "form" else {}
            self.desk.view.open_route(name, **({"id": wanted, **more} if row.needs else {}))
            self.settle()
        return len(SCREENS)

    def type_half_a_note(self) -> None:
        """Into the quick note, and stop in the middle."""
        self.desk.view.open_route("quick_note", enterprise="one")
        self.settle()
        for editor in self._shown(QPlainTextEdit):
            QTest.keyClicks(editor, TYPED)
        self.settle()
        self.desk.view.open_route("today")  # leaving keeps what was typed
        self.settle()

    def look_for(self, words: str) -> None:
        """Into every box that takes a line, the one that finds everything too."""
        for name in ("today", "caseload"):
            self.desk.view.open_route(name)
            self.settle()
            for box in self._shown(QLineEdit):
                QTest.keyClicks(box, words)
                self.settle()
                box.clear()

    def _shown(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.frame.findChildren(kind) if _can_be_typed(one)]

    def work(self, out: Path) -> None:
        """A copy, a look at a file, a report, settings, a mistake."""
        seen = preview.preview(self.vault, "file")
        assert FILE in seen.text
        context = self.desk.context
        choice = reports.Choice(as_of=NOON.date())
        dossier = gather(self.vault.reader, context.pack, as_of=choice.as_of)
        rendering = start_render(dossier, Order(report=choice.report, kind="html", target=str(out)))
        rendering.result()
        self.vault.back_up()
        self.program.settings.keep_window(self.frame.place())
        logging.getLogger("session").warning("worked on %s", self.vault.vault_id)
        self.program.complain(_wrong())
        self.settle()
        self.desk, self.program.desk = self.program.desk, None  # type: ignore[assignment]
        self.program.complain(_wrong())
        self.program.desk = self.desk

    def lock(self, *, slack: bool) -> None:
        """Leave the laptop with a note half typed; say what the window still shows and holds."""
        self.desk.view.open_route("enterprise", id="one")
        self.settle()
        shown, held = len(words_shown(self.app)), len(files_held(self.folder))
        key = self.vault._key
        if slack:
            self.program.frame.show_page = lambda page: None  # type: ignore[method-assign]
        self.program.lock()
        self.settle()
        left = {"shown": len(words_shown(self.app)), "held": len(files_held(self.folder))}
        left["key"] = len(key._bytes)
        print("before:", shown, held)
        print("locked:", json.dumps(left), flush=True)


def _wrong() -> Exception:
    try:
        {}[WRONG]
    except KeyError as error:
        return error
    raise AssertionError


def _can_be_typed(widget: QWidget) -> bool:
    read_only = getattr(widget, "isReadOnly", lambda: False)()
    return widget.isVisible() and widget.isEnabled() and not read_only


def words_shown(app: QApplication) -> list[str]:
    """Every word to look for in any living widget: its text, tips, names, rows."""
    found = []
    for widget in app.allWidgets():
        said = [widget.property(name) or "" for name in _TELLING]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            said += [
                str(model.index(row, column).data())
                for row in range(model.rowCount())
                for column in range(model.columnCount())
            ]
        found += [text for text in said if any(one in str(text) for one in CANARIES)]
    return found


_TELLING = ("text", "plainText", "windowTitle", "toolTip", "accessibleName", "whatsThis")


def files_held(folder: Path) -> list[str]:
    """Files of the vault that this process has open, by what the system tells."""
    held = []
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            path = handle.readlink()
            if path.is_relative_to(folder) and path.name.startswith("records"):
                held.append(path.name)
    return held


def main(folder: Path, out: Path, *modes: str) -> None:
    """The whole session; it never returns."""
    leak = "leak" in modes
    logging.basicConfig(filename=folder.with_name("log.txt"), level=logging.DEBUG)
    if leak:
        trouble.bare_report = str
    app = bootstrap.make_app()
    sitting = Sitting(app, folder)
    if "lock" in modes:
        sitting.type_half_a_note()
        sitting.lock(slack="slack" in modes)
        os._exit(0)
    print("screens:", sitting.look_at_everything(), flush=True)
    sitting.type_half_a_note()
    sitting.look_for(SOUGHT)
    sitting.look_for(NAME[:9])
    sitting.work(out)
    drafts = sitting.vault._db.rows("SELECT text FROM draft")
    print("half typed:", sum(TYPED in row[0] for row in drafts), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
