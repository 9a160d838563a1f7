"""Through a council's proxy, and one that is in the way: with a real little proxy on loopback."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from desktop.operations.exchange import needs_person
from sync import errors
from sync.client.transport import HttpTransport, proxied
from tests.support.tls import certificate
from tests.sync.conftest import serving
from tests.sync.world import enterprise


class Proxy:
    """Tunnels (CONNECT) and forwards; or refuses everything with one status."""

    def __init__(self, refuses=""):
        self.refuses, self.asked = refuses, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.threads = [threading.Thread(target=self._listen, daemon=True)]
        self.threads[0].start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()

    def _listen(self):
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.threads.append(threading.Thread(target=self._serve, args=(caller,), daemon=True))
            self.threads[-1].start()

    def _serve(self, caller):
        with caller:
            head = b""
            while b"\r\n\r\n" not in head:
                part = caller.recv(65536)
                if not part:
                    return
                head += part
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            self.asked.append((method, target))
            if self.refuses:
                caller.sendall(f"HTTP/1.1 {self.refuses}\r\ncontent-length: 0\r\n\r\n".encode())
                return
            place = urlsplit(f"//{target}" if method == "CONNECT" else target)
            with socket.create_connection((place.hostname, place.port), timeout=20) as line:
                if method == "CONNECT":
                    caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    line.sendall(head.replace(f"{place.scheme}://{place.netloc}".encode(), b"", 1))
                back = threading.Thread(target=_pour, args=(line, caller), daemon=True)
                back.start()
                _pour(caller, line)
                back.join(20)


def _pour(source, target):
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # either end hung up
        return


@contextmanager
def proxy(monkeypatch, refuses=""):
    made = Proxy(refuses)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, made.url)
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def ann(quick):
    ann = quick.laptop("ann")
    ann.add(enterprise())
    return ann


def round_over(world, laptop, url):
    line = HttpTransport(url)
    try:
        return world.round(laptop, line)
    finally:
        line.close()


def test_a_round_goes_by_the_proxy_and_is_sealed_in_it(quick, ann, tmp_path, monkeypatch):
    tls = certificate(tmp_path, "council")
    monkeypatch.setenv("SSL_CERT_FILE", tls[0])
    with serving(quick, tls) as url, proxy(monkeypatch) as seen:
        assert round_over(quick, ann, url).pushed == 1
        assert seen.asked == [("CONNECT", urlsplit(url).netloc)]


def test_an_address_in_clear_goes_by_the_proxy_too(quick, ann, monkeypatch):
    with serving(quick) as url, proxy(monkeypatch) as seen:
        assert round_over(quick, ann, url).pushed == 1
        assert {target for _, target in seen.asked} <= {f"{url}/v1/push", f"{url}/v1/pull"}
        assert seen.asked


def test_what_is_excepted_goes_straight(quick, ann, monkeypatch):
    with serving(quick) as url, proxy(monkeypatch) as seen:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert not proxied(url)
        assert round_over(quick, ann, url).pushed == 1
        assert seen.asked == []


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden"])
def test_a_proxy_that_refuses_a_tunnel_is_said_in_words(quick, ann, monkeypatch, status):
    with proxy(monkeypatch, status), pytest.raises(errors.ProxyInTheWay) as told:
        round_over(quick, ann, "https://127.0.0.1:9")
    assert "ask whoever looks after this computer" in str(told.value)
    assert "Your work is saved here." in str(told.value)
    assert needs_person(told.value) == "A proxy on this network is in the way"
    assert len(ann.unsent(9)) == 1


def test_a_proxy_that_wants_a_password_in_clear_is_said_in_words(quick, ann, monkeypatch):
    with (
        serving(quick) as url,
        proxy(monkeypatch, "407 Proxy Authentication Required"),
        pytest.raises(errors.ProxyInTheWay),
    ):
        round_over(quick, ann, url)


def test_a_proxy_that_is_not_there_is_not_called_a_missing_line(quick, ann, monkeypatch):
    with proxy(monkeypatch) as seen:
        gone = seen.url
    monkeypatch.setenv("HTTP_PROXY", gone)
    monkeypatch.setenv("http_proxy", gone)
    with serving(quick) as url, pytest.raises(errors.ProxyInTheWay):
        round_over(quick, ann, url)


def test_without_a_proxy_no_line_is_no_line(quick, ann, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(quick) as url:
        pass
    with pytest.raises(errors.Unreachable) as told:
        round_over(quick, ann, url)
    assert not isinstance(told.value, errors.ProxyInTheWay)
