"""Does a laptop hold what it should? Sums are compared; where they differ, records are given.

Everything is counted anew from the records as they stand, so a fault in any book shows, and so do
files whose bytes went with a register that was put back from a copy. A laptop asks seldom: after a
recovery, and once a day. Refuses to compare with a bookmark that is not level: what is on its way
is not a difference.
"""

from __future__ import annotations

from datetime import datetime

from forms import sums
from forms.change import DELETED, RecordState
from forms.facts.kinds import KINDS
from sync.protocol import SumsAsk, SumsReply, state_to_wire
from sync.register import feed, files
from sync.register.rows import Person
from sync.register.sql_store import Tx


def answer(tx: Tx, person: Person, ask: SumsAsk, epoch: str, now: datetime) -> SumsReply:
    """What this person's laptop should hold. Raises Troubled for another history's bookmark."""
    feed.fence(tx, person, ask, epoch, now)
    if not feed.level(tx, person, ask.seq):
        return SumsReply(later=True)
    here, wanted = [0] * sums.PLACES, set(ask.places)
    states, named = [], dict[str, set[str]]()
    for state in feed.everything(tx, person):
        if state.kind not in KINDS:
            continue
        sums.added(here, state.record_id, number_of(state))
        _note_file(named, state)
        if sums.place_of(state.record_id) in wanted:
            states.append(state_to_wire(state))
    if wanted:
        return SumsReply(states=states)
    same = sums.total_of(here) == ask.total
    return SumsReply(same=same, sums=[] if same else here, lacking=files.lacking(tx, named))


def lacking(tx: Tx, person: Person) -> list[str]:
    """The same files for a laptop that asks in a carried file, where nothing is compared."""
    named = dict[str, set[str]]()
    for state in feed.everything(tx, person):
        _note_file(named, state)
    return files.lacking(tx, named)


def _note_file(named: dict[str, set[str]], state: RecordState) -> None:
    if state.kind == "attachment" and not state.deleted and state.fields.get("sha256"):
        named.setdefault(str(state.fields["sha256"]), set()).add(state.record_id)


def number_of(state: RecordState) -> int:
    """The number of a record as it is told."""
    return sums.sum_of(
        state.kind,
        state.record_id,
        state.fields,
        lambda name: state.versions.get(name, ()),
        deleted=state.deleted,
        clashing=[name for name in state.heads if name in state.fields or name == DELETED],
    )
