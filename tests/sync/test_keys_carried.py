"""Sticks and packs that were on their way when the key was changed."""

from __future__ import annotations

import msgspec
import pytest

from forms.facts.people import Enterprise
from forms.rules.decisions import decide as programme_rules
from sync import errors, signing
from sync.client import carry
from sync.register import admin
from sync.register import keys as ring
from sync.register.carry import take_file
from sync.register.service import Register
from tests.sync.rotating import base64_of, pinned, private_of, rotate
from tests.sync.vaults import VaultLaptop
from tests.sync.world import enterprise, kent


class Stick:
    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        key = admin.signing_key(world.store)
        self.register = Register(world.store, world.clock, {"kent": kent()}, key, programme_rules)

    def out(self, laptop, name="out"):
        return carry.write_out(laptop, self.folder / name, self.world.clock)

    def take(self, name="out", back="back"):
        return take_file(self.register, self.folder / name, self.folder / back, self.world.clock)

    def back(self, laptop, name="back"):
        return carry.read_back(laptop, self.folder / name, self.world.clock)


@pytest.fixture
def stick(quick, tmp_path):
    quick.make = VaultLaptop
    made = Stick(quick, tmp_path)
    made.ann = quick.laptop("ann", "ann's vault")
    made.case = made.ann.add(enterprise())
    yield made
    made.ann.close()


def test_a_stick_that_left_before_the_change_brings_the_new_key_back(stick, tmp_path):
    stick.out(stick.ann)
    told = [rotate(stick.world, tmp_path / "copies") for _ in range(2)][-1]
    assert stick.take() is False
    with pytest.raises(errors.CarriedAgain, match="changed its register's key"):
        stick.back(stick.ann)
    assert (pinned(stick.ann), stick.ann.exchange.unsent_count()) == (told.key, 1)
    stick.out(stick.ann, "out2")
    assert stick.take("out2", "back2") is True
    assert stick.back(stick.ann, "back2").pushed == 1
    assert stick.ann.exchange.unsent_count() == 0


def test_an_answer_of_before_the_change_is_not_used_by_who_knows_the_new_key(stick, tmp_path):
    stick.out(stick.ann)
    stick.take()
    rotate(stick.world, tmp_path / "copies")
    stick.out(stick.ann, "late")
    stick.take("late", "brings")
    with pytest.raises(errors.CarriedAgain):
        stick.back(stick.ann, "brings")
    with pytest.raises(errors.CarriedRefused, match="before the council changed"):
        stick.back(stick.ann)
    assert stick.ann.exchange.unsent_count() == 1
    stick.out(stick.ann, "again")
    stick.take("again", "good")
    assert stick.back(stick.ann, "good").pushed == 1  # the register had it, and says so again
    rotate(stick.world, tmp_path / "copies")
    stick.world.round(stick.ann)
    with pytest.raises(errors.CarriedRefused, match="before the council changed"):
        stick.back(stick.ann, "good")


def test_an_answer_by_the_old_key_for_who_has_not_heard_yet_is_read(stick, tmp_path):
    stick.out(stick.ann)
    stick.take()
    rotate(stick.world, tmp_path / "copies")
    assert stick.back(stick.ann).pushed == 1
    stick.ann.set(stick.case.id, phone="01303 555555")
    assert stick.world.round(stick.ann).pushed == 1
    assert stick.ann.vault.reader.get(Enterprise, stick.case.id).phone == "01303 555555"


def test_a_pack_of_a_clock_that_was_ahead_outlives_its_key(vaults, tmp_path):
    """The clock is put right, and then the key is changed: laptops go on by the pack they have."""
    from desktop.operations.packs import in_use
    from sync.register import packs

    ann = vaults.laptop("ann")
    vaults.later(days=30)
    packs.add_shipped(vaults.store, "kent", vaults.clock)
    vaults.later(days=-30)
    rotate(vaults, tmp_path)
    vaults.round(ann)
    found = in_use(ann.vault, "kent")
    assert (found.published_at is not None, found.refused) == (True, ())


def test_no_pack_is_signed_while_a_change_waits(vaults):
    """A laptop would take it for one that the old key signed after its end."""
    from desktop.operations.packs import in_use
    from sync.register import packs
    from sync.register.errors import PackRefused

    ann = vaults.laptop("ann")
    link = ring.prepare(vaults.store, vaults.clock)
    vaults.later()
    with pytest.raises(PackRefused, match="End it first"):
        packs.add_shipped(vaults.store, "kent", vaults.clock)
    assert packs.published(vaults.store) == []
    ring.go_over(vaults.store, vaults.clock, link.key)
    packs.add_shipped(vaults.store, "kent", vaults.clock)
    vaults.round(ann)
    found = in_use(ann.vault, "kent")
    assert (found.published_at is not None, found.refused) == (True, ())


def test_a_pack_that_an_earlier_key_signed_counts_and_one_after_its_end_does_not(vaults, tmp_path):
    from desktop.operations.packs import in_use
    from sync.register import packs

    ann = vaults.laptop("ann")
    packs.add_shipped(vaults.store, "kent", vaults.clock)
    old = private_of(vaults)
    rotate(vaults, tmp_path)
    vaults.round(ann)
    found = in_use(ann.vault, "kent")
    assert (found.published_at is not None, found.refused) == (True, ())
    row = packs.published(vaults.store)[0]
    target = tmp_path / "pack.json"
    packs.write_signed(vaults.store, row.record_id, target)
    assert packs.add(vaults.store, target, vaults.clock).id == "kent"

    told = msgspec.json.decode(target.read_bytes())
    told["published_at"] = "2027-01-01T00:00:00+00:00"
    names = ("pack_id", "version", "fingerprint", "published_at")
    said = signing.pack_bytes(*(told[name] for name in names))
    told["signature"] = base64_of(signing.sign(old, said))
    forged = tmp_path / "forged.json"
    forged.write_bytes(msgspec.json.encode(told))
    from sync.register.errors import PackRefused

    with pytest.raises(PackRefused, match="not signed by this register"):
        packs.add(vaults.store, forged, vaults.clock)
