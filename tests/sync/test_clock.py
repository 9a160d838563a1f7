"""A clock that is well off is said in words; it decides nothing and stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.operations.exchange import clock_words, history_words
from forms.facts.people import Enterprise
from forms.values import SetClock
from sync.client.exchange import RoundReport, run_round
from tests.sync.world import enterprise


def round_at(world, laptop, **off):
    laptop.clock = SetClock(world.clock.now() + timedelta(**off))
    return run_round(laptop, world.line, laptop.clock)


@pytest.mark.parametrize(
    ("off", "words"),
    [
        ({"minutes": 4}, ""),
        ({"minutes": -4}, ""),
        ({"minutes": 23}, "This laptop's clock is 23 minutes fast: set it"),
        ({"minutes": -90}, "This laptop's clock is 90 minutes slow: set it"),
        ({"hours": 5}, "This laptop's clock is 5 hours fast: set it"),
        ({"days": -400}, "This laptop's clock is 400 days slow: set it"),
    ],
)
def test_it_is_said_how_far_off_the_clock_is(quick, off, words):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    report = round_at(quick, ann, **off)
    assert clock_words(report) == words
    assert history_words(report) == words
    assert report.pushed == 1
    assert quick.row(case.id) is not None
    assert clock_words(round_at(quick, ann)) == ""


def test_the_clock_does_not_decide_whose_edit_stands(quick):
    ann, lee = quick.laptop("ann"), quick.laptop("lee")
    case = ann.add(enterprise(phone="1"))
    quick.settle_down()
    ann.clock = SetClock(quick.clock.now() - timedelta(days=400))
    lee.clock = SetClock(quick.clock.now() + timedelta(days=400))
    ann.set(case.id, phone="2")
    quick.round(ann)
    quick.round(lee)
    lee.set(case.id, phone="3")  # had seen the 2
    quick.round(lee)
    ann.set(case.id, place="Rye")
    quick.settle_down()
    for laptop in (ann, lee):
        assert laptop.get(Enterprise, case.id).phone == "3"
        assert not laptop.clashes


def test_a_clock_that_is_right_says_nothing():
    assert clock_words(RoundReport()) == ""
