"""What is alive in this process: objects of ours, timers, threads, open files, memory."""

from __future__ import annotations

import gc
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

OPEN_FILES, MEMORY = Path("/proc/self/fd"), Path("/proc/self/statm")
PAGE = 4096
# Caches fill once: 450 to 600 objects, after a hundred actions as after eight thousand. A share of
# what is counted would depend on what other tests froze before.
SLACK = 1_000


@dataclass(frozen=True, slots=True)
class Alive:
    """Counted after everything that was to go has gone."""

    ours: Counter
    objects: int
    widgets: int
    timers: int
    threads: int
    files: int  # -1 where the system does not say
    megabytes: float  # 0 where the system does not say


def alive() -> Alive:
    """Count now."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.collect()
    everything = gc.get_objects()
    qt = [one for one in everything if isinstance(one, QObject) and shiboken6.isValid(one)]
    app = QApplication.instance()
    timers = app.findChildren(QTimer) if app is not None else []
    for window in QApplication.topLevelWidgets():
        timers = [*timers, *window.findChildren(QTimer)]
    return Alive(
        ours=Counter(
            type(one).__name__ for one in qt if type(one).__module__.startswith("desktop.")
        ),
        objects=len(everything),
        widgets=sum(len(w.findChildren(QWidget)) for w in QApplication.topLevelWidgets()),
        timers=len(timers),
        threads=threading.active_count(),
        files=len(list(OPEN_FILES.iterdir())) if OPEN_FILES.exists() else -1,
        megabytes=int(MEMORY.read_text().split()[1]) * PAGE / 1e6 if sys.platform == "linux" else 0,
    )


def grown(before: Alive, after: Alive, *, megabytes: float) -> list[str]:
    """What there is more of, in words; [] when nothing grew."""
    found = [
        f"{name}: {before.ours[name]} -> {count}"
        for name, count in after.ours.items()
        if count > before.ours[name]
    ]
    for what in ("widgets", "timers", "threads", "files"):
        one, two = getattr(before, what), getattr(after, what)
        if two > one:
            found.append(f"{what}: {one} -> {two}")
    if after.objects > before.objects + SLACK:
        found.append(f"objects: {before.objects} -> {after.objects}")
    if after.megabytes > before.megabytes + megabytes:
        found.append(f"memory: {before.megabytes:.0f} MB -> {after.megabytes:.0f} MB")
    return found
