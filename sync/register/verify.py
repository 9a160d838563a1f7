"""Is the register's history as it was written? Every entry, every op, every hash, from the start.

Checks the audit log (numbers, chain, tree), the op log (numbers, chain, words against hashes) and
that the two agree, and holds heads that laptops or an auditor kept against it. Refuses to mend:
it says what does not fit, and where.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync import keys, merkle, signing
from sync.protocol import KeysReply, WireOp, WireTreeHead
from sync.register.audit import leaves
from sync.register.keys import links as links_of
from sync.register.keys import told as chain_of_keys
from sync.register.sql_log import GENESIS, FullOp, earlier_link, link, names_of
from sync.register.sql_store import Tx

MOST = 50  # faults that are told one by one


@dataclass(slots=True)
class Report:
    """What was looked at and what does not fit."""

    entries: int = 0
    ops: int = 0
    heads: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return not self.faults

    def fault(self, words: str) -> None:
        """Something that does not fit."""
        if len(self.faults) < MOST:
            self.faults.append(words)


@dataclass(slots=True)
class _Audit:
    """What the audit log says of the op log."""

    chains: dict[int, tuple[int, str]] = field(default_factory=dict)  # place -> (entry, chain)
    erased: set[str] = field(default_factory=set)
    hashes: list[bytes] = field(default_factory=list)
    keys: list[tuple[int, str]] = field(default_factory=list)  # (entry, the key it tells of)
    epoch: str = ""


def verify(tx: Tx, key: bytes, heads: Iterable[WireTreeHead] = ()) -> Report:
    """Look at everything in one snapshot. `key` is the register's public key, the newest."""
    report, told = Report(), chain_of_keys(tx)
    if told.key != key:
        report.fault("The register's key is not the one that it should be.")
    said = _entries(tx, report)
    _tree(tx, said.hashes, report)
    _keys(said, told, report, middle=len(told.links) > len(links_of(tx)))
    _heads(said, told, heads, report)
    _ops(tx, said, report)
    return report


def _entries(tx: Tx, report: Report) -> _Audit:
    said, last, expected = _Audit(), "", 0
    for n, text, leaf in leaves(tx):
        expected += 1
        if n != expected:
            report.fault(f"Audit entry {expected} is missing; {n} is the next there is.")
            expected = n
        if merkle.leaf_hash(text.encode()) != leaf:
            report.fault(f"Audit entry {n} was changed.")
        entry = _json(text)
        if entry.get("n") != n or entry.get("prev") != last:
            report.fault(f"Audit entry {n} does not follow the one before it.")
        last = leaf.hex()
        said.hashes.append(leaf)
        if "feed" in entry and "chain" in entry:
            said.chains[int(entry["feed"])] = (n, str(entry["chain"]))
        if entry.get("act") == "key":
            said.keys.append((n, str(entry.get("key"))))
        said.erased.update(map(str, entry.get("erased", ())))
    report.entries = len(said.hashes)
    if tx.audit.size() != expected or tx.audit.last() != last:
        report.fault(f"The audit log ends at entry {expected}, and {tx.audit.size()} were written.")
    return said


def _tree(tx: Tx, hashes: list[bytes], report: Report) -> None:
    level, row = 0, hashes
    while row:
        stored = dict(tx.audit.nodes(level, 0, len(row) + 1))
        if stored != dict(enumerate(row)):
            report.fault(f"The tree over the audit log does not fit its entries (level {level}).")
            return
        pairs = range(0, len(row) - 1, 2)
        row = [merkle.node_hash(row[i], row[i + 1]) for i in pairs]
        level += 1


def _keys(said: _Audit, told: KeysReply, report: Report, *, middle: bool) -> None:
    """Every change of the signing key stands in the log, and the log tells of no other.

    A copy may stand in the `middle` of a change: its last one is not noted yet.
    """
    if not keys.is_chain(told):
        report.fault("The register's keys do not follow from each other.")
    logged = [key for _, key in said.keys]
    links = [link.key.hex() for link in told.links]
    if logged != (links[:-1] if middle else links):
        report.fault("The audit log tells of other signing keys than the register has.")


def _heads(said: _Audit, told: KeysReply, heads: Iterable[WireTreeHead], report: Report) -> None:
    hashes, every = said.hashes, keys.every(told)
    replaced = [n for n, _ in said.keys]
    for head in heads:
        report.heads += 1
        message = signing.head_bytes(head.epoch, head.size, head.root)
        signed = (signing.signed(key, head.signature, message) for key in every)
        by = next((n for n, is_by in enumerate(signed) if is_by), None)
        if by is None:
            report.fault(f"A head of {head.size} entries is not signed by this register.")
        elif by < len(replaced) and head.size >= replaced[by]:
            report.fault(
                f"A head of {head.size} entries is signed by a key that was replaced with entry "
                f"{replaced[by]}: whoever signed it has the old key."
            )
        elif head.size > len(hashes):
            report.fault(f"A head of {head.size} entries was signed; {len(hashes)} are there.")
        elif merkle.root_of(hashes[: head.size]) != head.root:
            report.fault(f"The first {head.size} entries are not those that a head was signed for.")


def _ops(tx: Tx, said: _Audit, report: Report) -> None:
    chain, expected = GENESIS, 0
    for op in _every_op(tx):
        expected += 1
        if op.feed_seq != expected:
            report.fault(f"Op {expected} is missing; {op.feed_seq} is the next there is.")
            expected = op.feed_seq
        _one_op(op, said, report)
        follows = chain, f"{op.inc}.{op.seq}", op.hash, op.result
        if op.chain not in (link(*follows), earlier_link(*follows)):
            report.fault(f"Op {op.feed_seq} does not follow the one before it.")
        chain = op.chain
        told = said.chains.pop(op.feed_seq, None)
        if told is not None and told[1] != op.chain:
            report.fault(f"Op {op.feed_seq} is not the one that audit entry {told[0]} tells of.")
    report.ops = expected
    top, last = tx.log.top()
    if (top, last) != (expected, chain):
        report.fault(f"The op log ends at {expected}, and {top} were written.")
    missing = sorted(place for place in said.chains if place > expected)
    if missing:
        report.fault(f"Audit entries tell of ops up to {missing[-1]}; the log ends at {expected}.")


def _every_op(tx: Tx) -> Iterator[FullOp]:
    after = 0
    while page := tx.log.full(after, 1_000):
        yield from page
        after = page[-1].feed_seq


def _one_op(op: FullOp, said: _Audit, report: Report) -> None:
    """The words of an op against its hash, and its row against its words."""
    if not op.body:
        if op.record_id not in said.erased and not op.result.startswith("refused"):
            report.fault(f"Op {op.feed_seq} has lost its words, and no erasure took them.")
        return
    if hashlib.blake2b(op.body.encode(), digest_size=16).hexdigest() != op.hash:
        report.fault(f"Op {op.feed_seq} was changed.")
        return
    try:
        wire = msgspec.json.decode(op.body, type=WireOp)
    except msgspec.DecodeError:  # its hash fits: it was written so, by whatever wrote it
        report.fault(f"Op {op.feed_seq} holds what no op may hold.")
        return
    row = (op.seq, op.actor_id, op.verb, op.kind, op.record_id, op.names)
    names = names_of(wire.fields, wire.verb)
    if row != (wire.seq, wire.actor, wire.verb, wire.kind, wire.record, names):
        report.fault(f"The row of op {op.feed_seq} does not say what the op says.")


def _json(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
