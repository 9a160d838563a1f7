"""The legal-entity guide: every rule by name, stories, ties, an order that never wobbles."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.casework import EntityDecision
from forms.rules.legal_entity import changed_since, rank
from tests.forms.rules.making import CAMBS, KENT, cases

TABLE = cases("legal_entity.toml")


def effect_on(ranking, code, rule_id):
    """Everything one rule did to one form: points, and whether it warned or took it out."""
    if any(e.code == code and any(r.rule == rule_id for r in e.reasons) for e in ranking.excluded):
        return {"excluded"}
    found = ranking.find(code)
    if found is None:
        return set()
    out = {r.points for r in (*found.reasons_for, *found.reasons_against) if r.rule == rule_id}
    out |= {"red" if w.red else "warned" for w in found.warnings if w.rule == rule_id}
    return out


def test_every_rule_form_and_question_is_there():
    ids = {rule.id.rstrip("ab") for rule in KENT.entity_rules}
    assert ids == {f"E{n:02}" for n in range(1, 24)}
    assert len(KENT.entity_forms) == 13
    assert [q.id for q in KENT.entity_questions] == [f"Q{n}" for n in range(1, 17)]
    assert {r["id"] for r in TABLE["rule"]} | {"E22"} == {rule.id for rule in KENT.entity_rules}


@pytest.mark.parametrize("case", TABLE["rule"], ids=lambda case: case["id"])
def test_rule_holds_and_does_what_it_says(case):
    ranking = rank(KENT, case["holds"], case.get("employees"))
    for form, effect in case["effect"].items():
        if ranking.find(form) is None and effect != "excluded":
            continue  # another rule took the form out; its own case covers that
        assert effect in effect_on(ranking, form, case["id"]), form
    assert any(effect_on(ranking, form, case["id"]) for form in case["effect"])


@pytest.mark.parametrize("case", TABLE["rule"], ids=lambda case: case["id"])
def test_rule_does_nothing_otherwise(case):
    ranking = rank(KENT, case["not"], case.get("employees_not"))
    for form in case["effect"]:
        assert not effect_on(ranking, form, case["id"]), form


@pytest.mark.parametrize("story", TABLE["story"], ids=lambda story: story["name"])
def test_story(story):
    ranking = rank(KENT, story["answers"], story.get("employees"))
    if "first" in story:
        assert ranking.top[0].code == story["first"]
    for form in story.get("shown", []):
        assert form in [one.code for one in ranking.top]
    for form in story.get("red", []):
        assert ranking.find(form).red
    for form in story.get("not_red", []):
        assert not ranking.find(form).red
    if "behind" in story:
        behind = ranking.find(story["behind"]["form"])
        assert behind.score < ranking.top[0].score
        assert story["behind"]["rule"] in [reason.rule for reason in behind.reasons_against]
    assert set(story.get("advice", [])) <= set(ranking.seek_advice)


def test_e22_a_tie_shows_both_and_the_question_that_separates():
    ranking = rank(KENT, {"Q1": 3, "Q6": True, "Q7": True, "Q8": False})
    first, second = ranking.top[:2]
    assert {first.code, second.code} == {"CIO-F", "CIO-A"}
    assert ranking.lead == 1
    assert ranking.tied
    assert ranking.ask_next == "Q9"  # members in control: the rule that moves them apart


def test_no_tie_asks_nothing():
    ranking = rank(KENT, {"Q1": 1, "Q2": True, "Q4": False})
    assert not ranking.tied
    assert ranking.ask_next == ""


def test_unanswered_questions_are_named_and_count_for_nothing():
    ranking = rank(KENT, {})
    assert {one.score for one in ranking.ranked} == {0}
    assert "Q1" in ranking.open_questions
    assert ranking.ruleset_version == KENT.entity_ruleset_version


def test_community_shares_with_too_few_people_leave_nothing_and_say_why():
    ranking = rank(KENT, {"Q1": 2, "Q10": True})
    assert ranking.top == ()
    assert {e.code for e in ranking.excluded} == {f.code for f in KENT.entity_forms}
    assert all(e.reasons for e in ranking.excluded)


def test_answers_as_a_person_types_them():
    typed = {"Q1": "2", "Q2": "Yes", "Q3": "no", "Q4": "", "Q5": None, "Q14": ""}
    clean = {"Q1": 2, "Q2": True, "Q3": False}
    assert rank(KENT, typed) == rank(KENT, clean)
    nonsense = {"Q1": "many", "Q7": "perhaps", "Q13": "soon", "Q99": True, "Q4": 3}
    assert rank(KENT, nonsense) == rank(KENT, {})


def test_the_record_keeps_scores_and_reasons():
    kept = rank(KENT, {"Q1": 1, "Q2": True, "Q4": False}).as_record()
    assert kept["SOLE"]["score"] == 6
    assert kept["SOLE"]["reasons"][0].startswith("E01: ")


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "Q1": st.integers(1, 8),
        **{f"Q{n}": st.booleans() for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16)},
        "Q11": st.sampled_from(["low", "medium", "high"]),
        "Q13": st.sampled_from(["two_weeks", "three_months", "later"]),
        "Q14": st.sampled_from(["under_1k", "1k_5k", "5k_20k", "20k_90k", "over_90k"]),
    },
)


@given(answers=ANSWERS, seed=st.randoms(use_true_random=False))
def test_the_ranking_is_stable(answers, seed):
    shuffled = list(answers.items())
    seed.shuffle(shuffled)
    ranking = rank(KENT, answers)
    assert rank(KENT, dict(shuffled)) == ranking
    assert rank(CAMBS, answers) == ranking
    scores = [one.score for one in ranking.ranked]
    assert scores == sorted(scores, reverse=True)
    codes = [one.code for one in (*ranking.ranked, *ranking.excluded)]
    assert sorted(codes) == sorted(form.code for form in KENT.entity_forms)
    for one in ranking.ranked:
        points = sum(r.points for r in (*one.reasons_for, *one.reasons_against))
        assert one.score == points


@given(answers=ANSWERS)
def test_personal_care_through_a_body_is_always_red(answers):
    ranking = rank(KENT, answers | {"Q3": True})
    assert all(one.red for one in ranking.ranked if one.code != "SOLE")


CHARITIES = {"CIO-F", "CIO-A", "CHCO"}
PEOPLE = dict.fromkeys((*CHARITIES, "UNI", "COOP", "CBS"), 3) | {"PART": 2, "LLP": 2}
UNKNOWN = st.dictionaries(
    st.sampled_from([f"Q{n}" for n in range(1, 17)]), st.just("not_known"), max_size=16
)


@given(answers=ANSWERS, unknown=UNKNOWN)
def test_what_fits_can_be_by_what_the_forms_are(answers, unknown):
    """The facts of each form, whichever rule says so; "not known" takes no form in or out."""
    told = {**answers, **unknown}
    known = {name: said for name, said in told.items() if said != "not_known"}
    ranking = rank(KENT, told)
    assert ranking == rank(KENT, known)
    fits = {one.code for one in ranking.ranked}
    if "Q1" in known:
        assert not [code for code in fits if PEOPLE.get(code, 1) > known["Q1"]]
    if known.get("Q7") is False or known.get("Q2") is True:
        assert not fits & CHARITIES
    if known.get("Q2") is True:
        assert "UNI" not in fits
    if known.get("Q10") is True:
        assert fits <= {"COOP", "CBS"}
    if known.get("Q3") is True and fits:
        assert "CQC" in ranking.seek_advice or fits == {"SOLE"}
    for one in ranking.top:
        assert all(r.because for r in (*one.reasons_for, *one.reasons_against))
    assert fits or all(out.reasons for out in ranking.excluded)
    assert set(ranking.open_questions) <= {f"Q{n}" for n in range(1, 17)} - set(known)


def test_without_the_rule_one_person_is_offered_a_partnership():
    rules = tuple(rule for rule in KENT.entity_rules if rule.id != "E23")
    assert rank(replace(KENT, entity_rules=rules), {"Q1": 1}).find("PART") is not None
    assert rank(KENT, {"Q1": 1}).find("PART") is None


def decided(answers):
    ranking = rank(KENT, answers)
    return EntityDecision(
        id="d-1", enterprise_id="e-1", decided_on=date(2026, 3, 2), answers=answers,
        ruleset_version=ranking.ruleset_version, ranked=ranking.as_record(), chosen="SOLE",
    )  # fmt: skip


def test_a_decision_under_the_same_rules_says_nothing_new():
    assert changed_since(KENT, decided({"Q1": 1, "Q2": True, "Q4": False})) == []


def without(rule_id, *more):
    """The pack without one of its rules, and with others."""
    rules = tuple(rule for rule in KENT.entity_rules if rule.id != rule_id)
    return replace(KENT, entity_rules=(*rules, *more), entity_ruleset_version="2027-04")


def rule_of(rule_id):
    return next(rule for rule in KENT.entity_rules if rule.id == rule_id)


ALONE = {"Q1": 1, "Q2": True, "Q4": False}


def test_it_says_when_a_rule_has_changed_since():
    kept = decided(ALONE)
    new = replace(rule_of("E01"), id="E98", scores={"SOLE": 2}, reason="Said by a new rule.")
    told = changed_since(without("E01", new), kept)
    assert told[0] == f"The rules were {KENT.entity_ruleset_version} then and are 2027-04 now."
    assert "Sole trader had 6 points then and has 2 now." in told
    assert "New, for Sole trader: Said by a new rule." in told
    assert any(t.startswith("No longer said, for Sole trader: One person") for t in told)


@given(answers=ANSWERS)
def test_other_words_for_the_same_rules_are_no_other_advice(answers):
    kept = decided(answers)
    said = tuple(replace(r, reason=f"Rule {r.id}, put: plainly.") for r in KENT.entity_rules)
    assert changed_since(replace(KENT, entity_rules=said), kept) == []


def test_a_result_whose_reasons_have_no_ids_is_still_read():
    kept = decided(ALONE)
    bare = {
        code: {**part, "reasons": [said.partition(": ")[2] for said in part["reasons"]]}
        for code, part in kept.ranked.items()
    }
    old = replace(kept, ranked=bare)
    assert changed_since(KENT, old) == []
    assert any("No longer said" in t for t in changed_since(without("E01"), old))
    assert changed_since(KENT, replace(kept, ranked={"SOLE": 6})) != []


def test_it_says_when_a_form_is_taken_out_since():
    kept = decided({"Q1": 1})
    rules = (*KENT.entity_rules, replace(KENT.entity_rules[0], id="E99", when="Q1 = 1",
                                         scores={}, excludes=("SOLE",)))  # fmt: skip
    told = changed_since(replace(KENT, entity_rules=rules), kept)
    assert told == ["Sole trader could be chosen then; now a rule takes it out."]


NEVER = re.compile(
    r"(do|does|will|would) ?n[o']t (need|have) (to register with )?(the )?CQC|no need (for|of) CQC"
    r"|CQC is not (needed|required)|not need to register with (the )?CQC",
    re.IGNORECASE,
)


@pytest.mark.parametrize("folder", ["forms/packs", "forms/library", "desktop", "evidence"])
def test_nothing_ever_says_that_cqc_is_not_needed(folder):
    root = Path(__file__).parents[3] / folder
    texts = [p for p in root.rglob("*") if p.suffix in {".py", ".toml", ".md", ".xml", ".json"}]
    assert texts
    assert [str(p) for p in texts if NEVER.search(p.read_text("utf-8"))] == []


def test_the_search_would_find_it():
    for words in ("You do not need CQC.", "CQC is not needed here", "no need for CQC"):
        assert NEVER.search(words)
