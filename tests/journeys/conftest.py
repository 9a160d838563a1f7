"""The whole journey, played once for every test that only looks at it."""

from pathlib import Path

import pytest

from tests.support.story import Story, played


@pytest.fixture(scope="session")
def whole():
    """All twelve cases to the end. Tests look; they do not touch."""
    with played() as story:
        yield story


@pytest.fixture
def lead(whole: Story) -> Story:
    """What the lead's own vault knows at the end."""
    return whole


@pytest.fixture
def coach(whole: Story) -> Story:
    """What the coach's first laptop knows at the end."""
    return whole.on("coach")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first waits for the whole journey: leave it time on a slow machine."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.timeout(900))
