"""The shape of the project, held: import contracts, file sizes, module docstrings."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("desktop", "storage", "sync", "forms", "evidence")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TEST_SOURCES = sorted((ROOT / "tests").rglob("*.py"))
MAIN_WINDOW_LINES = 400
FILE_LINES = 500


def lint_imports(root: Path, config: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--config", config, "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_import_contracts_hold():
    outcome = lint_imports(ROOT, ROOT / "pyproject.toml")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


PLANTED = [
    ("forms/planted.py", "import PySide6", "forms is pure"),
    ("storage/planted.py", "import sync.protocol", "layers"),
    ("sync/register/planted.py", "import storage", "the register never sees"),
    ("sync/client/planted.py", "import sync.register.app", "the client never sees"),
    ("desktop/views/planted.py", "import storage.vault", "views hold no business"),
    ("desktop/presenters/planted.py", "import PySide6", "presenters and operations know no Qt"),
    ("evidence/reports/planted.py", "import reportlab", "ReportLab stays"),
]


@pytest.mark.parametrize(("where", "line", "contract"), PLANTED, ids=[p[2] for p in PLANTED])
def test_a_planted_violation_turns_the_contract_red(tmp_path, where, line, contract):
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / where).write_text(f'"""Planted."""\n{line}\n', encoding="utf-8")
    config = tmp_path / "pyproject.toml"
    config.write_bytes((ROOT / "pyproject.toml").read_bytes())
    outcome = lint_imports(tmp_path, config)
    assert outcome.returncode != 0
    broken = [text for text in outcome.stdout.splitlines() if "BROKEN" in text]
    assert any(contract in text for text in broken), outcome.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for_and_stays_readable(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no module docstring"
    assert len(text.splitlines()) <= FILE_LINES


def test_the_main_window_stays_small():
    window = ROOT / "desktop" / "views" / "main_window.py"
    assert len(window.read_text(encoding="utf-8").splitlines()) <= MAIN_WINDOW_LINES


CLASS_METHODS = 20
FUNCTION_LINES = 50
# Seams that are one door on purpose, or one thing that is read or walked whole. The number is
# the most they may have.
ONE_DOOR = {
    "storage.vault.Vault": 34,  # what the desktop opens: everything else hangs on it
    "storage.reader.Reader": 34,  # the read side, one method a question
    "storage.exchange.Exchange": 34,  # what a round asks of the vault
    "storage.unit.Unit": 26,  # one commit: each way to change a record
    "sync.client.side.Exchange": 24,  # the protocol of the same
    "sync.register.service.Register": 28,  # one method an address
    "sync.register.batch.Batch": 30,  # one push
    "sync.register.sql_log.LogTable": 28,  # one table's statements
    "sync.register.sql_people.PeopleTable": 24,  # one table's statements
    "forms.engine.session.FormSession": 27,  # the engine's door
    "forms.engine.evaluation.Evaluation": 26,  # one evaluation
    "forms.engine.views.NodeView": 24,  # what a node says, property by property
    "forms.engine.xpath.closures.Compiler": 24,  # one method a kind of expression
    "forms.engine.xpath.parser._Parser": 23,  # one method a rule of the grammar
    "forms.rules.indicators.world.World": 23,  # one property a kind of row
}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_classes_have_twenty_methods_and_functions_fifty_lines_at_most(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            name = f"{module}.{node.name}"
            most = ONE_DOOR.get(name, CLASS_METHODS)
            methods = [each.name for each in node.body if isinstance(each, DEFINITIONS)]
            assert len(methods) <= most, f"{name} has {len(methods)} methods"
        if isinstance(node, DEFINITIONS) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            assert lines <= FUNCTION_LINES, f"{module}.{node.name} has {lines} lines"


FORBIDDEN_IN_TESTS = re.compile(r"qtbot\.wait\(|time\.sleep\(|sleep\(\d")
# Without `with` these make an object and wait for nothing.
WAITS_FOR_NOTHING = re.compile(r"^\s*qtbot\.(waitActive|waitExposed|waitSignals?)\(", re.MULTILINE)


@pytest.mark.parametrize("path", TEST_SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_tests_wait_on_facts(path):
    if path == Path(__file__):
        return
    text = path.read_text(encoding="utf-8")
    assert not FORBIDDEN_IN_TESTS.search(text)
    assert not WAITS_FOR_NOTHING.search(text)


NAMES_NOBODY_CAN_FIND = {"utils", "helpers", "common", "manager", "base", "misc"}


def test_no_module_has_a_name_that_says_nothing():
    assert not [path for path in SOURCES if path.stem in NAMES_NOBODY_CAN_FIND]


def test_the_top_level_is_the_agreed_one():
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, or no git here")
    tracked = subprocess.run(
        [git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert top <= {
        *PACKAGES,
        *("tests", "build_spec", "docs", "pyproject.toml", "README.md", "CONTRIBUTING.md"),
        *("CHANGELOG.md", "LICENSE", "dev", "requirements.lock", ".ci", ".gitignore"),
    }


@pytest.mark.parametrize("folder", ["storage/migrations", "sync/register/migrations"])
def test_steps_of_a_schema_are_numbered_without_gaps_or_doubles(folder):
    """Two branches that each took the next number are noticed by whoever comes second."""
    numbers = sorted(int(path.name[1:5]) for path in (ROOT / folder).glob("m[0-9]*_*.py"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_lock_names_no_host_and_pins_everything():
    for name in ("requirements.lock", "build_spec/installer.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all("==" in line for line in pins)
