"""Days and records that trip a count: silence, money that came back, a case opened again.

Each expected number is worked out by hand beside the records; nothing here calls the rule twice.
"""

from datetime import date
from decimal import Decimal

from evidence.blocks import HIDDEN, Chart, Para, Table
from evidence.dossier import gather, within
from evidence.figures import indicators, without_records
from evidence.reports.impact_assessment import build
from forms.facts.casework import StageEvent
from forms.facts.market import MarketGap
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Enquiry, Enterprise
from forms.rules.indicators import indicator_of
from tests.evidence.worlds import DISTRICTS, Listed, a_pack

ASHFORD, DOVER = DISTRICTS[0][0], DISTRICTS[3][0]
DAY = date(2023, 3, 31)


def facts(*records, on=DAY, since=None):
    return within(gather(Listed(list(records)), a_pack(), on), since=since)


def table(dossier, key, published=False):
    return next(t for t in build(dossier, published=published).tables() if t.key == key)


def row_of(found: Table, name: str):
    return next(row for row in found.rows if row[0] == name)


def trading(key, district=ASHFORD, **more):
    usual = {"established_on": date(2022, 6, 1), "first_delivery_on": date(2022, 7, 1)}
    return Enterprise(id=key, name=key, district=district, origin="new", **(usual | more))


def told(key, **more):
    return ActivityReturn(
        id=f"r-{key}",
        enterprise_id=key,
        period_from=date(2023, 1, 1),
        period_to=DAY,
        received_on=DAY,
        **more,
    )


def test_a_district_that_sent_no_return_has_no_hours_and_no_people_not_nought():
    dossier = facts(trading("a"), trading("d", DOVER), told("a", hours_week=Decimal(7), people=3))
    found = table(dossier, "district")
    assert row_of(found, "Ashford")[1:5] == (1, 1, Decimal(7), 3)
    assert row_of(found, "Dover")[1:5] == (1, 1, None, None)
    assert found.total[1:5] == (2, 2, Decimal(7), 3)
    assert "1 of 2 active enterprises" in found.note
    assert "not the same as none" in found.note
    blocks = build(dossier, published=False).blocks
    chart = next(b for b in blocks if isinstance(b, Chart) and b.table == found)
    words = [getattr(shape, "text", "") for shape in chart.drawing.shapes]
    assert "no return" in words
    assert "0" not in words


def test_a_return_that_leaves_its_hours_out_is_not_called_none():
    dossier = facts(
        trading("a"), trading("d", DOVER), told("a", hours_week=Decimal(7)), told("d", people=3)
    )
    chart = next(
        b
        for b in build(dossier).blocks
        if isinstance(b, Chart) and b.table is not None and b.table.key == "district"
    )
    words = [getattr(shape, "text", "") for shape in chart.drawing.shapes]
    assert "hours not told" in words
    assert "no return" not in words


def test_published_a_dash_is_explained_only_where_one_is_seen():
    """The row that has none is hidden: the note must not tell that its enterprise was silent."""
    spoke = [f"h{n}" for n in range(9)]
    records = [trading(key, strand="home_support") for key in spoke]
    records += [trading(f"c{n}", strand="community_activity") for n in range(2)]
    records += [told(key, hours_week=Decimal(4), people=6) for key in spoke]
    records += [trading(f"b{n}", strand="both") for n in range(6)]
    records += [told(f"b{n}", hours_week=Decimal(4), people=6) for n in range(6)]
    found = table(facts(*records), "strand", published=True)
    assert HIDDEN in row_of(found, "Activity in the community")
    assert "A dash" not in found.note
    assert "A dash" in table(facts(*records), "strand").note


def test_where_nobody_is_active_only_places_are_named():
    away = trading("x", "", suspended_on=date(2023, 1, 1))
    blocks = build(facts(trading("a"), away, told("a", people=1))).blocks
    (said,) = (b for b in blocks if isinstance(b, Para) and b.lead == "No active enterprise:")
    assert "Dover" in said.text
    assert "Not recorded" not in said.text


def test_hours_that_were_told_and_people_that_were_not_stay_apart():
    found = table(facts(trading("a"), told("a", hours_week=Decimal(0))), "district")
    assert row_of(found, "Ashford")[1:5] == (1, 1, Decimal(0), None)


def test_every_table_of_enterprises_adds_up_to_the_figures_on_the_first_page():
    """One trades whose day of establishing nobody wrote down: active, and not established."""
    dossier = facts(
        trading("a"),
        trading("b", established_on=None),
        told("a", hours_week=Decimal(5), people=2),
        told("b", hours_week=Decimal("2.5"), people=4),
    )
    for key in ("district", "strand", "entity"):
        total = table(dossier, key).total
        assert total[2] == indicator_of(dossier, "I-06").value == 2
        assert total[3] == indicator_of(dossier, "I-11").value == Decimal("7.5")
        assert total[4] == indicator_of(dossier, "I-13").value == 6
        assert total[1] == 1


def test_published_a_silent_district_is_hidden_like_the_others():
    records = [trading(f"a{n}") for n in range(9)] + [trading("d", DOVER)]
    records += [told(f"a{n}", hours_week=Decimal(4), people=6) for n in range(9)]
    found = table(facts(*records), "district", published=True)
    assert row_of(found, "Dover")[1:5] == (HIDDEN,) * 4
    assert "of 10 active" not in found.note


def claim(key, state="PAID", submitted=date(2022, 2, 1), **more):
    return SeedClaim(
        id=key, enterprise_id="a", drafted_on=submitted, submitted_on=submitted, state=state, **more
    )


def line(key, claim_id, pence, **more):
    return ClaimLine(id=key, claim_id=claim_id, enterprise_id="a", what=key, pence=pence, **more)


def step(claim_id, on, state, line_id=""):
    return ClaimEvent(
        id=f"{claim_id}-{state}-{on}",
        claim_id=claim_id,
        enterprise_id="a",
        to_state=state,
        on=on,
        line_id=line_id,
    )


def test_money_that_came_back_is_said_and_the_envelope_still_adds_up():
    records = [
        claim("c"),
        line("tablet", "c", 20_000, paid_on=date(2022, 3, 31), outcome="accepted"),
        line("desk", "c", 5_000, paid_on=date(2022, 3, 30), outcome="accepted"),
        step("c", date(2022, 6, 9), "RECOVERED", "tablet"),
    ]
    after = facts(*records, on=date(2022, 6, 9))
    paid, came_back = indicator_of(after, "I-25").figures[:2]
    assert (paid.value, came_back.value) == (Decimal(250), Decimal(200))
    assert [r.record_id for r in came_back.rows] == ["tablet"]
    assert "£200.00 came back" in paid.note
    found = table(after, "seed_envelopes")
    first = dict(zip((c.title for c in found.columns), found.rows[0], strict=True))
    assert first["Paid"] - first["Came back"] + first["Lapsed"] == first["Budget"]
    assert first["Lapsed"] == Decimal(29950)

    before = facts(*records, on=date(2022, 6, 8))  # the day before: nothing had come back
    found = table(before, "seed_envelopes")
    assert "Came back" not in [c.title for c in found.columns]
    first = dict(zip((c.title for c in found.columns), found.rows[0], strict=True))
    assert first["Lapsed"] == Decimal(29750)


def test_a_claim_part_paid_over_the_year_end_counts_each_line_on_its_own_day():
    dossier = facts(
        claim("c"),
        line("one", "c", 10_000, paid_on=date(2022, 3, 31), outcome="accepted"),
        line("two", "c", 2_500, paid_on=date(2022, 4, 5), outcome="accepted"),
        line("three", "c", 900, outcome="accepted"),
        on=date(2022, 4, 5),
    )
    figures = {f.key: f for f in indicator_of(dossier, "I-25").figures}
    assert figures["main"].value == Decimal(125)
    assert (figures["paid_E1"].value, figures["paid_E2"].value) == (Decimal(100), Decimal(25))
    assert [x.record_id for x in figures["main"].left_out] == ["three"]


def test_what_became_of_claims_is_that_of_the_claims_of_the_period():
    """Three of before and two of the period: one of the two was turned down, with its line."""
    old = [
        claim(f"old{n}", "PAID", date(2022, 2, 1), approved_on=date(2022, 2, 5)) for n in range(3)
    ]
    dossier = facts(
        *old,
        line("fuel", "old0", 8_500, outcome="rejected", code="EXCLUDED_COST"),
        claim("new1", "APPROVED", date(2023, 2, 1), approved_on=date(2023, 2, 11)),
        claim("new2", "REJECTED", date(2023, 2, 2)),
        line("van", "new2", 31_000, outcome="rejected", code="EXCLUDED_COST"),
        since=date(2023, 1, 1),
    )
    figures = {f.key: f for f in indicator_of(dossier, "I-27").figures}
    assert figures["main"].value == 10
    assert figures["approved"].value == Decimal(50)
    assert {x.record_id: x.reason for x in figures["approved"].left_out} == {
        f"old{n}": "Before the period." for n in range(3)
    }
    assert figures["rejected_pounds"].value == Decimal(310)
    assert [x.record_id for x in figures["rejected_pounds"].left_out] == ["fuel"]
    assert [r.record_id for r in figures["EXCLUDED_COST"].rows] == ["van"]


def moved(key, stage, on):
    return StageEvent(id=f"{key}-{stage}-{on}", enterprise_id=key, stage=stage, on=on)


def test_closed_and_opened_again_is_no_closure_and_is_named_with_its_day():
    dossier = facts(
        trading("a"),
        trading("b"),
        moved("a", "TRADING", date(2022, 7, 1)),
        moved("a", "CLOSED", date(2023, 1, 10)),
        moved("a", "TRADING", date(2023, 2, 1)),
        moved("b", "CLOSED", date(2023, 1, 20)),
        since=date(2023, 1, 1),
    )
    closed = indicator_of(dossier, "I-09").main
    assert [r.record_id for r in closed.rows] == ["b"]
    assert [x.reason for x in closed.left_out] == ["Closed on 2023-01-10 and opened again since."]
    assert [r.record_id for r in indicator_of(dossier, "I-06").main.rows] == ["a"]
    sixth = indicator_of(dossier, "I-08").figures[0]  # on 1 January 2023 both were trading
    assert (sixth.value, len(sixth.denominator)) == (Decimal(100), 2)


def test_who_began_on_a_leap_day_is_a_year_old_on_28_february():
    began = trading("a", first_delivery_on=date(2024, 2, 29))
    for day, old in ((date(2025, 2, 27), 0), (date(2025, 2, 28), 1)):
        year = indicator_of(facts(began, on=day), "I-08").figures[1]
        assert len(year.denominator) == old
        assert (year.value is None) is (old == 0)


def test_who_asks_twice_began_with_the_first_enquiry_whichever_stands_first():
    ready = moved("a", "READY", date(2022, 6, 1))
    first, second = date(2022, 1, 2), date(2022, 5, 1)
    for days in ((first, second), (second, first)):
        asked = [Enquiry(id=f"e{n}", created_on=on, enterprise_id="a") for n, on in enumerate(days)]
        assert indicator_of(facts(trading("a"), ready, *asked), "I-04").value == 150


def test_an_enquiry_that_is_dated_after_ready_is_left_out_and_gives_no_days_below_nought():
    late = Enquiry(id="e", created_on=date(2022, 8, 1), enterprise_id="a")
    found = indicator_of(facts(trading("a"), moved("a", "READY", date(2022, 6, 1)), late), "I-04")
    assert found.value is None
    assert found.note == "No ready case has an enquiry before it."
    assert [x.reason for x in found.left_out] == ["Its enquiry is dated after it became ready."]
    assert indicator_of(facts(trading("a"), late), "I-04").note == "No case has become ready."


def test_where_no_claim_of_the_period_was_decided_those_of_before_are_not_denied():
    old = claim("old", "PAID", date(2022, 2, 1), approved_on=date(2022, 2, 5))
    notes = {}
    for since in (None, date(2023, 1, 1)):
        dossier = facts(old, claim("new", "SUBMITTED", date(2023, 2, 1)), since=since)
        notes[since] = [f.note for f in indicator_of(dossier, "I-27").figures[:2]]
    assert notes[None] == ["", ""]
    assert notes[date(2023, 1, 1)] == [
        "No claim of the period has been approved.",
        "No claim of the period has been decided.",
    ]


def test_a_return_that_tells_of_nobody_supported_is_not_called_silent():
    dossier = facts(
        trading("a"),
        trading("b"),
        told("a", people=4, people_self_funding=3),
        told("b", people=0, people_self_funding=0),
    )
    share = indicator_of(dossier, "I-18").main
    assert share.value == Decimal(75)
    assert not share.left_out


def test_gaps_closed_in_a_quarter_are_those_of_before_too():
    def gap(key, opened, closed=None):
        return MarketGap(id=key, opened_on=opened, closed_on=closed)

    dossier = facts(
        gap("old", date(2022, 5, 1), date(2023, 2, 1)),
        gap("older", date(2022, 5, 1), date(2022, 9, 1)),
        gap("new", date(2023, 1, 9)),
        since=date(2023, 1, 1),
    )
    figures = {f.key: f for f in indicator_of(dossier, "I-36").figures}
    assert [r.record_id for r in figures["main"].rows] == ["new"]
    then = figures["closed_then"]
    assert [r.record_id for r in then.rows] == ["old"]
    assert {x.record_id: x.reason for x in then.left_out} == {
        "older": "Closed before the period.",
        "new": "Not closed by the date.",
    }
    assert "Closed in it, whenever they were opened: 1." in table(dossier, "gaps").note
    assert "Closed in it" not in table(dossier, "gaps", published=True).note


def gaps_of(older, *new):
    """Gaps of before that were closed in the quarter; new ones open, matched, closed."""
    before, within_it, then = date(2022, 5, 1), date(2023, 1, 9), date(2023, 2, 1)
    gaps = [MarketGap(id=f"old{n}", opened_on=before, closed_on=then) for n in range(older)]
    ways = {"open": {}, "matched": {"matched_on": then}, "closed": {"closed_on": then}}
    for count, (name, how) in zip(new, ways.items(), strict=True):
        gaps += [MarketGap(id=f"{name}{n}", opened_on=within_it, **how) for n in range(count)]
    return facts(*gaps, since=date(2023, 1, 1))


def asked(dossier, key, **how):
    document = build(dossier, published=True, figures=(key,), **how)
    (found,) = (t for t in document.tables() if t.key == f"asked_{key}")
    return {row[0]: row[1] for row in found.rows}


THEN = "Closed in the period, whenever it was opened"


def test_published_no_figure_tells_of_a_single_older_gap():
    one = gaps_of(1, 6, 0, 5)
    assert asked(one, "I-36")["Closed"] == "5"
    assert asked(one, "I-36")[THEN] == HIDDEN.words
    assert "Closed in it" not in table(one, "gaps", published=True).note
    many = gaps_of(5, 6, 0, 5)
    assert asked(many, "I-36")[THEN] == "10"
    assert (
        "Closed in it, whenever they were opened: 10." in table(many, "gaps", published=True).note
    )


def test_published_a_hidden_part_is_not_told_by_the_others_and_the_sum():
    dossier = gaps_of(0, 6, 2, 5)
    known = tuple(without_records(item) for item in indicators(dossier))
    for how in ({}, {"known": known}):
        found = asked(dossier, "I-36", **how)
        assert found["Gaps opened"] == "13"
        assert {found[name] for name in ("Still open", "Matched", "Closed")} == {HIDDEN.words}
        assert found[THEN] == "5"


def test_money_paid_on_a_day_of_no_envelope_is_named_so_that_the_fund_adds_up():
    dossier = facts(
        claim("c"),
        line("in", "c", 10_000, paid_on=date(2022, 3, 31), outcome="accepted"),
        line("late", "c", 2_500, paid_on=date(2024, 2, 29), outcome="accepted"),
        on=date(2024, 2, 29),
    )
    found = table(dossier, "seed_envelopes")
    assert row_of(found, "Outside every envelope")[2] == Decimal(25)
    at = [c.title for c in found.columns].index("Paid")
    assert sum(row[at] for row in found.rows) == indicator_of(dossier, "I-25").value
    said = " ".join(b.text for b in build(dossier).blocks if isinstance(b, Para))
    assert "on days outside every envelope: £25.00 paid" in said


def test_money_that_came_back_from_outside_every_envelope_is_not_shown_as_kept():
    records = [
        claim("c"),
        line("in", "c", 10_000, paid_on=date(2022, 3, 31), outcome="accepted"),
        line("late", "c", 2_500, paid_on=date(2024, 2, 29), outcome="accepted"),
        line("kept", "c", 700, paid_on=date(2024, 2, 29), outcome="accepted"),
        step("c", date(2024, 3, 1), "RECOVERED", "late"),
    ]
    whole = facts(*records, on=date(2024, 3, 1))
    returned = indicator_of(whole, "I-25").figures[1]
    assert returned.key == "returned"
    district = within(
        gather(Listed([trading("a"), *records]), a_pack(), date(2024, 3, 1)), area=ASHFORD
    )
    for dossier in (whole, district):
        found = table(dossier, "seed_envelopes")
        at = [c.title for c in found.columns].index("Came back")
        assert sum(row[at] or 0 for row in found.rows) == returned.value == 25
        assert row_of(found, "Outside every envelope")[at] == 25
    said = " ".join(b.text for b in build(whole).blocks if isinstance(b, Para))
    assert "outside every envelope: £32.00 paid, £25.00 of it came back" in said


def of_district(*records, **more):
    return within(gather(Listed(list(records)), a_pack(), DAY), area=DOVER, **more)


def test_a_report_of_one_district_says_nothing_of_the_others():
    dossier = of_district(trading("a"), trading("d", DOVER), told("d", hours_week=Decimal(3)))
    document = build(dossier)
    found = table(dossier, "district")
    assert [row[0] for row in found.rows] == ["Dover"]
    said = " ".join(f"{b.lead} {b.text}" for b in document.blocks if isinstance(b, Para))
    assert "No active enterprise" not in said
    assert "Ashford" not in said


def test_a_report_of_one_district_lays_no_budget_and_no_target_of_the_programme_on_it():
    paid = line("in", "c", 10_000, paid_on=date(2022, 3, 31), outcome="accepted")
    dossier = of_district(trading("a", DOVER), claim("c"), paid)
    document = build(dossier)
    keys = {t.key: t for t in document.tables()}
    assert [c.title for c in keys["seed_envelopes"].columns] == ["Envelope", "Paid"]
    assert "Target of the year" not in [c.title for c in keys["trading"].columns]
    assert "what_if" not in keys
    said = " ".join(f"{b.lead} {b.text}" for b in document.blocks if isinstance(b, Para))
    assert "lapsed" not in said
    assert "the budgets are for the whole programme" in said
    for key in ("budget", "targets"):
        assert "not for one district" in keys[key].note
    whole = {t.key: t for t in build(facts(trading("a", DOVER), claim("c"), paid)).tables()}
    assert "Lapsed" in [c.title for c in whole["seed_envelopes"].columns]
    assert "Target of the year" in [c.title for c in whole["trading"].columns]
