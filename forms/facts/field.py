"""How one field of a record travels and who may write it.

Allowed types of a field: str, int, bool, date, datetime, Decimal (each also `| None`),
tuple[str, ...] and dict[str, object]. Everything else is refused by `forms.facts.kinds`.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any


class Policy(StrEnum):
    """Who writes a field and how two edits of it meet."""

    FACT = "fact"  # anyone allowed, offline; two edits at once become a thing to check
    REGISTER = "register"  # only the register, by a decision; read-only on laptops
    PRIVATE = "private"  # the coach's own note: leaves the laptop only to the coach's devices


def fact(default: Any = None, *, policy: Policy = Policy.FACT, factory: Any = None) -> Any:
    """A dataclass field that carries its policy in its metadata."""
    if factory is not None:
        return field(default_factory=factory, metadata={"policy": policy})
    return field(default=default, metadata={"policy": policy})


def decided(default: Any = None) -> Any:
    """A field that only the register writes."""
    return fact(default, policy=Policy.REGISTER)
