"""Who wrote in a claim or its costs, by the log: its drafters, whatever the claim says of itself.

Only ops of people count that were taken, whole or in part; a decision writes as the register.
Refuses to guess: who only asked for what was refused wrote nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from sync.register.rows import NOBODY
from sync.register.sql_many import among
from sync.register.tables import incarnation, op

# said, not bound: or the index over such ops is not seen
_OF_A_CLAIM: ColumnElement[bool] = literal_column("op.kind IN ('seed_claim', 'claim_line')")
# the numbers under which the register writes what it decided
_OWN = select(incarnation.c.inc).where(incarnation.c.person_id == NOBODY)


def writers_of(connection: Connection, record_ids: Collection[str]) -> frozenset[str]:
    """The people whose ops on these claims and costs were taken."""
    query = select(op.c.actor_id, op.c.verb, op.c.names, op.c.result, op.c.later).where(
        _OF_A_CLAIM,
        among(connection, op.c.record_id, sorted(record_ids)),
        op.c.inc.not_in(_OWN),
    )
    return frozenset(
        actor_id
        for actor_id, verb, names, *results in connection.execute(query)
        if any(_wrote(result, verb, names) for result in results)
    )


def _wrote(result: str, verb: str, names: str) -> bool:
    """Whether something was written with such a result; `names` are the fields it spoke of."""
    how, _, kept = result.removeprefix("taken:").partition(":")
    if how == "partly":
        return verb == "new" or not set(json.loads(names)) <= set(kept.split(","))
    return how in ("ok", "clash")
