"""A workbook into a compiled form, in a process of its own with limits on time and memory.

A poisoned workbook can neither hang nor crash the program that asked. Imports no pyxform.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.engine.problems import FormRefused, Problem, refused

SECONDS = 60
MEMORY_MB = 1_024
_NO_ANSWER = "Save the workbook again, or take out what was added last, and try once more."


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """What pyxform made of a workbook, and where each node came from."""

    xform: str
    warnings: tuple[Problem, ...]
    source_map: dict[str, tuple[str, int]]  # path of a node -> sheet, row
    pyxform_version: str
    sha256: str  # of the workbook's bytes
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)  # as ODK's tools read them


@dataclass(frozen=True, slots=True)
class Checked:
    """All problems of a workbook at once, and the form when it can be had."""

    problems: tuple[Problem, ...]
    compiled: CompiledForm | None


def check_workbook(
    data: bytes,
    name: str,
    *,
    command: Sequence[str] | None = None,
    seconds: float = SECONDS,
) -> Checked:
    """Every problem of a workbook, in words; the compiled form when none is an error.

    `name` tells the kind by its ending and is not opened. `command` starts the worker
    (a packaged program names itself); it reads a request on stdin and answers on stdout.
    """
    started = [*(command or (sys.executable, "-m", "forms.engine.compile_worker"))]
    request = {"name": name, "data": base64.b64encode(data).decode(), "memory_mb": MEMORY_MB}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell, no words from outside
            started, input=json.dumps(request).encode(), capture_output=True,
            timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        found = Problem("too-slow", "This workbook takes too long to read.", _NO_ANSWER)
        return Checked((found,), None)
    answer = _answer(done.stdout)
    if done.returncode != 0 or answer is None:
        found = Problem("too-heavy", "This workbook could not be read to its end.", _NO_ANSWER)
        return Checked((found,), None)
    return _checked(answer)


def compile_workbook(data: bytes, name: str) -> CompiledForm:
    """The compiled form. Raises FormRefused with every problem."""
    checked = check_workbook(data, name)
    if checked.compiled is None:
        raise FormRefused(checked.problems or refused("unknown", "Nothing came back.").problems)
    return checked.compiled


def _answer(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _problem(said: dict[str, Any]) -> Problem:
    span = said.pop("span", None)
    return Problem(**said, span=tuple(span) if span else None)


def _checked(answer: dict[str, Any]) -> Checked:
    problems = tuple(_problem(each) for each in answer["problems"])
    form = answer.get("form")
    if form is None:
        return Checked(problems, None)
    warnings = tuple(problem for problem in problems if problem.severity != "error")
    source_map = {path: (sheet, row) for path, (sheet, row) in form["source_map"].items()}
    compiled = CompiledForm(
        form["xform"],
        warnings,
        source_map,
        form["pyxform_version"],
        form["sha256"],
        form.get("sheets", {}),
    )
    return Checked(problems, compiled)
