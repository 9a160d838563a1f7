"""What the public may see on a day: reviewed words, held against what stands now.

The words are those that were reviewed. Whether they may be shown is asked again at every reading:
consent, checks that ran out, suspensions and the removal of the listing itself take effect with
the record, not with a later round.
Refuses to show anything that `forms.rules.listing.public_view` would not.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from forms.facts.kinds import KINDS, record_from
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.listing import PublicEntry, Status, public_view
from sync.register.rows import Reviewed
from sync.register.sql_store import Tx

_KINDS = ("enterprise", "consent", "qa_check", "register_entry")


def shown(tx: Tx, on: date) -> list[PublicEntry]:
    """The listings that the public may see on a day, by id."""
    reviewed = tx.decisions.listed()
    cases = _cases(tx, {one.enterprise_id for one in reviewed})
    out = []
    for one in reviewed:
        case = cases[one.enterprise_id]
        view = public_view(_entry(one), case.enterprise, case.checks, case.consents, on)
        if view is not None and case.enterprise is not None and one.entry_id in case.entries:
            out.append(view)
    return out


class _Case:
    """The records of one enterprise that decide whether it is shown."""

    def __init__(self) -> None:
        self.enterprise: Enterprise | None = None
        self.checks: list[QACheck] = []
        self.consents: list[Consent] = []
        self.entries: set[str] = set()  # that were not removed

    def take(self, fact: Any) -> None:
        if isinstance(fact, Enterprise):
            self.enterprise = fact
        elif isinstance(fact, QACheck):
            self.checks.append(fact)
        elif isinstance(fact, Consent):
            self.consents.append(fact)
        elif isinstance(fact, RegisterEntry):
            self.entries.add(fact.id)


def _cases(tx: Tx, enterprise_ids: set[str]) -> defaultdict[str, _Case]:
    cases: defaultdict[str, _Case] = defaultdict(_Case)
    for row in tx.records.of_cases(_KINDS, enterprise_ids):
        if not row.deleted:
            fact = record_from(KINDS[row.kind], row.id, row.fields)
            cases[row.enterprise_id or row.id].take(fact)
    return cases


def _entry(one: Reviewed) -> RegisterEntry:
    values = one.fields | {
        "enterprise_id": one.enterprise_id,
        "status": Status.PUBLISHED.value,
        "published_on": one.published_on or None,
    }
    entry: RegisterEntry = record_from(KINDS["register_entry"], one.entry_id, values)
    return entry
