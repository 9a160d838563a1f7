"""Answers straight out of a kept answer sheet, whatever version of the form it was given on.

Only questions that stand alone are read; rows of a repeat are not. Refuses nothing that was kept:
a sheet that cannot be read has no answers, and whoever counts it says so.
"""

from __future__ import annotations

from lxml import etree

from forms.engine.markup import safe_parser


def kept_answers(instance_xml: str) -> dict[str, str]:
    """Question name -> answer as text; {} for a sheet that cannot be read."""
    if not instance_xml.strip():
        return {}
    try:
        root = etree.fromstring(instance_xml.encode(), safe_parser())
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, str] = {}
    seen: set[str] = set()
    for leaf in root.iter(etree.Element):
        name = etree.QName(leaf).localname
        text = (leaf.text or "").strip()
        if len(leaf) or not text:
            continue
        if name in seen:
            found.pop(name, None)  # given more than once: a repeat
            continue
        seen.add(name)
        found[name] = text
    return found
