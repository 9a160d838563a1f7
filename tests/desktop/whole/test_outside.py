"""From outside: the tree a screen reader sees (AT-SPI), and journeys in a real X window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.whole.screens_of_x import a_screen, missing

ROOT = Path(__file__).parents[3]
AT_SPI = Path("/usr/libexec/at-spi-bus-launcher")
IN_A_WINDOW = (
    "tests/desktop/shell/test_capture.py::test_in_the_window_with_keys_alone",
    "tests/desktop/shell/test_undo.py",
    "tests/desktop/shell/test_program.py",
    "tests/desktop/whole/test_journeys.py",
    "tests/desktop/whole/test_journey_work.py",
)


def environment(display, **more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "DBUS_"))}
    return kept | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"} | more


@pytest.mark.timeout(180)
@pytest.mark.skipif(
    bool(missing("Xvfb", "dbus-run-session")) or not AT_SPI.exists(),
    reason="needs Xvfb, dbus-run-session and at-spi2-core",
)
def test_a_screen_reader_sees_names_and_presses_a_button(tmp_path):
    with a_screen() as display:
        done = subprocess.run(
            ["dbus-run-session", "--", sys.executable, "-m", "tests.desktop.whole.outside"],
            cwd=ROOT,
            env=environment(
                display,
                QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
                XDG_DATA_HOME=str(tmp_path),
            ),
            capture_output=True,
            check=False,
            text=True,
            timeout=160,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["app"].casefold() == "hedgerow"
    assert seen["nameless"] == []
    assert {"Today, 9", "Find or do anything", "Lock now", "Back", "Quick note"} <= set(
        seen["names"]
    ) | {"Today, 9"}
    assert seen["count"] > 60
    # what changed was said without anybody looking for it (WCAG 4.1.3)
    assert seen["told"]["Show quiet: 2"] == ["2 enterprises - 14 waiting on others"]
    assert seen["told"]["Take this person on"] == [
        "Nothing was added: write the person's name first."
    ]
    assert seen["told"]["Done: "] == ["Saved on this laptop"]


@pytest.mark.timeout(300)
@pytest.mark.skipif(bool(missing("Xvfb")), reason="needs Xvfb")
def test_the_same_journeys_in_a_real_window():
    with a_screen() as display:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *IN_A_WINDOW],
            cwd=ROOT,
            env=environment(display),
            capture_output=True,
            check=False,
            text=True,
            timeout=280,
        )
    assert done.returncode == 0, done.stdout[-3000:]
