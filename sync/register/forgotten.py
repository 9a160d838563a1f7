"""Edits of a record that was not taken since its person was erased: their words are not kept.

Such an edit does not say whose it is; only the record that it belongs to does. Refuses nothing
whose record may still come and count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.change import Op, Verb
from sync.register.accept import FORGOTTEN, Ruling
from sync.register.rows import ERASED

if TYPE_CHECKING:
    from sync.register.batch import Batch


def after_its_record(batch: Batch, op: Op, ruling: Ruling) -> Ruling:
    """The ruling on an op, if it is an edit of a record that its own laptop sent for nothing."""
    if op.verb is Verb.NEW or not ruling.result.startswith("held:unknown"):
        return ruling
    if op.inc not in batch.erased:
        batch.erased[op.inc] = batch.tx.untaken.erased_births(op.inc)
    here = (entry.wire.record for entry in batch.entries if entry.result == ERASED)
    if op.record_id in batch.erased[op.inc] or op.record_id in here:
        return Ruling(ERASED, words=FORGOTTEN, keep_body=False)
    return ruling


def before_its_record(batch: Batch, record_id: str) -> None:
    """A record has come and its person is erased: what waited for it loses its words."""
    for place, _ in batch.tx.log.held(record_id):
        batch.tx.log.let_go(place, ERASED, erase=True)
        batch.about["erased"] = sorted({*batch.about.get("erased", ()), record_id})
