"""Pages from the start of the feed to its end, put together as one that names all there is.

Read after a reset, when what a laptop holds has to be held against everything in its sight. Refuses
to judge: what is told later of a record goes over what was told before.
"""

from __future__ import annotations

from collections.abc import Sequence

from forms.change import Page, RecordState
from sync.columns import blocks_of
from sync.protocol import PullReply, bookmark_of, state_from_wire


def whole_of(replies: Sequence[PullReply]) -> Page:
    """Pages from the start of the feed to its end, as one: without what left while they came."""
    states: dict[tuple[str, str], RecordState] = {}
    for reply in replies:
        left = set(reply.left)
        for key in [key for key in states if key[1] in left]:
            del states[key]
        told = [state for block in blocks_of(reply.groups) for state in block.states()]
        for state in (*told, *map(state_from_wire, reply.states)):
            key = (state.kind, state.record_id)
            states[key] = _over(states.get(key), state)
    mark = bookmark_of(replies[-1])
    return Page(states=tuple(states.values()), left=(), bookmark=mark, whole=True)


def _over(old: RecordState | None, new: RecordState) -> RecordState:
    if old is None:
        return new
    return RecordState(
        kind=new.kind,
        record_id=new.record_id,
        fields=old.fields | new.fields,
        versions=old.versions | new.versions,
        heads={n: h for n, h in old.heads.items() if n not in new.versions} | new.heads,
        before={n: b for n, b in old.before.items() if n not in new.versions} | new.before,
        deleted=new.deleted,
        last_actor_id=new.last_actor_id,
        last_at=new.last_at,
    )
