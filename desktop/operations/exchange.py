"""Sending to the register and fetching from it, in the background.

A round runs in the network lane; each step that touches the vault is done in the vault lane and
waited for, so that screens keep reading and saving never waits for a socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from forms.change import Changes
    from forms.values import Clock
    from storage.vault import Vault
    from sync.client.exchange import RoundReport
    from sync.client.side import Laptop
    from sync.client.transport import Transport
    from sync.schedule import Waiting


class Passes(Protocol):
    """How a lane hands a step to the vault lane: `Jobs.through` with the lane filled in."""

    def __call__(self, work: Callable[[], Any]) -> Any:
        """Have `work` done in the vault lane and wait for it."""
        ...


class VaultFromAfar:
    """Stands for the vault in another lane: every method call is one step in the vault lane.

    Only plain values come back; nothing of the vault is held between two steps.
    """

    _PARTS = frozenset({"exchange", "files", "reader", "drafts"})

    def __init__(self, target: object, pass_on: Passes) -> None:
        self._target = target
        self._pass_on = pass_on

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name in self._PARTS:
            return VaultFromAfar(found, self._pass_on)
        if not callable(found):
            return found

        def step(*args: Any, **named: Any) -> Any:
            return self._pass_on(lambda: found(*args, **named))

        return step


def from_afar(vault: Vault, pass_on: Passes) -> Laptop:
    """The vault as another lane may use it."""
    return cast("Laptop", VaultFromAfar(vault, pass_on))


class Line:
    """The line of a round under way, so that locking or closing can hang up.

    `changes` is what the newest round has put away so far, or had when it ended, well or not.
    """

    def __init__(self) -> None:
        self._transport: Transport | None = None
        self._hung_up = False
        self.files_wait = False  # from now on whole photos and papers stay here: sending costs
        self.report: RoundReport | None = None

    @property
    def changes(self) -> list[Changes]:
        """What the newest round has put away so far."""
        return [] if self.report is None else self.report.changes

    @property
    def file_words(self) -> str:
        """Which file is on its way, "" while none is."""
        going = None if self.report is None else self.report.file_going
        if going is None:
            return ""
        return f"Sending file {going.number} of {going.of}, {going.percent} %..."

    def hold(self, transport: Transport) -> None:
        """From now on it is this one."""
        self._transport = transport
        if self._hung_up:
            transport.close()

    def hang_up(self) -> None:
        """End what is under way soon; it counts as no line."""
        self._hung_up = True
        if self._transport is not None:
            self._transport.close()


def one_round(
    vault: Vault,
    pass_on: Passes,
    clock: Clock,
    progress: Callable[[int, int], None] | None = None,
    line: Line | None = None,
    *,
    with_files: bool = True,
) -> RoundReport:
    """One round with the register this laptop is joined to. Runs in the network lane."""
    from contextlib import suppress

    from desktop.operations.directory import fetch_if_old
    from forms.change import Changed, Changes
    from sync.client.exchange import RoundReport, run_round
    from sync.client.transport import open_transport
    from sync.errors import SignInNeeded, SyncError

    report = RoundReport()
    if line is not None:
        line.report = report  # first: what the round before put away is told already
    far = from_afar(vault, pass_on)
    identity = far.exchange.identity()
    if identity is None:
        raise SignInNeeded
    transport = open_transport(identity)
    if line is not None:
        line.hold(transport)
    try:
        run_round(
            far,
            transport,
            clock,
            progress,
            with_files=with_files,
            files_wait=lambda: line is not None and line.files_wait,
            report=report,
        )
        with suppress(SyncError):  # the round itself is done; the copy is fetched another time
            mark = far.exchange.bookmark()
            others = fetch_if_old(far, transport, clock, f"{mark.epoch}.{mark.seq}")
            told = tuple(Changed("register_entry", one, frozenset()) for one in others)
            if told:  # whoever shows the directory reads it again
                report.changes.append(Changes(at=clock.now(), by="register", records=told))
        return report
    finally:
        transport.close()


def take_in_words(vault: Vault, pass_on: Passes) -> int:
    """Let search take in what came from the register, step by step. How many steps it took.

    Stops with the window: what is left waits, and is found all the same.
    """
    steps = 0
    while vault.is_open and pass_on(lambda: vault.is_open and vault.catch_up()):
        steps += 1
    return steps


@dataclass(frozen=True, slots=True)
class SafetyFacts:
    """What the chip needs from the vault."""

    unsent: int
    files: int
    last_sent_at: datetime | None
    to_check: int


def safety_facts(vault: Vault) -> SafetyFacts:
    """Read them (vault lane)."""
    reader = vault.reader
    return SafetyFacts(
        unsent=reader.unsent_count(),
        files=vault.files.to_send().count,
        last_sent_at=reader.last_sent_at(),
        to_check=len(reader.conflicts(open_only=True)),
    )


def changes_of(report: RoundReport) -> list[Changes]:
    """What a round brought in, as commits to announce."""
    return list(report.changes)


def history_words(report: RoundReport) -> str:
    """The few words for the chip when the register's history is not as this laptop saw it."""
    changed = "Tell the council's auditor: the register's history was changed"
    if report.history_changed:
        return changed
    return held_words(report) or uneven_words(report) or clock_words(report)


def told_words(report: RoundReport) -> str:
    """What a round did that a person should hear of once; "" when it was an ordinary one."""
    said: list[str] = []
    if report.passed_on:
        count = len(report.passed_on)
        what = "1 change" if count == 1 else f"{count} changes"
        said.append(f"{what} went to another coach: the case is with them now.")
    elif report.left and not report.held_back:
        count = report.left
        what = "1 record has" if count == 1 else f"{count} records have"
        said.append(f"{what} left this laptop: the case is with somebody else now.")
    if report.refused:
        count = len(report.refused)
        what = "1 change was" if count == 1 else f"{count} changes were"
        said.append(f"{what} not taken: “Where everything is” says why.")
    if report.mended:
        count = report.mended
        what = "1 record was" if count == 1 else f"{count} records were"
        said.append(f"{what} not as the council has them, and put right.")
    return " ".join(said)


def held_words(report: RoundReport) -> str:
    """What to say when very many records would leave at once; "" when none do."""
    if not report.held_back:
        return ""
    return f"{report.held_back} records would leave this laptop: ring the council"


def clock_words(report: RoundReport) -> str:
    """What to say when this laptop's clock is well off the register's; "" when it is not."""
    minutes = round(report.clock_ahead.total_seconds() / 60)
    if not minutes:
        return ""
    way = "fast" if minutes > 0 else "slow"
    return f"This laptop's clock is {_span(abs(minutes))} {way}: set it"


def _span(minutes: int) -> str:
    for size, one in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{round(minutes / size)} {one}s"
    return f"{minutes} minutes"


def uneven_words(report: RoundReport) -> str:
    """What to say when records differ from the register's and could not be put right; or ""."""
    return "Some records differ from the council's: tell the helpdesk" if report.uneven else ""


def let_leave(vault: Vault) -> Changes:
    """A person has looked: what was held back leaves (vault lane)."""
    return vault.exchange.let_leave(vault.clock.now())


def seconds_to_wait(failures: int, retry_after: float) -> float:
    """How long to leave the register alone after so many failures in a row."""
    from random import SystemRandom

    from sync.schedule import back_off

    return back_off(failures, SystemRandom(), retry_after)


def one_more_edit(waiting: Waiting | None, at: datetime) -> tuple[Waiting, float]:
    """An edit was made: the edits that wait now, and in how many seconds to send them."""
    from sync.schedule import edited

    more = edited(waiting, at)
    return more, max(0.0, (more.due() - at).total_seconds())


_NEEDS_PERSON = {
    "sign_in": "Sign in again to send your changes",
    "captive_portal": "This Wi-Fi wants a log-in page",
    "revoked": "The council has closed this laptop's access",
    "proxy": "A proxy on this network is in the way",
    "certificate": "This network shows a certificate that is not trusted",
    "key_forked": "Ring the council: its register's key is in doubt",
    "key_behind": "Ring the council: its register is older than its key",
    "too_old": "Update this program to send your changes",
}


_NEEDS_CODE = frozenset({"sign_in", "revoked", "key_forked", "key_behind"})


def needs_code(error: BaseException) -> bool:
    """Whether a new code of the council, and joining once more, ends this trouble."""
    return str(getattr(error, "trouble", "")) in _NEEDS_CODE


def needs_person(error: BaseException) -> str:
    """The few words for the chip when only a person can end this trouble; "" otherwise."""
    return _NEEDS_PERSON.get(str(getattr(error, "trouble", "")), "")
