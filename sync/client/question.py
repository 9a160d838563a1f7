"""What a laptop asks of the feed: by itself, page by page, or along with its last batch.

Says where the laptop stands and what it wrote, so that a disk or a register from an old copy shows.
Refuses to ask along with a batch where something has to come in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from forms.change import Bookmark, Op
from sync.client import recovery, witness
from sync.protocol import PullAsk, PullReply, bookmark_of

if TYPE_CHECKING:
    from sync.client.exchange import Round

SLICE = 1_000  # records of one page
ALONG = 100  # of the one that comes with a receipt: a poor line has to bring both or neither


def pull_question(
    this: Round, mark: Bookmark, *, own_too: bool = True, acked: int | None = None
) -> PullAsk:
    """What changed since a bookmark, please; what this laptop wrote and knows of, or not.

    `acked` is the newest op that will have a receipt when the answer comes; None: that has one.
    """
    entries, last = witness.newest(this)
    return PullAsk(
        inc=this.line.identity.incarnation,
        epoch=mark.epoch,
        seq=mark.seq,
        chain=mark.chain,
        limit=SLICE,
        have=recovery.newest_written(this),
        acked=recovery.newest_receipted(this) if acked is None else acked,
        pack_version=this.vault.exchange.pack_version(),
        own_too=own_too,
        witnessed=entries,
        witnessed_last=last,
    )


def page_question(
    this: Round, mark: Bookmark, *, own_too: bool, acked: int | None = None
) -> PullAsk:
    """The question for one page over a line: what stands will do for a beginning."""
    ask = pull_question(this, mark, own_too=own_too, acked=acked)
    ask.columns = True
    ask.snapshot = not mark.seq or bool(mark.after)
    ask.after = mark.after
    return ask


def after(question: PullAsk, reply: PullReply) -> PullAsk:
    """The same question from where a page ends; what the laptop wrote and saw is as it was."""
    mark = bookmark_of(reply)
    at = {"epoch": mark.epoch, "seq": mark.seq, "chain": mark.chain, "after": mark.after}
    at |= {"waiting": -1, "waiting_since": ""}  # it was said with the first page
    return msgspec.structs.replace(question, snapshot=bool(mark.after), limit=SLICE, **at)


def along(this: Round, ops: Sequence[Op]) -> PullAsk | None:
    """The question that comes after the last batch, to go with it: one request less.

    None where it has to be asked by itself: before the first place in the feed, in the middle of a
    first pull, after ops of an older incarnation, and while decisions wait: they are asked between.
    """
    exchange = this.vault.exchange
    mark = exchange.bookmark()
    if not mark.epoch or mark.after or ops[0].inc != this.line.identity.incarnation:
        return None
    if exchange.waiting_decisions():
        return None
    ask = page_question(this, mark, own_too=False, acked=ops[-1].seq)
    ask.limit = ALONG
    return ask


def came_along(this: Round, mark: Bookmark) -> tuple[PullAsk, PullReply] | None:
    """The page that came with the last receipt; None where it does not go on from here.

    Nor where the register has to be told first how much waits on this laptop.
    """
    along, this.along = this.along, None
    if along is None or this.vault.exchange.untold() is not None:
        return None
    question, _ = along
    from_here = (question.epoch, question.seq, question.chain) == (mark.epoch, mark.seq, mark.chain)
    return along if from_here else None
