"""A screen of our own (Xvfb), for tests that need a real window. Linux only."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


def missing(*tools: str) -> str:
    """The tools that are not on this computer, in words; '' when all are."""
    return ", ".join(tool for tool in tools if shutil.which(tool) is None)


@contextmanager
def a_screen() -> Iterator[str]:
    """Start an X server with a display of its own; its name, ":99"."""
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1280x1024x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)
