"""A form's pages and questions as they are drawn now: frozen words, no session behind them.

Says how far a page is. Looks at the session's views and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from desktop.presenters import typed_when

if TYPE_CHECKING:
    from desktop.presenters.typed_when import WhenRule
    from forms.engine.views import NodeView, PageView

GROUPS = ("group", "instance")
STEPS = 11  # of a scale that is drawn whole: 0 to 10
_NO_ANSWER = ("note", "group", "instance", "repeat")
_TYPED_FOR = {
    "geopoint": "Type the latitude and the longitude, like 51.2310 -2.3440.",
    "geotrace": "A line is typed here, not drawn: points with a semicolon between them.",
    "geoshape": "An area is typed here, not drawn: points with a semicolon between them.",
}
_FILES = {
    "image/*": "A photo or a scan: PNG or JPG.",
    "audio/*": "Sound is not recorded here. Write down what was said and add that file.",
    "video/*": "Films are not kept here. Add a photo, or write down what it shows.",
}
SIGNED_ON_PAPER = "Sign on paper, take a photo of it and add the photo."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One node as it is drawn now."""

    ref: str
    kind: str
    label: str
    hint: str
    appearance: str
    value: str
    choices: tuple[tuple[str, str], ...]
    required: bool
    readonly: bool
    relevant: bool
    problem: str
    can_add: bool
    can_remove: bool
    inside: tuple[Asked, ...]
    when: WhenRule | None = None  # of a day, a time or a moment: how typed words are read
    is_refused: bool = False  # `value` is what was typed and is no answer, never a code

    @property
    def title(self) -> str:
        """The label; a question that may be left empty says so."""
        if self.required or self.readonly or self.kind in _NO_ANSWER:
            return self.label
        return f"{self.label} (you can leave this empty)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """One page of the form."""

    ref: str
    title: str
    relevant: bool
    state: str  # "Not started", "2 of 5 answered", "Done", "1 to put right"
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right: the same words as at the question, and where it is."""

    ref: str
    page: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What drawing needs besides the form: the moment, and what was typed and is no answer."""

    now: datetime
    typed: Mapping[str, str] = field(default_factory=dict)  # by ref


def page_of(page: PageView, drawing: Drawing) -> FormPage:
    """A page as it is drawn now."""
    asked = tuple(asked_of(node, drawing) for node in page.nodes)
    return FormPage(
        ref=page.ref,
        title=_plain(page.label) or "Questions",
        relevant=page.relevant,
        state=_state(asked),
        asked=asked,
    )


def asked_of(node: NodeView, drawing: Drawing) -> Asked:
    """A node as it is drawn now."""
    kind = node.kind
    inside = node.nodes if kind in (*GROUPS, "repeat") else ()
    problem = node.problem
    refused = problem is not None and problem.code == "not-an-answer"
    typed = drawing.typed.get(node.ref) if refused else None
    choices = _choices(node)
    return Asked(
        ref=node.ref,
        kind=kind,
        label=_plain(node.label),
        hint=_hint(node),
        appearance=node.appearance,
        value=_shown(node, choices) if typed is None else typed,
        choices=choices,
        required=node.required,
        readonly=node.readonly,
        relevant=node.relevant,
        problem=problem_words(node.label, problem.message) if problem is not None else "",
        can_add=kind == "repeat" and node.can_add,
        can_remove=kind == "instance" and node.can_remove,
        inside=tuple(asked_of(each, drawing) for each in inside),
        when=when_of(node, drawing.now),
        is_refused=typed is not None,
    )


def when_of(node: NodeView, now: datetime) -> WhenRule | None:
    """How a day, a time or a moment typed at this question is read; None for other kinds."""
    return typed_when.rule(node.kind, now, *node.days) if node.kind in typed_when.KINDS else None


def _choices(node: NodeView) -> tuple[tuple[str, str], ...]:
    if node.kind.startswith(("select", "rank")):
        return tuple((each.value, _plain(each.label)) for each in node.choices)
    if node.kind == "range":
        steps = _steps(*(node.extras.get(name, "") for name in ("start", "end", "step")))
        return tuple((each, each) for each in steps)
    return ()


def _steps(start: str, end: str, step: str) -> tuple[str, ...]:
    """The numbers of a short scale; nothing for a long one or when its ends are no numbers."""
    try:
        low, high, by = Decimal(start), Decimal(end), abs(Decimal(step or "1"))
    except InvalidOperation:
        return ()
    if not by or not 0 < abs(high - low) / by < STEPS:
        return ()
    count = int(abs(high - low) / by) + 1
    way = by if high > low else -by
    return tuple(format(low + way * n, "f") for n in range(count))


def _hint(node: NodeView) -> str:
    """The form's own hint, and what a person has to know of this kind of question here."""
    said = [_plain(node.hint), _TYPED_FOR.get(node.kind, "")]
    if node.kind == "file":
        drawn = any(word in node.appearance for word in ("signature", "draw", "annotate"))
        kind = node.extras.get("mediatype", "")
        said.append(SIGNED_ON_PAPER if drawn else _FILES.get(kind, ""))
    elif node.kind == "range" and node.extras.get("end"):
        said.append(f"A number from {node.extras.get('start', '')} to {node.extras['end']}.")
    return " ".join(each for each in said if each)


def problem_words(label: str, message: str) -> str:
    """The same words in the summary and at the question: they name the question."""
    asked = _plain(label)
    if asked.endswith(("?", "!", ".", ":")):
        return f"{asked} {message}"
    return f"{asked}: {message[:1].lower()}{message[1:]}" if asked else message


def _plain(text: str) -> str:
    return text.replace("**", "").replace("__", "").strip()


def _shown(node: NodeView, choices: tuple[tuple[str, str], ...]) -> str:
    value = node.value
    if value and node.kind in typed_when.KINDS:
        return typed_when.shown(node.kind, value)
    if value and node.kind == "range":
        return next((code for code, _ in choices if Decimal(code) == Decimal(value)), value)
    return value


def _questions(asked: tuple[Asked, ...]) -> list[Asked]:
    out: list[Asked] = []
    for each in asked:
        if not each.relevant:
            continue
        if each.inside or each.kind in (*GROUPS, "repeat"):
            out += _questions(each.inside)
        elif each.kind != "note" and not each.readonly:
            out.append(each)
    return out


def _state(asked: tuple[Asked, ...]) -> str:
    questions = _questions(asked)
    wrong = sum(bool(each.problem) for each in questions)
    if wrong:
        return f"{wrong} to put right"
    done = sum(bool(each.value) for each in questions)
    needed = [each for each in questions if each.required]
    if questions and all(each.value for each in needed) and done:
        return (
            "Done" if done == len(questions) or needed else f"{done} of {len(questions)} answered"
        )
    return f"{done} of {len(questions)} answered" if done else "Not started"


def touches(page: FormPage, refs: frozenset[str]) -> bool:
    """Whether any of these refs is on the page."""
    tops = [page.ref, *(each.ref for each in page.asked)]
    return any(ref == top or ref.startswith((f"{top}/", f"{top}[")) for ref in refs for top in tops)
