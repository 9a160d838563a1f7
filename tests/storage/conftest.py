"""A vault of its own for every test, closed whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import reserve
from storage.vault import Vault
from tests.storage.register_pages import IDENTITY, page, state_of
from tests.storage.samples import NOON, new_vault


@pytest.fixture(autouse=True)
def small_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test folders stay for a while; they need not each hold 32 MB."""
    monkeypatch.setattr(reserve, "BYTES", 64 * 1024)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = new_vault(tmp_path / "vault")
    yield opened
    opened.close()


@pytest.fixture
def enrolled(vault: Vault) -> Vault:
    vault.exchange.adopt(IDENTITY)
    return vault


@pytest.fixture
def shared(enrolled: Vault) -> Enterprise:
    """An enterprise that laptop and register agree on."""
    record = Enterprise(id=new_id(), name="Mary's", phone="01", place="Ashwick")
    enrolled.exchange.absorb(page(state_of(record)), NOON)
    return record
