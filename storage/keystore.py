"""The operating system's key store: an opt-in convenience beside the passphrase, never instead.

Holds a random wrap key, not the data key. Refuses back ends that keep secrets plain or keep
nothing, and says so in words. Loaded on demand: key stores are slow to import and to wake. A store
that asks the person something and gets no answer is left alone after a minute.
"""

from __future__ import annotations

import os
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from storage.errors import KeyringRefused

_SERVICE = "Hedgerow records"
PATIENCE_SECONDS = 60.0
NO_ANSWER = (
    "This computer's key store did not answer. Nothing was changed. "
    "Your records open with your passphrase or your recovery sheet."
)
_UNSAFE = ("plaintext", "null", "fail", "alt.file", "chainer")


def keep(vault_id: str) -> str:
    """Make a wrap secret, put it in the key store, and return it. Raises KeyringRefused."""
    secret = os.urandom(32).hex()
    _ask("set_password", _SERVICE, vault_id, secret)
    if read(vault_id) != secret:
        raise KeyringRefused
    return secret


def read(vault_id: str) -> str:
    """The wrap secret. Raises KeyringRefused when the store has none or does not answer."""
    found = _ask("get_password", _SERVICE, vault_id)
    if not found:
        raise KeyringRefused
    return str(found)


def forget(vault_id: str) -> None:
    """Take the wrap secret out of the key store."""
    _ask("delete_password", _SERVICE, vault_id)


def _ask(call: str, *arguments: str) -> Any:
    """One question to the key store, on a thread that may be left behind when it blocks."""
    answers: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def work() -> None:
        try:
            answers.put((_asked(call, *arguments), None))
        except Exception as error:  # noqa: BLE001 - the thread border: raised again below
            answers.put((None, error))

    Thread(target=work, name="key-store", daemon=True).start()
    try:
        answer, error = answers.get(timeout=PATIENCE_SECONDS)
    except Empty:
        raise KeyringRefused(NO_ANSWER) from None
    if error is not None:
        raise error
    return answer


def _asked(call: str, *arguments: str) -> Any:
    import keyring
    from keyring.errors import KeyringError

    backend = keyring.get_keyring()
    if not is_safe(backend):
        raise KeyringRefused
    try:
        return getattr(backend, call)(*arguments)
    except KeyringError as error:
        raise KeyringRefused from error


def is_safe(backend: object) -> bool:
    """Whether a back end may be trusted with a wrap key."""
    name = f"{type(backend).__module__}.{type(backend).__qualname__}".lower()
    inner = getattr(backend, "backends", None)
    if inner is not None:  # a chain is as safe as its first link, which is the one that is asked
        first = next(iter(inner), None)
        return first is not None and is_safe(first)
    return not any(word in name for word in _UNSAFE)
