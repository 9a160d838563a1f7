"""K08 Caroline's Table: established on 31 August, so the window ends on the last of February."""

from dataclasses import replace
from datetime import date

from forms.rules import scope, seed_fund


def test_six_calendar_months_from_31_august_end_on_28_february(lead):
    enterprise = lead.enterprise("K08")
    assert enterprise.established_on == date(2022, 8, 31)
    assert seed_fund.window_ends(lead.pack, enterprise) == date(2023, 2, 28)


def test_a_cost_on_the_last_day_is_in_and_the_day_after_is_out(lead):
    printer, on = lead.line("K08", "printer", "printer"), date(2023, 3, 8)
    assert lead.judged("K08", replace(printer, cost_on=date(2023, 2, 28)), on) == ""
    assert lead.judged("K08", replace(printer, cost_on=date(2023, 3, 1)), on) == "OUT_OF_WINDOW"


def test_the_boxes_are_paid_and_the_printer_is_not(lead):
    assert lead.paid("K08") == [(date(2022, 12, 15), "210.00")]
    assert lead.paid_in("K08", "E2") == "210.00"
    assert lead.refused("K08") == [("140.00", "OUT_OF_WINDOW")]
    assert lead.claim("K08", "printer").state == "REJECTED"


def test_swanley_sits_in_sevenoaks_and_in_another_wellbeing_lot(lead):
    enterprise = lead.enterprise("K08")
    assert lead.pack.place(enterprise.district).name == "Sevenoaks"
    groups = scope.area_groups(lead.pack, enterprise.district, enterprise.place)
    assert "Dartford, Gravesham & Swanley" in {
        group.label.replace(" and ", " & ") for group in groups
    }
    elsewhere = scope.area_groups(lead.pack, enterprise.district, "Westerham")
    assert groups != elsewhere


def test_meals_are_not_comparable_to_homecare(lead):
    assert lead.b2("K08") is None
    assert lead.returned("K08").people == 30
