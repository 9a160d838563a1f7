"""The workbook: a sheet a table, the rows behind each figure, no formula anywhere."""

import io
from decimal import Decimal

import openpyxl
import pytest

from evidence.dossier import gather
from evidence.figures import indicators
from evidence.reports import impact_assessment
from evidence.xlsx import render_xlsx
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


@pytest.fixture(scope="module")
def dossier():
    return gather(Listed(twelve_cases()), a_pack(), END)


@pytest.fixture(scope="module")
def book(dossier):
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(impact_assessment.build(dossier))))


def test_no_cell_is_a_formula(book):
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "e" not in kinds


def test_each_indicator_with_rows_has_a_sheet_that_adds_up_to_it(book, dossier):
    for item in indicators(dossier):
        if not any(f.rows or f.denominator or f.left_out for f in item.figures):
            assert item.id not in book.sheetnames
            continue
        assert item.id in book.sheetnames
        sheet = book[item.id]
        for figure in item.figures:
            if figure.value is None:
                continue
            counted = [
                row
                for row in sheet.iter_rows(min_row=4, values_only=True)
                if row[0] == figure.label and row[4] is not None
            ]
            assert len(counted) == len(figure.rows), (item.id, figure.label)
            if figure.shape == "sum":
                total = sum((Decimal(str(row[4])) for row in counted), Decimal(0))
                assert abs(total - Decimal(figure.value)) < Decimal("0.01")


def test_left_out_records_stand_beside_with_the_reason(book):
    rows = list(book["I-06"].iter_rows(min_row=4, values_only=True))
    assert ("Active", "Dean Hartley", "enterprise", "K10", None) in [r[:5] for r in rows]
    assert all(row[6] for row in rows if row[4] is None)


def test_the_published_workbook_lists_no_records(dossier):
    raw = render_xlsx(impact_assessment.build(dossier, published=True))
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert not [name for name in book.sheetnames if name.startswith("I-")]
    words = [
        str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None
    ]
    assert not [w for w in words if "Wilk" in w or "K10" in w]


def test_the_same_document_gives_the_same_bytes(dossier, monkeypatch):
    document = impact_assessment.build(dossier)
    first = render_xlsx(document)
    import time

    later = time.localtime(time.mktime(time.localtime()) + 86_400)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert render_xlsx(document) == first


def test_no_name_is_written_to_a_temporary_file_on_the_way(dossier, monkeypatch):
    def refuse(*_args, **_named):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", refuse)
    raw = render_xlsx(impact_assessment.build(dossier))
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["Read me"]
    assert sheet.column_dimensions["A"].width == 100
