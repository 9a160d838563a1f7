"""Answer sheets as ODK instance XML, in and out, and as plain answers for the rules."""

from __future__ import annotations

import re

from lxml import etree

from forms.engine.live import LiveNode, build
from forms.engine.markup import JR, ORX, safe_parser
from forms.engine.model import FormDef, NodeDef
from forms.engine.problems import refused
from forms.engine.xpath.types import Surroundings

_PART = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")


def plant(form: FormDef, instance_xml: str | bytes | None, around: Surroundings) -> LiveNode:
    """The tree of a session: fresh, or from a kept answer sheet. Raises FormRefused."""
    element = None
    if instance_xml is not None:
        element = _kept(form, instance_xml)
    elif form.root.grows:
        element = etree.fromstring(form.initial, safe_parser())
    slots: list[LiveNode | None] = [None] * len(form.nodes)
    root = build(form.root, element, slots, as_written=instance_xml is None)
    filler = root  # nodes inside repeats are never read through a slot
    around.slots = [filler if slot is None else slot for slot in slots]
    return root


def form_defined(form: FormDef, repeat: NodeDef) -> list[etree._Element]:
    """The instances of a repeat that the form itself is written with, in order."""
    if len(repeat.repeats) != 1:
        return []
    found = [etree.fromstring(form.initial, safe_parser())]
    for d in _down_to(repeat):
        found = [kid for each in found for kid in each if etree.QName(kid).localname == d.local]
    return [each for each in found if f"{{{JR}}}template" not in each.attrib]


def _down_to(d: NodeDef) -> list[NodeDef]:
    """The definitions below the root on the way to this one."""
    trail: list[NodeDef] = []
    while d.parent is not None:
        trail.append(d)
        d = d.parent
    return trail[::-1]


def _kept(form: FormDef, instance_xml: str | bytes) -> etree._Element:
    raw = instance_xml.encode() if isinstance(instance_xml, str) else instance_xml
    try:
        element = etree.fromstring(raw, safe_parser())
    except etree.XMLSyntaxError as fault:
        raise refused(
            "draft-unreadable",
            f"The kept answers cannot be read: {fault.msg}.",
            "The form can be started afresh; nothing else is touched.",
        ) from fault
    if etree.QName(element).localname != form.root.local:
        raise refused(
            "draft-of-another-form",
            f"These answers belong to another form ({etree.QName(element).localname}).",
            f"Open them with that form; this one is {form.form_id}.",
        )
    return element


def written(root: LiveNode, *, drop_hidden: bool) -> str:
    """The answer sheet as XML text."""
    nsmap = {"orx": ORX} if _prefixed(root.d) else {}
    for name in root.d.attrs:
        if name.startswith("orx:"):
            nsmap["orx"] = ORX
    return etree.tostring(_element(root, nsmap, drop_hidden=drop_hidden), encoding="unicode")


def _prefixed(d: NodeDef) -> bool:
    return any(node.prefix == "orx" for node in d.walk())


def _element(node: LiveNode, nsmap: dict[str, str], *, drop_hidden: bool) -> etree._Element:
    name = f"{{{node.uri}}}{node.local}" if node.prefix else node.local
    own = {**nsmap, node.prefix: node.uri} if node.prefix else nsmap
    element = etree.Element(name, nsmap=dict(own))
    for attr in node.attrs:
        if attr.prefix == "jr" or attr.local == "xmlns":
            continue
        key = f"{{{ORX}}}{attr.local}" if attr.prefix == "orx" else attr.local
        element.set(key, attr.text)
    if not node.kids:
        kept = node.text if drop_hidden or node.given is None else node.given
        element.text = kept or None
    for kid in node.live_kids():
        if kid.d.technical and not kid.text:
            continue
        if kid.relevant or not drop_hidden:
            element.append(_element(kid, nsmap, drop_hidden=drop_hidden))
    return element


def answers_of(node: LiveNode) -> dict[str, object]:
    """Answers that count (relevant, given) by question name; repeats as lists."""
    found: dict[str, object] = {}
    for kid in node.live_kids():
        if kid.d.repeat:
            rows = found.setdefault(kid.d.local, [])
            if isinstance(rows, list) and kid.relevant:
                rows.append(answers_of(kid))
        elif kid.kids:
            if kid.d.local != "meta":
                found.update(answers_of(kid))
        elif kid.relevant and kid.text:
            found[kid.d.local] = kid.text
    return found


def located(root: LiveNode, ref: str) -> LiveNode:
    """The node of a ref; of a repeat without a number, the node it stands in. Raises KeyError."""
    parts = [part for part in ref.split("/") if part]
    if not parts or parts[0] != root.d.key:
        raise KeyError(ref)
    node = root
    for at, part in enumerate(parts[1:], 2):
        match = _PART.fullmatch(part)
        kid = node.d.child(match.group(1)) if match else None
        if match is None or kid is None:
            raise KeyError(ref)
        if not kid.repeat:
            node = node.named[kid.index]
            continue
        if match.group(2) is None and at == len(parts):
            return node
        instances = node.instances_of(kid)
        place = int(match.group(2) or 1)
        if not 1 <= place <= len(instances):
            raise KeyError(ref)
        node = instances[place - 1]
    return node


def repeat_meant(root: LiveNode, ref: str) -> NodeDef | None:
    """The repeat a ref without a number at its end means, or None."""
    last = ref.rpartition("/")[2]
    if "[" in last:
        return None
    found = located(root, ref).d.child(last)
    return found if found is not None and found.repeat else None
