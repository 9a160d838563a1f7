"""What the guide came to, on paper: for the person to take away and think about.

Pure. The answers stand beside what they came to, and so do the rules they were held against.
Refuses to print a ranking without its reasons, and to call it advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters.entity_guide import NOT_KNOWN, SAID_NOT_KNOWN
from desktop.presenters.printing import HEADING, LINE, STRONG, TABLE, TITLE, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.presenters.entity_guide import Ask, GuidePicture, Option, Result

NOT_ADVICE = "These are facts, not advice. The person decides."
NOT_ANSWERED = "Not answered"


def guide_parts(
    picture: GuidePicture, answers: Mapping[str, str], result: Result, rules: str
) -> tuple[Part, ...]:
    """The sheet, from top to bottom; `rules` names the rules that were held against."""
    asks = [ask for group in picture.groups for ask in group.asks]
    parts = [
        Part(kind=TITLE, text="Which kind of business may fit?"),
        Part(kind=LINE, text=f"For {picture.identity.title}"),
        Part(kind=STRONG, text=NOT_ADVICE),
        Part(kind=HEADING, text=result.headline),
    ]
    for option in result.top:
        if option.why:
            parts += _option(option)
    parts += _listed("Ask somebody who knows before deciding", result.seek_advice)
    parts += _listed("Not known yet. It could change this", result.unanswered)
    parts += _listed(
        "What does not fit, and why", [f"{name}: {because}" for name, because in result.excluded]
    )
    chosen = [each for each in (picture.chosen_before, *picture.changed_since) if each]
    parts += _listed("The choice", chosen or ["Not chosen yet."])
    parts.append(
        Part(
            kind=TABLE,
            text="The answers",
            columns=("Question", "Answer"),
            rows=tuple((ask.text, _answer(ask, answers)) for ask in asks),
        )
    )
    parts.append(Part(kind=LINE, text=f"Rules of this guide: {rules}"))
    return tuple(parts)


def _option(option: Option) -> list[Part]:
    said = [f"Take care: {words}" for words, _red in option.warnings]
    said += [f"For it: {words}" for words in option.why]
    said += [f"Against it: {words}" for words in option.why_not]
    said += [f"{head}: {fact}" for head, fact in option.facts]
    return [Part(kind=STRONG, text=option.name), *_lines(said)]


def _listed(head: str, texts: Iterable[str]) -> list[Part]:
    lines = _lines(texts)
    return [Part(kind=HEADING, text=head), *lines] if lines else []


def _answer(ask: Ask, answers: Mapping[str, str]) -> str:
    given = answers.get(ask.id, "")
    said = dict((*ask.choices, (NOT_KNOWN, SAID_NOT_KNOWN)))
    return said.get(given, given) or NOT_ANSWERED


def _lines(texts: Iterable[str]) -> list[Part]:
    return [Part(kind=LINE, text=each) for each in texts if each.strip()]
