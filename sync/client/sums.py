"""After a round: does this laptop hold what the register would give it? If not, put it right.

Asked after a recovery and once a day, never in a quiet round. Files that the register had and has
no more (it was put back from a copy) wait to be sent again. What differs is read again record by
record, and what the person typed and has not sent is not touched. Refuses to compare while work
waits to be sent, and to write anything over without a line in the trail.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from forms import sums
from forms.change import Page
from sync import errors
from sync.client.question import pull_question
from sync.protocol import PLACES_AT_ONCE, SumsAsk, SumsReply, state_from_wire

if TYPE_CHECKING:
    from sync.client.exchange import Round

EVERY = timedelta(days=1)
SLICE = 200  # records counted in one step of the vault's lane
MOST_PLACES = 64  # when more differ, everything is read again
UNEVEN = (
    "Some records on this laptop still differ from the council's. Your work is safe and goes on "
    "being sent. Tell the council's helpdesk."
)
Numbers = dict[str, int]  # record id -> its number


def is_due(this: Round) -> bool:
    """Whether to compare now: after something was put right, and once a day."""
    exchange = this.vault.exchange
    if this.report.recovered:
        return True
    last, now = exchange.compared_at(), this.now()
    if last is None or last > now:  # a new laptop, or its clock went back: a day from now
        exchange.note_compared(now)
        return False
    return now - last >= EVERY


def check(this: Round) -> None:
    """Compare, and mend what differs. Raises SyncError or Told."""
    here = _counted(this)
    if here is None:
        return
    reply = _ask(this, here, [])
    if reply.later:
        return
    this.report.files_again = this.vault.files.send_again(reply.lacking)
    if reply.same:
        this.vault.exchange.note_compared(this.now())
        return
    mine = _sums(here)
    if len(reply.sums) != sums.PLACES:
        raise errors.NotTheRegister(detail="not as many sums as there are")
    places = [n for n in range(sums.PLACES) if mine[n] != reply.sums[n]]
    level = True
    if len(places) > MOST_PLACES:
        _read_all(this)
    else:
        for start in range(0, len(places), PLACES_AT_ONCE):
            level = level and _mend(this, here, places[start : start + PLACES_AT_ONCE])
    again = _counted(this)
    if again is None:  # somebody is typing: how many were mended cannot be counted
        return
    this.report.mended += sum(1 for i in here.keys() | again.keys() if here.get(i) != again.get(i))
    if not level:
        return
    last = _ask(this, again, [])
    if not (last.same or last.later):
        this.report.uneven = UNEVEN
    this.vault.exchange.note_compared(this.now())


def _mend(this: Round, here: Numbers, places: list[int]) -> bool:
    """Read the records of these places again. False when the feed has moved on meanwhile."""
    from sync.client.exchange import put_away

    reply = _ask(this, here, places)
    if reply.later:
        return False
    states = tuple(state_from_wire(wire) for wire in reply.states)
    named = {state.record_id for state in states}
    left = tuple(i for i in here if sums.place_of(i) in places and i not in named)
    page = Page(states=states, left=left, bookmark=this.vault.exchange.bookmark())
    put_away(this, page)
    return True


def _read_all(this: Round) -> None:
    from sync.client.exchange import pull_all

    this.vault.exchange.reset_bookmark()
    pull_all(this)


def _ask(this: Round, here: Numbers, places: list[int]) -> SumsReply:
    this.report.requests += 1
    mark = this.vault.exchange.bookmark()
    known = pull_question(this, mark)
    ask = SumsAsk(
        inc=known.inc,
        epoch=mark.epoch,
        seq=mark.seq,
        chain=mark.chain,
        have=known.have,
        acked=known.acked,
        total=sums.total_of(_sums(here)),
        places=places,
    )
    return this.line.ask("/v1/sums", ask, SumsReply)


def _sums(here: Numbers) -> list[int]:
    out = [0] * sums.PLACES
    for record_id, number in here.items():
        sums.added(out, record_id, number)
    return out


def _counted(this: Round) -> Numbers | None:
    """The numbers of what is here; None when work waits or something moved while counting."""
    exchange = this.vault.exchange
    mark = exchange.bookmark()
    if not mark.epoch or exchange.unsent_count() or exchange.held_back():
        return None
    out: Numbers = {}
    after = ("", "")
    while some := exchange.numbers(after, SLICE):
        out.update((record_id, number) for _, record_id, number in some if number >= 0)
        after = some[-1][:2]
    still = not exchange.unsent_count() and exchange.bookmark() == mark
    return out if still else None
