"""Who can have the sign-off noted is said by name."""

import pytest

from desktop.presenters.people import whom_to_ask
from forms.facts.people import Colleague
from tests.desktop.screens.memory import MemoryVault

LEE = Colleague(id="l", name="Lee Ward", role="lead")
ANN = Colleague(id="a", name="Ann Marsh", role="lead")
GONE = Colleague(id="g", name="Joan Pike", role="lead", active=False)
COACH = Colleague(id="c", name="Robin Aldous", role="coach")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ((), "Ask your project lead to have the sign-off noted."),
        ((COACH, GONE), "Ask your project lead to have the sign-off noted."),
        ((LEE, COACH), "Ask Lee Ward, your project lead, to have the sign-off noted."),
        ((LEE, ANN), "Ask Ann Marsh or Lee Ward, your project leads, to have the sign-off noted."),
    ],
)
def test_the_leads_are_named(people, said):
    assert whom_to_ask(MemoryVault().hold(*people).reader) == said
