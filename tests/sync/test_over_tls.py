"""The register over real TLS on loopback: who is refused, in which words; and what the log says."""

from __future__ import annotations

import json
import logging

import pytest

from forms.facts.people import Enterprise
from sync import envelope, errors
from sync.client.enrol import enrol
from sync.client.transport import HttpTransport
from sync.client.wire import Line, Told
from sync.protocol import PullAsk, PullReply, PushAsk, PushReply, WireOp
from sync.register import admin, limits
from sync.register.log import OneLine
from tests.support.tls import certificate
from tests.sync.conftest import serving
from tests.sync.laptop import Laptop
from tests.sync.world import REGISTER_LOG, enterprise, leader


@pytest.fixture
def secure(quick, tmp_path, monkeypatch):
    """A register with a certificate that this computer trusts; the line to it."""
    tls = certificate(tmp_path, "council")
    monkeypatch.setenv("SSL_CERT_FILE", tls[0])
    with serving(quick, tls) as url:
        quick.secure = HttpTransport(url)
        yield quick
        quick.secure.close()


def test_work_goes_over_tls(secure):
    ann = Laptop(secure.clock)
    enrol(ann, secure.secure, secure.code("ann"), secure.clock)
    case = ann.add(enterprise())
    assert secure.round(ann, secure.secure).pushed == 1
    assert secure.row(case.id).fields["name"] == ann.get(Enterprise, case.id).name


def test_a_certificate_of_somebody_else_is_refused_before_a_byte_is_sent(
    quick, tmp_path, monkeypatch
):
    trusted, _ = certificate(tmp_path, "council")
    monkeypatch.setenv("SSL_CERT_FILE", trusted)
    ann = quick.laptop("ann")
    ann.add(enterprise())
    with serving(quick, certificate(tmp_path, "stranger")) as url:
        line = HttpTransport(url)
        with pytest.raises(errors.CertificateNotTrusted, match="Your work is saved here"):
            quick.round(ann, line)
        line.close()
    assert len(ann.unsent(10)) == 1


def test_no_signature_is_a_stranger(secure):
    headers = {"content-type": envelope.CONTENT_TYPE}
    body = envelope.pack(PullAsk(inc=1))
    answer = secure.secure.send("POST", "/v1/pull", headers, body)
    assert answer.status == 401
    stranger = Laptop(secure.clock)
    known = secure.laptop("ann").identity()
    stranger.who = type(known)(
        **{n: getattr(known, n) for n in known.__slots__} | {"device_id": "nobody"}
    )
    with pytest.raises(errors.SignInNeeded, match="You can keep working"):
        secure.round(stranger, secure.secure)


def test_a_closed_laptop_is_told_so_and_keeps_its_work(secure):
    ann = secure.laptop("ann")
    ann.add(enterprise())
    admin.revoke(secure.store, ann.identity().device_id, secure.clock)
    with pytest.raises(errors.DeviceRevoked, match="Unsent changes are being kept safe"):
        secure.round(ann, secure.secure)
    assert len(ann.unsent(10)) == 1


def test_another_coachs_record_is_refused_in_words(secure):
    ann, ben = secure.laptop("ann"), secure.laptop("ben")
    case = ann.add(enterprise())
    secure.round(ann, secure.secure)
    secure.round(ben, secure.secure)
    assert ben.get(Enterprise, case.id) is None
    line = Line(secure.secure, ben.identity(), secure.clock)
    op = WireOp(
        seq=1, hlc=1, actor="ben", verb="set", kind="enterprise", record=case.id,
        fields={"phone": "0"}, base={},
    )  # fmt: skip
    ask = PushAsk(inc=ben.identity().incarnation, ops=[op])
    (ack,) = line.ask("/v1/push", ask, PushReply).acks
    assert ack.result.startswith(("refused:NOT_YOUR_CASE", "held:"))
    assert ack.words
    assert secure.row(case.id).fields["phone"] == "01303 000001"
    with pytest.raises(Told):
        line.ask("/v1/pull", PullAsk(inc=ann.identity().incarnation), PullReply)


CANARIES = (
    "Zebedee Quillfeather", "07700 900123", "zeb@example.org", "Crab Lane Cottage",
    "Her sister is ill", "Mary Fenn", "Ann Marsh",
)  # fmt: skip


def test_no_word_of_anybody_is_in_the_log(secure, monkeypatch):
    """All that a day brings, well-formed and not; then every line is searched."""
    monkeypatch.setattr(limits, "drawn", lambda _limits: False)  # or counting meets the fault too
    lines = []

    class Keeping(logging.Handler):
        def emit(self, record):
            lines.append(OneLine().format(record))

    handler = Keeping()
    REGISTER_LOG.addHandler(handler)
    level = REGISTER_LOG.level
    REGISTER_LOG.setLevel(logging.DEBUG)
    try:
        ann = Laptop(secure.clock)
        enrol(ann, secure.secure, secure.code("ann"), secure.clock, label="Ann Marsh's laptop")
        case = ann.add(
            enterprise(name=CANARIES[0], phone=CANARIES[1], email=CANARIES[2], place=CANARIES[3])
        )
        ann.add(leader(case, private_note=CANARIES[4]))
        secure.round(ann, secure.secure)
        headers = {"content-type": envelope.CONTENT_TYPE, "hedgerow-device": "Mary Fenn"}
        for body in (b'{"name":"Mary Fenn"', b"Zebedee Quillfeather", b"\x28\xb5\x2f\xfdMary Fenn"):
            secure.secure.send("POST", "/v1/push", headers, body)
        secure.secure.send("GET", "/directory?words=Mary%20Fenn", {}, b"")
        secure.secure.send("GET", "/v1/blob/Mary%20Fenn?for=Zebedee%20Quillfeather", headers, b"")
        real, secure.store.write = secure.store.write, lambda _: fail(CANARIES[0])
        ann.set(case.id, phone="1")
        with pytest.raises(errors.RegisterDown):
            secure.round(ann, secure.secure)
        secure.store.write = real
        secure.expected_faults = list(secure.faults.seen)
    finally:
        REGISTER_LOG.removeHandler(handler)
        REGISTER_LOG.setLevel(level)
    text = "\n".join(lines)
    assert len(lines) > 6
    assert [word for word in CANARIES if word in text] == []
    assert all(set(json.loads(line)) <= ALLOWED for line in lines)


ALLOWED = {"at", "what", "method", "route", "status", "bytes", "ms", "device", "fault"}


def fail(words):
    raise RuntimeError(words)
