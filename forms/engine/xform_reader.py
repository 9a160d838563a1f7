"""XForm XML into a FormDef. Reads safely: no entities, no network, no huge trees."""

from __future__ import annotations

from lxml import etree

from forms.engine.body_reader import read_body
from forms.engine.collector import collector_paused
from forms.engine.markup import (
    CHECKLIST,
    JR,
    ORX,
    XF,
    XHTML,
    find,
    message_words,
    parts_of,
    read_action,
    safe_parser,
    split_name,
)
from forms.engine.model import NO_WORDS, FormDef, NodeDef, Words
from forms.engine.problems import refused
from forms.engine.xpath.tree import Node, from_element

_OURS = f"{{{CHECKLIST}}}"
_BINDS = ("relevant", "calculate", "constraint", "required", "readonly")
_CONSTRAINT_MESSAGE = f"{{{JR}}}constraintMsg"
_REQUIRED_MESSAGE = f"{{{JR}}}requiredMsg"
_PRELOAD = f"{{{JR}}}preload"
_PARAMETER = f"{{{JR}}}preloadParams"


def read_form(xform: str | bytes) -> FormDef:
    """The form an XForm describes. Raises FormRefused."""
    with collector_paused():
        return _read(xform.encode() if isinstance(xform, str) else xform)


def _read(raw: bytes) -> FormDef:
    try:
        html = etree.fromstring(raw, safe_parser())
    except etree.XMLSyntaxError as fault:
        raise refused("form-unreadable", f"This form cannot be read: {fault.msg}.") from fault
    model = html.find(f".//{{{XF}}}model")
    primary = None if model is None else _primary(model)
    if model is None or primary is None:
        raise refused("form-empty", "This form holds no questions.")
    prefixes = {k or "": str(v) for k, v in html.nsmap.items()}
    root = _definition(primary, None)
    _ensure_instance_id(root, "orx" if ORX in prefixes.values() else "")
    nodes = list(root.walk())
    by_path = {node.path: node for node in nodes}
    _read_binds(model, by_path, root)
    actions = [read_action(el, by_path, "") for el in model.findall(f"{{{XF}}}setvalue")]
    body = html.find(f"{{{XHTML}}}body")
    if body is not None:
        actions += read_body(body, by_path, root)
    _settle(nodes)
    instances, sources = _instances(model)
    itext, languages, default = _itext(model)
    title = html.findtext(f"{{{XHTML}}}head/{{{XHTML}}}title") or ""
    return FormDef(
        form_id=primary.get("id") or root.local,
        version=primary.get("version") or primary.get(f"{{{ORX}}}version") or "",
        title=title,
        root=root,
        nodes=nodes,
        instances=instances,
        itext=itext,
        languages=languages,
        default_language=default,
        actions=tuple(actions),
        prefixes=prefixes,
        initial=etree.tostring(primary),
        by_path=by_path,
        list_files=sources,
    )


def _primary(model: etree._Element) -> etree._Element | None:
    instance = model.find(f"{{{XF}}}instance")
    if instance is None or len(instance) == 0:
        return None
    return instance[0]


def _definition(element: etree._Element, parent: NodeDef | None) -> NodeDef:
    uri, local = split_name(element.tag)
    prefix = element.prefix or ""
    key = f"{prefix}:{local}" if prefix else local
    path = f"/{key}" if parent is None else f"{parent.path}/{key}"
    node = NodeDef(key, path, local, uri, prefix, parent)
    said = element.items()
    if said:
        node.attrs = {_attribute_name(element, str(k)): str(v) for k, v in said}
    if not len(element):
        node.text = element.text or ""
        return node
    by_key: dict[str, NodeDef] = {}
    for child in element:
        made = _definition(child, node)
        known = by_key.setdefault(made.key, made)
        if known is not made and f"{{{JR}}}template" in child.attrib:
            by_key[made.key] = made  # the template says what a repeat holds
    node.kids = tuple(by_key.values())
    return node


def _attribute_name(element: etree._Element, name: str) -> str:
    if not name.startswith("{"):
        return name
    uri, _, local = name[1:].partition("}")
    prefix = next((p for p, u in element.nsmap.items() if u == uri and p), "")
    return f"{prefix}:{local}" if prefix else local


def _ensure_instance_id(root: NodeDef, prefix: str) -> None:
    """Every answer sheet has an id of its own, in meta/instanceID (OpenRosa)."""
    meta = next((kid for kid in root.kids if kid.local == "meta"), None)
    if meta is None:
        meta = _technical("meta", prefix, root)
    if not any(kid.local == "instanceID" for kid in meta.kids):
        _technical("instanceID", meta.prefix, meta).preload = ("uid", "")
    if not any(kid.local == "deprecatedID" for kid in meta.kids):
        _technical("deprecatedID", meta.prefix, meta).technical = True


def _technical(local: str, prefix: str, parent: NodeDef) -> NodeDef:
    key = f"{prefix}:{local}" if prefix else local
    uri = ORX if prefix else parent.uri
    node = NodeDef(key, f"{parent.path}/{key}", local, uri, prefix, parent=parent)
    parent.kids = (*parent.kids, node)
    return node


def _read_binds(model: etree._Element, by_path: dict[str, NodeDef], root: NodeDef) -> None:
    for bind in model.iterchildren(f"{{{XF}}}bind"):
        said = {str(name): str(text) for name, text in bind.items()}
        node = find(said.pop("nodeset", ""), by_path, root)
        if node is not None:
            _read_bind(node, said)


def _read_bind(node: NodeDef, said: dict[str, str]) -> None:
    node.data_type = (said.pop("type", "") or node.data_type).rpartition(":")[2]
    found = {name: said.pop(name).strip() for name in _BINDS if name in said}
    if found:
        formulas = {name: formula for name, formula in found.items() if formula}
        node.binds = {**node.binds, **formulas}
    node.constraint_message = message_words(said.get(_CONSTRAINT_MESSAGE))
    node.required_message = message_words(said.get(_REQUIRED_MESSAGE))
    marks = {name[len(_OURS) :]: said[name] for name in said if name.startswith(_OURS)}
    if marks:
        node.marks = {**node.marks, **marks}
    if said.get(_PRELOAD):
        node.preload = (said[_PRELOAD], said.get(_PARAMETER, ""))


def _instances(model: etree._Element) -> tuple[dict[str, Node], dict[str, str]]:
    """The lists in the form, and the files that the others come from."""
    found: dict[str, Node] = {}
    sources: dict[str, str] = {}
    for instance in model.findall(f"{{{XF}}}instance")[1:]:
        name = instance.get("id") or ""
        found[name] = from_element(instance)
        found[name].text = ""
        source = instance.get("src") or ""
        if source and len(instance) == 0:
            sources[name] = source
    return found, sources


def _itext(
    model: etree._Element,
) -> tuple[dict[str, dict[str, Words]], tuple[str, ...], str]:
    texts: dict[str, dict[str, Words]] = {}
    default = ""
    for translation in model.iterfind(f"{{{XF}}}itext/{{{XF}}}translation"):
        language = translation.get("lang") or ""
        if translation.get("default") is not None or not default:
            default = language
        table = texts.setdefault(language, {})
        for text in translation.iterchildren(f"{{{XF}}}text"):
            values = text.iterchildren(f"{{{XF}}}value")
            plain = next((value for value in values if value.get("form") is None), None)
            table[text.get("id") or ""] = NO_WORDS if plain is None else Words(parts_of(plain))
    return texts, tuple(texts), default


def _settle(nodes: list[NodeDef]) -> None:
    """Numbers, the repeats around each node, and what kind of question it is."""
    for index, node in enumerate(nodes):
        node.index = index
        above = node.parent.repeats if node.parent is not None else ()
        node.repeats = (*above, node) if node.repeat else above
        node.kind = kind_of(node)
    for node in reversed(nodes):
        node.grows = node.grows or node.repeat
        if node.grows and node.parent is not None:
            node.parent.grows = True


_INPUTS = {
    "int": "integer", "integer": "integer", "decimal": "decimal", "date": "date",
    "time": "time", "dateTime": "datetime", "datetime": "datetime", "geopoint": "geopoint",
    "geotrace": "geotrace", "geoshape": "geoshape", "barcode": "text",
}  # fmt: skip
_TAGS = {
    "select": "select_multiple", "select1": "select_one", "rank": "rank", "upload": "file",
    "trigger": "acknowledge", "range": "range",
}  # fmt: skip


def kind_of(node: NodeDef) -> str:
    """The kind of question a renderer draws."""
    if node.parent is None:
        return "root"
    if node.kids:
        return "repeat" if node.repeat else "group"
    if node.repeat:
        return "repeat"
    if node.control is None:
        return "calculate"
    if node.control.tag in _TAGS:
        return _TAGS[node.control.tag]
    if node.control.tag == "group":
        return "group"
    told = node.binds.get("readonly") == "true()"
    if told and node.data_type == "string" and (node.control.label or node.control.hint):
        return "note"
    return _INPUTS.get(node.data_type, "text")
