"""The vault: what is kept, encrypted, on this laptop. The only SQL on the client.

Start at `storage.vault.Vault`; known troubles are in `storage.errors`. Refuses to hand out rows:
records are frozen facts. Importing this package loads no cipher.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.vault import Vault

__all__ = ["Vault"]


def __getattr__(name: str) -> Any:
    """The vault when it is asked for: `storage.lock` is needed before the first paint."""
    if name == "Vault":
        from storage.vault import Vault

        return Vault
    raise AttributeError(f"storage has no {name}")
