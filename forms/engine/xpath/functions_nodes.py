"""Functions on answers as lists: counting, choosing, looking up, selects."""

from __future__ import annotations

import hashlib
from math import isinf

from forms.engine.xpath.axes import document_order
from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.registry import function
from forms.engine.xpath.tree import ELEMENT, XML_URI, Node, text_of, top
from forms.engine.xpath.types import Here, Value, number_of_text, text_of_value, words_of

_LEHMER = 2_147_483_647


@function("count", "N", "n", "how many")
def _count(_: Here, nodes: list[Node]) -> float:
    return float(len(nodes))


@function("count-non-empty", "N", "n", "how many have an answer")
def _count_filled(_: Here, nodes: list[Node]) -> float:
    return float(sum(1 for node in nodes if text_of(node)))


@function("name", "N?", "s", "the name of a node")
def _name(here: Here, nodes: list[Node] | None = None) -> str:
    node = _first(here, nodes)
    if node is None:
        return ""
    return f"{node.prefix}:{node.local}" if node.prefix else node.local


@function("local-name", "N?", "s", "the name of a node, without its prefix")
def _local_name(here: Here, nodes: list[Node] | None = None) -> str:
    node = _first(here, nodes)
    return "" if node is None else node.local


@function("namespace-uri", "N?", "s", "the namespace of a node")
def _namespace_uri(here: Here, nodes: list[Node] | None = None) -> str:
    node = _first(here, nodes)
    return "" if node is None else node.uri


def _first(here: Here, nodes: list[Node] | None) -> Node | None:
    if nodes is None:
        return here.node
    return nodes[0] if nodes else None


@function("lang", "s", "b", "whether the text is in that language")
def _lang(here: Here, wanted: str) -> bool:
    node: Node | None = here.node if wanted else None
    while node is not None:
        spoken = node.attribute("lang", XML_URI)
        if spoken is not None:
            return spoken.lower() == wanted.lower() or spoken.lower().startswith(
                wanted.lower() + "-"
            )
        node = node.parent
    return False


@function("id", "v", "N", "the nodes with these ids")
def _id(here: Here, value: Value) -> list[Node]:
    texts = [text_of(n) for n in value] if isinstance(value, list) else [text_of_value(value)]
    wanted = {word for text in texts for word in text.split()}
    start = here.around.root or top(here.node)
    return document_order(n for n in _elements(start) if n.attribute("id") in wanted)


def _elements(node: Node) -> list[Node]:
    found = [node] if node.kind == ELEMENT else []
    for kid in node.kids:
        found.extend(_elements(kid))
    return found


@function("instance", "s", "N", "a list that came with the form")
def _instance(here: Here, name: str) -> list[Node]:
    found = here.around.instances.get(name)
    return [] if found is None else [found]


@function("randomize", "N v?", "N", "in a random order", volatile=True)
def _randomize(here: Here, nodes: list[Node], seed: Value | None = None) -> list[Node]:
    shuffled: list[Node] = []
    state = _seed(here, seed)
    for at, node in enumerate(nodes):
        state = state * 16_807 % _LEHMER
        other = int((state - 1) / (_LEHMER - 1) * (at + 1))
        shuffled.append(node)
        shuffled[at], shuffled[other] = shuffled[other], shuffled[at]
    return shuffled


def _seed(here: Here, seed: Value | None) -> int:
    if seed is None:
        return int(here.around.random() * (_LEHMER - 1)) + 1
    text = text_of_value(seed)
    if text == "":
        return _LEHMER - 1  # as a seed of nought
    number = number_of_text(text, here)
    if isinf(number):
        whole = 2**63 - 1 if number > 0 else -(2**63)
    elif number == number:  # noqa: PLR0124
        whole = int(number)
    else:
        raw = hashlib.sha256(text.encode()).digest()
        whole = int.from_bytes(raw[:8], "big", signed=True)
    state = whole % _LEHMER if whole >= 0 else -(-whole % _LEHMER)
    return state if state > 0 else state + _LEHMER - 1


@function("selected", "s s", "b", "whether a choice is ticked")
def _selected(_: Here, text: str, choice: str) -> bool:
    word = choice.strip(" \t\r\n")
    if not word:
        return not words_of(text)  # no choice at all is what an empty answer holds
    return word in text and word in words_of(text)


@function("selected-at", "s n", "s", "the choice ticked at that place, counted from 0")
def _selected_at(_: Here, text: str, at: float) -> str:
    words = words_of(text)
    return words[int(at)] if at == at and 0 <= at < len(words) else ""  # noqa: PLR0124


@function("count-selected", "s", "n", "how many choices are ticked")
def _count_selected(_: Here, text: str) -> float:
    return float(len(words_of(text)))


@function("jr:itext", "s", "s", "a text of the form, in the language shown")
def _itext(here: Here, name: str) -> str:
    return "" if here.around.itext is None else here.around.itext(name)


@function("jr:choice-name", "s s", "s", "the words of a choice")
def _choice_name(here: Here, value: str, path: str) -> str:
    around = here.around
    return "" if around.choice_name is None else around.choice_name(value, path, here.node)


@function("pulldata", "s s s s", "s", "pulldata(list, column wanted, column searched, value)")
def _pulldata(here: Here, name: str, wanted: str, key: str, value: str) -> str:
    instance = here.around.instances.get(name)
    if instance is None:
        raise FormulaFault(f"there is no list called {name!r}")
    for root in instance.kids:
        for item in root.kids:
            cells = {kid.local: text_of(kid) for kid in item.kids}
            if cells.get(key) == value:
                return cells.get(wanted, "")
    return ""
