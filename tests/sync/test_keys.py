"""The register takes another signing key: laptops, sticks and copies follow, a fork is said.

Every protection is switched off once, and its test has to notice.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from forms.facts.people import Enterprise
from forms.rules.decisions import decide as programme_rules
from storage.vault import Vault
from sync import carried, errors, keys, signing
from sync.client import carry
from sync.client.receipt import Receipt
from sync.client.transport import in_process
from sync.protocol import KeysReply, PushReply
from sync.register import admin, copies, journal
from sync.register import keys as ring
from sync.register.carry import take_file
from sync.register.copies import CopyFault
from sync.register.errors import KeyFault
from sync.register.service import Register
from sync.register.sql_copy import read_copy
from sync.register.store import open_store
from sync.register.verify import verify
from tests.sync.mutants import instead
from tests.sync.vaults import PASSPHRASE, VaultLaptop
from tests.sync.world import enterprise, kent


def rotate(world, folder):
    world.later()
    return copies.change_key(world.store, folder, world.clock).told


def chain_of(world):
    return world.store.read(ring.told)


def private_of(world):
    return admin.signing_key(world.store)


def pinned(laptop):
    return laptop.exchange.identity().register_key


@pytest.fixture
def coach(world):
    """Ann's laptop, with a case that has its receipt."""
    laptop = world.laptop("ann")
    laptop.case = laptop.add(enterprise())
    world.round(laptop)
    return laptop


# --- laptops on a line
def test_a_laptop_follows_with_its_next_round_and_loses_nothing(world, coach, tmp_path):
    before = pinned(coach)
    told = rotate(world, tmp_path)
    assert (told.key != before, [link.before for link in told.links]) == (True, [before])
    coach.set(coach.case.id, phone="01303 111111")
    report = world.round(coach)
    assert (report.pushed, coach.unsent_count(), report.history_changed) == (1, 0, "")
    assert pinned(coach) == told.key
    assert [one.key for one in coach.exchange.identity().earlier_keys] == [before]


def test_a_laptop_that_was_away_for_several_follows_all_of_them(world, coach, tmp_path):
    first = pinned(coach)
    for _ in range(4):
        rotate(world, tmp_path)
    coach.set(coach.case.id, phone="01303 111111")
    assert world.round(coach).pushed == 1
    assert pinned(coach) == chain_of(world).key
    assert keys.known_to(coach.exchange.identity())[-1] == first
    assert len(coach.exchange.identity().earlier_keys) == 4


def test_workers_that_were_running_go_on_by_the_new_key(world, coach, tmp_path):
    other = in_process(world.new_app())
    world.round(coach, other)
    told = rotate(world, tmp_path)
    for line in (other, world.line):
        coach.set(coach.case.id, phone=f"01303 {id(line) % 1000000:06}")
        assert world.round(coach, line).pushed == 1
    assert pinned(coach) == told.key
    other.close()


def test_no_worker_keeps_the_old_key_ready(world, coach, tmp_path):
    old = private_of(world)
    assert old in signing._AT_HAND
    rotate(world, tmp_path)
    world.round(coach)
    assert old not in signing._AT_HAND


def test_a_round_that_is_quiet_asks_nothing_more(world, coach, tmp_path):
    rotate(world, tmp_path)
    world.round(coach)
    assert world.round(coach).requests == 1


def test_the_key_is_kept_even_when_the_round_ends_in_trouble(world, coach, tmp_path):
    told = rotate(world, tmp_path)
    admin.revoke(world.store, coach.exchange.identity().device_id, world.clock)
    with pytest.raises(errors.DeviceRevoked):
        world.round(coach)
    assert pinned(coach) == told.key


def test_who_joins_afterwards_gets_the_newest_with_its_chain(world, coach, tmp_path):
    rotate(world, tmp_path)
    told = rotate(world, tmp_path)
    identity = world.laptop("ben").exchange.identity()
    assert identity.register_key == told.key
    assert keys.known_to(identity)[::-1] == keys.every(told)


def test_a_vault_keeps_the_chain(vaults, tmp_path):
    ann = vaults.laptop("ann")
    told = rotate(vaults, tmp_path)
    vaults.round(ann)
    ann.vault.close()
    ann.vault = Vault.open(ann.folder / "vault", passphrase=PASSPHRASE, clock=vaults.clock)
    assert keys.known_to(ann.exchange.identity())[::-1] == keys.every(told)


def test_a_chain_without_an_end_costs_no_laptop_its_day(quick, monkeypatch):
    """A hostile server shows a good chain of its own making, as long as an answer may be."""
    mine, links = signing.new_key(), []
    for number in range(1, keys.MOST + 2):
        after = signing.new_key()
        links.append(keys.make_link(number, mine, after, quick.clock.now()))
        mine = after
    looked, told = [], KeysReply(key=links[-1].key, links=links)
    real = keys._is_link
    monkeypatch.setattr(keys, "_is_link", lambda link: looked.append(1) or real(link))
    with pytest.raises(errors.NotTheRegister):
        quick.round(quick.laptop("ann"), Impostor(quick, mine, told))
    assert looked == []
    text = msgspec.json.encode(links[:-1]).decode()
    quick.store.write(lambda tx: tx.people.set_setting(ring.LINKS, text))
    with pytest.raises(KeyFault, match="changed 200 times"):
        ring.prepare(quick.store, quick.clock)
    header = carried.Header(
        id="i" * 36, way="back", device="d" * 36, made_at=quick.clock.now(), keys=links[:-1]
    )
    assert len(msgspec.json.encode(header)) < carried.MAX_HEADER - 200


# --- what was signed before
def test_receipts_heads_and_refusals_of_before_stay_provable(world, coach, tmp_path):
    head = admin.audit_head(world.store)
    kept = msgspec.json.decode(coach.signed[-1], type=PushReply)
    rotate(world, tmp_path)
    world.round(coach)
    known = keys.known_to(coach.exchange.identity())
    assert Receipt.of(kept).is_signed(*known)
    assert not Receipt.of(kept).is_signed(pinned(coach))
    key = chain_of(world).key
    heads = [head, admin.audit_head(world.store)]
    report = world.store.read(lambda tx: verify(tx, key, heads))
    assert (report.heads, report.faults) == (2, [])


def test_a_head_that_the_old_key_signs_after_its_end_is_found(world, coach, tmp_path):
    old = private_of(world)
    rotate(world, tmp_path)
    coach.set(coach.case.id, phone="01303 111111")
    world.round(coach)
    head = admin.audit_head(world.store)
    head.signature = signing.sign(old, signing.head_bytes(head.epoch, head.size, head.root))
    key = chain_of(world).key
    (fault,) = world.store.read(lambda tx: verify(tx, key, [head])).faults
    assert "whoever signed it has the old key" in fault


def test_the_log_tells_of_each_key(world, tmp_path):
    told = rotate(world, tmp_path)
    entries = [text for _, text, _ in world.store.read(lambda tx: tx.audit.entries(0, 1000))]
    assert sum(told.key.hex() in text for text in entries) == 1
    other = keys.make_link(1, signing.new_key(), signing.new_key(), world.clock.now())
    world.store.write(
        lambda tx: tx.people.set_setting(ring.LINKS, msgspec.json.encode([other]).decode())
    )
    faults = world.store.read(lambda tx: verify(tx, told.key)).faults
    assert "The register's keys do not follow from each other." in faults
    assert "The audit log tells of other signing keys than the register has." in faults


def test_a_change_that_the_log_does_not_tell_of_is_found(quick):
    """Written into the database by somebody who has the key, and not noted."""
    mine, told = forked(quick, private_of(quick))

    def work(tx):
        tx.people.set_setting(ring.PRIVATE, mine.hex())
        tx.people.set_setting(ring.LINKS, msgspec.json.encode(told.links).decode())
        tx.people.set_setting(ring.NUMBER, "1")

    quick.store.write(work)
    assert quick.store.read(lambda tx: verify(tx, told.key)).faults == [
        "The audit log tells of other signing keys than the register has."
    ]


# --- the old key in other hands
def forked(world, old, at=None):
    """What a thief of the old key makes of it: a key of their own, signed by it."""
    mine = signing.new_key()
    link = keys.make_link(1, old, mine, at or world.clock.now())
    return mine, KeysReply(key=link.key, links=[link])


class Impostor:
    """Answers for the register with a key of its own, and shows a chain for it."""

    def __init__(self, world, private, told):
        self.world, self.private, self.told, self.url = world, private, told, world.line.url

    def send(self, method, path, headers, body):
        if path == keys.PATH:
            return replace_body(self.world.line.send(method, path, headers, body), self.told)
        answer = self.world.line.send(method, path, headers, body)
        asked = headers.get(signing.SIGNATURE, "")
        said = signing.answer_bytes(answer.status, asked, answer.body)
        mine = {signing.SIGNATURE: base64_of(signing.sign(self.private, said))}
        return replace(answer, headers={**answer.headers, **mine})

    def close(self):
        pass


def replace_body(answer, told):
    return replace(answer, body=msgspec.json.encode(told))


def base64_of(data):
    import base64

    return base64.b64encode(data).decode()


def a_fork_is_said(world, coach, folder):
    old = private_of(world)
    rotate(world, folder)
    world.round(coach)
    known = coach.exchange.identity()
    mine, told = forked(world, old)
    coach.set(coach.case.id, phone="01303 222222")
    with pytest.raises(errors.KeyForked) as said:
        world.round(coach, Impostor(world, mine, told))
    assert "both follow the same earlier key" in str(said.value)
    assert (coach.unsent_count(), coach.exchange.identity()) == (1, known)


def who_was_away_is_told_when_the_true_one_answers(world, coach, folder):
    old = private_of(world)
    mine, told = forked(world, old)
    world.round(coach, Impostor(world, mine, told))
    assert pinned(coach) == told.key  # the old key was good as far as anybody here could know
    rotate(world, folder)
    with pytest.raises(errors.KeyForked):
        world.round(coach)
    assert pinned(coach) == told.key


def a_successor_that_nobody_signed_is_not_followed(world, coach, folder):
    del folder
    mine = signing.new_key()
    link = keys.make_link(1, private_of(world), mine, world.clock.now())
    link.by_before = signing.sign(mine, b"anything")
    known = pinned(coach)
    with pytest.raises(errors.NotTheRegister):
        world.round(coach, Impostor(world, mine, KeysReply(key=link.key, links=[link])))
    assert pinned(coach) == known


def the_old_key_alone_is_believed_no_more(world, coach, folder):
    old = private_of(world)
    before = chain_of(world)
    told = rotate(world, folder)
    world.round(coach)
    coach.set(coach.case.id, phone="01303 222222")
    with pytest.raises(errors.KeyBehind) as said:
        world.round(coach, Impostor(world, old, before))
    assert "a key that it had replaced" in str(said.value)
    assert (coach.unsent_count(), pinned(coach)) == (1, told.key)


def a_chain_without_an_answer_that_it_signed_says_nothing(world, coach, folder):
    del folder
    mine = signing.new_key()
    _, told = forked(world, private_of(world))
    known = pinned(coach)
    with pytest.raises(errors.NotTheRegister) as said:
        world.round(coach, Impostor(world, mine, told))
    assert type(said.value) is errors.NotTheRegister
    assert pinned(coach) == known


@pytest.mark.parametrize(
    "story",
    [
        a_fork_is_said,
        who_was_away_is_told_when_the_true_one_answers,
        a_successor_that_nobody_signed_is_not_followed,
        the_old_key_alone_is_believed_no_more,
        a_chain_without_an_answer_that_it_signed_says_nothing,
    ],
)
def test_the_old_key_in_other_hands(story, world, coach, tmp_path):
    story(world, coach, tmp_path)


def old_receipts_inside_a_new_answer(world, coach, folder):
    """A worker signed the receipt just before the change, and the answer just after it."""
    old = private_of(world)
    rotate(world, folder)
    coach.set(coach.case.id, phone="01303 333333")
    real = signing.sign

    def sign(private, message):
        return real(old if message.startswith(b"hedgerow receipt") else private, message)

    with instead(signing, "sign", sign):
        assert world.round(coach).pushed == 1
    assert coach.unsent_count() == 0


def joining_gets_the_newest(world, coach, folder):
    told = rotate(world, folder)
    assert pinned(world.laptop("ben")) == told.key
    world.round(coach)


def test_an_old_receipt_in_a_new_answer_counts(world, coach, tmp_path):
    old_receipts_inside_a_new_answer(world, coach, tmp_path)


# --- mutants: a protection off, and its story goes red
def unsigned_successors_are_taken():
    return instead(keys, "_is_link", lambda _link: True)


def forks_are_taken():
    return instead(keys, "follow", keys._with_keys)


def old_receipts_are_refused():
    return instead(keys, "known_to", lambda identity: (identity.register_key,))


def joining_hands_out_the_old_key():
    def told(self, tx):
        found = ring.told(tx)
        return KeysReply(key=found.links[-1].before if found.links else found.key)

    return instead(ring.Keyring, "told", told)


def answers_need_not_fit_the_chain():
    from sync.client import wire

    real = wire.Line._follow_keys

    def follow(self, answer, asked):
        with instead(wire, "_is_of", lambda *_: True):
            real(self, answer, asked)

    return instead(wire.Line, "_follow_keys", follow)


def workers_keep_their_key():
    return instead(ring.Keyring, "look", lambda _self, tx: tx.people.setting("epoch"))


@pytest.mark.parametrize(
    ("off", "story"),
    [
        (unsigned_successors_are_taken, a_successor_that_nobody_signed_is_not_followed),
        (forks_are_taken, a_fork_is_said),
        (forks_are_taken, the_old_key_alone_is_believed_no_more),
        (old_receipts_are_refused, old_receipts_inside_a_new_answer),
        (joining_hands_out_the_old_key, joining_gets_the_newest),
        (answers_need_not_fit_the_chain, a_chain_without_an_answer_that_it_signed_says_nothing),
        (workers_keep_their_key, test_a_laptop_follows_with_its_next_round_and_loses_nothing),
    ],
)
def test_without_a_protection_its_story_goes_red(quick, tmp_path, off, story):
    coach = quick.laptop("ann")
    coach.case = coach.add(enterprise())
    quick.round(coach)
    with off(), pytest.raises((AssertionError, errors.SyncError, pytest.fail.Exception)):
        story(quick, coach, tmp_path)


# --- a change that is cut off, and copies
@pytest.mark.parametrize("cut", ["copy", "verify", "switch"])
def test_a_change_that_is_cut_off_goes_on_where_it_was(world, coach, tmp_path, monkeypatch, cut):
    old = chain_of(world)

    def fail(*_args, **_more):
        raise OSError("cut off")

    with monkeypatch.context() as patch:
        place, name = {
            "copy": (copies, "write_copy"),
            "verify": (copies, "check_copy"),
            "switch": (ring, "go_over"),
        }[cut]
        patch.setattr(place, name, fail)
        with pytest.raises(OSError, match="cut off"):
            rotate(world, tmp_path)
    assert chain_of(world) == old  # the register goes on by what it has
    world.round(coach)
    begun = world.store.read(ring.waiting)
    told = rotate(world, tmp_path)
    assert told.key == begun.link.key
    assert world.store.read(ring.waiting) is None
    world.round(coach)
    assert pinned(coach) == told.key


def test_a_copy_that_is_not_good_changes_no_key(quick, tmp_path, monkeypatch):
    from sync.register.verify import Report

    old = chain_of(quick)
    monkeypatch.setattr(copies, "check_copy", lambda *_: Report(faults=["A row is wrong."]))
    with pytest.raises(KeyFault, match="goes on with the key that it has"):
        rotate(quick, tmp_path)
    assert chain_of(quick) == old


def fresh_register(folder, name="fresh.db"):
    return open_store(f"sqlite:///{folder / name}")


def test_the_copy_of_the_change_holds_the_new_key_and_not_the_old(world, coach, tmp_path, folder):
    import zstandard

    old = private_of(world)
    told = rotate(world, tmp_path / "copies")
    (path,) = (tmp_path / "copies").glob("register-*")
    text = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
    assert (old.hex().encode() in text, private_of(world).hex().encode() in text) == (False, True)
    store = fresh_register(folder)
    try:
        done = copies.put_back(store, path, world.clock)
        assert done.report.ok
        assert store.read(ring.told) == told
        assert store.read(lambda tx: verify(tx, told.key)).faults == []
        world.round(coach)  # knows the new key by now
        line = in_process(world.new_app(store))
        report = world.round(coach, line)
        assert report.recovered == "epoch"
        line.close()
    finally:
        store.close()


def test_the_old_key_is_gone_from_the_disk(quick, folder, tmp_path):
    old = private_of(quick).hex().encode()
    files = [folder / "register.db", folder / "register.db-wal"]
    assert any(old in one.read_bytes() for one in files if one.exists())
    rotate(quick, tmp_path)
    new = private_of(quick).hex().encode()
    found = [one.read_bytes() for one in files if one.exists()]
    assert (any(old in one for one in found), any(new in one for one in found)) == (False, True)


def test_a_copy_from_before_is_refused_in_words_unless_there_is_no_other(
    world, coach, tmp_path, folder
):
    there = tmp_path / "copies"
    first = copies.make_daily(world.store, there, 14, world.clock).path
    rotate(world, there)
    world.round(coach)
    store = fresh_register(folder)
    try:
        with pytest.raises(KeyFault, match="before the register's signing key was changed on 2022"):
            copies.put_back(store, first, world.clock)
        copies.put_back(store, first, world.clock, old_key=True)
        line = in_process(world.new_app(store))
        coach.set(coach.case.id, phone="01303 444444")
        with pytest.raises(errors.KeyBehind, match="put back"):
            world.round(coach, line)
        assert coach.unsent_count() == 1
        line.close()
    finally:
        store.close()


def test_keys_of_another_register_beside_a_copy_are_refused(quick, tmp_path, folder):
    there = tmp_path / "copies"
    path = copies.make_daily(quick.store, there, 14, quick.clock).path
    _, told = forked(quick, signing.new_key())
    (there / ring.BESIDE).write_bytes(msgspec.json.encode(told))
    store = fresh_register(folder)
    try:
        for _ in range(2):
            with pytest.raises(KeyFault, match="not those of its register"):
                copies.put_back(store, path, quick.clock)
            (there / ring.BESIDE).write_bytes(b"{")
    finally:
        store.close()


def test_the_list_of_erasures_is_read_with_keys_of_before(quick, tmp_path):
    path = tmp_path / journal.NAME
    erasure = journal.Erasure(
        decision="d1", name="person.erase", subject="s1", by="lee", at="2022-03-01T09:00:00+00:00",
        records=("s1",),
    )  # fmt: skip
    journal._write(path, [erasure], private_of(quick))
    before = path.read_bytes()
    told = rotate(quick, tmp_path)
    assert journal.keep(quick.store, path) == 1
    assert journal.read(path, *keys.every(told)) == [erasure]
    assert path.read_bytes() == before


def test_a_change_lets_no_copy_go(quick, tmp_path):
    for day in range(1, 17):
        (tmp_path / f"register-2001-01-{day:02}T000000Z{copies.SUFFIX}").write_bytes(b"old")
    rotate(quick, tmp_path)
    assert len(list(tmp_path.glob(f"register-*{copies.SUFFIX}"))) == 17


@pytest.mark.parametrize("from_call", [1, 2])
def test_where_only_the_lists_beside_it_fail_the_key_is_changed(
    quick, tmp_path, monkeypatch, from_call
):
    calls, real, old = [], ring.keep_beside, chain_of(quick).key

    def fails(*values):
        calls.append(1)
        if len(calls) >= from_call:
            raise OSError("no room")
        real(*values)

    monkeypatch.setattr(ring, "keep_beside", fails)
    changed = copies.change_key(quick.store, tmp_path, quick.clock)
    assert (len(calls), changed.unlisted) == (2, "no room")
    assert changed.told.key == chain_of(quick).key != old


def test_copies_of_a_register_that_went_back_to_its_older_key_can_be_put_back(
    quick, tmp_path, folder
):
    there = tmp_path / "copies"
    first = copies.make_daily(quick.store, there, 14, quick.clock).path
    rotate(quick, there)
    store, again = fresh_register(folder), fresh_register(folder, "again.db")
    try:
        copies.put_back(store, first, quick.clock, old_key=True)
        quick.later()
        newer = copies.make_daily(store, there, 14, quick.clock)
        assert newer.unlisted == ""
        copies.put_back(again, newer.path, quick.clock)
        assert again.read(ring.told) == store.read(ring.told)
    finally:
        store.close()
        again.close()


# --- sticks
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


# --- packs
def test_no_pack_is_signed_while_a_change_waits(vaults):
    """A laptop would take it for one that the old key signed after its end."""
    from desktop.operations.packs import in_use
    from sync.register import packs
    from sync.register.errors import PackRefused

    ann = vaults.laptop("ann")
    ring.prepare(vaults.store, vaults.clock)
    vaults.later()
    with pytest.raises(PackRefused, match="End it first"):
        packs.add_shipped(vaults.store, "kent", vaults.clock)
    assert packs.published(vaults.store) == []
    ring.go_over(vaults.store, vaults.clock)
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


def test_read_copy_alone_is_what_the_check_uses(quick, tmp_path, folder):
    """A copy in the middle of a change is verified by the key it goes on with."""
    ring.prepare(quick.store, quick.clock)
    path = Path(tmp_path / "copy")
    copies.make_copy(quick.store, path, quick.clock)
    store = fresh_register(folder)
    try:
        store.write(lambda tx: read_copy(tx, path))
        assert store.read(ring.told).key == quick.store.read(ring.waiting).link.key
    finally:
        store.close()
    with pytest.raises(CopyFault):
        copies.make_copy(quick.store, path, quick.clock)
