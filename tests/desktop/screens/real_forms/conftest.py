"""A real vault with one enterprise, and the workbooks checked once."""

from __future__ import annotations

import pytest

from desktop.operations import form_publishing as publishing
from forms.values import SetClock
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.screens.desk import COACH
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import mary
from tests.desktop.screens.real_forms.world import BOOK, LISTED, NEXT, WORDS


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(
        tmp_path / "vault", passphrase=WORDS, clock=SetClock(NOON), cost=Cost(memory=8, passes=1)
    )
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(mary())
    yield made
    made.close()


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The workbooks, checked once in the worker process."""
    folder = tmp_path_factory.mktemp("books")
    found = {}
    for name, text in (("one", BOOK), ("two", NEXT), ("listed", LISTED)):
        path = folder / f"{name}.md"
        path.write_text(text, "utf-8")
        found[name] = publishing.read_file(path)
        assert found[name].xform, found[name].problems
    return found
