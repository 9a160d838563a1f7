"""Consent that was taken back is not brought back by an older word, whichever comes later."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.people import Consent
from forms.rules.gate import live_consent

DAY = date(2022, 3, 1)


def consent(one, given_on, withdrawn_on=None, purpose="listing"):
    def day(after):
        return None if after is None else DAY + timedelta(after)

    return Consent(
        id=one,
        enterprise_id="e",
        purpose=purpose,
        given_on=day(given_on),
        withdrawn_on=day(withdrawn_on),
    )


@pytest.mark.parametrize(
    ("consents", "holds"),
    [
        ([consent("a", 0)], "a"),
        ([consent("a", 0, 5)], None),
        ([consent("a", 0, 5), consent("b", 3)], None),  # b was noted elsewhere, and came later
        ([consent("a", 0, 5), consent("b", 7)], "b"),  # they agreed again
        ([consent("a", 0, 5), consent("b", 5)], "b"),  # on the same day
        ([consent("a", 0, 20), consent("b", 3)], "b"),  # not taken back yet
        ([consent("a", 0, 5, purpose="photo"), consent("b", 3)], "b"),
        ([consent("a", None, 5), consent("b", 3)], "b"),  # it was never given
    ],
)
def test_who_takes_it_back_ends_what_they_gave_before(consents, holds):
    for some in permutations(consents):
        found = live_consent(some, "listing", DAY + timedelta(10))
        assert (found.id if found else None) == holds


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=5))
def test_nothing_given_before_the_last_taking_back_holds(told):
    some = [consent(str(n), given_on, ended) for n, (given_on, ended) in enumerate(told)]
    found = live_consent(some, "listing", DAY + timedelta(5))
    ends = [each.withdrawn_on for each in some if each.withdrawn_on is not None]
    past = [day for day in ends if day <= DAY + timedelta(5)]
    assert found is None or all(found.given_on >= day for day in past)
