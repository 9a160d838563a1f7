"""What stands on a screen as pages: rendered in a process that can be stopped. Works offline.

Refuses to write anything but the file that was asked for: pictures of pages come through a pipe.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from evidence.order import Order
from evidence.render_start import start_render
from evidence.reports.on_screen import HEADING, LINE, STRONG, TABLE, TITLE, Paper, Part
from evidence.reports.visit_pack import Sheet, Talk, VisitPack

__all__ = [
    "HEADING",
    "LINE",
    "STRONG",
    "TABLE",
    "TITLE",
    "Paper",
    "Part",
    "Sheet",
    "Talk",
    "VisitPack",
    "paper",
    "start",
]
SHARP = 1654  # pixels over an A4 page: 200 dots an inch
LOOK = 900


def paper(title: str, council: str, on: date, parts: tuple[Part, ...], *, practice: bool) -> Paper:
    """A screen to be printed."""
    return Paper(title=title, council=council, on=on, parts=parts, practice=practice)


def start(
    sheet: Paper | VisitPack, kind: str, target: Path | None = None, *, sharp: bool = False
) -> Any:
    """Start the process that makes pages (kind "pages") or a PDF file at `target`."""
    order = Order(
        kind=kind,
        target=str(target or ""),
        report="on_screen" if isinstance(sheet, Paper) else "visit_pack",
        paper=sheet if isinstance(sheet, Paper) else None,
        visits=sheet if isinstance(sheet, VisitPack) else None,
        pixels=SHARP if sharp else LOOK,
    )
    return start_render(None, order)
