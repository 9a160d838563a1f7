"""K02 Wilk Home Support: personal care as the customers direct it, and a question about a rota."""

from dataclasses import replace
from datetime import date

from forms.rules import scope
from forms.rules.scope import DbsLevel, Light


def screen(story, **facts):
    enterprise = story.enterprise("K02")
    enterprise = replace(enterprise, facts={**enterprise.facts, **facts})
    return scope.cqc_screen(scope.care_facts(enterprise, story.leaders("K02")))


def test_customers_direct_him_so_the_screen_is_green_and_the_answers_are_kept(lead):
    found = screen(lead)
    assert found.light is Light.GREEN
    assert found.record
    assert "check with CQC" in found.advice
    assert "C16" in lead.items("K02")


def test_a_neighbour_covering_the_rota_turns_it_amber(lead):
    found = screen(lead, shares_rota=True)
    assert found.light is Light.AMBER
    story = lead.told("K02")
    assert story.index("CQC screen amber: Somebody would cover") < story.rindex("CQC screen green")


def test_the_cover_plan_is_on_his_checklist(lead):
    cover = lead.status("K02", date(2022, 9, 20))["C69"]
    assert cover.applies
    assert "rota" in f"{cover.rule.title} {cover.rule.plain}"


def test_enhanced_with_barred_list_is_what_his_work_calls_for(lead):
    services = lead.enterprise("K02").service_types
    on = date(2022, 5, 23)
    answer = scope.dbs_level(lead.pack, services, on, organisation_asks=True)
    assert answer.called_for is DbsLevel.ENHANCED_BARRED
    assert answer.can_get is DbsLevel.ENHANCED_BARRED
    assert scope.dbs_level(lead.pack, services, on).can_get is DbsLevel.BASIC


def test_settled_status_is_kept_as_a_yes_and_nothing_more(lead):
    (leader,) = lead.leaders("K02")
    assert leader.self_employment_permission == "confirmed"
    assert lead.items("K02")["C60"].state == "done"


def test_training_and_gloves_come_out_of_the_second_envelope(lead):
    assert lead.paid("K02") == [(date(2022, 6, 10), "145.00"), (date(2022, 6, 12), "60.00")]
    assert lead.paid_in("K02", "E2") == "205.00"
    training = lead.line("K02", "start", "training")
    assert training.category == "OTHER_BARRIER"
    assert training.justification


def test_his_price_gap_is_one_somerset_unit(lead):
    assert lead.b2("K02") == "6864.00"
    assert 33 * 52 * 4 == 6864
