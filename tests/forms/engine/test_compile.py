"""Workbooks through the worker process, and through it again when they are hostile."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import openpyxl
import pytest

from forms.engine.compile import check_workbook, compile_workbook
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.engine.sources import MAX_ROWS, read_workbook
from forms.engine.xform_reader import read_form
from forms.values import SystemClock

GOOD = b"""
| survey   |            |         |        |                  |
|          | type       | name    | label  | relevant         |
|          | integer    | age     | Age    |                  |
|          | text       | school  | School | ${age} < 16      |
| settings |            |         |        |                  |
|          | form_title | form_id |        |                  |
|          | Small      | small   |        |                  |
"""


def workbook(rows):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_workbook_becomes_a_form_with_its_sources():
    compiled = compile_workbook(GOOD, "small.md")
    session = FormSession(read_form(compiled.xform), clock=SystemClock())
    session.answer("/small/age", "12")
    assert session.node("/small/school").relevant
    assert compiled.source_map["school"] == ("survey", 3)
    assert compiled.pyxform_version == "4.5.0"
    assert len(compiled.sha256) == 64


def test_a_spreadsheet_says_the_same_as_its_text():
    rows = [["type", "name", "label", "relevant"], ["integer", "age", "Age"]]
    compiled = compile_workbook(workbook([*rows, ["text", "school", "S", "${age} < 16"]]), "a.xlsx")
    assert compiled.source_map == {"age": ("survey", 2), "school": ("survey", 3)}


def test_mistakes_come_back_as_problems_with_rows():
    checked = check_workbook(GOOD.replace(b"${age} < 16", b"${agee} < 16"), "small.md")
    assert checked.compiled is None
    assert [(p.sheet, p.row, p.column) for p in checked.problems] == [("survey", 3, "relevant")]


def test_what_pyxform_alone_sees_is_told_too():
    rows = [["type", "name", "label", "label"], ["text", "x", "One", "Two"]]
    checked = check_workbook(workbook(rows), "a.xlsx")
    assert checked.compiled is None
    assert "label" in checked.problems[0].message


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"not a workbook", "not an Excel workbook"),
        ("a.xlsx", b"", "not an Excel workbook"),
        ("a.xls", GOOD, "Save it as an Excel workbook"),
        ("a.md", b"\xff\xfe\x00 nothing", "no sheet called survey"),
        ("a.md", b"x" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(name, data, words):
    checked = check_workbook(data, name)
    assert checked.compiled is None
    assert any(words in str(problem) for problem in checked.problems)


def test_an_archive_that_is_no_workbook():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(FormRefused, match="cannot be read"):
        read_workbook(made.getvalue(), "a.xlsx")


def test_an_archive_that_unpacks_to_far_too_much_is_not_unpacked():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(11):
            archive.writestr(f"xl/part{part}.xml", b"0" * 20_000_000)
    assert len(made.getvalue()) < 1_000_000
    with pytest.raises(FormRefused, match="unpacks to far more"):
        read_workbook(made.getvalue(), "a.xlsx")


def test_too_many_rows_are_refused_with_the_row():
    lines = ["| survey | | |", "| | type | name |"]
    lines += [f"| | note | n{number} |" for number in range(MAX_ROWS + 1)]
    with pytest.raises(FormRefused, match=str(MAX_ROWS)):
        read_workbook("\n".join(lines).encode(), "a.md")


def test_a_worker_that_hangs_is_ended():
    hanging = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    checked = check_workbook(GOOD, "small.md", command=hanging, seconds=0.5)
    assert checked.problems[0].code == "too-slow"


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "print('hello')", "print('[]')"])
def test_a_worker_that_falls_over_is_words_too(script):
    checked = check_workbook(GOOD, "small.md", command=[sys.executable, "-c", script])
    assert checked.problems[0].code == "too-heavy"


def test_using_forms_imports_no_compiler():
    script = (
        "import sys; from forms.engine import library, session, compile; "
        "library.load_form('kent', 'enquiry'); "
        "print(sorted({'pyxform', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_worker_that_wants_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr("forms.engine.compile.MEMORY_MB", 24)
    assert check_workbook(GOOD, "small.md").problems[0].code == "too-heavy"
