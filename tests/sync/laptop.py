"""A laptop in memory that keeps to the seam `vault.exchange`: quick, written from the seam alone.

The real vault is tested against the same register in test_vaults.py; this one is for the many
runs of the state machine and for faults between two calls.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from forms.change import DELETED, Bookmark, Changes, Op, Verb
from forms.facts.kinds import fields_of, kind_of, record_from, to_json
from forms.sums import sum_of
from sync import errors


@dataclass
class Held:
    kind: object
    fields: dict
    versions: dict
    deleted: bool = False


@dataclass
class StoredFile:
    sha256: str
    size: int
    mime: str = "text/plain"


class Files:
    def __init__(self, laptop):
        self.laptop, self.bytes, self.sent, self.refused = laptop, {}, set(), {}
        self.held = {}  # by stick, in part

    def store(self, data, *, name="", mime=""):
        digest = hashlib.sha256(data).hexdigest()
        self.bytes[digest] = data
        return StoredFile(digest, len(data))

    def read(self, sha256):
        return self.bytes[sha256]

    def image(self):
        """What of it is on the disk."""
        return dict(self.bytes), set(self.sent), dict(self.refused)

    def put_back(self, image):
        self.bytes, self.sent, self.refused = (type(one)(one) for one in image)
        self.held = {}

    def papers(self):
        """The attachments here, and those that went to another coach."""
        found = self.laptop.attic | self.laptop.records
        return {i: h.fields for i, h in found.items() if h.fields.get("sha256") and not h.deleted}

    def named_by(self, sha256):
        """Those here, then those gone, as a vault says them."""
        not_taken = self.laptop.not_taken()
        found = [
            i
            for i, f in self.papers().items()
            if i not in not_taken and sha256 in (f["sha256"], f.get("small_sha256"))
        ]
        return sorted(found, key=lambda i: i not in self.laptop.records)

    def send_again(self, names):
        papers = self.papers().values()
        small = {f.get("small_sha256") for f in papers if f["sha256"] in names}
        again = self.sent & (set(names) | small)
        self.sent -= again
        return len(again)

    def forget(self):
        """What only removed papers of somebody erased name is gone from here."""
        records = self.laptop.records
        kept = {n for f in self.papers().values() for n in (f["sha256"], f.get("small_sha256"))}
        for held in records.values():
            case = records.get(held.fields.get("enterprise_id"))
            if held.deleted and case is not None and case.fields.get("anonymised_on"):
                for name in (held.fields.get("sha256"), held.fields.get("small_sha256")):
                    if name not in kept:
                        self.bytes.pop(name, None)

    def unsent(self):
        not_taken = self.laptop.not_taken()
        named = {f["sha256"] for i, f in self.papers().items() if i not in not_taken}
        return [
            StoredFile(s, len(b))
            for s, b in sorted(self.bytes.items())
            if s in named and s not in self.sent
        ]

    def unsent_small(self):
        records = list(self.papers().values())
        named = {f.get("small_sha256") for f in records if f.get("sha256") not in self.sent}
        found = [StoredFile(s, len(b)) for s, b in sorted(self.bytes.items()) if s in named]
        return [one for one in found if one.sha256 not in self.sent]

    def held_there(self):
        return dict(self.held)

    def note_held(self, sha256, held):
        self.held[sha256] = held

    def mark_sent(self, sha256, at):
        self.sent.add(sha256)

    def mark_refused(self, sha256, words, at):
        news, self.refused[sha256] = self.refused.get(sha256) != words, words
        return news


@dataclass
class Laptop:
    """Its own exchange, reader and writer."""

    clock: object
    who: object = None
    seq: dict = field(default_factory=dict)
    journal: list = field(default_factory=list)  # ops, oldest first
    receipts: dict = field(default_factory=dict)  # dot -> Ack
    signed: list = field(default_factory=list)
    records: dict = field(default_factory=dict)  # id -> Held
    clashes: dict = field(default_factory=dict)  # (id, field) -> heads
    chosen: dict = field(default_factory=dict)  # dot of a choice made here -> heads before it
    shadow: dict = field(default_factory=dict)  # (id, field) -> (value, versions) told meanwhile
    mark: Bookmark = field(default_factory=Bookmark)
    asked: dict = field(default_factory=dict)
    gone: list = field(default_factory=list)
    attic: dict = field(default_factory=dict)  # what left, by id
    compared: object = None
    told: tuple = (0, "")  # what the register was told of what waits
    seen: str = ""  # of the register's audit log
    stops: bool = False  # after the first record of the next page, as if the power went

    def __post_init__(self):
        self.files = Files(self)

    @property
    def exchange(self):
        return self

    @property
    def reader(self):
        return self

    # --- what a person does
    def add(self, record):
        kind = kind_of(record)
        op = self._op(Verb.NEW, kind.name, record.id, fields_of(record), {}, {})
        fields = fields_of(record)
        self.records[record.id] = Held(kind, fields, dict.fromkeys(fields, (op.dot,)))
        return record

    def set(self, record_id, **values):
        held = self.records[record_id]
        wire = {n: to_json(v) for n, v in values.items()}
        base = {n: self._seen(record_id, n) for n in wire}
        was = {n: held.fields.get(n) for n in wire}
        op = self._op(Verb.SET, held.kind.name, record_id, wire, base, was)
        for n, v in wire.items():
            rest = tuple(d for d in held.versions.get(n, ()) if d not in base[n])
            held.fields[n], held.versions[n] = v, (op.dot, *rest)
        return op

    def remove(self, record_id):
        held = self.records[record_id]
        op = self._op(Verb.DELETE, held.kind.name, record_id, {}, dict(held.versions), {})
        held.deleted, held.versions[DELETED] = True, (op.dot,)
        self._chose(op, DELETED)
        return op

    def settle(self, record_id, name, value):
        held = self.records[record_id]
        base = {name: held.versions[name]}
        op = self._op(Verb.SETTLE, held.kind.name, record_id, {name: value}, base, {})
        held.versions[name] = (op.dot,)
        if name == DELETED:
            held.deleted = value
        else:
            held.fields[name] = value
        self._chose(op, name)
        return op

    def _chose(self, op, name):
        heads = self.clashes.pop((op.record_id, name), None)
        if heads:
            self.chosen[op.dot] = heads

    def came_back(self):
        """It keeps no list of whom it saw erased: the vault does."""
        return []

    def ask(self, request):
        self.asked[request.id] = request

    def _seen(self, record_id, name):
        heads = self.clashes.get((record_id, name))
        held = self.records[record_id]
        dots = held.versions.get(name, ())
        if not heads:
            return dots
        shown = tuple(h.dot for h in heads if h.value == held.fields.get(name) and h.dot in dots)
        return shown or dots[:1]

    def _op(self, verb, kind, record_id, fields, base, was):
        inc = self.who.incarnation
        self.seq[inc] = self.seq.get(inc, 0) + 1
        op = Op(
            inc=inc,
            seq=self.seq[inc],
            hlc=int(self.clock.now().timestamp() * 1000) << 16,
            actor_id=self.who.actor_id,
            verb=verb,
            kind=kind,
            record_id=record_id,
            fields=fields,
            base=base,
            was=was,
        )
        self.journal.append(op)
        return op

    # --- the seam
    def identity(self):
        return self.who

    def adopt(self, identity):
        if self.who is not None and identity.incarnation != self.who.incarnation:
            self._renumber(identity.incarnation)
        self.who = identity

    def _renumber(self, inc):
        names, out = {}, []
        for op in self.journal:
            if op.dot in self.receipts:
                out.append(op)
                continue
            self.seq[inc] = self.seq.get(inc, 0) + 1
            names[op.dot] = f"{inc}.{self.seq[inc]}"
            base = {n: tuple(names.get(d, d) for d in ds) for n, ds in op.base.items()}
            out.append(replace(op, inc=inc, seq=self.seq[inc], base=base))
        self.journal = out
        for held in self.records.values():
            for n, ds in held.versions.items():
                held.versions[n] = tuple(names.get(d, d) for d in ds)

    def untold(self):
        count = self.unsent_count() + len(self.files.unsent())
        now = count, self.clock.now().date().isoformat() if count else ""
        return None if now == self.told else now

    def note_told(self, count, since):
        self.told = count, since

    def unsent_count(self):
        return len(self.unsent(1_000_000))

    def unsent(self, limit, skip=0):
        waiting = [op for op in self.journal if op.dot not in self.receipts]
        return waiting[skip : skip + limit]

    def keep_decision(self, request):
        self.asked[request.id] = request

    def acknowledge(self, acks, at, receipt=b"", incarnation=None):
        self.signed.append(receipt)
        inc = self.who.incarnation if incarnation is None else incarnation
        ops = {op.dot: op for op in self.journal}
        self.receipts |= {f"{inc}.{ack.seq}": ack for ack in acks}
        pending = self._pending()
        for ack in acks:
            if f"{inc}.{ack.seq}" in ops:
                self._receipted(ops[f"{inc}.{ack.seq}"], ack, pending)
        return Changes(at=at, by="register")

    def _receipted(self, op, ack, pending):
        held = self.records.get(op.record_id)
        if held is None:
            return
        names = list(op.fields) or [DELETED]
        refused = set()
        if ack.result.startswith("refused"):
            refused = set(names)
        elif ack.result.startswith("partly:"):
            refused = set(ack.result[7:].split(","))
        for n in names:
            if (op.record_id, n) in pending:
                continue
            told = self.shadow.pop((op.record_id, n), None)
            if n in refused and op.verb is not Verb.NEW:
                value, dots = told or (op.was.get(n, False), op.base.get(n, ()))
                self._take(held, n, value, dots)
                if told is None and op.dot in self.chosen:
                    self.clashes[op.record_id, n] = self.chosen[op.dot]
            elif told is not None and ack.feed_seq <= self.mark.seq:
                self._take(held, n, *told)

    def _pending(self):
        return {
            (op.record_id, n)
            for op in self.journal
            if op.dot not in self.receipts
            for n in (op.fields or {DELETED: True})
        }

    def _take(self, held, n, value, dots):
        if n == DELETED:
            held.deleted = bool(value)
        else:
            held.fields[n] = value
        held.versions[n] = tuple(dots)

    def receipted(self, incarnation, after, limit):
        found = [op for op in self.journal if op.inc == incarnation and op.dot in self.receipts]
        return sorted((op for op in found if op.seq > after), key=lambda op: op.seq)[:limit]

    def kept_receipts(self):
        longest_first = sorted(filter(None, self.signed), key=len, reverse=True)
        return {json.loads(body)["inc"]: body for body in longest_first}

    def incarnations(self):
        out = {}
        for op in self.journal:
            out[op.inc] = max(out.get(op.inc, 0), op.seq)
        return out

    def reopen(self, after, incarnation=None, only=None):
        inc = self.who.incarnation if incarnation is None else incarnation
        forgot = [d for d, a in self.receipts.items() if d.startswith(f"{inc}.") and a.seq > after]
        if only is not None:
            forgot = [d for d in forgot if self.receipts[d].seq in set(only)]
        for dot in forgot:
            del self.receipts[dot]
        return len(forgot)

    def bookmark(self):
        return self.mark

    def reset_bookmark(self):
        self.mark = Bookmark()

    def absorb_some(self, page, at, seen=""):
        """One record at a time, the bookmark with the last; it may stop in between."""
        states = [*page.states, *(one for block in page.columns for one in block.states())]
        if len(states) < 2:
            self.seen = seen or self.seen
            return self.absorb(page, at), None
        if page.whole:
            named = {state.record_id for state in states}
            left = (*page.left, *(i for i in self.records if i not in named))
            page = replace(page, whole=False, left=left)
        first = replace(page, states=tuple(states[:1]), columns=(), left=(), bookmark=self.mark)
        changes = self.absorb(first, at)
        if self.stops:
            self.stops = False
            raise errors.Unreachable
        return changes, replace(page, states=tuple(states[1:]), columns=())

    def absorb(self, page, at):
        pending = self._pending()
        states = [*page.states, *(one for block in page.columns for one in block.states())]
        named = {state.record_id for state in states}
        for state in states:
            self._absorb(state, pending)
        gone = list(page.left)
        if page.whole:
            gone += [i for i in self.records if i not in named]
        for record_id in gone:
            if not any(i == record_id for i, _ in pending):
                held = self.records.pop(record_id, None)
                if held is not None:
                    self.gone.append(record_id)
                    self.attic[record_id] = held
                for key in [k for k in self.clashes if k[0] == record_id]:
                    del self.clashes[key]
        self.mark = page.bookmark
        self.files.forget()
        return Changes(at=at, by="register")

    def _absorb(self, state, pending):
        from forms.facts.kinds import KINDS

        held = self.records.get(state.record_id)
        if held is None:
            held = self.records[state.record_id] = Held(KINDS[state.kind], {}, {})
        incoming = dict(state.fields)
        known = held.deleted or (state.record_id, DELETED) in self.clashes
        if known or DELETED in state.versions:  # the register may have forgotten a removal
            incoming[DELETED] = state.deleted
        for n, value in incoming.items():
            key = (state.record_id, n)
            if key in pending:
                self.shadow[key] = (value, state.versions.get(n, ()))
                continue
            self._take(held, n, value, state.versions.get(n, ()))
            if n in state.heads:
                self.clashes[key] = state.heads[n]
            else:
                self.clashes.pop(key, None)

    def held_back(self):
        return 0  # a few records: nothing here is ever too many

    def waiting_decisions(self):
        return [r for r in self.asked.values() if r.state == "waiting"]

    def answer(self, decision_id, *, state, codes, words, at):
        """As the vault: a second one, and one to what an older disk never asked, says nothing."""
        asked = self.asked.get(decision_id)
        waits = asked is not None and asked.state == "waiting"
        if waits:
            self.asked[decision_id] = replace(
                asked, state=state, codes=codes, words=words, answered_at=at
            )
        return Changes(at=at, by="register", decisions=int(waits))

    def witnessed(self):
        return self.seen

    def witness(self, seen, upto=None, at=None):
        del at
        """The place of a page that told nothing may be lost with the program."""
        if upto is None:
            self.seen = seen or self.seen
        elif not self.stops:
            self.mark, self.seen = upto, seen or self.seen

    def numbers(self, after, limit):
        """All at once; a record that was refused when it was made is not compared."""
        refused = self.not_taken()
        clashing = {}
        for i, name in self.clashes:
            clashing.setdefault(i, []).append(name)
        return [
            (
                held.kind.name,
                i,
                -1
                if i in refused
                else sum_of(
                    held.kind.name,
                    i,
                    held.fields,
                    lambda n, held=held: held.versions.get(n, ()),
                    deleted=held.deleted,
                    clashing=clashing.get(i, ()),
                ),
            )
            for i, held in sorted(self.records.items())
            if not after[0]
        ]

    def not_taken(self):
        """Records that were refused, or held, when they were made: they stay for a person."""
        return {
            op.record_id
            for op in self.journal
            if op.verb is Verb.NEW
            and getattr(self.receipts.get(op.dot), "result", "").startswith(("refused", "held"))
        }

    def compared_at(self):
        return self.compared

    def note_compared(self, at):
        self.compared = at

    def pack_version(self):
        return getattr(self, "pack", "")

    def use_pack(self, version):
        self.pack = version

    def conflicts(self, open_only=True):
        return [SimpleNamespace(id=f"{i}/{n}", heads=h) for (i, n), h in self.clashes.items()]

    # --- reading
    def get(self, cls, record_id):
        held = self.records.get(record_id)
        if held is None or held.deleted:
            return None
        return record_from(held.kind, record_id, held.fields)

    def all(self, cls, **equal):
        name = kind_of(cls).name
        found = [
            record_from(h.kind, i, h.fields)
            for i, h in sorted(self.records.items())
            if h.kind.name == name and not h.deleted
        ]
        return [r for r in found if all(getattr(r, n) == v for n, v in equal.items())]
