"""Hotels, broken proxies, sick servers: the right words, and nothing lost or believed."""

from __future__ import annotations

import gzip

import httpx2
import pytest
import zstandard

from forms.facts.people import Enterprise
from sync import envelope, errors, signing
from sync.client.transport import Answer, HttpTransport
from sync.client.wire import Line, Told
from sync.columns import receipt_bytes
from sync.protocol import PullReply, PushReply, Trouble
from sync.register import limits
from tests.sync.world import enterprise

OURS = {"content-type": envelope.CONTENT_TYPE}
PORTAL = b"<!DOCTYPE html><html><body>Welcome to TrainWiFi. Please accept the terms.</body></html>"


def over(handler):
    return HttpTransport("http://register.invalid", over=httpx2.MockTransport(handler))


def answering(status, body=b"", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request: httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body))


def bomb(squeeze):
    return squeeze(b'{"epoch":"' + b"x" * (80 << 20) + b'"}')


def failing(error):
    def handler(request):
        raise error("no", request=request)

    return handler


DAYS = {
    # name: (what answers, the fault, words that must be in it)
    "a hotel's page": (
        answering(200, PORTAL, content_type="text/html"),
        errors.CaptivePortal,
        "This Wi-Fi wants you to log in on its own page first. Your work is saved here.",
    ),
    "a hotel's page that calls itself ours": (
        answering(200, PORTAL, **{"content-type": envelope.CONTENT_TYPE}),
        errors.CaptivePortal,
        "This Wi-Fi",
    ),
    "a hotel's redirect": (
        answering(302, location="http://login.wifi.invalid/"),
        errors.CaptivePortal,
        "This Wi-Fi",
    ),
    "a network that wants a log-in": (
        answering(511, PORTAL, content_type="text/html"), errors.CaptivePortal, "This Wi-Fi",
    ),
    "500": (
        answering(500, b"<h1>Internal Server Error</h1>", content_type="text/html"),
        errors.RegisterDown,
        "The council register is not answering. Your work is saved here.",
    ),
    "503 with a wish": (
        answering(503, b"", retry_after="120"), errors.RegisterDown, "is not answering",
    ),
    "502 from a proxy": (answering(502, b"bad gateway"), errors.RegisterDown, "not answering"),
    "504 from a proxy": (
        answering(504, b"<html>Gateway Time-out</html>", content_type="text/html"),
        errors.RegisterDown,
        "not answering",
    ),
    "moved for good": (
        answering(308, location="https://elsewhere.invalid/"), errors.CaptivePortal, "This Wi-Fi",
    ),
    "a proxy that takes less": (answering(413, b"too large"), errors.Slow, "very slow"),
    "a language nobody asked for": (
        answering(200, b"\x8b\x02\x80{}\x03", content_encoding="br", **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "the council's front page": (
        answering(200, b"\n <!doctype html><title>A council</title>", **OURS),
        errors.CaptivePortal,
        "This Wi-Fi",
    ),
    "a signature that is no signature": (
        answering(200, envelope.pack(PushReply(inc=1, epoch="e")), **OURS, hedgerow_signature="%%"),
        errors.NotTheRegister,
        "Something other than",
    ),
    "a number nobody has heard of": (
        answering(599, b""), errors.NotTheRegister, "Something other than",
    ),
    "too many requests": (answering(429), errors.RegisterDown, "not answering"),
    "nothing": (answering(200, b""), errors.NotTheRegister, "Something other than"),
    "no content": (answering(204), errors.NotTheRegister, "Something other than"),
    "garbage": (answering(200, b"\x00\xff" * 500, **OURS), errors.NotTheRegister, "Something"),
    "another program's JSON": (
        answering(200, b'{"ok":true}', content_type="application/json"),
        errors.NotTheRegister,
        "nothing counts as sent",
    ),
    "an answer in our own words, not signed": (
        answering(200, envelope.pack(PushReply(inc=1, epoch="e")), **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "somebody says that this laptop is closed": (
        answering(403, envelope.pack(Trouble(trouble="revoked")), **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "a page that is not there": (answering(404, b"not found"), errors.NotTheRegister, "other than"),
    "a zstd bomb": (
        answering(200, bomb(zstandard.ZstdCompressor().compress), **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "a gzip bomb": (
        answering(200, bomb(gzip.compress), content_encoding="gzip", **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "an answer that does not end": (
        answering(200, b"x" * (envelope.MAX_BODY + 1), **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "no line": (failing(httpx2.ConnectError), errors.Unreachable, "There is no line"),
    "the line breaks": (failing(httpx2.ReadError), errors.Unreachable, "There is no line"),
    "a proxy that refuses": (failing(httpx2.ProxyError), errors.ProxyInTheWay, "through a proxy"),
    "half an answer": (failing(httpx2.RemoteProtocolError), errors.Unreachable, "There is no line"),
    "a proxy that wants a name": (
        answering(407, b"<h1>Proxy</h1>", content_type="text/html"),
        errors.ProxyInTheWay,
        "go through a proxy",
    ),
    "an answer of wrong types": (
        answering(200, b'{"epoch":7,"seq":"many","chain":null,"now":1}', **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "lists in lists": (
        answering(200, b"[" * 100_000, **OURS), errors.NotTheRegister, "Something other than",
    ),
    "a refusal that nobody signed": (
        answering(401, envelope.pack(Trouble(trouble="unknown_device")), **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "a conflict that nobody signed": (
        answering(409, envelope.pack(Trouble(trouble="forked", last=0)), **OURS),
        errors.NotTheRegister,
        "Something other than",
    ),
    "it takes too long": (failing(httpx2.ReadTimeout), errors.Slow, "very slow"),
}  # fmt: skip
BANNED = ("sorry", "please", "invalid", "error", "sync", "oops", "forbidden")


@pytest.mark.parametrize("day", DAYS)
def test_a_bad_day(quick, day):
    handler, fault, words = DAYS[day]
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    quick.round(ann)
    ann.set(case.id, phone="2")
    before, mark, kept = ann.unsent(10), ann.bookmark(), len(ann.signed)
    with pytest.raises(fault) as caught:
        quick.round(ann, over(handler))
    assert type(caught.value) is fault
    assert words in str(caught.value)
    assert not any(word in str(caught.value).lower() for word in BANNED)
    assert (ann.unsent(10), ann.bookmark(), len(ann.signed)) == (before, mark, kept)
    assert ann.get(Enterprise, case.id).phone == "2"
    quick.settle_down()
    assert quick.row(case.id).fields["phone"] == "2"


def test_the_registers_wish_to_wait_is_passed_on(quick):
    ann = quick.laptop("ann")
    with pytest.raises(errors.RegisterDown) as caught:
        quick.round(ann, over(answering(503, b"", retry_after="120")))
    assert caught.value.retry_after == 120


class Through:
    """A line to the real register on which something happens."""

    def __init__(self, world, change):
        self.url, self.world, self.change, self.calls = world.line.url, world, change, 0

    def send(self, method, path, headers, body):
        answer = self.world.line.send(method, path, headers, body)
        self.calls += 1
        return self.change(self, path, answer)


def test_the_true_answer_cut_at_any_byte_is_not_used(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    quick.round(ann)
    whole = {}

    def keep(_line, path, answer):
        whole[path] = answer
        return answer

    ann.set(case.id, phone="2")
    quick.round(ann, Through(quick, keep))
    assert list(whole) == ["/v1/push"], "the page came with the receipt"
    quick.round(ann, Through(quick, keep))
    length = len(whole["/v1/pull"].body)
    mark = ann.bookmark()
    for end in range(0, length, 7):

        def cut(_line, _path, answer, end=end):
            return Answer(answer.status, answer.headers, answer.body[: end % len(answer.body)])

        line = Through(quick, cut)
        with pytest.raises(errors.NotTheRegister):
            quick.round(ann, line)
        assert ann.bookmark() == mark


def test_a_changed_byte_is_noticed(quick):
    ann = quick.laptop("ann")

    def flip(_line, _path, answer):
        body = bytearray(answer.body)
        body[len(body) // 2] ^= 1
        return Answer(answer.status, answer.headers, bytes(body))

    with pytest.raises(errors.NotTheRegister):
        quick.round(ann, Through(quick, flip))


def test_yesterdays_answer_to_another_question_is_not_believed(quick):
    ann = quick.laptop("ann")
    old = []

    def record(_line, _path, answer):
        old.append(answer)
        return answer

    quick.round(ann, Through(quick, record))
    with pytest.raises(errors.NotTheRegister):
        quick.round(ann, Through(quick, lambda *_: old[0]))


def test_a_proxy_may_take_the_squeezing_off_but_then_the_seal_is_broken(quick):
    ann = quick.laptop("ann")

    def plain(_line, _path, answer):
        return Answer(answer.status, answer.headers, envelope.inflate(answer.body))

    with pytest.raises(errors.NotTheRegister):
        quick.round(ann, Through(quick, plain))


def test_a_receipt_for_other_ops_is_not_taken(quick):
    """The register's own key, but a receipt that does not name what was sent."""
    ann = quick.laptop("ann")
    ann.add(enterprise())
    from sync.register import admin

    key = admin.signing_key(quick.store)

    class Odd:
        url = quick.line.url

        def send(self, _method, path, headers, _body):
            reply = PushReply(inc=ann.identity().incarnation, epoch="e", acks=[])
            receipt = receipt_bytes(reply.inc, reply.epoch, reply.acks)
            reply.signature = signing.sign(key, receipt)
            body = envelope.pack(reply)
            import base64

            asked = headers[signing.SIGNATURE]
            seal = signing.sign(key, signing.answer_bytes(200, asked, body))
            return Answer(200, {signing.SIGNATURE: base64.b64encode(seal).decode()}, body)

    with pytest.raises(errors.NotTheRegister):
        quick.round(ann, Odd())
    assert len(ann.unsent(10)) == 1


def test_a_batch_too_large_for_the_way_is_halved_until_it_goes(quick):
    ann = quick.laptop("ann")
    for _ in range(40):
        ann.add(enterprise())
    sizes = []

    class Narrow:
        url = quick.line.url

        def send(self, method, path, headers, body):
            if path == "/v1/push" and len(body) > 2500:
                sizes.append(len(body))
                return Answer(413, {"content-type": "text/html"}, b"<h1>Too large</h1>")
            return quick.line.send(method, path, headers, body)

    report = quick.round(ann, Narrow())
    assert report.pushed == 40
    assert sizes == sorted(sizes, reverse=True)
    assert ann.unsent(1) == []


def test_a_slow_line_gets_smaller_batches(quick):
    ann = quick.laptop("ann")
    for _ in range(8):
        ann.add(enterprise())
    tries = []

    class Slow:
        url = quick.line.url

        def send(self, method, path, headers, body):
            tries.append(path)
            if tries.count("/v1/push") in (1, 2) and path == "/v1/push":
                raise errors.Slow
            return quick.line.send(method, path, headers, body)

    assert quick.round(ann, Slow()).pushed == 8


def test_our_own_500_is_signed_logged_without_data_and_said_in_words(quick, monkeypatch):
    monkeypatch.setattr(limits, "drawn", lambda _limits: False)  # or counting meets the fault too
    ann = quick.laptop("ann")
    ann.add(enterprise(name="Marlene Okafor-Dunn"))
    real, quick.store.write = quick.store.write, lambda _work: 1 / 0
    with pytest.raises(errors.RegisterDown, match="is not answering"):
        quick.round(ann)
    quick.store.write = real
    quick.expected_faults = list(quick.faults.seen)
    assert quick.faults.seen[0].startswith("ZeroDivisionError ")
    assert "Marlene" not in quick.faults.seen[0]
    assert quick.round(ann).pushed == 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("POST", "/v1/push", {"content-type": "application/json"}, b"{}", 415),
        ("POST", "/v1/push", OURS, b"garbage", 401),
        ("POST", "/v1/push", OURS, b"x" * (3 << 20), 413),
        ("POST", "/v1/pull", OURS, envelope.pack(Trouble(trouble="x")), 401),
        ("POST", "/v1/pull", OURS, b'{"inc":1}', 401),
        ("POST", "/v1/decide", OURS, b"[" * 50_000, 401),
        ("POST", "/v1/enrol", OURS, b"{}", 400),
        ("GET", "/v1/push", {}, b"", 405),
        ("POST", "/v1/nothing", {}, b"", 404),
        ("GET", "/v1/blob/abc?for=x&start=-1", OURS, b"", 401),
        ("GET", "/health", {}, b"", 200),
        ("GET", "/ready", {}, b"", 200),
    ],
)
def test_the_register_answers_nonsense_calmly(quick, method, path, headers, body, status):
    assert quick.line.send(method, path, headers, body).status == status


def test_a_bomb_sent_to_the_register_is_not_inflated(quick):
    body = bomb(zstandard.ZstdCompressor().compress)
    assert quick.line.send("POST", "/v1/pull", OURS, body).status == 401
    line = Line(quick.line, quick.laptop("ann").identity(), quick.clock)
    with pytest.raises(Told) as told:
        line.raw("POST", "/v1/pull", body)
    assert told.value.status == 400


def test_words_of_every_fault_are_plain():
    faults = [errors.SyncError]
    while faults:
        fault = faults.pop()
        faults += fault.__subclasses__()
        assert fault.words[0].isupper()
        assert fault.words.endswith(".")
        assert not any(word in fault.words.lower() for word in BANNED), fault


def test_a_page_of_the_register_is_read_whole(quick):
    reply = envelope.pack(PullReply(epoch="e", seq=1, chain="c", now=quick.clock.now()))
    assert envelope.unpack(reply, PullReply).seq == 1


def test_a_line_that_was_hung_up_says_so(quick):
    ann = quick.laptop("ann")
    line = over(answering(200))
    line.close()
    with pytest.raises(errors.Unreachable):
        quick.round(ann, line)
