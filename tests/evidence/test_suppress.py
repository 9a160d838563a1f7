"""Small numbers in what is published: hidden, and not to be had by subtraction."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import suppress
from evidence.blocks import Format, Hidden
from evidence.dossier import gather
from evidence.html import render_html
from evidence.names import words_of
from evidence.reports import impact_assessment
from evidence.reports import view as views
from evidence.suppress import hide
from forms.facts.market import MarketGap
from tests.evidence.strategies import SLOW, programmes
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases

COLUMNS = st.lists(
    st.lists(st.integers(0, 14), min_size=1, max_size=9), min_size=1, max_size=3
).map(lambda columns: [column[: min(map(len, columns))] for column in columns])


def possible(total: int, cells: int) -> int:
    """How many values a cell may have, for somebody who knows what the hidden cells add up to."""
    return 1 if cells == 1 else total + 1


@given(COLUMNS)
def test_one_to_four_is_hidden_and_no_hidden_cell_can_be_worked_out(columns):
    hidden = hide(columns)
    if hidden is None:
        assert any(0 < n < 5 for column in columns for n in column)
        return
    for column in columns:
        assert all(not 0 < n < 5 for at, n in enumerate(column) if at not in hidden)
        rest = sum(column[at] for at in hidden)
        if rest:
            assert possible(rest, len(hidden)) >= 2
            assert len(hidden) >= 2


@given(COLUMNS)
def test_cells_that_all_are_at_least_one_are_not_given_away_by_their_sum(columns):
    hidden = hide(columns) or frozenset()
    for column in columns:
        cells = [column[at] for at in hidden]
        if cells and all(cells):
            assert sum(cells) > len(cells), "all ones would follow from the sum"


def test_without_the_second_step_subtraction_wins(monkeypatch):
    column = [3, 9, 12]
    assert len(hide([column]) or ()) == 2
    monkeypatch.setattr(suppress, "_ambiguous", lambda *_: True)
    alone = hide([column]) or frozenset()
    assert sum(column) - sum(n for at, n in enumerate(column) if at not in alone) == 3


def test_a_table_that_cannot_be_shown_says_so():
    assert hide([[2]]) is None
    assert hide([[1, 1, 1]]) is None
    assert hide([[]]) == frozenset()


def published(records):
    return impact_assessment.build(gather(Listed(records), a_pack(), END), published=True)


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(programmes(most=14))
def test_a_published_report_shows_no_count_of_one_to_four(records):
    for table in published(records).tables():
        for row in (*table.rows, *([table.total] if table.total else [])):
            for value, column in zip(row, table.columns, strict=True):
                if column.format is Format.COUNT and isinstance(value, int):
                    assert not 0 < value < 5, (table.key, row)


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(programmes(most=14))
def test_published_groups_cannot_be_worked_out_from_their_totals(records):
    for table in published(records).tables():
        if table.key not in ("district", "strand", "entity"):
            continue
        for at in (1, 2, 4):
            cells = [row[at] for row in table.rows]
            gone = sum(isinstance(cell, Hidden) for cell in cells)
            shown = sum(c for c in cells if not isinstance(c, Hidden) and c is not None)
            rest = (table.total[at] or 0) - shown  # a dash: nobody told, so nothing is in the sum
            assert gone != 1 or rest == 0, (table.key, at)


def test_a_published_report_names_nobody():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    words = repr(impact_assessment.build(dossier, published=True).blocks)
    for enterprise in dossier.enterprises:
        assert not enterprise.name or enterprise.name not in words
    for leader in dossier.leaders:
        assert leader.name not in words
    assert not impact_assessment.build(dossier, published=True).sheets
    assert "Tomasz Wilk" in repr(impact_assessment.build(dossier).blocks)


def test_all_and_new_do_not_give_away_the_few_that_adapted():
    records = twelve_cases()
    index = next(n for n, r in enumerate(records) if r.id == "K01")
    import dataclasses

    records[index] = dataclasses.replace(records[index], origin="existing_adapting")
    view = views.View(gather(Listed(records), a_pack(), END), published=True)
    assert view.shown(view.figure("I-05")) == "10 enterprises"
    assert view.shown(view.figure("I-05", "any_origin")) == "not shown"


def test_limits_and_what_is_hidden_are_always_printed():
    for records in ([], twelve_cases()):
        for public in (False, True):
            dossier = gather(Listed(records), a_pack(), END)
            words = repr(impact_assessment.build(dossier, published=public).blocks)
            assert "Hours, people and prices are told by the enterprises themselves." in words
            assert "nothing here shows that the programme caused it" in words
            assert ("What is not shown." in words) is public


def test_a_row_that_is_not_shown_may_hold_a_nought_and_nobody_is_told_otherwise():
    """Three established and none active: a reader of "never a nought" would get them wrong."""
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    internal, public = (
        {table.key: table for table in impact_assessment.build(dossier, published=each).tables()}
        for each in (False, True)
    )
    noughts = [
        (key, at)
        for key, table in public.items()
        for row, known in zip(table.rows, internal[key].rows, strict=False)
        for at, cell in enumerate(row)
        if isinstance(cell, Hidden) and known[0] == row[0] and known[at] == 0
    ]
    assert noughts
    said = repr(impact_assessment.build(dossier, published=True).blocks)
    assert "never a nought" not in said
    assert "A few other figures, larger ones or noughts, are left out too" in said


def test_what_is_not_shown_is_said_in_a_citizens_words_and_defined():
    some = {f"ret-{case}" for case in ("K01", "K02", "K03")}
    records = [r for r in twelve_cases() if not r.id.startswith("ret-") or r.id in some]
    records += [
        MarketGap(id=f"gap-{n}", opened_on=date(2022, 5, 1), district="E07000105",
                  closed_on=date(2022, 6, 1) if n < 2 else None)
        for n in range(7)
    ]  # fmt: skip
    document = impact_assessment.build(gather(Listed(records), a_pack(), END), published=True)
    said = list(words_of(document))
    assert "Hours a week: not shown" in said
    assert any(each.startswith("How long it took to close one: not shown.") for each in said)
    assert [each for each in said if re.search(r"\bhidden\b|not shown [a-z]", each)] == []
    told = next(each for each in said if "somebody could be recognised by it" in each)
    assert "'not shown'" in told
    for page in (render_html(document).decode(), "".join(said)):
        assert "hidden" not in re.sub(r"(?s)<style.*?</style>|aria-hidden", "", page)


def test_running_text_gives_no_small_count_away():
    records = [r for r in twelve_cases() if not r.id.startswith("ret-") or r.id in LATE]
    dossier = gather(Listed(records), a_pack(), END)
    assert len(dossier.reporting) == 8
    words = repr(impact_assessment.build(dossier, published=True).blocks)
    assert "From the enterprises that made a return" in words
    assert "8 of 10" not in words
    assert "From 8 of 10 active enterprises" in repr(impact_assessment.build(dossier).blocks)


LATE = {f"ret-{case}" for case in ("K01", "K02", "K03", "K04", "K05", "K06a", "K06b", "K07")}


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(programmes(most=4))
def test_with_fewer_than_five_in_all_no_figure_about_them_is_shown(records):
    view = views.View(gather(Listed(records), a_pack(), END), published=True)
    for number in ("I-05", "I-06", "I-11", "I-13", "I-16", "I-19", "I-20"):
        for figure in view.indicators[number].figures:
            behind = sum(1 for row in figure.rows if row.value)
            if figure.value is not None and behind:
                assert view.shown(figure) == "not shown", (number, figure.key)
