"""What most screens' tests begin with: made-up people in memory, and a view that remembers."""

from __future__ import annotations

import pytest

from tests.desktop.screens.desk import FakeView
from tests.desktop.screens.people import full_vault


@pytest.fixture
def vault():
    return full_vault()


@pytest.fixture
def view():
    return FakeView()
