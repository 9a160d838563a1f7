"""The receipt of a batch, and what its laptop would ask next: both go in one answer.

Most laptops hear that nothing is new but what they wrote themselves. That is read while the batch
is still being written; anything more is read once it is on the disk. Refuses to let a page that
fails keep a batch out, or its receipt back.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from sync import signing
from sync.columns import AcksInRuns, acks_in_runs, receipt_bytes
from sync.protocol import VERSION, PullAsk, PullReply, PushAsk, PushReply, Trouble, WireAck
from sync.register.errors import Behind, Troubled
from sync.register.log import database_fault, log, place_of
from sync.register.matrix import matrix
from sync.register.push import Taken
from sync.register.sql_store import Tx, looking

if TYPE_CHECKING:
    from sync.register.service import Register, Signed


def receipt(key: bytes, ask: PushAsk, epoch: str, taken: Taken) -> PushReply:
    """What became of each op, signed."""
    reply = PushReply(inc=ask.inc, epoch=epoch)
    run = taken.run() if ask.runs else None
    acks: Sequence[WireAck] = taken.acks() if run is None else AcksInRuns([run])
    if run is not None:
        reply.runs = [run]
    elif ask.runs:
        reply.runs, reply.acks = acks_in_runs(acks)
        acks = sorted(acks, key=attrgetter("seq")) if reply.runs else acks
    else:
        reply.acks = list(acks)
    reply.signature = signing.sign(key, receipt_bytes(reply.inc, reply.epoch, acks))
    return reply


def sign_acks(key: bytes, trouble: Trouble, inc: int, epoch: str) -> None:
    """What of a refused batch the register has is receipted like any other op."""
    if trouble.acks:
        trouble.inc, trouble.epoch = inc, epoch
        trouble.signature = signing.sign(key, receipt_bytes(inc, epoch, trouble.acks))


def _may_read_along(request: Signed, ask: PullAsk) -> bool:
    """Not a closed laptop, which may send its last work and read nothing."""
    who = request.known[-1]
    may_read = who.person.role.value in matrix().route("POST", "/v1/pull").who
    return may_read and not (request.carried or who.retired or ask.v > VERSION)


def nothing_new(
    register: Register, tx: Tx, request: Signed, ask: PullAsk | None
) -> PullReply | None:
    """What a laptop would ask next where it is soon said: nothing is new but what it wrote itself.

    It is read where the batch is still being written, by a database that has one writer, and told
    when that is on the disk. None: it may be more, and is asked for then. Nothing that goes wrong
    here keeps the batch out.
    """
    if ask is None or ask.waiting >= 0 or not _may_read_along(request, ask):
        return None
    try:
        with looking(tx):
            reply = register.page(tx, request.known[-1], ask, request.epoch[-1])
    except (Behind, Troubled):
        return None
    except OperationalError as error:
        database_fault(error)
        return None
    except Exception as error:  # noqa: BLE001 - the batch goes in all the same: logged, not hidden
        log.error("bug", extra={"fault": place_of(error)})
        return None
    told = reply.states or reply.groups or reply.left or reply.more
    return None if told else reply


def page_after(register: Register, request: Signed, ask: PullAsk | None) -> PullReply | None:
    """What a laptop would ask next, told with its receipt; None: it asks, and hears why not.

    Nothing that goes wrong here keeps the receipt back: the batch is in, and without one it would
    be sent for ever.
    """
    if ask is None or not _may_read_along(request, ask):
        return None
    try:
        return register.pull(request, ask, request.known[-1])
    except Troubled:
        return None
    except OperationalError as error:
        database_fault(error)
        return None
    except Exception as error:  # noqa: BLE001 - the batch is in and its receipt leaves: logged, not hidden
        log.error("bug", extra={"fault": place_of(error)})
        return None
