"""How a records file is enciphered: page size and the seal on each page. Named in vault.json.

A new vault gets `NOW`; an older one opens with what its vault.json names, or with `FIRST` where it
names nothing, and is moved by writing a new file, proving it and swapping. Refuses a cipher without
a seal, and any that this version does not know. Why these: docs/decisions/0011.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_PAGES = (4096, 8192, 16384)
_SEALS = ("HMAC_SHA256", "HMAC_SHA512")


@dataclass(frozen=True, slots=True)
class Cipher:
    """Bytes of a page; the seal as SQLCipher calls it. Raises ValueError for any other."""

    page: int
    seal: str

    def __post_init__(self) -> None:
        if self.page not in _PAGES or self.seal not in _SEALS:
            raise ValueError("not a cipher of this program")

    def pragmas(self) -> tuple[str, ...]:
        """What to say right after the key."""
        return (
            f"PRAGMA cipher_page_size = {self.page:d}",
            f"PRAGMA cipher_hmac_algorithm = {self.seal}",
        )

    def defaults(self) -> tuple[str, ...]:
        """The same for files that the driver opens by itself: VACUUM INTO, ATTACH.

        They hold for the whole process until they are said again, so they are said each time.
        """
        return (
            f"PRAGMA cipher_default_page_size = {self.page:d}",
            f"PRAGMA cipher_default_hmac_algorithm = {self.seal}",
        )


FIRST = Cipher(4096, "HMAC_SHA512")  # every vault before vault.json named its cipher
NOW = Cipher(4096, "HMAC_SHA256")


def to_json(cipher: Cipher) -> dict[str, Any]:
    """As vault.json names it."""
    return {"page": cipher.page, "seal": cipher.seal}


def from_json(body: Any) -> Cipher:
    """As vault.json names it; none named is the first. Raises ValueError, KeyError, TypeError."""
    return Cipher(int(body["page"]), str(body["seal"])) if body else FIRST
