"""Which laptops there are and what came from each, as the register knows it; closing one.

Runs in the network lane: nothing of this is kept on this laptop. Refuses nothing itself: who may
see and close what is the register's to say.
"""

from __future__ import annotations

import platform
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.operations.exchange import from_afar

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from forms.values import Clock
    from sync.office import CloseDeviceReply, DeviceLedgerReply, DevicesReply

T = TypeVar("T")
LONGEST_NAME = 60  # letters of a laptop's name


def devices(far: Any, clock: Clock) -> DevicesReply:
    """The laptops that this person may see. Raises SyncError."""
    from sync.office import DevicesAsk, DevicesReply

    return _asked(far, clock, "/v1/devices", DevicesAsk(), DevicesReply)


def ledger(far: Any, clock: Clock, device_id: str) -> DeviceLedgerReply:
    """What came from one laptop. Raises SyncError."""
    from sync.office import DeviceLedgerAsk, DeviceLedgerReply

    ask = DeviceLedgerAsk(device=device_id)
    return _asked(far, clock, "/v1/devices/ledger", ask, DeviceLedgerReply)


def close(far: Any, clock: Clock, device_id: str, *, retired: bool) -> CloseDeviceReply:
    """Close a laptop's access: lost, or retired. Raises SyncError."""
    from sync.office import CloseDeviceAsk, CloseDeviceReply

    ask = CloseDeviceAsk(device=device_id, retired=retired)
    return _asked(far, clock, "/v1/devices/close", ask, CloseDeviceReply)


def computer_name() -> str:
    """What this computer calls itself, as its owner sees it on a network; never an id of ours."""
    printable = "".join(each for each in platform.node() if each.isprintable())
    return printable.strip()[:LONGEST_NAME] or "a laptop without a name"


def this_device(far: Any) -> str:
    """The id of this very laptop, "" when it has not joined."""
    identity = far.exchange.identity()
    return "" if identity is None else str(identity.device_id)


def over_the_line(
    context: Context,
    work: Callable[[Any, Clock], Any],
    *,
    owner: object,
    on_done: Callable[[Any], None],
    on_failed: Callable[[Exception], None],
) -> None:
    """Run `work(vault from afar, clock)` in the network lane; it comes back on the GUI thread."""
    jobs: Any = context.jobs  # the lanes beside the vault's are known to the real Jobs alone
    vault, clock = context.session.vault, context.clock
    jobs.run(
        lambda: work(from_afar(vault, partial(jobs.through, "vault")), clock),
        owner=owner,
        on_done=on_done,
        on_failed=on_failed,
        lane="network",
    )


def _asked(far: Any, clock: Clock, path: str, ask: Any, reply: type[T]) -> T:
    from sync.client.transport import open_transport
    from sync.client.wire import Line, Told
    from sync.errors import Refused, SignInNeeded

    identity = far.exchange.identity()
    if identity is None:
        raise SignInNeeded
    transport = open_transport(identity)
    try:
        return Line(transport, identity, clock).ask(path, ask, reply)
    except Told as told:
        raise Refused(told.trouble.words, detail=told.trouble.trouble) from told
    finally:
        transport.close()
