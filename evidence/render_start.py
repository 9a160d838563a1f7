"""Start a report in a process of its own, hear how far it is, stop it. Knows no window.

The report goes through a pipe, never over the disk. `stop` kills the process and removes what it
had begun. Refuses to wait unless asked to.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evidence.dossier import Dossier
from evidence.errors import EvidenceFault, RenderBroke, RenderStopped
from evidence.order import Order
from evidence.render_worker import part_of, send_part

WORKER = (sys.executable, "-m", "evidence.render_worker")


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is, in words and parts."""

    words: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture, with its words for those who do not see it."""

    number: int  # from 1
    of: int
    png: bytes
    words: str


class Rendering:
    """One report on its way. `on_change` is called from a thread of its own, after each change."""

    def __init__(
        self,
        order: Order,
        report: Dossier | Sequence[bytes] | None,
        on_change: Callable[[Rendering], None],
        command: Sequence[str],
    ) -> None:
        self._order, self._on_change = order, on_change
        self._stopped = False
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.step = Step("Starting", 0, 3)
        self.pages: list[Page] = []
        self.file: Path | None = None
        self.fault: EvidenceFault | None = None
        self._process = subprocess.Popen(  # noqa: S603  our own module, no shell, no arguments
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        feed = threading.Thread(target=self._feed, args=(report,), name="report-feed", daemon=True)
        feed.start()
        threading.Thread(target=self._listen, name="report-listen", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended: with a file, or with a fault."""
        return self._ended.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end. False when the time ran out."""
        return self._ended.wait(seconds)

    def result(self) -> Path:
        """The finished file. Raises the fault that stopped it."""
        self._ended.wait()
        if self.fault is not None:
            raise self.fault
        if self.file is None:
            raise RenderBroke
        return self.file

    def stop(self) -> None:
        """Kill it and remove what it had begun. Safe to call twice, and after the end."""
        with self._lock:
            if self._ended.is_set():
                return
            self._stopped = True
        self._process.kill()

    def _feed(self, report: Dossier | Sequence[bytes] | None) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            with pipe:
                pipe.write(msgspec.json.encode(self._order) + b"\n")
                for part in self._parts(report):
                    send_part(pipe, part)
        except (BrokenPipeError, OSError):
            return  # it ended early; the listener says why
        except KeyError:
            return  # no such report, or of nothing known: it has nothing to draw and says so

    def _parts(self, report: Dossier | Sequence[bytes] | None) -> Iterable[bytes]:
        """What the process draws: for a paper the document alone."""
        if isinstance(report, Dossier):
            from evidence.making import parts  # tools and tests; the program has it made apart

            return parts(self._order, report)
        return (report or ())[: None if self._order.kind == "xlsx" else 1]

    def _listen(self) -> None:
        pipe = self._process.stdout
        if pipe is not None:
            with pipe:
                for line in pipe:
                    self._hear(line)
        self._process.wait()
        self._end()

    def _hear(self, line: bytes) -> None:
        try:
            message = msgspec.json.decode(line, type=dict[str, str | int])
        except msgspec.DecodeError:
            return  # not ours: a library that prints
        if "png" in message:
            self._take_page(message)
        elif "finished" in message:
            self.file = Path(str(message["finished"]))
        elif "failed" in message:
            self.fault = RenderBroke(str(message["failed"]))
        elif "step" in message:
            done, whole = int(message.get("done", 0)), int(message.get("of", 0))
            self.step = Step(str(message["step"]), done, whole)
            self._on_change(self)

    def _take_page(self, message: dict[str, str | int]) -> None:
        number, of = int(message["page"]), int(message["of"])
        png = base64.b64decode(str(message["png"]))
        self.pages.append(Page(number, of, png, str(message["words"])))
        self.step = Step(f"Page {number} of {of}", number, of)
        self._on_change(self)

    def _end(self) -> None:
        if self._order.target:
            part_of(Path(self._order.target), self._process.pid).unlink(missing_ok=True)
        with self._lock:
            if self.file is None and self.fault is None:
                self.fault = RenderStopped() if self._stopped else RenderBroke()
            self._ended.set()
        self._on_change(self)


def start_render(
    report: Dossier | Sequence[bytes] | None,
    order: Order,
    on_change: Callable[[Rendering], None] = lambda _: None,
    *,
    command: Sequence[str] = WORKER,
) -> Rendering:
    """Begin a report, or (without one) the paper of the order. Returns at once.

    The report as its facts, or as `order.parts` made it of them in another process.
    """
    return Rendering(order, report, on_change, command)


def environment() -> dict[str, str]:
    """The program's own packages come first."""
    root = str(Path(__file__).resolve().parent.parent)
    rest = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(part for part in (root, rest) if part)
    return {**os.environ, "PYTHONPATH": path}
