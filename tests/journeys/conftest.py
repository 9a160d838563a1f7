"""The whole journey, played once for every test that only looks at it."""

import pytest

from tests.support.story import Story, played


@pytest.fixture(scope="session")
def whole():
    """All twelve cases to the end. Tests look; they do not touch."""
    with played() as story:
        yield story


@pytest.fixture
def lead(whole) -> Story:
    """What the lead's own vault knows at the end."""
    return whole


@pytest.fixture
def coach(whole) -> Story:
    """What the coach's first laptop knows at the end."""
    return whole.on("coach")
