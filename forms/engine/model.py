"""What a form is: questions, lists, texts, formulas. Built by `xform_reader`, then never changed.

Holds no answers: those live in a session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from forms.engine.graph import Program
from forms.engine.collector import collector_paused
from forms.engine.xpath.tree import Node


class Words(NamedTuple):
    """A text of the form: plain pieces and formulas in turn, or the id of a translated text."""

    parts: tuple[tuple[bool, str], ...] = ()  # (is a formula, text)
    itext: str = ""  # formula giving the id

    def __bool__(self) -> bool:
        return bool(self.parts or self.itext)


NO_WORDS: Final = Words()


class _Nothing(dict[str, str]):
    """What most nodes are told beside their name. One for all: nothing can be put in."""

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]  # a default of a field wants one
        return 0

    def __setitem__(self, key: str, value: str) -> None:
        raise TypeError(f"{key} is put into what all nodes share")


NOTHING: Final = _Nothing()


class Item(NamedTuple):
    """A choice written straight into the form."""

    value: str
    label: Words


class Itemset(NamedTuple):
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
    label: Words = NO_WORDS
    hint: Words = NO_WORDS
    items: tuple[Item, ...] = ()
    itemset: Itemset | None = None
    extras: Mapping[str, str] = NOTHING  # start, end, step, mediatype, rows


@dataclass(slots=True, eq=False)
class NodeDef:
    """One node of the form: a question, a group, a repeat."""

    key: str
    path: str
    local: str
    uri: str = ""
    prefix: str = ""
    parent: NodeDef | None = None
    kids: Sequence[NodeDef] = ()
    index: int = 0
    repeat: bool = False
    text: str = ""
    attrs: Mapping[str, str] = NOTHING  # as written: prefix:name
    data_type: str = "string"
    binds: Mapping[str, str] = NOTHING  # relevant, calculate, ... -> formula
    constraint_message: Words = NO_WORDS
    required_message: Words = NO_WORDS
    preload: tuple[str, str] = ("", "")
    control: Control | None = None
    fixed: bool = False  # repeat: people may not add or remove
    repeats: tuple[NodeDef, ...] = ()  # the repeats around it, itself included
    kind: str = ""
    technical: bool = False  # added by us; not there while it is empty
    marks: Mapping[str, str] = NOTHING  # what a checklist says of its step
    grows: bool = False  # whether it is a repeat or holds one
    _by_local: dict[str, list[NodeDef]] | None = None
    _by_key: dict[str, NodeDef] | None = None
    _document: NodeDef | None = None
    known_paths: dict[str, NodeDef | None] | None = None  # of the document only

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
            self._document = NodeDef("", "", "", kids=[self], index=-1, known_paths={})
        return self._document

    def named(self, local: str) -> list[NodeDef]:
        """The children of that name, whatever their prefix."""
        if self._by_local is None:
            gathered: dict[str, list[NodeDef]] = {}
            for kid in self.kids:
                gathered.setdefault(kid.local, []).append(kid)
            self._by_local = gathered  # whole: a form is shared between lanes
        return self._by_local.get(local, [])

    def child(self, key: str) -> NodeDef | None:
        """The child of that name."""
        if self._by_key is None:
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
    def preloaded(self) -> tuple[NodeDef, ...]:
        """The nodes that the device fills in."""
        return tuple(node for node in self.nodes if node.preload[0])

    @cached_property
    def program(self) -> Program:
        """The formulas in the order they are worked out. Raises FormRefused on a cycle."""
        from forms.engine.graph import build_program

        with collector_paused():
            return build_program(self)
