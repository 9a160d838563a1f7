"""Every figure is what its rows say, and every record is either counted or left out."""

from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from hypothesis import given, settings

from evidence.dossier import gather
from evidence.figures import headline, indicators
from forms.rules.indicators import DEFINITIONS, Shape
from forms.rules.pathway import is_active
from forms.rules.savings import savings, trade_of
from tests.evidence.strategies import SLOW, programmes
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


def again(figure):
    """The value worked out afresh, by other means than the code under test."""
    values = [row.value for row in figure.rows]
    if figure.shape is Shape.COUNT:
        return Decimal(len(values))
    if figure.shape is Shape.MEDIAN:
        return Decimal(median(values))
    total = sum(values, Decimal(0))
    if figure.shape is Shape.SUM:
        return total
    factor = Decimal(100) if figure.shape is Shape.SHARE else figure.scale
    return total * factor / sum((row.value for row in figure.denominator), Decimal(0))


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(programmes())
def test_a_shown_number_is_what_its_rows_give(records):
    dossier = gather(Listed(records), a_pack(), END)
    for item in indicators(dossier):
        for figure in item.figures:
            if figure.value is None:
                assert figure.shown == "not collected yet"
                assert figure.note
                continue
            places = len(str(figure.value).partition(".")[2])
            step = Decimal(1).scaleb(-places)
            assert again(figure).quantize(step, rounding=ROUND_HALF_UP) == figure.value, item.id


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(programmes())
def test_every_enterprise_is_counted_or_left_out_with_a_reason(records):
    dossier = gather(Listed(records), a_pack(), END)
    everyone = {e.id for e in dossier.enterprises}
    for number in ("I-05", "I-06", "I-08", "I-11", "I-13", "I-14", "I-16", "I-19", "I-20"):
        for figure in {i.id: i for i in indicators(dossier)}[number].figures:
            if figure.value is None:
                continue
            base = figure.denominator or figure.rows
            if number in ("I-14", "I-16", "I-19", "I-08"):
                counted = {row.enterprise_id for row in base}
            else:
                counted = {row.enterprise_id for row in figure.rows}
            left = {x.enterprise_id for x in figure.left_out}
            assert counted | left == everyone, (number, figure.key)
            assert not counted & left, (number, figure.key)
            assert all(x.reason.endswith(".") or x.reason for x in figure.left_out)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(programmes())
def test_active_and_savings_agree_with_the_rules(records):
    dossier = gather(Listed(records), a_pack(), END)
    by_id = {item.id: item for item in indicators(dossier)}
    active = {
        e.id
        for e in dossier.enterprises
        if is_active(e, [s for s in dossier.stage_events if s.enterprise_id == e.id], END)
    }
    if dossier.enterprises:
        assert {row.enterprise_id for row in by_id["I-06"].rows} == active
    rates = dossier.pack.assumption_set("Somerset-2020")
    trades = [trade_of(e, dossier.latest_returns.get(e.id)) for e in dossier.active]
    theirs = {r.basis.value: Decimal(r.central_pence) / 100 for r in savings(rates, trades)}
    for figure in by_id["I-20"].figures:
        if figure.value is not None:
            assert figure.value == theirs[figure.key], figure.key


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(programmes())
def test_paid_money_adds_up_over_the_envelopes_and_the_days_outside_them(records):
    dossier = gather(Listed(records), a_pack(), END)
    item = next(i for i in indicators(dossier) if i.id == "I-25")
    if item.value is None:
        return
    parts = [money(f) for f in item.figures if f.key.startswith("paid_") or f.key == "outside"]
    assert sum(parts, Decimal(0)) == item.value
    inside = [money(f) for f in item.figures if f.key.startswith("paid_")]
    shown = [Decimal(x) for x in headline(dossier)["seed_paid"].values()]
    assert shown == inside


def money(figure) -> Decimal:
    return Decimal(figure.value)


def test_there_are_42_indicators_and_each_says_what_it_means():
    assert list(DEFINITIONS) == [f"I-{n:02d}" for n in range(1, 43)]
    for definition in DEFINITIONS.values():
        assert definition.title
        assert definition.definition.endswith(".")
        assert definition.formula


def test_the_twelve_cases_leave_out_by_name_and_reason():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    item = next(i for i in indicators(dossier) if i.id == "I-06")
    assert {x.enterprise_id: x.reason for x in item.left_out} == {
        "K10": "Its listing was suspended on 2023-02-12.",
        "K11": "No first session is written down.",
        "K12": "No first session is written down.",
    }
    assert [row.enterprise_id for row in item.rows] == [
        "K01", "K02", "K03", "K04", "K05", "K06a", "K06b", "K07", "K08", "K09"
    ]  # fmt: skip
