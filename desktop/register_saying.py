"""How the words of `hedgerow register` answer: a line, or one JSON object.

Refuses to print what is not plain: a key never gets this far.
"""

from __future__ import annotations

import argparse
import errno
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Words = Mapping[str, tuple[str, Callable[..., int], Mapping[str, Mapping[str, Any]]]]
_MOST = (1 << 63) - 1
MOMENT = "%Y-%m-%d %H:%M"
JSON = {"--json": {"action": "store_true", "help": "print JSON"}}


def say(words: str) -> None:
    """One line."""
    sys.stdout.write(f"{words}\n")


def say_object(value: Any) -> None:
    """One value as JSON, also one of ours."""
    import msgspec

    plain = msgspec.to_builtins(value)
    sys.stdout.write(f"{json.dumps(plain, ensure_ascii=False, indent=2)}\n")


def plain(one: Any, *names: str) -> dict[str, Any]:
    """Some fields of a thing, for JSON."""
    return {name: getattr(one, name) for name in names}


def moment(text: str) -> str:
    """A stored moment as people read it."""
    return text[:16].replace("T", " ")


def clock() -> Any:
    """The clock of this machine."""
    from forms.values import SystemClock

    return SystemClock()


def at_least(least: int) -> Callable[[str], int]:
    """A whole number that is no smaller: one that makes no sense is not taken for another."""

    def number(said: str) -> int:
        if not (said.isascii() and said.isdecimal() and least <= int(said) <= _MOST):
            raise argparse.ArgumentTypeError(f"{said} is no number from {least} on")
        return int(said)

    return number


@contextmanager
def with_room(more: str = "") -> Iterator[None]:
    """A copy that does not fit is said as such: where there is no room, and what stands."""
    from sync.register.copies import CopyFault

    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise CopyFault(
            "There is no room for the copy, or to look it through. No part of it was left, and the "
            f"register is as it was. Make room, or name another place.{more}"
        ) from error


def needed(about: str, **more: Any) -> dict[str, Any]:
    """An option that has to be given."""
    return {"required": True, "help": about} | more
