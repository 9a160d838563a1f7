"""An error in words: known troubles speak for themselves, everything else is our own mistake.

    known    VaultFault, sync's and evidence's faults: `str()` is the sentence to show
    our own  anything else: one calm sentence, and a report without personal data

Refuses to show an exception's text unless its class is known to hold a sentence for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

OUR_MISTAKE = (
    "This program made a mistake. What you typed is still here and earlier work is safe. "
    "Try once more. If it happens again, tell the person who looks after Hedgerow."
)
# Roots of the known troubles, by name: naming them by class would import storage and sync before
# the first paint.
_KNOWN = frozenset({"VaultFault", "SyncError", "OperationFault", "EvidenceFault", "PackFault"})
# Troubles of the laptop and not of what was typed: they pass, and the same work can be done again.
_MAY_PASS = frozenset({"VaultFull", "VaultUnwell", "VaultInUse"})
_HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Trouble:
    """Words for the person, details for support, and whether it is a mistake of ours."""

    words: str
    details: str
    ours: bool


def in_words(error: BaseException) -> Trouble:
    """What to show for this error."""
    kinds = {cls.__name__ for cls in type(error).__mro__}
    if kinds & _KNOWN and str(error).strip():
        return Trouble(str(error), type(error).__name__, ours=False)
    return Trouble(OUR_MISTAKE, bare_report(error), ours=True)


def may_pass(error: BaseException) -> bool:
    """Whether doing the same again can help: a full disk, a disk that did not answer."""
    return bool({cls.__name__ for cls in type(error).__mro__} & _MAY_PASS)


def bare_report(error: BaseException) -> str:
    """Class names, files and lines of an error, and never its text: texts can hold names.

    Paths are given from the program's own folder on, so that no account name is in them.
    """
    import traceback

    lines = []
    for seen in _chain(error):
        lines.append(type(seen).__name__)
        lines += [
            f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        lines += getattr(seen, "elsewhere", ())  # the frames of a process of ours
    return "\n".join(lines)


def keep_report(folder: Path, error: BaseException, at: datetime, version: str) -> Path | None:
    """Write the bare report beside the vault; None when even that cannot be written."""
    file = folder / f"{at:%Y%m%dT%H%M%S%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"hedgerow {version}\n{bare_report(error)}\n", encoding="utf-8")
    except OSError:
        return None  # the sentence is on screen already; a full disk must not raise a second one
    return file


def _chain(error: BaseException) -> list[BaseException]:
    out: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in out:
        out.append(at)
        at = at.__cause__ or at.__context__
    return out


def _short(filename: str) -> str:
    path = Path(filename)
    try:
        return str(path.resolve().relative_to(_HERE))
    except ValueError:
        return path.name
