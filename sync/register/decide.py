"""A decision is asked for: judged here and only here, against what stands now.

One serialisable transaction: read, judge by `forms.rules.decisions`, write the effects as system
ops, keep the answer. Asked twice with one id, it is answered once. Refuses a request in another
person's name, and keeps no half decision: all effects stand, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from forms.change import Json
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS, can_be_kept, fields_of, kind_of, record_from, to_json
from forms.facts.money import SeedClaim
from forms.facts.people import Enterprise
from forms.rules.decision import Answer, Granted
from forms.rules.decisions import DECISIONS, refuse_offline
from forms.rules.pack import Pack
from forms.rules.programme_decisions import emptied_when_removed
from forms.rules.records import Records
from forms.values import Actor, Role, london_day
from sync.envelope import canonical
from sync.protocol import DecideAsk, DecideReply, decision_from_wire
from sync.register import audit
from sync.register.accept import NO_SUCH_TEXT
from sync.register.auth import Caller
from sync.register.batch import Batch
from sync.register.rows import Decided, Row
from sync.register.sql_store import Tx
from sync.register.sql_writers import writers_of
from sync.register.system import Pen

T = TypeVar("T")
Decider = Callable[[Pack, DecisionRequest, Records, Actor, date], Answer]


class RegisterFacts:
    """The register's records as frozen facts, read inside the deciding transaction."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._kinds: dict[tuple[str, str, bool], list[Any]] = {}

    def get(self, kind: type[T], record_id: str, /) -> T | None:
        """One record, or None; deleted ones are not there."""
        row = self._tx.records.load([record_id]).get(record_id)
        if row is None or row.kind != kind_of(kind).name or row.deleted:
            return None
        fact: T = _fact(row)
        return fact

    def all(self, kind: type[T], /, **equal: object) -> Sequence[T]:
        """Records whose fields equal these, by id; deleted ones left out."""
        return self._equal(kind, equal, deleted=False)

    def removed(self, kind: type[T], /, **equal: object) -> Sequence[T]:
        """The same of those that were deleted."""
        return self._equal(kind, equal, deleted=True)

    def writers(self, record_ids: Collection[str], /) -> frozenset[str]:
        """Who wrote in these claims or costs, by the log: not what decisions wrote in them."""
        return writers_of(self._tx.connection, record_ids)

    def _equal(self, kind: type[T], equal: Mapping[str, object], *, deleted: bool) -> Sequence[T]:
        return [
            fact
            for fact in self._near(kind_of(kind).name, equal, deleted=deleted)
            if all(getattr(fact, name) == value for name, value in equal.items())
        ]

    def _near(self, kind: str, equal: Mapping[str, object], *, deleted: bool) -> list[Any]:
        """Those of one case, or of all; the one that is asked for by its number alone."""
        if "id" in equal:
            rows = self._tx.records.load([str(equal["id"])]).values()
            return [_fact(row) for row in rows if (row.kind, row.deleted) == (kind, deleted)]
        key = (kind, str(equal.get("enterprise_id") or ""), deleted)
        if key not in self._kinds:
            of_kind = self._tx.records.of_kind(*key[:2])
            self._kinds[key] = [_fact(row) for row in of_kind if row.deleted == deleted]
        return self._kinds[key]


def decide(
    tx: Tx, who: Caller, ask: DecideAsk, pack: Pack, now: datetime, rules: Decider
) -> DecideReply:
    """The answer, now or as it was given before."""
    person = who.person
    known = tx.decisions.get(ask.id)
    if known is not None:
        return _again(known, ask)
    if ask.asked_by != person.id:
        return _reply(ask, now, ("NOT_YOU",), "That was asked in another person's name.")
    if not can_be_kept(ask.payload):
        return _reply(ask, now, ("TEXT",), NO_SUCH_TEXT)
    online = refuse_offline(ask.name) if ask.waited and ask.name in DECISIONS else None
    if online is not None:
        return _reply(ask, now, (online.code,), online.because)
    _lock(tx, ask)
    request = decision_from_wire(ask)
    actor = Actor(id=person.id, name=person.name, role=person.role)
    outcome = rules(pack, request, RegisterFacts(tx), actor, london_day(now))
    reply = DecideReply(
        id=ask.id,
        state="granted" if isinstance(outcome, Granted) else "refused",
        codes=() if isinstance(outcome, Granted) else tuple(outcome.codes),
        words=outcome.words,
        answered_at=now,
    )
    if isinstance(outcome, Granted):
        batch = Batch(tx=tx, person=who.person, now=now, act="decide", device_id=who.device.id)
        batch.about = _about(ask, "granted")
        reply.feed_seq, gone_too = write_effects(tx, batch, outcome)
        reply.words = f"{reply.words} {gone_too}".strip()
    if not reply.feed_seq:  # nothing was written, but that it was asked is part of history
        about = _about(ask, reply.state) | {"codes": list(reply.codes)}
        act = audit.Act(act="decide", by=person.id, device=who.device.id, about=about)
        audit.note(tx, act, now)
    tx.decisions.add(_kept(ask, reply))
    return reply


def _about(ask: DecideAsk, state: str) -> dict[str, Any]:
    return {"decision": ask.id, "name": ask.name, "subject": ask.subject, "state": state}


def write_effects(
    tx: Tx, batch: Batch, outcome: Granted, also: Iterable[str] = ()
) -> tuple[int, str]:
    """Every effect of a granted decision, or none: its place in the feed, and what to say of it.

    An erasure takes what the log says of these records. One that is done again takes `also` what
    the first took, by ids, and guesses nothing: what waits here may have been another's.
    """
    erasing, gone_too, named = outcome.erases, "", set(also)
    pen = Pen(batch=batch, actor_id=batch.person.id, erasing=erasing)
    pen.erased.extend(sorted(named))
    for add in outcome.adds:
        pen.write(kind_of(add).name, add.id, fields_of(add), new=True)
    for sets in outcome.sets:
        values = {name: to_json(value) for name, value in sets.fields.items()}
        pen.write(kind_of(sets.kind).name, sets.record_id, values)
    for drop in outcome.drops:
        if erasing and (emptied := _emptied(drop.kind)):
            pen.write(kind_of(drop.kind).name, drop.record_id, emptied)
        pen.drop(drop.record_id)
    if erasing:
        tx.take_time()
        pen.erased.extend(sets.record_id for sets in outcome.sets)
        for row in _removed(tx, outcome):
            _empty(pen, row)
        cases = [sets.record_id for sets in outcome.sets if sets.kind is Enterprise]
        for case in () if named else cases:
            sent = _never_made(tx, case)
            pen.erased.extend(sent.of_it)
            gone_too = _let_go(tx, pen, sent)
    return pen.finish(), gone_too


def _let_go(tx: Tx, pen: Pen, sent: Sent) -> str:
    """What may have been of this case, or not, goes with it: named apart, and whose it was.

    Returns words for whoever decides, who can ask the writers.
    """
    if not sent.perhaps:
        return ""
    pen.erased.extend(sent.perhaps)
    pen.batch.about["let go"] = sorted(sent.perhaps)
    pen.batch.about["let go of"] = sorted(sent.writers)
    names = (tx.people.person(one) for one in sorted(sent.writers))
    known = ", ".join(one.name for one in names if one is not None)
    return (
        "Changes that waited here for a record which never came went too, since they may have been "
        f"of this person. They were written by {known}: ask whether they were of somebody else, "
        "and to write them again."
    )


def _removed(tx: Tx, outcome: Granted) -> Iterator[Row]:
    """Records removed before, of the person who is erased or of the claim whose words go."""
    named = {sets.record_id for sets in outcome.sets}
    cases = {sets.record_id for sets in outcome.sets if sets.kind is Enterprise}
    claims = tx.records.load(s.record_id for s in outcome.sets if s.kind is SeedClaim).values()
    for case in sorted(cases | {claim.enterprise_id for claim in claims}):
        for row in tx.records.tree(case, lock=True):
            mine = case in cases or str(row.fields.get("claim_id") or "") in named
            if row.deleted and mine and row.id not in named:
                yield row


def _empty(pen: Pen, row: Row) -> None:
    """It loses its words and stays removed; what it said before goes though it says nothing now."""
    emptied = _emptied(KINDS[row.kind].cls)
    # the value in use may be empty where another one is still to be checked
    said = {n: value for n, value in emptied.items() if row.fields.get(n) or n in row.heads}
    if said:
        pen.write(row.kind, row.id, said)
    if emptied:
        pen.drop(row.id)


@dataclass(frozen=True, slots=True)
class Sent:
    """Records that were sent and not taken, and what goes with a case."""

    of_it: frozenset[str]  # they say so themselves
    perhaps: frozenset[str]  # they do not, and may be another's
    writers: frozenset[str]  # who wrote these


def _never_made(tx: Tx, case: str) -> Sent:
    """Records of this case that were sent and not taken: their words are in the log alone.

    A number that another case's record has is left alone. An edit that came without the record it
    edits does not say whose it is: it goes when whoever wrote it may have written it of this case,
    unless the record itself was sent and says that it is another's.
    """
    births = tx.untaken.births()
    sent = {record_id for record_id, birth in births.items() if birth.case == case}
    perhaps: set[str] = set()
    strays = tx.untaken.strays()
    for stray in strays:
        birth = births.get(stray.record_id)
        if birth is not None and (birth.case or birth.erased):
            if birth.erased:
                sent.add(stray.record_id)
        elif _wrote_here(tx, case, stray.actor_id):  # never sent, or without a word of whose it is
            perhaps.add(stray.record_id)
    known = set(tx.records.load(sent | perhaps))
    perhaps -= sent | known
    writers = {stray.actor_id for stray in strays if stray.record_id in perhaps}
    return Sent(frozenset(sent - known), frozenset(perhaps), frozenset(writers))


def _wrote_here(tx: Tx, case: str, writer: str) -> bool:
    """Whether somebody may have written in a case: a coach in their own, now or before."""
    person = tx.people.person(writer)
    if person is None or person.role is not Role.COACH:
        return True
    row = tx.records.load([case]).get(case)
    return row is None or row.owner_id == writer or tx.log.left_at(case, writer) is not None


def _emptied(kind: type) -> dict[str, Json]:
    return {name: to_json(value) for name, value in emptied_when_removed(kind).items()}


def _lock(tx: Tx, ask: DecideAsk) -> None:
    """Lock the subject and its case, so that an edit under way is either before or after us."""
    subject = tx.records.load([ask.subject]).get(ask.subject)
    case = "" if subject is None else subject.enterprise_id or subject.id
    if case:
        tx.records.tree(case, lock=True)


def _again(known: Decided, ask: DecideAsk) -> DecideReply:
    same = (known.name, known.subject_id, known.asked_by_id, known.payload) == (
        ask.name,
        ask.subject,
        ask.asked_by,
        canonical(ask.payload).decode(),
    )
    at = datetime.fromisoformat(known.answered_at)
    if not same:
        return _reply(ask, at, ("ASKED_ALREADY",), "Another question was asked with this number.")
    return DecideReply(
        id=known.id,
        state=known.state,
        codes=known.codes,
        words=known.words,
        answered_at=at,
        feed_seq=known.feed_seq,
    )


def _reply(ask: DecideAsk, now: datetime, codes: tuple[str, ...], words: str) -> DecideReply:
    return DecideReply(id=ask.id, state="refused", codes=codes, words=words, answered_at=now)


def _kept(ask: DecideAsk, reply: DecideReply) -> Decided:
    return Decided(
        id=ask.id,
        name=ask.name,
        subject_id=ask.subject,
        asked_by_id=ask.asked_by,
        asked_at=ask.asked_at.isoformat(),
        payload=canonical(ask.payload).decode(),
        state=reply.state,
        codes=reply.codes,
        words=reply.words,
        answered_at=reply.answered_at.isoformat(),
        feed_seq=reply.feed_seq,
    )


def _fact(row: Row) -> Any:
    return record_from(KINDS[row.kind], row.id, row.fields)
