"""Over random programmes, periods and districts: number = rows, parts = whole, nobody lost."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.dossier import back_to, gather, within
from evidence.figures import indicators
from forms.facts.casework import ChecklistItem, FormResponse
from forms.facts.market import MarketGap, Signpost
from forms.rules.indicators import Shape, anyway
from forms.rules.pack import ChecklistRule
from tests.evidence.strategies import DAYS, SLOW, whole_programmes
from tests.evidence.test_rows import again
from tests.evidence.worlds import DISTRICTS, END, Listed, a_pack

LEARNT = tuple(
    ChecklistRule(code=c, level="M", title=c, plain="", applies_when="", training=True)
    for c in ("C19", "C21")
)
PACK = a_pack(checklist=LEARNT)
PERIODS = st.none() | DAYS
AREAS = st.just("") | st.sampled_from([code for code, _ in DISTRICTS])


def dossier_of(records, since, area):
    return within(gather(Listed(records), PACK, END), since=since, area=area)


def check(records, since, area):
    found = dossier_of(records, since, area)
    items = indicators(found)
    for item in items:
        for figure in item.figures:
            _is_what_its_rows_say(figure)
            _nobody_stands_twice(item, figure)
    _is_what_its_rows_say(anyway(found))
    _parts_are_the_whole({item.id: item for item in items})
    _nobody_is_lost(found, {item.id: item for item in items})


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(whole_programmes(), PERIODS, AREAS)
def test_a_number_is_its_rows_its_parts_add_up_and_nobody_is_lost(records, since, area):
    check(records, since, area)


@pytest.mark.long
@settings(max_examples=500, deadline=None, suppress_health_check=SLOW)
@given(whole_programmes(), PERIODS, AREAS)
def test_the_same_over_five_hundred_programmes(records, since, area):
    check(records, since, area)


def _is_what_its_rows_say(figure):
    if figure.value is None:
        assert figure.shown == "not collected yet"
        assert figure.note
        return
    places = len(str(figure.value).partition(".")[2])
    step = Decimal(1).scaleb(-places)
    assert again(figure).quantize(step, rounding=ROUND_HALF_UP) == figure.value


def _nobody_stands_twice(item, figure):
    counted = [(r.kind, r.record_id) for r in figure.rows]
    assert len(counted) == len(set(counted)), item.id
    left = {(x.kind, x.record_id) for x in figure.left_out}
    assert not set(counted) & left, (item.id, figure.key)
    assert all(x.reason.strip() for x in figure.left_out)


def _parts_are_the_whole(by_id):
    gaps = by_id["I-36"]
    if gaps.value is not None:
        parts = [f for f in gaps.figures if f.key in ("open", "matched", "closed")]
        assert sum(f.value for f in parts) == gaps.value
    training = by_id["I-42"]
    if training.value is not None:
        topics = [f for f in training.figures if f.key.startswith("C")]
        assert sum(f.value for f in topics) == training.value
    closed = by_id["I-09"]
    if closed.value is not None:
        assert sum(f.value for f in closed.figures[1:]) == closed.value


def _nobody_is_lost(found, by_id):
    for number, records, key in (
        ("I-01", found.enquiries, "main"),
        ("I-36", found.gaps, "main"),
        ("I-37", found.signposts, "main"),
        ("I-42", [i for i in found.items if i.code in ("C19", "C21")], "main"),
    ):
        figure = next(f for f in by_id[number].figures if f.key == key)
        if figure.value is None:
            continue
        base = figure.denominator or figure.rows
        seen = {r.record_id for r in base} | {x.record_id for x in figure.left_out}
        assert seen == {r.id for r in records}, number


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(whole_programmes(), DAYS)
def test_going_back_to_a_day_gives_what_that_day_would_have_given(records, day):
    pack = PACK
    then = gather(Listed(records), pack, min(day, END))
    back = back_to(gather(Listed(records), pack, END), min(day, END))
    assert [(i.id, i.shown) for i in indicators(then)] == [
        (i.id, i.shown) for i in indicators(back)
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(whole_programmes())
def test_districts_add_up_to_the_whole(records):
    whole = gather(Listed(records), PACK, END)
    for number in ("I-05", "I-06", "I-11", "I-13", "I-36"):
        total = next(i for i in indicators(whole) if i.id == number).main
        if total.value is None or total.shape not in (Shape.COUNT, Shape.SUM):
            continue
        parts = [again(_main(records, code, number)) for code, _ in DISTRICTS]
        assert sum(parts) == again(total), number


def _main(records, area, number):
    found = next(i for i in indicators(dossier_of(records, None, area)) if i.id == number)
    if found.main.value is None:
        return replace(found.main, shape=Shape.COUNT, rows=())
    return found.main


def answer(number, who, when, on="2022-06-01", enterprise="e1", state="final", **values):
    given = "".join(f"<{k}>{v}</{k}>" for k, v in values.items())
    xml = (
        f"<data><asked_on>{on}</asked_on><asked_when>{when}</asked_when>"
        f"<answered_by>{who}</answered_by>{given}</data>"
    )
    return FormResponse(
        id=f"f{number}", form_id="outcome_questionnaire", form_version="1",
        enterprise_id=enterprise, state=state, instance_xml=xml,
    )  # fmt: skip


def figures(records, number, **scope):
    found = within(gather(Listed(records), PACK, END), **scope)
    item = next(i for i in indicators(found) if i.id == number)
    return {f.key: f for f in item.figures}


def test_leaders_are_compared_with_themselves_and_the_rest_is_left_out_with_a_reason():
    told = [
        answer(1, "leader", "start", l_calm=2, l_confident=2),
        answer(2, "leader", "later", on="2022-12-01", l_calm=3, l_confident=2),
        answer(3, "leader", "start", enterprise="e2", l_calm=3, l_confident=3),
        answer(4, "leader", "later", on="2022-12-01", enterprise="e2", l_calm=1, l_confident=3),
        answer(5, "leader", "start", enterprise="e3", l_calm=3, l_confident=3),
        answer(6, "leader", "later", enterprise="e4", state="draft", l_calm=3, l_confident=3),
        answer(7, "leader", "later", enterprise="e4", l_confident=3),
        answer(8, "leader", "later", enterprise="e5", on="2023-09-01", l_calm=1, l_confident=1),
    ]
    main = figures(told, "I-30")["main"]
    assert main.shown == "50.0%"
    assert [r.record_id for r in main.rows] == ["f2"]
    assert main.rows[0].note == "From 4 to 5 points."
    assert {x.record_id: x.reason for x in main.left_out} == {
        "f5": "Not asked later.",
        "f6": "Not finished.",
        "f7": "This question was not answered.",
    }


def test_nobody_asked_is_not_collected_and_never_zero():
    for number in ("I-29", "I-30", "I-31", "I-36", "I-37", "I-41", "I-42"):
        main = figures([], number)
        assert all(f.value is None for f in main.values()), number
    untouched = [
        ChecklistItem(id="i", enterprise_id="e", code="C19", state="to do"),
    ]
    assert figures(untouched, "I-42")["main"].value == 0


def test_peoples_answers_are_compared_for_an_enterprise_and_averaged():
    told = [
        answer(1, "person", "start", p_control=2, p_out=2),
        answer(2, "person", "start", p_control=3),
        answer(3, "person", "later", p_control=3, p_out=2),
        answer(4, "person", "later", enterprise="e2", p_control=4),
    ]
    found = figures(told, "I-41")
    assert found["main"].shown == "100.0%"
    assert found["main"].rows[0].note == "Choosing what help, and when"
    assert found["p_control_start"].value == Decimal("2.5")
    assert found["p_control_later"].value == Decimal("3.5")
    assert [x.record_id for x in found["main"].left_out] == ["f4"]


def test_gaps_speak_of_the_period_and_say_what_is_before_it():
    gaps = [
        MarketGap(id="g1", opened_on=END.replace(month=1)),
        MarketGap(id="g2", opened_on=END.replace(month=3, day=1), matched_on=END),
        MarketGap(id="g3", opened_on=END.replace(month=3, day=2), closed_on=END),
        Signpost(id="s1", on=END, outcome="started"),
        Signpost(id="s2", on=END),
    ]
    found = figures(gaps, "I-36", since=END.replace(month=2, day=1))
    assert found["main"].value == 2
    assert {x.record_id: x.reason for x in found["main"].left_out} == {"g1": "Before the period."}
    assert (found["open"].value, found["matched"].value, found["closed"].value) == (0, 1, 1)
    took = figures(gaps, "I-37")
    assert took["main"].shown == "100.0%"
    assert took["main"].left_out[0].reason == "Not known yet what came of it."
    assert took["shown"].value == 2
