"""A register that was put back has forgotten a number: whose it was is shown by a receipt.

The names of ops, and so the numbers, are told to colleagues; a receipt is not.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from forms.rules.decisions import decide as programme_rules
from sync import errors, signing
from sync.client import carry
from sync.client.enrol import enrol
from sync.client.exchange import run_round
from sync.client.transport import in_process
from sync.client.wire import Line, Told
from sync.columns import receipt_bytes
from sync.protocol import HelloAsk, HelloReply, PushReply
from sync.register import admin, copies, hello
from sync.register import carry as council_carry
from sync.register.carry import take_file
from sync.register.service import Register
from sync.register.store import open_store
from tests.sync.mutants import instead
from tests.sync.world import enterprise, kent


class PutBack:
    """Ann took a fresh number after the copy and wrote under it; then the copy was put back."""

    def __init__(self, world, folder):
        self.world, clock = world, world.clock
        self.ann, self.ben, self.lee = (world.laptop(who) for who in ("ann", "ben", "lee"))
        self.case = self.ann.add(enterprise())
        world.settle_down(self.ann, self.ben, self.lee)
        copies.make_copy(world.store, folder / "copy", clock)
        fresh = self.line(self.ann, world.line).ask(
            "/v1/hello", HelloAsk(inc=0, fresh=True), HelloReply
        )
        self.inc = fresh.inc
        self.ann.adopt(replace(self.ann.who, incarnation=fresh.inc))
        self.ann.set(self.case.id, phone="01303 777777")
        world.settle_down(self.ann, self.lee)
        self.store = open_store(f"sqlite:///{folder / 'back.db'}")
        copies.put_back(self.store, folder / "copy", clock)
        self.back = in_process(world.new_app(self.store))

    def line(self, laptop, transport=None):
        return Line(transport or self.back, laptop.who, self.world.clock)

    def ask(self, laptop, **more):
        return self.line(laptop).ask("/v1/hello", HelloAsk(inc=self.inc, **more), HelloReply)

    def close(self):
        self.back.close()
        self.store.close()


@pytest.fixture
def put_back(quick, tmp_path):
    made = PutBack(quick, tmp_path)
    yield made
    made.close()


def whoever_asks_is_not_let_in(put_back):
    """A colleague has the number from a pull, and no receipt."""
    versions = (held.versions for held in put_back.lee.records.values())
    named = {dot for each in versions for dots in each.values() for dot in dots}
    assert any(dot.startswith(f"{put_back.inc}.") for dot in named)
    for laptop in (put_back.lee, put_back.ben, put_back.ann):
        with pytest.raises(Told) as told:
            put_back.ask(laptop)
        assert (told.value.status, told.value.trouble.trouble) == (403, "unproven")
    assert run_round(put_back.ann, put_back.back, put_back.world.clock).recovered
    fields = put_back.store.read(lambda tx: tx.records.load([put_back.case.id]))
    assert fields[put_back.case.id].fields["phone"] == "01303 777777"


def test_whoever_asks_is_not_let_in(put_back):
    whoever_asks_is_not_let_in(put_back)


def test_without_that_a_colleague_keeps_the_owner_out(put_back):
    """The proof: a colleague takes the number, and what Ann had sent is never sent again."""
    with instead(hello, "_had_it", lambda *_: True):
        assert put_back.ask(put_back.ben).last == 0
        with pytest.raises((errors.SyncError, AssertionError, pytest.fail.Exception)):
            whoever_asks_is_not_let_in(put_back)


def three_sticks(put_back, folder):
    """To the register and back; the words of the last answer."""
    clock, said = put_back.world.clock, None
    key = admin.signing_key(put_back.store)
    register = Register(put_back.store, clock, {"kent": kent()}, key, programme_rules)
    for turn in range(3):
        out, back = folder / f"out{turn}", folder / f"back{turn}"
        carry.write_out(put_back.ann, out, clock)
        take_file(register, out, back, clock)
        try:
            carry.read_back(put_back.ann, back, clock)
            said = None
        except errors.CarriedAgain as again:
            said = again
    return said


def a_stick_brings_it_home(put_back, folder):
    put_back.ann.set(put_back.case.id, phone="01303 888888")
    assert three_sticks(put_back, folder) is None
    assert (put_back.ann.unsent_count(), put_back.ann.who.incarnation) == (0, put_back.inc)
    found = put_back.store.read(lambda tx: tx.records.load([put_back.case.id]))
    assert found[put_back.case.id].fields["phone"] == "01303 888888"


def test_a_stick_brings_it_home(put_back, tmp_path):
    a_stick_brings_it_home(put_back, tmp_path)


def test_without_the_receipts_of_the_file_it_does_not(put_back, tmp_path):
    """The proof: what stands behind the first trouble is not looked at."""
    with instead(council_carry._Work, "shown_by", lambda *_: None), pytest.raises(AssertionError):
        a_stick_brings_it_home(put_back, tmp_path)


@pytest.mark.parametrize("by", ["stick", "line"])
def test_a_number_that_is_somebody_elses_is_said_and_a_new_code_helps(put_back, tmp_path, by):
    """Nothing of it goes in the other's name; what the words say to do brings all of it."""
    ann, ben, clock = put_back.ann, put_back.ben.who, put_back.world.clock
    put_back.store.write(lambda tx: tx.people.readmit(put_back.inc, ben.device_id, "ben"))
    ann.set(put_back.case.id, phone="01303 888888")
    with pytest.raises(errors.SyncError, match=r"another person's work.*new code") as told:
        three_sticks(put_back, tmp_path) if by == "stick" else run_round(ann, put_back.back, clock)
    assert (ann.unsent_count(), told.value.trouble) == (1, "sign_in")
    enrol(ann, put_back.back, admin.enrol_code(put_back.store, "ann", clock), clock)
    run_round(ann, put_back.back, clock)
    found = put_back.store.read(lambda tx: tx.records.load([put_back.case.id]))
    assert (ann.unsent_count(), found[put_back.case.id].fields["phone"]) == (0, "01303 888888")
    assert put_back.store.read(lambda tx: tx.people.incarnation(put_back.inc)).last == 0


@pytest.mark.parametrize("by", ["stick", "line"])
def test_what_went_under_an_earlier_number_that_is_somebody_elses_goes_again(
    put_back, tmp_path, by
):
    """The register holds nothing of it, so whose the number is now takes nothing from who wrote."""
    ann, ben, clock = put_back.ann, put_back.ben.who, put_back.world.clock
    put_back.store.write(lambda tx: tx.people.readmit(put_back.inc, ben.device_id, "ben"))
    held = put_back.store.read(lambda tx: tx.people.incarnations_of("ann"))
    ann.adopt(replace(ann.who, incarnation=min(held)))
    if by == "stick":
        three_sticks(put_back, tmp_path)
    run_round(ann, put_back.back, clock)
    found = put_back.store.read(lambda tx: tx.records.load([put_back.case.id]))
    assert (ann.unsent_count(), found[put_back.case.id].fields["phone"]) == (0, "01303 777777")


def receipts_of(put_back):
    found = [msgspec.json.decode(body, type=PushReply) for body in put_back.ann.signed if body]
    return [one for one in found if one.inc == put_back.inc]


def test_a_receipt_that_is_none_shows_nothing(put_back):
    (good,) = receipts_of(put_back)
    mine = next(msgspec.json.decode(body, type=PushReply) for body in put_back.ann.signed if body)
    forged = msgspec.structs.replace(
        good, signature=signing.sign(signing.new_key(), receipt_bytes(good.inc, "", []))
    )
    nothing = msgspec.structs.replace(good, acks=[], runs=[])
    assert mine.inc != good.inc
    for shown in (forged, nothing, mine):
        with pytest.raises(Told) as told:
            put_back.ask(put_back.ben, shown=shown)
        assert told.value.trouble.trouble == "unproven"
    assert put_back.ask(put_back.ann, shown=good).last == 0


def test_a_laptop_without_a_receipt_says_it_under_another_number(put_back):
    """Its disk lost the words of the register: nothing is lost, and nobody's number is taken."""
    put_back.ann.signed.clear()
    report = run_round(put_back.ann, put_back.back, put_back.world.clock)
    assert (bool(report.recovered), put_back.ann.unsent_count()) == (True, 0)
    assert put_back.ann.who.incarnation != put_back.inc
    found = put_back.store.read(lambda tx: tx.records.load([put_back.case.id]))
    assert found[put_back.case.id].fields["phone"] == "01303 777777"
    assert put_back.store.read(lambda tx: tx.people.incarnation(put_back.inc)) is None


def test_a_vault_finds_its_receipts_by_number_in_one_pass(vaults, tmp_path, monkeypatch):
    """All that were kept in years are gone through once, however many numbers there were."""
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    incs = [ann.exchange.identity().incarnation]
    vaults.round(ann)
    ann.set(case.id, phone="01303 111111", name="Marsh Baking")
    vaults.round(ann)
    ask = HelloAsk(inc=0, fresh=True)
    line = Line(vaults.line, ann.exchange.identity(), vaults.clock)
    incs.append(line.ask("/v1/hello", ask, HelloReply).inc)
    ann.exchange.adopt(replace(ann.exchange.identity(), incarnation=incs[1]))
    ann.set(case.id, phone="01303 222222")
    vaults.round(ann)
    kept = ann.exchange.kept_receipts()
    assert sorted(kept) == sorted(incs)
    assert all(msgspec.json.decode(kept[inc], type=PushReply).inc == inc for inc in incs)
    every = [bytes(body) for (body,) in ann.vault._db.rows("SELECT body FROM receipt")]
    first = [body for body in every if msgspec.json.decode(body, type=PushReply).inc == incs[0]]
    assert len(kept[incs[0]]) == min(map(len, first))
    said, real = [], ann.vault._db.rows
    monkeypatch.setattr(ann.vault._db, "rows", lambda sql, *v: said.append(sql) or real(sql, *v))
    carry.write_out(ann, tmp_path / "out", vaults.clock)
    assert sum("FROM receipt" in sql for sql in said) == 1
