"""The audit log: changed, dropped, reordered, cut or written anew, it is found out (goal 38)."""

from __future__ import annotations

import json

import msgspec
import pytest
from sqlalchemy import delete, select, update

from forms.facts.casework import Attachment
from forms.rules.decisions import decide as programme_rules
from forms.sums import place_of
from sync import merkle, signing
from sync.client import carry, witness
from sync.client.wire import Line, Told
from sync.office import AuditEntriesAsk, AuditEntriesReply, AuditProofAsk, AuditProofReply
from sync.protocol import PLACES_AT_ONCE, SumsAsk, SumsReply, WireTreeHead
from sync.register import admin, audit, sql_audit, sql_log
from sync.register import verify as verifying
from sync.register.carry import take_file
from sync.register.service import Register
from sync.register.sql_log import GENESIS
from sync.register.tables import audit as audit_table
from sync.register.tables import audit_head, audit_node, feed, op
from sync.register.verify import verify
from tests.sync.claims import recommended
from tests.sync.test_photos import photo
from tests.sync.world import enterprise, kent, leader


@pytest.fixture
def busy(world):
    """A register where something of every kind has happened."""
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    ann.add(leader(case))
    world.settle_down()
    one, _ = recommended(world, ann, 2300)
    world.ask(lee, "claim.approve", one.id)
    world.ask(lee, "claim.approve", one.id)  # refused: it is approved already
    admin.revoke(world.store, admin.devices(world.store, "ann")[0].id, world.clock)
    world.round(lee)
    return world


def look(world, heads=()):
    key = admin.register_key(world.store)
    return world.store.read(lambda tx: verify(tx, key, heads))


def head_of(world):
    key, epoch = (
        admin.signing_key(world.store),
        world.store.read(lambda t: t.people.setting("epoch")),
    )
    return world.store.read(lambda tx: audit.head(tx, key, epoch))


def entries(world):
    return [json.loads(text) for _, text, _ in world.store.read(lambda t: t.audit.entries(0, 999))]


def do(world, *statements):
    def work(tx):
        for statement in statements:
            tx.connection.execute(statement)

    world.store.write(work)


def test_an_untouched_history_fits(busy):
    report = look(busy, [head_of(busy)])
    assert (report.ok, report.faults, report.heads) == (True, [], 1)
    assert report.entries == len(entries(busy))
    assert report.ops == len(busy.log())


def test_what_was_done_is_told_by_number_without_a_name(busy):
    told = entries(busy)
    acts = {entry["act"] for entry in told}
    assert {"person", "code", "enrol", "push", "decide", "revoke"} <= acts
    text = json.dumps(told)
    assert not [name for name in ("Ann Marsh", "Mary Fenn", "Weald", "01303") if name in text]
    refused = [e for e in told if e.get("state") == "refused"]
    assert refused[0]["codes"] == ["WRONG_STATE"]


def test_every_op_is_covered_by_an_entry(busy):
    covered = sum(entry.get("ops", 0) for entry in entries(busy))
    assert covered == len(busy.log())


def change_entry(world):
    text = world.store.read(lambda t: t.audit.entries(2, 1))[0][1]
    changed = text.replace('"at":"2022', '"at":"2021')
    return [update(audit_table).where(audit_table.c.n == 3).values(entry=changed)]


def change_entry_and_leaf(world):
    text = world.store.read(lambda t: t.audit.entries(2, 1))[0][1]
    changed = text.replace('"at":"2022', '"at":"2021')
    leaf = merkle.leaf_hash(changed.encode())
    return [update(audit_table).where(audit_table.c.n == 3).values(entry=changed, leaf=leaf)]


def swap(_world):
    def number(a, b):
        return update(audit_table).where(audit_table.c.n == a).values(n=b)

    return [number(3, 9_999), number(4, 3), number(9_999, 4)]


def last_op(world):
    return world.log()[-1].feed_seq


ATTACKS = {
    "an entry changed": change_entry,
    "an entry changed with its hash": change_entry_and_leaf,
    "an entry dropped": lambda _: [delete(audit_table).where(audit_table.c.n == 3)],
    "two entries swapped": swap,
    "the last entry cut off": lambda w: [
        delete(audit_table).where(audit_table.c.n == len(entries(w)))
    ],
    "the tree changed": lambda _: [
        update(audit_node).where(audit_node.c.level == 1, audit_node.c.place == 0).values(hash=b"x")
    ],
    "the words of an op changed": lambda _: [
        update(op).where(op.c.feed_seq == 9).values(body="{}")
    ],
    "the words of an op taken": lambda _: [
        update(op).where(op.c.feed_seq == 9).values(body="")
    ],
    "an op given to somebody else": lambda _: [
        update(op).where(op.c.feed_seq == 9).values(actor_id="ben")
    ],
    "an op's result changed": lambda _: [
        update(op).where(op.c.feed_seq == 9).values(result="refused:ROLE")
    ],
    "an op dropped": lambda _: [delete(op).where(op.c.feed_seq == 9)],
    "the last op cut off": lambda w: [delete(op).where(op.c.feed_seq == last_op(w))],
    "the last op cut off and the counter set back": lambda w: [
        delete(op).where(op.c.feed_seq == last_op(w)),
        update(feed).values(
            n=last_op(w) - 1, chain=w.store.read(lambda t: t.log.link_at(last_op(w) - 1))
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_it_is_found_out(busy, attack):
    do(busy, *ATTACKS[attack](busy))
    assert not look(busy).ok


def test_a_log_goes_on_from_its_earlier_links(quick, monkeypatch):
    """A register of before 2026-11-27 holds links by another hash: it fits, and still tells."""
    ann = quick.laptop("ann")
    with monkeypatch.context() as before:
        before.setattr(sql_log, "link", sql_log.earlier_link)
        case = ann.add(enterprise())
        ann.add(leader(case))
        quick.settle_down()
    for turn in range(3):
        ann.set(case.id, phone=str(turn))
    quick.settle_down()
    assert look(quick).faults == []
    log = quick.store.read(lambda tx: tx.log.full(0, 99))
    links = zip([GENESIS, *(one.chain for one in log)], log, strict=False)
    earlier = [
        one.chain == sql_log.earlier_link(chain, f"{one.inc}.{one.seq}", one.hash, one.result)
        for chain, one in links
    ]
    assert earlier.count(True) == 2
    assert not earlier[-1]
    for place in (earlier.index(True) + 1, len(log)):  # one of the earlier ones, and the newest
        do(quick, update(op).where(op.c.feed_seq == place).values(result="refused:ROLE"))
        assert any(f"Op {place} " in fault for fault in look(quick).faults)
        do(quick, update(op).where(op.c.feed_seq == place).values(result=log[place - 1].result))
    assert look(quick).ok


def rebuild(world, change):
    """Write the whole audit log anew, every hash right, as somebody with the database could."""

    def work(tx):
        told = [json.loads(text) for _, text, _ in tx.audit.entries(0, 99_999)]
        for table in (audit_table, audit_node):
            tx.connection.execute(delete(table))
        tx.connection.execute(update(audit_head).values(n=0, last=""))
        for entry in change(told):
            tx.audit.append({k: v for k, v in entry.items() if k not in ("n", "prev")})

    world.store.write(work)


def backdate(told):
    return [entry | {"at": "2021-01-01T00:00:00+00:00"} for entry in told]


REWRITES = {
    "written anew": backdate,
    "cut": lambda told: told[:-2],
    "cut and grown again": lambda told: [*told[:-2], *backdate(told[-3:])],
    "one decision left out": lambda told: [e for e in told if e.get("state") != "refused"],
}


@pytest.mark.parametrize("rewrite", sorted(REWRITES))
def test_a_log_written_anew_is_found_out_by_a_head_that_somebody_kept(busy, rewrite):
    kept = head_of(busy)
    rebuild(busy, REWRITES[rewrite])
    assert not look(busy, [kept]).ok


@pytest.mark.parametrize("rewrite", sorted(REWRITES))
def test_and_by_the_next_round_of_any_laptop(busy, rewrite):
    lee = busy.laptop("lee")
    assert busy.round(lee).history_changed == ""
    rebuild(busy, REWRITES[rewrite])
    lee.set(next(iter(lee.records)), x_newer="more")  # the log grows, as it does every day
    report = busy.round(lee)
    assert "auditor" in report.history_changed
    (old, new), *_ = witness.seen(lee.witnessed()).broken
    for head in (old, new):  # both signed by the register: neither side can deny it
        message = signing.head_bytes(head.epoch, head.size, head.root)
        assert signing.signed(lee.identity().register_key, head.signature, message)
    assert report.pushed == 1  # work goes on being sent


def carried(world, laptop, folder, name, meanwhile=lambda: None):
    """To the council and back on a stick."""
    key = admin.signing_key(world.store)
    register = Register(world.store, world.clock, {"kent": kent()}, key, programme_rules)
    out, back = folder / f"{name} out", folder / f"{name} back"
    carry.write_out(laptop, out, world.clock)
    take_file(register, out, back, world.clock)
    meanwhile()
    return carry.read_back(laptop, back, world.clock)


@pytest.mark.parametrize("rewrite", sorted(REWRITES))
def test_and_by_the_next_stick_of_a_laptop_without_a_line(busy, tmp_path, rewrite):
    lee = busy.laptop("lee")
    busy.system("colleague", "zoe", {"name": "Zoe Weir"}, new=True)
    before = witness.seen(lee.witnessed()).head
    assert carried(busy, lee, tmp_path, "one").history_changed == ""
    assert witness.seen(lee.witnessed()).head.size > before.size
    rebuild(busy, REWRITES[rewrite])
    lee.set(next(iter(lee.records)), x_newer="more")
    report = carried(busy, lee, tmp_path, "two")
    assert "auditor" in report.history_changed
    assert len(witness.seen(lee.witnessed()).broken) == 1
    assert report.pushed == 1


def test_a_stick_that_is_older_than_what_a_line_has_shown_is_no_alarm(busy, tmp_path):
    """The bookmark did not move by it, but the audit log did."""
    lee = busy.laptop("lee")
    carried(busy, lee, tmp_path, "one")

    def a_line_in_between():
        admin.enrol_code(busy.store, "ben", busy.clock)  # an entry of the log, none of the feed
        busy.round(lee)

    busy.round(lee)
    mark = lee.bookmark()
    report = carried(busy, lee, tmp_path, "two", a_line_in_between)
    assert (report.history_changed, lee.bookmark()) == ("", mark)
    assert witness.seen(lee.witnessed()).broken == []
    assert witness.seen(lee.witnessed()).head.size == len(entries(busy))


def test_without_the_proof_a_rewritten_log_would_pass(busy, monkeypatch):
    """The tests above can fail."""
    lee = busy.laptop("lee")
    monkeypatch.setattr(witness.merkle, "only_grew", lambda *_: True)
    rebuild(busy, backdate)
    lee.set(next(iter(lee.records)), x_newer="more")
    assert busy.round(lee).history_changed == ""


@pytest.mark.parametrize(
    ("attack", "part"),
    [
        ("the words of an op changed", "_one_op"),
        ("the tree changed", "_tree"),
        ("the last op cut off", "_ops"),
    ],
)
def test_without_a_check_its_attack_would_pass(busy, monkeypatch, attack, part):
    do(busy, *ATTACKS[attack](busy))
    monkeypatch.setattr(verifying, part, lambda *_: None)
    assert look(busy).ok


def test_a_quiet_round_brings_no_head(busy):
    lee = busy.laptop("lee")
    busy.settle_down(lee)
    seen = lee.witnessed()
    line = []

    class Listening:
        url = busy.line.url

        def send(self, method, path, headers, body):
            line.append((path, busy.line.send(method, path, headers, body)))
            return line[-1][1]

    assert busy.round(lee, Listening()).requests == 1
    assert lee.witnessed() == seen
    assert len(line[0][1].body) < 300


def test_a_register_put_back_under_a_new_name_is_no_alarm(busy):
    lee = busy.laptop("lee")
    busy.round(lee)
    admin.new_history(busy.store, busy.clock)
    report = busy.round(lee)
    assert report.recovered == "epoch"
    assert report.history_changed == ""
    assert look(busy).ok


def test_a_head_that_the_register_did_not_sign_is_not_used(busy):
    from sync import errors

    lee = busy.laptop("lee")
    before = lee.witnessed()
    real = audit.head

    def forged(*args):
        head = real(*args)
        return WireTreeHead(size=head.size, root=b"x" * 32, signature=b"y" * 64, epoch=head.epoch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "head", forged)
        busy.system("tally", "t-1", {"on": "2022-03-01"}, new=True)
        with pytest.raises(errors.NotTheRegister):
            busy.round(lee)
    assert lee.witnessed() == before


def test_an_auditor_reads_and_proves_the_log(busy):
    abe = busy.laptop("abe")
    line = Line(busy.line, abe.identity(), busy.clock)
    told, after = [], 0
    while True:
        ask = AuditEntriesAsk(after=after, limit=7)
        reply = line.ask("/v1/audit/entries", ask, AuditEntriesReply)
        told += reply.entries
        after = len(told)
        if not reply.more:
            break
    hashes = [merkle.leaf_hash(text.encode()) for text in told]
    shown = line.ask("/v1/audit/proof", AuditProofAsk(old=3), AuditProofReply)
    assert merkle.root_of(hashes) == shown.head.root
    assert merkle.only_grew(
        3, merkle.root_of(hashes[:3]), shown.head.size, shown.head.root, shown.proof
    )
    with pytest.raises(Told) as told_off:
        line.ask("/v1/audit/proof", AuditProofAsk(old=99_999), AuditProofReply)
    assert told_off.value.status == 409


def test_an_auditors_reading_leaves_an_entry(busy):
    abe = busy.laptop("abe")
    busy.round(abe)
    reads = [e for e in entries(busy) if e["act"] == "read"]
    assert reads
    assert reads[0]["by"] == "abe"
    before = len(entries(busy))
    busy.round(abe)
    assert len(entries(busy)) == before


def newest_reading(world):
    told = entries(world)[-1]
    assert (told["act"], told["by"]) == ("read", "abe")
    return told


def test_so_does_what_is_read_by_sums_and_by_file(quick):
    ann, abe = quick.laptop("ann"), quick.laptop("abe")
    stored = photo(ann, ann.add(enterprise()), b"A paper.\n")
    quick.settle_down()
    line, mark = Line(quick.line, abe.identity(), quick.clock), abe.bookmark()

    def ask(places):
        asked = SumsAsk(
            inc=abe.identity().incarnation, epoch=mark.epoch, seq=mark.seq, chain=mark.chain,
            places=places,
        )  # fmt: skip
        return line.ask("/v1/sums", asked, SumsReply)

    before = len(entries(quick))
    assert ask([]).sums
    assert len(entries(quick)) == before  # numbers are nobody's words
    here = {place_of(one) for one in abe.records}
    told = ask(sorted(here)[:PLACES_AT_ONCE]).states
    assert newest_reading(quick)["records"] == len(told) > 0
    with pytest.raises(Told) as fault:
        ask(list(range(PLACES_AT_ONCE + 1)))
    assert fault.value.status == 400
    (paper,) = abe.all(Attachment)
    line.raw("GET", f"/v1/blob/{stored.sha256}?for={paper.id}&start=0", b"")
    assert newest_reading(quick)["file"] == paper.id
    assert look(quick).ok


def test_everybody_may_keep_a_head(busy):
    answer = busy.line.send("GET", "/v1/audit/head", {}, b"")
    head = msgspec.json.decode(answer.body, type=WireTreeHead)
    message = signing.head_bytes(head.epoch, head.size, head.root)
    assert signing.signed(admin.register_key(busy.store), head.signature, message)


def test_an_erasure_takes_words_and_the_log_still_fits(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    ann.add(leader(case))
    world.settle_down()
    for who in (lee, world.laptop("kay")):
        world.ask(who, "person.erase", case.id)
    bodies = world.store.read(
        lambda t: t.connection.execute(select(op.c.body).where(op.c.body == "")).all()
    )
    assert bodies
    assert look(world).faults == []


def test_roots_and_proofs_of_a_long_log_read_a_few_hashes(quick):
    store = quick.store
    for n in range(150):
        store.write(lambda tx, n=n: tx.audit.append({"act": "x", "x": n}))
    reads = []
    real = sql_audit.AuditTable._node

    def counted(self, level, place):
        reads.append((level, place))
        return real(self, level, place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql_audit.AuditTable, "_node", counted)
        size = store.read(lambda tx: tx.audit.size())
        shown = store.read(lambda tx: (tx.audit.root(size), tx.audit.proof(37, size)))
    leaves = store.read(lambda tx: [leaf for _, _, leaf in tx.audit.entries(0, 9_999)])
    assert shown[0] == merkle.root_of(leaves)
    assert merkle.only_grew(37, merkle.root_of(leaves[:37]), size, *shown)
    assert len(reads) < 60
