"""Whose certificate counts, and no TLS older than 1.2, whoever built the interpreter.

Python sets the latter by itself only where it was built to; a distribution's may leave it to the
system's settings, which may be anybody's.
"""

from __future__ import annotations

import ssl
from typing import TypeVar

import truststore

Context = TypeVar("Context", bound=ssl.SSLContext)


def modern(context: Context) -> Context:
    """The same context, which speaks TLS 1.2 at the least."""
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def trust() -> ssl.SSLContext:
    """The machine's own trust store, so a council's TLS inspection works; never no checking."""
    return modern(truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
