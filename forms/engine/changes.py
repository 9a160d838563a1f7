"""What one action changed in a session, as refs: what a renderer must draw again, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

_NONE: frozenset[str] = frozenset()


class ChangeSet(NamedTuple):
    """Refs by what changed about them."""

    values: frozenset[str] = _NONE
    relevance: frozenset[str] = _NONE
    required: frozenset[str] = _NONE
    readonly: frozenset[str] = _NONE
    choices: frozenset[str] = _NONE
    labels: frozenset[str] = _NONE
    problems: frozenset[str] = _NONE
    added: frozenset[str] = _NONE
    removed: frozenset[str] = _NONE

    def __bool__(self) -> bool:
        return any(self)

    def refs(self) -> Iterator[str]:
        """Every ref that changed in any way, once."""
        yield from sorted({ref for refs in self for ref in refs})


class HasRef(Protocol):
    """What is noted: a node that knows where it is."""

    @property
    def ref(self) -> str:
        """Where it is."""
        ...


class Tally:
    """The changes of one action while it runs, by node; refs are made at its end."""

    __slots__ = (
        "added", "choices", "labels", "problems", "readonly", "relevance", "removed", "required",
        "values",
    )  # fmt: skip

    def __init__(self) -> None:
        self.values: dict[int, HasRef] = {}
        self.relevance: dict[int, HasRef] = {}
        self.required: dict[int, HasRef] = {}
        self.readonly: dict[int, HasRef] = {}
        self.choices: dict[int, HasRef] = {}
        self.labels: dict[int, HasRef] = {}
        self.problems: dict[int, HasRef] = {}
        self.added: set[str] = set()
        self.removed: set[str] = set()

    def note(self, what: str, node: HasRef) -> None:
        """A node changed in this way."""
        getattr(self, what)[id(node)] = node

    def closed(self) -> ChangeSet:
        """The change set, with refs as they are now."""
        return ChangeSet(
            _refs(self.values),
            _refs(self.relevance),
            _refs(self.required),
            _refs(self.readonly),
            _refs(self.choices),
            _refs(self.labels),
            _refs(self.problems),
            frozenset(self.added) if self.added else _NONE,
            frozenset(self.removed) if self.removed else _NONE,
        )


def _refs(nodes: Mapping[int, HasRef]) -> frozenset[str]:
    return frozenset([node.ref for node in nodes.values()]) if nodes else _NONE
