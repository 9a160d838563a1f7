"""What most screens' tests begin with: made-up people in memory, and a view that remembers."""

from __future__ import annotations

import pytest

from tests.desktop.screens.desk import BusyLane, FakeView, context
from tests.desktop.screens.people import full_vault


@pytest.fixture
def vault():
    return full_vault()


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def lane():
    return BusyLane()


@pytest.fixture
def built(vault, lane):
    """Builds a page on the vault and has it read; from then on the lane is busy."""

    def build(make, *args):
        here = context(vault)
        here.jobs = lane
        page = make(here, *args)
        lane.catch_up()
        return page

    return build
