"""Enquiries from a file: looked at first, added in one step, taken back; hostile files refused."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.context import Session
from desktop.operations import importing, table_worker
from desktop.operations.errors import FileRefused
from desktop.operations.importing import judge, read_table
from desktop.operations.table_worker import Unreadable, rows_of
from desktop.presenters.importing import ImportPresenter
from desktop.views.importing import ImportScreen
from forms.facts.casework import StageEvent
from forms.facts.people import Enquiry, Enterprise, Leader
from forms.rules.pack import load_pack
from forms.values import SetClock
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import signed_dpia

TODAY = date(2022, 11, 20)
PACK = load_pack("kent")
HEAD = "Name,Phone,Email,District,Channel,Date,Shoe size\n"
LIST = (
    HEAD
    + "Ada Mistry,01303 1,,Ashford,phone,3/10/2022,5\n"
    + "Ben Oake,,ben@hedgerow.example,Atlantis,,31/2/2022,\n"
    + ",01303 9,,,,,\n"
    + "Cay Lunn,,,,,,\n"
    + "ada  mistry,01303-1,,,,,\n"
    + "Dee Fry,01303 4,,,,1/1/2030,\n"
)


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(tmp_path / "vault", practice=True, clock=SetClock(NOON))
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add(signed_dpia())
    yield made
    made.close()


def on(vault):
    made = context(vault)
    made.session = Session(vault=vault, actor=COACH, pack=PACK)
    return made


def book(rows) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def judged(text, known=()):
    return judge(rows_of(text.encode()), known, PACK, TODAY)


def test_each_row_says_what_happens_to_it_and_why():
    found = judged(LIST)
    assert [(row.number, row.problem) for row in found.rows] == [
        (2, ""),
        (3, ""),
        (4, "No name."),
        (5, "No phone and no email: nobody could be reached."),
        (6, "Is here already, or twice in the file."),
        (7, "The day has not come yet."),
    ]
    ada, ben = found.good
    assert (ada.who.district, ada.who.channel) == ("E07000105", "phone")
    assert ada.who.rang_on == date(2022, 10, 3)
    assert "“Atlantis” is not known" in ben.note
    assert "today is taken" in ben.note
    assert found.ignored == ("Shoe size",)


def test_somebody_who_is_here_already_is_not_added_twice():
    known = [Enquiry(id="q", created_on=TODAY, name="Ada Mistry", phone="+44 1303 1")]
    assert judged(LIST, known).rows[0].problem == ""
    known = [Enquiry(id="q", created_on=TODAY, name="ADA MISTRY", phone="013031")]
    assert "here already" in judged(LIST, known).rows[0].problem


def test_a_workbook_and_other_marks_are_read_alike():
    rows = [["Name", "Phone", "Date"], ["Ada", 1303, date(2022, 10, 3)]]
    assert rows_of(book(rows))[1] == ["Ada", "1303", "2022-10-03"]
    assert rows_of(b"Name;Phone\nAda;1303\n")[1] == ["Ada", "1303"]
    assert rows_of("Name\tIdea\nZo\xeb\tTea".encode("cp1252"))[1] == ["Zoë", "Tea"]


def test_a_formula_is_a_text_and_is_never_worked_out():
    (_, row) = rows_of(b"Name,Phone\n=1+1,01303\n")
    assert row[0] == "=1+1"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (80 * 1_048_576))
    return out.getvalue()


def macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("xl/workbook.xml", b"<workbook/>")
        parts.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"PK\x03\x04torn", "damaged"),
        (bomb(), "unpacks to far more"),
        (macros(), "macros"),
        (b"a\x00b,c", "not a table"),
        (b"x" * (table_worker.MOST_BYTES + 1), "larger than 8 MB"),
        (b"Name\n" + b"a\n" * 2100, "more than 2,000 rows"),
        (b"a," * 60 + b"b", "more than 40 columns"),
        (b'Name\n"open', "quotation mark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_or_broken_file_is_refused_in_words(data, says):
    with pytest.raises(Unreadable, match=says):
        rows_of(data)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_sentence(data):
    answer = table_worker.answered(data)
    if "refused" in answer:
        assert answer["refused"].endswith(".")
    else:
        assert all(cell.isprintable() for row in answer["rows"] for cell in row)


def test_it_is_read_in_a_process_of_its_own(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    assert read_table(file)[1][0] == "Ada Mistry"
    file.write_bytes(b"PK\x03\x04torn")
    with pytest.raises(FileRefused, match="Nothing was added"):
        read_table(file)
    with pytest.raises(FileRefused, match="cannot be opened"):
        read_table(tmp_path / "gone.csv")


def test_without_a_column_of_names_nothing_is_guessed():
    with pytest.raises(FileRefused, match="No column is called “Name”"):
        judged("Phone,Email\n1,2\n")


def test_all_are_added_in_one_step_and_taken_back_in_one(vault, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    view, made = FakeView(), on(vault)
    presenter = ImportPresenter(made, view)
    presenter.read(file)
    assert view.last["show_plan"].says == "2 enquiries would be added, 4 rows left out."
    assert vault.reader.all(Enquiry) == []
    presenter.add()
    assert view.last["show_added"] == "2 enquiries from list.csv are in."
    assert view.named["show_added"] == {"may_undo": True}
    found = {e.name: e for e in vault.reader.all(Enquiry)}
    assert found["Ada Mistry"].created_on == date(2022, 10, 3)
    assert found["Ben Oake"].email == "ben@hedgerow.example"
    assert len(vault.reader.all(Leader)) == len(vault.reader.all(Enterprise)) == 2
    assert {e.on for e in vault.reader.all(StageEvent)} == {date(2022, 10, 3), TODAY}
    presenter.undo()
    assert vault.reader.all(Enquiry) == []
    assert vault.reader.all(Enterprise) == []
    assert view.last["show_added"] == "The import was taken back."


def test_before_the_sign_off_nobody_comes_in(tmp_path):
    vault, _ = Vault.create(tmp_path / "fresh", practice=True, clock=SetClock(NOON))
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    view = FakeView()
    ImportPresenter(on(vault), view).read(file)
    assert "not signed" in view.last["show_problem"]
    assert vault.reader.all(Enquiry) == []
    vault.close()


def test_by_hand_from_file_to_undo(vault, qtbot, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    screen = ImportScreen(on(vault), choose=lambda _parent: file)
    qtbot.addWidget(screen)
    screen.show()
    screen._pick.click()
    assert screen._add.text() == "Add all 2"
    assert [row.number for row in screen._table.rows] == ["2", "3", "4", "5", "6", "7"]
    screen._add.click()
    assert "2 enquiries" in screen._done.words
    screen._undo.click()
    assert importing.known_enquiries(vault.reader) == []
