"""Whether this machine knows its own name: an image without /etc/hosts does not."""

from __future__ import annotations

import socket

import pytest


def needs_localhost():
    """Skip where `localhost` leads nowhere."""
    try:
        socket.getaddrinfo("localhost", None)
    except OSError:
        pytest.skip("this machine does not know the name localhost (no /etc/hosts)")  # its own
