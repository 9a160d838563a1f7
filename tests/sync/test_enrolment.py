"""A code opens one device, once, for ten minutes; a closed device gets no byte of data."""

from __future__ import annotations

import base64

import pytest

from forms.facts.people import Enterprise
from sync import envelope, errors, signing
from sync.client.enrol import enrol
from sync.client.wire import Line
from sync.protocol import EnrolAsk, PullAsk, PullReply
from sync.register import admin
from sync.register.errors import NotAllowed
from tests.sync.laptop import Laptop
from tests.sync.world import enterprise


def test_the_key_is_made_on_the_laptop_and_the_registers_is_pinned(world):
    ann = world.laptop("ann")
    identity = ann.identity()
    (device,) = admin.devices(world.store, "ann")
    assert device.public_key == signing.public_of(identity.signing_key)
    assert identity.register_key == admin.register_key(world.store)
    assert (identity.actor_id, identity.role) == ("ann", "coach")


def test_the_register_names_the_programme(world):
    world.store.write(lambda tx: tx.people.set_setting("pack", "elsewhere"))
    assert world.laptop("ann").pack_version() == "elsewhere"


def test_a_code_works_once(world):
    code = world.code("ann")
    enrol(Laptop(world.clock), world.line, code, world.clock)
    with pytest.raises(errors.CodeRefused):
        enrol(Laptop(world.clock), world.line, code, world.clock)


def test_a_code_runs_out(world):
    code = world.code("ann")
    world.later(minutes=11)
    with pytest.raises(errors.CodeRefused):
        enrol(Laptop(world.clock), world.line, code, world.clock)


def test_a_code_is_typed_as_people_type(world):
    code = world.code("ann").lower().replace("-", " ")
    assert enrol(Laptop(world.clock), world.line, code, world.clock).actor_id == "ann"


def test_a_laptop_with_receipts_goes_to_another_coach(world):
    """What was sent from it is the first one's to say again, also after a put-back."""
    ann = world.laptop("ann")
    ann.add(enterprise())
    world.settle_down(ann)
    assert enrol(ann, world.line, world.code("ben"), world.clock).actor_id == "ben"
    world.settle_down(ann)
    admin.new_history(world.store)
    assert world.round(ann).recovered == "epoch"
    assert world.round(ann).quiet


def test_a_line_that_breaks_behind_the_code_costs_no_code(world):
    ann = world.laptop("ann")
    ann.add(enterprise())
    world.settle_down(ann)
    before = ann.identity().device_id

    class Breaks:
        url = world.line.url

        def send(self, method, path, headers, body):
            if path == "/v1/hello":
                raise errors.Unreachable
            return world.line.send(method, path, headers, body)

    with pytest.raises(errors.Unreachable):
        enrol(ann, Breaks(), world.code("ann"), world.clock)
    assert ann.identity().device_id != before
    world.settle_down(ann)
    assert world.round(ann).quiet


def test_five_wrong_tries_close_a_code(world):
    code = world.code("ann")
    wrong = code[:5] + "2222-2222-2222"
    for _ in range(5):
        with pytest.raises(errors.CodeRefused):
            enrol(Laptop(world.clock), world.line, wrong, world.clock)
    with pytest.raises(errors.CodeRefused):
        enrol(Laptop(world.clock), world.line, code, world.clock)


def test_the_code_itself_never_travels(world):
    code = world.code("ann")
    sent = []

    class Listening:
        url = world.line.url

        def send(self, method, path, headers, body):
            sent.append(envelope.inflate(body))
            return world.line.send(method, path, headers, body)

    enrol(Laptop(world.clock), Listening(), code, world.clock)
    letters = code.replace("-", "")
    assert all(letters[4:].encode() not in body for body in sent)
    assert all(code[5:].encode() not in body for body in sent)


def test_something_that_does_not_know_the_code_is_not_pinned(world):
    """A machine in the middle answers with a key of its own."""
    other = signing.new_key()
    laptop = Laptop(world.clock)

    class Middle:
        url = world.line.url

        def send(self, method, path, headers, body):
            answer = world.line.send(method, path, headers, body)
            reply = envelope.unpack(answer.body, type_of_reply())
            reply.register_key = signing.public_of(other)
            changed = envelope.pack(reply)
            signature = signing.sign(other, signing.answer_bytes(200, "", changed))
            told = dict(answer.headers) | {signing.SIGNATURE: base64.b64encode(signature).decode()}
            return type(answer)(200, told, changed)

    def type_of_reply():
        from sync.protocol import EnrolReply

        return EnrolReply

    with pytest.raises(errors.NotTheRegister):
        enrol(laptop, Middle(), world.code("ann"), world.clock)
    assert laptop.identity() is None


def test_nobody_unknown_or_gone_gets_a_code(world):
    with pytest.raises(NotAllowed):
        admin.enrol_code(world.store, "nobody", world.clock)
    admin.add_person(world.store, "ann", "Ann", "coach", clock=world.clock, active=False)
    with pytest.raises(NotAllowed):
        admin.enrol_code(world.store, "ann", world.clock)


def test_a_revoked_device_is_told_so_and_gets_nothing(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    world.settle_down()
    (device,) = admin.devices(world.store, "lee")
    admin.revoke(world.store, device.id, world.clock)
    ann.set(case.id, phone="2")
    world.round(ann)
    with pytest.raises(errors.DeviceRevoked, match="closed this laptop's access"):
        world.round(lee)
    assert lee.get(Enterprise, case.id).phone == "01303 000001"
    lee.set(case.id, place="Rye")
    with pytest.raises(errors.DeviceRevoked):
        world.round(lee)
    assert len(lee.unsent(10)) == 1
    assert world.row(case.id).fields["place"] == ""


def test_somebody_who_left_is_out_on_every_device(world):
    lee = world.laptop("lee")
    world.round(lee)
    admin.add_person(world.store, "lee", "Lee", "lead", clock=world.clock, active=False)
    with pytest.raises(errors.DeviceRevoked):
        world.round(lee)


def test_an_unknown_device_is_asked_to_sign_in(world):
    stranger = Laptop(world.clock)
    known = world.laptop("ann").identity()
    stranger.who = type(known)(
        **{n: getattr(known, n) for n in known.__slots__} | {"device_id": "nobody"}
    )
    with pytest.raises(errors.SignInNeeded):
        world.round(stranger)


def test_another_key_does_not_open_a_device(world):
    ann = world.laptop("ann")
    known = ann.identity()
    ann.who = type(known)(
        **{n: getattr(known, n) for n in known.__slots__} | {"signing_key": signing.new_key()}
    )
    with pytest.raises(errors.SignInNeeded):
        world.round(ann)


def test_another_persons_incarnation_cannot_be_used(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    line = Line(world.line, lee.identity(), world.clock)
    from sync.client.wire import Told

    with pytest.raises(Told) as told:
        line.ask("/v1/pull", PullAsk(inc=ann.identity().incarnation), PullReply)
    assert told.value.trouble.trouble == "unknown_incarnation"


def test_a_wrong_clock_is_told_the_time_not_refused(world):
    ann = world.laptop("ann")
    from forms.values import SetClock
    from sync.client.exchange import run_round

    wrong = SetClock(world.clock.now().replace(year=2031))
    assert run_round(ann, world.line, wrong).pulled > 0


def test_enrolling_again_on_a_new_laptop_gets_a_new_incarnation(world):
    one, two = world.laptop("ann"), world.laptop("ann", "second")
    assert one.identity().incarnation != two.identity().incarnation


def test_a_public_key_of_the_wrong_length_is_refused(world):
    locator, key = signing.split_code(world.code("ann"))
    ask = EnrolAsk(
        locator=locator, public_key=b"short", proof=signing.code_proof(key, b"device", b"short")
    )
    answer = world.line.send(
        "POST", "/v1/enrol", {"content-type": envelope.CONTENT_TYPE}, envelope.pack(ask)
    )
    assert answer.status == 401
