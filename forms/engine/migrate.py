"""A draft moved to a newer version of its form: shown first, carried out only when it is wanted.

Final answers are never moved. Nothing is written here: `Migration.xml` is what the caller keeps
once a person has agreed; until then the draft stays as it is, on its own version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from forms.engine.diff import FormDiff, choices_of, diff
from forms.engine.live import LiveNode, instances_below
from forms.engine.markup import safe_parser
from forms.engine.model import FormDef, NodeDef
from forms.engine.session import FormSession
from forms.engine.typed import NotAnAnswer, checked
from forms.engine.views import NodeView
from forms.values import Clock


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the preview."""

    ref: str
    label: str
    value: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving a draft would do, and the draft as it would be."""

    version: str
    kept: tuple[Line, ...]
    dropped: tuple[Line, ...]  # stay in the log and in the older version only
    newly_required: tuple[Line, ...]
    no_longer_fits: tuple[Line, ...]
    diff: FormDiff
    xml: str


def migrated(old: FormDef, draft: str | bytes, new: FormDef, *, clock: Clock) -> Migration:
    """A draft of `old` as a draft of `new`. Raises FormRefused when it cannot be read."""
    before = FormSession(old, clock=clock, instance_xml=draft)
    changes = diff(old, new)
    mover = _Mover(before, new, changes.pairs)
    xml = etree.tostring(mover.moved(), encoding="unicode")
    after = FormSession(new, clock=clock, instance_xml=xml)
    late = set(_needed(before))
    return Migration(
        version=new.version,
        kept=tuple(_kept(after, mover)),
        dropped=tuple(_dropped(before, mover)),
        newly_required=tuple(
            Line(node.ref, node.label, "", "must be answered now")
            for node in _questions(after.root)
            if node.violation == "required" and mover.came_from.get(node.ref) not in late
        ),
        no_longer_fits=tuple(_misfits(before, after, mover)),
        diff=changes,
        xml=after.to_xml(),
    )


class _Mover:
    """Writes the answers of one session as an answer sheet of another version."""

    def __init__(self, before: FormSession, new: FormDef, pairs: dict[int, NodeDef]) -> None:
        self._new = new
        self._pairs = pairs
        self._root = before.live_root
        self._initial = etree.fromstring(new.initial, safe_parser())
        self.came_from: dict[str, str] = {}  # ref in the newer version -> ref in the older one
        self.lost: dict[str, str] = {}  # ref in the older version -> why its answer is dropped

    def moved(self) -> etree._Element:
        """The whole answer sheet."""
        return self._element(self._new.root, self._root, f"/{self._new.root.key}")

    def _element(self, node: NodeDef, scope: LiveNode, ref: str) -> etree._Element:
        element = etree.Element(node.local)
        for kid in node.kids:
            below = f"{ref}/{kid.key}"
            if kid.repeat:
                self._repeat(element, kid, scope, below)
            elif kid.kids:
                element.append(self._element(kid, scope, below))
            else:
                self._leaf(element, kid, scope, below)
        return element

    def _repeat(self, element: etree._Element, repeat: NodeDef, scope: LiveNode, ref: str) -> None:
        former = self._pairs.get(repeat.index)
        if former is None:
            for _ in range(self._fresh(repeat)):
                etree.SubElement(element, repeat.local)
            return
        for place, instance in enumerate(instances_below(scope, former), 1):
            element.append(self._element(repeat, instance, f"{ref}[{place}]"))

    def _fresh(self, repeat: NodeDef) -> int:
        """How many instances a new repeat begins with."""
        steps = repeat.path.split("/")[2:]
        path = "/".join(f"*[local-name()='{step.rpartition(':')[2]}']" for step in steps)
        found = self._initial.xpath(f"{path}[not(@*[local-name()='template'])]")
        return min(len(found), 1) if isinstance(found, list) else 0

    def _leaf(self, element: etree._Element, node: NodeDef, scope: LiveNode, ref: str) -> None:
        former = self._pairs.get(node.index)
        if former is None:
            return
        for live in instances_below(scope, former):
            text = live.text if live.given is None else live.given
            self.came_from[ref] = live.ref
            if former.kind != node.kind and node.control is not None and text:
                try:
                    text = checked(node.kind, text)
                except NotAnAnswer as words:
                    self.lost[live.ref] = str(words)
                    return
            etree.SubElement(element, node.local).text = text


def _questions(node: NodeView) -> Iterator[NodeView]:
    """Every question that is asked, below a node."""
    for kid in node.all_nodes:
        if kid.kind in {"group", "instance", "repeat"}:
            yield from _questions(kid)
        elif kid.kind not in {"note", "calculate"}:
            yield kid


def _needed(session: FormSession) -> Iterator[str]:
    return (node.ref for node in _questions(session.root) if node.violation == "required")


def _kept(after: FormSession, mover: _Mover) -> Iterator[Line]:
    for node in _questions(after.root):
        if node.value and node.ref in mover.came_from:
            yield Line(node.ref, node.label, node.value)


def _dropped(before: FormSession, mover: _Mover) -> Iterator[Line]:
    moved = set(mover.came_from.values())
    for node in _questions(before.root):
        if node.value and node.ref in mover.lost:
            yield Line(node.ref, node.label, node.value, mover.lost[node.ref])
        elif node.value and node.ref not in moved:
            yield Line(node.ref, node.label, node.value, "is not asked any more")


def _misfits(before: FormSession, after: FormSession, mover: _Mover) -> Iterator[Line]:
    for node in _questions(after.root):
        former = mover.came_from.get(node.ref)
        if former is None or former in mover.lost:
            continue
        was = before.node(former)
        given = was.value
        if node.kind in {"select_one", "select_multiple", "rank"} and given:
            offered = choices_of(after.form, after.form.by_path[node.path])
            gone = [word for word in given.split() if word not in offered]
            if offered and gone:
                yield Line(node.ref, node.label, given, "is not offered any more")
                continue
        if node.violation == "constraint" and was.violation != "constraint":
            yield Line(node.ref, node.label, node.value, "does not pass the new check")
