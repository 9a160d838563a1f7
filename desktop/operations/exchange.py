"""Sending to the register and fetching from it, in the background.

A round runs in the network lane; each step that touches the vault is done in the vault lane and
waited for, so that screens keep reading and saving never waits for a socket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.vault import Vault
    from sync.client.exchange import RoundReport

    from forms.values import Clock


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


def from_afar(vault: Vault, pass_on: Passes) -> Vault:
    """The vault as another lane may use it."""
    return cast("Vault", VaultFromAfar(vault, pass_on))


def one_round(vault: Vault, pass_on: Passes, clock: Clock) -> RoundReport:
    """One round with the register this laptop is joined to. Runs in the network lane."""
    from sync.client.exchange import run_round  # noqa: PLC0415 -- not before the first paint
    from sync.client.transport import open_transport  # noqa: PLC0415 -- the same

    far = from_afar(vault, pass_on)
    transport = open_transport(far.exchange.identity())
    try:
        return run_round(far, transport, clock)
    finally:
        transport.close()
