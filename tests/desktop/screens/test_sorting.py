"""Lists in the order a person chose: right for what is in them, kept, said, printed, copied."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from desktop.models.rows import Column, RowsModel
from desktop.models.sorting import Keys, Order, Rank, in_order, text_key, way_words
from desktop.navigation import History, route
from desktop.presenters.claims import ClaimRow
from desktop.views.caseload import CaseloadScreen
from desktop.views.claims.panel import _columns as claim_columns
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit import bars
from desktop.views.printing.scrape import part_of
from desktop.views.tables_out import copy_list, save_table
from forms.facts.money import SeedClaim
from tests.desktop.screens.desk import COACH, Told, context
from tests.desktop.screens.gallery import PLACES, shown_by
from tests.desktop.screens.people import MARY, full_vault


class Cost(NamedTuple):
    id: str
    what: str
    pence: int | None
    on: date | None


COSTS = (
    Cost("1", "item 10", 900, date(2026, 1, 5)),
    Cost("2", "Item 2", None, None),
    Cost("3", "élan", 120_000, date(2025, 12, 24)),
    Cost("4", "", 900, date(2026, 11, 3)),
    Cost("5", "Zoë", 50, None),
)
COLUMNS = (
    Column("What", lambda c: c.what),
    Column("Amount", lambda c: f"£{c.pence}" if c.pence else "", right=True, by=lambda c: c.pence),
    Column("On", lambda c: f"{c.on:%d %b %Y}" if c.on else "", by=lambda c: c.on),
)


def ids(table):
    return "".join(row.id for row in table.rows)


@pytest.fixture
def table(qtbot):
    made = RowsTable("Costs", COLUMNS)
    qtbot.addWidget(made)
    made.show_rows(COSTS)
    made.resize(600, 400)
    made.show()
    return made


@pytest.fixture
def vault_context():
    return context(full_vault())


@pytest.fixture
def heard(monkeypatch):
    said = []
    real = bars.QAccessibleAnnouncementEvent
    monkeypatch.setattr(
        bars, "QAccessibleAnnouncementEvent", lambda w, words: said.append(words) or real(w, words)
    )
    monkeypatch.setattr(bars.QAccessible, "isActive", lambda: True)
    return said


def press(table, heading):
    at = table.model().headings.index(heading)
    table.horizontalHeader().sectionClicked.emit(at)


KEYS = st.one_of(
    st.lists(st.none() | st.integers()),
    st.lists(st.none() | st.dates()),
    st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False)),
    st.lists(st.none() | st.text().map(text_key)),
)


@given(KEYS, st.booleans())
def test_whatever_is_in_a_column_it_is_sorted_stable_and_no_data_is_last(keys, down):
    rows = tuple(range(len(keys)))
    found = in_order(rows, keys, down=down)
    assert sorted(found) == list(rows)
    there = [n for n in found if keys[n] is not None]
    assert list(found[: len(there)]) == there
    assert list(found[len(there) :]) == [n for n in rows if keys[n] is None]
    for one, other in pairwise(there):
        before, after = (keys[other], keys[one]) if down else (keys[one], keys[other])
        assert before < after or (keys[one] == keys[other] and one < other)


@given(st.text(), st.text())
def test_any_two_words_have_an_order(one, other):
    first, second = text_key(one), text_key(other)
    if first is not None and second is not None:
        assert (first < second) or (second < first) or (first == second)


def test_each_column_is_sorted_for_what_it_holds(table):
    press(table, "Amount")
    assert ids(table) == "51432"
    press(table, "Amount")
    assert ids(table) == "31452"
    press(table, "Amount")
    assert ids(table) == "12345"
    press(table, "What")
    assert ids(table) == "32154"
    press(table, "On")
    assert ids(table) == "31425"


def test_the_way_is_said_in_words_that_fit():
    said = {way_words(keys, down=True) for keys in ([None, 3], [Decimal(2)], [Rank(1)], ["x"], [])}
    assert said == {"largest first", "last to first", "Z to A"}
    assert way_words([date(2026, 1, 1)], down=False) == "oldest first"


def test_a_filter_and_what_is_read_again_stand_in_the_chosen_order(table):
    press(table, "Amount")
    table.choose("3")
    table.show_rows(COSTS[1:4])
    assert ids(table) == "432"
    assert table.current.id == "3"
    table.show_rows((*COSTS[:4], Cost("6", "new", 1000, None)))
    assert ids(table) == "14632"
    assert table.current.id == "3"
    table.show_rows(())
    table.show_rows(COSTS)
    assert ids(table) == "51432"


def test_the_row_at_the_top_stays_there_when_the_list_is_read_again(qtbot, table):
    many = tuple(Cost(str(n), f"item {n}", n, None) for n in range(400))
    table.show_rows(many)
    QApplication.processEvents()
    table.scrollTo(table.model().index(200, 0), table.ScrollHint.PositionAtTop)
    top = table.rows[table.rowAt(0)].id
    table.show_rows((Cost("new", "item 0", 0, None), *many))
    assert table.rows[table.rowAt(0)].id == top
    table.verticalScrollBar().setValue(0)
    table.show_rows(many)
    assert table.rowAt(0) == 0


def test_by_keys_alone_a_menu_sorts_and_it_is_said(table, heard, qtbot):
    table.offer_orders()
    menu = table.findChild(QMenu)
    words = [entry.text() for entry in menu.actions()]
    assert words[:2] == ["Sort by What, A to Z", "Sort by Amount, smallest first"]
    menu.actions()[1].trigger()
    assert ids(table) == "51432"
    assert heard[-1] == "Sorted by Amount, smallest first"
    menu.close()
    table.offer_orders()
    again = next(m for m in table.findChildren(QMenu) if m is not menu)
    assert again.actions()[1].isChecked()
    again.actions()[1].trigger()
    assert heard[-1] == "Sorted by Amount, largest first"
    again.close()
    spoken = table.model().headerData(
        1, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole
    )
    assert spoken == "Sorted by Amount, largest first"


def test_paper_and_clipboard_have_the_order_on_the_screen(table):
    press(table, "Amount")
    part = part_of(table)
    assert [row[0] for row in part.rows] == ["Zoë", "item 10", "", "élan", "Item 2"]
    assert part.text == "Costs. Sorted by Amount, smallest first"
    assert part.columns == ("What", "Amount", "On")
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "Amount ↑"
    copy_list(Told(), table)
    held = QGuiApplication.clipboard().mimeData()
    assert held.text().split("\n")[1].startswith("Zoë\t£50")
    assert held.html().index("Zoë") < held.html().index("item 10")


class Page(QWidget):
    left_out = ""

    def __init__(self, table):
        super().__init__()
        self.layout_ = QVBoxLayout(self)
        self.layout_.addWidget(table)

    def title(self):
        return "Costs"

    def when_whole(self, then):
        then()


def test_a_file_has_the_order_of_the_screen_and_days_every_program_reads(
    qtbot, vault_context, tmp_path
):
    table = RowsTable("Costs", COLUMNS)
    table.show_rows((*COSTS, Cost("6", "=1+1", 7, None)))
    page = Page(table)
    qtbot.addWidget(page)
    page.show()
    press(table, "On")
    target = tmp_path / "costs.csv"
    save_table(vault_context, page, lambda *_: target)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert [row[2] for row in rows] == ["On", "2025-12-24", "2026-01-05", "2026-11-03", "", "", ""]
    assert rows[-1][0] == "'=1+1"


def test_what_is_copied_as_a_table_neither_computes_nor_breaks_out(table):
    table.show_rows([Cost("1", "=1+1", 1, None), Cost("2", "</td><script>x</script>", 2, None)])
    copy_list(Told(), table)
    held = QGuiApplication.clipboard().mimeData()
    assert "\n'=1+1\t" in held.text()
    assert "<td>&#x27;=1+1</td>" in held.html()
    assert "<script>" not in held.html()


def test_keys_are_worked_out_once_for_rows_that_are_shown_again():
    asked = []
    keys = Keys(lambda row: asked.append(row) or row.pence)
    keys.of(COSTS)
    keys.of(COSTS[:3])
    assert len(asked) == len(COSTS)
    keys.of([row._replace(pence=1) for row in COSTS])
    assert len(asked) == 2 * len(COSTS)


def test_a_column_that_large_text_leaves_out_sorts_nothing():
    model = RowsModel(COLUMNS[:2])
    model.show(COSTS)
    model.sort_by(Order("On"))
    assert model.order is None
    assert model.rows == COSTS


def test_claims_are_sorted_by_pence_by_day_and_along_their_way():
    def claim(number, pence, step, days):
        return ClaimRow(
            id=str(number),
            who="",
            what="",
            amount="",
            pence=pence,
            group="draft",
            state="",
            look="",
            with_whom="",
            moved="",
            moved_on=date(2026, 1, 31) + timedelta(days=days),
            step=step,
            waiting="",
        )

    model = RowsModel(claim_columns(of_one=False)[0])
    model.show([claim(1, 100_000, 3, 5), claim(2, 99_950, 1, 1), claim(3, None, 2, 40)])
    for heading, wanted in (("Amount", "213"), ("State", "231"), ("Since", "213")):
        model.sort_by(Order(heading))
        assert "".join(row.id for row in model.rows) == wanted, heading


def test_a_claim_without_a_cost_has_no_amount_rather_than_nothing(qtbot):
    vault = full_vault()
    claim = SeedClaim(id="bare", enterprise_id=MARY, drafted_by_id=COACH.id)
    vault.hold(claim)
    screen, _ = shown_by(qtbot)("claims", vault=vault)
    row = next(r for r in screen.findChild(RowsTable).rows if r.id == claim.id)
    assert row.amount == "Not written yet"
    assert row.pence is None


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_list_of_every_page_is_sorted_by_each_of_its_columns(place, qtbot):
    screen, _ = shown_by(qtbot)(place)
    for table in screen.findChildren(RowsTable):
        before = table.rows
        for heading in table.model().headings:
            for down in (False, True):
                table.sort_by(Order(heading, down))
                assert sorted(map(id, table.rows)) == sorted(map(id, before)), heading
        table.sort_by(None)
        assert table.rows == before


SAYS_A_DAY = re.compile(r"\b(\d{1,2} [A-Z][a-z]{2} \d{4})$")


@pytest.mark.parametrize("place", sorted(PLACES))
def test_days_in_a_list_stand_in_the_order_of_days(place, qtbot):
    screen, _ = shown_by(qtbot)(place)
    for table in screen.findChildren(RowsTable):
        for number, heading in enumerate(table.model().headings):
            table.sort_by(Order(heading))
            cells = [table.model().index(row, number).data() for row in range(len(table.rows))]
            days = [found[1] for found in map(SAYS_A_DAY.search, filter(None, cells)) if found]
            if len(days) * 2 > len([cell for cell in cells if cell]):
                told = [datetime.strptime(day, "%d %b %Y").replace(tzinfo=UTC) for day in days]
                assert told == sorted(told), (table.accessibleName(), heading)


def test_a_moment_in_a_file_is_the_one_on_the_screen():
    written = datetime(2026, 7, 2, 23, 30, 12, 123456, tzinfo=UTC)
    assert Column("Written", str, by=lambda at: at).in_file(written) == "2026-07-03 00:30"
    said = Column("Runs out on", lambda day: f"By {day:%d %b}", by=lambda d: d, as_said=True)
    assert said.in_file(date(2026, 12, 3)) == "By 03 Dec"


class Holder(QWidget):
    def __init__(self, kept):
        super().__init__()
        self.kept = kept

    def orders_around(self, _part):
        return self.kept


def test_a_list_is_as_it_was_left_also_after_a_restart(qtbot):
    history = History()
    history.go(route("claims"))
    for pressed, wanted in ((["Amount", "Amount"], "31452"), ([], "31452"), (["Amount"], "12345")):
        holder = Holder(history.orders.setdefault("claims", {}))
        qtbot.addWidget(holder)
        made = RowsTable("Costs", COLUMNS, parent=holder)
        made.show_rows(COSTS)
        holder.show()
        for heading in pressed:
            press(made, heading)
        assert ids(made) == wanted
        text = history.as_text()
        history = History()
        assert history.put_back(text, {"claims"})
    assert history.orders == {}


@pytest.mark.parametrize("kept", [{"Costs": "x"}, {"Costs": [1]}, {"Costs": ["Gone", True]}])
def test_an_order_that_cannot_be_read_is_none(qtbot, kept):
    holder = Holder(kept)
    qtbot.addWidget(holder)
    made = RowsTable("Costs", COLUMNS, parent=holder)
    made.show_rows(COSTS)
    holder.show()
    assert ids(made) == "12345"


@pytest.mark.parametrize("place", ["claims", "impact", "figure"])
def test_the_list_of_a_page_is_found_by_keys(place, qtbot):
    screen, _ = shown_by(qtbot)(place)
    assert screen.offer_orders()
    menu = next(m for m in screen.findChildren(QMenu) if m.isVisible())
    assert len(menu.actions()) >= 3
    menu.close()


def test_the_caseload_has_the_same_key(qtbot):
    screen = CaseloadScreen()
    qtbot.addWidget(screen)
    screen.show()
    screen.table.show()
    assert screen.offer_orders()
    menu = next(m for m in screen.findChildren(QMenu) if m.isVisible())
    assert menu.title() == "Sort by"
    menu.close()


def test_words_of_one_width_are_not_cut(qtbot):
    days = tuple(Cost(str(n), "x", 1, date(2026, 4, n)) for n in range(10, 30))
    made = RowsTable("Days", (Column("On", lambda c: f"{c.on:%d %b %Y}"), COLUMNS[0]), stretch=1)
    qtbot.addWidget(made)
    made.show_rows(days)
    made.show()
    wide = QFontMetricsF(made.font())
    room = made.columnWidth(0) - 2 * 8  # the padding of the style sheet
    assert all(wide.horizontalAdvance(f"{c.on:%d %b %Y}") <= room for c in days)
