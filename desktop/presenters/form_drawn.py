"""A form's pages and questions as they are drawn now: frozen words, no session behind them.

Says how far a page is. Looks at the session's views and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.engine.views import NodeView, PageView

GROUPS = ("group", "instance")


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

    @property
    def title(self) -> str:
        """The label; a question that may be left empty says so."""
        if self.required or self.readonly or self.kind in ("note", "group", "instance", "repeat"):
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


def page_of(page: PageView) -> FormPage:
    """A page as it is drawn now."""
    asked = tuple(asked_of(node) for node in page.nodes)
    return FormPage(
        ref=page.ref,
        title=_plain(page.label) or "Questions",
        relevant=page.relevant,
        state=_state(asked),
        asked=asked,
    )


def asked_of(node: NodeView) -> Asked:
    """A node as it is drawn now."""
    kind = node.kind
    inside = node.nodes if kind in (*GROUPS, "repeat") else ()
    choices = node.choices if kind.startswith(("select", "rank")) else ()
    return Asked(
        ref=node.ref,
        kind=kind,
        label=_plain(node.label),
        hint=_plain(node.hint),
        appearance=node.appearance,
        value=_shown(kind, node.value),
        choices=tuple((each.value, _plain(each.label)) for each in choices),
        required=node.required,
        readonly=node.readonly,
        relevant=node.relevant,
        problem=problem_words(node.label, node.problem.message) if node.problem is not None else "",
        can_add=kind == "repeat" and node.can_add,
        can_remove=kind == "instance" and node.can_remove,
        inside=tuple(asked_of(each) for each in inside),
    )


def problem_words(label: str, message: str) -> str:
    """The same words in the summary and at the question: they name the question."""
    return f"{_plain(label)}: {message[:1].lower()}{message[1:]}" if label else message


def _plain(text: str) -> str:
    return text.replace("**", "").replace("__", "").strip()


def _shown(kind: str, value: str) -> str:
    if kind != "date" or not value:
        return value
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if len(year) == 4 and month and day else value


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
