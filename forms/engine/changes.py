"""What one action changed in a session, as refs: what a renderer must draw again, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Refs by what changed about them."""

    values: frozenset[str] = frozenset()
    relevance: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    problems: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return any(getattr(self, item.name) for item in fields(self))

    def refs(self) -> Iterator[str]:
        """Every ref that changed in any way, once."""
        yield from sorted({ref for item in fields(self) for ref in getattr(self, item.name)})


@dataclass(slots=True)
class Tally:
    """The changes of one action while it runs, by node; refs are made at its end."""

    values: dict[int, object] = field(default_factory=dict)
    relevance: dict[int, object] = field(default_factory=dict)
    required: dict[int, object] = field(default_factory=dict)
    readonly: dict[int, object] = field(default_factory=dict)
    choices: dict[int, object] = field(default_factory=dict)
    labels: dict[int, object] = field(default_factory=dict)
    problems: dict[int, object] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def note(self, what: str, node: object) -> None:
        """A node changed in this way."""
        getattr(self, what)[id(node)] = node

    def closed(self) -> ChangeSet:
        """The change set, with refs as they are now."""
        names = ("values", "relevance", "required", "readonly", "choices", "labels", "problems")
        made = {
            name: frozenset(str(getattr(node, "ref", "")) for node in getattr(self, name).values())
            for name in names
        }
        return ChangeSet(**made, added=frozenset(self.added), removed=frozenset(self.removed))
