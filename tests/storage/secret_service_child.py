"""What a vault does with a real Secret Service, in a process of its own inside a session bus.

`python -m tests.storage.secret_service_child FOLDER` prints one JSON object of what was seen.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import keyring

from storage import keystore
from storage.errors import KeyringRefused, WrongPassphrase
from storage.vault import Vault
from tests.storage.samples import PASSPHRASE, TINY, reopen


def main(folder: Path) -> dict[str, object]:
    """Opt in, open by it, lose it, opt out: each as the person would see it."""
    seen: dict[str, object] = {"backend": type(keyring.get_keyring()).__module__}
    keystore.PATIENCE_SECONDS = 20.0
    vault, _ = Vault.create(folder, passphrase=PASSPHRASE, cost=TINY)
    started = time.monotonic()
    try:
        vault.access.use_keyring()
    except KeyringRefused as fault:
        return seen | {"refused": str(fault), "seconds": time.monotonic() - started,
                       "ways": vault.access.ways()} | _still_opens(vault, folder)  # fmt: skip
    key, vault_id = vault._key.raw.hex(), vault.vault_id
    vault.close()
    kept = keyring.get_password("Hedgerow records", vault_id) or ""
    seen |= {"kept": len(kept), "is_the_key": kept == key, "in_json": kept in _json(folder)}
    with reopen(folder, keyring=True) as again:
        seen["opened"] = again.is_open
    keyring.set_password("Hedgerow records", vault_id, "0" * 64)
    seen["changed"] = _fault(folder)
    keyring.delete_password("Hedgerow records", vault_id)
    seen["gone"] = _fault(folder)
    with reopen(folder) as again:
        again.access.use_keyring()
    with reopen(folder, keyring=True) as again:
        again.access.stop_keyring()
        seen["ways"] = again.access.ways()
    seen["forgotten"] = keyring.get_password("Hedgerow records", vault_id) is None
    return seen


def _still_opens(vault: Vault, folder: Path) -> dict[str, object]:
    vault.close()
    with reopen(folder) as again:
        return {"opened": again.is_open}


def _fault(folder: Path) -> str:
    try:
        reopen(folder, keyring=True).close()
    except (KeyringRefused, WrongPassphrase) as fault:
        return type(fault).__name__
    return "opened"


def _json(folder: Path) -> str:
    return (folder / "vault.json").read_text(encoding="utf-8")


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
