"""The choices of a select: written out, or taken from a list by a filter.

A value no longer offered reads as empty; it is kept, and comes back when it is offered again.
"""

from __future__ import annotations

from dataclasses import dataclass

from forms.engine.evaluation import Evaluation
from forms.engine.live import LiveNode, Offered
from forms.engine.model import Itemset
from forms.engine.texts import Texts
from forms.engine.xpath.tree import Node

_NOTHING: frozenset[str] = frozenset()
SELECTS = frozenset({"select_one", "select_multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: what is kept, and what is read."""

    value: str
    label: str


class Choices:
    """The choices of one session."""

    def __init__(self, texts: Texts, evaluation: Evaluation) -> None:
        self._texts = texts
        self._evaluation = evaluation
        self._shared: dict[tuple[str, str], tuple[list[Node], Offered]] = {}
        self._written: dict[int, frozenset[str]] = {}  # values of choices written into the form

    def offer(self, node: LiveNode, items: object) -> None:
        """New rows for a select, worked out by its filter."""
        itemset = node.d.control.itemset if node.d.control is not None else None
        if itemset is None or not isinstance(items, list):
            return
        offered = self._valued(items, itemset)
        if node.choices is not None and _same(node.choices, offered):
            return
        node.choices = offered
        self._evaluation.tally.note("choices", node)
        self.keep_offered(node)

    def _valued(self, items: list[Node], itemset: Itemset) -> Offered:
        """The rows with their values; a list that many selects share is gone through once."""
        key = (itemset.nodeset, itemset.value)
        known = self._shared.get(key)
        if known is not None and known[0] is items:
            return known[1]
        path, formula = itemset.value, self._texts.formula
        is_name = not any(sign in path for sign in "/(@")  # a child's name: nothing to work out
        rows = [
            (_named(row, path) if is_name and not row.live else formula(path, row, None), row)
            for row in items
        ]
        words: tuple[str, ...] = ()
        if itemset.label and items and items[0].live:  # a list is all answers or none
            words = tuple(self._label(row, itemset.label) for row in items)
        offered = Offered(rows, frozenset([value for value, _ in rows]), words)
        self._shared[key] = (items, offered)
        return offered

    def keep_offered(self, node: LiveNode) -> None:
        """Let only what is offered count; what was chosen is kept beside it."""
        chosen = node.text if node.given is None else node.given
        if not chosen or node.choices is None:
            return
        kept = self._offered_of(node, chosen)
        if node.d.kind == "rank":  # what is offered anew goes to the end
            new = [value for value, _ in node.choices.rows if value not in kept.split()]
            kept = " ".join([*kept.split(), *new])
        node.given = None if kept == chosen else chosen
        self._evaluation.write(node, kept)

    def fitting(self, node: LiveNode, text: str) -> str:
        """What counts of a value that the form itself gives; of a select, what is offered."""
        control = node.d.control
        if node.d.kind not in SELECTS or control is None:
            return text
        if not text or (node.choices is None and control.itemset is not None):
            node.given = None
            return text  # where nothing was offered yet, it is looked at when it is
        kept = self._offered_of(node, text)
        node.given = None if kept == text else text
        return kept

    def _offered_of(self, node: LiveNode, chosen: str) -> str:
        offered = self.values(node)
        if node.d.kind == "select_one":
            return chosen if chosen in offered else ""
        return " ".join(word for word in chosen.split() if word in offered)

    def of(self, node: LiveNode) -> tuple[Choice, ...]:
        """The choices as they are read just now."""
        control = node.d.control
        if control is None:
            return ()
        if control.itemset is None:
            return tuple(
                Choice(item.value, self._texts.of(item.label, node, node.d))
                for item in control.items
            )
        label = control.itemset.label
        found: list[Choice] = []
        for value, row in node.choices.rows if node.choices is not None else ():
            found.append(Choice(value, self._label(row, label) if label else value))
        return tuple(found)

    def _label(self, row: Node, label: str) -> str:
        if label.startswith("jr:itext("):
            name = self._texts.formula(label[len("jr:itext(") : -1], row, None)
            return self._texts.itext(name, row, None)
        return self._texts.formula(label, row, None)

    def values(self, node: LiveNode) -> frozenset[str]:
        """The values that may be chosen."""
        control = node.d.control
        if control is not None and control.itemset is None:
            known = self._written.get(node.d.index)
            if known is None:
                known = frozenset([item.value for item in control.items])
                self._written[node.d.index] = known
            return known
        return _NOTHING if node.choices is None else node.choices.values


def _named(row: Node, name: str) -> str:
    """The text of the first child of this name, "" for none."""
    for kid in row.kids:  # a list may have thousands of rows: no generator for each
        if kid.local == name:
            return kid.text
    return ""


def _same(before: Offered, after: Offered) -> bool:
    if before is after:
        return True
    same_length = len(before.rows) == len(after.rows)
    return (
        same_length
        and before.words == after.words
        and all(a[0] == b[0] and a[1] is b[1] for a, b in zip(before.rows, after.rows, strict=True))
    )
