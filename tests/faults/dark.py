"""What lies on a disk when the lights are on again: the safe bytes, and what chance left.

A file keeps what a sync confirmed; each later write survives, is lost or is torn at a sector; a
later cut happens or not. A folder keeps the names that a sync of the folder confirmed, and of later
makings, moves and droppings the first few. Stricter than a common file system, which is the point.

Refuses to know anything about a vault: it is told events (`tests.faults.disk`) and makes folders.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import Event

SECTOR = 512


@dataclass(slots=True, eq=False)
class Node:
    """A file or a folder: what is safe, what is there now, what is between."""

    is_folder: bool
    data: bytearray = field(default_factory=bytearray)  # confirmed bytes
    waiting: list[Event] = field(default_factory=list)  # writes and cuts that no sync confirmed
    names: dict[str, Node] = field(default_factory=dict)  # confirmed names
    now: dict[str, Node] = field(default_factory=dict)
    changes: list[dict[str, Node | None]] = field(default_factory=list)  # unconfirmed, in order

    def confirm(self) -> None:
        """A sync: all that was between is safe."""
        for event in self.waiting:
            _apply(self.data, event, len(event.data))
        self.waiting = []
        self.names, self.changes = dict(self.now), []

    def is_now(self, data: bytes) -> bool:
        """Whether the file's bytes are these, confirmed or not."""
        seen = bytearray(self.data)
        for event in self.waiting:
            _apply(seen, event, len(event.data))
        return bytes(seen) == data

    def rename(self, changes: dict[str, Node | None]) -> None:
        """Names that change in one step."""
        for name, node in changes.items():
            if node is None:
                self.now.pop(name, None)
            else:
                self.now[name] = node
        self.changes.append(changes)


class Platter:
    """The disk under one folder, event by event."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._top = Node(is_folder=True)

    def happen(self, event: Event) -> None:
        """One more event."""
        getattr(self, "_" + event.what)(event)

    def left(self, folder: Path, chance: random.Random) -> None:
        """Make `folder` what could be on the disk if the lights went out now."""
        folder.mkdir()
        _make(self._top, folder, chance, chance.choice((0.0, 0.3, 0.6, 0.9)))

    def _find(self, path: str) -> Node | None:
        node: Node | None = self._top
        for part in _parts(path, self._root):
            node = node.now.get(part) if node else None
        return node

    def _at(self, path: str) -> Node:
        node = self._find(path)
        assert node is not None, path
        return node

    def _folder_of(self, path: str) -> tuple[Node, str]:
        return self._at(path.rpartition("/")[0]), path.rpartition("/")[2]

    def _make(self, event: Event) -> None:
        folder, name = self._folder_of(event.path)
        folder.rename({name: Node(is_folder=False)})

    def _folder(self, event: Event) -> None:
        folder, name = self._folder_of(event.path)
        folder.rename({name: Node(is_folder=True)})

    def _write(self, event: Event) -> None:
        self._at(event.path).waiting.append(event)

    _cut = _write

    def _whole(self, event: Event) -> None:
        """The bytes of a file that Python wrote, seen when it was synced, moved or linked."""
        node = self._at(event.path)
        if not node.is_now(event.data):
            node.waiting.append(Event("cut", event.path, len(event.data)))
            node.waiting.append(Event("write", event.path, 0, event.data))

    def _sync(self, event: Event) -> None:
        node = self._find(event.path)
        if node is not None:
            node.confirm()

    def _lost(self, event: Event) -> None:
        """A sync that failed: the system counts these bytes as written and tries no more."""
        node = self._find(event.path)
        if node is not None:
            node.waiting = []

    def _move(self, event: Event) -> None:
        (old, was), (new, name) = self._folder_of(event.path), self._folder_of(event.to)
        node = old.now[was]
        if old is new:
            old.rename({was: None, name: node})
        else:
            new.rename({name: node})
            old.rename({was: None})

    def _link(self, event: Event) -> None:
        folder, name = self._folder_of(event.to)
        folder.rename({name: self._at(event.path)})

    def _drop(self, event: Event) -> None:
        folder, name = self._folder_of(event.path)
        folder.rename({name: None})


def _parts(path: str, root: str) -> Sequence[str]:
    return [part for part in path[len(root) :].split("/") if part]


def _apply(data: bytearray, event: Event, size: int) -> None:
    """The first `size` bytes of a write, or a cut."""
    if event.what == "cut":
        if len(data) < event.at:
            data.extend(bytes(event.at - len(data)))
        del data[event.at :]
        return
    end = event.at + size
    if size and len(data) < end:
        data.extend(bytes(end - len(data)))
    data[event.at : end] = event.data[:size]


def _make(node: Node, path: Path, chance: random.Random, survives: float) -> None:
    names = dict(node.names)
    for changes in node.changes[: chance.randint(0, len(node.changes))]:
        for name, one in changes.items():
            names.pop(name, None)
            if one is not None:
                names[name] = one
    for name, one in names.items():
        target = path / name
        if one.is_folder:
            target.mkdir()
            _make(one, target, chance, survives)
        else:
            target.write_bytes(_bytes(one, chance, survives))


def _bytes(node: Node, chance: random.Random, survives: float) -> bytes:
    if not node.waiting:
        return bytes(node.data)
    data = bytearray(node.data)
    for event in node.waiting:
        luck = chance.random()
        if luck < survives:
            _apply(data, event, len(event.data))
        elif event.what == "write" and luck < survives + (1 - survives) / 2:
            _apply(data, event, chance.randrange(0, len(event.data) + 1, SECTOR))
    return bytes(data)
