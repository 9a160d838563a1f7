"""The mistakes people make in workbooks: each found, with its row and column, in plain words."""

from __future__ import annotations

import pytest

from forms.engine.lint import lint
from forms.engine.sources import read_workbook

GOOD = {
    "survey": [
        ["type", "name", "label", "relevant", "constraint", "constraint_message", "calculation"],
        ["select_one yn", "a", "Do you?", "", "", "", ""],
        ["integer", "n", "How many?", "${a} = 'yes'", ". > 0", "More than none.", ""],
        ["calculate", "c", "", "", "", "", "${n} * 2"],
    ],
    "choices": [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]],
    "settings": [["form_title", "form_id"], ["Small", "small"]],
}


def source(sheets):
    lines = []
    for name, rows in sheets.items():
        for number, cells in enumerate(rows):
            if number == 0:
                lines.append(f"| {name} |")
            lines.append("| | " + " | ".join(cells) + " |")
    return "\n".join(lines).encode()


def problems(**changed):
    return lint(read_workbook(source({**GOOD, **changed}), "form.md"))


def survey(*rows):
    return [GOOD["survey"][0], *[[*row, *[""] * (7 - len(row))] for row in rows]]


def only(found):
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def test_a_good_workbook_has_no_problem():
    assert problems() == []


FORMULAS = [
    ("${a} == 'yes'", "formula-unreadable", "Use a single ="),
    ("${a} = yes", "bare-word", "write 'yes' in quotes"),
    ("a = 'yes'", "bare-word", "write ${a}"),
    ("selected(${a})", "function-values", "needs 2 value(s) in its brackets, found 1"),
    ("select(${a}, 'yes')", "function-unknown", "selected( )"),
    ("(${a} = 'yes'", "formula-unreadable", "Close the brackets"),
    ("${n} > today", "bare-word", "write today() with its brackets"),
    ("${b} = 'yes'", "question-unknown", "no question called 'b'"),
    ("${a} = 'yess'", "choice-unknown", "Is 'yes' meant?"),
    ("selected(${a}, 'maybe')", "choice-unknown", "The list has: yes, no"),
    ("${a} = 'yes' AND ${a} != 'no'", "formula-unreadable", "small letters"),
    ("${a} and ${n} > 1", "always-true", "${a} != ''"),
    ("regex(${n}, '[0-9]')", "pattern-open", "Begin it with ^"),
    ("regex(${n}, '^(a+)+$')", "pattern", "take for ever"),
    ("${a} = 'yes", "formula-unreadable", "Close the quote"),
    ("${n} > 1 && ${n} < 3", "formula-unreadable", "Write and"),
    ("if(${n} > 1, 'x')", "function-values", "if(condition, when yes, when no)"),
]


@pytest.mark.parametrize(("formula", "code", "words"), FORMULAS)
def test_a_formula_that_cannot_be_meant(formula, code, words):
    rows = survey(
        ["select_one yn", "a", "Do you?"],
        ["integer", "n", "How many?"],
        ["text", "t", "Why?", formula],
    )
    found = only(problems(survey=rows))
    assert (found.code, found.sheet, found.row, found.column) == (code, "survey", 4, "relevant")
    assert words in f"{found.message} {found.fix}"


ROWS = [
    (["intger", "x", "How many?"], "type-unknown", "Is integer meant?"),
    (["select_one yesno", "x", "Do you?"], "list-unknown", "no list 'yesno'"),
    (["select_one", "x", "Do you?"], "list-missing", "needs the name of a list"),
    (["text", "x y", "Why?"], "name-form", "cannot be a name"),
    (["text", "", "Why?"], "name-missing", "no name"),
    (["text", "n", "Why?"], "name-twice", "row 2"),
    (["text", "x", ""], "label-missing", "no words"),
    (["calculate", "x"], "calculation-missing", "no formula"),
    (["text", "x", "Is it ${n?"], "reference-open", "not closed"),
    (["", "", "", "${n} > 1"], "type-missing", "no type"),
    (["begin_group", "g", "Group"], "group-open", "never ended"),
    (["end_group", "", ""], "group-not-open", "never begun"),
    (["integer", "x", "Sum", "", "", "", "${n} + 1"], "overwrites", "overwrites what people type"),
    (["calculate", "x", "", "", "", "", "${x} + 1"], "circle", "depends on itself"),
    (["text", "x", "Is it ${m}?"], "question-unknown", "no question called 'm'"),
    (["text", "x", "Why?", "", ". != ''"], "message-missing", "constraint_message"),
]


@pytest.mark.parametrize(("row", "code", "words"), ROWS)
def test_a_row_that_cannot_be_meant(row, code, words):
    found = only(problems(survey=survey(["integer", "n", "How many?"], row)))
    assert (found.code, found.row) == (code, 3)
    assert words in f"{found.message} {found.fix}"


def test_a_circle_through_another_question():
    rows = survey(
        ["calculate", "b", "", "", "", "", "${c} + 1"],
        ["calculate", "c", "", "", "", "", "${b} + 1"],
    )
    found = only(problems(survey=rows))
    assert found.code == "circle"
    assert "(through " in found.message


def test_a_misspelt_column_loses_what_stands_in_it():
    rows = [list(row) for row in GOOD["survey"]]
    rows[0][4] = "constrain"
    found = [p for p in problems(survey=rows) if p.severity == "error"]
    assert (only(found).code, only(found).column) == ("column-name", "constrain")
    assert "Name it constraint" in only(found).fix


def test_choices_twice_or_without_a_name():
    found = problems(
        choices=[["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "yes", "Y"]]
    )
    assert only(found).code == "choice-twice"
    found = problems(
        choices=[["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "", "No"]]
    )
    assert only(found).code == "choice-name"


def test_several_choices_may_have_no_spaces():
    rows = survey(["select_multiple pets", "x", "Which?"])
    choices = [["list_name", "name", "label"], ["pets", "big dog", "Big dog"]]
    assert only(problems(survey=rows, choices=choices)).code == "choice-space"


def test_a_filter_by_a_column_that_is_not_there_is_told_but_opens_elsewhere():
    rows = [["type", "name", "label", "choice_filter"]]
    rows += [["select_one yn", "a", "Do you?", ""], ["select_one yn", "b", "And?", "ward = ${a}"]]
    found = only(problems(survey=rows))
    assert (found.code, found.severity, found.row) == ("filter-column", "warning", 3)


def test_all_problems_are_told_at_once_in_the_order_of_rows():
    rows = survey(["intger", "x", "?"], ["text", "y", "?", "${z} = 1"], ["txt", "w", "?"])
    assert [(p.row, p.code) for p in problems(survey=rows)] == [
        (2, "type-unknown"),
        (3, "question-unknown"),
        (4, "type-unknown"),
    ]


def test_a_workbook_without_a_survey():
    book = read_workbook(source({"surveys": GOOD["survey"]}), "form.md")
    assert "Is the sheet 'surveys' meant?" in only(lint(book)).fix


def test_a_language_left_out():
    rows = [["type", "name", "label::English (en)", "label::Polski (pl)"]]
    rows += [["text", "x", "Name", ""]]
    found = only(problems(survey=rows))
    assert (found.code, found.severity) == ("language-missing", "warning")
    assert "Polski (pl)" in found.message


def test_no_message_blames_or_uses_machine_words():
    banned = {"invalid", "valid", "illegal", "forbidden", "please", "sorry", "xpath", "nodeset"}
    for formula, _, _ in FORMULAS:
        for problem in problems(survey=survey(["text", "t", "Why?", formula])):
            words = set(f"{problem.message} {problem.fix}".lower().replace(".", " ").split())
            assert not words & banned


@pytest.mark.parametrize(
    ("formula", "about"),
    [
        ("${a} == 'yes'", "="),
        ("${a} = yes", "yes"),
        ("${a} = 'yess'", "'yess'"),
        ("1 > 0 and select(${a}, 'yes')", "select(${a}, 'yes')"),
        ("${a} = 'yes' or ${zz} = 1", "${zz}"),
        ("${a} = 'yes' and ${a}", "${a}"),
        ("${a} = 'yes", "'yes"),
        ("${a} AND 1 = 1", "AND"),
    ],
)
def test_a_problem_says_which_characters_it_is_about(formula, about):
    found = problems(survey=survey(*GOOD["survey"][1:2], ["integer", "n", "How many?", formula]))
    told = next(p for p in found if p.column == "relevant")
    assert (told.sheet, told.row) == ("survey", 3)
    assert told.message
    assert told.fix
    assert told.span is not None
    assert formula[slice(*told.span)] == about


def test_what_only_odk_collect_does_is_told_and_not_refused():
    found = problems(survey=survey(*GOOD["survey"][1:], ["audio", "s", "Say it"]))
    told = only(found)
    assert (told.severity, told.row, told.column) == ("warning", 5, "type")
    assert "works in ODK Collect" in told.message


def test_a_heading_over_two_columns_is_told_once_for_each_sheet():
    heads = ["type", "name", "label", "label", "Label "]
    found = only(problems(survey=[heads, ["integer", "n", "How many?"]]))
    assert (found.code, found.sheet, found.row, found.column) == (
        "column-twice", "survey", 1, "label",
    )  # fmt: skip
    assert "3 columns are called 'label'" in found.message


def test_a_word_in_required_is_told_what_may_stand_there():
    heads = ["type", "name", "label", "required"]
    found = only(problems(survey=[heads, ["integer", "n", "How many?", "maybe"]]))
    assert found.fix == "Write yes or no, or a formula."
