"""Impact: a period, a district, months, tiles, an explanation, a figure for the report."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.navigation import route
from desktop.operations import chosen_figures
from desktop.presenters.figure import FigurePresenter
from desktop.presenters.impact import ImpactPresenter
from desktop.presenters.impact_picture import Behind, _Rows
from desktop.presenters.impact_picture import _before as before_words
from desktop.presenters.impact_picture import _figure as picture_of
from desktop.presenters.impact_scope import Scope, key_of, periods
from desktop.presenters.impact_tiles import tile_of
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.impact.left_out import LeftOutTable
from desktop.views.screens import SCREENS
from evidence.dossier import gather, within
from evidence.explain import MOST_POINTS, course, trend
from forms.change import Changed, Changes
from forms.facts.market import MarketGap
from forms.facts.people import Enterprise
from forms.rules.indicators import DEFINITIONS, Shape, Unit, indicator_of
from forms.rules.indicators.model import LeftOut, Row
from forms.rules.pack import load_pack
from tests.desktop.screens.desk import context
from tests.desktop.screens.gallery import shown_by
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, full_vault
from tests.evidence.strategies import DAYS, SLOW, whole_programmes
from tests.evidence.test_every_number import PACK
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases

TODAY = date(2022, 11, 20)


@pytest.fixture
def page(qtbot):
    return shown_by(qtbot)


def test_a_period_is_chosen_and_the_page_says_which(vault, view):
    presenter = ImpactPresenter(context(vault), view)
    presenter.load()
    presenter.choose_period("quarter")
    assert presenter.scope.since == date(2022, 10, 1)
    assert view.last["show_scope"][1] == "quarter"
    assert view.last["show_impact"].period.startswith("From 1 Oct 2022 to 20 Nov 2022, every")


@pytest.mark.parametrize(
    ("since", "on", "says"),
    [
        ("1/12/2022", "20/11/2022", "ends before it begins"),
        ("31/2/2022", "20/11/2022", "real day"),
        ("", "1/1/1999", "when the programme began"),
    ],
)
def test_days_that_cannot_be_keep_the_figures(vault, view, since, on, says):
    presenter = ImpactPresenter(context(vault), view)
    presenter.load()
    presenter.set_days(since, on)
    assert says in view.last["show_problem"]
    assert view.count["show_impact"] == 1


def test_one_district_leaves_the_others_out_of_sight_and_has_no_target(vault, view):
    home = vault.get(Enterprise, MARY).district
    presenter = ImpactPresenter(context(vault), view)
    presenter.choose_area(home)
    picture = view.last["show_impact"]
    tiles = {tile.id: tile for tile in picture.tiles}
    assert tiles["I-06"].shown == "1 enterprise"
    assert tiles["I-07"].shown == "Not collected yet"
    assert "not for one district" in tiles["I-07"].note
    assert view.last["show_course"].districts == ()
    elsewhere = next(p.code for p in load_pack("kent").places if p.code != home)
    presenter.choose_area(elsewhere)
    tiles = {tile.id: tile for tile in view.last["show_impact"].tiles}
    assert not tiles["I-06"].collected


def test_districts_and_the_rest_are_the_whole(vault, view):
    vault.hold(replace(vault.get(Enterprise, MARY), id="e-nowhere", district=""))
    presenter = ImpactPresenter(context(vault), view)
    presenter.load()
    course_now = view.last["show_course"]
    whole = next(t for t in view.last["show_impact"].tiles if t.id == "I-06")
    named = sum(tile.rows for tile in course_now.districts)
    assert course_now.elsewhere == "1 record without a district."
    assert whole.shown == f"{named + 1} enterprises"


def test_another_figure_over_time_says_not_collected_and_never_zero(vault, view):
    made = context(vault)
    presenter = ImpactPresenter(made, view)
    presenter.load()
    presenter.choose_course("I-36")
    line = view.last["show_course"].line
    assert all(point.value is None for point in line)
    gap = MarketGap(id="g", opened_on=date(2022, 10, 4), district="E07000105")
    made.change(lambda unit: unit.add(gap), owner=presenter)
    found = [p for p in view.last["show_course"].line if p.value]
    assert [(p.on, p.value) for p in found] == [(date(2022, 10, 31), 1.0)]


def test_months_become_quarters_when_there_are_many():
    assert len(course(date(2022, 1, 2), TODAY)) == 11
    long = course(date(2022, 1, 2), date(2026, 11, 26))
    assert len(long) <= 24
    assert long[-1] == date(2026, 11, 26)
    assert all(day.month % 3 == 0 for day in long[:-1])


def test_usual_periods_are_found_again_by_their_days():
    pack = load_pack("kent")
    found = periods(pack, TODAY)
    for period in found:
        scope = Scope(as_of=period.as_of, since=period.since)
        assert key_of(scope, found) == period.key
    assert key_of(Scope(as_of=TODAY, since=TODAY), found) == "own"
    assert "target_1" in {p.key for p in found}
    assert "target_2" not in {p.key for p in found}


def test_a_number_is_explained_with_every_question_answered(vault, view):
    FigurePresenter(context(vault), view, "I-06", "2022-11-20").load()
    answers = dict(view.last["show_indicator"].figures[0].explained)
    assert set(answers) >= {
        "What it means", "How it is worked out", "Which definition", "Which time",
        "Which records", "How well it is known", "Last changed",
    }  # fmt: skip
    assert "Version 1" in answers["Which definition"]
    assert "Nobody has put their name to it yet" in answers["Which definition"]
    assert answers["Which records"] == "1 record counted, 0 left out."
    before = view.last["show_indicator"].figures[0].before
    assert before == (
        "The time before: 1 enterprise as at 20 Aug 2022, three months earlier. Now it is the same."
    )


def test_a_figure_goes_into_the_report_and_out_again(vault, view):
    made = context(vault)
    presenter = FigurePresenter(made, view, "I-06", "")
    presenter.add_to_report()
    assert view.named["show_in_report"] == {"taken": True}
    assert chosen_figures.read(vault) == ("I-06",)
    presenter.add_to_report()
    assert chosen_figures.read(vault) == ()
    assert made.tell.said == ["Added to the report.", "Taken out of the report."]


def test_what_cannot_be_read_is_an_empty_choice(vault):
    for kept in ("{", '"I-06"', '["I-99", 3, "I-06"]'):
        vault.keep(chosen_figures.KEY, kept)
        assert chosen_figures.read(vault) in ((), ("I-06",))


def test_the_map_is_walked_by_arrows_and_enter_looks_at_one_district(page, qtbot):
    screen, _ = page("impact")
    tiles = screen.findChild(Cartogram)
    tiles.setFocus()
    qtbot.keyClick(tiles, Qt.Key.Key_Right)
    qtbot.keyClick(tiles, Qt.Key.Key_Down)
    chosen = tiles._tiles[tiles._at]
    qtbot.keyClick(tiles, Qt.Key.Key_Return)
    assert screen._presenter.scope.area == chosen.id
    assert not screen._map.isVisible()


def test_every_tile_of_the_map_can_be_reached(page, qtbot):
    screen, _ = page("impact")
    tiles = screen.findChild(Cartogram)
    reached, edge = {0}, [0]
    while edge:
        at = edge.pop()
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            tiles._at = at
            qtbot.keyClick(tiles, key)
            if tiles._at not in reached:
                reached.add(tiles._at)
                edge.append(tiles._at)
    assert reached == set(range(12))


def test_charts_are_tables_too_and_are_copied_whole(page, qtbot):
    screen, made = page("impact")
    for card in (screen._line, screen._map):
        chart = card.findChild(CourseLine) or card.findChild(Cartogram)
        card._as_table.click()
        assert card.table.isVisible()
        assert not chart.isVisible()
        assert tuple(row.cells for row in card.table.rows) == chart.table_rows()
        card._copy.click()
        lines = QGuiApplication.clipboard().text().split("\n")
        assert len(lines) == len(chart.table_rows()) + 1
        assert lines[0].split("\t") == list(chart.HEAD)
    assert made.tell.said[-1].startswith("Copied 12 rows: ")


def test_explain_opens_under_the_number_and_copy_takes_what_was_left_out(page, qtbot):
    screen, _ = page("figure")
    button = next(b for b in screen.findChildren(QPushButton) if b.text().startswith("Explain"))
    button.click()
    said = [w.text() for w in screen._card.findChildren(QLabel) if w.isVisible()]
    assert any("First delivery on or before the date" in words for words in said)
    screen._copy.click()
    lines = QGuiApplication.clipboard().text().split("\n")
    figure = screen._figure
    assert len(lines) == 1 + len(figure.rows) + len(figure.denominator) + len(figure.left_out)


def test_the_page_comes_back_as_it_was_left(page, vault):
    screen, _ = page("impact", vault=vault)
    screen._presenter.choose_period("quarter")
    screen._presenter.choose_course("I-11")
    state = screen.keep_state()
    again, _ = page("impact", vault=vault)
    again.restore_state(state)
    assert again._presenter.scope == screen._presenter.scope
    assert again._presenter.chosen == "I-11"


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(whole_programmes(), st.none() | DAYS)
def test_every_figure_opens_rows_that_give_its_number_and_all_that_was_left_out(records, since):
    facts = within(gather(Listed(records), PACK, END), since=since)
    for code in DEFINITIONS:
        for kept in indicator_of(facts, code).figures:
            figure = picture_of(_Rows(facts, (kept,)), kept, "", ())
            counted, left = len(figure.rows), len(figure.left_out)
            assert (counted, left) == (len(kept.rows), len(kept.left_out))
            if kept.shape is Shape.COUNT and kept.value is not None:
                assert counted == kept.value
            told = [
                int(n.replace(",", ""))
                for n in re.findall(r"^([\d,]+): ", figure.left_why, re.MULTILINE)
            ]
            assert sum(told) == left
            if left:
                seen = {r.record_id: r for r in (*kept.left_out, *kept.rows)}
                for row in kept.denominator:
                    if row.kind not in {"target", "envelope", "setting"}:
                        seen.setdefault(row.record_id, row)
                twice = left - len({r.record_id for r in kept.left_out})
                start = f"{left:,} of {len(seen) + twice:,} record"
                assert figure.left_heading.startswith(start)
            else:
                assert (figure.left_heading, figure.left_why) == ("", "")


def test_what_a_share_is_divided_by_was_looked_at_too(vault):
    facts = gather(vault.reader, load_pack("kent"), TODAY)
    share = indicator_of(facts, "I-03").main
    row = partial(Row, kind="enterprise", value=Decimal(1))
    five = tuple(row(record_id=f"e{n}") for n in range(5))
    target = row(record_id="t", kind="target")
    out = (LeftOut(record_id="x", kind="enterprise", reason="No day is known."),)
    figure = replace(share, rows=five[:2], denominator=(*five, target), left_out=out)
    said = picture_of(_Rows(facts, (figure,)), figure, "", ()).left_heading
    assert said == "1 of 6 records looked at is left out"


@pytest.mark.parametrize("years", [1, 2, 5, 6, 8, 13, 40])
def test_each_point_of_a_course_speaks_of_its_own_step_alone(years, vault, monkeypatch):
    first = date(TODAY.year - years, TODAY.month, 1)
    spans = []
    monkeypatch.setattr(
        "evidence.explain.indicator_of",
        lambda facts, each: spans.append((facts.since, facts.as_of)) or indicator_of(facts, each),
    )
    list(trend(gather(vault.reader, load_pack("kent"), TODAY), "I-01", first))
    months = [(b.year - a.year) * 12 + b.month - a.month + 1 for a, b in spans]
    assert len(spans) <= MOST_POINTS
    assert max(months) <= (1, 3, 6, 12)[sum(12 * years >= 24 * n for n in (1, 3, 6))]
    assert all(b + timedelta(days=1) == a for (_, b), (a, _) in pairwise(spans))


CHANGED = Changes(at=NOON, by="register", records=(Changed("enterprise", MARY, frozenset()),))


def test_a_figure_is_worked_out_again_when_a_record_changes(page, qtbot):
    screen, made = page("figure")
    was = screen._shown.text()
    screen._explain.click()
    vault = made.session.vault
    one = vault.get(Enterprise, MARY)
    vault.hold(replace(one, first_delivery_on=None))
    made.broadcast.announce(CHANGED)
    assert screen._shown.text() != was
    assert screen._explain.isChecked()
    screen.hide()
    vault.hold(one)
    made.broadcast.announce(CHANGED)
    assert screen._shown.text() != was, "nobody looks, and yet it was worked out"
    screen.show()
    assert screen._shown.text() == was


def test_how_far_the_time_before_is_apart_is_said_in_the_figures_own_unit(vault, view):
    facts = gather(vault.reader, load_pack("kent"), TODAY)
    now = indicator_of(facts, "I-06").main
    for unit, value, was, says in (
        (Unit.POUNDS, Decimal("10.50"), Decimal("10.49"), " Now it is £0.01 more."),
        (Unit.PERCENT, Decimal(20), Decimal("23.5"), " Now it is 3.5 percentage points less."),
        (Unit.ENTERPRISES, 2, 1, " Now it is 1 enterprise more."),
        (Unit.PEOPLE, 2, None, ""),
        (Unit.PEOPLE, None, 2, ""),
    ):
        figure = replace(now, unit=unit, value=value)
        assert before_words(facts, figure, replace(figure, value=was)).endswith(
            f"months earlier.{says}"
        )


@pytest.fixture
def claims_figure(qtbot):
    def opened():
        made = context(full_vault())
        screen = SCREENS["figure"].make(made, route("figure", id="I-27"))
        qtbot.addWidget(screen)
        screen.show()
        return screen

    return opened


def test_a_figure_with_parts_keeps_the_part_in_front(claims_figure):
    screen = claims_figure()
    assert screen._which.isVisible(), "one figure only: nothing is proved"
    box = screen._which.editor
    box.setCurrentIndex(1)
    box.activated.emit(1)
    chosen = screen._figure.key
    screen._presenter.load()
    assert screen._figure.key == chosen == box.currentData()
    state = screen.keep_state()
    again = claims_figure()
    again.restore_state(state)
    again._presenter.load()
    assert again._figure.key == chosen


def test_the_last_financial_year_is_a_period():
    found = {p.key: p for p in periods(load_pack("kent"), date(2026, 12, 3))}
    assert (found["last_year"].since, found["last_year"].as_of) == (
        date(2025, 4, 1),
        date(2026, 3, 31),
    )
    assert found["last_year"].label == "Last financial year, 2025-26"
    early = {p.key for p in periods(load_pack("kent"), date(2022, 2, 3))}
    assert "last_year" not in early, "it was over before the programme began"


@pytest.mark.parametrize(
    ("number", "below"),
    [
        ("I-20", "B2 price gap to the commissioned rate"),
        ("I-11", "From 10 of 10 active enterprises"),
        ("I-06", ""),
        ("I-13", "Counted within each enterprise"),
    ],
)
def test_a_tile_says_what_its_number_is_and_whom_it_speaks_of(number, below):
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    assert tile_of(indicator_of(dossier, number)).below == below


def test_a_title_of_several_figures_names_the_one_whose_number_stands_there():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    assert tile_of(indicator_of(dossier, "I-08")).what == "Still active after 6 months"
    assert tile_of(indicator_of(dossier, "I-20")).what.startswith("B2")
    assert tile_of(indicator_of(dossier, "I-06")).what == ""


def test_rows_that_add_money_are_written_as_money_and_others_are_not():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    for number, key, shown in (
        ("I-20", "B1", "£4,209.75"),
        ("I-25", "main", "£23.00"),
        ("I-25", "share_E1", "£30,000.00"),
        ("I-11", "main", "18"),
        ("I-27", "EXCLUDED_COST", "1"),
    ):
        found = next(f for f in indicator_of(dossier, number).figures if f.key == key)
        picture = picture_of(_Rows(dossier, (found,)), found, "", ())
        assert shown in {row.value for row in (*picture.rows, *picture.denominator)}


def test_a_long_reason_goes_on_in_a_second_line(qtbot):
    table = LeftOutTable()
    qtbot.addWidget(table)
    long = "The day is not known, and so nobody can say how long it took from the one to the other."
    rows = [
        Behind(id=str(n), name="Joe", what="", value="", why=why, enterprise_id="e")
        for n, why in enumerate((long, "No day."))
    ]
    table.resize(330, 300)
    table.show_rows(rows)
    table.show()
    assert table.rowHeight(0) > table.rowHeight(1)
    table.resize(1200, 300)
    assert table.rowHeight(0) == table.rowHeight(1)


def test_the_rows_of_a_median_add_nothing(claims_figure):
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    screen, headings = claims_figure(), []
    for found in indicator_of(dossier, "I-27").figures:
        if found.key in ("main", "EXCLUDED_COST"):
            screen._show(picture_of(_Rows(dossier, (found,)), found, "", ()))
            headings.append(screen._rows.model().headings[2])
    assert headings == ["Its value", "What it adds"]
