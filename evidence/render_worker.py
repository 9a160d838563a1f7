"""A process that makes one report and ends: order and facts in on stdin, progress out on stdout.

Nothing is written but the finished report, by a temporary name and a rename, so a killed process
leaves no half report under the real name. Refuses arguments: no personal data in a command line.
"""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from evidence.blocks import Document
from evidence.dossier import from_pipe
from evidence.errors import EvidenceFault, RenderBroke, ReportNotWritten
from evidence.order import Order, build, build_alone, render
from evidence.page_pictures import pictures

PAGES = "pages"
Tell = Callable[[str, int, int], None]


def main() -> int:
    """Read, build, render, write. The process border: every fault becomes one line."""
    out = sys.stdout.buffer
    try:
        path = work(sys.stdin.buffer, out)
    except EvidenceFault as fault:
        _say(out, {"failed": str(fault)})
        return 1
    except Exception as bug:  # noqa: BLE001  the border of the process
        _say(out, {"failed": str(RenderBroke()), "bug": type(bug).__name__})
        return 2
    _say(out, {"finished": str(path)})
    return 0


def work(source: BinaryIO, out: BinaryIO) -> Path:
    """One report. Raises EvidenceFault with a plain sentence."""
    order = msgspec.json.decode(source.readline(), type=Order)

    def tell(words: str, done: int, whole: int) -> None:
        _say(out, {"step": words, "done": done, "of": whole})

    tell("Working out the figures", 0, 3)
    document = build_alone(order) or build(order, from_pipe(source.read()))
    if order.kind == PAGES:
        return _send_pages(order, document, out, tell)
    data = render(order, document, tell)
    return put(Path(order.target), data)


def _send_pages(order: Order, document: Document, out: BinaryIO, tell: Tell) -> Path:
    """Every page as a picture through the pipe: nothing readable touches the disk."""
    data = render(replace(order, kind="pdf"), document, tell)
    for picture in pictures(data, order.pixels):
        png = base64.b64encode(picture.png).decode()
        _say(out, {"page": picture.number, "of": picture.of, "png": png, "words": picture.words})
    return Path()


def part_of(target: Path, process: int) -> Path:
    """The temporary name beside the target."""
    return target.with_name(f".{target.name[:80]}.{process}.part")


def put(target: Path, data: bytes) -> Path:
    """The whole file or none."""
    part = part_of(target, os.getpid())
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ReportNotWritten.because(error) from error
    return target


def _say(out: BinaryIO, message: dict[str, object]) -> None:
    out.write(msgspec.json.encode(message) + b"\n")
    out.flush()


if __name__ == "__main__":
    raise SystemExit(main())
