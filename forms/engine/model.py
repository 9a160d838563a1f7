"""What a form is: questions, lists, texts, formulas. Built by `xform_reader`, then never changed.

Holds no answers: those live in a session.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.engine.graph import Program
from forms.engine.collector import collector_paused
from forms.engine.xpath.tree import Node


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the form: plain pieces and formulas in turn, or the id of a translated text."""

    parts: tuple[tuple[bool, str], ...] = ()  # (is a formula, text)
    itext: str = ""  # formula giving the id

    def __bool__(self) -> bool:
        return bool(self.parts or self.itext)


@dataclass(frozen=True, slots=True)
class Item:
    """A choice written straight into the form."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices taken from a list: where, and which columns are value and words."""

    nodeset: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Action:
    """setvalue: when an event happens, `target` becomes the value of a formula."""

    events: tuple[str, ...]
    target: str
    formula: str
    text: str
    source: str = ""  # path of the question it stands at; "" for the whole form


@dataclass(slots=True)
class Control:
    """How a question is asked."""

    tag: str = ""
    appearance: str = ""
    label: Words = field(default_factory=Words)
    hint: Words = field(default_factory=Words)
    items: tuple[Item, ...] = ()
    itemset: Itemset | None = None
    extras: dict[str, str] = field(default_factory=dict)  # start, end, step, mediatype, rows


@dataclass(slots=True, eq=False)
class NodeDef:
    """One node of the form: a question, a group, a repeat."""

    key: str
    path: str
    local: str
    uri: str = ""
    prefix: str = ""
    parent: NodeDef | None = None
    kids: list[NodeDef] = field(default_factory=list)
    index: int = 0
    repeat: bool = False
    text: str = ""
    attrs: dict[str, str] = field(default_factory=dict)  # as written: prefix:name
    data_type: str = "string"
    binds: dict[str, str] = field(default_factory=dict)  # relevant, calculate, ... -> formula
    constraint_message: Words = field(default_factory=Words)
    required_message: Words = field(default_factory=Words)
    preload: tuple[str, str] = ("", "")
    control: Control | None = None
    fixed: bool = False  # repeat: people may not add or remove
    repeats: tuple[NodeDef, ...] = ()  # the repeats around it, itself included
    kind: str = ""
    technical: bool = False  # added by us; not there while it is empty
    marks: dict[str, str] = field(default_factory=dict)  # what a checklist says of its step
    _by_local: dict[str, list[NodeDef]] = field(default_factory=dict)
    _by_key: dict[str, NodeDef] = field(default_factory=dict)
    _document: NodeDef | None = None
    known_paths: dict[str, NodeDef | None] = field(default_factory=dict)  # of the document only

    @property
    def leaf(self) -> bool:
        """Whether it can hold an answer."""
        return not self.kids

    def walk(self) -> Iterator[NodeDef]:
        """The node and all below it, in the form's order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def document(self) -> NodeDef:
        """Of the root: what stands above it, where absolute paths begin."""
        if self._document is None:
            self._document = NodeDef("", "", "", kids=[self], index=-1)
        return self._document

    def named(self, local: str) -> list[NodeDef]:
        """The children of that name, whatever their prefix."""
        if not self._by_local and self.kids:
            for kid in self.kids:
                self._by_local.setdefault(kid.local, []).append(kid)
        return self._by_local.get(local, [])

    def child(self, key: str) -> NodeDef | None:
        """The child of that name."""
        if len(self._by_key) != len(self.kids):
            self._by_key = {kid.key: kid for kid in self.kids}
        return self._by_key.get(key)


@dataclass(eq=False)
class FormDef:
    """A form, ready to be opened any number of times."""

    form_id: str
    version: str
    title: str
    root: NodeDef
    nodes: list[NodeDef]
    instances: dict[str, Node]
    itext: dict[str, dict[str, Words]]  # language -> id -> words
    languages: tuple[str, ...]
    default_language: str
    actions: tuple[Action, ...]
    prefixes: dict[str, str]
    initial: bytes  # the primary instance as it stands in the form
    by_path: dict[str, NodeDef] = field(default_factory=dict)
    list_files: dict[str, str] = field(default_factory=dict)  # list -> where its file is

    @cached_property
    def program(self) -> Program:
        """The formulas in the order they are worked out. Raises FormRefused on a cycle."""
        from forms.engine.graph import build_program

        with collector_paused():
            return build_program(self)
