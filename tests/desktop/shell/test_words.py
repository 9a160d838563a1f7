"""Words a person sees: plain, without blame, without our own jargon."""

import ast
import re
from pathlib import Path

import pytest

from desktop.presenters.help_words import LIMITS, PROMISES, STATEMENT
from desktop.presenters.sent_and_safe import DECISIONS
from desktop.settings import TABLE
from desktop.views.screens import SCREENS

ROOT = Path(__file__).resolve().parents[3] / "desktop"
BANNED = """please sorry valid invalid forbidden illegal oops sync conflict conflicts artefact
schema synchronise submit execute null traceback exception""".split()  # noqa: SIM905
FOLDERS = ("views", "presenters")
LONGEST_SENTENCE = 25  # words


def strings():
    """Every string constant that reads like words for people: has a space and a letter."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from _of_file(path)
    for name in ("trouble", "settings", "open_desk", "program", "exchanger"):
        yield from _of_file(ROOT / f"{name}.py")


def _of_file(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            skipped |= {id(each) for each in ast.walk(node)}
        if not isinstance(node, ast.Constant) or id(node) in skipped:
            continue
        text = node.value
        if isinstance(text, str) and re.search("[a-z] |, ", text) and "{{" not in text:
            yield path, node.lineno, text


def test_there_are_words_to_look_at():
    assert len(list(strings())) > 200


def test_no_banned_word():
    pattern = re.compile(rf"\b({'|'.join(BANNED)}|an error occurred)\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path, line, text in strings()
        if pattern.search(text) and not text.lstrip().startswith(("QLabel", "QPush", "QLine"))
    ]
    assert found == []


def test_sentences_are_short():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {sentence}"
        for path, line, text in strings()
        for sentence in re.split(r"[.:?!]\s", text)
        if len(sentence.split()) > LONGEST_SENTENCE and "\n" not in sentence
    ]
    assert found == []


@pytest.mark.parametrize(
    "table",
    [
        [row.words for row in SCREENS.values()],
        list(DECISIONS.values()),
        [setting.words for setting in TABLE],
        [promise for promise, _ in PROMISES],
    ],
)
def test_headings_are_in_sentence_case(table):
    for words in table:
        assert words[0].isupper()
        assert not any(word.isupper() and len(word) > 1 for word in words.split())


def test_there_are_ten_promises_and_help_names_keys_and_limits():
    assert len(PROMISES) == 10
    assert LIMITS
    assert STATEMENT
