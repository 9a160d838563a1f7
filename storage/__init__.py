"""The vault: what is kept, encrypted, on this laptop. The only SQL on the client.

Start at `storage.vault.Vault`; known troubles are in `storage.errors`. Refuses to hand out rows:
records are frozen facts. Importing this package loads neither mapper nor cipher.
"""

from storage.vault import Vault

__all__ = ["Vault"]
