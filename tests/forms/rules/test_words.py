"""Words that people see: none of the banned ones, sentences that end, plain enough to read."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from forms.rules.pack_file import PACKS

RULES = PACKS.parent / "rules"
BANNED = re.compile(
    r"\b(please|sorry|valid|invalid|forbidden|illegal|oops|an error occurred|sync|synced|"
    r"conflict|artefact|schema)\b",
    re.IGNORECASE,
)
NOT_SHOWN = {"applies_when", "must_when", "when", "id", "code", "source"}


def spoken(value, key=""):
    if isinstance(value, str) and key not in NOT_SHOWN:
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from spoken(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from spoken(inner, key)


@pytest.mark.parametrize("path", sorted(PACKS.rglob("*.toml")), ids=lambda p: p.name)
def test_a_pack_speaks_plainly(path):
    for text in spoken(tomllib.loads(path.read_text(encoding="utf-8"))):
        assert not BANNED.search(text), text
        assert text == text.strip(), text


def sentences(path):
    """Texts in the code that a person may read: with a space, not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else None
        if isinstance(text, str) and " " in text.strip():
            yield text


@pytest.mark.parametrize("path", sorted(RULES.glob("*.py")), ids=lambda p: p.name)
def test_the_rules_speak_plainly(path: Path):
    for text in sentences(path):
        assert not BANNED.search(text), text


def test_the_checklist_is_easy_to_read():
    """Short sentences of short words, on the whole: a reading grade of 9 or less."""
    table = tomllib.loads((PACKS / "england-2026-11" / "checklist.toml").read_text("utf-8"))
    text = " ".join(row["plain"] for row in table["checklist"])
    words = re.findall(r"[A-Za-z']+", text)
    ends = len(re.findall(r"[.;:?!]", text))
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", w.lower().removesuffix("e")))) for w in words
    )
    grade = 0.39 * len(words) / ends + 11.8 * syllables / len(words) - 15.59
    assert grade <= 9, grade
