"""Runs one expression case over its document and says what differs."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.dates import Calendar
from forms.engine.xpath.errors import FormulaError
from forms.engine.xpath.parser import parse
from forms.engine.xpath.tree import ROOT, Node, from_element, text_of, top
from forms.engine.xpath.types import Here, Surroundings, number_of, text_of_value, truth_of

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=True)


def document(xml: str) -> Node:
    """The document node of a case's XML."""
    element = etree.fromstring(xml.encode(), _PARSER)
    root = Node(ROOT)
    root.add(from_element(element, keep_text=True))
    return root


def node_at(root: Node, ctx: str) -> Node:
    """The node of an index path."""
    node = root
    for part in [p for p in ctx.split("/") if p]:
        if part.startswith("@"):
            name = part[1:]
            uri, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
            node = next(a for a in node.attrs if a.local == local and a.uri == uri)
        else:
            node = node.kids[int(part[len("node()[") : -1]) - 1]
    return node


def path_of(node: Node) -> str:
    """The index path of a node."""
    parts: list[str] = []
    while node.parent is not None:
        if any(node is attr for attr in node.parent.attrs):
            name = f"{{{node.uri}}}{node.local}" if node.uri else node.local
            parts.append("@" + name)
        else:
            at = next(i for i, kid in enumerate(node.parent.kids) if kid is node)
            parts.append(f"node()[{at + 1}]")
        node = node.parent
    return "/" + "/".join(reversed(parts))


def _instances(root: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    queue = [root]
    while queue:
        node = queue.pop()
        if node.local == "instance" and node.attribute("id"):
            found[node.attribute("id") or ""] = node
        queue.extend(node.kids)
    return found


def _itext(root: Node, lang: str | None) -> Any:
    """The nodes of each text in the language asked for (else the default one)."""
    texts: dict[str, dict[str, list[Node]]] = {}
    first: list[str] = []
    queue = [root]
    while queue:
        node = queue.pop(0)
        if node.local == "translation":
            spoken = node.attribute("lang") or ""
            first.append(spoken) if node.attribute("default") is None else first.insert(0, spoken)
            for text in [kid for kid in node.kids if kid.local == "text"]:
                values = [kid for kid in text.kids if kid.local == "value"]
                texts.setdefault(spoken, {})[text.attribute("id") or ""] = values
        queue.extend(node.kids)
    return lambda name: texts.get(lang or (first or [""])[0], {}).get(name, [])


def _plain_text(values: list[Node]) -> str:
    plain = [value for value in values if value.attribute("form") is None] or values
    return text_of(plain[-1]) if plain else ""


def evaluate(case: dict[str, Any], root: Node) -> Any:
    """The value of a case's expression."""
    zone = UTC if case.get("tz") == "GMT" else ZoneInfo("America/Phoenix")
    java = all(src["suite"].startswith("javarosa") for src in case["src"])
    now = datetime.fromisoformat(case.get("now", "2026-11-20T02:15:07-07:00"))
    around = Surroundings(Calendar(zone, whole_days=java), lambda: now)
    if any(src["suite"].startswith("odk-webforms") for src in case["src"]):
        around.area_of_none = 0.0  # Enketo: not a number
    around.instances = _instances(root)
    around.itext_nodes = _itext(root, case.get("lang"))
    around.itext = lambda name: _plain_text(around.itext_nodes(name))
    node = node_at(root, case["ctx"])
    if case.get("root"):
        around.root = node_at(root, case["root"])
    assert top(node) is root
    compiler = Compiler(case.get("ns") or {})
    ast = parse(case["expr"])
    read = compiler.nodes(ast) if case["as"] in {"nodeset", "node"} else compiler.value(ast)
    here = Here(node, around)
    return read(here), here


def differs(case: dict[str, Any], root: Node) -> str:
    """Empty when the case passes, else what came out."""
    expect = case["expect"]
    try:
        value, here = evaluate(case, root)
    except FormulaError as fault:
        return "" if "error" in expect else f"fault: {fault}"
    if "error" in expect:
        return f"no error but {value!r}"
    if "boolean" in expect:
        return "" if truth_of(value) == expect["boolean"] else repr(value)
    if "string" in expect:
        found = text_of_value(value)
        return "" if found == expect["string"] else repr(found)
    if "nodes" in expect:
        shown = [[path_of(n), None if n.kind == ROOT else text_of(n)] for n in value]
        return "" if shown == expect["nodes"] else repr(shown)
    return _number_differs(expect["number"], number_of(value, here), case.get("tol", 1e-9))


def _number_differs(wanted: Any, found: float, tol: float) -> str:
    if wanted == "NaN":
        return "" if math.isnan(found) else repr(found)
    if isinstance(wanted, str):
        wanted = float(wanted.replace("Infinity", "inf"))
        return "" if found == wanted else repr(found)
    return "" if abs(found - wanted) <= tol or found == wanted else repr(found)
