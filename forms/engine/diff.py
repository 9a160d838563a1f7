"""What changed between two versions of a form, question by question, in words.

Pairs questions by where they stand, then by `was`, then by name within the same repeats. Judges
nothing: `loses` says whose answers would stay in old records only, and people tick that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from forms.engine.model import FormDef, NodeDef, Words
from forms.engine.xpath.tree import Node, text_of

Kind = Literal[
    "added", "removed", "renamed", "moved", "type", "choice-removed", "choice-added",
    "choice-meaning", "formula", "words",
]  # fmt: skip
_LOSES = frozenset({"removed", "type", "choice-removed", "choice-meaning"})
_FORMULAS = {
    "relevant": "when it is shown", "calculate": "how it is worked out",
    "constraint": "what is checked", "required": "whether it must be answered",
    "readonly": "whether it can be changed", "count": "how often it is asked",
}  # fmt: skip
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)")
_STEP = re.compile(r"(?<=/)[\w.-]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: Kind
    name: str  # in the newer version, or in the older one when it is gone
    message: str
    before: str = ""
    after: str = ""

    @property
    def loses(self) -> bool:
        """Whether answers given before stay in old records only, or mean something else now."""
        return self.kind in _LOSES

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


@dataclass(frozen=True, slots=True)
class FormDiff:
    """All differences, and which question is which."""

    changes: tuple[Change, ...]
    pairs: dict[int, NodeDef]  # index of a newer node -> the older one

    @property
    def loses(self) -> tuple[Change, ...]:
        """The changes that need a tick before publishing."""
        return tuple(change for change in self.changes if change.loses)


def diff(old: FormDef, new: FormDef) -> FormDiff:
    """What changed from `old` to `new`."""
    pairs = paired(old, new)
    former = {pairs[node.index].index for node in new.nodes if node.index in pairs}
    renamed = {
        pairs[node.index].local: node.local
        for node in new.nodes
        if node.index in pairs and pairs[node.index].local != node.local
    }
    changes: list[Change] = []
    for node in _told(new):
        before = pairs.get(node.index)
        if before is None:
            changes.append(Change("added", node.local, f"new {_sort(node)}", after=node.path))
        else:
            changes += _changes(old, before, new, node, renamed)
    for node in _told(old):
        if node.index not in former:
            words = f"the {_sort(node)} is gone; its answers stay in old records only"
            changes.append(Change("removed", node.local, words, before=node.path))
    return FormDiff(tuple(changes), pairs)


def paired(old: FormDef, new: FormDef) -> dict[int, NodeDef]:
    """Which older node each newer one is."""
    by_path = {_place(node): node for node in old.nodes}
    pairs: dict[int, NodeDef] = {new.root.index: old.root}
    taken: set[int] = {old.root.index}

    def pair(node: NodeDef, before: NodeDef | None) -> None:
        fits = before is not None and before.index not in taken
        if before is not None and fits and _same_repeats(node, before, pairs):
            pairs[node.index] = before
            taken.add(before.index)

    for node in new.nodes:
        if node.index not in pairs:
            pair(node, by_path.get(_place(node)))
    for former in (True, False):  # what `was` says comes first
        for node in new.nodes:
            name = node.marks.get("was", "") if former else node.local
            if node.index not in pairs and name:
                pair(node, _lone(old, name, taken))
    return pairs


def _lone(old: FormDef, name: str, taken: set[int]) -> NodeDef | None:
    found = [node for node in old.nodes if node.local == name and node.index not in taken]
    return found[0] if len(found) == 1 else None


def _same_repeats(node: NodeDef, before: NodeDef, pairs: dict[int, NodeDef]) -> bool:
    """Whether both stand in the same repeats, and neither is a repeat where the other is none."""
    if node.repeat != before.repeat or node.leaf != before.leaf:
        return False
    inner = node.repeats[:-1] if node.repeat else node.repeats
    outer = before.repeats[:-1] if before.repeat else before.repeats
    return [pairs.get(repeat.index) for repeat in inner] == list(outer)


def _place(node: NodeDef) -> str:
    """Where a node stands below the first one, prefixes left off."""
    parts: list[str] = []
    walker: NodeDef | None = node
    while walker is not None and walker.parent is not None:
        parts.append(walker.local)
        walker = walker.parent
    return "/".join(reversed(parts))


def _told(form: FormDef) -> Iterator[NodeDef]:
    """The nodes worth telling of: not the technical ones."""
    for node in form.nodes:
        if node.parent is not None and not _place(node).startswith("meta"):
            yield node


def _sort(node: NodeDef) -> str:
    words = {"select_one": "choice", "select_multiple": "choice of several", "calculate": "value"}
    return words.get(node.kind, f"{node.kind} question" if node.leaf else node.kind)


def _changes(
    old: FormDef, before: NodeDef, new: FormDef, node: NodeDef, renamed: dict[str, str]
) -> Iterator[Change]:
    name = node.local
    if before.local != name:
        yield Change("renamed", name, f"was called {before.local}", before.local, name)
    elif _place(before).rpartition("/")[0] != _place(node).rpartition("/")[0] and not any(
        part in renamed for part in _place(before).split("/")
    ):
        yield Change("moved", name, "stands in another group", before.path, node.path)
    if before.kind != node.kind:
        words = f"was a {_sort(before)}, is now a {_sort(node)}"
        yield Change("type", name, words, before.kind, node.kind)
    else:
        yield from _choices(name, choices_of(old, before), choices_of(new, node))
    for bind, words in _FORMULAS.items():
        first = _mapped(before.binds.get(bind, ""), old, new, renamed)
        second = " ".join(node.binds.get(bind, "").split())
        if first != second:
            yield Change("formula", name, f"changed {words}", first, second)
    asked = [_asked(form, each) for form, each in ((old, before), (new, node))]
    if asked[0] != asked[1]:
        yield Change("words", name, "is worded otherwise", *asked)


def _mapped(formula: str, old: FormDef, new: FormDef, renamed: dict[str, str]) -> str:
    """An older formula with the names of today."""
    names = {**renamed, old.root.local: new.root.local}
    return _STEP.sub(
        lambda found: names.get(found.group(), found.group()), " ".join(formula.split())
    )


def _choices(name: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for value, label in before.items():
        if value not in after:
            yield Change("choice-removed", name, f"no longer offers {label or value}", value)
        elif _plain(after[value]) != _plain(label):
            words = f"{value!r} meant {label!r} and now means {after[value]!r}"
            yield Change("choice-meaning", name, words, label, after[value])
    for value, label in after.items():
        if value not in before:
            yield Change("choice-added", name, f"also offers {label or value}", after=value)


def _plain(label: str) -> str:
    return re.sub(r"\W+", " ", label).strip().lower()


def choices_of(form: FormDef, node: NodeDef) -> dict[str, str]:
    """Every value a select can offer, with its words in the first language."""
    control = node.control
    if control is None:
        return {}
    if control.itemset is None:
        return {item.value: _words(form, item.label) for item in control.items}
    named = _LIST.search(control.itemset.nodeset)
    instance = form.instances.get(named.group(1)) if named else None
    found: dict[str, str] = {}
    for root in instance.kids if instance is not None else []:
        for row in root.kids:
            cells = {kid.local: text_of(kid) for kid in row.kids}
            if control.itemset.value in cells:
                found.setdefault(cells[control.itemset.value], _row_words(form, cells, row))
    return found


def _row_words(form: FormDef, cells: dict[str, str], row: Node) -> str:
    if "itextId" in cells:
        return _words(form, Words(itext=f"'{cells['itextId']}'"))
    return cells.get("label", row.local)


def _asked(form: FormDef, node: NodeDef) -> str:
    if node.control is None:
        return ""
    return f"{_words(form, node.control.label)} {_words(form, node.control.hint)}".strip()


def _words(form: FormDef, words: Words) -> str:
    if words.itext:
        table = form.itext.get(form.default_language, {})
        return _words(form, table.get(words.itext.strip().strip("'\""), Words()))
    return "".join("..." if is_formula else text for is_formula, text in words.parts).strip()
