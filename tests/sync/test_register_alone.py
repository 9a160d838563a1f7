"""The register without the rest of the program: what it installs, and what its handbook says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "build_spec/register"
HANDBOOKS = [ROOT / "docs/running-a-register.md", ROOT / "README.md", ROOT / "docs/platforms.md"]


def _named(path):
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def _pinned(path):
    return set(re.findall(r"^([a-z0-9._-]+==[^ ]+)", path.read_text("utf-8"), re.MULTILINE))


def test_what_it_names_is_what_the_program_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(_named(HERE / "requirements.in")) <= set(project["dependencies"])


def test_what_it_installs_is_locked_as_the_program_is_and_holds_no_window_and_no_vault():
    pinned = _pinned(HERE / "requirements.lock")
    assert pinned <= _pinned(ROOT / "requirements.lock")
    assert len(pinned) > 15
    names = {one.split("==")[0] for one in pinned}
    assert not {n for n in names if n.startswith(("pyside", "shiboken", "sqlcipher", "reportlab"))}
    text = (HERE / "requirements.lock").read_text("utf-8")
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text, "the lock names no host"
    assert "build_spec/register/requirements.lock" in (HERE / "Containerfile").read_text("utf-8")


ALONE = r"""
import importlib.metadata as metadata
import re, sys
from pathlib import Path

lock, url, folder = sys.argv[1:4]
wanted = set(re.findall(r"^([a-z0-9._-]+)==", Path(lock).read_text("utf-8"), re.MULTILINE))
of = metadata.packages_distributions()
ours = {"desktop", "storage", "sync", "forms", "evidence"}


class Nothing:
    "Finds no package that the lock does not bring."

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        brings = {re.sub("[-_.]+", "-", one).lower() for one in of.get(top, ())}
        if brings and not brings & wanted and top not in ours:
            raise ModuleNotFoundError(name, name=name)
        return None


sys.meta_path.insert(0, Nothing())
from desktop.command_line import main

for words in (
    ["init", "--pack", "kent"],
    ["users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead"],
    ["enrol-code", "--id", "lee"],
    ["packs", "list"],
    ["retention", "run"],
    ["backups", "daily", folder],
    ["audit", "verify"],
):
    code = main(["register", *words, "--database", url])
    assert code == 0, words

import uvicorn
from forms.rules.pack import load_pack
from forms.values import SystemClock
from sync.register import admin, serve
from sync.register.app import create_app
from sync.register.store import open_store

store = open_store(url)
app = create_app(store, SystemClock(), {"kent": load_pack("kent")}, admin.signing_key(store))
uvicorn.Config(app).load()
store.close()
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"PySide6", "sqlcipher3", "reportlab", "keyring", "storage", "evidence"}, loaded
print("it runs")
"""


def test_with_what_it_installs_every_word_works_and_it_can_serve(tmp_path):
    done = subprocess.run(
        [
            sys.executable, "-c", ALONE, str(HERE / "requirements.lock"),
            f"sqlite:///{tmp_path / 'r.db'}", str(tmp_path / "copies"),
        ],
        capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "it runs"


def _commands(path):
    """Every `hedgerow register ...` that a page tells somebody to type, as it would be typed."""
    text = path.read_text("utf-8")
    blocks = "\n".join(re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL))
    found = [line.split("#")[0] for line in blocks.splitlines()]
    found += re.findall(r"`(hedgerow register [^`]+)`", text)
    out = []
    for line in found:
        typed = line.strip().removeprefix("./dev ").split(" >> ")[0]
        if typed.startswith("hedgerow register "):
            out += [re.sub(r"\[[^]]*\]", "", typed), re.sub(r"[][]", "", typed)]
    return sorted(set(out))


COMMANDS = [(path.name, one) for path in HANDBOOKS if path.exists() for one in _commands(path)]


def test_the_handbook_tells_a_good_many_commands():
    assert len(COMMANDS) > 25


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_what_a_handbook_tells_somebody_to_type_is_what_the_program_takes(page, command):
    from desktop.command_line import _parser

    words = shlex.split(command)[1:]
    try:
        _parser().parse_args(words)
    except SystemExit as told:
        raise AssertionError(f"{page}: {command}") from told


def test_every_word_of_the_register_stands_in_the_handbook():
    from desktop import register_command as words

    text = HANDBOOKS[0].read_text("utf-8")
    for group, _about, inner in words.GROUPS:
        for word in inner:
            assert f"register {group} {word}" in text, f"{group} {word} is nowhere explained"
