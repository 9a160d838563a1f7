"""The council's rules reach every laptop signed; what is not signed, or not whole, is not used."""

from __future__ import annotations

import base64
import json
import shutil
import zlib
from dataclasses import replace

import pytest

from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.operations.packs import in_use
from desktop.presenters.pack_arrivals import PackArrivals, pack_words
from desktop.settings import Settings
from forms.change import Changes
from forms.facts.decisions import DecisionRequest
from forms.facts.published import PublishedPack
from forms.rules.pack import load_pack
from forms.rules.pack_file import PACKS, PackError
from forms.rules.pack_travel import MOST, PackUnreadable, open_packed, pack_up
from forms.values import Actor, Role, new_id
from sync import signing
from sync.client.carry import read_back, write_out
from sync.client.wire import Line
from sync.errors import RegisterDown
from sync.protocol import DecideReply, decision_to_wire
from sync.register import admin, packs
from sync.register.carry import take_file
from sync.register.errors import PackRefused
from sync.register.service import Register
from tests.desktop.screens.desk import OnTheSpot, Told, Went
from tests.sync.rotating import private_of, rotate
from tests.sync.world import World


@pytest.fixture
def folder_of(tmp_path):
    """A folder of the council's pack under another version, with `changed` in its pack.toml."""

    def make(version, changed=lambda text: text):
        folder = tmp_path / version / "kent"
        shutil.copytree(PACKS / "kent", folder)
        plain = (folder / "pack.toml").read_text(encoding="utf-8")
        was = f'version = "{load_pack("kent").version}"'
        assert was in plain
        plain = changed(plain.replace(was, f'version = "{version}"'))
        (folder / "pack.toml").write_text(plain, encoding="utf-8")
        return folder

    return make


def used(laptop):
    return in_use(laptop.vault, "kent")


def test_a_pack_that_is_added_reaches_the_laptop_with_its_round(vaults, folder_of):
    ann = vaults.laptop("ann")
    vaults.round(ann)
    assert used(ann).published_at is None
    made = packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    vaults.round(ann)
    found = used(ann)
    assert (found.pack, found.refused) == (made, ())
    assert found.pack.version == "2027-02"
    assert found.published_at == vaults.clock.now()
    assert "published by the council on 1 Mar 2022" in pack_words(found)


def test_the_register_judges_by_it_at_once(vaults, folder_of):
    register = Register(
        vaults.store, vaults.clock, {"kent": load_pack("kent")}, b"k" * 32, lambda *_: None
    )
    assert register.public.shown("here")[0].version == load_pack("kent").version
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    assert register.public.shown("here")[0].version == "2027-02"
    entry = vaults.store.read(lambda tx: tx.audit.entries(0, 1000))[-1][1]
    assert json.loads(entry)["act"] == "pack"


def test_the_newest_publication_counts_and_an_older_pack_can_be_published_again(vaults, folder_of):
    ann = vaults.laptop("ann")
    for version in ("2027-02", "2027-03"):
        packs.add(vaults.store, folder_of(version), vaults.clock)
        vaults.later()
    vaults.round(ann)
    assert used(ann).pack.version == "2027-03"
    first = packs.published(vaults.store)[-1]
    assert (first.version, first.in_use) == ("2027-02", False)
    packs.add_shipped(vaults.store, "kent", vaults.clock)
    vaults.round(ann)
    assert used(ann).pack == load_pack("kent")


def test_a_clock_that_was_put_right_does_not_part_laptops_from_the_register(vaults, folder_of):
    ann = vaults.laptop("ann")
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    vaults.later(hours=-1)
    packs.add(vaults.store, folder_of("2027-03"), vaults.clock)
    vaults.round(ann)
    newest, _ = packs.published(vaults.store)
    assert (newest.version, newest.in_use) == ("2027-03", True)
    assert used(ann).pack.version == "2027-03"
    assert used(ann).refused == ()


def test_a_moment_that_the_register_did_not_sign_puts_no_publication_off(vaults, folder_of):
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    spoil(vaults, published_at="9999-12-31T23:59:59.999999+00:00")
    packs.add(vaults.store, folder_of("2027-03"), vaults.clock)
    moments = {one.version: one.published_at for one in packs.published(vaults.store)}
    assert moments["2027-03"] == vaults.clock.now().isoformat()


@pytest.mark.parametrize("signed", [False, True])
def test_a_moment_without_a_time_zone_is_nobodys(vaults, folder_of, tmp_path, signed):
    """Whoever signed it: it cannot be told from which day on a key was another's."""
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    rotate(vaults, tmp_path / "copies")
    (one,) = vaults.store.read(lambda tx: tx.records.of_kind("published_pack"))
    moment = "9999-03-01T09:00:00"
    names = ("pack_id", "version", "fingerprint")
    said = signing.pack_bytes(*(one.fields[name] for name in names), moment)
    signature = base64.b64encode(signing.sign(private_of(vaults), said)).decode()
    spoil(vaults, published_at=moment, **({"signature": signature} if signed else {}))
    packs.add(vaults.store, folder_of("2027-03"), vaults.clock)
    moments = {one.version: one.published_at for one in packs.published(vaults.store)}
    assert moments["2027-03"] == vaults.clock.now().isoformat()


def test_a_pack_that_a_newer_register_cannot_read_is_said_in_words(vaults, folder_of):
    lee = vaults.laptop("lee")
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    (one,) = vaults.store.read(lambda tx: tx.records.of_kind("published_pack"))
    body = str(one.fields["body"])
    other = body[:100] + ("0" if body[100] != "0" else "1") + body[101:]
    vaults.system("published_pack", one.id, {"body": other})
    request = DecisionRequest(
        id=new_id(),
        name="claim.approve",
        subject_id=new_id(),
        asked_by_id="lee",
        asked_at=vaults.clock.now(),
        payload={},
    )
    line = Line(vaults.line, lee.exchange.identity(), vaults.clock)
    with pytest.raises(RegisterDown, match="has to publish the rules again") as down:
        line.ask("/v1/decide", decision_to_wire(request), DecideReply)
    assert down.value.detail == "no_programme"
    assert "saved on this laptop" in str(down.value)
    packs.add_shipped(vaults.store, "kent", vaults.clock)
    line.ask("/v1/decide", decision_to_wire(request), DecideReply)


def spoil(world, **values):
    """What somebody who can write to the database, without the key, would leave there."""
    (good,) = world.store.read(lambda tx: tx.records.of_kind("published_pack"))
    world.later()
    at = world.clock.now().isoformat()
    world.system("published_pack", new_id(), good.fields | {"published_at": at} | values, new=True)


def test_a_pack_that_the_council_did_not_sign_is_not_used_and_said(vaults, folder_of):
    ann = vaults.laptop("ann")
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    other = pack_up(folder_of("2027-09").parent, "kent")
    spoil(vaults, version="2027-09", body=other.body, fingerprint=other.fingerprint)
    vaults.round(ann)
    found = used(ann)
    assert found.pack.version == "2027-02", "the one before it is kept"
    (words,) = found.refused
    assert "2027-09" in words
    assert "did not sign" in words
    assert "kept" in words


def test_with_signatures_not_looked_at_it_would_be_used(vaults, folder_of, monkeypatch):
    monkeypatch.setattr("desktop.operations.packs._is_signed", lambda *_: True)
    ann = vaults.laptop("ann")
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    other = pack_up(folder_of("2027-09").parent, "kent")
    spoil(vaults, version="2027-09", body=other.body, fingerprint=other.fingerprint)
    vaults.round(ann)
    assert used(ann).pack.version == "2027-09"


def test_the_key_of_another_register_signs_nothing_here(vaults, folder_of):
    ann = vaults.laptop("ann")
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    vaults.round(ann)
    (record,) = ann.all(PublishedPack)
    key = signing.new_key()
    said = signing.pack_bytes(
        record.pack_id, record.version, record.fingerprint, record.published_at.isoformat()
    )
    spoil(vaults, signature=base64.b64encode(signing.sign(key, said)).decode())
    vaults.round(ann)
    assert len(used(ann).refused) == 1


def test_a_pack_that_this_program_cannot_read_is_not_used_and_asks_for_an_update(vaults, folder_of):
    ann = vaults.laptop("ann")
    found = pack_up(folder_of("2027-02").parent, "kent")
    newer = replace(found, fingerprint="f" * 64)  # signed, and not what its words add up to
    packs.publish(vaults.store, newer, vaults.clock)
    vaults.round(ann)
    assert used(ann).pack == load_pack("kent")
    assert "Update this program" in used(ann).refused[0]


@pytest.mark.parametrize("who", ["ann", "lee", "quin"])
def test_nobody_publishes_a_pack_from_a_laptop(vaults, folder_of, who):
    laptop, lee = vaults.laptop(who), vaults.laptop("lee", "lee's other")
    found = pack_up(folder_of("2027-02").parent, "kent")
    laptop.add(PublishedPack(id=new_id()))
    vaults.settle_down()
    assert not vaults.store.read(lambda tx: tx.records.of_kind("published_pack"))
    assert used(lee).pack == load_pack("kent")
    assert found.pack.version == "2027-02"


def test_a_pack_with_a_fault_is_not_published_and_every_fault_is_named(vaults, folder_of):
    bad = folder_of("2027-02", lambda text: text.replace("employee_limit =", "employees ="))
    with pytest.raises(PackError) as refusal:
        packs.add(vaults.store, bad, vaults.clock)
    assert "employee" in str(refusal.value)
    assert packs.published(vaults.store) == []


def test_a_signed_file_is_taken_by_its_own_register_and_by_no_other(vaults, folder_of, tmp_path):
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    (one,) = packs.published(vaults.store)
    file = tmp_path / "kent.hedgepack"
    packs.write_signed(vaults.store, one.record_id, file)
    with pytest.raises(FileExistsError):
        packs.write_signed(vaults.store, one.record_id, file)
    vaults.later()
    assert packs.add(vaults.store, file, vaults.clock).version == "2027-02"
    assert len(packs.published(vaults.store)) == 2
    with (
        World(f"sqlite:///{tmp_path / 'other.db'}") as other,
        pytest.raises(PackRefused, match="not signed by this register"),
    ):
        packs.add(other.store, file, other.clock)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told | {"version": "2030-01"}, "not signed"),
        (lambda told: told | {"fingerprint": "0" * 64}, "not signed"),
        (lambda told: told | {"published_at": "2022-03-01T09:00:00"}, "not signed"),
        (lambda told: told | {"body": told["body"][:-8]}, "damaged"),
        (lambda told: {"a": 1}, "not a signed pack"),
        (lambda told: ["no"], "not a signed pack"),
        (lambda told: told | {"signature": "???"}, "not a signed pack"),
    ],
)
def test_a_file_that_was_changed_is_not_taken(vaults, folder_of, tmp_path, change, words):
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    (one,) = packs.published(vaults.store)
    file = tmp_path / "kent.hedgepack"
    packs.write_signed(vaults.store, one.record_id, file)
    rotate(vaults, tmp_path / "copies")  # what an earlier key signed is looked at by its moment
    file.write_text(json.dumps(change(json.loads(file.read_text()))))
    with pytest.raises(PackRefused, match=words):
        packs.add(vaults.store, file, vaults.clock)
    assert len(packs.published(vaults.store)) == 1


def test_a_file_that_is_carried_by_hand_brings_it_too(vaults, folder_of, tmp_path):
    ann = vaults.laptop("ann")
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    register = Register(
        vaults.store, vaults.clock, {}, admin.signing_key(vaults.store), lambda *_: None
    )
    write_out(ann, tmp_path / "out", vaults.clock)
    take_file(register, tmp_path / "out", tmp_path / "back", vaults.clock)
    read_back(ann, tmp_path / "back", vaults.clock)
    assert used(ann).pack.version == "2027-02"


def packed(plain):
    return base64.b85encode(zlib.compress(plain, 9)).decode()


@pytest.mark.parametrize(
    "body",
    ["", "not base 85 \x00", packed(b"no json"), packed(b'{"kent": 1}'), packed(b"0" * (MOST + 1))],
)
def test_what_is_no_pack_is_refused_before_it_is_read(body):
    with pytest.raises(PackUnreadable):
        open_packed(body, "kent", "0" * 64)


def test_it_is_said_once_and_used_from_the_next_start(vaults, folder_of):
    ann = vaults.laptop("ann")
    vaults.round(ann)
    made = Context(
        clock=vaults.clock,
        jobs=OnTheSpot(),
        tell=Told(),
        goes=Went(),
        settings=Settings(None),
        session=Session(
            vault=ann.vault, actor=Actor("ann", "Ann", Role.COACH), pack=used(ann).pack
        ),
        broadcast=Broadcast(),
    )
    arrivals = PackArrivals(made, made)
    arrivals.look()
    assert made.tell.said == []
    packs.add(vaults.store, folder_of("2027-02"), vaults.clock)
    for changes in vaults.round(ann).changes:
        assert isinstance(changes, Changes)
        made.broadcast.announce(changes, None)
    arrivals.look()
    (said,) = made.tell.said
    assert "version 2027-02" in said
    assert "next time you open your records" in said
    assert made.pack == load_pack("kent"), "what is on the screens stays as it is"


def test_a_laptop_whose_council_named_a_pack_that_is_not_here_yet_works_all_the_same(vaults):
    ann = vaults.laptop("ann")
    ann.exchange.use_pack("elsewhere/3")
    assert used(ann).pack == load_pack("kent")
