"""Settings for the whole suite: no screen, no personal profile, no wall-clock locale."""

import os
from typing import Any

from tests.support.goals import goal, table

__all__ = ["goal"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
os.environ.setdefault("LANG", "C.UTF-8")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the proofs of reliability did in this run."""
    for number, line in enumerate(table()):
        if not number:
            terminalreporter.section("proofs")
        terminalreporter.write_line(line)
