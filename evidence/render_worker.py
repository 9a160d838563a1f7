"""A process that draws one report and ends: order and report in on stdin, progress out on stdout.

Nothing is written but the finished report, by a temporary name and a rename, so a killed process
leaves no half report under the real name. Refuses arguments: no personal data in a command line.
"""

from __future__ import annotations

import base64
import io
import os
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

from evidence.blocks import Document
from evidence.carried import unwrapped, unwrapped_sheet
from evidence.errors import EvidenceFault, RenderBroke, ReportNotWritten
from evidence.order import Order, build_alone, write
from evidence.page_pictures import pictures

PAGES = "pages"
KINDER = 5  # the window goes first where both want the same core
_LENGTH = struct.Struct(">Q")  # of the part that follows
Tell = Callable[[str, int, int], None]


def main() -> int:
    """Read, build, render, write. The process border: every fault becomes one line."""
    if hasattr(os, "nice"):
        os.nice(KINDER)
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

    tell("Putting the report together", 0, 3)
    document = build_alone(order) or unwrapped(receive_part(source))
    if order.kind == PAGES:
        return _send_pages(order, document, out, tell)
    data = io.BytesIO()
    write(order, document, data, tell, map(unwrapped_sheet, _parts_left(source)))
    return put(Path(order.target), data.getbuffer())


def _send_pages(order: Order, document: Document, out: BinaryIO, tell: Tell) -> Path:
    """Every page as a picture through the pipe: nothing readable touches the disk."""
    data = io.BytesIO()
    write(replace(order, kind="pdf"), document, data, tell)
    for picture in pictures(data.getvalue(), order.pixels):
        png = base64.b64encode(picture.png).decode()
        _say(out, {"page": picture.number, "of": picture.of, "png": png, "words": picture.words})
    return Path()


def send_part(pipe: IO[bytes], part: bytes) -> None:
    """One part of a report into the pipe, after its length."""
    pipe.write(_LENGTH.pack(len(part)))
    pipe.write(part)


def receive_part(pipe: IO[bytes]) -> bytes:
    """The next part. Raises EOFError when no whole one comes any more."""
    for part in _parts_left(pipe):
        return part
    raise EOFError


def _parts_left(pipe: IO[bytes]) -> Iterator[bytes]:
    """Part by part until the pipe ends. Raises EOFError when it ends in the middle of one."""
    while head := pipe.read(_LENGTH.size):
        if len(head) < _LENGTH.size:
            raise EOFError
        (length,) = _LENGTH.unpack(head)
        part = pipe.read(length)
        if len(part) < length:
            raise EOFError
        yield part


def part_of(target: Path, process: int) -> Path:
    """The temporary name beside the target."""
    return target.with_name(f".{target.name[:80]}.{process}.part")


def put(target: Path, data: bytes | memoryview) -> Path:
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
