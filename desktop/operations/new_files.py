"""Photos and files that arrived while two people sit together: the only ones that are offered.

An open-file window would show other people's papers by name. So only files of a kind that is kept,
in the places where a camera or a browser puts them, newer than the sitting, are listed, by time
and kind and never by name. Refuses to look deeper than two folders or at more than 2,000 entries.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desktop.operations.files import KINDS

DEEPEST = 2
MOST_LOOKED_AT = 2000
MOST_OFFERED = 12
# pictures as telephones and scanners make them that nothing here can open
OTHER_PICTURES = frozenset({".heic", ".heif", ".avif", ".webp", ".tif", ".tiff", ".dng", ".gif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """One file that just arrived."""

    path: Path
    at: datetime
    size: int
    is_picture: bool
    is_of_a_kept_kind: bool = True  # else it is only said that there is one


def arrived(folders: Iterable[Path], since: datetime) -> list[NewFile]:
    """Files in these folders that are newer than a moment, newest first.

    As many as are offered; besides them one that can not be kept, when there is one.
    """
    found: dict[Path, NewFile] = {}
    left = MOST_LOOKED_AT
    for folder in folders:
        for entry in _walk(folder, DEEPEST):
            left -= 1
            if left < 0:
                break
            new = _new(entry, since)
            if new is not None:
                found[new.path] = new
    newest = sorted(found.values(), key=lambda new: new.at, reverse=True)
    kept = [new for new in newest if new.is_of_a_kept_kind][:MOST_OFFERED]
    other = [new for new in newest if not new.is_of_a_kept_kind][:1]
    return sorted((*kept, *other), key=lambda new: new.at, reverse=True)


def _walk(folder: Path, depth: int) -> Iterator[os.DirEntry[str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)
    except OSError:
        return  # a card pulled out, or a folder that is not ours: there is nothing to offer
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth:
                yield from _walk(Path(entry.path), depth - 1)
        else:
            yield entry


def _new(entry: os.DirEntry[str], since: datetime) -> NewFile | None:
    path = Path(entry.path)
    ending = path.suffix.lower()
    mime = KINDS.get(ending, "")
    if not (mime or ending in OTHER_PICTURES) or entry.is_symlink():
        return None
    try:
        told = entry.stat()
    except OSError:
        return None
    at = datetime.fromtimestamp(max(told.st_mtime, told.st_ctime), UTC)
    if at < since or not told.st_size:
        return None
    return NewFile(
        path=path,
        at=at,
        size=told.st_size,
        is_picture=not mime or mime.startswith("image/"),
        is_of_a_kept_kind=bool(mime),
    )
