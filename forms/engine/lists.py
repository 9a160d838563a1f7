"""Lists that come beside a form as files (CSV, XML, GeoJSON), as trees formulas can look into.

Guesses the separator of a CSV from its first line. Refuses what is too big or cannot be read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from forms.engine.markup import safe_parser
from forms.engine.problems import refused
from forms.engine.xpath.tree import ELEMENT, Node, from_element

MAX_BYTES = 20_000_000
_SEPARATORS = ",;\t|"


def with_files(
    instances: Mapping[str, Node], sources: Mapping[str, str], files: Mapping[str, bytes]
) -> dict[str, Node]:
    """The form's lists, those that came as files filled in. A file that is not there is empty."""
    filled = dict(instances)
    for name, source in sources.items():
        file = source.rpartition("/")[2]
        if file in files:
            filled[name] = list_of(files[file], file)
    return filled


def list_of(data: bytes, file: str) -> Node:
    """A file as a list: /root/item for a CSV, what it holds for XML. Raises FormRefused."""
    if len(data) > MAX_BYTES:
        raise refused("list-too-big", f"The list {file} is larger than 20 MB.", "Shorten it.")
    instance = Node(ELEMENT, "instance")
    if file.lower().endswith(".xml"):
        try:
            instance.add(from_element(etree.fromstring(data, safe_parser())))
        except etree.XMLSyntaxError as fault:
            raise refused(
                "list-unreadable", f"The list {file} cannot be read: {fault.msg}."
            ) from fault
        return instance
    root = instance.add(Node(ELEMENT, "root"))
    text = data.decode("utf-8-sig", "replace")
    for cells in _features(text, file) if file.lower().endswith(".geojson") else _rows(text):
        item = root.add(Node(ELEMENT, "item"))
        for column, cell in cells.items():
            item.add(Node(ELEMENT, column)).text = cell
    return instance


def _features(text: str, file: str) -> Iterator[dict[str, str]]:
    """Places of a GeoJSON collection: geometry as ODK writes it, id, and the properties."""
    unreadable = refused("list-unreadable", f"The list {file} cannot be read as GeoJSON.")
    try:
        features = json.loads(text)["features"]
        for feature in features:
            said = dict(feature.get("properties") or {})
            cells = {"geometry": _places(feature["geometry"])}
            known = feature.get("id", said.get("id"))
            if known is not None:
                cells["id"] = _cell(known)
            yield cells | {name: _cell(said[name]) for name in said if name not in cells}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise unreadable from fault


def _places(geometry: dict[str, Any]) -> str:
    """A point, a line or the outer ring of a shape, each place as latitude, longitude, 0, 0."""
    found = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        found = found[0] if found else []
    points = [found] if geometry["type"] == "Point" else found
    return "; ".join(f"{_cell(lat)} {_cell(lon)} 0 0" for lon, lat in (p[:2] for p in points))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def _rows(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.replace("\r", "\n").split("\n") if line]
    if not lines:
        return []
    separator = max(_SEPARATORS, key=lines[0].count)
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    headings = [heading.strip() for heading in next(reader)]
    return [
        {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}
        for cells in reader
    ]
