"""Every string a coach reads: short sentences, school words, none of the banned ones.

One walk finds them all: the constants of the views and presenters that are shown, and the tables of
words.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import desktop
from desktop.presenters.help_words import HOW_TO, LIMITS, PROMISES, STATEMENT
from tests.desktop.together.grade import grade

ROOT = Path(desktop.__file__).parent
BANNED = re.compile(
    r"\b(please|sorry|invalid|forbidden|illegal|oops|an error occurred|sync(ing|ed|hronis\w+)?|"
    r"conflicts?|artefacts?|schemas?|submit evidence|payload|null|exception|timestamp)\b",
    re.IGNORECASE,
)
FOLDERS = ("views", "presenters", "operations")
LONGEST_SENTENCE = 25
HARDEST = 8.0
SENTENCE = re.compile(r"[A-Z“‘(][^.!?]*[.!?]")


def strings() -> list[tuple[str, str]]:
    """(file, text) of each string constant that is a sentence for people."""
    found = []
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            docs = {id(doc) for doc in _docstrings(tree)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = node.value
                    if id(node) not in docs and " " in text and re.search(r"[a-z]{2}", text):
                        found.append((str(file.relative_to(ROOT)), text))
    return found


def _docstrings(tree):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


ALL = strings()
SAID = [(file, text) for file, text in ALL if SENTENCE.fullmatch(text.strip()) or ". " in text]


def test_the_walk_finds_what_is_on_the_screen():
    texts = {text for _, text in ALL}
    assert len(ALL) > 800
    assert "Quick note" in texts
    assert len(SAID) > 150


def test_no_banned_word_is_shown():
    assert [(file, text) for file, text in ALL if BANNED.search(text)] == []


def test_no_sentence_is_longer_than_a_breath():
    long = [
        (file, sentence)
        for file, text in SAID
        for sentence in re.split(r"(?<=[.!?:]) ", text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert long == []


def test_all_of_it_reads_like_school_english():
    whole = " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for _, text in SAID)
    assert grade(whole) <= HARDEST


@pytest.mark.parametrize("part", [HOW_TO, PROMISES, LIMITS, STATEMENT], ids=str)
def test_help_is_easy(part):
    words = " ".join(" ".join(one) if isinstance(one, tuple) else one for one in part)
    assert grade(words) <= HARDEST


def test_the_scorer_goes_red():
    hard = (
        "Notwithstanding the aforementioned considerations, organisational accountability persists."
    )
    assert grade(hard) > HARDEST
    assert BANNED.search("Please sync again")
