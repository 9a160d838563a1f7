"""Carrying work to the council by hand: write a file, read the one that came back.

Plain functions for the vault lane. Refuses nothing itself: what a file may be is `sync`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from forms.change import Changes
    from forms.values import Clock
    from storage.vault import Vault
    from sync.client.exchange import RoundReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a file would hold now; `joined` is whether there is a council to carry it to."""

    joined: bool
    changes: int = 0
    questions: int = 0
    files: int = 0
    size: int = 0  # bytes of these files; records come to little beside them
    small: int = 0  # small copies of photos
    begun: int = 0  # files of which a part went in
    left: int = 0  # files that did not go in, or not whole
    needs: int = 0  # bytes that a stick needs free for one more of them; 0: it is not room


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """What the council's answer brought."""

    sent: int
    files: int
    records: int
    answers: int
    waiting: int  # changes
    files_waiting: int
    said: tuple[str, ...]  # what was not taken, went to another coach, or is not as it was
    changes: tuple[Changes, ...] = field(default=(), repr=False)


def waiting(vault: Vault) -> Waiting:
    """What waits for the council."""
    exchange = vault.exchange
    files = vault.files.unsent()
    return Waiting(
        joined=exchange.identity() is not None,
        changes=exchange.unsent_count(),
        questions=len(exchange.waiting_decisions()),
        files=len(files),
        size=sum(one.size for one in files),
    )


def write_file(vault: Vault, path: Path, clock: Clock) -> Waiting:
    """Write what waits; nothing counts as sent by that. Raises SyncError."""
    from sync.client.carry import write_out

    made = write_out(vault, path, clock)
    return Waiting(
        joined=True,
        changes=made.ops,
        questions=made.decisions,
        files=made.files,
        small=made.small,
        begun=made.begun,
        left=made.left,
        needs=made.needs,
    )


def read_file(vault: Vault, path: Path, clock: Clock, put_away: list[Changes]) -> CameBack:
    """Take the answer in. Raises SyncError; it may be read once more.

    `put_away` has what is on the disk, however it ends.
    """
    from sync.client.carry import read_back
    from sync.client.exchange import RoundReport

    report = read_back(vault, path, clock, RoundReport(changes=put_away))
    return CameBack(
        sent=report.pushed,
        files=report.files_sent,
        records=report.pulled,
        answers=report.decisions_answered,
        waiting=vault.exchange.unsent_count(),
        files_waiting=vault.files.to_send().count,
        said=words_of(report),
        changes=tuple(report.changes),
    )


def words_of(report: RoundReport) -> tuple[str, ...]:
    """What a person has to hear of an answer beside its counts, each once."""
    return tuple(
        dict.fromkeys(
            words for words in (*report.refused, *report.passed_on, report.history_changed) if words
        )
    )
