"""What decides of the words that somebody typed into the directory's search."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules.directory_search import Wanted, asked_for, find
from forms.rules.listing import PublicEntry
from tests.forms.rules.making import CAMBS


@pytest.mark.parametrize(
    ("typed", "decides"),
    [
        ("Somebody who sits with my mother on Tuesdays in Ely", ("sits", "tuesdays", "ely")),
        ("one to one", ("one",)),
        ("Any time", ("any", "time")),
        ("on to", ("on", "to")),
        ("Mary’s lunches, please!", ("mary", "lunches")),
        ("garden garden", ("garden",)),
        ("", ()),
        ("…?", ()),
    ],
)
def test_the_words_that_decide(typed, decides):
    assert asked_for(typed) == decides


@given(st.text(max_size=80))
def test_a_word_is_never_made_up_and_something_is_left_to_look_for(typed):
    left = asked_for(typed)
    assert all(word in typed.replace("’", "'").casefold() for word in left)
    assert bool(left) == any(char.isalnum() for char in typed.casefold())


ELY = next(place.code for place in CAMBS.places if place.name == "East Cambridgeshire")
LISTED = {
    "Ann at Home": {"services": ("befr",), "times": "Tuesdays, 10:00 to 12:00", "words": "In Ely"},
    "Ben at Home": {"services": ("befr",), "times": "Fridays, 10:00 to 12:00", "words": "In Ely"},
    "Cat Cares": {"services": ("pc",), "times": "Tuesdays", "words": "In Ely"},
    "Dan Digs": {"services": ("garden",), "words": "In Ely"},
    "Eve Helps": {"services": ("dom",), "words": "Windows and floors"},
    "Fay Fetches": {"services": ("shop",), "words": "Near March"},
}


def names(words, pack=CAMBS):
    entries = [
        PublicEntry(
            entry_id=name,
            fields={"trading_name": name, "districts": (ELY,), **fields},
            ticks=(),
            checked_as_at=date(2026, 11, 1),
        )
        for name, fields in LISTED.items()
    ]
    return [entry.entry_id for entry in find(entries, Wanted(words=words), pack)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("somebody who sits with my mother on Tuesdays in Ely", ["Ann at Home"]),
        ("sitting", ["Ann at Home", "Ben at Home"]),
        ("Bath", ["Cat Cares"]),
        ("washing", ["Cat Cares", "Eve Helps"]),
        ("gardener in Ely", ["Dan Digs"]),
        ("groceries", ["Fay Fetches"]),
        ("shopping", ["Fay Fetches"]),
        ("site", []),
    ],
)
def test_what_people_call_it_finds_the_kind_of_support(typed, found):
    assert names(typed) == found
    assert names("sitting", replace(CAMBS, like_words=())) == [], "the words are the pack's"
