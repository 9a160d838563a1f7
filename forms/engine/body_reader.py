"""The body of an XForm: how each node is asked, in which group, with which choices."""

from __future__ import annotations

from lxml import etree

from forms.engine.markup import JR, XF, action_at, find, words_of
from forms.engine.model import Action, Control, Item, Itemset, NodeDef, Words

_ASKED = frozenset({"input", "select", "select1", "rank", "upload", "trigger", "range", "secret"})
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
            tag = etree.QName(child).localname
            if tag in _ASKED:
                self._question(child, tag, context)
            elif tag == "group":
                self._group(child, context)
            elif tag == "repeat":
                self._repeat(child, context, label)

    def _find(self, element: etree._Element, context: NodeDef) -> NodeDef | None:
        path = element.get("ref") or element.get("nodeset") or element.get("bind") or ""
        return find(path, self._by_path, context) if path else None

    def _control(self, element: etree._Element, tag: str) -> Control:
        return Control(
            tag=tag,
            appearance=element.get("appearance") or "",
            label=words_of(element.find(f"{{{XF}}}label")),
            hint=words_of(element.find(f"{{{XF}}}hint")),
            extras={name: element.get(name) or "" for name in _EXTRAS if element.get(name)},
        )

    def _question(self, element: etree._Element, tag: str, context: NodeDef) -> None:
        node = self._find(element, context)
        if node is None:
            return
        control = self._control(element, tag)
        control.items = tuple(
            Item(item.findtext(f"{{{XF}}}value") or "", words_of(item.find(f"{{{XF}}}label")))
            for item in element.iterfind(f"{{{XF}}}item")
        )
        control.itemset = _itemset(element.find(f"{{{XF}}}itemset"))
        node.control = control
        self._actions(element, node)

    def _group(self, element: etree._Element, context: NodeDef) -> None:
        node = self._find(element, context)
        control = self._control(element, "group")
        if node is not None and not node.repeat:
            node.control = control
        self.children(element, node or context, control)

    def _repeat(self, element: etree._Element, context: NodeDef, label: Control | None) -> None:
        node = self._find(element, context)
        if node is None:
            return
        node.repeat = True
        node.control = self._control(element, "repeat")
        node.control.label = Words()  # a repeat is named by the group around it
        if label is not None:
            node.control.label = label.label
            node.control.hint = label.hint
            node.control.appearance = node.control.appearance or label.appearance
        count = element.get(f"{{{JR}}}count")
        if count:
            node.binds["count"] = count.strip()
        node.fixed = bool(count) or "true" in (element.get(f"{{{JR}}}noAddRemove") or "")
        self._actions(element, node)
        self.children(element, node, None)

    def _actions(self, element: etree._Element, node: NodeDef) -> None:
        for action in element.iterfind(f"{{{XF}}}setvalue"):
            self.actions.append(action_at(action, self._by_path, node))


def _itemset(element: etree._Element | None) -> Itemset | None:
    if element is None:
        return None
    value, label = element.find(f"{{{XF}}}value"), element.find(f"{{{XF}}}label")
    return Itemset(
        element.get("nodeset") or "",
        "value" if value is None else value.get("ref") or "value",
        "" if label is None else label.get("ref") or "",
    )
