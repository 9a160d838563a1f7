"""What decides of the words that somebody typed into the directory's search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules.directory_search import asked_for


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
