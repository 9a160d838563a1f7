"""The body of an XForm: how each node is asked, in which group, with which choices."""

from __future__ import annotations

from lxml import etree

from forms.engine.markup import JR, XF, action_at, find, split_name, words_of
from forms.engine.model import NO_WORDS, Action, Control, Item, Itemset, NodeDef

_ASKED = frozenset({"input", "select", "select1", "rank", "upload", "trigger", "range", "secret"})
_LABEL, _HINT, _ITEM, _ITEMSET, _VALUE, _SETVALUE = (
    f"{{{XF}}}{name}" for name in ("label", "hint", "item", "itemset", "value", "setvalue")
)
_EXTRAS = ("start", "end", "step", "mediatype", "rows", "autoplay", "query")


def read_body(body: etree._Element, by_path: dict[str, NodeDef], root: NodeDef) -> list[Action]:
    """Put a Control on every node the body asks; the actions that stand inside questions."""
    reader = _Body(by_path)
    reader.children(body, root, None)
    return reader.actions


class _Body:
    def __init__(self, by_path: dict[str, NodeDef]) -> None:
        self._by_path = by_path
        self.actions: list[Action] = []

    def children(self, element: etree._Element, context: NodeDef, label: Control | None) -> None:
        for child in element:
            _, tag = split_name(child.tag)
            if tag in _ASKED:
                self._question(child, tag, context)
            elif tag == "group":
                self._group(child, context)
            elif tag == "repeat":
                self._repeat(child, context, label)

    def _find(self, element: etree._Element, context: NodeDef) -> NodeDef | None:
        path = element.get("ref") or element.get("nodeset") or element.get("bind") or ""
        return find(path, self._by_path, context) if path else None

    def _control(self, element: etree._Element, tag: str, at: NodeDef | None) -> Control:
        """How it is asked, with the choices and the actions (of a node) that stand in it."""
        control = Control(tag, element.get("appearance") or "")
        items: list[Item] = []
        asked = tag in _ASKED
        for child in element:
            name = child.tag
            if name == _LABEL:
                control.label = control.label or words_of(child)
            elif name == _HINT:
                control.hint = control.hint or words_of(child)
            elif name == _ITEM and asked:
                items.append(Item(child.findtext(_VALUE) or "", words_of(child.find(_LABEL))))
            elif name == _ITEMSET and asked:
                control.itemset = control.itemset or _itemset(child)
            elif name == _SETVALUE and at is not None:
                self.actions.append(action_at(child, self._by_path, at))
        if items:
            control.items = tuple(items)
        extras = {str(name): str(text) for name, text in element.items() if name in _EXTRAS}
        if extras:
            control.extras = {name: text for name, text in extras.items() if text}
        return control

    def _question(self, element: etree._Element, tag: str, context: NodeDef) -> None:
        node = self._find(element, context)
        if node is not None:
            node.control = self._control(element, tag, node)

    def _group(self, element: etree._Element, context: NodeDef) -> None:
        node = self._find(element, context)
        control = self._control(element, "group", None)
        if node is not None and not node.repeat:
            node.control = control
        self.children(element, node or context, control)

    def _repeat(self, element: etree._Element, context: NodeDef, label: Control | None) -> None:
        node = self._find(element, context)
        if node is None:
            return
        node.repeat = True
        node.control = self._control(element, "repeat", node)
        node.control.label = NO_WORDS  # a repeat is named by the group around it
        if label is not None:
            node.control.label = label.label
            node.control.hint = label.hint
            node.control.appearance = node.control.appearance or label.appearance
        count = element.get(f"{{{JR}}}count")
        if count:
            node.binds = {**node.binds, "count": count.strip()}
        node.fixed = bool(count) or "true" in (element.get(f"{{{JR}}}noAddRemove") or "")
        self.children(element, node, None)


def _itemset(element: etree._Element) -> Itemset:
    value, label = "", ""
    for child in element:
        if child.tag == _VALUE:
            value = value or child.get("ref") or ""
        elif child.tag == _LABEL:
            label = label or child.get("ref") or ""
    return Itemset(element.get("nodeset") or "", value or "value", label)
