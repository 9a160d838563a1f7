"""The part of a vault that sync uses, as a seam: a vault, or a stand-in that calls it elsewhere.

The window's network thread hands in a stand-in whose calls run in the vault's own lane, so every
call here is short, takes and returns plain values, and nothing is held between two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from forms.change import Ack, Bookmark, Changes, Identity, Op, Page
from forms.facts.decisions import DecisionRequest


class Decisions(Protocol):
    """What waits for the register's judgement, and who has to be erased again."""

    def waiting_decisions(self) -> Sequence[DecisionRequest]: ...  # noqa: D102
    def answer(  # noqa: D102
        self, decision_id: str, *, state: str, codes: Sequence[str], words: str, at: datetime
    ) -> Any: ...
    def keep_decision(self, request: DecisionRequest) -> Any: ...  # noqa: D102
    def came_back(self) -> Sequence[str]: ...  # noqa: D102


class Exchange(Decisions, Protocol):
    """What storage offers to sync (`vault.exchange`)."""

    def identity(self) -> Identity | None: ...  # noqa: D102
    def adopt(self, identity: Identity) -> Any: ...  # noqa: D102
    def unsent_count(self) -> int: ...  # noqa: D102
    def unsent(self, limit: int, skip: int = 0) -> Sequence[Op]: ...  # noqa: D102
    def untold(self) -> tuple[int, str] | None: ...  # noqa: D102
    def note_told(self, count: int, since: str) -> None: ...  # noqa: D102
    def acknowledge(  # noqa: D102
        self,
        acks: Sequence[Ack],
        at: datetime,
        receipt: bytes = b"",
        incarnation: int | None = None,
    ) -> Changes: ...
    def receipted(self, incarnation: int, after: int, limit: int) -> Sequence[Op]: ...  # noqa: D102
    def kept_receipts(self) -> dict[int, bytes]: ...  # noqa: D102
    def incarnations(self) -> dict[int, int]: ...  # noqa: D102
    def reopen(  # noqa: D102
        self, after_seq: int, incarnation: int | None = None, only: Sequence[int] | None = None
    ) -> int: ...
    def bookmark(self) -> Bookmark: ...  # noqa: D102
    def absorb_some(  # noqa: D102
        self, page: Page, at: datetime, seen: str = ""
    ) -> tuple[Changes, Page | None]: ...
    def held_back(self) -> int: ...  # noqa: D102
    def reset_bookmark(self) -> Any: ...  # noqa: D102
    def witnessed(self) -> str: ...  # noqa: D102
    def witness(  # noqa: D102
        self, seen: str, upto: Bookmark | None = None, at: datetime | None = None
    ) -> None: ...
    def numbers(  # noqa: D102
        self, after: tuple[str, str], limit: int
    ) -> Sequence[tuple[str, str, int]]: ...
    def compared_at(self) -> datetime | None: ...  # noqa: D102
    def note_compared(self, at: datetime) -> None: ...  # noqa: D102
    def pack_version(self) -> str: ...  # noqa: D102
    def use_pack(self, version: str) -> None: ...  # noqa: D102


class Laptop(Protocol):
    """What a round needs of a vault."""

    @property
    def exchange(self) -> Exchange: ...  # noqa: D102
    @property
    def files(self) -> Any: ...  # noqa: D102
    @property
    def reader(self) -> Any: ...  # noqa: D102
