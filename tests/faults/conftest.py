"""The vault fixture of the storage tests."""

from tests.storage.conftest import vault

__all__ = ["vault"]
