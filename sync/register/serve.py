"""Run a register on this machine with uvicorn: loopback unless somebody says otherwise.

Refuses to start with a certificate that cannot work, and to believe where a request says it came
from unless a proxy that was named says so.
"""

from __future__ import annotations

import gc
import signal
import ssl
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import uvicorn
from cryptography import x509

from forms.rules.pack import Pack
from forms.rules.pack_file import load_pack, pack_names
from forms.values import Clock, SystemClock
from sync.register import admin, journal, log
from sync.register.app import create_app
from sync.register.errors import NotServed
from sync.register.limits import Limits
from sync.register.patience import Networks, patient
from sync.register.store import RegisterStore, open_store
from sync.tls import modern

ENDS = 20  # seconds for what is under way when the register is told to stop; systemd gives 30
SOON = 30  # days


def make_server(
    store: RegisterStore,
    packs: Mapping[str, Pack],
    host: str,
    port: int,
    clock: Clock | None = None,
    tls: tuple[str, str] | None = None,
    *,
    proxies: tuple[str, ...] = (),
    erased: Path | None = None,
) -> uvicorn.Server:
    """A server over an open store, ready to run; `server.should_exit = True` stops it.

    `proxies`: addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
    `erased`: where the list of whom it erases is kept, outside its database. Raises NotServed.
    """
    named = proxies_of(proxies)
    admin.init(store)
    config = uvicorn.Config(
        create_app(store, clock or SystemClock(), packs, admin.signing_key(store), erased=erased),
        host=host,
        port=port,
        http=patient(named),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=30,
        timeout_graceful_shutdown=ENDS,
        limit_concurrency=500,  # of five networks that hold all the lines they may
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=(tls[1] or None) if tls else None,
        ssl_context_factory=(lambda _config, made: modern(made())) if tls else None,
    )
    return uvicorn.Server(config)


def serve(
    url: str,
    host: str = "127.0.0.1",
    port: int = 8640,
    packs: Mapping[str, Pack] | None = None,
    tls: tuple[str, str] | None = None,
    proxies: tuple[str, ...] = (),
    erased: str = "",
) -> None:
    """Serve until stopped; `erased` as in `make_server`. Raises NotServed, OSError."""
    log.begin()
    if tls is not None:
        left = certificate_days(tls, SystemClock().now())
        if left < SOON:
            log.log.warning("the certificate runs out", extra={"days": left})
    store = open_store(url, query_seconds=Limits().query_seconds, new=False)
    steady_memory()
    _end_by_signal()
    try:
        beside = Path(erased) if erased else journal.beside_database(url)
        server = make_server(
            store, packs or _shipped(), host, port, tls=tls, proxies=proxies, erased=beside
        )
        if beside is not None:  # an end between a decision and its line leaves it to this start
            journal.keep_or_log(store, beside)
        log.log.info("started", extra={"port": port})
        server.run()
    finally:
        store.close()
        log.log.info("stopped", extra={"port": port})


def _end_by_signal() -> None:
    """Being told to stop is an end like another: 0, with everything closed.

    The server finishes what is under way and then sends itself the same signal once more.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def proxies_of(named: tuple[str, ...]) -> Networks:
    """Who may say where a request came from. Raises NotServed."""
    try:
        return Networks(named)
    except ValueError as error:
        raise NotServed(
            f"--proxy takes the address of a proxy or a network, such as 127.0.0.1 or 10.0.0.0/24 "
            f"({error}). Nothing was started."
        ) from error


def certificate_days(tls: tuple[str, str], now: datetime) -> int:
    """Days until the certificate runs out, negative when it has. Raises NotServed, OSError."""
    certificate, key = tls
    if not certificate:
        raise NotServed(
            "--tls-key was given without --tls-cert. The register would answer unencrypted, so it "
            "was not started."
        )
    text = Path(certificate).read_bytes()
    if key:
        Path(key).read_bytes()  # a file that is not there is named
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            certificate, key or None, password=_no_password
        )
        first = x509.load_pem_x509_certificates(text)[0]
    except (ssl.SSLError, ValueError) as error:
        raise NotServed(
            "The certificate and the key cannot be used: they have to be PEM and to fit together, "
            "the key without a password. The register was not started."
        ) from error
    return (first.not_valid_after_utc - now).days


def _no_password() -> str:
    raise ValueError("the key has a password")


def steady_memory() -> None:
    """What was loaded at the start stays, and the collector does not walk it at every batch.

    A batch of 2,000 ops makes some hundred thousand small objects, none of them in a circle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _shipped() -> dict[str, Pack]:
    return {name: load_pack(name) for name in pack_names()}
