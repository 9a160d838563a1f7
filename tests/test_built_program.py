"""Where the built program starts: the processes beside the window, and nothing else by name."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from build_spec.program.start import WORKERS
from desktop.operations.figures_process import WORKER as FIGURES
from desktop.operations.importing import WORKER as TABLES
from evidence.render_start import WORKER as REPORTS

START = Path(__file__).resolve().parents[1] / "build_spec/program/start.py"


def run(*words, said=b""):
    return subprocess.run(
        [sys.executable, str(START), *words],
        input=said, capture_output=True, timeout=60, check=False, cwd=START.parents[2],
    )  # fmt: skip


def test_it_starts_each_process_that_the_window_starts():
    assert {command[2] for command in (FIGURES, TABLES, REPORTS)} == WORKERS
    assert all(command[:2] == (sys.executable, "-m") for command in (FIGURES, TABLES, REPORTS))


def test_a_process_beside_the_window_answers_as_from_a_checkout():
    done = run(*TABLES[1:], said=b"name,place\nMary,Rye\n")
    assert json.loads(done.stdout) == {"rows": [["name", "place"], ["Mary", "Rye"]]}


@pytest.mark.parametrize("module", ["http.server", "desktop.command_line", "os"])
def test_it_is_no_way_to_run_any_code_there_is(module):
    done = run("-m", module)
    assert (done.returncode, b"not understood" in done.stderr) == (2, True)


def test_the_recipe_can_be_read():
    text = START.with_name("hedgerow.spec").read_text("utf-8")
    ast.parse(text)
    assert "build_spec/program/start.py" in text
