"""The language of conditions: what it reads, what it refuses, and its third value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules.conditions import ConditionError, judge, names_in, parse
from forms.rules.finding import Verdict

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("text", "facts", "verdict"),
    [
        ("always", {}, MET),
        ("never", {}, UNMET),
        ("drives", {"drives": True}, MET),
        ("drives", {"drives": False}, UNMET),
        ("drives", {}, UNKNOWN),
        ("drives", {"drives": None}, UNKNOWN),
        ("drives", {"drives": "perhaps"}, UNKNOWN),
        ("not drives", {"drives": "perhaps"}, UNKNOWN),
        ('ent = "SOLE"', {"ent": "SOLE"}, MET),
        ('ent != "SOLE"', {"ent": "SOLE"}, UNMET),
        ('ent in ("SOLE", "PART")', {"ent": "PART"}, MET),
        ("emp > 0", {"emp": 1}, MET),
        ("emp > 0", {"emp": 0}, UNMET),
        ("emp >= 4", {"emp": 4}, MET),
        ("emp < 4", {"emp": 4}, UNMET),
        ("emp <= 4", {"emp": 4}, MET),
        ("emp = 4", {"emp": 4}, MET),
        ("hours > 1.5", {"hours": Decimal("1.6")}, MET),
        ("emp > 0", {"emp": "many"}, UNKNOWN),
        ("emp > 0", {"emp": True}, UNKNOWN),
        ('svc has "pc"', {"svc": ("pc", "med")}, MET),
        ('svc has ("mh", "pc")', {"svc": ["befr"]}, UNMET),
        ('svc has "pc"', {"svc": "pc"}, UNKNOWN),
        ("not drives", {"drives": False}, MET),
        ("not drives", {}, UNKNOWN),
        ("drives and food", {"drives": False}, UNMET),
        ("drives and food", {"drives": True}, UNKNOWN),
        ("drives or food", {"drives": True}, MET),
        ("drives or food", {"drives": False}, UNKNOWN),
        ("known emp and emp > 0", {}, UNMET),
        ("known emp", {"emp": 0}, MET),
        ("(drives or food) and not keys", {"food": True, "keys": False}, MET),
        ("drives or food and keys", {"drives": True, "food": False, "keys": False}, MET),
    ],
)
def test_condition(text, facts, verdict):
    assert judge(text, facts).verdict is verdict


def test_unknown_says_which_answer_is_missing():
    assert judge("drives and food or keys", {"drives": True}).missing == {"food", "keys"}
    assert judge("drives and food", {"drives": False}).missing == frozenset()


@pytest.mark.parametrize(
    "text",
    ["", "drives and", "(drives", "drives)", "emp > many", "__import__('os')", "a.b()", "1 + 1",
     'ent = SOLE', "and", "drives food", "emp >", "known", "known 4", "svc has ()", "x" * 3000,
     "(" * 60 + "a" + ")" * 60, "not " * 60 + "a", '"text"', "emp ; emp"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_plain_words(text):
    with pytest.raises(ConditionError) as refused:
        parse(text)
    assert str(refused.value).endswith(".")


def test_names_that_a_condition_looks_at():
    assert names_in('svc has "pc" and (known emp or not drives)') == {"svc", "emp", "drives"}


NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = NAMES | st.just("always") | st.just("never")
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda x: f"not ({x})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
    ),
    max_leaves=8,
)
FACTS = st.dictionaries(NAMES, st.booleans())


@given(text=TREES, facts=FACTS)
def test_an_answer_never_changes_when_more_becomes_known(text, facts):
    """Three-valued means: met or unmet stays so whatever the missing answers turn out to be."""
    before = judge(text, facts)
    for filled in (dict.fromkeys("abc", True), dict.fromkeys("abc", False)):
        after = judge(text, filled | facts)
        assert after.verdict is not UNKNOWN
        if before.verdict is not UNKNOWN:
            assert after.verdict is before.verdict
    if before.verdict is UNKNOWN:
        assert before.missing
        assert not before.missing & set(facts)


@given(text=TREES, facts=FACTS)
def test_not_turns_it_round(text, facts):
    turned = {MET: UNMET, UNMET: MET, UNKNOWN: UNKNOWN}
    assert judge(f"not ({text})", facts).verdict is turned[judge(text, facts).verdict]
