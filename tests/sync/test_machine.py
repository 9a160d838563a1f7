"""Any story of edits, decisions and faults on four laptops: all converge and nothing is lost."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.sync import farther, papers
from tests.sync.play import Play, one_thread

LAPTOPS = st.sampled_from(["a", "b", "c", "d"])
FAULTS = st.sampled_from(
    [
        "",
        "",
        "",
        "drop request",
        "drop answer",
        "twice",
        "late",
        "cut answer",
        "register dies",
        "forged pull",
        "stops halfway",
        "metered",
        "drop part",
        "drop part's answer",
        "slow part",
    ]
)
VALUES = st.sampled_from(["1", "2", "3"])
SHARDS = 20


class Laptops(RuleBasedStateMachine):
    """Laptops of two coaches and a lead share one case, which may change hands."""

    def __init__(self):
        super().__init__()
        self.play = Play()

    @initialize(copied=st.booleans(), images=st.booleans())
    def begin(self, copied, images):
        if copied:
            self.play.keep_copy()
        if images:
            for name in "abcd":
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

    @rule(name=LAPTOPS, number=st.integers(0, 2), beside=st.booleans())
    def paper(self, name, number, beside):
        papers.add(self.play, name, number, "" if beside else self.play.case)

    @rule(name=LAPTOPS, fault=st.sampled_from(["", "drop answer", "cut answer"]))
    def look(self, name, fault):
        papers.look(self.play, name, fault)

    @rule(sure=st.integers(0, 2))
    def erase(self, sure):
        if not sure and not self.play.full:
            papers.erase(self.play)

    @rule(name=LAPTOPS, pick=st.integers(0, 2))
    def settle(self, name, pick):
        self.play.settle(name, pick)

    @rule(name=LAPTOPS, days=st.sampled_from([-400, -1, 0, 1, 400]))
    def clock(self, name, days):
        self.play.skew(name, days)

    @rule(to=st.sampled_from(["ann", "ben"]))
    def transfer(self, to):
        self.play.transfer(to)

    @rule(name=LAPTOPS, to=st.sampled_from(["ann", "ben"]))
    def offer(self, name, to):
        self.play.offer(name, to)

    @rule(name=LAPTOPS, how=st.sampled_from(["accept", "accept", "decline", "recall"]))
    def answer_offer(self, name, how):
        self.play.answer_offer(name, how)

    @rule(name=st.sampled_from("bd"), sure=st.integers(0, 3))
    def revoke(self, name, sure):
        if not sure and not self.play.full:  # seldom: a closed laptop has nothing more to tell
            self.play.revoke(name)

    @rule(name=LAPTOPS, fault=FAULTS)
    def round(self, name, fault):
        self.play.round(name, fault)

    @rule()
    def copy(self):
        self.play.keep_copy()

    @rule(new_history=st.booleans(), before=st.integers(0, 1))
    def put_back(self, new_history, before):
        self.play.put_back(new_history=new_history, before=before)

    @rule(name=LAPTOPS)
    def stick_out(self, name):
        farther.stick_out(self.play, name)

    @rule(name=LAPTOPS, which=st.integers(-2, -1))
    def stick_taken(self, name, which):
        farther.stick_taken(self.play, name, which)

    @rule(name=LAPTOPS, which=st.integers(-2, -1), whose=st.sampled_from(["", "", "", "a", "d"]))
    def stick_back(self, name, which, whose):
        farther.stick_back(self.play, name, which, whose)

    @rule(name=LAPTOPS)
    def stick_there_and_back(self, name):
        farther.there_and_back(self.play, name)

    @rule(days=st.sampled_from([1, 20, 40, 400]))
    def days_pass(self, days):
        farther.days_pass(self.play, days)

    @rule(other=st.booleans(), sure=st.integers(0, 2))
    def clone(self, other, sure):
        if not sure:
            farther.cloned(self.play, *("ab" if other else "ba"))

    @rule(name=LAPTOPS, sure=st.integers(0, 2))
    def known_anew(self, name, sure):
        if not sure:
            self.play.known_anew(name)

    @rule(sure=st.integers(0, 2))
    def publish(self, sure):
        if not sure:
            farther.publish(self.play)

    @rule(sure=st.integers(0, 2))
    def change_key(self, sure):
        if not sure:
            farther.change_key(self.play)

    @rule(full=st.booleans())
    def disk(self, full):
        self.play.full = full

    @rule(name=LAPTOPS, value=VALUES)
    def edit_beside(self, name, value):
        farther.edit_beside(self.play, name, value)

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
            farther.packs_agree(self.play)
        finally:
            self.play.close()


def run(machine, examples, steps, **more):
    with one_thread():
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
                print_blob=True,
                **more,
            ),
        )


def test_any_story_ends_well():
    run(Laptops, 15, 20)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_many_long_stories_end_well(shard):
    """A share of ten thousand stories, each share with seeds of its own.

    `STORIES` says how many in all, `STORY_SEED` where the seeds begin.
    """

    class Share(Laptops):
        """Its own seed."""

    seed(int(os.environ.get("STORY_SEED", "0")) + shard)(Share)
    run(Share, int(os.environ.get("STORIES", "10000")) // SHARDS, 50)
