"""Small readings both halves of an XForm share: plain paths, words with formulas, actions."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from forms.engine.model import NO_WORDS, Action, NodeDef, Words

JR = "http://openrosa.org/javarosa"
ORX = "http://openrosa.org/xforms"
XHTML = "http://www.w3.org/1999/xhtml"
XF = "http://www.w3.org/2002/xforms"
CHECKLIST = "urn:hedgerow:checklist"
EVENTS = "http://www.w3.org/2001/xml-events"


def safe_parser() -> etree.XMLParser:
    """A parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def split_name(tag: str) -> tuple[str, str]:
    """Namespace and local name of a tag as lxml writes it: {namespace}name."""
    uri, _, local = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    return uri, local


def find(path: str, by_path: dict[str, NodeDef], context: NodeDef) -> NodeDef | None:
    """The definition a plain path in the form's own markup means."""
    found = by_path.get(path)
    if found is not None:
        return found
    path = path.strip()
    if path in by_path:
        return by_path[path]
    if not path.startswith("/"):
        path = f"{context.path}/{path.removeprefix('./')}"
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part.partition("[")[0])
    return by_path.get("/" + "/".join(parts))


def message_words(text: str | None) -> Words:
    """A message: plain, or the id of a translated text."""
    if not text:
        return NO_WORDS
    if text.strip().startswith("jr:itext("):
        return Words(itext=text.strip()[len("jr:itext(") : -1])
    return Words(parts=((False, text),))


def words_of(element: etree._Element | None) -> Words:
    """A label or hint: translated, or mixed text and formulas."""
    if element is None:
        return NO_WORDS
    ref = (element.get("ref") or "").strip()
    if ref.startswith("jr:itext("):
        return Words((), ref[len("jr:itext(") : -1])
    if ref:
        return Words(((True, ref),))
    return Words(parts_of(element))


def parts_of(element: etree._Element) -> tuple[tuple[bool, str], ...]:
    """Mixed text: plain pieces and the formulas of its outputs, in turn."""
    text = element.text
    if not len(element):
        return ((False, text),) if text else ()
    parts: list[tuple[bool, str]] = []
    if text:
        parts.append((False, text))
    for child in element:
        if etree.QName(child).localname == "output":
            parts.append((True, child.get("value") or child.get("ref") or "''"))
        else:
            parts.append((False, "".join(str(t) for t in child.itertext())))
        if child.tail:
            parts.append((False, child.tail))
    return tuple(parts)


def read_action(element: etree._Element, by_path: dict[str, NodeDef], source: str) -> Action:
    """A setvalue of the form."""
    target = (element.get("ref") or "").strip()
    events = tuple((element.get("event") or element.get(f"{{{XF}}}event") or "").split())
    if not events:
        events = tuple((element.get(f"{{{EVENTS}}}event") or "").split())
    found = find(target, by_path, by_path[source]) if source else None
    target = found.path if found is not None and "[" not in target else target
    formula = (element.get("value") or "").strip()
    return Action(events, target, formula, "".join(str(t) for t in element.itertext()), source)


def action_at(element: etree._Element, by_path: dict[str, NodeDef], source: NodeDef) -> Action:
    """A setvalue that stands inside a question or a repeat."""
    return read_action(element, by_path, source.path)
