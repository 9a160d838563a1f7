"""The vault fixture of the storage tests."""

from tests.storage.conftest import small_reserve, vault

__all__ = ["small_reserve", "vault"]
