"""What one action changed in a session, as refs: what a renderer must draw again, and no more."""

from __future__ import annotations

from collections.abc import Iterator
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

    __slots__ = ("_noted", "added", "removed")

    def __init__(self) -> None:
        self._noted: dict[str, list[HasRef]] = {}
        self.added: set[str] | frozenset[str] = _NONE
        self.removed: set[str] | frozenset[str] = _NONE

    def note(self, what: str, node: HasRef) -> None:
        """A node changed in this way (a field of ChangeSet)."""
        noted = self._noted.get(what)
        if noted is None:
            self._noted[what] = [node]
        else:
            noted.append(node)

    def also(self, what: str, *others: str) -> None:
        """Whatever was noted as one of the others counts as this too."""
        for other in others:
            for node in tuple(self._noted.get(other, ())):
                self.note(what, node)

    def closed(self) -> ChangeSet:
        """The change set, with refs as they are now."""
        told = {what: frozenset([n.ref for n in nodes]) for what, nodes in self._noted.items()}
        if self.added or self.removed:
            told["added"], told["removed"] = frozenset(self.added), frozenset(self.removed)
        if not told:
            return _NOTHING
        tell = told.get
        return ChangeSet._make([tell(what, _NONE) for what in ChangeSet._fields])


_NOTHING = ChangeSet()
