"""`hedgerow forms`: what the writer of a form is told, and what is written for other tools."""

from __future__ import annotations

import openpyxl
import pytest

from desktop.command_line import main
from desktop.forms_preview import FormPreview
from forms.engine.compile import check_workbook
from forms.engine.diff import diff
from forms.engine.xform_reader import read_form
from forms.values import SystemClock

GOOD = """
| survey | | | | |
| | type | name | label | relevant |
| | integer | age | How old? | |
| | text | school | Which school? | ${age} < 16 |
| settings | | | |
| | form_title | form_id | version |
| | Small | small | 1 |
"""
CHECKLIST = (
    GOOD
    + """| checklist | | | | |
| | code | label | show_if | expires |
| | ins | Insurance | ${age} > 17 | required |
"""
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.md"
    path.write_text(GOOD, "utf-8")
    return path


def test_check_tells_every_problem_and_how_many(file, capsys):
    assert main(["forms", "check", str(file)]) == 0
    assert capsys.readouterr().out == "No problems.\n"
    wrong = GOOD.replace("${age}", "${agee}").replace("| integer |", "| intger |")
    file.write_text(wrong, "utf-8")
    assert main(["forms", "check", str(file)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "survey row 2 [type]: There is no type 'intger'. Is integer meant?",
        "survey row 3 [relevant]: there is no question called 'agee'. Is ${age} meant?",
        "2 problems.",
    ]


def test_a_remark_does_not_keep_a_form_from_being_used(file, capsys):
    file.write_text(GOOD.replace("${age} < 16", "${age}"), "utf-8")
    assert main(["forms", "check", str(file)]) == 0
    out = capsys.readouterr().out
    assert "(warning)" in out
    assert out.endswith("1 remark.\n")


def test_a_file_that_is_not_there_is_said_in_words(tmp_path, capsys):
    assert main(["forms", "check", str(tmp_path / "none.xlsx")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_diff_tells_what_changed(file, tmp_path, capsys):
    newer = tmp_path / "newer.md"
    newer.write_text(GOOD.replace("| text | school", "| date | school"), "utf-8")
    assert main(["forms", "diff", str(file), str(newer)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "school: was a text question, is now a date question",
        "1 of these leave answers in old records only.",
        "Both are version 1. Write a new version on the settings sheet.",
    ]
    assert main(["forms", "diff", str(file), str(file)]) == 0
    assert capsys.readouterr().out == "Nothing changed in the questions.\n"
    newer.write_text(GOOD.replace("${age}", "${agee}"), "utf-8")
    assert main(["forms", "diff", str(file), str(newer)]) == 1
    assert "newer.md cannot be used yet" in capsys.readouterr().out


def test_what_is_exported_says_the_same_form(file, tmp_path, capsys):
    file.write_text(CHECKLIST, "utf-8")
    out = tmp_path / "out"
    assert main(["forms", "export", str(file), str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["small.xlsx", "small.xml"]
    again = check_workbook((out / "small.xlsx").read_bytes(), "small.xlsx")
    assert again.compiled is not None
    exported, written = (out / "small.xml").read_bytes(), again.compiled.xform
    assert diff(read_form(exported), read_form(written)).changes == ()
    book = openpyxl.load_workbook(out / "small.xlsx")
    assert "checklist" not in book.sheetnames
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet for cell in row}
    assert "f" not in kinds  # a formula of the form is never one of the spreadsheet
    assert main(["forms", "export", str(out / "small.xlsx"), str(out)]) == 1
    assert "the workbook itself" in capsys.readouterr().out


def test_preview_without_a_screen_prints_the_pages(file, capsys):
    assert main(["forms", "preview", str(file), "--print"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Page 1: Questions",
        "  How old? (integer)",
        "  Which school? (text, not shown yet)",
    ]


def test_the_preview_is_drawn_anew_when_the_file_is_saved(file, qtbot):
    window = FormPreview(file, SystemClock())
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.checked, timeout=20_000):
        pass
    assert window.told == "No problems."
    window.session.answer("/small/age", "12")
    with qtbot.waitSignal(window.checked, timeout=20_000):
        file.write_text(GOOD.replace("Which school?", "What school?"), "utf-8")
    assert window.session.node("/small/school").label == "What school?"
    assert window.session.node("/small/age").value == "12"
    with qtbot.waitSignal(window.checked, timeout=20_000):
        file.write_text(GOOD.replace("${age}", "${agee}"), "utf-8")
    assert window.told == "1 problem."
    assert window.session.node("/small/school").label == "What school?"  # the last that worked
    window.close()
