"""The register takes another signing key: laptops, sticks and copies follow, a fork is said.

Every protection is switched off once, and its test has to notice.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from storage.vault import Vault
from sync import carried, errors, keys, signing
from sync.client.receipt import Receipt
from sync.client.transport import in_process
from sync.protocol import KeysReply, PushReply
from sync.register import admin
from sync.register import keys as ring
from sync.register.errors import KeyFault
from sync.register.verify import verify
from tests.sync.mutants import instead
from tests.sync.rotating import base64_of, chain_of, forked, pinned, private_of, rotate
from tests.sync.vaults import PASSPHRASE
from tests.sync.world import enterprise


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
            return real(self, answer, asked)

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
