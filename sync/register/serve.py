"""Run a register on this machine with uvicorn: loopback unless somebody says otherwise."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Mapping

import uvicorn

from forms.rules.pack import Pack
from forms.rules.pack_file import load_pack, pack_names
from forms.values import Clock, SystemClock
from sync.register import admin
from sync.register.app import create_app
from sync.register.limits import Limits
from sync.register.store import RegisterStore, open_store

_OURS = ("method", "route", "status", "bytes", "ms", "device", "fault")


class OneLine(logging.Formatter):
    """A log line as one JSON object of known fields; nothing else can slip in."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {"at": self.formatTime(record), "what": record.msg}
        line |= {name: getattr(record, name) for name in _OURS if hasattr(record, name)}
        return json.dumps(line)


def make_server(
    store: RegisterStore,
    packs: Mapping[str, Pack],
    host: str,
    port: int,
    clock: Clock | None = None,
    tls: tuple[str, str] | None = None,
) -> uvicorn.Server:
    """A server over an open store, ready to run; `server.should_exit = True` stops it."""
    admin.init(store)
    config = uvicorn.Config(
        create_app(store, clock or SystemClock(), packs, admin.signing_key(store)),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        limit_concurrency=200,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=(tls[1] or None) if tls else None,
    )
    return uvicorn.Server(config)


def serve(
    url: str,
    host: str = "127.0.0.1",
    port: int = 8640,
    packs: Mapping[str, Pack] | None = None,
    tls: tuple[str, str] | None = None,
) -> None:
    """Serve until stopped."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.getLogger("hedgerow.register").addHandler(handler)
    logging.getLogger("hedgerow.register").setLevel(logging.INFO)
    store = open_store(url, query_seconds=Limits().query_seconds)
    steady_memory()
    try:
        make_server(store, packs or _shipped(), host, port, tls=tls).run()
    finally:
        store.close()


def steady_memory() -> None:
    """What was loaded at the start stays, and the collector does not walk it at every batch.

    A batch of 2,000 ops makes some hundred thousand small objects, none of them in a circle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _shipped() -> dict[str, Pack]:
    return {name: load_pack(name) for name in pack_names()}
