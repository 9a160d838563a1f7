"""Any story of edits and faults, on two or three laptops: all converge and nothing is lost."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.sync.play import Play

LAPTOPS = st.sampled_from(["a", "b", "c"])
FAULTS = st.sampled_from(
    ["", "", "", "drop request", "drop answer", "twice", "late", "cut answer", "register dies"]
)
VALUES = st.sampled_from(["1", "2", "3"])


class Laptops(RuleBasedStateMachine):
    """Three laptops, two of one coach and one of a lead, share one case."""

    def __init__(self):
        super().__init__()
        self.play = Play()

    @initialize(copied=st.booleans(), images=st.booleans())
    def begin(self, copied, images):
        if copied:
            self.play.keep_copy()
        if images:
            for name in "abc":
                self.play.keep_image(name)

    @rule(name=LAPTOPS, field=st.sampled_from(["phone", "place"]), value=VALUES)
    def edit(self, name, field, value):
        self.play.set(name, field, value)

    @rule(name=LAPTOPS, key=st.sampled_from("xyz"), value=st.integers(0, 1))
    def answer(self, name, key, value):
        held = self.play.laptops[name].records.get(self.play.case)
        if held is not None:
            self.play.set(name, "facts", held.fields["facts"] | {key: value})

    @rule(one=LAPTOPS, two=LAPTOPS, value=VALUES, other=VALUES)
    def race(self, one, two, value, other):
        """Two laptops edit one field before either is heard."""
        self.play.set(one, "phone", value)
        self.play.set(two, "phone", other)

    @rule(name=LAPTOPS)
    def make(self, name):
        if name != "c":
            self.play.add(name)

    @rule(name=LAPTOPS)
    def remove(self, name):
        self.play.remove(name)

    @rule(name=LAPTOPS, pick=st.integers(0, 2))
    def settle(self, name, pick):
        self.play.settle(name, pick)

    @rule(name=LAPTOPS, fault=FAULTS)
    def round(self, name, fault):
        self.play.round(name, fault)

    @rule()
    def copy(self):
        self.play.keep_copy()

    @rule(new_history=st.booleans())
    def put_back(self, new_history):
        self.play.put_back(new_history=new_history)

    @rule(name=LAPTOPS)
    def image(self, name):
        self.play.keep_image(name)

    @rule(name=LAPTOPS)
    def come_back(self, name):
        self.play.come_back(name)

    def teardown(self):
        try:
            self.play.calm()
            self.play.check()
        finally:
            self.play.close()


def run(machine, examples, steps, **more):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            **more,
        ),
    )


def test_any_story_ends_well():
    run(Laptops, 15, 20)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_long_stories_end_well():
    run(Laptops, int(os.environ.get("STORIES", "600")), 50)
