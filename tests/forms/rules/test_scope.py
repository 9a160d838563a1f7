"""In, out or ask: size, place, the CQC line, the DBS level by date, fees by date."""

from datetime import date
from decimal import Decimal

import pytest

from forms.facts.people import Leader
from forms.rules.finding import Verdict
from forms.rules.rates import rate_on, stale_rates
from forms.rules.scope import (
    CareFacts,
    DbsLevel,
    Light,
    area_groups,
    care_facts,
    cqc_screen,
    dbs_level,
    in_area,
    permission_screen,
    size_test,
)
from tests.forms.rules.making import CAMBS, KENT, enterprise

ON = date(2022, 6, 1)


@pytest.mark.parametrize(
    ("employees", "verdict", "code"),
    [(0, Verdict.MET, ""), (4, Verdict.MET, ""), (5, Verdict.UNMET, "NOT_MICRO"),
     (6, Verdict.UNMET, "NOT_MICRO"), (None, Verdict.UNKNOWN, "SIZE_NOT_KNOWN")],
)  # fmt: skip
def test_size(employees, verdict, code):
    finding = size_test(KENT, employees, ON)
    assert (finding.verdict, finding.code) == (verdict, code)
    if employees == 4:
        assert "One more would end it" in finding.because


def test_the_area_belongs_to_the_council():
    assert in_area(KENT, "E07000105", ON).verdict is Verdict.MET
    assert in_area(KENT, "E07000008", ON).code == "OUT_OF_AREA"
    assert in_area(CAMBS, "E07000008", ON).verdict is Verdict.MET
    assert in_area(KENT, "", ON).verdict is Verdict.UNKNOWN
    assert in_area(CAMBS, "E06000031", date(1998, 3, 31)).code == "OUT_OF_AREA"  # not yet a council


def labels(*place):
    return [group.label for group in area_groups(KENT, *place)]


def test_swanley_is_in_sevenoaks_and_yet_in_the_lot_of_its_neighbours():
    assert labels("E07000111", "Sevenoaks") == ["West Kent"]
    assert labels("E07000111", "Swanley") == ["Dartford, Gravesham & Swanley", "West Kent"]
    assert "Ashford, Canterbury & Swale" in labels("E07000105")
    assert labels("E06000035") == []


DIRECTED = {"directed_by": "customer", "shares_rota": False, "agency_involved": False}


@pytest.mark.parametrize(
    ("care", "light", "record"),
    [
        (CareFacts(personal_care=False), Light.GREEN, False),
        (CareFacts(), Light.AMBER, False),
        (CareFacts(personal_care=True, entity_form="SOLE", people=1, **DIRECTED), Light.GREEN,
         True),
        # asks a neighbour to "cover the rota"
        (CareFacts(personal_care=True, entity_form="SOLE", people=1,
                   **(DIRECTED | {"shares_rota": True})), Light.AMBER, True),
        (CareFacts(personal_care=True, entity_form="SOLE", people=1,
                   **(DIRECTED | {"agency_involved": True})), Light.AMBER, True),
        (CareFacts(personal_care=True, entity_form="SOLE", people=1,
                   **(DIRECTED | {"directed_by": "enterprise"})), Light.AMBER, True),
        (CareFacts(personal_care=True, entity_form="SOLE"), Light.AMBER, True),
        (CareFacts(personal_care=True, people=1, **DIRECTED), Light.AMBER, True),
        (CareFacts(personal_care=True, entity_form="PART", people=2, **DIRECTED), Light.RED, True),
        (CareFacts(personal_care=True, entity_form="COOP", people=6), Light.RED, True),
        (CareFacts(personal_care=True, entity_form="SOLE", people=3, **DIRECTED), Light.RED, True),
        (CareFacts(personal_care=True, entity_form="SOLE", people=2, shares_rota=True), Light.RED,
         True),
        (CareFacts(personal_care=True, entity_form="SOLE", people=1, council_package=True),
         Light.RED, True),
    ],
)  # fmt: skip
def test_the_cqc_line(care, light, record):
    screen = cqc_screen(care)
    assert (screen.light, screen.record) == (light, record)
    assert screen.facts
    assert screen.source
    everything = " ".join((*screen.facts, screen.advice)).casefold()
    assert "cqc" in everything
    assert "do not need" not in everything


def test_what_is_known_about_the_care_comes_from_the_record():
    person = enterprise(service_types=("pc",), facts=dict(DIRECTED))
    leader = Leader(id="p", enterprise_id="e1")
    care = care_facts(person, [leader])
    assert cqc_screen(care).light is Light.GREEN
    six = care_facts(enterprise(service_types=("pc",), employee_count=6, facts={}), [leader])
    assert (six.people, cqc_screen(six).light) == (7, Light.RED)
    empty = care_facts(enterprise(service_types=(), employee_count=None, facts={}))
    assert (empty.personal_care, empty.people) == (None, None)


@pytest.mark.parametrize(
    ("services", "on", "more", "called_for", "can_get", "fee"),
    [
        (["befr"], date(2022, 2, 14), {}, DbsLevel.BASIC, DbsLevel.BASIC, "23"),
        (["pc"], date(2022, 2, 14), {}, DbsLevel.ENHANCED_BARRED, DbsLevel.BASIC, "23"),
        (["pc"], date(2022, 5, 20), {"organisation_asks": True}, DbsLevel.ENHANCED_BARRED,
         DbsLevel.ENHANCED_BARRED, "38"),
        (["pc"], date(2026, 1, 20), {}, DbsLevel.ENHANCED_BARRED, DbsLevel.BASIC, "21.50"),
        (["pc"], date(2026, 1, 21), {}, DbsLevel.ENHANCED_BARRED, DbsLevel.ENHANCED_BARRED,
         "49.50"),
        (["pc"], date(2026, 3, 1), {}, DbsLevel.ENHANCED_BARRED, DbsLevel.ENHANCED_BARRED, "49.50"),
        (["mh"], date(2026, 3, 1), {}, DbsLevel.ENHANCED, DbsLevel.ENHANCED, "49.50"),
        (["shop"], date(2026, 3, 1), {"handles_money": True}, DbsLevel.ENHANCED_BARRED,
         DbsLevel.ENHANCED_BARRED, "49.50"),
        (["trans"], date(2026, 3, 1), {"conveys": True}, DbsLevel.ENHANCED_BARRED,
         DbsLevel.ENHANCED_BARRED, "49.50"),
        (["meal"], date(2022, 11, 1), {"volunteer": True}, DbsLevel.BASIC, DbsLevel.BASIC, "0"),
    ],
)  # fmt: skip
def test_dbs_level_and_fee_by_date(services, on, more, called_for, can_get, fee):
    answer = dbs_level(KENT, services, on, **more)
    assert (answer.called_for, answer.can_get, answer.fee) == (called_for, can_get, Decimal(fee))
    if called_for is not can_get:
        assert "21 January 2026" in answer.because


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("dbs_basic", date(2022, 2, 14), "23"),
        ("dbs_enhanced", date(2022, 5, 20), "38"),
        ("dbs_enhanced", date(2026, 3, 1), "49.50"),
        ("dbs_basic", date(2022, 4, 5), "23"),
        ("dbs_basic", date(2022, 4, 6), "18"),
        ("companies_house_digital", date(2026, 1, 31), "50"),
        ("companies_house_digital", date(2026, 2, 1), "100"),
        ("cic_online_total", date(2022, 9, 5), "27"),
        ("wage_floor", date(2026, 4, 1), "12.71"),
        ("independent_examination_over", date(2026, 9, 30), "40000"),
    ],
)
def test_rate_on_a_day(name, on, value):
    rate = rate_on(KENT, name, on)
    assert rate.value == Decimal(value)
    assert rate.source


def test_there_is_no_rate_outside_its_days():
    assert rate_on(KENT, "dbs_basic", date(2019, 9, 30)) is None
    assert rate_on(KENT, "cic_online_total", date(2026, 2, 1)) is None  # not confirmed for 2026
    assert rate_on(KENT, "no such rate", ON) is None


def test_rates_that_nobody_has_looked_at_for_a_year():
    assert stale_rates(KENT, date(2026, 12, 1)) == []
    names = {rate.name for rate in stale_rates(KENT, date(2028, 1, 1))}
    assert "dbs_basic" in names


@pytest.mark.parametrize(
    ("said", "verdict", "blocks"),
    [("not needed", Verdict.MET, False), ("confirmed", Verdict.MET, False),
     ("not confirmed", Verdict.UNMET, True), ("", Verdict.UNKNOWN, False)],
)  # fmt: skip
def test_permission_to_be_self_employed(said, verdict, blocks):
    finding = permission_screen(
        Leader(id="p", enterprise_id="e1", self_employment_permission=said), ON
    )
    assert (finding.verdict, finding.blocks) == (verdict, blocks)
